// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// The server that a mark is about; of a host, the first that it runs.
const fleet::Server *serverOf(const fleet::Fleet &fleet, const Mark &mark)
{
    const auto found = std::find_if(fleet.servers.begin(), fleet.servers.end(), [&](const fleet::Server &server) {
        return mark.subject == (mark.kind == Mark::Kind::Server ? server.id.text() : server.host.text());
    });
    return found == fleet.servers.end() ? nullptr : &*found;
}

} // namespace

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
