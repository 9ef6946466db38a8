// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

namespace shardlens::ui::format {

/// The core names states and missing values by identifiers ("not_streaming"), which stay as they are in JSON. These are the words that
/// people read instead. What is not such an identifier, a server's name or one of Postgres' settings, comes back as it is.

[[nodiscard]] QString whyNoValue(const std::string &detail); ///< a clause: "it does not stream"; "no value: X" for what is not known here
[[nodiscard]] QString thingWords(const std::string &thing);  ///< "media map"

} // namespace shardlens::ui::format
