// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Reach.h"

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::facts {

/// What a history series measures.
enum class Measure : std::uint8_t {
    LagSeconds,          ///< subject: a standby or replica
    LagBytes,            ///< subject: a standby or replica
    WorstLagSeconds,     ///< subject: a region
    RouterWrites,        ///< transactions a second through a router's primary databases; subject: a router
    RouterWaiting,       ///< waiting clients; subject: a router
    Commits,             ///< a second; subject: a Postgres server
    WalBytes,            ///< a second; subject: a Postgres server
    RedisCommands,       ///< a second; subject: a Redis server
    CacheHitRatio,       ///< 0 to 1; subject: a pool
    CacheGets,           ///< a second; subject: a pool
    LatencySeconds,      ///< of our own readings; subject: a server
    SlotRetainedBytes,   ///< subject: a standby
    ShardWrites,         ///< a second; subject: "<partition>/<number>"
    ShardBytes,          ///< subject: "<partition>/<number>"
    InvalidationLag,     ///< seconds, 99th percentile, the worst cluster; subject: a region
    InvalidationBacklog, ///< keys read and not yet deleted; subject: a region
    CacheClientHitRatio, ///< 0 to 1, as clients count; subject: a pool
    CacheDatabaseReads,  ///< a second, by a pool's clients; subject: a pool
    CacheReadsSaved,     ///< a second, by leases; subject: a pool
};

[[nodiscard]] std::string_view name(Measure measure); ///< snake_case, stable: "lag_seconds"
[[nodiscard]] std::optional<Measure> measureNamed(std::string_view name);

struct SeriesKey {
    Measure measure = Measure::LagSeconds;
    std::string subject;
    auto operator<=>(const SeriesKey &) const = default;
};

/// One step of a series. A step in which nothing was observed is a gap: it is there, with count 0.
struct SeriesPoint {
    UtcTime at; ///< the step's beginning
    double min = 0;
    double mean = 0;
    double max = 0;
    std::uint32_t count = 0; ///< observations in the step; 0 = gap
    bool operator==(const SeriesPoint &) const = default;
};

using Series = std::vector<SeriesPoint>; ///< oldest first, evenly spaced

} // namespace shardlens::facts
