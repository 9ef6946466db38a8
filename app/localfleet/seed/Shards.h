// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/seed/Counter.h"
#include "app/localfleet/seed/Model.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <map>
#include <vector>

namespace shardlens::seed
{

/// The logical shards that one cluster lacks.
struct ClusterWork {
    fleet::Cluster cluster;
    fleet::Partition partition;
    std::vector<std::uint32_t> missing; ///< by number
};

/// Compares what the directory declares with the schemas that the clusters' primaries have.
using Declared = std::map<std::pair<base::PartitionName, std::uint32_t>, base::ClusterName>;
[[nodiscard]] base::Result<std::vector<ClusterWork>> missingShards(const fleet::Fleet &fleet, const Declared &declared,
                                                                   const std::shared_ptr<wire::Interrupt> &stop);

/// Makes a cluster's missing logical shards with their rows, a few dozen a transaction (as many as its locks allow), each with
/// its statistics: whole or absent. Blocks; one thread a cluster.
[[nodiscard]] base::Result<void> fillCluster(const fleet::Fleet &fleet, const ClusterWork &work, const World &world, const ByShard &index,
                                             Counter &counter);

} // namespace shardlens::seed
