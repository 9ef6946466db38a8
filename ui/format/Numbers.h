// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Units.h"
#include "core/facts/Lag.h"

#include <QString>

#include <cstdint>
#include <optional>

namespace shardlens::ui::format {

using base::Bytes;
using base::microseconds;

/// Numbers as a person reads them: thousands grouped, a true minus, a narrow no-break space before the unit. Any thread.
/// Never for IDs, ports, years and shard numbers: those are plain digits.

[[nodiscard]] QString count(std::int64_t value);                  ///< "63,120"
[[nodiscard]] QString decimal(double value, int decimals);        ///< "1,204.5"
[[nodiscard]] QString bytes(Bytes value);                         ///< three digits: "312 B", "14.2 MiB", "1.00 GiB"
[[nodiscard]] QString bytesRate(double bytesPerSecond);           ///< "2.08 MiB/s"
[[nodiscard]] QString rate(double perSecond);                     ///< "1,204 /s"; under 10 one decimal; "< 0.1 /s" if anything at all
[[nodiscard]] QString hitRate(double ratio);                      ///< 0 to 1: "98.61 %"
[[nodiscard]] QString share(double ratio);                        ///< 0 to 1: "12.5 %", from 20 % on "51 %"; "< 0.1 %"
[[nodiscard]] QString factor(double times);                       ///< "3.2 times"

/// How long something took or lasts: "0.4 ms", "120 ms", "4.20 s", "2 min 14 s", "3 h 05 min", "2 d 4 h".
[[nodiscard]] QString duration(microseconds value);
/// The age of a reading or a state: "0.6 s", "14 s", "4 min", "3 h 05 min": coarser, because it is read while it runs.
[[nodiscard]] QString age(microseconds value);
/// A lag column: always seconds, two decimals to 10 s, so that a column can be compared.
[[nodiscard]] QString lag(microseconds value);
/// The same, where its source tells no finer than `resolution`: under that it is "< 1.50 s"; never "0.00 s".
[[nodiscard]] QString lagWithin(microseconds value, microseconds resolution);
[[nodiscard]] QString lagOf(const facts::StandbyLag &standby); ///< of its time; empty where that is not known

/// A change carries its base: "5,104 /s, was 5,810". `was` in the same unit, without repeating it.
[[nodiscard]] QString rateWas(double now, std::optional<double> was);
[[nodiscard]] QString was(const QString &before); ///< "was 1,176"

/// A sum over parts of which some are not known: "≥ 41.2 GiB (2 of 12 unknown)". All known: the sum alone; none known: the words for it.
[[nodiscard]] QString sumOf(const QString &sumOfKnown, int unknownParts, int parts);

/// The widest texts a column of these can show, for column widths that do not follow each tick.
[[nodiscard]] QString widestBytes();
[[nodiscard]] QString widestRate();
[[nodiscard]] QString widestLag();
[[nodiscard]] QString widestCount(std::int64_t largest);

} // namespace shardlens::ui::format
