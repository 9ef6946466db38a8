// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Heartbeats.h"

#include <algorithm>

namespace shardlens::facts::derive {

namespace {

constexpr std::size_t beatsKept = 128;

/// When the beat that a standby shows was first seen on the primary: exactly where it was seen, else reckoned back from a
/// beat that was, by the guard's own clock (both beats carry its time, so no two clocks are compared).
std::optional<Instant> firstSeen(const std::deque<SeenBeat> &seen, const HeartbeatRow &row)
{
    if (seen.empty())
        return std::nullopt;
    const auto at = std::lower_bound(seen.begin(), seen.end(), row.sequence, [](const SeenBeat &beat, std::int64_t sequence) { return beat.sequence < sequence; });
    if (at == seen.end())
        return Instant::max();
    if (at != seen.begin() || at->sequence == row.sequence)
        return at->firstSeen;
    return at->firstSeen - (at->beat - row.beat);
}

} // namespace

void noteBeats(const Tick &tick, const Roles &roles, ClusterMemory &memory)
{
    if (!roles.primary || !tick.isFresh(*roles.primary))
        return;
    const Observation &primary = *tick.observation(*roles.primary);
    if (!primary.postgres() || !primary.postgres()->heartbeats)
        return;
    for (const HeartbeatRow &row : *primary.postgres()->heartbeats) {
        std::deque<SeenBeat> &seen = memory.beats[row.region];
        if (!seen.empty() && row.sequence < seen.back().sequence)
            seen.clear();
        if (!seen.empty() && row.sequence == seen.back().sequence)
            continue;
        seen.push_back({row.sequence, row.beat, *primary.sampledAt});
        if (seen.size() > beatsKept)
            seen.pop_front();
    }
}

microseconds freshBeatLimit(const fleet::Fleet &fleet)
{
    return (fleet.heartbeat ? fleet.heartbeat->interval : base::milliseconds(0)) + fleet.thresholds.interval;
}

Known<microseconds> heartbeatAge(const Tick &tick, const Roles &roles, const base::ServerId &standby, const ClusterMemory &memory)
{
    if (!tick.fleet.heartbeat)
        return unknown(WhyUnknown::NotConfigured, "heartbeat");
    const Observation *observation = tick.observation(standby);
    if (!observation || !observation->postgres())
        return tl::unexpected(tick.whySilent(standby));
    const auto &rows = observation->postgres()->heartbeats;
    if (!rows)
        return tl::unexpected<Unknown>(rows.error());
    std::optional<microseconds> age;
    bool written = false;
    for (const HeartbeatRow &row : *rows) {
        const auto seen = memory.beats.find(row.region);
        if (seen == memory.beats.end() || seen->second.empty())
            continue;
        // A writer that stopped is recognised at the primary: there its beats are old while the primary answers.
        const bool primaryAnswers = roles.primary && tick.isFresh(*roles.primary);
        if (primaryAnswers && tick.input.takenAt - seen->second.back().firstSeen > 2 * freshBeatLimit(tick.fleet))
            continue;
        written = true;
        if (const auto at = firstSeen(seen->second, row)) {
            const auto since = *at >= *observation->sampledAt ? microseconds(0) : std::chrono::duration_cast<microseconds>(*observation->sampledAt - *at);
            age = std::min(age.value_or(since), since);
        }
    }
    if (!written || !age)
        return unknown(WhyUnknown::NoValue, "heartbeat");
    return *age;
}

} // namespace shardlens::facts::derive
