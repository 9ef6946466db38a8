// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Calm.h"
#include "core/facts/rules/Judgement.h"
#include "core/facts/rules/Rules.h"

#include <algorithm>
#include <iterator>

namespace shardlens::facts::rules {

namespace {

/// The server that a mark is about; of a host, the first that it runs.
const fleet::Server *serverOf(const fleet::Fleet &fleet, const Mark &mark)
{
    const auto found = std::find_if(fleet.servers.begin(), fleet.servers.end(), [&](const fleet::Server &server) {
        return mark.subject == (mark.kind == Mark::Kind::Server ? server.id.text() : mark.kind == Mark::Kind::Host ? server.host.text() : server.region.text());
    });
    return found == fleet.servers.end() ? nullptr : &*found;
}

Problem evacuated(const Mark &mark)
{
    Problem problem;
    problem.rule = Rule::RegionEvacuated;
    problem.severity = Severity::Warning;
    problem.place.region = base::RegionName(mark.subject);
    problem.since = {mark.since, true};
    problem.detail = mark.by.databaseUser;
    problem.impact.harm = Harm::Untidy;
    problem.evidence.push_back(Judgement::seen("evacuated_since", mark.since));
    problem.evidence.push_back(Judgement::seen("reason", mark.reason));
    return problem;
}

/// One level is what a person reads. Log that is kept for a server there is told by itself, whatever it was folded under.
void takeExpected(Problem &evacuation, Problem problem, std::vector<Problem> &told)
{
    std::vector<Problem> nested;
    nested.swap(problem.consequences);
    nested.insert(nested.begin(), std::move(problem));
    for (Problem &one : nested) {
        if (one.rule == Rule::SlotFilling) {
            told.push_back(std::move(one));
            continue;
        }
        one.severity = std::max(one.severity, Severity::Warning);
        evacuation.consequences.push_back(std::move(one));
    }
}

} // namespace

std::vector<Problem> foldExpected(std::vector<Problem> problems, const Snapshot &snapshot)
{
    for (const Mark &mark : snapshot.shared ? snapshot.shared->marks : std::vector<Mark>()) {
        if (mark.kind != Mark::Kind::Region)
            continue;
        const auto isCalm = [&](const Problem &problem) {
            const Mark *by = calmedBy(problem, snapshot);
            return by && by->kind == Mark::Kind::Region && by->subject == mark.subject;
        };
        const auto first = std::stable_partition(problems.begin(), problems.end(), [&](const Problem &problem) { return !isCalm(problem); });
        if (first == problems.end())
            continue;
        Problem evacuation = evacuated(mark);
        std::vector<Problem> told;
        std::for_each(std::make_move_iterator(first), std::make_move_iterator(problems.end()), [&](Problem &&problem) { takeExpected(evacuation, std::move(problem), told); });
        problems.erase(first, problems.end());
        std::move(told.begin(), told.end(), std::back_inserter(problems));
        evacuation.evidence.insert(evacuation.evidence.begin(), Judgement::seen("problems_expected", std::int64_t(evacuation.consequences.size())));
        problems.push_back(std::move(evacuation));
    }
    return problems;
}

void judgeMarks(const Judgement &j, Problems &out)
{
    const Shared *shared = j.snapshot().shared.get();
    for (const Mark &mark : shared ? shared->marks : std::vector<Mark>()) {
        const fleet::Server *server = serverOf(j.fleet(), mark);
        if (!server || !mark.isOverdue(j.snapshot().takenUtc))
            continue;
        Problem problem = j.problem(Rule::MaintenanceOverdue, Severity::Warning, server->id);
        problem.since = {*mark.until, true};
        problem.subject = mark.subject;
        problem.detail = mark.by.databaseUser;
        problem.impact.harm = Harm::Untidy;
        problem.evidence.push_back(Judgement::seen("marked_until", *mark.until));
        problem.evidence.push_back(Judgement::seen("reason", mark.reason));
        out.push_back(std::move(problem));
    }
}

} // namespace shardlens::facts::rules
