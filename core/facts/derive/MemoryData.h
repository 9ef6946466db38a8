// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/LatencyMedian.h"
#include "core/facts/Assemble.h"
#include "core/facts/derive/FleetIndex.h"
#include "core/facts/derive/Population.h"
#include "core/facts/rules/Ledger.h"

#include <deque>
#include <map>
#include <optional>
#include <utility>

namespace shardlens::facts {

/// A heartbeat as the primary showed it first: what a standby's newest beat is aged by.
struct SeenBeat {
    std::int64_t sequence = 0;
    UtcTime beat;
    Instant firstSeen;
};

/// What is remembered of one standby or replica between ticks.
struct StandbyMemory {
    std::deque<std::pair<Instant, std::int64_t>> backlog;  ///< bytes behind over the last 10 s
    std::deque<std::pair<Instant, std::int64_t>> retained; ///< bytes its slot keeps, over the last 10 s
    std::optional<std::uint64_t> replayed;
    std::optional<Instant> progressedAt;                   ///< when `replayed` last moved
    std::optional<UtcTime> replyTime;                      ///< of the sender's row, and when it last moved
    std::optional<Instant> repliedAt;
    base::LatencyMedian writeLags;                         ///< of the sender's row, one a reply
    base::ServerId upstream;                               ///< the last one known
    std::optional<UtcTime> lastMessageUtc;                 ///< by our clock: when the receiver last heard its sender
};

struct ClusterMemory {
    std::optional<base::ServerId> primary;
    std::optional<std::uint64_t> systemIdentifier;
    std::map<base::RegionName, std::deque<SeenBeat>> beats;
    std::map<base::ServerId, StandbyMemory> standbys;
};

struct GroupMemory {
    std::optional<base::ServerId> primary;
    std::map<base::ServerId, StandbyMemory> replicas;
};

/// What is remembered of one way of serving between ticks.
struct WayMemory {
    std::uint32_t slowInARow = 0;         ///< readings, not ticks
    std::optional<Instant> countedAt;
    std::optional<UtcTime> failingSince;
};

struct ServerMemory {
    std::optional<ReachState> state;
    std::optional<UtcTime> lostAt;
    std::optional<UtcTime> startedAt;     ///< by our clock
    std::optional<bool> leads;            ///< out of recovery, or a Redis primary
    std::string process;                  ///< Redis: run id; memcached: process id
    std::map<std::string, std::string> settings;
    std::map<std::string, std::pair<std::string, bool>> databases; ///< router: target, paused
};

/// What is compared from tick to tick to tell what changed, and the list so far.
struct EventMemory {
    std::map<base::ServerId, ServerMemory> servers;
    std::map<base::ClusterName, std::int32_t> timelines;
    std::map<std::string, UtcTime> problems; ///< told at the top or folded at the last tick, and since when
    std::optional<UtcTime> endedSeen;        ///< the newest end already told
    std::map<std::string, std::shared_ptr<const Problem>> running; ///< those told at the top, for what is said of them later
    std::map<std::pair<std::string, Claim::Kind>, Claim> claims; ///< as they were read last
    std::map<std::string, std::shared_ptr<const Problem>> left; ///< running when an earlier run ended, and not seen since
    EventListPtr list = std::make_shared<const EventList>();
};

struct StallMemory {
    Stall stall;
    Instant endedAt;
    std::vector<base::ServerId> awaited;     ///< answered before, and not yet since
};

/// What is remembered of one memcached between ticks.
struct CacheMemory {
    std::int64_t processId = 0;
    std::int64_t flushes = 0;
    std::int64_t items = 0;              ///< while it was warm
    std::optional<double> hitRatio;      ///< slow mean while it was warm
    std::optional<UtcTime> coldSince;
    bool restarted = false;
    std::int64_t itemsBefore = 0;
    double hitRatioBefore = 0;
};

struct PoolMemory {
    std::map<base::ServerId, CacheMemory> members;
};

struct Memory::Data {
    std::map<base::ClusterName, ClusterMemory> clusters;
    std::map<base::GroupName, GroupMemory> groups;
    std::map<base::PoolName, PoolMemory> pools;
    std::shared_ptr<const fleet::Fleet> indexedFleet;          ///< the fleet that `index` was made of
    std::optional<derive::FleetIndex> index;
    std::shared_ptr<const ShardMap> countedMap;                ///< the map that `population` was counted from
    derive::Population population;
    rules::Ledger ledger;
    std::map<ProbeKey, WayMemory> ways;
    EventMemory events;
    std::optional<StallMemory> stall;
    std::optional<UtcTime> isolatedSince;
};

} // namespace shardlens::facts
