// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/ChartTicks.h"

#include <algorithm>
#include <cmath>

namespace shardlens::ui::charts {

double stepUp(double value)
{
    if (!(value > 0))
        return 1;
    const double power = std::pow(10.0, std::floor(std::log10(value)));
    for (const double step : {1.0, 2.0, 5.0, 10.0}) {
        if (value <= step * power * (1 + 1e-9))
            return step * power;
    }
    return 10 * power;
}

double StepwiseTop::update(double largest)
{
    const double wanted = std::max(m_least, stepUp(largest));
    if (wanted > m_top) {
        m_top = wanted;
        m_calm = 0;
    } else if (largest < 0.4 * m_top && wanted < m_top) {
        if (++m_calm >= kCalmTicks) {
            m_top = wanted;
            m_calm = 0;
        }
    } else {
        m_calm = 0;
    }
    return m_top;
}

std::vector<double> ticksTo(double top, int most)
{
    // 1 and 5 halve or fifth well, 2 halves or quarters.
    const double lead = top / std::pow(10.0, std::floor(std::log10(top) + 1e-9));
    const int parts = lead > 1.5 && lead < 2.5 ? (most >= 5 ? 4 : 2) : (most >= 6 ? 5 : 2);
    std::vector<double> ticks;
    for (int i = 0; i <= parts; ++i)
        ticks.push_back(top * i / parts);
    return ticks;
}

} // namespace shardlens::ui::charts
