// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/Style.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Theme.h"
#include "ui/theme/Type.h"

#include <QAbstractItemView>
#include <QHeaderView>
#include <QPainter>
#include <QStyleFactory>
#include <QStyleOption>

namespace shardlens::ui::theme {

namespace {

QRectF halfPixelIn(const QRect &rect, double by = 0.5)
{
    return QRectF(rect).adjusted(by, by, -by, -by);
}

void drawButtonPanel(const QStyleOption &option, QPainter &painter)
{
    const bool enabled = option.state & QStyle::State_Enabled;
    const bool pressed = option.state & (QStyle::State_Sunken | QStyle::State_On);
    const bool hovered = option.state & QStyle::State_MouseOver;
    const auto of = [&](ColourRole role) { return colour(role, option.palette); };
    QColor ground = of(ColourRole::Raised);
    if (pressed)
        ground = of(ColourRole::Line);
    else if (hovered && enabled)
        ground = blend(of(ColourRole::Line), ground, 0.5);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(of(enabled ? ColourRole::ControlEdge : ColourRole::Line), size::kLine));
    painter.setBrush(ground);
    painter.drawRoundedRect(halfPixelIn(option.rect), size::kRadius, size::kRadius);
}

void drawFieldFrame(const QStyleOption &option, QPainter &painter)
{
    const bool focused = (option.state & QStyle::State_HasFocus) && (option.state & QStyle::State_Enabled);
    const double width = focused ? size::kFocusRing : size::kLine;
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(colour(focused ? ColourRole::Accent : ColourRole::ControlEdge, option.palette), width));
    painter.setBrush(Qt::NoBrush);
    painter.drawRoundedRect(halfPixelIn(option.rect, width / 2), size::kRadius, size::kRadius);
}

} // namespace

Style::Style() : QProxyStyle(QStyleFactory::create(QStringLiteral("Fusion"))) {}

void Style::polish(QWidget *widget)
{
    QProxyStyle::polish(widget);
    // A view tints the row under the pointer; that needs hover events.
    if (auto *view = qobject_cast<QAbstractItemView *>(widget); view && !qobject_cast<QHeaderView *>(widget))
        view->viewport()->setAttribute(Qt::WA_Hover);
}

void Style::drawPrimitive(PrimitiveElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    painter->save();
    switch (element) {
    case PE_PanelButtonCommand:
        drawButtonPanel(*option, *painter);
        break;
    case PE_PanelLineEdit: {
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(Qt::NoPen);
        painter->setBrush(option->palette.brush(QPalette::Base));
        painter->drawRoundedRect(halfPixelIn(option->rect), size::kRadius, size::kRadius);
        if (const auto *frame = qstyleoption_cast<const QStyleOptionFrame *>(option); frame && frame->lineWidth > 0)
            drawFieldFrame(*option, *painter);
        break;
    }
    case PE_FrameLineEdit:
        drawFieldFrame(*option, *painter);
        break;
    case PE_FrameFocusRect:
        painter->setRenderHint(QPainter::Antialiasing);
        painter->setPen(QPen(colour(ColourRole::Accent, option->palette), size::kFocusRing));
        painter->setBrush(Qt::NoBrush);
        painter->drawRoundedRect(halfPixelIn(option->rect, 1), size::kRadius, size::kRadius);
        break;
    case PE_PanelItemViewRow:
    case PE_PanelItemViewItem: {
        // The tint of a selection keeps the text's own colour; hovering only tints.
        const bool selected = option->state & State_Selected;
        if (selected)
            painter->fillRect(option->rect, colour(ColourRole::Selection, option->palette));
        else if (option->state & State_MouseOver)
            painter->fillRect(option->rect, colour(ColourRole::Alternate, option->palette));
        if (const auto *item = qstyleoption_cast<const QStyleOptionViewItem *>(option);
            item && item->backgroundBrush.style() != Qt::NoBrush && !selected)
            painter->fillRect(option->rect, item->backgroundBrush);
        break;
    }
    default:
        painter->restore();
        QProxyStyle::drawPrimitive(element, option, painter, widget);
        return;
    }
    painter->restore();
}

void Style::drawControl(ControlElement element, const QStyleOption *option, QPainter *painter, const QWidget *widget) const
{
    if (element == CE_HeaderSection) {
        painter->save();
        painter->fillRect(option->rect, option->palette.brush(QPalette::Base));
        painter->setPen(colour(ColourRole::Line, option->palette));
        painter->drawLine(option->rect.bottomLeft(), option->rect.bottomRight());
        painter->restore();
        return;
    }
    QProxyStyle::drawControl(element, option, painter, widget);
}

int Style::pixelMetric(PixelMetric metric, const QStyleOption *option, const QWidget *widget) const
{
    switch (metric) {
    case PM_ScrollBarExtent: return 12;
    case PM_SmallIconSize:
    case PM_ButtonIconSize: return scaled(16);
    case PM_DefaultFrameWidth: return size::kLine;
    case PM_ButtonShiftHorizontal:
    case PM_ButtonShiftVertical: return 0;
    default: return QProxyStyle::pixelMetric(metric, option, widget);
    }
}

int Style::styleHint(StyleHint hint, const QStyleOption *option, const QWidget *widget, QStyleHintReturn *result) const
{
    switch (hint) {
    case SH_EtchDisabledText:
    case SH_DitherDisabledText: return 0;
    case SH_ToolTip_WakeUpDelay: return 400;
    case SH_Widget_Animation_Duration: return reducesMotion() ? 0 : QProxyStyle::styleHint(hint, option, widget, result);
    default: return QProxyStyle::styleHint(hint, option, widget, result);
    }
}

} // namespace shardlens::ui::theme

#include "moc_Style.cpp"
