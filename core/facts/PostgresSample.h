// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Lsn.h"
#include "core/base/Name.h"
#include "core/facts/MoveReading.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::facts {

using base::Bytes;
using base::Lsn;

/// A row of pg_stat_replication, as the sending server sees its receiver. Bytes behind follow from the LSNs.
struct SenderRow {
    std::int32_t pid = 0;
    std::string applicationName; ///< identifies the standby: addresses may be a relay's
    std::string state;           ///< startup, catchup, streaming, backup, stopping
    std::string syncState;       ///< async, potential, sync, quorum
    Known<Lsn> sent = notAsked<Lsn>();
    Known<Lsn> written = notAsked<Lsn>();
    Known<Lsn> flushed = notAsked<Lsn>();
    Known<Lsn> replayed = notAsked<Lsn>();
    Known<microseconds> writeLag = notAsked<microseconds>(); ///< NoValue when the standby has caught up and is idle
    Known<microseconds> flushLag = notAsked<microseconds>();
    Known<microseconds> replayLag = notAsked<microseconds>();
    Known<UtcTime> replyTime = notAsked<UtcTime>(); ///< on the standby's clock

    bool operator==(const SenderRow &) const = default;
};

/// The row of pg_stat_wal_receiver; a standby without a receiver has none.
struct ReceiverRow {
    std::string status;     ///< streaming, waiting, starting, …
    std::string slotName;
    std::string senderHost;
    std::int32_t senderPort = 0;
    Known<std::int32_t> receivedTimeline = notAsked<std::int32_t>();
    Known<Lsn> flushed = notAsked<Lsn>();
    Known<Lsn> latestEnd = notAsked<Lsn>();
    Known<UtcTime> lastMessageSent = notAsked<UtcTime>();       ///< on the sender's clock
    Known<UtcTime> lastMessageReceived = notAsked<UtcTime>();   ///< on this server's clock
    Known<microseconds> lastMessageAge = notAsked<microseconds>(); ///< now - received, both on this server's clock

    bool operator==(const ReceiverRow &) const = default;
};

/// A row of pg_replication_slots.
struct SlotRow {
    std::string name;
    bool physical = true;
    bool active = false;
    std::string walStatus;                                 ///< reserved, extended, unreserved, lost
    Known<Lsn> restartLsn = notAsked<Lsn>();
    Known<Bytes> retained = notAsked<Bytes>();             ///< current LSN - restart LSN
    Known<Bytes> safeSize = notAsked<Bytes>();             ///< bytes until it is lost; NoValue when unlimited

    bool operator==(const SlotRow &) const = default;
};

/// A region's row in the heartbeat table, as this server has it now.
struct HeartbeatRow {
    base::RegionName region;
    UtcTime beat;                     ///< when the guard wrote it, on the guard's clock
    std::int64_t sequence = 0;        ///< raised by one each beat
    bool operator==(const HeartbeatRow &) const = default;
};

/// pg_stat_activity, counted.
struct ConnectionCounts {
    std::int32_t total = 0;
    std::int32_t active = 0;
    std::int32_t idle = 0;
    std::int32_t idleInTransaction = 0;
    std::int32_t waitingForLock = 0;   ///< blocked backends
    std::int32_t waitingForSync = 0;   ///< commits waiting for a synchronous standby
    std::int32_t max = 0;              ///< max_connections
    std::int32_t reserved = 0;         ///< of these for superusers alone
    bool operator==(const ConnectionCounts &) const = default;
};

/// One backend that matters: others wait for it, or it holds clean-up back.
struct Backend {
    std::int32_t pid = 0;
    std::string application;
    std::string state;                ///< active, idle in transaction, …
    microseconds transactionAge{0};
    bool operator==(const Backend &) const = default;
};

/// Counters since the server's start (pg_stat_database, summed); only differences within one start and role mean anything.
struct PostgresCounters {
    std::int64_t commits = 0;
    std::int64_t rollbacks = 0;
    std::int64_t rowsInserted = 0;
    std::int64_t rowsUpdated = 0;
    std::int64_t rowsDeleted = 0;
    std::int64_t rowsReturned = 0;
    std::int64_t blocksHit = 0;
    std::int64_t blocksRead = 0;
    bool operator==(const PostgresCounters &) const = default;
};

/// All that one poll of a Postgres server told. One statement, one instant of that server.
struct PostgresSample {
    std::uint64_t systemIdentifier = 0;   ///< pg_control_system()
    std::int32_t versionNumber = 0;       ///< server_version_num
    bool inRecovery = false;              ///< a standby
    Known<std::int32_t> timeline = notAsked<std::int32_t>();
    UtcTime serverTime;                   ///< clock_timestamp() there
    Known<microseconds> clockOffset = notAsked<microseconds>(); ///< server's clock - ours, halfway through the round trip; +- half the latency
    UtcTime startedAt;                    ///< pg_postmaster_start_time()
    Known<UtcTime> configLoadedAt = notAsked<UtcTime>(); ///< pg_conf_load_time()
    Known<Lsn> current = notAsked<Lsn>(); ///< primary: pg_current_wal_lsn(); on a standby NotSupported
    Known<Lsn> flushed = notAsked<Lsn>(); ///< primary: pg_current_wal_flush_lsn()
    Known<Lsn> received = notAsked<Lsn>();  ///< standby: pg_last_wal_receive_lsn()
    Known<Lsn> replayed = notAsked<Lsn>();  ///< standby: pg_last_wal_replay_lsn()
    Known<UtcTime> lastReplayedCommit = notAsked<UtcTime>(); ///< standby: on the primary's clock
    bool replayPaused = false;            ///< standby: pg_get_wal_replay_pause_state() is not 'not paused'
    bool readOnlyByDefault = false;       ///< default_transaction_read_only for new sessions: a brake
    std::vector<SenderRow> senders;       ///< needs pg_monitor to be complete
    Known<std::optional<ReceiverRow>> receiver = notAsked<std::optional<ReceiverRow>>();
    Known<std::vector<SlotRow>> slots = notAsked<std::vector<SlotRow>>();
    Known<ConnectionCounts> connections = notAsked<ConnectionCounts>();
    Known<microseconds> longestTransaction = notAsked<microseconds>(); ///< NoValue: none open
    Known<Backend> oldestTransaction = notAsked<Backend>();            ///< whose that is; NoValue: none open
    Known<microseconds> longestIdleInTransaction = notAsked<microseconds>(); ///< NoValue: none
    Known<std::int64_t> oldestXminAge = notAsked<std::int64_t>();      ///< transactions since the oldest snapshot a backend still holds; NoValue: none
    Known<microseconds> longestLockWait = notAsked<microseconds>();    ///< NoValue: nobody waits for a lock
    Known<Backend> blocker = notAsked<Backend>();                      ///< whom the longest waiting waits for; NoValue: nobody waits
    Known<microseconds> longestSyncWait = notAsked<microseconds>();    ///< of commits; NoValue: none waits
    Known<PostgresCounters> counters = notAsked<PostgresCounters>();
    Known<std::vector<HeartbeatRow>> heartbeats = notAsked<std::vector<HeartbeatRow>>();
    Known<std::int64_t> term = notAsked<std::int64_t>();
    Known<std::map<std::string, std::string>> settings = notAsked<std::map<std::string, std::string>>(); ///< once a minute, as SHOW prints them ("5s", "256MB", "-1", "on"): those that matter for a move
    Known<MoveReading> move = notAsked<MoveReading>();

    bool operator==(const PostgresSample &) const = default;
};

/// Rates between two samples of one server; Reset across a restart or role change.
struct PostgresRates {
    Known<double> commitsPerSecond = notAsked<double>();
    Known<double> rollbacksPerSecond = notAsked<double>();
    Known<double> rowsWrittenPerSecond = notAsked<double>();
    Known<double> walBytesPerSecond = notAsked<double>(); ///< primary: of current LSN; standby: of replayed LSN
    bool operator==(const PostgresRates &) const = default;
};

} // namespace shardlens::facts
