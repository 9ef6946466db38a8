// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Loss.h"

#include <algorithm>

namespace shardlens::operate {

using facts::WhyUnknown;

base::Instant mayHaveWrittenUntil(const Sight &sight)
{
    const facts::Observation *observation = sight.snapshot().observation(sight.primary());
    if (!observation || !observation->reach.silentSince || !observation->reach.lastError || observation->reach.lastError->code != base::ErrorCode::Refused)
        return sight.snapshot().takenAt;
    // Refused: nothing listened any more. A request is sent each interval, and may have been the one before.
    return std::min(*observation->reach.silentSince + sight.fleet().thresholds.interval, sight.snapshot().takenAt);
}

namespace {

/// From what this program saw itself.
LossWindow lossSeen(const Sight &sight, const base::ServerId &candidate)
{
    LossWindow window;
    const facts::PostgresSample *old = sight.last(sight.primary());
    const facts::PostgresSample *next = sight.last(candidate);
    if (next && next->lastReplayedCommit)
        window.lastCommit = *next->lastReplayedCommit;
    if (!old || !old->current || !next || !next->received) {
        const facts::Unknown why = !old ? sight.whySilent(sight.primary()) : !old->current ? old->current.error() : !next ? sight.whySilent(candidate) : next->received.error();
        window.atLeast = window.atMost = tl::unexpected(why);
        window.since = tl::unexpected(why);
        return window;
    }
    window.atLeast = base::bytesBehind(*old->current, *next->received);
    const facts::Observation *observation = sight.snapshot().observation(sight.primary());
    const double unseen = std::max(0.0, std::chrono::duration<double>(mayHaveWrittenUntil(sight) - *observation->sampledAt).count());
    const facts::PostgresRates *rates = observation->postgresRates();
    if (rates && rates->walBytesPerSecond) {
        const base::Bytes written{static_cast<std::int64_t>(*rates->walBytesPerSecond * unseen)};
        window.atMost = base::bytesBehind({old->current->value + static_cast<std::uint64_t>(written.count)}, *next->received);
    } else {
        window.atMost = rates ? tl::unexpected(rates->walBytesPerSecond.error()) : facts::unknown(WhyUnknown::NotAskedYet, "wal_rate");
    }
    if (!next->lastReplayedCommit) {
        window.since = tl::unexpected(next->lastReplayedCommit.error());
        return window;
    }
    const auto end = sight.snapshot().takenUtc - std::chrono::duration_cast<base::microseconds>(sight.snapshot().takenAt - mayHaveWrittenUntil(sight));
    window.since = std::max(base::microseconds(0), std::chrono::duration_cast<base::microseconds>(end - *next->lastReplayedCommit));
    return window;
}

/// Read since anybody heard it, and behind all that it was heard to have: else it ran on after that.
const facts::LogEnd *logEndOf(const Sight &sight)
{
    const facts::GuardReport *guard = sight.guard(sight.regionOf(sight.primary()));
    if (!guard || guard->reach.state != facts::ReachState::Answering)
        return nullptr;
    const auto found = guard->logEnds.find(sight.primary());
    if (found == guard->logEnds.end() || sight.isFresh(sight.primary()))
        return nullptr;
    const facts::Observation *observation = sight.snapshot().observation(sight.primary());
    const facts::PostgresSample *old = sight.last(sight.primary());
    const bool isOutlived = (observation && observation->sampledAt && found->second.readAt < *observation->sampledAt) || (old && old->current && found->second.end < *old->current) ||
                            (old && old->timeline && found->second.timeline != *old->timeline);
    return isOutlived ? nullptr : &found->second;
}

} // namespace

LossWindow lossOf(const Sight &sight, const base::ServerId &candidate)
{
    LossWindow window = lossSeen(sight, candidate);
    const facts::LogEnd *end = logEndOf(sight);
    const facts::PostgresSample *next = sight.last(candidate);
    if (!end || !next || !next->received)
        return window;
    // An end before what was sent from there was read of a log that is not whole, or not the same.
    if (end->end < *next->received || (next->timeline && *next->timeline != end->timeline))
        return window;
    window.atLeast = window.atMost = base::bytesBehind(end->end, *next->received);
    window.readBy = "guard of " + sight.regionOf(sight.primary()).text();
    return window;
}

} // namespace shardlens::operate
