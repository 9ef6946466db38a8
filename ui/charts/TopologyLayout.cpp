// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyLayout.h"

#include "ui/charts/TopologyRoutes.h"

#include <algorithm>
#include <cmath>

namespace shardlens::ui::charts {

namespace {

constexpr qreal headHeight = 22;
constexpr qreal normalPitch = 54;
constexpr qreal normalCard = 40;
constexpr qreal roomyPitch = 122;
constexpr qreal leastRoomyPitch = 106;
constexpr qreal roomyCard = 92;
constexpr qreal leastPitch = 14;
constexpr qreal roomyFrom = 900;

struct Vertical {
    CardDetail detail = CardDetail::Normal;
    qreal pitch = normalPitch;
    qreal card = normalCard;
};

Vertical verticalFor(qreal height, int slotCount, qreal scale, bool mayBeRoomy)
{
    const qreal each = (height - headHeight * scale) / std::max(1, slotCount);
    if ((height > roomyFrom || mayBeRoomy) && each >= leastRoomyPitch * scale)
        return {CardDetail::Roomy, std::min(std::floor(each), roomyPitch * scale), roomyCard * scale};
    if (each >= normalPitch * scale)
        return {CardDetail::Normal, normalPitch * scale, normalCard * scale};
    const qreal pitch = std::max(std::floor(each), leastPitch);
    const qreal gutter = std::clamp(std::round(pitch * 0.25), 4.0, 14.0 * scale);
    const qreal card = std::min(pitch - gutter, 39 * scale);
    return {card >= 24 * scale ? CardDetail::Compact : CardDetail::Shape, pitch, card};
}

struct Horizontal {
    qreal card = 148;
    qreal gap = 46;
};

/// Cards keep 148 (248 in wide rooms); what is left goes half to the cards, half to the gaps; what is missing comes first from the gaps.
Horizontal horizontalFor(qreal width, qreal label, int columns, qreal scale, bool roomy)
{
    const qreal room = width - label;
    const int gaps = std::max(1, columns - 1);
    const qreal base = 148 * scale;
    const qreal most = (roomy ? 248 : 220) * scale;
    const qreal gapBase = 46 * scale;
    const qreal spare = room - columns * base - gaps * gapBase;
    Horizontal result{base, gapBase};
    if (spare >= 0) {
        result.card = std::min(most, base + (roomy ? spare * 0.85 : spare * 0.5) / columns);
        result.gap = std::min(170 * scale, (room - columns * result.card) / gaps);
    } else {
        result.gap = std::max(30 * scale, (room - columns * base) / gaps);
        result.card = std::max(40.0, (room - gaps * result.gap) / columns);
    }
    result.card = std::floor(result.card);
    result.gap = std::floor(result.gap);
    return result;
}

} // namespace

TopologyLayout layOut(const TopologyGraph &graph, const TopologyRoom &room)
{
    TopologyLayout layout;
    const int columns = std::max<int>(1, static_cast<int>(graph.columns.size()));
    const auto vertical = verticalFor(room.size.height(), graph.slots(), room.scale, room.mayBeRoomy);
    layout.detail = vertical.detail;
    layout.pitch = vertical.pitch;
    layout.gutter = vertical.pitch - vertical.card;
    layout.labelWidth = room.labelWidth * room.scale;
    const auto horizontal = horizontalFor(room.size.width(), layout.labelWidth, columns, room.scale, vertical.detail == CardDetail::Roomy);
    layout.card = QSizeF(horizontal.card, vertical.card);
    layout.columnGap = horizontal.gap;
    // A card too narrow for a name and a number says less, however high it is.
    if (horizontal.card < 120 * room.scale && layout.detail >= CardDetail::Normal)
        layout.detail = CardDetail::Compact;

    const qreal top = headHeight * room.scale;
    const auto columnX = [&](int column) { return layout.labelWidth + column * (layout.card.width() + layout.columnGap); };
    for (int column = 0; column < columns; ++column)
        layout.columns.emplace_back(columnX(column), 0, layout.card.width(), top - 4);

    std::vector<int> firstSlot;
    int slot = 0;
    for (const auto &row : graph.rows) {
        firstSlot.push_back(slot);
        layout.rows.emplace_back(0, top + slot * layout.pitch, layout.labelWidth - 4, (row.lanes - 1) * layout.pitch + layout.card.height());
        slot += row.lanes;
    }
    for (const auto &node : graph.nodes) {
        const int line = firstSlot[static_cast<std::size_t>(node.row)] + node.lane;
        layout.cards.emplace_back(QPointF(columnX(node.column), top + line * layout.pitch), layout.card);
    }
    layout.size = QSizeF(columnX(columns - 1) + layout.card.width(), top + slot * layout.pitch);
    routeEdges(graph, layout);
    return layout;
}

qreal fullHeight(const TopologyGraph &graph, qreal scale)
{
    return (headHeight + graph.slots() * normalPitch) * scale;
}

qreal roomyHeight(const TopologyGraph &graph, qreal scale)
{
    return (headHeight + graph.slots() * roomyPitch) * scale;
}

qreal compactHeight(const TopologyGraph &graph, qreal scale)
{
    return (headHeight + graph.slots() * 32.0) * scale;
}

} // namespace shardlens::ui::charts
