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

} // namespace shardlens::ui::charts

#include "moc_CrossHair.cpp"
