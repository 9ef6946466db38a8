// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <cstdint>
#include <vector>

namespace shardlens::ui::charts {

/// What a chart's values are; says the axis's steps, its labels and the read-out.
enum class Unit : std::uint8_t { Count, PerSecond, Seconds, Bytes, BytesPerSecond, Ratio };

/// The smallest of 1, 2 or 5 times a power of ten (for bytes: of their unit) that is at least `value`; 1 for nothing.
[[nodiscard]] double stepUp(double value, Unit unit = Unit::Count);

/// The upper end of a zero-based axis. It grows at once when a value does not fit, and shrinks only after the values have
/// stayed under 40 % of it for `kCalmTicks` updates: an axis that changes each tick cannot be read.
class StepwiseTop
{
public:
    static constexpr int kCalmTicks = 10;

    explicit StepwiseTop(Unit unit = Unit::Count);

    double update(double largest);
    [[nodiscard]] double top() const { return m_top; }

private:
    Unit m_unit;
    double m_least;
    double m_top;
    int m_calm = 0;
};

struct Tick {
    double at = 0;
    QString label;
    bool operator==(const Tick &) const = default;
};

/// Ticks from 0 to `top` (as stepUp gives it), at most `most`; the topmost label carries the unit.
[[nodiscard]] std::vector<Tick> ticksTo(double top, int most, Unit unit);
/// A tick each power of ten from `bottom` to `top`; every second or third where there is not room for `most`.
[[nodiscard]] std::vector<Tick> ticksLog(double bottom, double top, int most, Unit unit);

/// A value in the read-out: "8.62 s", "17.9 MiB", "1,191 /s".
[[nodiscard]] QString valueText(double value, Unit unit);

/// Ticks of a span that ends now: "−5 min", "−4", … "now". Positions in seconds before `end` are negative.
[[nodiscard]] std::vector<Tick> ticksBeforeNow(double spanSeconds, int most);
/// Ticks at round times of a span in Unix seconds: "05:15Z", "05:30", …
[[nodiscard]] std::vector<Tick> ticksOfTime(double from, double to, int most);

} // namespace shardlens::ui::charts
