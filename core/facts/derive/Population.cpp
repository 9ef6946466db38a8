// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Population.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

/// A share is said where this share of the shards has an estimate; fewer would make it a guess.
constexpr double enough = 0.9;

} // namespace

std::string usersTable(const fleet::Partition &partition)
{
    const bool has = std::find(partition.tables.begin(), partition.tables.end(), "users") != partition.tables.end();
    return has ? "users" : std::string();
}

Population::Population(const ShardMap &map, const fleet::Fleet &fleet)
{
    base::PartitionName withUsers;
    std::map<base::PartitionName, std::uint32_t> found;
    for (const Shard &shard : map.shards) {
        ++found[shard.key.partition];
        OnCluster &on = m_clusters[shard.cluster()];
        on.partition = shard.key.partition;
        on.numbers.push_back(shard.key.number.value);
    }
    for (const fleet::Partition &partition : fleet.partitions) {
        m_partitions.emplace_back(partition.name, partition.shardCount > 0 ? partition.shardCount : found[partition.name]);
        if (withUsers.isEmpty() && !usersTable(partition).empty())
            withUsers = partition.name;
    }
    if (withUsers.isEmpty())
        return;
    for (const Shard &shard : map.shards) {
        if (shard.key.partition == withUsers)
            m_users.emplace(shard.key.number.value, shard.users);
    }
    for (const fleet::Cluster &cluster : fleet.clusters) {
        const auto at = map.observedReadAt.find(cluster.name);
        if (cluster.partition == withUsers && at != map.observedReadAt.end())
            m_countedAt = std::min(m_countedAt.value_or(at->second), at->second);
    }
}

std::uint32_t Population::shardsOn(const base::ClusterName &cluster) const
{
    const auto found = m_clusters.find(cluster);
    return found == m_clusters.end() ? 0 : static_cast<std::uint32_t>(found->second.numbers.size());
}

void Population::fill(Impact &impact, const std::vector<base::ClusterName> &clusters) const
{
    std::set<std::uint32_t> numbers;
    for (const auto &[partition, of] : m_partitions) {
        std::uint32_t hit = 0;
        for (const base::ClusterName &cluster : clusters) {
            const auto found = m_clusters.find(cluster);
            if (found == m_clusters.end() || found->second.partition != partition)
                continue;
            hit += static_cast<std::uint32_t>(found->second.numbers.size());
            numbers.insert(found->second.numbers.begin(), found->second.numbers.end());
        }
        if (hit > 0)
            impact.shards.push_back({partition, hit, of});
    }
    fillUsers(impact, numbers);
}

void Population::fill(Impact &impact, const base::PartitionName &partition, const std::vector<std::uint32_t> &numbers) const
{
    const auto known = std::find_if(m_partitions.begin(), m_partitions.end(), [&](const auto &one) { return one.first == partition; });
    impact.shards.push_back({partition, static_cast<std::uint32_t>(numbers.size()), known == m_partitions.end() ? 0 : known->second});
    fillUsers(impact, {numbers.begin(), numbers.end()});
}

void Population::fillUsers(Impact &impact, const std::set<std::uint32_t> &numbers) const
{
    std::int64_t all = 0;
    std::int64_t hit = 0;
    std::size_t known = 0;
    std::size_t hitKnown = 0;
    for (const auto &[number, users] : m_users) {
        if (!users)
            continue;
        ++known;
        all += *users;
        if (numbers.contains(number)) {
            ++hitKnown;
            hit += *users;
        }
    }
    const auto isEnough = [](std::size_t part, std::size_t whole) { return static_cast<double>(part) >= enough * static_cast<double>(whole); };
    if (numbers.empty() || all == 0 || !m_countedAt || !isEnough(known, m_users.size()) || !isEnough(hitKnown, numbers.size()))
        return;
    impact.userShare = static_cast<double>(hit) / static_cast<double>(all);
    impact.usersCountedAt = m_countedAt;
}

} // namespace shardlens::facts::derive
