// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"
#include "ui/operate/CampaignBoard.h"
#include "ui/operate/OperationBoard.h"

#include <vector>

namespace shardlens::ui::pages {

/// A row an operation or campaign: those that run first, then those that wait for a person, then the newest.
[[nodiscard]] std::vector<models::FactColumn> operationColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> operationRows(const operate::OperationList &list, const operate::CampaignList &campaigns, base::UtcTime now);

} // namespace shardlens::ui::pages
