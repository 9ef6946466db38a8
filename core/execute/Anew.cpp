// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Anew.h"

#include <algorithm>
#include <initializer_list>

namespace shardlens::execute {

using base::ServerId;
using operate::Act;
using operate::Check;
using operate::CheckId;
using operate::StepKind;
using operate::Verdict;

namespace {

tl::unexpected<base::Error> refusal(const std::string &why)
{
    return base::fail(base::ErrorCode::Rejected, why);
}

std::vector<ServerId> writableOf(const Operation &operation, const facts::Snapshot &seen)
{
    const facts::RedisGroupFacts *group = operation.group.isEmpty() ? nullptr : seen.redisGroup(operation.group);
    const facts::ClusterFacts *cluster = group ? nullptr : seen.cluster(operation.cluster);
    return group ? group->writable : cluster ? cluster->writable : std::vector<ServerId>();
}

bool isManaged(const Operation &operation, const fleet::Fleet &fleet)
{
    const fleet::RedisGroup *group = operation.group.isEmpty() ? nullptr : fleet.redisGroup(operation.group);
    const fleet::Cluster *cluster = group ? nullptr : fleet.cluster(operation.cluster);
    return (group && group->manager != fleet::Manager::None) || (cluster && cluster->manager != fleet::Manager::None);
}

/// A journal that may be short does not tell of all that was begun.
bool hasBegun(const Operation &operation, std::initializer_list<StepKind> kinds)
{
    for (std::size_t i = 0; i < operation.steps.size() && i < operation.progress.size(); ++i) {
        const bool isMeant = std::find(kinds.begin(), kinds.end(), operation.steps[i].kind) != kinds.end();
        const StepState state = operation.progress[i].state;
        if (isMeant && (operation.mayBeShort || (state != StepState::Waiting && state != StepState::Undone)))
            return true;
    }
    return false;
}

/// A Redis server that was promoted, and started anew as a replica, has from its file that it refuses writes until all stable addresses lead to it.
bool hasShutCandidate(const Operation &operation)
{
    for (std::size_t i = 0; i < operation.steps.size() && i < operation.progress.size() && !operation.group.isEmpty(); ++i) {
        const StepKind kind = operation.steps[i].kind;
        if ((kind == StepKind::RaiseTerm || kind == StepKind::WriteMarker) && (operation.mayBeShort || operation.progress[i].beganAt))
            return true;
    }
    return false;
}

/// What its own steps left behind, a check cannot tell from what somebody else did. Each is done, and seen, once more.
bool isOwnDoing(const Operation &operation, const Check &check)
{
    switch (check.id) {
    case CheckId::RecentMove: return true; // one before it began was judged then; one after it has raised the term past its own
    case CheckId::RoutersRun: return hasBegun(operation, {StepKind::PauseRouters, StepKind::KillRouters});
    case CheckId::CommitsWaiting: // for a standby that follows the candidate already
    case CheckId::SyncAfter:
    case CheckId::WalSenders: return hasBegun(operation, {StepKind::Follow, StepKind::FollowFirst});
    case CheckId::StableAddresses: // they lead to one that refuses writes, and sends fewer pings
    case CheckId::OffsetLag: return hasBegun(operation, {StepKind::PauseWrites, StepKind::RefuseWrites});
    case CheckId::CandidateBrake: return hasShutCandidate(operation);
    case CheckId::ReplicaPriority:
    case CheckId::ManagerAllows: return hasBegun(operation, {StepKind::PreferCandidate});
    case CheckId::OldPrimaryStopped: return hasBegun(operation, {StepKind::Fence, StepKind::Stonith});
    case CheckId::PrimaryGone: // whoever could say so was cut off from it; that it answers is no doing of ours
    case CheckId::RoutersRight:
        return check.verdict == Verdict::Unknown && hasBegun(operation, {StepKind::KillRouters, StepKind::StopReceivers, StepKind::CutLinks});
    default: return false;
    }
}

bool isForcedStill(const Operation &operation, const Check &check)
{
    return check.forceable && std::any_of(operation.forced.begin(), operation.forced.end(),
                                          [&](const Forced &one) { return one.check == check.id && !one.reason.empty(); });
}

/// Where nobody dials the old primary any more it is not known who that was: then what stands against the candidate is all there is.
operate::Checks checksOf(const operate::Plan &plan, const ServerId &candidate)
{
    operate::Checks checks = plan.checks;
    for (const operate::Candidate &one : plan.candidates) {
        if (plan.steps.empty() && one.server == candidate)
            checks.insert(checks.end(), one.checks.begin(), one.checks.end());
    }
    return checks;
}

/// A Redis primary that came back empty answers, and is left all the same.
bool isSeenGone(const base::Result<operate::Plan> &plan)
{
    return plan && std::any_of(plan->checks.begin(), plan->checks.end(),
                               [](const Check &check) { return check.id == CheckId::PrimaryGone && check.verdict == Verdict::Passed; });
}

base::Result<void> mayLeave(const Operation &operation, const facts::Snapshot &seen, const base::Result<operate::Plan> &plan)
{
    const bool movesByItself = isManaged(operation, *seen.fleet); // whom its manager promoted the plan tells
    for (const ServerId &id : writableOf(operation, seen)) {
        if (id != operation.from && !movesByItself)
            return refusal(id.text() + " takes writes, and this operation did not promote it");
        if (id == operation.from && operation.act == Act::Failover && !isSeenGone(plan))
            return refusal(id.text() + " answers as a primary again: going on would lose what it has acknowledged since this broke off");
    }
    if (plan && !movesByItself && !plan->from.isEmpty() && plan->from != operation.from)
        return refusal(plan->from.text() + " is the primary now, not " + operation.from.text());
    return {};
}

} // namespace

base::Result<void> judgeAnew(const Operation &operation, const facts::Snapshot &seen, const base::Result<operate::Plan> &plan)
{
    if (!operate::isMove(operation.act))
        return {};
    if (const auto may = mayLeave(operation, seen, plan); !may)
        return may;
    if (!plan)
        return refusal(plan.error().message);
    std::string names;
    for (const Check &check : checksOf(*plan, operation.to)) {
        if (operate::isBlocking(check) && !isForcedStill(operation, check) && !isOwnDoing(operation, check))
            names += (names.empty() ? "" : ", ") + std::string(operate::name(check.id));
    }
    if (!names.empty())
        return refusal("it is blocked now by " + names);
    return {};
}

} // namespace shardlens::execute
