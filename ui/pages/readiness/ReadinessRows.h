// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/operate/Readiness.h"
#include "ui/models/FactRow.h"

#include <vector>

namespace shardlens::ui::pages {

/// What a table of readiness is of.
enum class ReadinessOf : std::uint8_t { Clusters, Groups };

/// A row a cluster or Redis group: could its primary be moved now, to whom, how long writes would pause, and why not. Of groups also what
/// their Sentinels say, where the fleet file names some. Rows' ids are their names; the last column leads to the plan.
[[nodiscard]] std::vector<models::FactColumn> readinessColumns(const fleet::Fleet &fleet, ReadinessOf of);
[[nodiscard]] std::vector<models::FactRow> readinessRows(const facts::Snapshot &snapshot, const std::vector<operate::Readiness> &readiness);
/// "5 clusters, 4 ready, 1 not ready"
[[nodiscard]] QString readinessSummary(const facts::Snapshot &snapshot, const std::vector<operate::Readiness> &readiness, ReadinessOf of);

} // namespace shardlens::ui::pages
