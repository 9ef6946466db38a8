// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Gate.h"

#include "core/facts/Calm.h"

#include <algorithm>

namespace shardlens::campaign {

namespace {

using base::ServerId;
using facts::Snapshot;

bool follows(const facts::StandbyLag &lag)
{
    return lag.state == facts::StandbyState::Streaming || lag.state == facts::StandbyState::CatchingUp;
}

/// The old primary of a move that still brings it back: out of recovery, perhaps, but seen to hold the brake, under which its operation has
/// ended every session. Nobody waits for it: its operation does, and tells what becomes of it.
bool isHeldByItsMove(const Snapshot &snapshot, const Move &move, const ServerId &server)
{
    const facts::Observation *observation = snapshot.observation(server);
    const facts::PostgresSample *sample = observation ? observation->postgres() : nullptr;
    return server == move.from && !hasEnded(move.state) && sample && sample->readOnlyByDefault;
}

bool hasOtherPrimary(const Snapshot &snapshot, const facts::ClusterFacts &cluster, const Move &move)
{
    return std::any_of(cluster.writable.begin(), cluster.writable.end(), [&](const ServerId &id) { return id != move.to && !isHeldByItsMove(snapshot, move, id); });
}

std::string primaryTrouble(const Snapshot &snapshot, const facts::ClusterFacts &cluster, const Move &move)
{
    const facts::Observation *observation = snapshot.observation(move.to);
    const bool answers = observation && observation->reach.state == facts::ReachState::Answering && observation->postgres();
    if (!answers || !observation->sampledUtc || *observation->sampledUtc < *move.flowsAt)
        return move.to.text() + " to answer";
    if (!cluster.primary || *cluster.primary != move.to)
        return move.to.text() + " to be seen as the primary of " + move.subject;
    if (hasOtherPrimary(snapshot, cluster, move))
        return "one primary of " + move.subject;
    if (observation->postgres()->readOnlyByDefault)
        return move.to.text() + " to take writes: its brake is on";
    return {};
}

std::string routerTrouble(const Snapshot &snapshot, const Move &move)
{
    for (const facts::RouterFacts &router : snapshot.routers) {
        const facts::Observation *observation = snapshot.observation(router.server);
        if (!observation || observation->reach.state != facts::ReachState::Answering)
            continue;
        for (const facts::RouterTarget &target : router.targets) {
            if (target.cluster.text() != move.subject || target.forReads)
                continue;
            if (!target.leadsTo || *target.leadsTo != move.to)
                return "router " + router.server.text() + " to lead " + target.database + " to " + move.to.text();
            if (target.paused)
                return "router " + router.server.text() + " to resume " + target.database;
        }
    }
    return {};
}

/// Only what was tried since the move speaks: before it the pause itself may have been too long for a try.
std::string writesTrouble(const Snapshot &snapshot, const Move &move)
{
    const facts::ServingRow *row = snapshot.serving.writes(base::ClusterName(move.subject));
    for (const facts::ServingCell &cell : row ? row->cells : std::vector<facts::ServingCell>()) {
        const facts::Observation *router = snapshot.observation(cell.through);
        const bool isThere = !router || router->reach.state == facts::ReachState::Answering;
        if (cell.fails() && isThere)
            return "writes to " + move.subject + " from " + cell.region.text();
    }
    return {};
}

std::string standbyTrouble(const facts::ClusterFacts &cluster, const Baseline &before, const Move &move)
{
    for (const facts::StandbyLag &lag : cluster.standbys) {
        if (lag.standby != move.from && before.streaming.contains(lag.standby) && !follows(lag))
            return lag.standby.text() + " to follow " + move.to.text();
    }
    return {};
}

bool isNotFollowed(const facts::InvalidatorReport &report, const base::ClusterName &cluster)
{
    const auto outbox = report.clusters.find(cluster);
    return outbox != report.clusters.end() && outbox->second.state == facts::OutboxFollowing::State::Failing;
}

/// Where deletes do not follow the new primary, caches go on with what is old: no region is sent more of it.
std::string invalidatorTrouble(const Snapshot &snapshot, const Baseline &before, const Move &move)
{
    const base::ClusterName cluster(move.subject);
    for (const facts::InvalidatorReport &report : snapshot.invalidators) {
        const bool isExpected = report.region == before.leftRegion || before.notFollowed.contains({report.region, cluster});
        if (!isExpected && isNotFollowed(report, cluster))
            return "the invalidator of " + report.region.text() + " to follow " + move.subject;
    }
    return {};
}

/// A Redis group's: its primary, its replicas, and its stable addresses as each region uses them.
std::string groupTrouble(const Snapshot &snapshot, const Baseline &before, const Move &move)
{
    const facts::RedisGroupFacts *group = snapshot.redisGroup(base::GroupName(move.subject));
    const facts::Observation *observation = snapshot.observation(move.to);
    const bool answers = observation && observation->reach.state == facts::ReachState::Answering && observation->sampledUtc && *observation->sampledUtc >= *move.flowsAt;
    if (!group || !answers)
        return move.to.text() + " to answer";
    if (!group->primary || *group->primary != move.to)
        return move.to.text() + " to be seen as the primary of " + move.subject;
    if (group->writable.size() > 1)
        return "one primary of " + move.subject;
    for (const facts::StandbyLag &lag : group->replicas) {
        if (lag.standby != move.from && before.streaming.contains(lag.standby) && !follows(lag))
            return lag.standby.text() + " to follow " + move.to.text();
    }
    for (const facts::ServingRow &row : snapshot.serving.rows) {
        for (const facts::ServingCell &cell : row.group.text() == move.subject ? row.cells : std::vector<facts::ServingCell>()) {
            if (cell.fails())
                return move.subject + " from " + cell.region.text();
        }
    }
    return {};
}

/// What is so of an old primary until its operation has brought it back.
bool belongsToAMove(const Snapshot &snapshot, const facts::Problem &problem, const std::vector<Move> &moves)
{
    return std::any_of(moves.begin(), moves.end(), [&](const Move &move) {
        if (!move.flowsAt || hasEnded(move.state) || move.isGroup)
            return false;
        if (!problem.place.server.isEmpty())
            return problem.place.server == move.from;
        const facts::ClusterFacts *cluster = problem.rule == facts::Rule::TwoPrimaries && problem.place.cluster.text() == move.subject ? snapshot.cluster(problem.place.cluster) : nullptr;
        return cluster && !hasOtherPrimary(snapshot, *cluster, move);
    });
}

/// Felt only by those who are sent away, or of a server that goes anyway; a primary that is still there is neither.
bool isInWhatIsLeft(const Snapshot &snapshot, const facts::Problem &problem, const Baseline &before)
{
    if (!before.leftRegion.isEmpty())
        return problem.impact.regions == std::vector{before.leftRegion};
    const fleet::Server *server = before.leftHost.isEmpty() ? nullptr : snapshot.fleet->server(problem.place.server);
    return server && server->host == before.leftHost && problem.place.cluster.isEmpty() && problem.place.group.isEmpty();
}

std::string newTrouble(const Snapshot &snapshot, const Baseline &before, const std::vector<Move> &moves)
{
    for (const facts::Problem &problem : snapshot.problems) {
        const bool isNew = problem.severity == facts::Severity::Critical && !before.critical.contains(problem.id()) && !facts::calmedBy(problem, snapshot);
        if (isNew && !belongsToAMove(snapshot, problem, moves) && !isInWhatIsLeft(snapshot, problem, before))
            return "the new problem " + problem.id() + " to end";
    }
    return {};
}

} // namespace

Baseline baselineOf(const Snapshot &snapshot, const Goal &goal)
{
    Baseline before;
    if (goal.aim == Aim::Evacuate)
        before.leftRegion = base::RegionName(goal.subject);
    else if (goal.aim == Aim::HostDown)
        before.leftHost = base::HostName(goal.subject);
    for (const facts::Problem &problem : snapshot.problems) {
        if (problem.severity == facts::Severity::Critical)
            before.critical.insert(problem.id());
        // What was folded into a cause stands alone once the cause has ended: a region that is no longer silent as a whole, say.
        for (const facts::Problem &consequence : problem.consequences)
            before.critical.insert(consequence.id());
    }
    for (const facts::InvalidatorReport &report : snapshot.invalidators) {
        for (const facts::ClusterFacts &cluster : snapshot.clusters) {
            if (isNotFollowed(report, cluster.name))
                before.notFollowed.emplace(report.region, cluster.name);
        }
    }
    const auto keep = [&](const std::vector<facts::StandbyLag> &standbys) {
        for (const facts::StandbyLag &lag : standbys) {
            if (follows(lag))
                before.streaming.insert(lag.standby);
        }
    };
    for (const facts::ClusterFacts &cluster : snapshot.clusters)
        keep(cluster.standbys);
    for (const facts::RedisGroupFacts &group : snapshot.redisGroups)
        keep(group.replicas);
    return before;
}

GateLook lookAtGate(const Snapshot &snapshot, const Baseline &before, const std::vector<Move> &moves)
{
    for (const Move &move : moves) {
        if (!move.flowsAt || hasFailed(move.state))
            continue;
        if (move.isGroup) {
            if (const std::string trouble = groupTrouble(snapshot, before, move); !trouble.empty())
                return {trouble};
            continue;
        }
        const facts::ClusterFacts *cluster = snapshot.cluster(base::ClusterName(move.subject));
        if (!cluster)
            return {move.subject + " to be seen"};
        for (const std::string &trouble : {primaryTrouble(snapshot, *cluster, move), routerTrouble(snapshot, move), writesTrouble(snapshot, move), standbyTrouble(*cluster, before, move),
                                           invalidatorTrouble(snapshot, before, move)}) {
            if (!trouble.empty())
                return {trouble};
        }
    }
    return {newTrouble(snapshot, before, moves)};
}

} // namespace shardlens::campaign
