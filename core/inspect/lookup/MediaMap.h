// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"
#include "core/inspect/lookup/Round.h"
#include "core/inspect/lookup/Trace.h"

#include <bit>
#include <cstdint>
#include <string>

namespace shardlens::inspect::lookup {

/// A media's hash is its ID modulo this.
inline constexpr std::uint64_t bucketPrime = 1'000'003;

/// The bucket of a media in a map of so many: linear hashing, buckets numbered densely; see the fleet file's media_map.
[[nodiscard]] constexpr std::uint32_t bucketOf(std::uint64_t media, std::uint32_t buckets)
{
    const std::uint64_t hash = media % bucketPrime;
    const std::uint64_t whole = std::bit_floor(buckets == 0 ? 1U : buckets); // those at and above it were split off already
    const std::uint64_t bucket = hash % (2 * whole);
    return static_cast<std::uint32_t>(bucket < buckets ? bucket : hash % whole);
}

/// A Redis key of the fleet file's pattern, or of the usual one where it names none.
[[nodiscard]] std::string redisKey(const fleet::Fleet &fleet, const std::string &pattern, const std::string &word,
                                   const std::string &value);
/// The key of a cached "user" or "media".
[[nodiscard]] std::string cachedKey(const fleet::Fleet &fleet, const std::string &kind, std::uint64_t id);

/// The group with a role; null if none is declared. Its first member in a region, else empty.
[[nodiscard]] const fleet::RedisGroup *groupWith(const fleet::Fleet &fleet, fleet::RedisRole role);
[[nodiscard]] ServerId memberIn(const fleet::Fleet &fleet, const std::vector<ServerId> &members, const RegionName &region);

/// The owner as this server's map has it. `buckets` is what it had the last time, 0 = not known: then, and when it has changed, a
/// second round trip is needed.
[[nodiscard]] base::Result<MapCopy> readMap(Link &link, const fleet::Fleet &fleet, std::uint64_t media, std::uint32_t &buckets);

} // namespace shardlens::inspect::lookup
