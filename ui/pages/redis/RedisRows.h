// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"
#include "ui/pages/ChartFeed.h"

namespace shardlens::ui::pages {

/// A row a Redis server: group, region and how it stands. Rows' ids are the servers' names; fleet order.
[[nodiscard]] std::vector<models::FactColumn> redisColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> redisRows(const facts::Snapshot &snapshot, const ChartFeed &feed);

/// All that one server says of itself, a fact a row: name, value, age. Rows' ids are stable.
[[nodiscard]] std::vector<models::FactRow> redisDetails(const facts::Snapshot &snapshot, const base::ServerId &server);

/// "3 groups, 9 servers, all linked"; what is not known is not counted as linked.
[[nodiscard]] QString redisSummary(const facts::Snapshot &snapshot);

/// How a replica of the group stands; null for its primary.
[[nodiscard]] const facts::StandbyLag *replicaOf(const facts::RedisGroupFacts &group, const base::ServerId &server);

/// "feeds", "media map", "sessions": what a group holds.
[[nodiscard]] QString roleWords(fleet::RedisRole role);

} // namespace shardlens::ui::pages
