// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Assemble.h"
#include "core/facts/derive/MemoryData.h"

namespace shardlens::facts::derive {

/// What every derivation reads: the tick's observations and what the fleet declares.
struct Tick {
    const TickInput &input;
    const fleet::Fleet &fleet;
    const FleetIndex &index;

    [[nodiscard]] const Observation *observation(const base::ServerId &id) const;
    [[nodiscard]] bool isFresh(const base::ServerId &id) const;
    /// Why a server that never answered tells nothing: it is being asked, or it is silent.
    [[nodiscard]] Unknown whySilent(const base::ServerId &id) const;
    [[nodiscard]] const PostgresSample *postgres(const base::ServerId &id) const; ///< the newest answer, however old
    [[nodiscard]] const RedisSample *redis(const base::ServerId &id) const;
    [[nodiscard]] std::optional<microseconds> sampleAge(const base::ServerId &id) const;
    /// The member of `ids` whose address this is, as seen from `viewer`, else from anywhere; empty if none.
    [[nodiscard]] base::ServerId atAddress(const std::vector<base::ServerId> &ids, const std::string &host, int port, const base::RegionName &viewer) const;
    /// The same over all Postgres servers.
    [[nodiscard]] base::ServerId postgresAtAddress(const std::string &host, int port, const base::RegionName &viewer) const;
    [[nodiscard]] base::RegionName regionOf(const base::ServerId &id) const;
};

/// Who leads: the writable members, the primary, the identity they share.
struct Roles {
    std::vector<base::ServerId> writable;
    Known<base::ServerId> primary = notAsked<base::ServerId>();
    Known<std::uint64_t> systemIdentifier = notAsked<std::uint64_t>();
};
[[nodiscard]] Roles electPrimary(const Tick &tick, const fleet::Cluster &cluster, ClusterMemory &memory);

/// Remembers the beats that the primary shows for the first time.
void noteBeats(const Tick &tick, const Roles &roles, ClusterMemory &memory);

[[nodiscard]] StandbyLag measureStandby(const Tick &tick, const fleet::Cluster &cluster, const Roles &roles, const base::ServerId &standby, ClusterMemory &memory);
[[nodiscard]] ClusterFacts clusterFacts(const Tick &tick, const fleet::Cluster &cluster, ClusterMemory &memory);
[[nodiscard]] RedisGroupFacts redisGroupFacts(const Tick &tick, const fleet::RedisGroup &group, GroupMemory &memory);
[[nodiscard]] PoolFacts poolFacts(const Tick &tick, const fleet::Pool &pool, PoolMemory &memory);
[[nodiscard]] RouterFacts routerFacts(const Tick &tick, const fleet::Router &router, const std::vector<ClusterFacts> &clusters);

/// Can people use it? From what guards, probes and samples tell; `snapshot` holds clusters, routers and guards already.
[[nodiscard]] ServingFacts servingFacts(const Tick &tick, const Snapshot &snapshot, std::map<ProbeKey, WayMemory> &memory);

/// What changed since the last tick goes into the memory's list; `snapshot` is whole but for its events.
void noteEvents(const TickInput &input, const Snapshot &snapshot, EventMemory &memory);
/// What an earlier run kept of them.
void restoreEvents(const EventList &kept, UtcTime now, EventMemory &memory, rules::Ledger &ledger);

/// Whether this console stalled lately, or is cut off itself.
void noteConsole(const TickInput &input, Snapshot &snapshot, Memory::Data &memory);

/// Bytes a second over the samples kept, once they span 3 s.
[[nodiscard]] Known<double> slope(const std::deque<std::pair<Instant, std::int64_t>> &points);
void addPoint(std::deque<std::pair<Instant, std::int64_t>> &points, Instant at, std::int64_t value);

} // namespace shardlens::facts::derive
