// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "core/inspect/lookup/Feeds.h"
#include "ui/operate/OutlineRow.h"

#include <map>

namespace shardlens::ui::pages {

/// Why a photo is or is not in the feed, a step a row; the first that fails is tinted.
[[nodiscard]] operate::OutlineRows explanationRows(const inspect::lookup::FeedExplanation &explanation);

/// A region's feed beside what it should be: what came of comparing it, or why it could not be.
struct ComparedRegion {
    bool isAsking = false;
    std::optional<inspect::lookup::FeedComparison> comparison;
    std::string error;
};
/// A row a region, in the fleet file's order; ids are the regions' names.
[[nodiscard]] operate::OutlineRows comparisonRows(const fleet::Fleet &fleet, const std::map<base::RegionName, ComparedRegion> &regions);

} // namespace shardlens::ui::pages
