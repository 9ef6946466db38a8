// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/ProbeReading.h"
#include "core/facts/Snapshot.h"

#include <map>
#include <memory>
#include <optional>
#include <vector>

namespace shardlens::facts {

/// What observe hands over at a tick.
struct TickInput {
    std::uint64_t tick = 0;
    Instant takenAt;
    UtcTime takenUtc;
    Instant observingSince;
    UtcTime observingSinceUtc;
    std::shared_ptr<const fleet::Fleet> fleet;
    std::map<base::ServerId, std::shared_ptr<const Observation>> servers;
    std::vector<GuardReport> guards;
    std::vector<InvalidatorReport> invalidators;
    std::vector<ManagerReport> managers;
    std::vector<SentinelReport> sentinels;
    ProbeReadings probes;
    std::optional<Stall> stall; ///< set at the first tick after one
    std::shared_ptr<const ShardMap> shardMap;
    SharedPtr shared;
};

/// What must be remembered from tick to tick to judge the next one (who was primary, when a beat was first seen on the
/// primary, backlog over the last seconds, since when each problem holds). Opaque to callers; one thread.
class Memory
{
public:
    Memory();
    ~Memory();
    Memory(Memory &&) noexcept;
    Memory &operator=(Memory &&) noexcept;

    struct Data;
    [[nodiscard]] Data &data() { return *m_data; }

private:
    std::unique_ptr<Data> m_data;
};

/// What an earlier run kept of events: they stand in the list again, and what ended in the last 12 h with them. A problem that
/// was left running is not told to begin anew. Call it once; before or after the first tick.
void restoreEvents(Memory &memory, const EventList &kept, UtcTime now);

/// One snapshot from one tick's input: roles, lag, router targets, pools, then the health rules. Pure but for `memory`.
[[nodiscard]] SnapshotPtr assemble(const TickInput &input, Memory &memory);

/// Rates between two samples of one server; every member is Reset across a restart, role change or other system identifier.
[[nodiscard]] Rates ratesBetween(const Sample &before, const Sample &after, microseconds apart);

/// The shard map from the newest and the previous reading of each server, and from what the directory declares.
struct ShardMapInput {
    std::shared_ptr<const fleet::Fleet> fleet;
    std::map<base::ClusterName, std::vector<std::shared_ptr<const CatalogReading>>> readings; ///< of each cluster, oldest first
    Known<std::shared_ptr<const DeclaredMap>> declared = notAsked<std::shared_ptr<const DeclaredMap>>();
};
[[nodiscard]] std::shared_ptr<const ShardMap> buildShardMap(const ShardMapInput &input, std::uint64_t version);

} // namespace shardlens::facts
