// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/ServingWays.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

using Way = ProbeKey::Way;

class Serving
{
public:
    Serving(const Tick &tick, const Snapshot &snapshot, std::map<ProbeKey, WayMemory> &memory) : m_ways(tick, snapshot), m_tick(tick), m_memory(memory) {}

    void addClusters(ServingOf of, ServingFacts &serving);
    void addGroups(ServingFacts &serving);
    void addCaches(ServingFacts &serving);

private:
    void finish(ServingCell &cell, Way way, const std::string &subject);
    void judgeSpeed(ServingCell &cell, WayMemory &memory) const;

    ServingWays m_ways;
    const Tick &m_tick;
    std::map<ProbeKey, WayMemory> &m_memory;
};

void Serving::addClusters(ServingOf of, ServingFacts &serving)
{
    for (const fleet::Cluster &cluster : m_tick.fleet.clusters) {
        ServingRow row;
        row.of = of;
        row.cluster = cluster.name;
        row.partition = cluster.partition;
        for (const fleet::Region &region : m_tick.fleet.regions) {
            const fleet::Router *router = m_tick.fleet.routerOf(region.name);
            if (!router)
                continue;
            row.cells.push_back(of == ServingOf::Writes ? m_ways.writes(*router, cluster) : m_ways.reads(*router, cluster));
            finish(row.cells.back(), of == ServingOf::Writes ? Way::Writes : Way::Reads, cluster.name.text());
        }
        if (!row.cells.empty())
            serving.rows.push_back(std::move(row));
    }
}

void Serving::addGroups(ServingFacts &serving)
{
    for (const fleet::RedisGroup &group : m_tick.fleet.redisGroups) {
        ServingRow row;
        row.of = ServingOf::Group;
        row.group = group.name;
        row.role = group.role;
        for (const fleet::Region &region : m_tick.fleet.regions) {
            if (!group.stableAddress.count(region.name))
                continue;
            row.cells.push_back(m_ways.group(region.name, group));
            finish(row.cells.back(), Way::Group, group.name.text());
        }
        if (!row.cells.empty())
            serving.rows.push_back(std::move(row));
    }
}

/// The first pools of all regions make the first row, the second ones the second.
void Serving::addCaches(ServingFacts &serving)
{
    for (std::size_t place = 0;; ++place) {
        ServingRow row;
        row.of = ServingOf::Cache;
        for (const fleet::Region &region : m_tick.fleet.regions) {
            std::size_t seen = 0;
            const auto pool = std::find_if(m_tick.fleet.pools.begin(), m_tick.fleet.pools.end(),
                                           [&](const fleet::Pool &one) { return one.region == region.name && seen++ == place; });
            if (pool == m_tick.fleet.pools.end())
                continue;
            row.cells.push_back(m_ways.cache(*pool));
            finish(row.cells.back(), Way::Cache, pool->name.text());
        }
        if (row.cells.empty())
            return;
        serving.rows.push_back(std::move(row));
    }
}

void Serving::finish(ServingCell &cell, Way way, const std::string &subject)
{
    WayMemory &memory = m_memory[{way, cell.region, subject}];
    judgeSpeed(cell, memory);
    const bool fails = cell.fails() || cell.verdict == ServingVerdict::Partly;
    if (!fails) {
        memory.failingSince.reset();
        return;
    }
    if (!memory.failingSince)
        memory.failingSince = cell.failingSince.value_or(m_tick.input.takenUtc);
    cell.failingSince = memory.failingSince;
}

/// One slow answer is none: a way is slow after three in a row.
void Serving::judgeSpeed(ServingCell &cell, WayMemory &memory) const
{
    if (cell.verdict != ServingVerdict::Works || !cell.took || !cell.usual) {
        if (cell.verdict != ServingVerdict::Works)
            memory.slowInARow = 0;
        return;
    }
    const auto &thresholds = m_tick.fleet.thresholds;
    const bool slow = static_cast<double>(cell.took->count()) > static_cast<double>(cell.usual->count()) * thresholds.slowFactor && *cell.took > thresholds.slowFloor;
    if (!slow)
        memory.slowInARow = 0;
    else if (memory.countedAt != cell.readAt)
        ++memory.slowInARow;
    memory.countedAt = cell.readAt;
    if (memory.slowInARow >= 3)
        cell.verdict = ServingVerdict::Slow;
}

} // namespace

ServingFacts servingFacts(const Tick &tick, const Snapshot &snapshot, std::map<ProbeKey, WayMemory> &memory)
{
    ServingFacts facts;
    Serving serving(tick, snapshot, memory);
    serving.addClusters(ServingOf::Writes, facts);
    serving.addClusters(ServingOf::Reads, facts);
    serving.addGroups(facts);
    serving.addCaches(facts);
    return facts;
}

} // namespace shardlens::facts::derive
