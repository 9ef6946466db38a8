// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/execute/Leftover.h"

#include "core/facts/derive/Settings.h"

namespace shardlens::execute {

using operate::Act;
using operate::SmallAct;
using operate::StepKind;

std::optional<SmallAct> remedyOf(const Operation &operation, const operate::Step &step, const fleet::Fleet &fleet)
{
    if (operation.cluster.isEmpty() || step.targets.size() != 1)
        return std::nullopt;
    const base::ServerId &target = step.targets.front();
    switch (step.kind) {
    case StepKind::Follow: return SmallAct{Act::RepointStandby, operation.cluster, target, {}, operation.to, {}};
    case StepKind::RejoinOld: return SmallAct{Act::RebuildStandby, operation.cluster, target, {}, {}, {}};
    case StepKind::LeaveSender:
        return SmallAct{Act::DropSlot, operation.cluster, target, facts::derive::replicationName(fleet, base::ServerId(step.detail)), {}, {}};
    case StepKind::PointLater: return SmallAct{Act::PointRouter, operation.cluster, target, step.detail, operation.to, {}};
    default: return std::nullopt;
    }
}

bool canBeTakenBack(const Operation &operation)
{
    return operation.act == operate::Act::PrepareCluster && operation.outcome == Outcome::Done;
}

} // namespace shardlens::execute
