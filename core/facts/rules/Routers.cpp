// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <algorithm>

namespace shardlens::facts::rules {

namespace {

/// A client that waits so long waits for more than its turn.
constexpr base::seconds longWait{1};
/// The same while the router opens a connection to the server: logging in takes some six round trips, and a far one takes 0.15 s.
constexpr base::seconds longWaitForLogin{3};
/// After a failed attempt a router holds its clients up to server_login_retry; longer than this is felt as an outage.
constexpr base::seconds slowRetry{1};

void judgeDown(const Judgement &j, const RouterFacts &router, Problems &out)
{
    if (!j.isDown(router.server))
        return;
    const auto guards = j.guardsThatReach(router.server);
    const bool heard = std::find(guards.begin(), guards.end(), router.region) != guards.end();
    Problem problem = j.problem(Rule::RouterDown, heard ? Severity::Warning : Severity::Critical, router.server);
    problem.detail = mannerOf(j, router.server);
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

/// The operation that paused it fell silent, and its region's guard has not found a primary yet to let it run for.
void addTakeOver(const Judgement &j, const RouterFacts &router, const RouterTarget &target, Problem &problem)
{
    for (const GuardReport &guard : j.snapshot().guards) {
        const auto found = guard.takenOver.find(target.cluster);
        if (guard.region == router.region && found != guard.takenOver.end())
            problem.evidence.push_back(Judgement::seen("held_by_the_guard", "operation " + found->second.operation + " was broken off; " + found->second.said));
    }
}

void judgeTarget(const Judgement &j, const RouterFacts &router, const RouterTarget &target, const RouterSample &sample, Problems &out)
{
    const bool misdirected = target.right && !*target.right;
    const RouterDatabase *database = databaseOf(sample, target.database);
    if (!database)
        return;
    if (misdirected) {
        const ClusterFacts *cluster = j.snapshot().cluster(target.cluster);
        // Reads at the primary are right reads in the wrong place; anything else is refused, or shows wrong data.
        const bool readsAtPrimary = target.forReads && cluster->primary && *target.leadsTo == *cluster->primary;
        Problem problem = atTarget(j, Rule::RouterMisdirected, readsAtPrimary ? Severity::Warning : Severity::Critical, router, target);
        problem.evidence.push_back(j.said(router.server, "leads_to", target.leadsTo->text()));
        if (cluster->primary && !target.forReads)
            problem.evidence.push_back(j.said(*cluster->primary, "primary", cluster->primary->text()));
        j.hit(problem, readsAtPrimary ? Harm::Slow : target.forReads ? Harm::DataWrong : Harm::WritesRefused, target.cluster, router.region);
        out.push_back(std::move(problem));
    }
    if (target.paused || database->disabled) {
        Problem problem = atTarget(j, Rule::RouterPaused, target.waiting > 0 || database->disabled ? Severity::Critical : Severity::Warning, router, target);
        problem.evidence.push_back(j.said(router.server, database->disabled ? "disabled" : "paused", std::string("yes")));
        problem.evidence.push_back(j.said(router.server, "clients_waiting", static_cast<std::int64_t>(target.waiting)));
        if (target.paused)
            addTakeOver(j, router, target, problem);
        j.hit(problem, target.forReads ? Harm::ReadsRefused : Harm::WritesRefused, target.cluster, router.region);
        out.push_back(std::move(problem));
    }
    const microseconds limit = database->serversLogin > 0 ? longWaitForLogin : longWait;
    if (target.waiting > 0 && database->longestWait > limit) {
        Problem problem = atTarget(j, Rule::RouterWaiting, Severity::Warning, router, target);
        problem.evidence.push_back(j.said(router.server, "longest_wait", database->longestWait, limit));
        problem.evidence.push_back(j.said(router.server, "clients_waiting", static_cast<std::int64_t>(target.waiting)));
        j.hit(problem, Harm::Slow, target.cluster, router.region);
        problem.since = {j.snapshot().takenUtc - database->longestWait, true};
        out.push_back(std::move(problem));
    }
}

/// Serves nobody: no database has a connection to a server, or opens one. Its counters of transactions say nothing here: they
/// count what clients ask when they ask it, though it is held.
bool standsStill(const RouterSample &sample)
{
    return std::all_of(sample.databases.begin(), sample.databases.end(),
                       [](const RouterDatabase &database) { return database.serversActive + database.serversIdle + database.serversLogin == 0; });
}

/// A global PAUSE shows nowhere in this version: clients wait, no server is used, and where they want to go all is well.
void judgeSuspectedPause(const Judgement &j, const RouterFacts &router, const RouterSample &sample, Problems &out)
{
    if (!standsStill(sample))
        return;
    std::int64_t waiting = 0;
    std::int64_t databases = 0;
    microseconds longest{0};
    Problem problem = j.problem(Rule::RouterSuspectedPaused, Severity::Critical, router.server);
    std::vector<base::ClusterName> clusters;
    for (const RouterTarget &target : router.targets) {
        const RouterDatabase *database = databaseOf(sample, target.database);
        if (!database || database->paused || database->disabled || database->clientsWaiting == 0)
            continue;
        if (!target.leadsTo || !j.isFresh(*target.leadsTo))
            return; // a server that is silent explains it
        ++databases;
        waiting += database->clientsWaiting;
        longest = std::max(longest, database->longestWait);
        if (!target.forReads)
            clusters.push_back(target.cluster);
    }
    if (databases == 0 || longest < longWait)
        return;
    problem.impact.harm = clusters.empty() ? Harm::ReadsRefused : Harm::WritesRefused;
    problem.impact.service = Service::Shards;
    j.population().fill(problem.impact, clusters);
    problem.impact.regions = {router.region};
    problem.evidence.push_back(j.said(router.server, "clients_waiting", waiting));
    problem.evidence.push_back(j.said(router.server, "longest_wait", longest, microseconds(longWait)));
    problem.evidence.push_back(j.said(router.server, "databases_waiting", databases));
    problem.evidence.push_back(j.said(router.server, "server_connections", std::int64_t{0}));
    problem.since = {*j.observation(router.server)->sampledUtc - longest, true};
    out.push_back(std::move(problem));
}

/// It met a server that refused it, and turns clients away until it dials again, though that server takes connections by now.
void judgeRetrying(const Judgement &j, const RouterFacts &router, const RouterSample &sample, Problems &out)
{
    const auto guard = std::find_if(j.snapshot().guards.begin(), j.snapshot().guards.end(), [&](const GuardReport &report) { return report.region == router.region; });
    if (!sample.serverLoginRetry || *sample.serverLoginRetry <= slowRetry || guard == j.snapshot().guards.end())
        return;
    for (const RouterTarget &target : router.targets) {
        const auto beat = guard->beats.find(target.cluster);
        if (target.forReads || !target.leadsTo || !j.isFresh(*target.leadsTo) || beat == guard->beats.end())
            continue;
        const auto &error = beat->second.error;
        if (!error || error->message.find("server_login_retry") == std::string::npos)
            continue;
        Problem problem = atTarget(j, Rule::RouterRetrying, Severity::Critical, router, target);
        j.hit(problem, Harm::WritesRefused, target.cluster, router.region);
        problem.evidence.push_back(j.said(router.server, "server_login_retry", *sample.serverLoginRetry, microseconds(slowRetry)));
        problem.evidence.push_back(Judgement::seen("write_from_" + router.region.text(), error->message));
        if (beat->second.committedUtc)
            problem.since = {*beat->second.committedUtc, true};
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
        judgeSuspectedPause(j, router, *sample, out);
        judgeRetrying(j, router, *sample, out);
    }
}

} // namespace shardlens::facts::rules
