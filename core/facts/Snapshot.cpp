// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Snapshot.h"

#include "core/facts/derive/Population.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

template <class List, class Is>
auto findWhere(const List &list, Is is) -> decltype(list.data())
{
    const auto found = std::find_if(list.begin(), list.end(), is);
    return found == list.end() ? nullptr : &*found;
}

} // namespace

const Observation *Snapshot::observation(const base::ServerId &id) const
{
    const auto found = servers.find(id);
    return found == servers.end() ? nullptr : found->second.get();
}

const ClusterFacts *Snapshot::cluster(const base::ClusterName &wanted) const
{
    return findWhere(clusters, [&](const ClusterFacts &c) { return c.name == wanted; });
}

const RedisGroupFacts *Snapshot::redisGroup(const base::GroupName &wanted) const
{
    return findWhere(redisGroups, [&](const RedisGroupFacts &g) { return g.name == wanted; });
}

const PoolFacts *Snapshot::pool(const base::PoolName &wanted) const
{
    return findWhere(pools, [&](const PoolFacts &p) { return p.name == wanted; });
}

const RouterFacts *Snapshot::router(const base::ServerId &id) const
{
    return findWhere(routers, [&](const RouterFacts &r) { return r.server == id; });
}

std::vector<const SentinelReport *> Snapshot::sentinelsOf(const base::GroupName &group) const
{
    std::vector<const SentinelReport *> found;
    for (const SentinelReport &one : sentinels) {
        if (one.group == group)
            found.push_back(&one);
    }
    return found;
}

const InvalidatorReport *Snapshot::invalidator(const base::RegionName &region) const
{
    return findWhere(invalidators, [&](const InvalidatorReport &i) { return i.region == region; });
}

const ManagerReport *Snapshot::manager(const base::ServerId &of) const
{
    return findWhere(managers, [&](const ManagerReport &p) { return p.server == of; });
}

Freshness freshnessOf(const InvalidatorReport &report, Instant now, const fleet::Thresholds &thresholds)
{
    if (report.reach.state == ReachState::Down)
        return Freshness::Down;
    if (!report.hasAnswered || !report.reach.lastAnswer)
        return Freshness::Asking;
    const auto limit = std::max<base::milliseconds>(3 * thresholds.interval, base::milliseconds(2000));
    return now - *report.reach.lastAnswer > limit ? Freshness::Stale : Freshness::Fresh;
}

Freshness freshnessOf(const Observation &observation, Instant now, const fleet::Thresholds &thresholds)
{
    if (observation.reach.state == ReachState::Down)
        return Freshness::Down;
    if (!observation.sampledAt)
        return Freshness::Asking;
    const auto limit = std::max<microseconds>(3 * thresholds.interval, base::seconds(2));
    return now - *observation.sampledAt > limit ? Freshness::Stale : Freshness::Fresh;
}

AnswerCount countAnswers(const Snapshot &snapshot)
{
    AnswerCount count;
    for (const auto &[id, observation] : snapshot.servers) {
        ++count.declared;
        if (freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) != Freshness::Fresh)
            continue;
        ++count.answering;
        const auto age = std::chrono::duration_cast<microseconds>(snapshot.takenAt - *observation->sampledAt);
        count.oldestFresh = std::max(count.oldestFresh.value_or(age), age);
    }
    return count;
}

Impact impactOn(const std::vector<base::ClusterName> &clusters, const Snapshot &snapshot)
{
    Impact impact;
    if (!clusters.empty() && snapshot.shardMap && snapshot.fleet)
        derive::Population(*snapshot.shardMap, *snapshot.fleet).fill(impact, clusters);
    return impact;
}

} // namespace shardlens::facts
