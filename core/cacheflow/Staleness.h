// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/cacheflow/KeyOwner.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

/// What became of a sample of one region's cached items when each was compared with its row. A value.
struct Staleness {
    std::uint64_t listed = 0;   ///< keys that the members told
    std::uint64_t compared = 0; ///< of them: drawn, decoded, and their row was read
    std::uint64_t stale = 0;    ///< older than their row, and still there half a second later
    std::uint64_t late = 0;     ///< older than their row, and gone or renewed by then: their delete was on its way
    std::uint64_t orphans = 0;  ///< their row is not there
    std::uint64_t unread = 0;   ///< drawn, and not to be compared: no known key, no version in the value, or the row could not be read
    std::optional<base::microseconds> oldest; ///< since the row of the stalest changed
    std::vector<std::string> staleKeys;       ///< a few
    std::optional<base::Error> error;         ///< of the newest row or member that could not be read
    bool operator==(const Staleness &) const = default;
};

/// Where each logical shard of a partition lies, as declared: partition -> shard -> cluster.
using DeclaredMap = std::map<std::string, std::map<std::uint32_t, std::string>>;

/// Reads it from the directory, of the first member that answers, as the observer. Blocks, at most 3 s a member. Errors: NotFound (no
/// directory, no observer), and those of the last member.
[[nodiscard]] base::Result<DeclaredMap> declaredMap(const fleet::Fleet &fleet, const std::function<base::Result<std::string>(const std::string &entry)> &keychain);

struct StalenessOptions {
    std::size_t items = 200;     ///< compared at most
    std::size_t listed = 20'000; ///< keys read of each member to draw them from
    base::milliseconds deadline{2000};
    std::uint64_t seed = 0;
    std::function<base::Result<std::string>(const std::string &entry)> keychain;
};

/// Compares a region's cached users and media with their rows, as the region's applications would read them: through its router's read
/// database, as `user`. Costs each item a get, and each a read of its row. Blocks; one thread. Errors: NotFound (no pool, no router).
[[nodiscard]] base::Result<Staleness> sampleStaleness(const fleet::Fleet &fleet, const base::RegionName &region, const DeclaredMap &map,
                                                      const fleet::DatabaseUser &user, const StalenessOptions &options);

/// The "version" of a cached JSON object.
[[nodiscard]] std::optional<std::int64_t> versionIn(const std::string &value);

} // namespace shardlens::cacheflow
