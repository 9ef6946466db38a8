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

} // namespace

const Mark *calmedBy(const Problem &problem, const Snapshot &snapshot)
{
    const Mark *mark = problem.place.server.isEmpty() ? nullptr : markOn(snapshot.shared.get(), *snapshot.fleet, problem.place.server);
    if (!mark || mark->isOverdue(snapshot.takenUtc) || problem.rule == Rule::MaintenanceOverdue || isFelt(problem.impact.harm))
        return nullptr;
    const ClusterFacts *cluster = problem.place.cluster.isEmpty() ? nullptr : snapshot.cluster(problem.place.cluster);
    const bool isStandby = cluster && cluster->primary && *cluster->primary != problem.place.server;
    return isStandby && leavesLess(problem) && !hasAnother(*cluster, problem.place.server, snapshot) ? nullptr : mark;
}

} // namespace shardlens::facts
