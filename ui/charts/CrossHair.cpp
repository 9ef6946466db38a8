// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/CrossHair.h"

#include <algorithm>

namespace shardlens::ui::charts {

void CrossHair::setTime(std::optional<base::UtcTime> time)
{
    if (m_time == time)
        return;
    m_time = time;
    Q_EMIT moved();
}

void CrossHair::extendTo(base::UtcTime to)
{
    if (!m_anchor)
        m_anchor = m_time.value_or(to);
    m_time = to;
    Q_EMIT moved();
}

void CrossHair::clearSpan()
{
    if (!m_anchor)
        return;
    m_anchor.reset();
    Q_EMIT moved();
}

std::optional<CrossHair::Span> CrossHair::span() const
{
    if (!m_anchor || !m_time || *m_anchor == *m_time)
        return std::nullopt;
    return Span{std::min(*m_anchor, *m_time), std::max(*m_anchor, *m_time)};
}

CrossHair::Sides CrossHair::agreeOn(const QWidget &chart, Sides needed)
{
    const auto [own, isNew] = m_needed.try_emplace(&chart);
    if (isNew || own->second != needed) {
        own->second = needed;
        Q_EMIT sidesChanged();
    }
    const auto columnOf = [](const QWidget &widget) { return QPair(widget.mapTo(widget.window(), QPoint()).x(), widget.width()); };
    Sides widest = needed;
    for (const auto &[other, sides] : m_needed) {
        if (other == &chart || !other->isVisible() || other->window() != chart.window() || columnOf(*other) != columnOf(chart))
            continue;
        widest.left = std::max(widest.left, sides.left);
        widest.right = std::max(widest.right, sides.right);
    }
    return widest;
}

void CrossHair::leave(const QWidget &chart)
{
    if (m_needed.erase(&chart) > 0)
        Q_EMIT sidesChanged();
}

} // namespace shardlens::ui::charts

#include "moc_CrossHair.cpp"
