// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Trace.h"
#include "ui/pages/lookup/SeenPanel.h"

namespace shardlens::ui::pages {

/// The regions of an answer as the panel shows them, in their order.
[[nodiscard]] std::vector<SeenRegion> seenRegions(const std::vector<inspect::lookup::RegionRow> &rows, base::UtcTime now);

} // namespace shardlens::ui::pages
