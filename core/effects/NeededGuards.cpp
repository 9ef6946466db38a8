// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/NeededGuards.h"

#include "core/operate/GroupSight.h"

#include <algorithm>

namespace shardlens::effects {

namespace {

using base::RegionName;
using base::ServerId;
using operate::Act;

/// A person leads it: its guard did not answer when this was planned.
bool isByHand(const operate::Step &step, const ServerId &target)
{
    return std::any_of(step.commands.begin(), step.commands.end(), [&](const operate::Command &one) { return one.on == target && one.by == operate::By::Hand; });
}

/// Nothing: its region's guard is not needed for what the step does there.
std::optional<RegionName> regionNeeded(const fleet::Fleet &fleet, Act act, const operate::Step &step, const ServerId &target)
{
    const bool isSwitchover = act == Act::Switchover;
    if (const auto region = operate::regionOfStable(target))
        return isSwitchover || !isByHand(step, target) ? region : std::nullopt;
    const fleet::Server *server = fleet.server(target);
    if (!server)
        return std::nullopt;
    const bool isRouter = server->kind == fleet::ServerKind::Pgbouncer && step.kind != operate::StepKind::PointLater;
    return isRouter || (isSwitchover && !step.mayBeLeft) ? std::optional(server->region) : std::nullopt;
}

} // namespace

std::set<RegionName> regionsNotNeeded(const fleet::Fleet &fleet, const execute::Operation &operation)
{
    std::set<RegionName> regions;
    if (!operate::isMove(operation.act))
        return regions;
    for (const fleet::Guard &guard : fleet.guards)
        regions.insert(guard.region);
    for (const operate::Step &step : operation.steps) {
        for (const ServerId &target : step.targets) {
            if (const auto region = regionNeeded(fleet, operation.act, step, target))
                regions.erase(*region);
        }
    }
    // Through a manager no step may act on the old primary, and it is stopped all the same.
    for (const ServerId &member : {operation.from, operation.to}) {
        const fleet::Server *server = operation.act == Act::Switchover ? fleet.server(member) : nullptr;
        if (server)
            regions.erase(server->region);
    }
    return regions;
}

} // namespace shardlens::effects
