// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Assemble.h"

#include "core/facts/derive/Derive.h"
#include "core/facts/derive/MemoryData.h"
#include "core/facts/rules/Rules.h"

namespace shardlens::facts {

namespace {

/// Thousands of shards are counted when their map changed, not at each tick.
void countShards(const std::shared_ptr<const ShardMap> &map, const fleet::Fleet &fleet, Memory::Data &memory)
{
    if (memory.countedMap == map)
        return;
    memory.countedMap = map;
    memory.population = derive::Population(*map, fleet);
}

void deriveFacts(const TickInput &input, Snapshot &snapshot, Memory::Data &memory)
{
    if (memory.indexedFleet != input.fleet) {
        memory.indexedFleet = input.fleet;
        memory.index.emplace(*input.fleet);
    }
    const derive::Tick tick{input, *input.fleet, *memory.index};
    for (const fleet::Cluster &cluster : input.fleet->clusters) {
        snapshot.clusters.push_back(derive::clusterFacts(tick, cluster, memory.clusters[cluster.name]));
        snapshot.clusters.back().shardCount = memory.population.shardsOn(cluster.name);
    }
    for (const fleet::RedisGroup &group : input.fleet->redisGroups)
        snapshot.redisGroups.push_back(derive::redisGroupFacts(tick, group, memory.groups[group.name]));
    for (const fleet::Pool &pool : input.fleet->pools)
        snapshot.pools.push_back(derive::poolFacts(tick, pool, memory.pools[pool.name]));
    for (const fleet::Router &router : input.fleet->routers)
        snapshot.routers.push_back(derive::routerFacts(tick, router, snapshot.clusters));
    snapshot.serving = derive::servingFacts(tick, snapshot, memory.ways);
    derive::noteConsole(input, snapshot, memory);
}

void judgeHealth(Snapshot &snapshot, Memory::Data &memory)
{
    const rules::Ledger::Now now{snapshot.takenAt, snapshot.takenUtc, snapshot.observingSinceUtc, snapshot.fleet->thresholds.interval};
    snapshot.problems = rules::foldExpected(rules::fold(memory.ledger.settle(rules::judge(snapshot, memory.population), now), snapshot), snapshot);
    rules::order(snapshot.problems);
    memory.ledger.told(snapshot.problems, now);
    snapshot.undecided = memory.ledger.undecided();
    for (const rules::Ledger::Ended &ended : memory.ledger.ended()) {
        snapshot.ended.push_back(ended.problem);
        snapshot.endedAt.push_back(ended.at);
    }
}

} // namespace

Memory::Memory() : m_data(std::make_unique<Data>()) {}
Memory::~Memory() = default;
Memory::Memory(Memory &&) noexcept = default;
Memory &Memory::operator=(Memory &&) noexcept = default;

void restoreEvents(Memory &memory, const EventList &kept, UtcTime now)
{
    derive::restoreEvents(kept, now, memory.data().events, memory.data().ledger);
}

SnapshotPtr assemble(const TickInput &input, Memory &memory)
{
    static const auto noMap = std::make_shared<const ShardMap>();
    auto snapshot = std::make_shared<Snapshot>();
    snapshot->tick = input.tick;
    snapshot->takenAt = input.takenAt;
    snapshot->takenUtc = input.takenUtc;
    snapshot->observingSince = input.observingSince;
    snapshot->observingSinceUtc = input.observingSinceUtc;
    snapshot->fleet = input.fleet;
    snapshot->servers = input.servers;
    snapshot->guards = input.guards;
    snapshot->invalidators = input.invalidators;
    snapshot->managers = input.managers;
    snapshot->sentinels = input.sentinels;
    snapshot->shardMap = input.shardMap ? input.shardMap : noMap;
    snapshot->shared = input.shared;
    countShards(snapshot->shardMap, *input.fleet, memory.data());
    deriveFacts(input, *snapshot, memory.data());
    judgeHealth(*snapshot, memory.data());
    derive::noteEvents(input, *snapshot, memory.data().events);
    snapshot->events = memory.data().events.list;
    return snapshot;
}

} // namespace shardlens::facts
