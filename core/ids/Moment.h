// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace shardlens::ids {

/// A moment as a person gives it on a command line: ISO 8601 in UTC ("2022-01-29T21:35:41.033Z", see base::parseIso) or Unix
/// milliseconds. Unix milliseconds; nothing where it is neither.
[[nodiscard]] std::optional<std::int64_t> parseMoment(std::string_view text);

} // namespace shardlens::ids
