// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/cacheflow/RegionRows.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

/// What became of a sample of one region's cached items when each was compared with its row. A value.
struct Staleness {
    std::uint64_t listed = 0;   ///< keys that the members told
    std::uint64_t compared = 0; ///< of them: drawn, decoded, and their row was read
    std::uint64_t stale = 0;    ///< older than their row, or without one, and still so half a second later
    std::uint64_t late = 0;     ///< as these, but gone or renewed by then, or about to expire as one that is marked: their delete was on its way
    std::uint64_t orphans = 0;  ///< of the stale: their row is not there
    std::uint64_t unread = 0;   ///< drawn, and not to be compared: no known key, no version in the value, or the row could not be read
    std::optional<base::microseconds> oldest; ///< since the row of the stalest changed; how long ago one was deleted is not known
    std::vector<std::string> staleKeys;       ///< a few
    std::optional<base::Error> error;         ///< of the newest row or member that could not be read
    bool operator==(const Staleness &) const = default;

    static constexpr std::size_t mostKeysNamed = 10;
    /// What a later sample of the same region found comes to it.
    Staleness &operator+=(const Staleness &later);
};

/// What was found in one pool. A value.
struct PoolStaleness {
    base::PoolName pool;
    Staleness found;
    bool operator==(const PoolStaleness &) const = default;
};

/// Of a region's pools together; nothing where there is none.
[[nodiscard]] std::optional<Staleness> sumOf(const std::vector<PoolStaleness> &pools);

struct StalenessOptions {
    std::size_t items = 200;     ///< compared at most
    std::size_t listed = 20'000; ///< keys read of each member to draw them from
    base::milliseconds deadline{2000};
    base::milliseconds patience{0}; ///< a round of comparing ends after so long with what it has; 0: it takes what it takes
    std::optional<base::seconds> staleFor; ///< the region's deletes mark items stale for so long instead
    std::uint64_t seed = 0;
    std::function<base::Result<std::string>(const std::string &entry)> keychain;
    std::shared_ptr<const wire::Interrupt> stop; ///< ends it early; may be null
};

/// Compares a region's cached users and media with their rows, as the region's applications would read them: through its router's read
/// database, as `user`. Costs each item a get, and each a read of its row. Keeps its sessions for the next round. Blocks; one thread.
class StalenessSampler
{
public:
    /// All of them outlive it but the options. `pool` is of the region.
    StalenessSampler(const fleet::Fleet &fleet, const fleet::Pool &pool, const DeclaredMap &map, const fleet::DatabaseUser &user,
                     StalenessOptions options);
    ~StalenessSampler();
    StalenessSampler(const StalenessSampler &) = delete;
    StalenessSampler &operator=(const StalenessSampler &) = delete;

    /// Has the members tell which keys they hold, a part of them: a walk of each member's crawler, of which there is one at a time.
    [[nodiscard]] Staleness list();
    /// Compares so many of the keys that were listed, drawn anew each time.
    [[nodiscard]] Staleness compare(std::size_t items);

private:
    class Private;
    std::unique_ptr<Private> m_d;
};

/// Lists and compares once in every pool of the region, in the fleet file's order: items and patience are the region's, shared evenly.
/// Whether the region marks stale its invalidator is asked where the options do not tell. Errors: NotFound (no pool).
[[nodiscard]] base::Result<std::vector<PoolStaleness>> sampleStaleness(const fleet::Fleet &fleet, const base::RegionName &region,
                                                                   const DeclaredMap &map, const fleet::DatabaseUser &user,
                                                                   const StalenessOptions &options);

/// The "version" of a cached JSON object.
[[nodiscard]] std::optional<std::int64_t> versionIn(const std::string &value);

} // namespace shardlens::cacheflow
