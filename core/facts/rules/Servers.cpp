// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <cstdlib>

namespace shardlens::facts::rules {

namespace {

void judgeLate(const Judgement &j, const base::ServerId &id, const Reach &reach, Problems &out)
{
    // One that never answered is still being asked: its first connection takes several round trips. It is told once it is down.
    if (reach.state != ReachState::Late || !reach.lastAnswer)
        return;
    Problem problem = j.problem(Rule::ServerLate, Severity::Warning, id);
    j.hit(problem, Harm::Slow);
    if (reach.silentSince)
        problem.evidence.push_back(Judgement::seen("silent_for", std::chrono::duration_cast<microseconds>(j.snapshot().takenAt - *reach.silentSince), microseconds(j.thresholds().deadline)));
    if (reach.lastError)
        problem.evidence.push_back(Judgement::seen("last_error", reach.lastError->message));
    if (reach.silentSinceUtc)
        problem.since = {*reach.silentSinceUtc, true};
    out.push_back(std::move(problem));
}

bool isSlow(const Reach &reach, const fleet::Thresholds &thresholds)
{
    if (reach.state != ReachState::Answering || !reach.latency || !reach.usualLatency)
        return false;
    const auto limit = std::chrono::duration<double, std::micro>(static_cast<double>(reach.usualLatency->count()) * thresholds.slowFactor);
    return *reach.latency > limit && *reach.latency > thresholds.slowFloor;
}

void judgeSlow(const Judgement &j, const base::ServerId &id, const Reach &reach, Problems &out)
{
    if (!isSlow(reach, j.thresholds()))
        return;
    Problem problem = j.problem(Rule::ServerSlow, Severity::Warning, id);
    j.hit(problem, Harm::Slow);
    problem.evidence.push_back(Judgement::seen("latency", *reach.latency));
    problem.evidence.push_back(Judgement::seen("usual_latency", *reach.usualLatency));
    out.push_back(std::move(problem));
}

void judgeClock(const Judgement &j, const base::ServerId &id, Problems &out)
{
    const PostgresSample *sample = j.freshPostgres(id);
    if (!sample || !sample->clockOffset)
        return;
    // Half of the round trip is how well the offset can be known.
    const microseconds doubt = j.observation(id)->reach.latency.value_or(microseconds(0)) / 2;
    const microseconds off(std::abs(sample->clockOffset->count()));
    if (off - doubt <= j.thresholds().clockSkew)
        return;
    Problem problem = j.problem(Rule::ClockSkew, Severity::Warning, id);
    problem.evidence.push_back(j.said(id, "clock_offset", *sample->clockOffset, microseconds(j.thresholds().clockSkew)));
    out.push_back(std::move(problem));
}

template <class T>
void addDenied(const Judgement &j, const base::ServerId &id, const char *reading, const Known<T> &value, std::vector<Evidence> &evidence)
{
    if (value || (value.error().why != WhyUnknown::NoRights && value.error().why != WhyUnknown::Unreadable))
        return;
    evidence.push_back(j.said(id, reading, value.error().detail));
}

/// What this user may not read, or what came in a form nobody understands: one problem a server, not one a fact.
void judgeUnknown(const Judgement &j, const base::ServerId &id, Problems &out)
{
    const PostgresSample *sample = j.freshPostgres(id);
    if (!sample)
        return;
    std::vector<Evidence> denied;
    addDenied(j, id, "replication", sample->receiver, denied);
    addDenied(j, id, "slots", sample->slots, denied);
    addDenied(j, id, "connections", sample->connections, denied);
    addDenied(j, id, "heartbeats", sample->heartbeats, denied);
    addDenied(j, id, "term", sample->term, denied);
    addDenied(j, id, "settings", sample->settings, denied);
    if (denied.empty())
        return;
    Problem problem = j.problem(Rule::FactUnknown, Severity::Unknown, id);
    problem.evidence = std::move(denied);
    const ClusterFacts *cluster = j.snapshot().cluster(problem.place.cluster);
    problem.detail = problem.evidence.front().reading;
    for (const StandbyLag &lag : cluster->standbys) {
        if (lag.standby == id && !lag.time)
            problem.detail = "lag";
    }
    out.push_back(std::move(problem));
}

} // namespace

void judgeServers(const Judgement &j, Problems &out)
{
    for (const auto &[id, observation] : j.snapshot().servers) {
        judgeLate(j, id, observation->reach, out);
        judgeSlow(j, id, observation->reach, out);
        judgeClock(j, id, out);
        judgeUnknown(j, id, out);
    }
}

} // namespace shardlens::facts::rules
