// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// Bytes alone mislead in a burst: they count when nothing was replayed for so long, or when there are very many.
constexpr base::seconds noProgress{5};

bool someRouterReadsFrom(const Judgement &j, const base::ServerId &standby)
{
    for (const RouterFacts &router : j.snapshot().routers) {
        if (!j.isFresh(router.server))
            continue;
        for (const RouterTarget &target : router.targets) {
            if (target.forReads && target.leadsTo && *target.leadsTo == standby)
                return true;
        }
    }
    return false;
}

void judgeDown(const Judgement &j, const StandbyLag &lag, Problems &out)
{
    if (!j.isDown(lag.standby) || isOutOfConnections(j.observation(lag.standby)->reach))
        return;
    // Its sender, or a guard, that still hears it says that it runs: then only our own way to it is cut.
    const bool isStreaming = j.isHeardBySender(lag);
    const bool heard = isStreaming || !j.guardsThatReach(lag.standby).empty();
    const bool readsFail = !heard && someRouterReadsFrom(j, lag.standby);
    Problem problem = j.problem(Rule::StandbyDown, readsFail ? Severity::Critical : Severity::Warning, lag.standby);
    problem.detail = heard ? "cut_off" : mannerOf(j, lag.standby);
    j.addSilence(problem, lag.standby);
    if (isStreaming)
        problem.evidence.push_back(j.said(lag.upstream, "still_streams", lag.inputs.senderState));
    for (const base::RegionName &region : j.guardsThatReach(lag.standby))
        problem.evidence.push_back(Judgement::seen("guard_reaches_it", region.text()));
    j.hit(problem, heard ? Harm::NotSeen : readsFail ? Harm::ReadsRefused : Harm::RedundancyLost);
    out.push_back(std::move(problem));
}

/// Of a cluster without a known primary: one that last answered as a standby is a standby that is lost; of one that never answered
/// nobody knows what it is.
void judgeMember(const Judgement &j, const base::ServerId &id, Problems &out)
{
    const Observation *observation = j.observation(id);
    if (!j.isDown(id) || isOutOfConnections(observation->reach))
        return;
    const PostgresSample *last = observation->postgres();
    const bool heard = !j.guardsThatReach(id).empty();
    const bool readsFail = !heard && someRouterReadsFrom(j, id);
    Problem problem = j.problem(last && last->inRecovery ? Rule::StandbyDown : Rule::MemberDown, readsFail ? Severity::Critical : Severity::Warning, id);
    problem.detail = heard ? "cut_off" : mannerOf(j, id);
    j.addSilence(problem, id);
    for (const base::RegionName &region : j.guardsThatReach(id))
        problem.evidence.push_back(Judgement::seen("guard_reaches_it", region.text()));
    j.hit(problem, readsFail ? Harm::ReadsRefused : heard || !last ? Harm::NotSeen : Harm::RedundancyLost);
    out.push_back(std::move(problem));
}

void judgeStreaming(const Judgement &j, const ClusterFacts &cluster, const StandbyLag &lag, Problems &out)
{
    if (lag.state != StandbyState::NotStreaming && lag.state != StandbyState::Diverged)
        return;
    // A second member that takes writes has its own, worse problem.
    if (std::find(cluster.writable.begin(), cluster.writable.end(), lag.standby) != cluster.writable.end())
        return;
    Problem problem = j.problem(Rule::StandbyNotStreaming, Severity::Warning, lag.standby);
    j.hit(problem, Harm::RedundancyLost);
    problem.evidence.push_back(j.said(lag.standby, "state", std::string(name(lag.state))));
    if (!lag.inputs.receiverStatus.empty())
        problem.evidence.push_back(j.said(lag.standby, "receiver_status", lag.inputs.receiverStatus));
    if (lag.inputs.receiverMessageAge)
        problem.evidence.push_back(j.said(lag.standby, "last_message_age", *lag.inputs.receiverMessageAge));
    if (lag.inputs.lastMessageAt) {
        problem.evidence.push_back(j.said(lag.standby, "last_message_at", *lag.inputs.lastMessageAt));
        problem.since = {*lag.inputs.lastMessageAt, true};
    }
    if (lag.time)
        problem.evidence.push_back(j.said(lag.standby, "lag", *lag.time));
    if (lag.behind)
        problem.evidence.push_back(j.said(lag.upstream, "bytes_behind", *lag.behind));
    problem.detail = lag.state == StandbyState::Diverged ? "diverged" : std::string();
    out.push_back(std::move(problem));
}

void judgePaused(const Judgement &j, const StandbyLag &lag, Problems &out)
{
    const PostgresSample *sample = j.freshPostgres(lag.standby);
    if (!sample || !sample->inRecovery || !sample->replayPaused)
        return;
    Problem problem = j.problem(Rule::ReplayPaused, Severity::Warning, lag.standby);
    j.hit(problem, Harm::Slow);
    if (lag.time) {
        problem.evidence.push_back(j.said(lag.standby, "lag", *lag.time));
        // What waits there since longest was written after the pause began: a console started later knows it by that.
        if (lag.state == StandbyState::Paused && *lag.time > base::seconds(1))
            problem.since = {j.snapshot().takenUtc - *lag.time, true};
    }
    if (lag.behind)
        problem.evidence.push_back(j.said(lag.upstream, "bytes_behind", *lag.behind));
    out.push_back(std::move(problem));
}

/// The level that matters to a person: time, and bytes where they are not just a burst on its way.
int lagLevelThatCounts(const StandbyLag &lag, const fleet::Thresholds &thresholds)
{
    int level = lag.time ? lagLevel(*lag.time, thresholds) : 1;
    if (lag.behind) {
        const int byBytes = lagLevel(*lag.behind, thresholds);
        const bool stuck = lag.inputs.sinceProgress && *lag.inputs.sinceProgress > noProgress;
        if (byBytes == 5 || stuck || (lag.time && lagLevel(*lag.time, thresholds) >= 3))
            level = std::max(level, byBytes);
    }
    return level;
}

void judgeLag(const Judgement &j, const ClusterFacts &cluster, const StandbyLag &lag, Problems &out)
{
    // A dead primary writes nothing: what its standbys have grows old, but they miss nothing.
    if (!j.isFresh(*cluster.primary))
        return;
    const int level = lagLevelThatCounts(lag, j.thresholds());
    if (level < 3)
        return;
    const std::size_t edge = static_cast<std::size_t>(level) - 2;
    Problem problem = j.problem(Rule::Lag, level == 5 ? Severity::Critical : Severity::Warning, lag.standby);
    j.hit(problem, Harm::Slow);
    if (lag.time)
        problem.evidence.push_back(j.said(lag.standby, "lag", *lag.time, microseconds(j.thresholds().lagTime[edge])));
    if (lag.behind)
        problem.evidence.push_back(j.said(lag.upstream, "bytes_behind", *lag.behind, j.thresholds().lagBytes[edge]));
    if (lag.backlogBytesPerSecond)
        problem.evidence.push_back(j.said(lag.upstream, "backlog_bytes_per_second", *lag.backlogBytesPerSecond));
    problem.evidence.push_back(j.said(lag.standby, "rule", std::string(name(lag.rule))));
    out.push_back(std::move(problem));
}

} // namespace

void judgeStandbys(const Judgement &j, Problems &out)
{
    for (const ClusterFacts &cluster : j.snapshot().clusters) {
        // Before a primary is known nobody can be called its standby.
        if (!cluster.primary) {
            for (const base::ServerId &id : j.fleet().cluster(cluster.name)->servers)
                judgeMember(j, id, out);
            continue;
        }
        for (const StandbyLag &lag : cluster.standbys) {
            judgeDown(j, lag, out);
            judgeStreaming(j, cluster, lag, out);
            judgePaused(j, lag, out);
            judgeLag(j, cluster, lag, out);
        }
    }
}

} // namespace shardlens::facts::rules
