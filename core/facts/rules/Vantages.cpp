// SPDX-License-Identifier: GPL-3.0-or-later
// Whose matter slowness is: what answers this console slowly may do so to everybody, or only over the link from here. Guards probe
// the ways of their own regions each second, and know what is usual there; consoles tell one another who answers, but not how fast.
#include "core/facts/rules/Vantages.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

using Way = ProbeKey::Way;

constexpr std::int64_t few = 2; ///< one slow way is that thing's matter

/// Ways that others than this console tried.
struct Measured {
    std::int64_t ways = 0;
    std::int64_t slow = 0;

    void add(const Judgement &j, const Reach *reach)
    {
        const bool answers = reach && reach->state == ReachState::Answering && reach->latency;
        if (!answers && (!reach || reach->state != ReachState::Late))
            return;
        ++ways;
        slow += !answers || isSlowWay(*reach->latency, *reach->usualLatency, j.thresholds());
    }
    [[nodiscard]] bool isEnough() const { return ways >= few; }
    [[nodiscard]] bool isSlowMostly() const { return isEnough() && slow * 3 >= ways * 2; }
};

/// Calls `take(guard, way, subject, home)` for every way to a cluster's or group's primary that a guard may have tried.
template <class Take>
void forEachPrimary(const Judgement &j, Take take)
{
    for (const GuardReport &guard : j.snapshot().guards) {
        for (const ClusterFacts &cluster : j.snapshot().clusters) {
            if (cluster.primary)
                take(guard, Way::Writes, cluster.name.text(), *cluster.primary);
        }
        for (const RedisGroupFacts &group : j.snapshot().redisGroups) {
            if (group.primary)
                take(guard, Way::Group, group.name.text(), *group.primary);
        }
    }
}

/// What stands between our own region and the others: as our own region's guard finds it.
Measured fromOwnRegion(const Judgement &j, const base::RegionName &towards)
{
    Measured measured;
    const base::RegionName &own = j.fleet().ownRegion;
    forEachPrimary(j, [&](const GuardReport &guard, Way way, const std::string &subject, const base::ServerId &primary) {
        const base::RegionName home = j.regionOf(primary);
        if (guard.region == own && home != own && (towards.isEmpty() || home == towards) && !isSlowAtHome(j, way, subject, home))
            measured.add(j, wayOf(guard, way, subject));
    });
    return measured;
}

/// Between a region and the others but ours, whoever of the two asks.
Measured fromOtherRegions(const Judgement &j, const base::RegionName &region)
{
    Measured measured;
    const base::RegionName &own = j.fleet().ownRegion;
    forEachPrimary(j, [&](const GuardReport &guard, Way way, const std::string &subject, const base::ServerId &primary) {
        const base::RegionName home = j.regionOf(primary);
        const bool crosses = guard.region != home && guard.region != own && home != own && (guard.region == region || home == region);
        if (crosses && !isSlowAtHome(j, way, subject, home))
            measured.add(j, wayOf(guard, way, subject));
    });
    return measured;
}

/// What a region's own guard finds of what lies there: no link is in it.
Measured within(const Judgement &j, const base::RegionName &region)
{
    Measured measured;
    forEachPrimary(j, [&](const GuardReport &guard, Way way, const std::string &subject, const base::ServerId &primary) {
        if (guard.region == region && j.regionOf(primary) == region)
            measured.add(j, wayOf(guard, way, subject));
    });
    for (const GuardReport &guard : j.snapshot().guards) {
        for (const fleet::Pool &pool : j.fleet().pools) {
            for (const base::ServerId &member : pool.servers) {
                if (guard.region == region && pool.region == region)
                    measured.add(j, wayOf(guard, Way::Cache, member.text()));
            }
        }
    }
    return measured;
}

/// All ways that guards tried and that end at one server.
Measured endingAt(const Judgement &j, const base::ServerId &server)
{
    Measured measured;
    forEachPrimary(j, [&](const GuardReport &guard, Way way, const std::string &subject, const base::ServerId &primary) {
        if (primary == server)
            measured.add(j, wayOf(guard, way, subject));
    });
    for (const GuardReport &guard : j.snapshot().guards) {
        measured.add(j, wayOf(guard, Way::Cache, server.text()));
        for (const RouterFacts &router : j.snapshot().routers) {
            if (router.region != guard.region)
                continue;
            for (const RouterTarget &target : router.targets) {
                if (target.forReads && target.leadsTo && *target.leadsTo == server)
                    measured.add(j, wayOf(guard, Way::Reads, target.cluster.text()));
            }
        }
    }
    return measured;
}

void tell(Problem &problem, const char *reading, const Measured &measured)
{
    if (measured.ways > 0)
        problem.evidence.push_back(Judgement::seen(reading, measured.slow, measured.ways));
}

void tellRegion(const Judgement &j, Problem &problem)
{
    const base::RegionName &region = problem.place.region;
    const Measured inside = within(j, region);
    if (inside.isSlowMostly()) {
        problem.detail = "servers";
        return tell(problem, "ways_slow_within", inside);
    }
    const Measured elsewhere = fromOtherRegions(j, region);
    const Measured beside = fromOwnRegion(j, region);
    tell(problem, "ways_slow_elsewhere", elsewhere);
    tell(problem, "ways_slow_beside_us", beside);
    if (elsewhere.isSlowMostly())
        problem.detail = "region";
    else if (beside.isEnough() && !beside.isSlowMostly())
        problem.detail = "console";
    else
        problem.detail = elsewhere.isEnough() ? "link" : "alone";
}

void tellOwnLink(const Judgement &j, Problem &problem)
{
    const Measured beside = fromOwnRegion(j, {});
    tell(problem, "ways_slow_beside_us", beside);
    if (beside.isEnough())
        problem.detail = beside.isSlowMostly() ? "region" : "console";
}

void tellServer(const Judgement &j, Problem &problem)
{
    const Measured others = endingAt(j, problem.place.server);
    tell(problem, "ways_slow_elsewhere", others);
    problem.detail = others.ways == 0 ? "alone" : others.slow * 2 >= others.ways ? "server" : "here";
}

} // namespace

bool isSlowWay(microseconds took, microseconds usual, const fleet::Thresholds &thresholds)
{
    return static_cast<double>(took.count()) > static_cast<double>(usual.count()) * thresholds.slowFactor && took > thresholds.slowFloor;
}

const Reach *wayOf(const GuardReport &guard, ProbeKey::Way way, const std::string &subject)
{
    if (guard.reach.state != ReachState::Answering)
        return nullptr;
    const auto found = guard.ways.find({way, guard.region, subject});
    return found == guard.ways.end() || !found->second.reach.usualLatency ? nullptr : &found->second.reach;
}

bool isSlowAtHome(const Judgement &j, ProbeKey::Way way, const std::string &subject, const base::RegionName &home)
{
    for (const GuardReport &guard : j.snapshot().guards) {
        const Reach *reach = guard.region == home ? wayOf(guard, way, subject) : nullptr;
        if (reach && (reach->state != ReachState::Answering || (reach->latency && isSlowWay(*reach->latency, *reach->usualLatency, j.thresholds()))))
            return true;
    }
    return false;
}

void tellVantages(const Judgement &j, Problems &problems)
{
    const auto isLinkOf = [&](const base::RegionName &region) {
        return std::any_of(problems.begin(), problems.end(), [&](const Problem &one) {
            return one.rule == Rule::RegionSlow && (one.place.region == region || (one.place.region.isEmpty() && region != j.fleet().ownRegion));
        });
    };
    for (Problem &problem : problems) {
        if (problem.rule == Rule::ServerSlow && !isLinkOf(problem.place.region))
            tellServer(j, problem);
        else if (problem.rule == Rule::RegionSlow && problem.place.region.isEmpty())
            tellOwnLink(j, problem);
        else if (problem.rule == Rule::RegionSlow)
            tellRegion(j, problem);
    }
}

} // namespace shardlens::facts::rules
