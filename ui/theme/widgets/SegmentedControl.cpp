// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets/SegmentedControl.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QHoverEvent>
#include <QKeyEvent>
#include <QMouseEvent>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace shardlens::ui::theme {

SegmentedControl::SegmentedControl(const QStringList &choices, QWidget *parent) : QWidget(parent), m_choices(choices)
{
    setFocusPolicy(Qt::StrongFocus);
    setAttribute(Qt::WA_Hover);
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void SegmentedControl::setChoices(const QStringList &choices)
{
    m_choices = choices;
    m_current = std::clamp(m_current, 0, std::max(0, int(choices.size()) - 1));
    updateGeometry();
    update();
}

void SegmentedControl::setCurrent(int index)
{
    if (index == m_current || index < 0 || index >= m_choices.size())
        return;
    m_current = index;
    update();
    Q_EMIT currentChanged(index);
}

int SegmentedControl::cellWidth(int index) const
{
    // Room for the Medium weight, so that choosing moves nothing.
    return QFontMetrics(theme::font(FontRole::BodyBold)).horizontalAdvance(m_choices.at(index)) + 2 * space::kM - 2;
}

QRect SegmentedControl::cell(int index) const
{
    int x = 0;
    for (int i = 0; i < index; ++i)
        x += cellWidth(i);
    return {x, 0, cellWidth(index), height()};
}

int SegmentedControl::at(const QPoint &point) const
{
    for (int i = 0; i < m_choices.size(); ++i) {
        if (cell(i).contains(point))
            return i;
    }
    return -1;
}

QSize SegmentedControl::sizeHint() const
{
    int width = 0;
    for (int i = 0; i < m_choices.size(); ++i)
        width += cellWidth(i);
    return {width, scaled(size::kButton)};
}

void SegmentedControl::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QRectF edge = QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5);
    QPainterPath outline;
    outline.addRoundedRect(edge, size::kRadius, size::kRadius);
    painter.fillPath(outline, colour(ColourRole::Surface, palette()));
    painter.save();
    painter.setClipPath(outline);
    for (int i = 0; i < m_choices.size(); ++i) {
        if (i == m_current)
            painter.fillRect(cell(i), colour(ColourRole::Selection, palette()));
        else if (i == m_hovered && isEnabled())
            painter.fillRect(cell(i), colour(ColourRole::Alternate, palette()));
        if (i > 0) {
            painter.setPen(colour(ColourRole::Line, palette()));
            painter.drawLine(QPointF(cell(i).left() + 0.5, 0), QPointF(cell(i).left() + 0.5, height()));
        }
    }
    painter.restore();
    for (int i = 0; i < m_choices.size(); ++i) {
        painter.setFont(theme::font(i == m_current ? FontRole::BodyBold : FontRole::Body));
        painter.setPen(colour(isEnabled() ? ColourRole::Text : ColourRole::Disabled, palette()));
        painter.drawText(cell(i), Qt::AlignCenter | Qt::TextSingleLine, m_choices.at(i));
    }
    const double width = hasFocus() ? size::kFocusRing : size::kLine;
    painter.setPen(QPen(colour(hasFocus() ? ColourRole::Accent : ColourRole::ControlEdge, palette()), width));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(QRectF(rect()).adjusted(width / 2, width / 2, -width / 2, -width / 2), size::kRadius, size::kRadius);
}

void SegmentedControl::mousePressEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        setCurrent(at(event->position().toPoint()));
}

void SegmentedControl::keyPressEvent(QKeyEvent *event)
{
    switch (event->key()) {
    case Qt::Key_Left: setCurrent(m_current - 1); return;
    case Qt::Key_Right: setCurrent(m_current + 1); return;
    case Qt::Key_Home: setCurrent(0); return;
    case Qt::Key_End: setCurrent(int(m_choices.size()) - 1); return;
    default: QWidget::keyPressEvent(event);
    }
}

bool SegmentedControl::event(QEvent *event)
{
    if (event->type() == QEvent::HoverMove || event->type() == QEvent::HoverEnter) {
        m_hovered = at(static_cast<QHoverEvent *>(event)->position().toPoint());
        update();
    } else if (event->type() == QEvent::HoverLeave) {
        m_hovered = -1;
        update();
    } else if (event->type() == QEvent::FontChange) {
        updateGeometry();
    }
    return QWidget::event(event);
}

} // namespace shardlens::ui::theme

#include "moc_SegmentedControl.cpp"
