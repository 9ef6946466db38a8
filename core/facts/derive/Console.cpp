// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Derive.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

constexpr base::seconds longestAfterStall{30};

void noteStall(const TickInput &input, Snapshot &snapshot, std::optional<StallMemory> &memory)
{
    if (input.stall) {
        memory.emplace(StallMemory{*input.stall, input.takenAt, {}});
        for (const auto &[id, seen] : snapshot.servers) {
            if (seen->reach.state == ReachState::Answering)
                memory->awaited.push_back(id);
        }
    }
    if (!memory)
        return;
    std::erase_if(memory->awaited, [&](const base::ServerId &id) {
        const Observation *seen = snapshot.observation(id);
        return !seen || (seen->sampledAt && *seen->sampledAt >= memory->endedAt);
    });
    if (memory->awaited.empty() || input.takenAt - memory->endedAt > longestAfterStall)
        memory.reset();
    else
        snapshot.stall = memory->stall;
}

/// Refusals are answers: whoever says no is there, and the way to it.
bool isSilent(const Reach &reach)
{
    return (reach.state == ReachState::Late || reach.state == ReachState::Down) && !(reach.lastError && reach.lastError->code == base::ErrorCode::Rejected);
}

void noteIsolation(const TickInput &input, Snapshot &snapshot, std::optional<UtcTime> &memory)
{
    const bool noServer = std::all_of(snapshot.servers.begin(), snapshot.servers.end(), [](const auto &entry) { return isSilent(entry.second->reach); });
    const bool noGuard = std::all_of(snapshot.guards.begin(), snapshot.guards.end(), [](const GuardReport &guard) { return isSilent(guard.reach); });
    if (snapshot.servers.empty() || !noServer || !noGuard) {
        memory.reset();
        return;
    }
    if (!memory) {
        UtcTime since = input.observingSinceUtc;
        for (const auto &[id, seen] : snapshot.servers)
            since = std::max(since, seen->reach.lastAnswerUtc.value_or(since));
        memory = since;
    }
    snapshot.isolatedSince = memory;
}

} // namespace

void noteConsole(const TickInput &input, Snapshot &snapshot, Memory::Data &memory)
{
    noteStall(input, snapshot, memory.stall);
    noteIsolation(input, snapshot, memory.isolatedSince);
}

} // namespace shardlens::facts::derive
