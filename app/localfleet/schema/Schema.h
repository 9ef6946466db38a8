// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/base/Units.h"
#include "core/fleet/Fleet.h"
#include "core/ids/IdLayout.h"

#include <string>

namespace shardlens::schema
{

/// The default schema, from resources/sql. The first three are idempotent scripts for a superuser on a primary, in this order:
/// grants() once a cluster, cluster() in every cluster's database (the directory's too), directory() in the directory's.
[[nodiscard]] std::string grants();
[[nodiscard]] std::string cluster();
[[nodiscard]] std::string directory();

/// The statements that make one logical shard, as the schema `schemaName`. For the partition named "media" its tables, for any
/// other those of "users". Run as shardlens_operator, who may create schemas and then owns them. Fails where it exists.
[[nodiscard]] std::string shard(const base::PartitionName &partition, const std::string &schemaName, base::ShardNumber number,
                                const ids::IdLayout &layout);

/// Where a logical shard is placed when a fleet is made: contiguous blocks over the partition's clusters, in fleet order.
/// Nothing (an empty name) for a partition without clusters.
[[nodiscard]] base::ClusterName placement(const fleet::Fleet &fleet, const fleet::Partition &partition, base::ShardNumber number);

} // namespace shardlens::schema
