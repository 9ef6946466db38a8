// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"
#include "ui/charts/TopologyText.h"

#include <QPalette>

class QPainter;

namespace shardlens::ui::charts {

/// All that a picture of the fleet is made of.
struct TopologyPicture {
    TopologyGraph graph;
    TopologyLayout layout;
    TopologyText text;
    std::vector<facts::Series> lines; ///< one a node in roomy detail, else empty
    int selected = -1;
    int hovered = -1;
    bool focused = false;
};

/// Paints the drawing at the painter's origin. Reads colours from the palette it is given; keeps nothing.
void paintTopology(QPainter &painter, const TopologyPicture &picture, const QPalette &palette);

/// The legend of line levels, in one row from `at`: the words of levels 1 to 5 behind a line of each.
void paintLagLegend(QPainter &painter, const QPointF &at, const std::vector<QString> &levels, const QPalette &palette);

[[nodiscard]] qreal lagLegendWidth(const std::vector<QString> &levels);

/// One line in the style of a lag level (1 to 5), with its arrow at the end.
void paintLagLine(QPainter &painter, const QPointF &from, const QPointF &to, int level, const QPalette &palette);

} // namespace shardlens::ui::charts
