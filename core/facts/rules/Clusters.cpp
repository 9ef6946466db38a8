// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// A guard probes each second: a silence so long was seen by its newest report too.
constexpr base::seconds guardSawIt{3};

/// Standbys that we can ask, split by whether they still hear the primary.
struct Vantage {
    std::vector<base::ServerId> hear;
    std::vector<base::ServerId> lostIt;
};

Vantage vantageOf(const Judgement &j, const ClusterFacts &cluster)
{
    Vantage vantage;
    for (const StandbyLag &lag : cluster.standbys) {
        if (!j.isFresh(lag.standby) || (!lag.upstream.isEmpty() && cluster.primary && lag.upstream != *cluster.primary))
            continue;
        // A receiver calls itself streaming until its time-out: only a message that came after our silence began counts.
        const auto silent = j.observation(*cluster.primary)->reach.silentSinceUtc;
        const bool heardSince = lag.inputs.lastMessageAt && silent && *lag.inputs.lastMessageAt > *silent;
        if (lag.state == StandbyState::NotStreaming)
            vantage.lostIt.push_back(lag.standby);
        else if (heardSince && (lag.state == StandbyState::Streaming || lag.state == StandbyState::CatchingUp || lag.state == StandbyState::Paused))
            vantage.hear.push_back(lag.standby);
    }
    return vantage;
}

/// The last sign of life as the standbys have it: the last message, and for those asked too late to know it, the newest beat
/// that reached them (each guard writes two a second, so it is nearly as sharp).
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

void judgePrimaryDown(const Judgement &j, const ClusterFacts &cluster, Problems &out)
{
    if (!cluster.primary || !j.isDown(*cluster.primary))
        return;
    const Vantage vantage = vantageOf(j, cluster);
    // While a standby still hears it, or a guard reaches it, people may well be served: only our own way is cut.
    const Reach &reach = j.observation(*cluster.primary)->reach;
    const bool guardsKnow = reach.silentSince && j.snapshot().takenAt - *reach.silentSince >= guardSawIt;
    const bool heard = !vantage.hear.empty() || (guardsKnow && vantage.lostIt.empty() && !j.guardsThatReach(*cluster.primary).empty());
    Problem problem = j.problem(Rule::PrimaryDown, heard ? Severity::Warning : Severity::Critical, *cluster.primary);
    j.addSilence(problem, *cluster.primary);
    if (heard) {
        j.hit(problem, Harm::NotSeen, cluster.name);
        for (const base::ServerId &id : vantage.hear)
            problem.evidence.push_back(j.said(id, "still_streams", std::string("streaming")));
        for (const base::RegionName &region : j.guardsThatReach(*cluster.primary))
            problem.evidence.push_back(Judgement::seen("guard_reaches_it", region.text()));
    } else {
        j.hit(problem, Harm::WritesRefused, cluster.name);
        problem.alsoSeenBy = vantage.lostIt;
        const auto last = lastSignOfLife(j, cluster);
        if (last && !vantage.lostIt.empty() && (!problem.since.exact || *last < problem.since.at)) {
            problem.since = {*last, true};
            problem.evidence.push_back(j.said(vantage.lostIt.front(), "last_sign_of_life", *last));
        }
    }
    out.push_back(std::move(problem));
}

void judgeNoPrimary(const Judgement &j, const ClusterFacts &cluster, Problems &out)
{
    const fleet::Cluster *declared = j.fleet().cluster(cluster.name);
    if (cluster.primary)
        return;
    const bool allStandby = std::all_of(declared->servers.begin(), declared->servers.end(), [&](const base::ServerId &id) {
        const PostgresSample *sample = j.freshPostgres(id);
        return sample && sample->inRecovery;
    });
    const bool allDown = std::all_of(declared->servers.begin(), declared->servers.end(), [&](const base::ServerId &id) { return j.isDown(id); });
    if (!allStandby && !allDown)
        return;
    Problem problem = j.problem(Rule::NoPrimary, Severity::Critical, cluster);
    j.hit(problem, Harm::WritesRefused, cluster.name);
    for (const base::ServerId &id : declared->servers)
        problem.evidence.push_back(j.said(id, "in_recovery", std::string(allDown ? "not known" : "yes")));
    out.push_back(std::move(problem));
}

/// Both must have answered lately: the last words of one that died do not count against the one promoted since.
void judgeTwoPrimaries(const Judgement &j, const ClusterFacts &cluster, Problems &out)
{
    std::vector<base::ServerId> answering;
    for (const base::ServerId &id : cluster.writable) {
        if (j.observation(id)->reach.state == ReachState::Answering && !j.observation(id)->reach.silentSince)
            answering.push_back(id);
    }
    if (answering.size() < 2)
        return;
    Problem problem = j.problem(Rule::TwoPrimaries, Severity::Critical, cluster);
    j.hit(problem, Harm::DataWrong, cluster.name);
    for (const base::ServerId &id : answering) {
        problem.detail += (problem.detail.empty() ? "" : ", ") + id.text();
        const PostgresSample *sample = j.freshPostgres(id);
        problem.evidence.push_back(j.said(id, "in_recovery", std::string("no")));
        if (sample && sample->timeline)
            problem.evidence.push_back(j.said(id, "timeline", static_cast<std::int64_t>(*sample->timeline)));
    }
    out.push_back(std::move(problem));
}

void judgeIdentity(const Judgement &j, const ClusterFacts &cluster, Problems &out)
{
    for (const base::ServerId &id : j.fleet().cluster(cluster.name)->servers) {
        const PostgresSample *sample = j.freshPostgres(id);
        const Observation *observation = j.observation(id);
        const bool refusedAsOther = observation && observation->reach.lastError && observation->reach.lastError->code == base::ErrorCode::WrongServer;
        const bool other = sample && cluster.systemIdentifier && sample->systemIdentifier != 0 && sample->systemIdentifier != *cluster.systemIdentifier;
        if (!other && !refusedAsOther)
            continue;
        Problem problem = j.problem(Rule::WrongServer, Severity::Critical, id);
        j.hit(problem, Harm::DataWrong);
        if (other)
            problem.evidence.push_back(j.said(id, "system_identifier", std::to_string(sample->systemIdentifier), std::to_string(*cluster.systemIdentifier)));
        else
            problem.evidence.push_back(Judgement::seen("last_error", observation->reach.lastError->message));
        out.push_back(std::move(problem));
    }
}

} // namespace

void judgeClusters(const Judgement &j, Problems &out)
{
    for (const ClusterFacts &cluster : j.snapshot().clusters) {
        judgePrimaryDown(j, cluster, out);
        judgeNoPrimary(j, cluster, out);
        judgeTwoPrimaries(j, cluster, out);
        judgeIdentity(j, cluster, out);
    }
}

} // namespace shardlens::facts::rules
