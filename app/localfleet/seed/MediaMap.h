// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <bit>
#include <cstdint>

namespace shardlens::seed
{

// The media-to-user map: hashes of about 1,000 fields, media ID -> owner's ID. IDs made of time do not fill `id / 1000`, so
// buckets are numbered densely, by linear hashing: the key of {bucket} = "buckets" holds how many there are, that of "count"
// how many media; the bucket of an ID follows from the ID and that number alone. When the map grows, one bucket is split at a
// time, so that buckets hold between 480 and 960 fields and keep the small-hash encoding.

constexpr std::uint32_t mediaPerBucketOnAverage = 480;
constexpr std::uint64_t mediaHashPrime = 1'000'003; ///< hash of an ID: its remainder; small enough for Redis's Lua numbers

/// How many buckets hold so many media.
[[nodiscard]] constexpr std::uint32_t bucketsFor(std::uint64_t media)
{
    const auto buckets = (media + mediaPerBucketOnAverage - 1) / mediaPerBucketOnAverage;
    return buckets == 0 ? 1 : static_cast<std::uint32_t>(buckets);
}

[[nodiscard]] constexpr std::uint32_t bucketOf(std::uint64_t mediaId, std::uint32_t buckets)
{
    const auto hash = mediaId % mediaHashPrime;
    const std::uint64_t whole = std::bit_floor(buckets); // buckets at and above it were split off already
    const auto bucket = hash % (2 * whole);
    return static_cast<std::uint32_t>(bucket < buckets ? bucket : hash % whole);
}

} // namespace shardlens::seed
