// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/operate/OutlineDrawing.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QFontMetrics>
#include <QPainter>
#include <QPainterPath>

#include <algorithm>

namespace shardlens::ui::operate {

using theme::colour;
using theme::ColourRole;
using theme::FontRole;
using theme::scaled;

namespace {

constexpr int cardHigh = 34;
constexpr int cardGap = 18;
constexpr int roomBelow = 14; ///< for arrows that pass a neighbour

void paintHead(QPainter &painter, QPointF at, QPointF from, const QColor &ink)
{
    const double size = scaled(5);
    QPainterPath head(at);
    if (at.x() != from.x()) {
        const double back = at.x() > from.x() ? -size : size;
        head.lineTo(at + QPointF(back, -size * 0.7));
        head.lineTo(at + QPointF(back, size * 0.7));
    } else {
        const double back = at.y() > from.y() ? -size : size;
        head.lineTo(at + QPointF(-size * 0.7, back));
        head.lineTo(at + QPointF(size * 0.7, back));
    }
    head.closeSubpath();
    painter.fillPath(head, ink);
}

void paintCard(QPainter &painter, const QRectF &card, const MemberMark &member, const QPalette &palette)
{
    QPen edge(colour(member.isPrimary ? ColourRole::Accent : ColourRole::ControlEdge, palette), theme::size::kLine);
    if (member.isMissing)
        edge.setStyle(Qt::DashLine);
    painter.setPen(edge);
    painter.setBrush(member.isMissing ? QBrush(Qt::NoBrush) : QBrush(colour(ColourRole::Raised, palette)));
    painter.drawRoundedRect(card, theme::size::kRadius, theme::size::kRadius);
    if (member.isPrimary)
        painter.fillRect(QRectF(card.left(), card.top() + 1, 4, card.height() - 2), colour(ColourRole::Accent, palette));
    const QRectF inside = card.adjusted(scaled(8), 0, -2, 0);
    const auto line = [&](FontRole font, ColourRole role, const QString &text, const QRectF &box, Qt::Alignment at) {
        painter.setFont(theme::font(font));
        painter.setPen(colour(role, palette));
        painter.drawText(box, int(at | Qt::AlignLeft | Qt::TextSingleLine), QFontMetrics(theme::font(font)).elidedText(text, Qt::ElideMiddle, static_cast<int>(box.width())));
    };
    line(FontRole::CaptionBold, member.isMissing ? ColourRole::Muted : ColourRole::Text, member.name, inside.adjusted(0, 2, 0, -inside.height() / 2), Qt::AlignVCenter);
    line(FontRole::Caption, ColourRole::Muted, member.role, inside.adjusted(0, inside.height() / 2 - 1, 0, -2), Qt::AlignVCenter);
}

} // namespace

int membersHeight()
{
    return scaled(cardHigh) + scaled(roomBelow) + theme::space::kXs;
}

void paintMembers(QPainter &painter, const QRect &box, const std::vector<MemberMark> &members, const QPalette &palette)
{
    if (members.empty())
        return;
    const int count = static_cast<int>(members.size());
    const int gap = scaled(cardGap);
    const double wide = std::min<double>(scaled(112), (box.width() - (count - 1) * gap) / static_cast<double>(count));
    std::vector<QRectF> cards;
    int primary = -1;
    for (int i = 0; i < count; ++i) {
        cards.emplace_back(box.left() + 0.5 + i * (wide + gap), box.top() + 1.5, wide - 1, scaled(cardHigh) - 2);
        if (members[static_cast<std::size_t>(i)].isPrimary)
            primary = i;
    }
    const QColor ink = colour(ColourRole::ControlEdge, palette);
    for (int i = 0; primary >= 0 && i < count; ++i) {
        if (i == primary || members[static_cast<std::size_t>(i)].isMissing)
            continue;
        painter.setPen(QPen(ink, 1.5));
        const QRectF &from = cards[static_cast<std::size_t>(primary)];
        const QRectF &to = cards[static_cast<std::size_t>(i)];
        if (std::abs(i - primary) == 1) {
            const QPointF begin(i > primary ? from.right() : from.left(), from.center().y());
            const QPointF end(i > primary ? to.left() : to.right(), to.center().y());
            painter.drawLine(begin, end);
            paintHead(painter, end, begin, ink);
            continue;
        }
        const double low = from.bottom() + scaled(9);
        const QPointF end(to.center().x(), to.bottom() + 1);
        painter.drawPolyline(QPolygonF{QPointF(from.center().x(), from.bottom()), QPointF(from.center().x(), low), QPointF(to.center().x(), low), end});
        paintHead(painter, end, QPointF(end.x(), low), ink);
    }
    for (int i = 0; i < count; ++i)
        paintCard(painter, cards[static_cast<std::size_t>(i)], members[static_cast<std::size_t>(i)], palette);
}

} // namespace shardlens::ui::operate
