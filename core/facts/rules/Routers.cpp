// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// A client that waits so long waits for more than its turn.
constexpr base::seconds longWait{1};

void judgeDown(const Judgement &j, const RouterFacts &router, Problems &out)
{
    if (!j.isDown(router.server))
        return;
    const auto guards = j.guardsThatReach(router.server);
    const bool heard = std::find(guards.begin(), guards.end(), router.region) != guards.end();
    Problem problem = j.problem(Rule::RouterDown, heard ? Severity::Warning : Severity::Critical, router.server);
    j.addSilence(problem, router.server);
    problem.impact.harm = heard ? Harm::NotSeen : Harm::WritesRefused;
    problem.impact.service = Service::Shards;
    problem.impact.regions = {router.region};
    if (heard)
        problem.evidence.push_back(Judgement::seen("guard_reaches_it", router.region.text()));
    out.push_back(std::move(problem));
}

/// Databases come sorted by name.
const RouterDatabase *databaseOf(const RouterSample &sample, const std::string &name)
{
    const auto found = std::lower_bound(sample.databases.begin(), sample.databases.end(), name, [](const RouterDatabase &d, const std::string &wanted) { return d.name < wanted; });
    return found == sample.databases.end() || found->name != name ? nullptr : &*found;
}

Problem atTarget(const Judgement &j, Rule rule, Severity severity, const RouterFacts &router, const RouterTarget &target)
{
    Problem problem = j.problem(rule, severity, router.server);
    problem.place.cluster = target.cluster;
    problem.subject = target.database;
    problem.detail = target.database;
    return problem;
}

void judgeTarget(const Judgement &j, const RouterFacts &router, const RouterTarget &target, const RouterSample &sample, Problems &out)
{
    const bool misdirected = target.right && !*target.right;
    const RouterDatabase *database = databaseOf(sample, target.database);
    if (!database)
        return;
    if (misdirected) {
        const ClusterFacts *cluster = j.snapshot().cluster(target.cluster);
        Problem problem = atTarget(j, Rule::RouterMisdirected, Severity::Critical, router, target);
        problem.evidence.push_back(j.said(router.server, "leads_to", target.leadsTo->text()));
        if (cluster->primary && !target.forReads)
            problem.evidence.push_back(j.said(*cluster->primary, "primary", cluster->primary->text()));
        j.hit(problem, target.forReads ? Harm::DataWrong : Harm::WritesRefused, target.cluster, router.region);
        out.push_back(std::move(problem));
    }
    if (target.paused || database->disabled) {
        Problem problem = atTarget(j, Rule::RouterPaused, target.waiting > 0 || database->disabled ? Severity::Critical : Severity::Warning, router, target);
        problem.evidence.push_back(j.said(router.server, database->disabled ? "disabled" : "paused", std::string("yes")));
        problem.evidence.push_back(j.said(router.server, "clients_waiting", static_cast<std::int64_t>(target.waiting)));
        j.hit(problem, target.forReads ? Harm::ReadsRefused : Harm::WritesRefused, target.cluster, router.region);
        out.push_back(std::move(problem));
    }
    if (target.waiting > 0 && database->longestWait > longWait) {
        Problem problem = atTarget(j, Rule::RouterWaiting, Severity::Warning, router, target);
        problem.evidence.push_back(j.said(router.server, "longest_wait", database->longestWait, microseconds(longWait)));
        problem.evidence.push_back(j.said(router.server, "clients_waiting", static_cast<std::int64_t>(target.waiting)));
        j.hit(problem, Harm::Slow, target.cluster, router.region);
        problem.since = {j.snapshot().takenUtc - database->longestWait, true};
        out.push_back(std::move(problem));
    }
}

} // namespace

void judgeRouters(const Judgement &j, Problems &out)
{
    for (const RouterFacts &router : j.snapshot().routers) {
        judgeDown(j, router, out);
        const RouterSample *sample = j.freshRouter(router.server);
        if (!sample)
            continue;
        for (const RouterTarget &target : router.targets)
            judgeTarget(j, router, target, *sample, out);
    }
}

} // namespace shardlens::facts::rules
