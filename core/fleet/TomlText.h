// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <string_view>

namespace shardlens::fleet {

/// A TOML basic string: in quotes, with what may not stand there escaped.
[[nodiscard]] std::string tomlQuoted(std::string_view text);

} // namespace shardlens::fleet
