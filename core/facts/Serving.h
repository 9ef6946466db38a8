// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/facts/Known.h"
#include "core/facts/Reach.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace shardlens::facts {

/// Whether people of a region can use a thing, as an application there would.
enum class ServingVerdict : std::uint8_t {
    Asking,   ///< nothing is known yet, and nothing is overdue
    Works,
    Slow,     ///< works, over the fleet's slow factor and floor above its usual
    Late,     ///< no answer to the newest question, over its deadline; not long enough to be refused
    Partly,   ///< some of what the cell sums up works, some does not: members of a pool
    Refused,  ///< said no, or gave no answer for the fleet's down-after time
    NotKnown, ///< cannot be told from here; `why` says it
};

/// What the verdict rests on.
enum class ServingProof : std::uint8_t {
    None,
    Committed, ///< the region's guard committed a heartbeat through that router
    Answered,  ///< a read through that router or pool was answered
    Inferred,  ///< it leads to a primary that, as far as it tells, refuses no write, and nobody waits there: not tried by a write
};

enum class ServingOf : std::uint8_t {
    Writes, ///< to a cluster, through a router's primary database
    Reads,  ///< of a cluster, through a router's read database
    Group,  ///< a Redis group, through the region's stable address
    Cache,  ///< the pools of the regions
};

/// One region's way to one thing.
struct ServingCell {
    base::RegionName region;
    ServingVerdict verdict = ServingVerdict::Asking;
    ServingProof proof = ServingProof::None;
    Unknown why;                               ///< of NotKnown
    std::optional<microseconds> took;          ///< of the newest answer; kept while there is none newer
    std::optional<microseconds> usual;         ///< median of the last hour, once 30 answers came
    bool fromElsewhere = false;                ///< `took` was measured from this console's region: the link to there is in it
    std::optional<Instant> readAt;             ///< when that was known; its age is told beside it once it is old
    std::optional<UtcTime> readUtc;
    std::optional<Instant> askedAt;            ///< of the question that now waits; empty if none does
    microseconds every{0};                     ///< how often it is asked; 0 = each interval
    std::optional<UtcTime> failingSince;       ///< set with Late, Partly and Refused
    std::optional<base::Error> error;          ///< the newest failure, with its SQLSTATE where the server gave one
    base::ServerId through;                    ///< the router; empty for stable addresses and pools
    base::PoolName pool;                       ///< of ServingOf::Cache
    std::uint32_t parts = 1;                   ///< what it sums up: members of the pool
    std::uint32_t partsWorking = 0;

    bool operator==(const ServingCell &) const = default;
    [[nodiscard]] bool works() const { return verdict == ServingVerdict::Works || verdict == ServingVerdict::Slow; }
    [[nodiscard]] bool fails() const { return verdict == ServingVerdict::Refused || verdict == ServingVerdict::Late; }
};

/// One thing that people use, from every region.
struct ServingRow {
    ServingOf of = ServingOf::Writes;
    base::ClusterName cluster;            ///< of writes and reads
    base::PartitionName partition;        ///< of that cluster; empty for the directory
    base::GroupName group;                ///< of Group
    fleet::RedisRole role = fleet::RedisRole::Other;
    std::vector<ServingCell> cells;       ///< fleet order of regions; a region without such a way has none

    bool operator==(const ServingRow &) const = default;
    [[nodiscard]] const ServingCell *cell(const base::RegionName &region) const;
};

/// Can people use it? Rows: writes and reads per cluster, Redis groups, caches. Empty where the fleet has no router, stable
/// address or pool.
struct ServingFacts {
    std::vector<ServingRow> rows; ///< writes in fleet order, then reads, groups, caches

    bool operator==(const ServingFacts &) const = default;
    [[nodiscard]] const ServingRow *writes(const base::ClusterName &cluster) const;
    [[nodiscard]] const ServingRow *reads(const base::ClusterName &cluster) const;
};

/// How many cells of one sort stand how.
struct ServingCount {
    std::uint32_t paths = 0;
    std::uint32_t working = 0;   ///< slow ones count
    std::uint32_t slow = 0;
    std::uint32_t failing = 0;   ///< refused and late
    std::uint32_t partly = 0;
    std::uint32_t asking = 0;
    std::uint32_t notKnown = 0;
    std::uint32_t committed = 0; ///< proven by a write
    std::optional<microseconds> oldest; ///< age of the oldest answer counted as working
};
[[nodiscard]] ServingCount countServing(const ServingFacts &serving, ServingOf of, Instant now);

/// An old cell keeps its value and is drawn old: no answer for max(3 times how often it is asked, 2 s).
[[nodiscard]] bool isStale(const ServingCell &cell, Instant now, const fleet::Thresholds &thresholds);

[[nodiscard]] std::string_view name(ServingVerdict verdict); ///< asking, works, slow, late, partly, refused, not_known
[[nodiscard]] std::string_view name(ServingProof proof);     ///< none, committed, answered, inferred
[[nodiscard]] std::string_view name(ServingOf of);           ///< writes, reads, group, cache

} // namespace shardlens::facts
