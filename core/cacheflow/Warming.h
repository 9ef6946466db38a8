// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/cacheflow/RegionRows.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

struct WarmOptions {
    std::size_t keys = 10'000;   ///< filled at most
    std::size_t walked = 50'000; ///< keys read of each member that they are taken from
    double perSecond = 200;      ///< keys tried
    std::size_t batch = 50;
    base::seconds holdOff{10};   ///< how long a lease holds its key: what died meanwhile blocks it for so long
    base::milliseconds deadline{2000};
    base::milliseconds walkPatience{10'000};
    std::shared_ptr<const wire::Interrupt> stop; ///< ends it after the batch under way; may be null
};

/// One more pool of a region that is filled, and the pool that it is filled from.
struct WarmPair {
    base::PoolName from;
    base::PoolName to;
    std::size_t begin = 0; ///< its keys are the plan's from there on, up to the next pair's
    bool operator==(const WarmPair &) const = default;
};

/// What warming a region's pools from another's would fill. A value.
struct WarmPlan {
    base::PoolName from; ///< the first pair
    base::PoolName to;
    std::vector<std::string> keys; ///< that the target misses, of one pair after the other, read last first
    std::uint64_t walked = 0;      ///< keys that the source's members told
    std::uint64_t unread = 0;      ///< of them: nobody ever read them
    std::uint64_t rowless = 0;     ///< no pattern of the fleet file fits them, so that their rows are not known
    std::uint64_t there = 0;       ///< of the rest, as far as they were asked for: the target has them
    std::vector<base::Error> errors; ///< of members that were not read
    std::uint64_t bytes = 0;         ///< that the keys' items take in the source
    std::vector<WarmPair> further = {}; ///< the regions' other pools
    bool operator==(const WarmPlan &) const = default;

    [[nodiscard]] std::string sources() const; ///< "cache-us-east"; of several "cache-us-east, sessions-us-east"
    [[nodiscard]] std::string targets() const;
};

/// Walks the source's members, and asks the target's which of the keys they lack (`me`: no get is counted, nothing moves). Where the
/// regions have several pools each is filled from its counterpart: the first from the first, as the fleet file lists them; where the target
/// has one alone, it is filled from all. The keys are shared evenly among them, and what one does not need is the next one's. Blocks.
/// Errors: NotFound (a region without a pool), BadInput (from where to; pools without a counterpart), Cancelled; of members, see `errors`.
[[nodiscard]] base::Result<WarmPlan> planWarming(const fleet::Fleet &fleet, const base::RegionName &from, const base::RegionName &to,
                                                 const WarmOptions &options);

/// How far it is. A value.
struct Warmed {
    std::uint64_t tried = 0;
    std::uint64_t filled = 0;
    std::uint64_t there = 0;   ///< somebody was faster, or holds the lease
    std::uint64_t gone = 0;    ///< not in the source any more, or without a row in the target's region
    std::uint64_t differs = 0; ///< the source's value is not of the version that the row has in the target's region
    std::uint64_t lost = 0;    ///< its delete arrived between lease and fill: nothing was stored
    std::uint64_t failed = 0;  ///< a server did not answer
    std::optional<base::Error> error; ///< of the newest that failed
    bool isCancelled = false;
    bool operator==(const Warmed &) const = default;
};

/// Reads the rows' versions in the target's region.
using ReadVersions = std::function<RegionRows::Read(const std::vector<std::string> &keys)>;

/// Fills the plan's keys in the target. No stale value can be set: each key's lease is taken first, which holds everybody else off; then
/// the version of its row is read where the target's applications read it; the source's value is stored only if it is of that very version,
/// and only while the lease holds. A row that changes after it was read has its delete delivered after the lease was taken, which voids
/// it. `told` after each batch. Blocks; one thread. Needs memcached 1.6 in both regions.
[[nodiscard]] Warmed warm(const fleet::Fleet &fleet, const WarmPlan &plan, const ReadVersions &versions, const WarmOptions &options,
                          const std::function<void(const Warmed &soFar)> &told);

/// What stands in the audit log before: {"from":…,"to":…,"keys":…,"per_second":…}, with all pools' names, and after: what became of the keys.
[[nodiscard]] std::string warmRecord(const WarmPlan &plan, const WarmOptions &options);
[[nodiscard]] std::string warmedRecord(const Warmed &done);

/// What came of a warming, and whether that stands in the audit log.
struct WarmEnd {
    Warmed done;
    std::optional<base::Error> unrecorded;
    bool operator==(const WarmEnd &) const = default;
};

/// Has it recorded ("cache_warm"), fills, and has what came of it recorded ("cache_warmed"): nothing is filled that could not be. `user`
/// reads the rows. Errors: of the shard map ("rows cannot be read: …"), and those of the first `record`. Blocks, as warm().
[[nodiscard]] base::Result<WarmEnd> carryOut(const fleet::Fleet &fleet, const WarmPlan &plan, const fleet::DatabaseUser &user,
                                             const std::function<base::Result<std::string>(const std::string &entry)> &keychain, const WarmOptions &options,
                                             const std::function<base::Result<void>(const char *action, const std::string &detail)> &record,
                                             const std::function<void(const Warmed &soFar)> &told);

} // namespace shardlens::cacheflow
