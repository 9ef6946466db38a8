// SPDX-License-Identifier: GPL-3.0-or-later
// Links between regions, judged by the streams that cross them: one lost stream is a standby's matter, all of them are the link's.
#include "core/facts/rules/Judgement.h"

#include <algorithm>
#include <map>
#include <set>

namespace shardlens::facts::rules {

namespace {

using Pair = std::pair<base::RegionName, base::RegionName>; ///< in alphabetical order

struct Crossing {
    std::int64_t streams = 0;
    std::int64_t broken = 0;
    std::vector<base::ServerId> lost;   ///< receivers that lost their sender
    std::optional<UtcTime> since;       ///< the last message over it
    std::set<base::ClusterName> beyond; ///< clusters whose primary lies across, of those that lost a stream
};

void look(const Judgement &j, const Known<base::ServerId> &primary, const std::vector<StandbyLag> &standbys, const base::ClusterName &cluster, std::map<Pair, Crossing> &crossings)
{
    for (const StandbyLag &lag : standbys) {
        const base::ServerId sender = lag.upstream.isEmpty() && primary ? *primary : lag.upstream;
        // Both ends must answer us: else the server, or our own link, is the matter.
        if (sender.isEmpty() || !j.isFresh(sender) || !j.isFresh(lag.standby))
            continue;
        const base::RegionName from = j.regionOf(sender);
        const base::RegionName to = j.regionOf(lag.standby);
        if (from == to)
            continue;
        Crossing &crossing = crossings[{std::min(from, to), std::max(from, to)}];
        ++crossing.streams;
        if (lag.state != StandbyState::NotStreaming)
            continue;
        ++crossing.broken;
        crossing.lost.push_back(lag.standby);
        if (!cluster.isEmpty())
            crossing.beyond.insert(cluster);
        if (lag.inputs.lastMessageAt)
            crossing.since = std::max(crossing.since.value_or(*lag.inputs.lastMessageAt), *lag.inputs.lastMessageAt);
    }
}

/// Regions on either side whose writes to what lies across are refused, as the probes have it.
void addRefusals(const Judgement &j, const Pair &pair, const Crossing &crossing, Problem &problem)
{
    std::vector<base::ClusterName> refused;
    std::set<base::RegionName> from;
    for (const base::ClusterName &name : crossing.beyond) {
        const ServingRow *row = j.snapshot().serving.writes(name);
        for (const base::RegionName &region : {pair.first, pair.second}) {
            const ServingCell *cell = row ? row->cell(region) : nullptr;
            if (!cell || cell->verdict != ServingVerdict::Refused)
                continue;
            from.insert(region);
            if (std::find(refused.begin(), refused.end(), name) == refused.end())
                refused.push_back(name);
        }
    }
    problem.impact.harm = refused.empty() ? Harm::RedundancyLost : Harm::WritesRefused;
    problem.impact.service = Service::Shards;
    problem.impact.regions = from.empty() ? std::vector{pair.first, pair.second} : std::vector(from.begin(), from.end());
    if (!refused.empty()) {
        problem.severity = Severity::Critical;
        j.population().fill(problem.impact, refused);
        return;
    }
    if (!j.hitRefusedGroup(problem, pair.first, pair.second))
        j.hitRefusedGroup(problem, pair.second, pair.first);
}

void judgeGuards(const Judgement &j, Problems &out)
{
    for (const GuardReport &guard : j.snapshot().guards) {
        if (guard.reach.state != ReachState::Down)
            continue;
        Problem problem;
        problem.rule = Rule::GuardDown;
        problem.severity = Severity::Warning;
        problem.place.region = guard.region;
        j.hit(problem, Harm::Untidy);
        if (guard.reach.silentSince)
            problem.evidence.push_back(Judgement::seen("silent_for", std::chrono::duration_cast<microseconds>(j.snapshot().takenAt - *guard.reach.silentSince)));
        if (guard.reach.lastError)
            problem.evidence.push_back(Judgement::seen("last_error", guard.reach.lastError->message));
        if (guard.reach.silentSinceUtc && guard.reach.lastAnswerUtc)
            problem.since = {*guard.reach.silentSinceUtc, true};
        out.push_back(std::move(problem));
    }
}

} // namespace

void judgeLinks(const Judgement &j, Problems &out)
{
    constexpr std::int64_t few = 2;
    std::map<Pair, Crossing> crossings;
    for (const ClusterFacts &cluster : j.snapshot().clusters)
        look(j, cluster.primary, cluster.standbys, cluster.name, crossings);
    for (const RedisGroupFacts &group : j.snapshot().redisGroups)
        look(j, group.primary, group.replicas, {}, crossings);
    for (const auto &[pair, crossing] : crossings) {
        if (crossing.streams < few || crossing.broken * 3 < crossing.streams * 2 || crossing.broken < few)
            continue;
        Problem problem;
        problem.rule = Rule::LinkCut;
        problem.severity = Severity::Warning;
        problem.subject = pair.first.text() + "/" + pair.second.text();
        problem.detail = pair.second.text();
        problem.place.region = pair.first;
        problem.alsoSeenBy = crossing.lost;
        problem.evidence.push_back(Judgement::seen("streams_broken", crossing.broken, crossing.streams));
        addRefusals(j, pair, crossing, problem);
        if (crossing.since)
            problem.since = {*crossing.since, true};
        out.push_back(std::move(problem));
    }
    judgeGuards(j, out);
}

} // namespace shardlens::facts::rules
