// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/postgres/PqPollLink.h"
#include "core/facts/ShardMap.h"
#include "core/fleet/Fleet.h"

#include <string>

namespace shardlens::clients {

/// One bulk query that tells every logical shard of a partition on a server: pages and rows as the catalogs estimate them,
/// rows written since the server's start. Asks for the size of a table's file only where nothing else tells whether it is empty.
/// PostgreSQL 13 or newer.
[[nodiscard]] std::string catalogQuery(const fleet::Partition &partition);
[[nodiscard]] facts::CatalogReading parseCatalog(const PqRows &rows, const base::ServerId &server, const base::PartitionName &partition);

/// The shard map that a directory declares: table shard_map in its schema.
[[nodiscard]] std::string declaredQuery(const fleet::Directory &directory);
[[nodiscard]] facts::DeclaredMap parseDeclared(const PqRows &rows);

} // namespace shardlens::clients
