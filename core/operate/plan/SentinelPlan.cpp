// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/plan/SentinelPlan.h"

#include "core/operate/checks/GroupChecks.h"
#include "core/operate/plan/GroupPlan.h"
#include "core/operate/plan/SentinelWriting.h"

#include <algorithm>

namespace shardlens::operate {

using base::ServerId;

namespace {

Checks checksToFollow(const GroupSight &sight)
{
    Checks checks;
    for (Check &check : checkGroupRoles(sight, Act::Switchover)) {
        if (check.id != CheckId::RecentMove) // that it was moved just now is why the addresses have to follow
            checks.push_back(std::move(check));
    }
    for (Check &check : checkStables(sight, Act::Failover))
        checks.push_back(std::move(check));
    std::stable_sort(checks.begin(), checks.end(), [](const Check &a, const Check &b) { return a.id < b.id; });
    return checks;
}

} // namespace

std::vector<Step> sentinelSteps(const GroupSight &sight, Act act, const ServerId &candidate)
{
    SentinelWriting writing(sight, act, candidate);
    writing.preferCandidate();
    if (act == Act::Switchover) {
        writing.proveCatchUp();
        writing.pauseBriefly();
        writing.refuseUntilLed();
        writing.sentinelSwitches();
    } else {
        writing.refuseUntilLed();
        writing.compareOffsets();
        writing.sentinelPromotes();
    }
    writing.raiseTerm();
    writing.pointStables();
    writing.demoteOld();
    writing.seeFollowers();
    writing.seeSentinels();
    writing.restorePriorities();
    writing.recordTerm();
    return writing.take();
}

base::Result<Plan> planToFollow(const GroupSight &sight, const Intent &intent)
{
    const ServerId &wanted = wantedOf(intent);
    const ServerId leader = sight.primary();
    if (!wanted.isEmpty() && wanted != leader)
        return base::fail(base::ErrorCode::BadInput, "Sentinel made '" + leader.text() + "' the primary of '" + sight.group().name.text() + "', not '" + wanted.text() + "'");
    Plan plan;
    plan.intent = intent;
    plan.to = leader;
    plan.takenAt = sight.snapshot().takenAt;
    plan.takenUtc = sight.snapshot().takenUtc;
    plan.fingerprint = fingerprintOf(sight);
    plan.checks = checksToFollow(sight);
    plan.loss.atLeast = plan.loss.atMost = facts::unknown(facts::WhyUnknown::NoValue, std::string(fleet::name(sight.group().manager)));
    SentinelWriting writing(sight, Act::Failover, leader);
    writing.sentinelLed();
    writing.raiseTerm();
    writing.pointStables();
    writing.letWrite();
    writing.seeThoseThatAnswer();
    writing.seeSentinels();
    writing.recordTerm();
    plan.steps = writing.take();
    return plan;
}

} // namespace shardlens::operate
