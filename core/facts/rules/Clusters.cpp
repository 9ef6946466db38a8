// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <algorithm>
#include <set>

namespace shardlens::facts::rules {

namespace {

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
    // All may be well where a guard reaches them: then only our own way is cut.
    const bool heard = allDown && std::any_of(declared->servers.begin(), declared->servers.end(), [&](const base::ServerId &id) { return !j.guardsThatReach(id).empty(); });
    Problem problem = j.problem(Rule::NoPrimary, heard ? Severity::Warning : Severity::Critical, cluster);
    j.hit(problem, heard ? Harm::NotSeen : Harm::WritesRefused, cluster.name);
    problem.detail = allDown ? "silent" : std::string();
    std::set<base::RegionName> reaching; // each once, whichever members it reaches
    for (const base::ServerId &id : declared->servers) {
        for (const base::RegionName &region : allDown ? j.guardsThatReach(id) : std::vector<base::RegionName>()) {
            if (reaching.insert(region).second)
                problem.evidence.push_back(Judgement::seen("guard_reaches_it", region.text()));
        }
    }
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
