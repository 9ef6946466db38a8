// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"
#include "ui/operate/ActRequest.h"
#include "ui/operate/CampaignBoard.h"

#include <vector>

namespace shardlens::ui::pages {

// A campaign's table, a row a cluster or group: the same columns while it is planned and while it runs, each thing in the same place.

[[nodiscard]] std::vector<models::FactColumn> campaignColumns(const fleet::Fleet &fleet);
/// What is expected: readiness and why not, the target's lag, about how long writes pause.
[[nodiscard]] std::vector<models::FactRow> campaignPlanRows(const campaign::CampaignPlan &plan, bool isSettled);
/// What is so: each row's state, the target's lag as it was begun, how long writes were held.
[[nodiscard]] std::vector<models::FactRow> campaignMoveRows(const campaign::Campaign &campaign);

/// As rows of the page's list of operations.
[[nodiscard]] models::FactRow campaignHistoryRow(const operate::CampaignSeen &seen, base::UtcTime now);

} // namespace shardlens::ui::pages
