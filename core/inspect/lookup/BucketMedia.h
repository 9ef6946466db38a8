// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Context.h"

#include <map>
#include <optional>

namespace shardlens::inspect::lookup {

/// The media of one bucket of the map as the shards have them, whether the map knows them or not.
struct BucketMedia {
    std::map<std::uint64_t, std::uint64_t> owners; ///< media -> owner
    std::int64_t searched = 0;                     ///< shards that told all that they have
    std::int64_t unsearched = 0; ///< shards that may hold such, and did not tell: no primary answers for them in time, or there are too many
    std::optional<base::Error> why; ///< the first error that kept one from being read
};

/// Reads them of every shard that can hold them: by a map that is numbered by hash each may, by one that is numbered by the ID itself
/// (`buckets` is 0) those that the bucket's IDs name. No index leads from a hash to its media, so that each such shard's media are read
/// through, on its primary alone; what a shard costs is bounded by the link's patience and by how many it may answer,
/// what a cluster costs by ten seconds; an interrupt ends it. The map of shards
/// must have been settled.
[[nodiscard]] BucketMedia mediaOfBucket(Context &context, std::uint32_t bucket, std::uint32_t buckets, Rounds &rounds);

/// The hashes of a bucket: an ID is in it if its hash, modulo `modulus`, is one of these. None for a bucket that there is not.
struct BucketResidues {
    std::uint64_t modulus = 1;
    std::vector<std::uint64_t> residues;
};
[[nodiscard]] BucketResidues residuesOf(std::uint32_t bucket, std::uint32_t buckets);

/// The statement for shards of one server (schemas not quoted): rows of media and owner, of each shard at most one more than `most`,
/// with the shard's place in `schemas`.
[[nodiscard]] Sql bucketStatement(const fleet::Fleet &fleet, const std::vector<std::string> &schemas, std::uint32_t bucket, std::uint32_t buckets, std::size_t most);

} // namespace shardlens::inspect::lookup
