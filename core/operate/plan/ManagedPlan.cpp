// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/plan/ManagedPlan.h"

#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ServerId;

/// From the new primary's first write on: the same whoever promoted it. `stopped`: the primary of before, of a failover. `isAsked`: its
/// manager was told to act.
void writeOurs(Writing &writing, const Sight &sight, const ServerId &stopped, bool isAsked)
{
    writing.raiseTerm();
    writing.writeMarker();
    writing.pointRouters();
    writing.waitClock();
    writing.resumeRouters();
    writing.readMarker();
    writing.pointLater();
    writing.seeManaged();
    writing.pointReads();
    writing.recordTerm();
    if (sight.cluster().manager != fleet::Manager::Repmgr)
        return;
    if (isAsked)
        writing.seeRepmgr();
    writing.rejoinByRepmgr(stopped); // it rejoins nobody by itself
}

/// Where writes still go, of this cluster; empty: nobody knows.
ServerId whereRoutersLead(const Sight &sight)
{
    const auto &members = sight.cluster().servers;
    for (const RouterUse &use : sight.routers()) {
        const auto &leadsTo = use.writes->leadsTo;
        if (leadsTo && *leadsTo != sight.primary() && std::find(members.begin(), members.end(), *leadsTo) != members.end())
            return *leadsTo;
    }
    return {};
}

Checks checksToFollow(const Sight &sight)
{
    Checks checks;
    for (Check &check : checkRoles(sight, Act::Switchover)) {
        // That it was moved just now is why the routers have to follow; who leads tells any of its members.
        if (check.id != CheckId::RecentMove && check.id != CheckId::ManagerAnswers)
            checks.push_back(std::move(check));
    }
    for (Check &check : checkManager(sight, Act::Failover)) {
        if (check.id == CheckId::ManagerAnswers)
            checks.push_back(std::move(check));
    }
    for (Check &check : checkRouters(sight, Act::Failover)) {
        if (check.id != CheckId::RoutersRight)
            checks.push_back(std::move(check));
    }
    std::stable_sort(checks.begin(), checks.end(), [](const Check &a, const Check &b) { return a.id < b.id; });
    return checks;
}

} // namespace

std::vector<Step> managedSteps(const Sight &sight, Act act, const ServerId &candidate, bool warms, const std::vector<ServerId> &shuns)
{
    Writing writing(sight, act, candidate);
    writing.shun(shuns);
    if (warms)
        writing.warmTarget();
    if (act == Act::Switchover) {
        if (sight.cluster().manager == fleet::Manager::Repmgr)
            writing.rehearseRepmgr();
        writing.proveCatchUp();
        writing.pauseRouters();
        writing.readFinal();
        writing.catchUp();
        writing.managerSwitches();
    } else {
        writing.killRouters();
        if (sight.cluster().manager == fleet::Manager::Repmgr)
            writing.fence(); // it fences nobody
        writing.managerPromotes();
    }
    writeOurs(writing, sight, act == Act::Failover ? sight.primary() : ServerId(), true);
    return writing.take();
}

base::Result<Plan> planToFollow(const Sight &sight, const Intent &intent)
{
    const ServerId &wanted = wantedOf(intent);
    const ServerId leader = sight.primary();
    if (!wanted.isEmpty() && wanted != leader)
        return base::fail(base::ErrorCode::BadInput, std::string(fleet::name(sight.cluster().manager)) + " made '" + leader.text() + "' the primary of '" +
                                                         sight.cluster().name.text() + "', not '" + wanted.text() + "'");
    Plan plan;
    plan.intent = intent;
    plan.from = whereRoutersLead(sight);
    plan.to = leader;
    plan.takenAt = sight.snapshot().takenAt;
    plan.takenUtc = sight.snapshot().takenUtc;
    plan.shards = sight.facts().shardCount;
    plan.fingerprint = fingerprintOf(sight);
    plan.checks = checksToFollow(sight);
    plan.loss.atLeast = plan.loss.atMost = facts::unknown(facts::WhyUnknown::NoValue, std::string(fleet::name(sight.cluster().manager)));
    Writing writing(sight, Act::Failover, leader);
    writing.killRouters();
    writing.managerLed();
    writeOurs(writing, sight, plan.from, false);
    plan.steps = writing.take();
    return plan;
}

} // namespace shardlens::operate
