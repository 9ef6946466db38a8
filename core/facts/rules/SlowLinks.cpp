// SPDX-License-Identifier: GPL-3.0-or-later
// A slow link between two regions of which this console stands in neither: told by what crosses it, guards' probes of ways to a
// primary across and the time until a standby across has written what was sent. One of them slow is that thing's matter.
#include "core/facts/rules/Vantages.h"

#include <algorithm>
#include <map>

namespace shardlens::facts::rules {

namespace {

using Pair = std::pair<base::RegionName, base::RegionName>; ///< in alphabetical order

struct Crossings {
    std::int64_t measured = 0;
    std::int64_t slow = 0;
    std::int64_t overdue = 0; ///< an answer may come yet
    std::vector<microseconds> took;
    std::vector<microseconds> usual;
    std::vector<base::ClusterName> clusters; ///< whose writes are late over it
};

using ByPair = std::map<Pair, Crossings>;

/// Empty where the two are no such pair.
Crossings *crossing(const Judgement &j, const base::RegionName &from, const base::RegionName &to, ByPair &pairs)
{
    const base::RegionName &own = j.fleet().ownRegion;
    if (from.isEmpty() || to.isEmpty() || from == to || from == own || to == own)
        return nullptr;
    return &pairs[{std::min(from, to), std::max(from, to)}];
}

void add(Crossings &to, microseconds took, microseconds usual, const fleet::Thresholds &thresholds)
{
    ++to.measured;
    to.took.push_back(took);
    to.usual.push_back(usual);
    to.slow += isSlowWay(took, usual, thresholds);
}

void addWay(const Judgement &j, const GuardReport &guard, ProbeKey::Way way, const std::string &subject, const Known<base::ServerId> &primary, ByPair &pairs)
{
    const base::RegionName home = primary ? j.regionOf(*primary) : base::RegionName();
    const Reach *reach = wayOf(guard, way, subject);
    Crossings *to = reach ? crossing(j, guard.region, home, pairs) : nullptr;
    if (!to || isSlowAtHome(j, way, subject, home))
        return;
    const std::int64_t before = to->slow + to->overdue;
    if (reach->state == ReachState::Late) {
        ++to->measured;
        ++to->overdue;
    } else if (reach->state == ReachState::Answering && reach->latency) {
        add(*to, *reach->latency, *reach->usualLatency, j.thresholds());
    }
    if (way == ProbeKey::Way::Writes && to->slow + to->overdue > before)
        to->clusters.emplace_back(subject);
}

void addStreams(const Judgement &j, const ClusterFacts &cluster, ByPair &pairs)
{
    for (const StandbyLag &lag : cluster.standbys) {
        const LagInputs &in = lag.inputs;
        if (lag.state != StandbyState::Streaming || !in.writeLag || !in.usualWriteLag || !j.isFresh(lag.upstream) || !j.isFresh(lag.standby))
            continue;
        if (Crossings *to = crossing(j, j.regionOf(lag.upstream), j.regionOf(lag.standby), pairs))
            add(*to, *in.writeLag, *in.usualWriteLag, j.thresholds());
    }
}

ByPair measure(const Judgement &j)
{
    ByPair pairs;
    for (const ClusterFacts &cluster : j.snapshot().clusters) {
        addStreams(j, cluster, pairs);
        for (const GuardReport &guard : j.snapshot().guards)
            addWay(j, guard, ProbeKey::Way::Writes, cluster.name.text(), cluster.primary, pairs);
    }
    for (const RedisGroupFacts &group : j.snapshot().redisGroups) {
        for (const GuardReport &guard : j.snapshot().guards)
            addWay(j, guard, ProbeKey::Way::Group, group.name.text(), group.primary, pairs);
    }
    return pairs;
}

} // namespace

void judgeSlowLinks(const Judgement &j, Problems &out)
{
    constexpr std::int64_t few = 2;
    for (auto &[pair, crossings] : measure(j)) {
        const std::int64_t hit = crossings.slow + crossings.overdue;
        if (crossings.slow == 0 || hit < few || hit * 3 < crossings.measured * 2)
            continue;
        Problem problem;
        problem.rule = Rule::LinkSlow;
        problem.severity = Severity::Warning;
        problem.subject = pair.first.text() + "/" + pair.second.text();
        problem.detail = pair.second.text();
        problem.place.region = pair.first;
        problem.impact.harm = Harm::Slow;
        problem.impact.service = Service::Shards;
        j.population().fill(problem.impact, crossings.clusters);
        problem.impact.regions = {pair.first, pair.second};
        problem.evidence.push_back(Judgement::seen("latency", median(crossings.took)));
        problem.evidence.push_back(Judgement::seen("usual_latency", median(crossings.usual)));
        problem.evidence.push_back(Judgement::seen("ways_slow", hit, crossings.measured));
        out.push_back(std::move(problem));
    }
}

} // namespace shardlens::facts::rules
