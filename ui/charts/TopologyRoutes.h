// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyLayout.h"

namespace shardlens::ui::charts {

/// Finds the lines of a laid-out graph: straight between neighbours, else through the gutters below cards and the gaps between
/// columns, so that no line ever runs through a card. Fills `layout.edges`.
void routeEdges(const TopologyGraph &graph, TopologyLayout &layout);

} // namespace shardlens::ui::charts
