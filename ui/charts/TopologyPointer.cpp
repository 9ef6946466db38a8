// SPDX-License-Identifier: GPL-3.0-or-later
// The drawing under the pointer: what is there, presses, and a card dragged to another's place.
#include "ui/charts/TopologyView.h"

#include <QMouseEvent>

namespace shardlens::ui::charts {

int TopologyView::nodeAt(const QPointF &point) const
{
    for (std::size_t i = 0; i < m_picture.layout.cards.size(); ++i)
        if (m_picture.layout.cards[i].contains(point))
            return static_cast<int>(i);
    return -1;
}

int TopologyView::headAt(const QPointF &point) const
{
    if (!m_only.isEmpty() || !m_onlyGroup.isEmpty())
        return -1;
    for (std::size_t i = 0; i < m_picture.layout.columns.size(); ++i)
        if (m_picture.layout.columns[i].contains(point))
            return static_cast<int>(i);
    return -1;
}

void TopologyView::mousePressEvent(QMouseEvent *event)
{
    const int under = nodeAt(event->position());
    choose(under); // rows may fold and move by it: what was pressed is what is selected now
    m_drag.press(m_picture, event->button() == Qt::LeftButton && under >= 0 ? m_picture.selected : -1, event->position());
    if (const int head = headAt(event->position()); head >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT regionPressed(m_picture.graph.columns[static_cast<std::size_t>(head)].region);
}

void TopologyView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (const int node = nodeAt(event->position()); node >= 0 && event->button() == Qt::LeftButton)
        Q_EMIT opened(m_picture.graph.nodes[static_cast<std::size_t>(node)].key);
}

void TopologyView::mouseMoveEvent(QMouseEvent *event)
{
    if (!event->buttons().testFlag(Qt::LeftButton) || !m_drag.move(m_picture, nodeAt(event->position()), event->position()))
        return hover(event->position());
    setCursor(m_drag.cursor());
    update();
}

void TopologyView::hover(const QPointF &point)
{
    const int node = nodeAt(point);
    setCursor(node >= 0 || headAt(point) >= 0 ? Qt::PointingHandCursor : Qt::ArrowCursor);
    if (node == m_picture.hovered)
        return;
    m_picture.hovered = node;
    update();
}

void TopologyView::mouseReleaseEvent(QMouseEvent *event)
{
    if (event->button() != Qt::LeftButton)
        return;
    const auto drop = m_drag.release();
    hover(event->position());
    update();
    if (drop)
        Q_EMIT dropped(drop->card, drop->onto);
}

/// Nothing is dropped, however long the button stays down.
void TopologyView::endDrag()
{
    if (m_drag.isOn())
        setCursor(Qt::ArrowCursor);
    m_drag.end();
    update();
}

void TopologyView::leaveEvent(QEvent *)
{
    m_picture.hovered = -1;
    update();
}

} // namespace shardlens::ui::charts
