// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::base {

/// Letters of "2022-01-29T21:35:41.033Z": every time from year 0 to 9999.
inline constexpr std::size_t isoLength = 24;

/// Writes a time in Unix milliseconds as ISO 8601 UTC with milliseconds; returns the end. `to` needs isoLength letters.
/// Years outside 0 to 9999 are written as their nearest end: no ID or server clock that can be right reaches them.
char *writeIso(char *to, std::int64_t unixMs) noexcept;

[[nodiscard]] std::string isoUtc(UtcTime time);
/// To the microsecond, so that what is read back is what was written: "2026-11-28T17:35:02.123456Z".
[[nodiscard]] std::string isoUtcMicros(UtcTime time);

/// Reads "2022-01-29T21:35:41.033Z", with a space for the T, a shorter or no fraction (to microseconds), no seconds, or the
/// date alone; always UTC. Nothing if it has another form or names no real moment.
[[nodiscard]] std::optional<UtcTime> parseIso(std::string_view text);

} // namespace shardlens::base
