// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include "core/facts/Fenced.h"

#include "core/facts/rules/Rules.h"

#include <algorithm>

namespace shardlens::facts::rules {

bool Judgement::isFresh(const base::ServerId &id) const
{
    const Observation *found = observation(id);
    return found && freshnessOf(*found, m_snapshot.takenAt, thresholds()) == Freshness::Fresh;
}

bool Judgement::isDown(const base::ServerId &id) const
{
    const Observation *found = observation(id);
    return found && found->reach.state == ReachState::Down;
}

const PostgresSample *Judgement::freshPostgres(const base::ServerId &id) const
{
    return isFresh(id) ? observation(id)->postgres() : nullptr;
}

const RedisSample *Judgement::freshRedis(const base::ServerId &id) const
{
    return isFresh(id) ? observation(id)->redis() : nullptr;
}

const RouterSample *Judgement::freshRouter(const base::ServerId &id) const
{
    return isFresh(id) ? observation(id)->router() : nullptr;
}

base::RegionName Judgement::regionOf(const base::ServerId &id) const
{
    const fleet::Server *server = fleet().server(id);
    return server ? server->region : base::RegionName();
}

Place Judgement::placeOf(const base::ServerId &id) const
{
    Place place;
    place.server = id;
    if (const fleet::Server *server = fleet().server(id))
        place.region = server->region;
    if (const fleet::Cluster *cluster = fleet().clusterOf(id))
        place.cluster = cluster->name;
    if (const fleet::RedisGroup *group = fleet().redisGroupOf(id))
        place.group = group->name;
    if (const fleet::Pool *pool = fleet().poolOf(id))
        place.pool = pool->name;
    return place;
}

Problem Judgement::problem(Rule rule, Severity severity, const base::ServerId &id) const
{
    Problem made;
    made.rule = rule;
    made.severity = severity;
    made.place = placeOf(id);
    return made;
}

Problem Judgement::problem(Rule rule, Severity severity, const ClusterFacts &cluster) const
{
    Problem made;
    made.rule = rule;
    made.severity = severity;
    made.place.cluster = cluster.name;
    return made;
}

void Judgement::hit(Problem &problem, Harm harm, const base::ClusterName &name, const base::RegionName &region) const
{
    const fleet::Cluster *cluster = fleet().cluster(name);
    problem.impact = {};
    problem.impact.harm = harm;
    problem.impact.service = cluster && cluster->partition.isEmpty() ? Service::Directory : Service::Shards;
    // Where all is served, no shard is hit.
    if (harm <= Harm::ReadsRefused || harm == Harm::Slow)
        m_population.fill(problem.impact, {name});
    if (!region.isEmpty())
        problem.impact.regions = {region};
}

void Judgement::hit(Problem &problem, Harm harm, const base::GroupName &name, const base::RegionName &region) const
{
    problem.impact = {};
    problem.impact.harm = harm;
    problem.impact.service = Service::Keys;
    if (const fleet::RedisGroup *group = fleet().redisGroup(name)) {
        switch (group->role) {
        case fleet::RedisRole::Feeds: problem.impact.service = Service::Feeds; break;
        case fleet::RedisRole::MediaMap: problem.impact.service = Service::MediaMap; break;
        case fleet::RedisRole::Sessions: problem.impact.service = Service::Sessions; break;
        case fleet::RedisRole::Other: break;
        }
    }
    if (!region.isEmpty())
        problem.impact.regions = {region};
}

void Judgement::hit(Problem &problem, Harm harm, const base::PoolName &name) const
{
    problem.impact = {};
    problem.impact.harm = harm;
    problem.impact.service = Service::Cache;
    if (const fleet::Pool *pool = fleet().pool(name))
        problem.impact.regions = {pool->region};
}

bool Judgement::hitRefusedGroup(Problem &problem, const base::RegionName &from, const base::RegionName &home) const
{
    for (const ServingRow &row : snapshot().serving.rows) {
        const RedisGroupFacts *group = row.of == ServingOf::Group ? snapshot().redisGroup(row.group) : nullptr;
        const ServingCell *cell = row.cell(from);
        if (!group || !group->primary || regionOf(*group->primary) != home || !cell || cell->verdict != ServingVerdict::Refused)
            continue;
        problem.severity = Severity::Critical;
        hit(problem, Harm::ReadsRefused, row.group, from);
        return true;
    }
    return false;
}

void Judgement::hit(Problem &problem, Harm harm) const
{
    const Place &place = problem.place;
    // A standby serves its own region's reads.
    if (!place.cluster.isEmpty())
        return hit(problem, harm, place.cluster, harm == Harm::Slow || harm == Harm::ReadsRefused ? place.region : base::RegionName());
    if (!place.group.isEmpty())
        return hit(problem, harm, place.group);
    if (!place.pool.isEmpty())
        return hit(problem, harm, place.pool);
    problem.impact = {};
    problem.impact.harm = harm;
    if (!place.region.isEmpty())
        problem.impact.regions = {place.region};
}

Evidence Judgement::said(const base::ServerId &source, std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit) const
{
    const Observation *found = observation(source);
    return {std::move(reading), std::move(value), std::move(limit), source, found ? found->sampledAt : std::nullopt};
}

Evidence Judgement::seen(std::string reading, Evidence::Value value, std::optional<Evidence::Value> limit)
{
    return {std::move(reading), std::move(value), std::move(limit), {}, std::nullopt};
}

void Judgement::addSilence(Problem &problem, const base::ServerId &id) const
{
    const Observation *found = observation(id);
    if (!found)
        return;
    const Reach &reach = found->reach;
    if (reach.silentSince)
        // Who began to ask while it was silent already does not know for how long it is.
        problem.evidence.push_back(seen(reach.lastAnswer ? "silent_for" : "asked_in_vain_for", std::chrono::duration_cast<microseconds>(m_snapshot.takenAt - *reach.silentSince),
                                        microseconds(thresholds().downAfter)));
    if (reach.lastError)
        problem.evidence.push_back(seen("last_error", reach.lastError->message));
    problem.evidence.push_back(seen("failures_in_a_row", static_cast<std::int64_t>(reach.failuresInARow)));
    if (const auto fenced = fencedBy(m_snapshot, id)) {
        problem.evidence.push_back(seen("fenced_by_guard_of", fenced->by.text()));
        problem.evidence.push_back(seen("fenced_since", fenced->fence.at));
        problem.evidence.push_back(seen("guard_said", fenced->fence.said));
    }
    // Only a silence that began while we listened has a beginning.
    if (reach.silentSinceUtc && reach.lastAnswerUtc)
        problem.since = {*reach.silentSinceUtc, true};
    else
        problem.since = {m_snapshot.observingSinceUtc, false};
}

std::vector<base::RegionName> Judgement::guardsThatReach(const base::ServerId &id) const
{
    std::vector<base::RegionName> reaching;
    const Observation *observation = this->observation(id);
    if (!observation || !observation->reach.silentSince || m_snapshot.takenAt - *observation->reach.silentSince < guardSawIt)
        return reaching;
    for (const GuardReport &report : m_snapshot.guards) {
        if (report.reach.state != ReachState::Answering || !report.reachable)
            continue;
        const auto found = report.reachable->find(id);
        if (found != report.reachable->end() && found->second)
            reaching.push_back(report.region);
    }
    return reaching;
}

bool Judgement::isHeardBySender(const StandbyLag &lag) const
{
    if (lag.state != StandbyState::Streaming && lag.state != StandbyState::CatchingUp && lag.state != StandbyState::Paused)
        return false;
    const Observation *observation = this->observation(lag.standby);
    const auto &silent = observation ? observation->reach.silentSince : std::nullopt;
    // A sender calls a standby streaming until its time-out, whatever has become of it: only what it said since counts.
    return !silent || !lag.inputs.repliedAt || *lag.inputs.repliedAt > *silent + thresholds().interval + onItsWay;
}

microseconds median(std::vector<microseconds> values)
{
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

Problems judge(const Snapshot &snapshot, const derive::Population &population)
{
    Problems found;
    const Judgement judgement(snapshot, population);
    for (const auto family : {judgeClusters, judgeWrites, judgeStandbys, judgeSlots, judgeRouters, judgeRedis, judgeServers, judgeCaches, judgeInvalidation,
                              judgeRegions, judgeLinks, judgeSlowLinks, judgeShards, judgeMarks})
        family(judgement, found);
    return found;
}

} // namespace shardlens::facts::rules
