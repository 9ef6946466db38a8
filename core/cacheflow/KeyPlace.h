// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::cacheflow {

/// Where one pool keeps a key. A value.
struct KeyPlace {
    base::RegionName region;
    base::PoolName pool;
    base::ServerId server;
    bool operator==(const KeyPlace &) const = default;
};

/// The key's member of every pool, or of those of one region; in the fleet file's order. Asks no server. Errors: BadInput (a key that
/// cannot be, a pool that cannot be hashed over), NotFound (no pool there).
[[nodiscard]] base::Result<std::vector<KeyPlace>> placesOf(const fleet::Fleet &fleet, const std::string &key, const std::string &region);

/// How a pool's keys lie on its members, and which share of them would be looked for elsewhere. A value.
struct PoolSpread {
    base::PoolName pool;
    std::size_t sampled = 0;
    struct Member {
        base::ServerId server;
        double share = 0;           ///< of the keys
        std::optional<double> lost; ///< share of all that moves if it leaves; nothing where it is the last one
        bool operator==(const Member &) const = default;
    };
    std::vector<Member> members;
    std::optional<double> joined; ///< share that moves if one more joins; nothing where it cannot be told
    bool operator==(const PoolSpread &) const = default;
};

/// From a sample of made-up keys: a member more or less hashes all of them again, so that this takes a moment where there are many.
/// Asks no server. Errors: BadInput for a pool that cannot be hashed over.
[[nodiscard]] base::Result<PoolSpread> spreadOf(const fleet::Fleet &fleet, const fleet::Pool &pool, std::size_t keys);

} // namespace shardlens::cacheflow
