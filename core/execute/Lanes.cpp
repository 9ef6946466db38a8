// SPDX-License-Identifier: GPL-3.0-or-later
// How a step becomes lanes, forwards and backwards.
#include "core/execute/Lane.h"

#include <algorithm>

namespace shardlens::execute {

using operate::By;
using operate::Command;
using operate::StepKind;

namespace {

/// The lane of that server; made where there is none yet.
Lane &laneOn(std::vector<Lane> &lanes, std::vector<base::ServerId> &servers, const base::ServerId &on)
{
    const auto found = std::find(servers.begin(), servers.end(), on);
    if (found != servers.end())
        return lanes[static_cast<std::size_t>(found - servers.begin())];
    servers.push_back(on);
    lanes.emplace_back();
    return lanes.back();
}

/// A Redis primary takes writes again: as many replicas as it asks for, which the plan says where it takes the step back.
std::optional<Command> refusedNoMore(Command look, const std::vector<Command> &undo)
{
    constexpr std::string_view start = "CONFIG SET min-replicas-to-write ";
    for (const Command &command : undo) {
        if (!command.text.starts_with(start))
            continue;
        look.expects = "INFO min-replicas-to-write=" + command.text.substr(start.size());
        return look;
    }
    return std::nullopt;
}

/// How it is seen that a step's verification holds no more. Nothing where the plan's way of looking cannot tell.
std::optional<Command> undoneLook(const operate::Step &step, Command look)
{
    switch (step.kind) {
    case StepKind::PauseRouters:
    case StepKind::PauseRouter:
    case StepKind::KillRouters: {
        const std::size_t at = look.expects.rfind("paused = 1");
        if (at == std::string::npos)
            return std::nullopt;
        look.expects.replace(at, std::string::npos, "paused = 0");
        return look;
    }
    case StepKind::Brake: look.expects = "off"; return look;
    case StepKind::RefuseWrites: return refusedNoMore(std::move(look), step.undo);
    case StepKind::PauseReplay: look.expects = look.expects == "t" ? "f" : "not paused"; return look;
    default: return std::nullopt;
    }
}

} // namespace

std::string Lane::byHand() const
{
    std::string texts;
    for (const auto *part : {&preconditions, &commands, &verifications}) {
        for (const Command &command : *part) {
            if (command.by == By::Hand)
                texts += (texts.empty() ? "on " : "; on ") + command.on.text() + ": " + command.text;
        }
    }
    return texts;
}

std::vector<Lane> lanesOf(const operate::Step &step)
{
    if (step.targets.size() < 2)
        return {{step.preconditions, step.commands, step.verifications}};
    std::vector<Lane> lanes;
    std::vector<base::ServerId> servers;
    for (const Command &command : step.preconditions)
        laneOn(lanes, servers, command.on).preconditions.push_back(command);
    for (const Command &command : step.commands)
        laneOn(lanes, servers, command.on).commands.push_back(command);
    for (const Command &command : step.verifications)
        laneOn(lanes, servers, command.on).verifications.push_back(command);
    return lanes;
}

std::vector<Lane> undoLanesOf(const operate::Step &step)
{
    std::vector<Lane> lanes;
    std::vector<base::ServerId> servers;
    for (const Command &command : step.undo) {
        // What a manager must say first is waited for.
        const bool isAsked = command.by == By::Manager && !command.expects.empty();
        Lane &lane = laneOn(lanes, servers, command.on);
        (isAsked ? lane.preconditions : lane.commands).push_back(command);
    }
    for (const Command &command : step.verifications) {
        const auto look = undoneLook(step, command);
        if (look && std::find(servers.begin(), servers.end(), look->on) != servers.end())
            laneOn(lanes, servers, look->on).verifications.push_back(*look);
    }
    return lanes;
}

Lane takeReadings(Lane &lane)
{
    const auto end = std::find_if(lane.commands.begin(), lane.commands.end(), [](const Command &command) { return command.keepsAs.empty(); });
    if (end == lane.commands.end())
        return {};
    Lane readings;
    readings.commands.assign(lane.commands.begin(), end);
    lane.commands.erase(lane.commands.begin(), end);
    return readings;
}

} // namespace shardlens::execute
