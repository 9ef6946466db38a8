// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/facts/Problem.h"

#include <QString>

#include <cstdint>

namespace shardlens::ui::format {

using base::UtcTime;

/// Which zone moments are written in. UTC with Z, or this machine's zone with its offset ("05:13:41+02"), so that neither can be
/// taken for the other. Both: UTC everywhere, and local time beside it where there is room (header, tooltips).
enum class TimeStyle : std::uint8_t { Both, Utc, Local };
/// Set once at the start and when the person chooses; read by every function below. Reports, export and `dateTime` stay UTC.
void setTimeStyle(TimeStyle style);
[[nodiscard]] TimeStyle timeStyle();

/// Moments as a person reads them: UTC first, with Z. Any thread.

[[nodiscard]] QString clockTime(UtcTime at);                ///< "03:13:41Z"
[[nodiscard]] QString clockMinute(UtcTime at);              ///< "03:13Z"
[[nodiscard]] QString widestClock();                        ///< what clockTime() needs at most
/// With the day before it where the moment lies over 12 h from now and on another day: "20 Nov 22:14:07Z".
[[nodiscard]] QString clockTime(UtcTime at, UtcTime now);
[[nodiscard]] QString clockMinute(UtcTime at, UtcTime now);
[[nodiscard]] QString localTime(UtcTime at);                ///< "11:42 local", in this machine's zone
[[nodiscard]] QString dateTime(UtcTime at);                 ///< "2026-11-20 22:14:07Z", for tooltips and reports
[[nodiscard]] QString iso8601(UtcTime at);                  ///< "2026-11-20T22:14:07.123Z", for export

/// For lists: "4 min ago" under 24 h, then the date and time.
[[nodiscard]] QString ago(UtcTime at, UtcTime now);

/// "since 03:13:41Z", "since before 03:14:02Z, when observing began", or "since before 21:14:02Z" where something else tells the bound.
[[nodiscard]] QString sinceText(const facts::Since &since, UtcTime now, UtcTime observingSince);
/// The column's form: "03:13:41Z" or "before 03:14Z".
[[nodiscard]] QString sinceShort(const facts::Since &since, UtcTime now);
/// How long it lasts by now: "33 s"; bounded ones "over 33 s".
[[nodiscard]] QString sinceFor(const facts::Since &since, UtcTime now);

} // namespace shardlens::ui::format
