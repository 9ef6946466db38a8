// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <vector>

namespace shardlens::ui::charts {

/// The smallest of 1, 2 or 5 times a power of ten that is at least `value`; 1 for nothing.
[[nodiscard]] double stepUp(double value);

/// The upper end of a zero-based axis. It grows at once when a value does not fit, and shrinks only after the values have
/// stayed under 40 % of it for `kCalmTicks` updates: an axis that changes each tick cannot be read.
class StepwiseTop
{
public:
    static constexpr int kCalmTicks = 10;

    explicit StepwiseTop(double least = 1) : m_least(least), m_top(least) {}

    double update(double largest);
    [[nodiscard]] double top() const { return m_top; }

private:
    double m_least;
    double m_top;
    int m_calm = 0;
};

/// Two to five evenly spaced ticks from 0 to `top`, which is one of 1, 2, 5 times a power of ten.
[[nodiscard]] std::vector<double> ticksTo(double top, int most = 5);

} // namespace shardlens::ui::charts
