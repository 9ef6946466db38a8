// SPDX-License-Identifier: GPL-3.0-or-later
// A primary that does not answer: dead, frozen, starting, or only out of our own reach. Others who talk to it decide.
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// Who else talks to a primary, split by whether they still hear it.
struct Vantage {
    std::vector<base::ServerId> hear;
    std::vector<base::ServerId> lostIt;         ///< standbys
    std::vector<base::ServerId> routers;        ///< that lost it too: writes through them fail since
    std::size_t asked = 0;                      ///< standbys of it that answer us
    std::vector<base::RegionName> committed;    ///< regions whose guard committed a write through it since
};

/// How old the newest message to a standby may be while writes come at the pace of the beats; nothing where no beats are written.
std::optional<microseconds> beatPace(const Judgement &j, const ClusterFacts &cluster, Instant silent)
{
    if (!j.fleet().heartbeat)
        return std::nullopt;
    for (const GuardReport &guard : j.snapshot().guards) {
        const auto beat = guard.beats.find(cluster.name);
        if (beat != guard.beats.end() && beat->second.committedAt && silent - *beat->second.committedAt < base::seconds(3))
            return microseconds(2 * j.fleet().heartbeat->interval);
    }
    return std::nullopt;
}

/// A receiver calls itself streaming until its time-out: only when its last message came counts.
void addStandby(const Judgement &j, const StandbyLag &lag, const Reach &silence, std::optional<microseconds> pace, Vantage &vantage)
{
    ++vantage.asked;
    if (lag.state == StandbyState::NotStreaming) {
        vantage.lostIt.push_back(lag.standby);
        return;
    }
    const auto heardAt = lag.inputs.lastMessageAt;
    const auto silentAt = silence.silentSinceUtc;
    if (!heardAt || !silentAt)
        return;
    const bool isLive = lag.state == StandbyState::Streaming || lag.state == StandbyState::CatchingUp || lag.state == StandbyState::Paused;
    if (*heardAt > *silentAt + onItsWay) {
        if (isLive)
            vantage.hear.push_back(lag.standby);
        return;
    }
    const auto sampledUtc = j.observation(lag.standby)->sampledUtc;
    if (pace && sampledUtc && *sampledUtc - *heardAt > *pace)
        vantage.lostIt.push_back(lag.standby);
}

/// Beats that go through a region's router to the silent primary and fail since about then: that router has lost it too. One that is
/// silent, paused or leads elsewhere fails them for a reason of its own, and an error that the primary itself said is no loss of it.
std::optional<base::ServerId> routerThatLostIt(const Judgement &j, const ClusterFacts &cluster, const GuardReport &guard, Instant silent)
{
    constexpr base::seconds lastBeat{3};
    const auto at = guard.beats.find(cluster.name);
    const fleet::Router *router = j.fleet().routerOf(guard.region);
    const RouterFacts *facts = router && j.isFresh(router->server) ? j.snapshot().router(router->server) : nullptr;
    if (!facts || guard.reach.state != ReachState::Answering || at == guard.beats.end())
        return std::nullopt;
    const GuardBeat &beat = at->second;
    if (beat.state != GuardBeat::State::Failing || !beat.reachedRouter || !beat.error || !beat.committedAt || silent - *beat.committedAt > lastBeat)
        return std::nullopt;
    const std::string &state = beat.error->sqlState;
    if (!state.empty() && !state.starts_with("08") && !state.starts_with("57P"))
        return std::nullopt;
    const bool leadsThere = std::any_of(facts->targets.begin(), facts->targets.end(), [&](const RouterTarget &target) {
        return target.cluster == cluster.name && !target.forReads && !target.paused && target.leadsTo && *target.leadsTo == *cluster.primary;
    });
    return leadsThere ? std::optional(router->server) : std::nullopt;
}

Vantage vantageOf(const Judgement &j, const ClusterFacts &cluster)
{
    Vantage vantage;
    const Reach &silence = j.observation(*cluster.primary)->reach;
    const auto pace = silence.silentSince ? beatPace(j, cluster, *silence.silentSince) : std::nullopt;
    for (const StandbyLag &lag : cluster.standbys) {
        if (j.isFresh(lag.standby) && (lag.upstream.isEmpty() || lag.upstream == *cluster.primary))
            addStandby(j, lag, silence, pace, vantage);
    }
    for (const GuardReport &guard : j.snapshot().guards) {
        const auto beat = guard.beats.find(cluster.name);
        if (beat != guard.beats.end() && beat->second.committedAt && silence.silentSince && *beat->second.committedAt > *silence.silentSince + onItsWay)
            vantage.committed.push_back(guard.region);
        else if (const auto router = silence.silentSince ? routerThatLostIt(j, cluster, guard, *silence.silentSince) : std::nullopt)
            vantage.routers.push_back(*router);
    }
    return vantage;
}

/// True when another server of its region answers: then the way there is open, and silence is the server's own.
bool wayIsOpen(const Judgement &j, const base::ServerId &id)
{
    const fleet::Server *silent = j.fleet().server(id);
    return std::any_of(j.fleet().servers.begin(), j.fleet().servers.end(), [&](const fleet::Server &other) {
        return silent && other.region == silent->region && other.id != id && j.isFresh(other.id);
    });
}

Problem cutOff(const Judgement &j, const ClusterFacts &cluster, const Vantage &vantage)
{
    Problem problem = j.problem(Rule::PrimaryCutOff, Severity::Warning, *cluster.primary);
    j.addSilence(problem, *cluster.primary);
    j.hit(problem, Harm::NotSeen, cluster.name);
    for (const base::RegionName &region : vantage.committed)
        problem.evidence.push_back(Judgement::seen("guard_writes_through_it", region.text()));
    for (const base::ServerId &id : vantage.hear)
        problem.evidence.push_back(j.said(id, "still_streams", std::string("streaming")));
    for (const base::RegionName &region : j.guardsThatReach(*cluster.primary))
        problem.evidence.push_back(Judgement::seen("guard_reaches_it", region.text()));
    return problem;
}

} // namespace

std::optional<UtcTime> lastSignOfLife(const Judgement &j, const ClusterFacts &cluster)
{
    std::optional<UtcTime> message;
    std::optional<UtcTime> beat;
    for (const StandbyLag &lag : cluster.standbys) {
        if (lag.inputs.lastMessageAt)
            message = std::max(message.value_or(*lag.inputs.lastMessageAt), *lag.inputs.lastMessageAt);
        const PostgresSample *sample = j.freshPostgres(lag.standby);
        if (!sample || !sample->heartbeats)
            continue;
        for (const HeartbeatRow &row : *sample->heartbeats)
            beat = std::max(beat.value_or(row.beat), row.beat);
    }
    return message ? message : beat;
}

std::string mannerOf(const Judgement &j, const base::ServerId &id)
{
    const auto &error = j.observation(id)->reach.lastError;
    if (error && error->code == base::ErrorCode::Refused)
        return "refused";
    if (error && error->code == base::ErrorCode::Unreachable)
        return "lost";
    if (error && error->message.find("starting up") != std::string::npos)
        return "starting";
    if (error && error->message.find("shutting down") != std::string::npos)
        return "stopping";
    if (error && error->code != base::ErrorCode::TimedOut)
        return "rejected";
    return wayIsOpen(j, id) ? "frozen" : "silent";
}

void judgePrimaryDown(const Judgement &j, const ClusterFacts &cluster, Problems &out)
{
    if (!cluster.primary)
        return;
    const Observation *primary = j.observation(*cluster.primary);
    if (!primary || isOutOfConnections(primary->reach))
        return;
    const Reach &reach = primary->reach;
    if (reach.state != ReachState::Down && (reach.state != ReachState::Late || !reach.lastAnswer))
        return;
    const Vantage vantage = vantageOf(j, cluster);
    // While others still hear it people may well be served: only our own way is cut. All who can be asked and lost it too say,
    // before our own patience is at its end, that it is gone.
    const bool reached = vantage.lostIt.empty() && !j.guardsThatReach(*cluster.primary).empty();
    const bool heard = !vantage.hear.empty() || !vantage.committed.empty() || reached;
    const bool allLostIt = vantage.asked > 0 && vantage.lostIt.size() == vantage.asked;
    if (reach.state == ReachState::Late && (heard || !allLostIt))
        return;
    if (heard) {
        out.push_back(cutOff(j, cluster, vantage));
        return;
    }
    Problem problem = j.problem(Rule::PrimaryDown, Severity::Critical, *cluster.primary);
    problem.detail = mannerOf(j, *cluster.primary);
    j.addSilence(problem, *cluster.primary);
    j.hit(problem, Harm::WritesRefused, cluster.name);
    problem.alsoSeenBy = vantage.lostIt;
    // Beside a standby alone: where none lost it, one cut link may explain all of the silence.
    if (!vantage.lostIt.empty())
        problem.alsoSeenBy.insert(problem.alsoSeenBy.end(), vantage.routers.begin(), vantage.routers.end());
    const auto last = lastSignOfLife(j, cluster);
    if (last && !vantage.lostIt.empty() && (!problem.since.exact || *last < problem.since.at)) {
        problem.since = {*last, true};
        problem.evidence.push_back(j.said(vantage.lostIt.front(), "last_sign_of_life", *last));
    }
    out.push_back(std::move(problem));
}

} // namespace shardlens::facts::rules
