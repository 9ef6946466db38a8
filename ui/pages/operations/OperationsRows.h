// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/operate/Readiness.h"
#include "ui/models/FactRow.h"
#include "ui/operate/CampaignBoard.h"
#include "ui/operate/OperationBoard.h"

#include <vector>

namespace shardlens::ui::pages {

/// A row a cluster: could its primary be moved now, to whom, how long writes would pause, and why not.
[[nodiscard]] std::vector<models::FactColumn> readinessColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> readinessRows(const facts::Snapshot &snapshot, const std::vector<operate::Readiness> &readiness);
/// "5 clusters, 4 ready, 1 not ready"
[[nodiscard]] QString readinessSummary(const std::vector<operate::Readiness> &readiness);

/// A row an operation or campaign: those that run first, then those that wait for a person, then the newest.
[[nodiscard]] std::vector<models::FactColumn> operationColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> operationRows(const operate::OperationList &list, const operate::CampaignList &campaigns, base::UtcTime now);

} // namespace shardlens::ui::pages
