// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/ShardFrame.h"
#include "ui/pages/shards/ShardHeat.h"

#include <QString>

namespace shardlens::ui::pages {

/// The sentences of the shards page. Pure.

/// "1,024 shards in each of 2 partitions, declared and observed agree", or what differs, or why it is not known.
[[nodiscard]] QString shardsSummary(const models::ShardFrame &frame);
/// Whether the summary tells of drift.
[[nodiscard]] bool hasDrift(const models::ShardFrame &frame);
/// "read 0.4 s ago": of what the metric shows, the oldest.
[[nodiscard]] QString shardsFreshness(const models::ShardFrame &frame, ShardMetric metric);
[[nodiscard]] bool isShardsStale(const models::ShardFrame &frame, ShardMetric metric);
/// What a cell's colour stands for: "worst standby of the cluster".
[[nodiscard]] QString metricNote(ShardMetric metric);
/// Why there is nothing to show, and what would fill it. Only for a frame without shards.
[[nodiscard]] QString emptyText(const models::ShardFrame &frame);
/// For a screen reader: "insta1341, media, lag 0.08 seconds".
[[nodiscard]] QString spokenShard(const models::ShardFrame &frame, const facts::ShardKey &key, ShardMetric metric);

} // namespace shardlens::ui::pages
