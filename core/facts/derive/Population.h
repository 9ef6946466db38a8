// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Problem.h"
#include "core/facts/ShardMap.h"
#include "core/fleet/Fleet.h"

#include <map>
#include <set>
#include <string>
#include <vector>

namespace shardlens::facts::derive {

/// The table of a partition that has one row a user; empty where it has none. By name: "users" among its declared tables.
[[nodiscard]] std::string usersTable(const fleet::Partition &partition);

/// Which shard numbers lie on which cluster, and how many users live in each: counted once from a shard map, for the impact of
/// problems. A user's shard has the same number in every partition, as the 13 bits of an ID have one meaning.
class Population
{
public:
    Population() = default;
    Population(const ShardMap &map, const fleet::Fleet &fleet);

    [[nodiscard]] std::uint32_t shardsOn(const base::ClusterName &cluster) const;

    /// Everything on these clusters is hit.
    void fill(Impact &impact, const std::vector<base::ClusterName> &clusters) const;
    /// These shards of one partition are hit.
    void fill(Impact &impact, const base::PartitionName &partition, const std::vector<std::uint32_t> &numbers) const;

private:
    void fillUsers(Impact &impact, const std::set<std::uint32_t> &numbers) const;

    struct OnCluster {
        base::PartitionName partition;
        std::vector<std::uint32_t> numbers;
    };
    std::map<base::ClusterName, OnCluster> m_clusters;
    std::vector<std::pair<base::PartitionName, std::uint32_t>> m_partitions; ///< and its number of shards, in fleet order
    std::map<std::uint32_t, Known<std::int64_t>> m_users;                    ///< by shard number
    std::optional<Instant> m_countedAt;
};

} // namespace shardlens::facts::derive
