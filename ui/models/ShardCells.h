// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ShardFrame.h"
#include "ui/models/ShardModel.h"

#include <QString>
#include <QVariant>

namespace shardlens::ui::models {

/// What the columns of ShardModel say. Any thread; texts by ui/format.

[[nodiscard]] QVariant shardCell(const ShardFrame &frame, const ShardEntry &entry, ShardModel::Column column, int role);
[[nodiscard]] QVariant shardHeader(ShardModel::Column column, int role);

/// What a column orders the frame's entries by, one number an entry (names by their place among all); not a number where it is not known.
[[nodiscard]] std::vector<double> shardSortKeys(const ShardFrame &frame, ShardModel::Column column);

[[nodiscard]] QString shardCsvHeader();
[[nodiscard]] QString shardCsvRow(const ShardFrame &frame, const ShardEntry &entry);

/// "12.40 s", "≥ 12.40 s" where another standby's is not known, "312 MiB" where no time is; empty where the cluster's lag is not known.
[[nodiscard]] QString lagText(const ShardCluster &cluster);
/// "agrees", "missing", "on another cluster", "not declared", "on two clusters", "not known".
[[nodiscard]] QString driftText(const facts::Shard &shard);
/// The reason why a shard has no cluster's lag.
[[nodiscard]] facts::Unknown whyNoLag(const ShardCluster *cluster);

} // namespace shardlens::ui::models
