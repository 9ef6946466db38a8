// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyDrag.h"

#include "ui/theme/Colours.h"
#include "ui/theme/Type.h"

#include <QApplication>
#include <QFontMetricsF>
#include <QPainter>

#include <algorithm>
#include <variant>

namespace shardlens::ui::charts {

using theme::ColourRole;
using theme::FontRole;

namespace {

constexpr qreal widestWords = 300;
constexpr qreal besidePointer = 14;
constexpr qreal belowPointer = 22; ///< so that a card whose middle is pointed at stays readable

/// As wide as the words may be in a room.
qreal widestIn(const QRectF &room)
{
    return std::max(40.0, std::min(widestWords * theme::textScale(), room.width() - 2 * theme::space::kS - 1));
}

bool holdsNothing(const TopologyKey &key)
{
    return std::holds_alternative<std::monostate>(key);
}

} // namespace

void TopologyDrag::press(const TopologyPicture &picture, int node, const QPointF &at)
{
    end();
    if (!m_judge || node < 0)
        return;
    // A router, a pool or a fold has no place that another could take.
    const auto &pressed = picture.graph.nodes[static_cast<std::size_t>(node)];
    if (pressed.cluster.isEmpty() && pressed.group.isEmpty())
        return;
    m_card = pressed.key;
    m_pressedAt = at;
}

bool TopologyDrag::move(const TopologyPicture &picture, int node, const QPointF &at)
{
    if (holdsNothing(m_card))
        return false;
    m_at = at;
    const auto over = node < 0 ? TopologyKey() : picture.graph.nodes[static_cast<std::size_t>(node)].key;
    const auto onto = over == m_card ? TopologyKey() : over;
    if (m_isOn && onto == m_onto)
        return true;
    if (!m_isOn && (at - m_pressedAt).manhattanLength() < QApplication::startDragDistance())
        return false;
    m_onto = onto;
    if (m_isOn) {
        judge();
    } else {
        m_isOn = true;
        renew(picture);
    }
    return m_isOn;
}

void TopologyDrag::renew(const TopologyPicture &picture)
{
    if (!m_isOn)
        return;
    if (picture.graph.find(m_card) < 0)
        return end();
    if (picture.graph.find(m_onto) < 0)
        m_onto = {};
    m_places.clear();
    for (const auto &node : picture.graph.nodes)
        if (node.key != m_card && m_judge(m_card, node.key).opens)
            m_places.push_back(node.key);
    judge();
}

void TopologyDrag::judge()
{
    m_words = m_judge(m_card, m_onto);
}

void TopologyDrag::end()
{
    m_card = {};
    m_onto = {};
    m_isOn = false;
    m_words = {};
    m_places.clear();
}

std::optional<TopologyDrag::Drop> TopologyDrag::release()
{
    const bool opens = m_isOn && !holdsNothing(m_onto) && m_words.opens;
    const auto drop = opens ? std::optional(Drop{m_card, m_onto}) : std::nullopt;
    end();
    return drop;
}

Qt::CursorShape TopologyDrag::cursor() const
{
    if (holdsNothing(m_onto))
        return Qt::ClosedHandCursor;
    return m_words.opens ? Qt::DragLinkCursor : Qt::ForbiddenCursor;
}

void TopologyDrag::paint(QPainter &painter, const TopologyPicture &picture, const QRectF &room, const QPalette &palette) const
{
    const int card = m_isOn ? picture.graph.find(m_card) : -1;
    if (card < 0)
        return;
    painter.save();
    painter.setRenderHint(QPainter::Antialiasing);
    auto left = theme::colour(ColourRole::Surface, palette);
    left.setAlphaF(0.55F);
    painter.fillRect(picture.layout.cards[static_cast<std::size_t>(card)].adjusted(-1, -1, 1, 1), left);
    paintPlaces(painter, picture, palette);
    paintWords(painter, picture.text.cards[static_cast<std::size_t>(card)].name, room, palette);
    painter.restore();
}

/// Dashed where a drop would open something; drawn through, and tinted, under the pointer. A place that is none has a plain edge.
void TopologyDrag::paintPlaces(QPainter &painter, const TopologyPicture &picture, const QPalette &palette) const
{
    const auto frame = [&](const TopologyKey &key, const QPen &pen, const QBrush &tint) {
        const int node = picture.graph.find(key);
        if (node < 0)
            return;
        painter.setPen(pen);
        painter.setBrush(tint);
        painter.drawRoundedRect(picture.layout.cards[static_cast<std::size_t>(node)].adjusted(-1.5, -1.5, 1.5, 1.5), theme::size::kRadius + 1, theme::size::kRadius + 1);
    };
    const auto accent = theme::colour(ColourRole::Accent, palette);
    for (const auto &place : m_places) {
        const bool isUnder = place == m_onto;
        auto tint = accent;
        tint.setAlphaF(isUnder ? 0.18F : 0.08F);
        frame(place, QPen(accent, isUnder ? 3 : 2, isUnder ? Qt::SolidLine : Qt::DashLine), tint);
    }
    if (!holdsNothing(m_onto) && !m_words.opens)
        frame(m_onto, QPen(theme::colour(ColourRole::Muted, palette), 1.5), Qt::NoBrush);
}

QRectF TopologyDrag::wordsBox(const QString &name, const QRectF &room) const
{
    constexpr qreal pad = theme::space::kS;
    const qreal widest = widestIn(room);
    const QFontMetricsF heads(theme::font(FontRole::BodyBold));
    const QRectF words = QFontMetricsF(theme::font(FontRole::Small)).boundingRect(QRectF(0, 0, widest, 1000), Qt::TextWordWrap, m_words.words);
    const qreal width = std::min(widest, std::max(heads.horizontalAdvance(name), words.width()));
    QRectF box(m_at + QPointF(besidePointer, belowPointer), QSizeF(width + 2 * pad + 1, heads.height() + words.height() + 2 * pad));
    if (box.bottom() > room.bottom())
        box.moveBottom(m_at.y() - besidePointer);
    box.moveLeft(std::clamp(box.left(), room.left(), std::max(room.left(), room.right() - box.width())));
    box.moveTop(std::max(room.top(), box.top()));
    return box;
}

/// The card's name, and under it the words.
void TopologyDrag::paintWords(QPainter &painter, const QString &name, const QRectF &room, const QPalette &palette) const
{
    const auto bold = theme::font(FontRole::BodyBold);
    const auto small = theme::font(FontRole::Small);
    const QRectF box = wordsBox(name, room);
    painter.setPen(QPen(theme::colour(m_words.opens ? ColourRole::Accent : ColourRole::ControlEdge, palette), m_words.opens ? 2 : 1));
    painter.setBrush(theme::colour(ColourRole::Raised, palette));
    painter.drawRoundedRect(box.adjusted(1, 1, -1, -1), theme::size::kRadius, theme::size::kRadius);
    painter.setPen(theme::colour(ColourRole::Text, palette));
    painter.setFont(bold);
    constexpr qreal pad = theme::space::kS;
    const QRectF inside = box.adjusted(pad, pad, -pad, -pad);
    const QFontMetricsF heads(bold);
    painter.drawText(QRectF(inside.topLeft(), QSizeF(inside.width(), heads.height())), Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                     heads.elidedText(name, Qt::ElideMiddle, inside.width()));
    painter.setFont(small);
    painter.drawText(inside.adjusted(0, heads.height(), 0, 1), Qt::AlignLeft | Qt::AlignTop | Qt::TextWordWrap, m_words.words);
}

} // namespace shardlens::ui::charts
