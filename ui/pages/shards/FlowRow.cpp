// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/FlowRow.h"

#include "ui/theme/Type.h"

#include <QEvent>

#include <algorithm>

namespace shardlens::ui::pages {

FlowRow::FlowRow(QWidget *parent) : QWidget(parent)
{
    QSizePolicy policy(QSizePolicy::Expanding, QSizePolicy::Minimum);
    policy.setHeightForWidth(true);
    setSizePolicy(policy);
}

void FlowRow::add(QWidget *widget)
{
    widget->setParent(this);
    m_widgets.push_back(widget);
}

std::vector<QRect> FlowRow::boxes(int width) const
{
    std::vector<QRect> boxes;
    int x = 0;
    int y = 0;
    int rowHeight = 0;
    for (const QWidget *widget : m_widgets) {
        if (widget->isHidden()) {
            boxes.emplace_back();
            continue;
        }
        QSize size = widget->sizeHint().expandedTo(widget->minimumSize()).boundedTo(widget->maximumSize());
        if (widget == m_widgets.back() && width - x >= widget->minimumWidth())
            size.setWidth(std::min(size.width(), width - x));
        if (x > 0 && x + size.width() > width) {
            x = 0;
            y += rowHeight + theme::space::kXs;
        }
        boxes.emplace_back(QPoint(x, y), size);
        x += size.width() + theme::space::kM;
        rowHeight = std::max(rowHeight, size.height());
    }
    if (!boxes.empty() && !boxes.back().isNull())
        boxes.back().moveRight(width - 1);
    return boxes;
}

void FlowRow::place()
{
    const std::vector<QRect> places = boxes(width());
    for (std::size_t i = 0; i < m_widgets.size(); ++i)
        m_widgets[i]->setGeometry(places[i]);
}

int FlowRow::heightForWidth(int width) const
{
    int height = 0;
    for (const QRect &box : boxes(width))
        height = std::max(height, box.y() + box.height());
    return height;
}

QSize FlowRow::sizeHint() const
{
    int width = 0;
    for (const QWidget *widget : m_widgets)
        width += widget->isHidden() ? 0 : widget->sizeHint().width() + theme::space::kM;
    return {width, heightForWidth(width)};
}

QSize FlowRow::minimumSizeHint() const
{
    int width = 0;
    for (const QWidget *widget : m_widgets)
        width = std::max(width, widget->isHidden() ? 0 : widget->sizeHint().width());
    return {width, theme::scaled(theme::size::kButton)};
}

void FlowRow::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    place();
}

bool FlowRow::event(QEvent *event)
{
    if (event->type() == QEvent::LayoutRequest) {
        place();
        updateGeometry();
    }
    return QWidget::event(event);
}

} // namespace shardlens::ui::pages

#include "moc_FlowRow.cpp"
