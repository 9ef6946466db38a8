// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/plan/SmallPlan.h"

#include "core/operate/checks/Checks.h"
#include "core/operate/plan/Writing.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

using base::ErrorCode;
using base::ServerId;

bool isOnRouter(Act act)
{
    return act == Act::PauseRouter || act == Act::ResumeRouter || act == Act::PointRouter;
}

bool isMember(const Sight &sight, const ServerId &id)
{
    const auto &members = sight.cluster().servers;
    return std::find(members.begin(), members.end(), id) != members.end();
}

bool isPid(const std::string &text)
{
    return !text.empty() && text.size() <= 9 &&
           std::all_of(text.begin(), text.end(), [](char letter) { return letter >= '0' && letter <= '9'; });
}

base::Result<void> isWhole(const Sight &sight, const SmallAct &act)
{
    const std::string cluster = sight.cluster().name.text();
    const auto none = [&](const ServerId &id) {
        return base::fail(ErrorCode::NotFound, "'" + id.text() + "' is no server of the cluster '" + cluster + "'");
    };
    if (isOnRouter(act.act) && !targetNamed(sight, act.on, act.object))
        return base::fail(ErrorCode::NotFound,
                          "the router '" + act.on.text() + "' leads no database '" + act.object + "' to the cluster '" + cluster + "'");
    if (act.act == Act::PrepareCluster && !act.object.empty() && act.object != withWarming)
        return base::fail(ErrorCode::BadInput, "a cluster is not prepared for '" + act.object + "'");
    if (act.act != Act::PrepareCluster && !isOnRouter(act.act) && !isMember(sight, act.on))
        return none(act.on);
    const bool needsTo = act.act == Act::PointRouter || act.act == Act::RepointStandby;
    if (needsTo && !isMember(sight, act.to))
        return none(act.to);
    if (act.act == Act::RepointStandby && act.to == act.on)
        return base::fail(ErrorCode::BadInput, "a standby cannot receive from itself");
    if (act.act == Act::RebuildStandby && act.to == act.on)
        return base::fail(ErrorCode::BadInput, act.to == sight.primary() ? "a primary is not rebuilt: move it away first" : "a standby cannot be copied from itself");
    if (act.act == Act::RebuildStandby && !act.to.isEmpty() && !isMember(sight, act.to))
        return none(act.to);
    if (act.act == Act::DropSlot && act.object.empty())
        return base::fail(ErrorCode::BadInput, "which slot is to be dropped is not said");
    if (act.act == Act::EndBackend && !isPid(act.object))
        return base::fail(ErrorCode::BadInput, "'" + act.object + "' is no backend's pid");
    return {};
}

/// From whom it receives now; empty if that is not known, or nobody.
ServerId senderOf(const Sight &sight, const ServerId &standby)
{
    const facts::StandbyLag *lag = sight.lag(standby);
    return lag ? lag->upstream : ServerId();
}

std::vector<Step> smallSteps(const Sight &sight, const SmallAct &act)
{
    Writing writing(sight, act.act, act.to);
    switch (act.act) {
    case Act::PauseRouter: writing.pauseRouter(act.on, act.object); break;
    case Act::ResumeRouter: writing.resumeRouter(act.on, act.object, *targetNamed(sight, act.on, act.object)); break;
    case Act::PointRouter: writing.pointRouter(act.on, *targetNamed(sight, act.on, act.object), act.to); break;
    case Act::PauseReplay: writing.pauseReplay(act.on); break;
    case Act::ResumeReplay: writing.resumeReplay(act.on); break;
    case Act::RepointStandby:
        writing.repoint(act.on, act.to);
        if (const ServerId sender = senderOf(sight, act.on); !sender.isEmpty() && sender != act.to && isMember(sight, sender))
            writing.leaveSender(act.on, sender);
        break;
    case Act::RebuildStandby:
        if (!act.to.isEmpty() && !whoTellsConnection(sight, act.on).isEmpty())
            writing.rebuild(act.on, act.to);
        break;
    case Act::DropSlot: writing.dropSlot(act.on, act.object); break;
    case Act::LiftBrake: writing.liftBrake(act.on); break;
    case Act::EndBackend: writing.endBackend(act.on, act.object, act.began); break;
    case Act::PrepareCluster:
        if (!sight.primary().isEmpty())
            writing.prepare(partsToMake(sight, act));
        break;
    case Act::Switchover:
    case Act::Failover: break;
    }
    return writing.take();
}

} // namespace

base::Result<Plan> planForSmall(const Sight &sight, const SmallAct &asked)
{
    SmallAct act = asked;
    if (act.act == Act::RebuildStandby && act.to.isEmpty())
        act.to = sight.primary();
    if (const auto whole = isWhole(sight, act); !whole)
        return base::fail(whole.error());
    Plan plan;
    plan.intent = asked;
    plan.from = sight.primary();
    plan.to = act.to;
    plan.takenAt = sight.snapshot().takenAt;
    plan.takenUtc = sight.snapshot().takenUtc;
    plan.shards = sight.facts().shardCount;
    plan.term = sight.term().value_or(0);
    plan.fingerprint = fingerprintOf(sight);
    plan.checks = checkSmall(sight, act);
    plan.steps = smallSteps(sight, act);
    std::stable_sort(plan.checks.begin(), plan.checks.end(), [](const Check &a, const Check &b) { return a.id < b.id; });
    return plan;
}

} // namespace shardlens::operate
