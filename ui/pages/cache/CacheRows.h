// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"
#include "ui/pages/ChartFeed.h"

namespace shardlens::ui::pages {

/// A row a pool: what its servers tell together. A sum over servers of which some are not known says so and never counts them as 0.
[[nodiscard]] std::vector<models::FactColumn> poolColumns(const fleet::Fleet &fleet);
struct PoolRows {
    std::vector<models::FactRow> rows; ///< ids are the pools' names; fleet order
    QString lineTitle;                 ///< the ends of the axis that the lines share: "96.5 to 98.5 %"
};
[[nodiscard]] PoolRows poolRows(const facts::Snapshot &snapshot, const ChartFeed &feed);

/// A row a memcached server. Rows' ids are the servers' names; fleet order.
[[nodiscard]] std::vector<models::FactColumn> cacheServerColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> cacheServerRows(const facts::Snapshot &snapshot);

/// "3 pools, 6 memcached, 1.76 GiB of 3.00 GiB used"; "≥ 1.47 GiB (1 of 6 unknown)" where one does not tell.
[[nodiscard]] QString cacheSummary(const facts::Snapshot &snapshot);

/// "us-west is cold: 61.20 % of its reads find something, usually 98.10 %; as usual in about 4 min.", a sentence a pool; empty for none.
[[nodiscard]] QString coldPools(const facts::Snapshot &snapshot, const ChartFeed &feed);

/// Two steps, both in shares of one, between which all of `lines` lie: 0.5, 1, 2, 5, … per cent apart, so that it seldom changes.
struct ShareSpan {
    double low = 0;
    double high = 1;
};
[[nodiscard]] ShareSpan spanOf(const std::vector<facts::Series> &lines);

} // namespace shardlens::ui::pages
