// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Readiness.h"

#include "core/operate/GuardReach.h"
#include "core/operate/checks/Checks.h"
#include "core/operate/checks/GroupChecks.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

Act actOn(const Sight &sight)
{
    const facts::Observation *primary = sight.snapshot().observation(sight.primary());
    if (sight.isManaged() && isToFollow(sight))
        return Act::Failover;
    return primary && primary->reach.state == facts::ReachState::Down ? Act::Failover : Act::Switchover;
}

Act actOn(const GroupSight &sight)
{
    const facts::Observation *primary = sight.snapshot().observation(sight.primary());
    const bool isLost = (primary && primary->reach.state == facts::ReachState::Down) || sight.hasLostItsData() || isToFollow(sight);
    return isLost ? Act::Failover : Act::Switchover;
}

void tell(Readiness &readiness, base::Result<Plan> plan)
{
    if (!plan)
        return;
    readiness.primary = plan->from;
    readiness.best = plan->to;
    readiness.runnerUp = plan->runnerUp;
    for (Check &check : plan->checks) {
        if (isBlocking(check))
            readiness.blocking.push_back(std::move(check));
        else if (check.verdict == Verdict::Passed)
            ++readiness.passed;
        else
            readiness.amiss.push_back(std::move(check));
    }
    readiness.candidates = std::move(plan->candidates);
    readiness.pause = std::move(plan->pause);
    readiness.loss = std::move(plan->loss);
    if (plan->steps.empty() || !readiness.blocking.empty())
        readiness.ready = Ready::NotReady;
    else
        readiness.ready = readiness.amiss.empty() ? Ready::Ready : Ready::Warnings;
}

bool isNotAsked(const facts::Unknown &why)
{
    return why.why == facts::WhyUnknown::NotAskedYet;
}

} // namespace

Act actNow(const facts::Snapshot &snapshot, const base::ClusterName &cluster)
{
    const Sight sight(snapshot, cluster);
    return sight.isDeclared() ? actOn(sight) : Act::Switchover;
}

Act actNow(const facts::Snapshot &snapshot, const base::GroupName &group)
{
    const GroupSight sight(snapshot, group);
    return sight.isDeclared() ? actOn(sight) : Act::Switchover;
}

Readiness readinessOf(const facts::Snapshot &snapshot, const base::ClusterName &cluster, const PastOf &past)
{
    Readiness readiness;
    readiness.cluster = cluster;
    const Sight sight(snapshot, cluster);
    if (!sight.isDeclared())
        return readiness;
    readiness.act = actOn(sight);
    const Intent intent = readiness.act == Act::Switchover ? Intent(SwitchCluster{cluster, {}}) : Intent(FailCluster{cluster, {}});
    tell(readiness, planFor(snapshot, intent, past));
    return readiness;
}

Readiness readinessOf(const facts::Snapshot &snapshot, const base::GroupName &group, const PastOf &past)
{
    Readiness readiness;
    readiness.group = group;
    const GroupSight sight(snapshot, group);
    if (!sight.isDeclared())
        return readiness;
    readiness.act = actOn(sight);
    tell(readiness, planFor(snapshot, moveOf(readiness.act, {}, group, {}), past));
    return readiness;
}

std::vector<Readiness> readinessOfAll(const facts::Snapshot &snapshot, const PastOf &past)
{
    std::vector<Readiness> all;
    for (const fleet::Cluster &cluster : snapshot.fleet->clusters)
        all.push_back(readinessOf(snapshot, cluster.name, past));
    return all;
}

std::vector<Readiness> readinessOfAllGroups(const facts::Snapshot &snapshot, const PastOf &past)
{
    std::vector<Readiness> all;
    for (const fleet::RedisGroup &group : snapshot.fleet->redisGroups)
        all.push_back(readinessOf(snapshot, group.name, past));
    return all;
}

std::vector<base::ServerId> notReadYet(const facts::Snapshot &snapshot, const Intent &intent)
{
    const base::GroupName &group = groupOf(intent);
    return group.isEmpty() ? notReadYet(snapshot, clusterOf(intent)) : notReadYet(snapshot, group);
}

std::vector<base::ServerId> notReadYet(const facts::Snapshot &snapshot, const base::GroupName &group)
{
    std::vector<base::ServerId> missing;
    const fleet::RedisGroup *declared = snapshot.fleet->redisGroup(group);
    if (!declared)
        return missing;
    for (const base::ServerId &id : declared->servers) {
        const facts::Observation *observation = snapshot.observation(id);
        if (observation && observation->reach.state == facts::ReachState::Asking)
            missing.push_back(id);
        if (!observation || observation->reach.state != facts::ReachState::Answering)
            continue;
        const facts::RedisSample *sample = observation->redis();
        if (!sample || (!sample->term && isNotAsked(sample->term.error())) || (!sample->move && isNotAsked(sample->move.error())))
            missing.push_back(id);
    }
    for (const facts::SentinelReport *sentinel : snapshot.sentinelsOf(group)) {
        if (sentinel->reach.state == facts::ReachState::Asking)
            missing.push_back(sentinelId(sentinel->address));
    }
    return missing;
}

std::vector<base::ServerId> notReadYet(const facts::Snapshot &snapshot, const base::ClusterName &cluster)
{
    std::vector<base::ServerId> missing;
    const fleet::Cluster *declared = snapshot.fleet->cluster(cluster);
    if (!declared)
        return missing;
    for (const base::ServerId &id : declared->servers) {
        const facts::Observation *observation = snapshot.observation(id);
        if (observation && observation->reach.state == facts::ReachState::Asking)
            missing.push_back(id);
        if (!observation || observation->reach.state != facts::ReachState::Answering)
            continue;
        const facts::PostgresSample *sample = observation->postgres();
        const auto notAsked = [](const auto &fact) { return !fact && fact.error().why == facts::WhyUnknown::NotAskedYet; };
        if (!sample || notAsked(sample->settings) || notAsked(sample->move))
            missing.push_back(id);
    }
    for (const base::ServerId &id : declared->servers) {
        const facts::ManagerReport *patroni = snapshot.manager(id);
        const bool isFoundByAll = std::none_of(snapshot.guards.begin(), snapshot.guards.end(), [&](const facts::GuardReport &guard) { return guardReach(snapshot, guard.region, id) == GuardReach::NotYet; });
        if (!isFoundByAll || (patroni && patroni->reach.state == facts::ReachState::Asking))
            missing.push_back(id);
    }
    return missing;
}

std::string_view name(Ready ready)
{
    switch (ready) {
    case Ready::Ready: return "ready";
    case Ready::Warnings: return "ready_with_warnings";
    case Ready::NotReady: return "not_ready";
    }
    return "";
}

} // namespace shardlens::operate
