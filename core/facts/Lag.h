// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Lsn.h"
#include "core/base/Name.h"
#include "core/facts/Known.h"
#include "core/facts/Reach.h"
#include "core/fleet/Thresholds.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::facts {

using base::Bytes;
using base::Lsn;

/// How a standby's replication stands, before any number.
enum class StandbyState : std::uint8_t {
    Streaming,    ///< the receiver streams and its last message is young enough
    CatchingUp,   ///< it streams, and the sender calls it catching up
    Paused,       ///< it receives; replay is paused
    NotStreaming, ///< no receiver, or no message within the time the sender's settings promise
    Diverged,     ///< other system identifier, or a timeline the primary does not have
    Unknown,      ///< neither side tells
};

/// Which rule gave the lag in time.
enum class LagRule : std::uint8_t {
    ReplayLag,     ///< pg_stat_replication.replay_lag
    FreshHeartbeat,///< the newest beat visible there is younger than one beat and one poll: no lag
    HeartbeatAge,  ///< the age of the newest beat visible there
    CaughtUp,      ///< no heartbeat is written: it streams and has replayed all that the primary has
    LastExchange,  ///< redis: the age of the last exchange; no lag while it is younger than the exchanges' usual pace
    None,          ///< not known; see the reason
};

/// Where the bytes between primary and standby wait.
struct LagStages {
    Known<Bytes> notSent = notAsked<Bytes>();      ///< current - sent
    Known<Bytes> notWritten = notAsked<Bytes>();   ///< sent - write
    Known<Bytes> notFlushed = notAsked<Bytes>();   ///< write - flush
    Known<Bytes> notReplayed = notAsked<Bytes>();  ///< flush - replay
    bool operator==(const LagStages &) const = default;
};

/// The rule's inputs, for "why?".
struct LagInputs {
    Known<microseconds> replayLag = notAsked<microseconds>();
    Known<microseconds> heartbeatAge = notAsked<microseconds>(); ///< by our monotonic clock: since the beat seen there was first seen on the primary
    Known<microseconds> receiverMessageAge = notAsked<microseconds>();
    Known<Lsn> primaryLsn = notAsked<Lsn>();
    Known<Lsn> receivedLsn = notAsked<Lsn>();
    Known<Lsn> replayedLsn = notAsked<Lsn>();
    Known<microseconds> primarySampleAge = notAsked<microseconds>();
    Known<microseconds> standbySampleAge = notAsked<microseconds>();
    std::optional<microseconds> sinceProgress; ///< since the replayed LSN last moved
    std::optional<UtcTime> lastMessageAt;      ///< when the receiver last heard its sender, on our clock; kept when the receiver is gone
    std::optional<Instant> repliedAt;          ///< when its sender last had word of it, on our clock: at most a reading late
    std::optional<microseconds> writeLag;      ///< until the standby had written what was sent: the way there and back, and little more
    std::optional<microseconds> usualWriteLag; ///< median of the last hour, once 30 were seen
    std::string receiverStatus;                ///< as the standby says it
    std::string senderState;                   ///< as the primary says it
    bool operator==(const LagInputs &) const = default;
};

/// One standby (or redis replica) measured against its primary.
struct StandbyLag {
    base::ServerId standby;
    base::ServerId upstream; ///< whom it receives from: the primary, or another standby in a cascade; empty if not known
    StandbyState state = StandbyState::Unknown;
    Known<microseconds> time = notAsked<microseconds>();
    LagRule rule = LagRule::None;
    microseconds resolution{0};              ///< how finely `rule` can tell: a `time` under it is known only to be less than this
    Known<Bytes> behind = notAsked<Bytes>();
    LagStages stages;
    LagInputs inputs;
    Known<Bytes> slotRetained = notAsked<Bytes>();
    Known<Bytes> slotLimit = notAsked<Bytes>();               ///< max_slot_wal_keep_size; NoValue when unlimited
    Known<double> backlogBytesPerSecond = notAsked<double>(); ///< over the last 10 s; positive: it falls behind
    Known<microseconds> slotFullIn = notAsked<microseconds>();///< at that pace; NoValue when it does not fill
    std::string syncState;

    bool operator==(const StandbyLag &) const = default;
};

/// 1 (well) to 5, by the worst of time and bytes; nothing where neither is known.
[[nodiscard]] std::optional<int> lagLevel(const StandbyLag &lag, const fleet::Thresholds &thresholds);
[[nodiscard]] int lagLevel(microseconds time, const fleet::Thresholds &thresholds);
[[nodiscard]] int lagLevel(Bytes behind, const fleet::Thresholds &thresholds);

[[nodiscard]] std::string_view name(StandbyState state); ///< streaming, catching_up, paused, not_streaming, diverged, unknown
[[nodiscard]] std::string_view name(LagRule rule);       ///< replay_lag, fresh_heartbeat, heartbeat_age, caught_up, last_exchange, none

} // namespace shardlens::facts
