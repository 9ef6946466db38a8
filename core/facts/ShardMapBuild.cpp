// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Assemble.h"

#include <algorithm>
#include <set>

namespace shardlens::facts {

namespace {

using Readings = std::vector<std::shared_ptr<const CatalogReading>>;

const ObservedShard *shardIn(const CatalogReading &reading, base::ShardNumber number)
{
    const auto at = std::lower_bound(reading.shards.begin(), reading.shards.end(), number,
                                     [](const ObservedShard &shard, base::ShardNumber wanted) { return shard.number < wanted; });
    return at != reading.shards.end() && at->number == number ? &*at : nullptr;
}

double secondsApart(const CatalogReading &older, const CatalogReading &newer)
{
    return std::chrono::duration<double>(newer.readAt - older.readAt).count();
}

/// Write counters mean something only within one life of one server in one role; all else is a new beginning.
bool sameLife(const CatalogReading &older, const CatalogReading &newer)
{
    return older.server == newer.server && older.serverStartedAt == newer.serverStartedAt && !older.inRecovery && !newer.inRecovery;
}

Known<double> writesOf(base::ShardNumber number, const Readings &readings)
{
    if (readings.back()->inRecovery)
        return unknown(WhyUnknown::ServerSilent, "primary"); // only a primary counts them
    if (readings.size() < 2)
        return unknown(WhyUnknown::NotAskedYet);
    const CatalogReading &newest = *readings.back();
    const CatalogReading &before = *readings[readings.size() - 2];
    if (!sameLife(before, newest))
        return unknown(WhyUnknown::Reset);
    const ObservedShard *now = shardIn(newest, number);
    const ObservedShard *was = shardIn(before, number);
    const double apart = secondsApart(before, newest);
    if (!now || !was || apart <= 0)
        return unknown(WhyUnknown::NotAskedYet);
    if (now->rowsWritten < was->rowsWritten)
        return unknown(WhyUnknown::Reset);
    return static_cast<double>(now->rowsWritten - was->rowsWritten) / apart;
}

/// Sizes are of the data, not of a process: they may be compared across a restart, over all readings kept.
Known<double> growthOf(base::ShardNumber number, const Readings &readings)
{
    if (readings.size() < 2)
        return unknown(WhyUnknown::NotAskedYet);
    const ObservedShard *now = shardIn(*readings.back(), number);
    const ObservedShard *was = shardIn(*readings.front(), number);
    const double apart = secondsApart(*readings.front(), *readings.back());
    if (!now || !was || apart <= 0)
        return unknown(WhyUnknown::NotAskedYet);
    if (!now->size)
        return tl::unexpected<Unknown>(now->size.error());
    if (!was->size)
        return tl::unexpected<Unknown>(was->size.error());
    return static_cast<double>((*now->size - *was->size).count) * 86400.0 / apart;
}

class Builder
{
public:
    Builder(const ShardMapInput &input, std::uint64_t version) : m_input(input), m_map(std::make_shared<ShardMap>()) { m_map->version = version; }

    std::shared_ptr<const ShardMap> build()
    {
        collectObserved();
        collectDeclared();
        for (auto &[key, shard] : m_shards) {
            shard.drift = driftOf(shard);
            measure(shard);
            m_map->shards.push_back(std::move(shard));
        }
        return m_map;
    }

private:
    Shard &shardOf(const ShardKey &key)
    {
        Shard &shard = m_shards[key];
        shard.key = key;
        return shard;
    }

    void collectObserved()
    {
        for (const fleet::Cluster &cluster : m_input.fleet->clusters) {
            const auto readings = m_input.readings.find(cluster.name);
            if (cluster.partition.isEmpty() || readings == m_input.readings.end() || readings->second.empty())
                continue;
            const CatalogReading &newest = *readings->second.back();
            m_map->observedReadAt[cluster.name] = newest.readAt;
            // A standby may be behind: what it has is there, what it lacks may be there too.
            if (newest.inRecovery)
                m_map->readOnStandby[cluster.name] = newest.server;
            else
                m_read.insert(cluster.name);
            for (const ObservedShard &observed : newest.shards)
                shardOf({cluster.partition, observed.number}).observedOn.push_back(cluster.name);
        }
    }

    void collectDeclared()
    {
        if (!m_input.declared) {
            m_map->declaredReadAt = tl::unexpected<Unknown>(m_input.declared.error());
            for (auto &[key, shard] : m_shards)
                shard.declared = tl::unexpected<Unknown>(m_input.declared.error());
            return;
        }
        const DeclaredMap &declared = **m_input.declared;
        m_map->declaredReadAt = declared.readAt;
        for (auto &[key, shard] : m_shards)
            shard.declared = unknown(WhyUnknown::NoValue);
        for (const auto &[key, cluster] : declared.clusterOf) {
            shardOf(key).declared = cluster;
            m_declaredPartitions.insert(key.partition);
        }
    }

    /// Only what was read may accuse: a cluster not read yet may well hold what seems to be missing.
    Drift driftOf(const Shard &shard) const
    {
        if (shard.observedOn.size() > 1)
            return Drift::Doubled;
        if (!m_input.declared)
            return Drift::NotKnown;
        if (!shard.declared)
            return m_declaredPartitions.contains(shard.key.partition) ? Drift::Undeclared : Drift::NotKnown; // an empty map accuses nobody
        if (!shard.observedOn.empty())
            return shard.observedOn.front() == *shard.declared ? Drift::None : Drift::Misplaced;
        return wholePartitionRead(shard.key.partition) ? Drift::Missing : Drift::NotKnown;
    }

    /// Read, and after the declaration last changed: an older reading cannot hold what was declared since.
    bool wholePartitionRead(const base::PartitionName &partition) const
    {
        return std::all_of(m_input.fleet->clusters.begin(), m_input.fleet->clusters.end(), [&](const fleet::Cluster &cluster) {
            return cluster.partition != partition ||
                   (m_read.contains(cluster.name) && m_map->observedReadAt.at(cluster.name) >= (*m_input.declared)->changedAt);
        });
    }

    void measure(Shard &shard) const
    {
        if (shard.observedOn.empty()) {
            if (shard.drift == Drift::Missing) {
                const auto none = unknown(WhyUnknown::NoValue, "missing");
                shard.size = none;
                shard.rows = none;
                shard.users = none;
                shard.writesPerSecond = none;
                shard.growthPerDay = none;
            }
            return;
        }
        // Found twice, it is measured where it is declared, else where it was found first.
        const bool atHome = shard.declared && std::find(shard.observedOn.begin(), shard.observedOn.end(), *shard.declared) != shard.observedOn.end();
        const Readings &readings = m_input.readings.at(atHome ? *shard.declared : shard.observedOn.front());
        if (const ObservedShard *observed = shardIn(*readings.back(), shard.key.number)) {
            shard.size = observed->size;
            shard.rows = observed->rows;
            shard.users = observed->users;
        }
        shard.writesPerSecond = writesOf(shard.key.number, readings);
        shard.growthPerDay = growthOf(shard.key.number, readings);
    }

    const ShardMapInput &m_input;
    std::shared_ptr<ShardMap> m_map;
    std::map<ShardKey, Shard> m_shards;
    std::set<base::ClusterName> m_read; ///< from their primaries
    std::set<base::PartitionName> m_declaredPartitions;
};

} // namespace

std::shared_ptr<const ShardMap> buildShardMap(const ShardMapInput &input, std::uint64_t version)
{
    return Builder(input, version).build();
}

} // namespace shardlens::facts
