// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Units.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::facts {

using base::Bytes;

/// A slaveN line of INFO replication, as the primary sees its replica.
struct ReplicaRow {
    std::string host;
    std::int32_t port = 0;
    std::string state; ///< online, wait_bgsave, send_bulk
    std::int64_t offset = 0;
    std::int32_t secondsSinceAck = 0; ///< "lag": age of the last acknowledgement, not of data
    bool operator==(const ReplicaRow &) const = default;
};

/// What a replica says of its link to the primary.
struct ReplicaLink {
    std::string primaryHost;
    std::int32_t primaryPort = 0;
    bool up = false;
    bool syncing = false;                                 ///< a full copy is on its way
    std::int32_t secondsSinceLastIo = 0;                  ///< -1 when never
    Known<std::int64_t> downSinceSeconds = notAsked<std::int64_t>();
    std::int64_t offset = 0;
    bool operator==(const ReplicaLink &) const = default;
};

struct SlowLogEntry {
    std::int64_t id = 0;
    UtcTime at;
    microseconds took{0};
    std::string command; ///< the command's name only: arguments may hold personal data
    bool operator==(const SlowLogEntry &) const = default;
};

/// An example bucket of the media map and how Redis stores it, and how many are stored so: one that lost the small encoding, if any did.
struct EncodingProbe {
    std::string key;
    std::string encoding; ///< listpack or ziplist is small; hashtable means that the saving is lost
    std::int64_t fields = 0;
    std::int64_t looked = 0; ///< buckets looked at: by the newest walk over all keys, or by the first one so far
    std::int64_t lost = 0;   ///< of those, without the small encoding when last looked at
    bool operator==(const EncodingProbe &) const = default;
};

/// What a move of a group's primary must know of a member besides; read every 10 s. Redis 6 or newer.
struct RedisMoveReading {
    std::map<std::string, std::string> settings; ///< CONFIG GET: min-replicas-to-write, min-replicas-max-lag, replica-priority, replica-read-only, repl-ping-replica-period, hash-max-listpack-entries, …
    std::int64_t sentinels = 0;                  ///< who listen to __sentinel__:hello there: each Sentinel that watches it does
    bool operator==(const RedisMoveReading &) const = default;
};

struct RedisSample {
    std::string version;
    std::string runId;       ///< a new one after every restart
    std::int32_t processId = 0;
    std::chrono::seconds uptime{0};
    bool isPrimary = false;
    std::string replicationId;
    std::int64_t offset = 0; ///< master_repl_offset
    Bytes backlogSize;       ///< how much history a partial resynchronisation may need
    std::vector<ReplicaRow> replicas;
    std::optional<ReplicaLink> link; ///< set on a replica
    Bytes usedMemory;
    Bytes residentMemory;
    Bytes maxMemory; ///< 0 = unlimited
    std::string maxMemoryPolicy;
    Known<double> fragmentation = notAsked<double>(); ///< allocator_frag_ratio
    bool appendOnly = false;
    bool snapshotting = false; ///< save points are set
    bool lastSaveFailed = false;
    Known<UtcTime> lastSaveAt = notAsked<UtcTime>(); ///< by its own clock, to the second; NoValue: none since it started
    std::int64_t changesSinceSave = 0;
    bool lastAppendFailed = false;
    Known<bool> stopsOnFailedSave = notAsked<bool>(); ///< stop-writes-on-bgsave-error, every 10 s
    std::optional<std::int64_t> goodReplicas; ///< that acknowledge in time; told only while min-replicas-to-write is set
    Known<std::int64_t> replicasWanted = notAsked<std::int64_t>(); ///< min-replicas-to-write; asked with each poll once goodReplicas was told
    bool loading = false;
    std::int32_t connectedClients = 0;
    std::int32_t blockedClients = 0;
    std::int64_t commandsProcessed = 0; ///< since start
    std::int64_t keyspaceHits = 0;
    std::int64_t keyspaceMisses = 0;
    std::int64_t ownHits = 0;   ///< of those, this console's own look-ups (the term, buckets), since it began to ask
    std::int64_t ownMisses = 0;
    std::int64_t evictedKeys = 0;
    std::int64_t expiredKeys = 0;
    std::int64_t rejectedConnections = 0;
    std::int64_t fullSyncs = 0;
    std::int64_t keys = 0;
    std::int64_t keysToExpire = 0; ///< of those, with a time to live
    Known<std::vector<SlowLogEntry>> slowLog = notAsked<std::vector<SlowLogEntry>>();     ///< every 10 s
    Known<EncodingProbe> mediaMapEncoding = notAsked<EncodingProbe>();                    ///< groups of role media map only; another batch of buckets every 10 s
    Known<std::int64_t> term = notAsked<std::int64_t>();
    Known<RedisMoveReading> move = notAsked<RedisMoveReading>(); ///< NoRights: CONFIG or PUBSUB is refused

    bool operator==(const RedisSample &) const = default;
};

struct RedisRates {
    Known<double> commandsPerSecond = notAsked<double>();
    Known<double> hitRatio = notAsked<double>(); ///< 0 to 1 since the previous sample, without this console's own look-ups; NoValue without any
    Known<double> evictionsPerSecond = notAsked<double>();
    bool operator==(const RedisRates &) const = default;
};

} // namespace shardlens::facts
