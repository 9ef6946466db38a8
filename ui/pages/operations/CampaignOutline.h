// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "core/fleet/Fleet.h"
#include "ui/operate/ActRequest.h"
#include "ui/operate/OutlineRow.h"

namespace shardlens::ui::pages {

// What stands beside a campaign's table: all rows together, what takes them on, what comes back, what is left. Pure. A link's row id is
// "plan:" and the cluster's name.

[[nodiscard]] operate::OutlineRows campaignPlanOutline(const campaign::CampaignPlan &plan);
/// What goes with a host, a server a row; none where nothing runs on it.
void addHosted(const std::vector<campaign::Hosted> &hosted, operate::OutlineRows &rows);
[[nodiscard]] operate::OutlineRows campaignOutline(const campaign::Campaign &campaign, bool runs, base::UtcTime now);

} // namespace shardlens::ui::pages
