// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyGraph.h"

#include <QPointF>
#include <QPolygonF>
#include <QRectF>
#include <QSizeF>

#include <cstdint>
#include <vector>

namespace shardlens::ui::charts {

/// How much a card can say, by its height.
enum class CardDetail : std::uint8_t {
    Shape,   ///< under 24: the state's shape alone
    Compact, ///< 24 to 39: shape, role, one value; lines carry none
    Normal,  ///< 40: name, role, rate or bytes; lines carry lag in time
    Roomy,   ///< 92: and a 15 minute line
};

/// A line of the drawing. Its arrow stands at the last point.
struct EdgePath {
    QPolygonF line;
    QPointF labelAt;         ///< centre of the value
    qreal labelRoom = 0;     ///< width it may take; 0 = none is drawn
    bool labelBreaks = false; ///< the value interrupts the line (in a gutter); else it stands above it
    QPointF markAt;          ///< where a cross or a double bar is drawn
};

/// Where everything is, in device-independent pixels from the top left of the room.
struct TopologyLayout {
    CardDetail detail = CardDetail::Normal;
    QSizeF size;        ///< what is used; may be higher than the room where even shapes do not fit
    qreal pitch = 0;
    qreal gutter = 0;
    qreal columnGap = 0;
    qreal labelWidth = 0;
    QSizeF card;
    std::vector<QRectF> columns; ///< heads
    std::vector<QRectF> rows;    ///< names, over all lanes
    std::vector<QRectF> cards;   ///< one a node
    std::vector<EdgePath> edges; ///< one an edge
};

/// What a layout needs beside the graph. `scale` follows the text size: 1 at 100 %.
struct TopologyRoom {
    QSizeF size;
    qreal scale = 1;
    qreal labelWidth = 72; ///< of the row names at 100 %
    bool mayBeRoomy = false; ///< roomy cards in rooms of 900 and less too, where they fit
};

/// Pure: same graph shape and room, same layout. Facts do not move anything; only roles and lines change the paths.
[[nodiscard]] TopologyLayout layOut(const TopologyGraph &graph, const TopologyRoom &room);

/// The height that the drawing would like at full detail (cards of 40).
[[nodiscard]] qreal fullHeight(const TopologyGraph &graph, qreal scale);
/// The same with cards of 92.
[[nodiscard]] qreal roomyHeight(const TopologyGraph &graph, qreal scale);
/// The least height at which cards still carry a value (cards of 24).
[[nodiscard]] qreal compactHeight(const TopologyGraph &graph, qreal scale);

} // namespace shardlens::ui::charts
