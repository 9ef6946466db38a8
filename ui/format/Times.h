// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/facts/Problem.h"

#include <QString>

namespace shardlens::ui::format {

using base::UtcTime;

/// Moments as a person reads them: UTC first, with Z. Any thread.

[[nodiscard]] QString clockTime(UtcTime at);                ///< "03:13:41Z"
[[nodiscard]] QString clockMinute(UtcTime at);              ///< "03:13Z"
/// With the day before it where the moment lies over 12 h from now and on another day: "20 Nov 22:14:07Z".
[[nodiscard]] QString clockTime(UtcTime at, UtcTime now);
[[nodiscard]] QString clockMinute(UtcTime at, UtcTime now);
[[nodiscard]] QString localTime(UtcTime at);                ///< "11:42 local", in this machine's zone
[[nodiscard]] QString dateTime(UtcTime at);                 ///< "2026-11-20 22:14:07Z", for tooltips and reports
[[nodiscard]] QString iso8601(UtcTime at);                  ///< "2026-11-20T22:14:07.123Z", for export

/// For lists: "4 min ago" under 24 h, then the date and time.
[[nodiscard]] QString ago(UtcTime at, UtcTime now);

/// "since 03:13:41Z", or "before 03:14:02Z, when observing began".
[[nodiscard]] QString sinceText(const facts::Since &since, UtcTime now);
/// The column's form: "03:13:41Z" or "before 03:14Z".
[[nodiscard]] QString sinceShort(const facts::Since &since, UtcTime now);
/// How long it lasts by now: "33 s"; bounded ones "over 33 s".
[[nodiscard]] QString sinceFor(const facts::Since &since, UtcTime now);

} // namespace shardlens::ui::format
