// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "ui/models/FactRow.h"
#include "ui/operate/PlanBoard.h"

#include <vector>

namespace shardlens::ui::pages {

/// A row a plan that was put aside: what it would do, for when, whose it is. The next one that is meant for a moment comes first.
[[nodiscard]] std::vector<models::FactColumn> savedPlanColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> savedPlanRows(const operate::PlanList &list, base::UtcTime now);

} // namespace shardlens::ui::pages
