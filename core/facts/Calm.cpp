// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Calm.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

bool isFelt(Harm harm)
{
    return harm == Harm::WritesRefused || harm == Harm::DataWrong || harm == Harm::ReadsRefused;
}

/// After the next failure that standby would be missed.
bool leavesLess(const Problem &problem)
{
    const Rule rule = problem.rule;
    return problem.impact.harm == Harm::RedundancyLost || rule == Rule::StandbyDown || rule == Rule::StandbyNotStreaming || rule == Rule::ReplayPaused;
}

/// Another standby, which nobody works on, follows its sender.
bool hasAnother(const ClusterFacts &cluster, const base::ServerId &server, const Snapshot &snapshot)
{
    return std::any_of(cluster.standbys.begin(), cluster.standbys.end(), [&](const StandbyLag &lag) {
        const Observation *observation = snapshot.observation(lag.standby);
        if (!observation || observation->reach.state != ReachState::Answering)
            return false;
        const bool follows = lag.state == StandbyState::Streaming || lag.state == StandbyState::CatchingUp;
        return lag.standby != server && follows && !markOn(snapshot.shared.get(), *snapshot.fleet, lag.standby);
    });
}

/// Each cluster with a server in the region has a standby elsewhere.
bool hasAnotherElsewhere(const base::RegionName &region, const Snapshot &snapshot)
{
    return std::all_of(snapshot.clusters.begin(), snapshot.clusters.end(), [&](const ClusterFacts &cluster) {
        const fleet::Cluster *declared = snapshot.fleet->cluster(cluster.name);
        const bool isThere = declared && std::any_of(declared->servers.begin(), declared->servers.end(), [&](const base::ServerId &id) {
            const fleet::Server *server = snapshot.fleet->server(id);
            return server && server->region == region;
        });
        return !isThere || hasAnother(cluster, {}, snapshot);
    });
}

const Mark *markOf(const Problem &problem, const Snapshot &snapshot)
{
    const Shared *shared = snapshot.shared.get();
    return problem.place.server.isEmpty() ? evacuationOf(shared, problem.place.region) : markOn(shared, *snapshot.fleet, problem.place.server);
}

bool isFeltElsewhere(const Problem &problem, const std::string &region)
{
    const auto &regions = problem.impact.regions;
    return isFelt(problem.impact.harm) && (regions.empty() || std::any_of(regions.begin(), regions.end(), [&](const base::RegionName &one) { return one.text() != region; }));
}

bool isExpected(const Problem &problem, const Mark &mark, const Snapshot &snapshot)
{
    if (problem.rule == Rule::SlotFilling || isFeltElsewhere(problem, mark.subject))
        return false;
    if (problem.place.server.isEmpty() && leavesLess(problem))
        return hasAnotherElsewhere(base::RegionName(mark.subject), snapshot);
    const ClusterFacts *cluster = problem.place.cluster.isEmpty() ? nullptr : snapshot.cluster(problem.place.cluster);
    return !cluster || !leavesLess(problem) || hasAnother(*cluster, problem.place.server, snapshot);
}

} // namespace

const Mark *calmedBy(const Problem &problem, const Snapshot &snapshot)
{
    const Mark *mark = markOf(problem, snapshot);
    if (!mark || mark->isOverdue(snapshot.takenUtc) || problem.rule == Rule::MaintenanceOverdue)
        return nullptr;
    if (mark->kind == Mark::Kind::Region)
        return isExpected(problem, *mark, snapshot) ? mark : nullptr;
    if (isFelt(problem.impact.harm))
        return nullptr;
    const ClusterFacts *cluster = problem.place.cluster.isEmpty() ? nullptr : snapshot.cluster(problem.place.cluster);
    const bool isStandby = cluster && cluster->primary && *cluster->primary != problem.place.server;
    return isStandby && leavesLess(problem) && !hasAnother(*cluster, problem.place.server, snapshot) ? nullptr : mark;
}

} // namespace shardlens::facts
