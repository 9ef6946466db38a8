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

LossWindow lossOf(const Sight &sight, const base::ServerId &candidate)
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

} // namespace shardlens::operate
