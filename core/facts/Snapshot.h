// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/DiskSpace.h"
#include "core/facts/Event.h"
#include "core/facts/InvalidatorReport.h"
#include "core/facts/Lag.h"
#include "core/facts/LogEnd.h"
#include "core/facts/ManagerReport.h"
#include "core/facts/Observation.h"
#include "core/facts/ProbeReading.h"
#include "core/facts/Problem.h"
#include "core/facts/SentinelReport.h"
#include "core/facts/Serving.h"
#include "core/facts/ShardMap.h"
#include "core/facts/Shared.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace shardlens::facts {

/// A cluster as its members' samples tell it.
struct ClusterFacts {
    base::ClusterName name;
    Known<base::ServerId> primary = notAsked<base::ServerId>(); ///< the one writable member; kept while it is silent and nobody else took over
    std::vector<base::ServerId> writable;                       ///< members that say they are not in recovery, and answer
    Known<std::int32_t> timeline = notAsked<std::int32_t>();
    Known<std::int64_t> term = notAsked<std::int64_t>();
    Known<std::uint64_t> systemIdentifier = notAsked<std::uint64_t>();
    std::vector<StandbyLag> standbys;                           ///< all members but the primary, in fleet order
    Known<double> commitsPerSecond = notAsked<double>();        ///< of the primary
    Known<double> walBytesPerSecond = notAsked<double>();
    std::uint32_t shardCount = 0;                               ///< logical shards shown on it
    bool operator==(const ClusterFacts &) const = default;
};

struct RedisGroupFacts {
    base::GroupName name;
    Known<base::ServerId> primary = notAsked<base::ServerId>();
    std::vector<base::ServerId> writable;
    std::vector<StandbyLag> replicas; ///< time = age of the last exchange with the primary; bytes = offsets
    Known<double> commandsPerSecond = notAsked<double>(); ///< of the primary
    Known<std::int64_t> term = notAsked<std::int64_t>();
    bool operator==(const RedisGroupFacts &) const = default;
};

/// A memcached that lost what it held.
struct ColdMember {
    base::ServerId server;
    Since since;
    bool restarted = false; ///< else it was flushed
    std::int64_t itemsBefore = 0; ///< what it held before; 0 = not known
    bool operator==(const ColdMember &) const = default;
};

struct PoolFacts {
    base::PoolName name;
    std::uint32_t answering = 0;
    std::uint32_t declared = 0;
    Known<double> hitRatio = notAsked<double>();     ///< over the answering servers, as memcached counts it
    Known<double> clientHitRatio = notAsked<double>(); ///< reads that needed no database, as the pool's clients count; a grant is no hit
    Known<double> getsPerSecond = notAsked<double>();
    Known<double> evictionsPerSecond = notAsked<double>();
    Known<Bytes> used = notAsked<Bytes>();
    Known<Bytes> limit = notAsked<Bytes>();
    std::vector<ColdMember> cold;                    ///< still filling again
    bool operator==(const PoolFacts &) const = default;
};

/// A router's databases compared with the clusters' primaries.
struct RouterTarget {
    base::ClusterName cluster;
    bool forReads = false;
    std::string database;
    Known<base::ServerId> leadsTo = notAsked<base::ServerId>(); ///< the server whose address it dials
    Known<bool> right = notAsked<bool>(); ///< the primary; for reads: a standby of it, or the primary itself where no standby could be read
    bool paused = false;
    std::int32_t waiting = 0;
    bool operator==(const RouterTarget &) const = default;
};

struct RouterFacts {
    base::ServerId server;
    base::RegionName region;
    std::vector<RouterTarget> targets; ///< declared clusters, primary database then read database
    Known<double> transactionsPerSecond = notAsked<double>();      ///< all databases
    Known<double> writesPerSecond = notAsked<double>();            ///< transactions through primary databases
    Known<std::int32_t> waiting = notAsked<std::int32_t>();
    bool operator==(const RouterFacts &) const = default;
};

/// A guard's beats on one cluster, through its region's router.
struct GuardBeat {
    enum class State : std::uint8_t { Starting, Beating, StandingBy, Failing };
    State state = State::Starting;
    std::optional<std::int64_t> sequence;    ///< of the newest committed beat
    std::optional<microseconds> took;        ///< of that one: sent to commit answered
    std::optional<microseconds> usual;       ///< median of those of the last hour, once 30 were seen
    std::optional<Instant> committedAt;      ///< when it was committed, by our clock
    std::optional<UtcTime> committedUtc;
    std::optional<Instant> waitingSince;     ///< when the attempt under way began, by our clock
    bool waitsAtRouter = false;              ///< that one waits for the router, not on the way to the lock
    bool reachedRouter = false;              ///< the newest failure came by way of the router, not on the way to the lock
    std::optional<base::Error> error;        ///< of the newest attempt
    bool operator==(const GuardBeat &) const = default;
};

/// The newest operation on a cluster or group, where it fell silent and a guard has yet to end it in its stead.
struct GuardTakeOver {
    std::string operation;  ///< its id
    bool isWaiting = false; ///< no primary is verified: what is held stays so, and a person must act
    std::string said;       ///< what the guard found, a sentence
    bool operator==(const GuardTakeOver &) const = default;
};

/// A server that a guard found as an outlived primary, and stopped or demoted.
struct GuardFence {
    UtcTime at;       ///< by our clock
    std::string said; ///< why, with the operation that has it stopped where there is one, and what was done
    bool operator==(const GuardFence &) const = default;
};

/// What a region's guard publishes when asked.
struct GuardReport {
    base::RegionName region;
    Reach reach;
    Known<std::map<base::ServerId, bool>> reachable = notAsked<std::map<base::ServerId, bool>>(); ///< as the guard sees servers
    Known<std::map<base::ClusterName, microseconds>> lastBeatTook = notAsked<std::map<base::ClusterName, microseconds>>(); ///< its newest committed beat, through its router
    Known<std::map<base::ClusterName, std::string>> beatErrors = notAsked<std::map<base::ClusterName, std::string>>();
    std::map<base::ClusterName, GuardBeat> beats; ///< all of its clusters; empty before it answered
    ProbeReadings ways;                           ///< what its own probes find, as its region's applications would, by our clock
    std::map<base::ClusterName, GuardTakeOver> takenOver; ///< by cluster, or by a Redis group's name
    std::map<base::ServerId, GuardFence> fenced;          ///< since it started; whether one holds still, fencedBy() tells
    std::map<base::ServerId, Known<DiskSpace>> disks;     ///< of its region's Postgres servers, by the clock here; those whose hosts it does not reach, and all where it is an older one, are missing
    std::map<base::ServerId, LogEnd> logEnds;             ///< of servers of its region that do not answer it, once it saw that no process of them is left
    bool operator==(const GuardReport &) const = default;
};

/// This console did not look for over 5 s, because the machine slept or it was kept from running.
struct Stall {
    UtcTime from; ///< its last look before
    UtcTime to;   ///< its first look after
    bool operator==(const Stall &) const = default;
};

/// Everything observed at one tick. Immutable; shared between threads as shared_ptr<const Snapshot>.
/// Complete in itself: what it does not hold was not known then.
struct Snapshot {
    std::uint64_t tick = 0;
    Instant takenAt;
    UtcTime takenUtc;
    Instant observingSince; ///< when this observer started
    UtcTime observingSinceUtc;
    std::shared_ptr<const fleet::Fleet> fleet;
    std::map<base::ServerId, std::shared_ptr<const Observation>> servers; ///< every declared server, unchanged ones shared with the last snapshot
    std::vector<ClusterFacts> clusters;       ///< fleet order
    std::vector<RedisGroupFacts> redisGroups; ///< fleet order
    std::vector<PoolFacts> pools;             ///< fleet order
    std::vector<RouterFacts> routers;         ///< fleet order
    std::vector<GuardReport> guards;          ///< fleet order
    std::vector<InvalidatorReport> invalidators; ///< fleet order
    std::vector<ManagerReport> managers;         ///< of the servers that declare one, fleet order
    std::vector<SentinelReport> sentinels;    ///< of the groups that declare them, fleet order
    std::shared_ptr<const ShardMap> shardMap; ///< never null; empty until the first reading
    std::vector<Problem> problems;            ///< worst first
    std::uint32_t undecided = 0;              ///< problems found that were not seen for long enough yet to be told, and soon will be or not
    std::vector<Problem> ended;               ///< those that ended in the last 12 h, newest first; `endedAt` beside
    std::vector<UtcTime> endedAt;             ///< one for each of `ended`
    ServingFacts serving;                     ///< can people use it?
    EventListPtr events = std::make_shared<const EventList>(); ///< never null; newest first
    SharedPtr shared;                         ///< claims and other consoles; null where nobody asks the directory for them
    std::optional<Stall> stall;               ///< set from the end of a stall until what answered before it has answered again, at most 30 s
    std::optional<UtcTime> isolatedSince;     ///< no server and no guard of any region answers: only this machine may be cut off

    [[nodiscard]] const Observation *observation(const base::ServerId &id) const;
    [[nodiscard]] const ClusterFacts *cluster(const base::ClusterName &name) const;
    [[nodiscard]] const RedisGroupFacts *redisGroup(const base::GroupName &name) const;
    [[nodiscard]] const PoolFacts *pool(const base::PoolName &name) const;
    [[nodiscard]] const RouterFacts *router(const base::ServerId &id) const;
    [[nodiscard]] const ManagerReport *manager(const base::ServerId &of) const;                        ///< null where none is declared
    [[nodiscard]] std::vector<const SentinelReport *> sentinelsOf(const base::GroupName &group) const; ///< empty where none is declared
    [[nodiscard]] const InvalidatorReport *invalidator(const base::RegionName &region) const; ///< null where none is declared
};

using SnapshotPtr = std::shared_ptr<const Snapshot>;

/// How a server's values are to be drawn.
enum class Freshness : std::uint8_t { Asking, Fresh, Stale, Down };

/// Fresh up to max(3 intervals, 2 s) after the newest answer; Down as its reach says.
[[nodiscard]] Freshness freshnessOf(const Observation &observation, Instant now, const fleet::Thresholds &thresholds);

[[nodiscard]] Freshness freshnessOf(const InvalidatorReport &report, Instant now, const fleet::Thresholds &thresholds);

struct AnswerCount {
    std::uint32_t answering = 0; ///< fresh ones
    std::uint32_t declared = 0;
    std::optional<microseconds> oldestFresh; ///< age of the oldest fresh answer
};
[[nodiscard]] AnswerCount countAnswers(const Snapshot &snapshot);


/// What is hit if all that lies on these clusters is: shards by partition, the share of users where row estimates are known.
[[nodiscard]] Impact impactOn(const std::vector<base::ClusterName> &clusters, const Snapshot &snapshot);

} // namespace shardlens::facts
