// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/widgets/TickBox.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>

namespace shardlens::ui::theme {

namespace {
constexpr int tickSide = 15;
} // namespace

QSize TickBox::sizeHint() const
{
    return {2 + scaled(tickSide) + space::kS + QFontMetrics(font()).horizontalAdvance(text()) + 2, scaled(size::kButton)};
}

void TickBox::paintEvent(QPaintEvent *event)
{
    Q_UNUSED(event)
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto of = [this](ColourRole role) { return colour(role, palette()); };
    const int side = scaled(tickSide);
    const QRectF box(1.5, (height() - side) / 2 + 0.5, side - 1, side - 1);
    painter.setPen(QPen(of(hasFocus() ? ColourRole::Accent : ColourRole::ControlEdge), hasFocus() ? size::kFocusRing : size::kLine));
    painter.setBrush(isChecked() ? of(ColourRole::Accent) : of(ColourRole::Surface));
    painter.drawRoundedRect(box, 2, 2);
    if (isChecked()) {
        painter.setPen(QPen(of(ColourRole::OnAccent), 1.8));
        painter.setBrush(Qt::NoBrush);
        painter.drawPolyline(QPolygonF{QPointF(box.left() + 0.22 * side, box.top() + 0.5 * side), QPointF(box.left() + 0.42 * side, box.top() + 0.7 * side), QPointF(box.left() + 0.76 * side, box.top() + 0.28 * side)});
    }
    painter.setPen(of(isEnabled() ? ColourRole::Text : ColourRole::Disabled));
    painter.setFont(font());
    painter.drawText(rect().adjusted(2 + side + space::kS, 0, 0, 0), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine, text());
}

} // namespace shardlens::ui::theme

#include "moc_TickBox.cpp"
