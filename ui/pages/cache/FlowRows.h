// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"

#include <map>

namespace shardlens::ui::pages {

/// Leases, a row a counter and a column a pool: a second, as the pools' clients say through their region's invalidator. A pool of which
/// nobody says anything tells why. Rows' ids are the counters' names.
[[nodiscard]] std::vector<models::FactColumn> leaseColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> leaseRows(const facts::Snapshot &snapshot);
/// "as clients publish them, 0.8 s ago"; why there is nothing where nobody does.
[[nodiscard]] QString leaseNote(const facts::Snapshot &snapshot);

/// The pools of which no client says anything, although their region's invalidator would hear it; and that in sentences, empty where
/// there is none.
struct SilentPools {
    std::vector<base::PoolName> names;
    QString what;  ///< "No lease statistics for eu-west."
    QString since; ///< "No client there has published any since 02:14Z."
};
[[nodiscard]] SilentPools silentPools(const facts::Snapshot &snapshot);

/// A row a region: how far its deletes are, whether its pool members are trusted, and what was measured of stale items. Ids are the
/// regions' names; fleet order.
[[nodiscard]] std::vector<models::FactColumn> invalidationColumns(const fleet::Fleet &fleet);
/// What this console measured itself stands where a region's invalidator tells nothing of staleness, or measured before.
using MeasuredRegions = std::map<base::RegionName, facts::Known<facts::MeasuredStaleness>>;
[[nodiscard]] std::vector<models::FactRow> invalidationRows(const facts::Snapshot &snapshot, const MeasuredRegions &measured = {});
/// The worst that stands in these rows, in a sentence; empty where all is well.
[[nodiscard]] QString invalidationRemark(const facts::Snapshot &snapshot);

/// Why memcached's hit rate and that of its clients differ, with the share of gets that explains it; or why there is only one.
[[nodiscard]] QString whyTwoHitRates(const facts::Snapshot &snapshot);

/// Reads of databases by the pools' clients and those that leases spared, a second, over the pools of which it is known.
struct SavedReads {
    double saved = 0;
    double happen = 0;
    int known = 0; ///< pools
    int pools = 0;
};
[[nodiscard]] SavedReads savedReads(const facts::Snapshot &snapshot);

/// None of some invalidators has answered yet, and none is overdue.
[[nodiscard]] bool isAskingInvalidators(const facts::Snapshot &snapshot);

/// How old an invalidator's facts are.
[[nodiscard]] format::FactAge ageOfInvalidator(const facts::Snapshot &snapshot, const facts::InvalidatorReport &report);

} // namespace shardlens::ui::pages
