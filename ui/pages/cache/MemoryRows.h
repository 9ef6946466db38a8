// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "ui/models/FactRow.h"

namespace shardlens::ui::pages {

/// A row a memcached server: why gets missed, what is evicted and how old, refused fills. Ids are the servers' names; fleet order.
[[nodiscard]] std::vector<models::FactColumn> missColumns(const fleet::Fleet &fleet);
[[nodiscard]] std::vector<models::FactRow> missRows(const facts::Snapshot &snapshot);

/// A row a slab class of one server: what its chunks hold, and what of that no item needs. Ids are the classes' numbers.
[[nodiscard]] std::vector<models::FactColumn> slabColumns();
[[nodiscard]] std::vector<models::FactRow> slabRows(const facts::Snapshot &snapshot, const base::ServerId &server);
/// "41.2 MiB of 330 MiB held is waste"; why nothing is known of it.
[[nodiscard]] QString slabNote(const facts::Snapshot &snapshot, const base::ServerId &server);

} // namespace shardlens::ui::pages
