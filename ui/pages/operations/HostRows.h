// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Hosted.h"
#include "ui/models/FactRow.h"

#include <vector>

namespace shardlens::ui::pages {

// Hosts, a row each: what runs there, what has no second elsewhere, who works on it; the last column leads to the plan that takes it down
// or brings it back. Rows' ids are their names.

[[nodiscard]] std::vector<models::FactColumn> hostColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> hostRows(const facts::Snapshot &snapshot);
/// "9 hosts, 1 in maintenance, 2 with something that has no second"
[[nodiscard]] QString hostSummary(const facts::Snapshot &snapshot);

// One host's servers, a row each: what each does, how it stands, and what becomes of it once the host is gone.

[[nodiscard]] std::vector<models::FactColumn> hostedColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> hostedRows(const facts::Snapshot &snapshot, const base::HostName &host);
/// "in maintenance until 14:30Z by oncall1: kernel"; empty: nobody works on it.
[[nodiscard]] QString hostMarkText(const facts::Snapshot &snapshot, const base::HostName &host);

} // namespace shardlens::ui::pages
