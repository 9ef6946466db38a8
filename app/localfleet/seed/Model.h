// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids/IdLayout.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::seed
{

/// What a world is made from; the same numbers make the same world.
struct WorldParameters {
    std::uint32_t users = 20'000;
    std::uint32_t media = 100'000;
    std::uint64_t seed = 1;
    std::int64_t nowMs = 0; ///< nothing is younger; Unix milliseconds
    std::uint32_t shards = 1024;
    ids::IdLayout layout;
    bool operator==(const WorldParameters &) const = default;
};

struct User {
    std::uint64_t id = 0;
    std::uint32_t shard = 0;
    std::int64_t createdMs = 0;
    std::int64_t updatedMs = 0;
    std::string name; ///< unique
    std::string fullName;
    bool isPrivate = false; ///< what they post is
    bool isDeleted = false; ///< only a tombstone is left
    std::uint32_t mediaCount = 0;
    std::uint32_t followerCount = 0;
    std::uint32_t followingCount = 0;
};

struct Media {
    std::uint64_t id = 0;
    std::uint32_t owner = 0; ///< index of a user
    std::int64_t createdMs = 0;
    bool isDeleted = false; ///< only a tombstone is left
    std::uint32_t likeCount = 0;
    std::uint32_t commentCount = 0;
};

struct Follow {
    std::uint32_t from = 0; ///< index of the user who follows
    std::uint32_t to = 0;
    std::int64_t atMs = 0;
};

struct Like {
    std::uint32_t media = 0; ///< index
    std::uint32_t user = 0;
    std::int64_t atMs = 0;
};

struct Comment {
    std::uint64_t id = 0;
    std::uint32_t media = 0;
    std::uint32_t user = 0;
    std::int64_t atMs = 0;
    bool isDeleted = false; ///< only a tombstone is left
};

/// A whole made-up world: people with a heavy-tailed follow graph, what they posted, liked and said, and some of it deleted.
/// Texts other than names are drawn when rows are written. About 40 MB for the default size.
struct World {
    WorldParameters parameters;
    std::vector<User> users;
    std::vector<Media> media;      ///< by time
    std::vector<Follow> follows;   ///< by the follower's index; no pair twice
    std::vector<Like> likes;       ///< by media; no pair twice
    std::vector<Comment> comments; ///< by media, then time

    [[nodiscard]] std::uint32_t shardOf(const Media &item) const { return users[item.owner].shard; }
};

[[nodiscard]] World makeWorld(const WorldParameters &parameters);
/// The earliest "now" of which a world can be made: its oldest people joined years before, and their IDs begin with the layout's epoch.
/// Unix milliseconds.
[[nodiscard]] std::int64_t earliestNowMs(const ids::IdLayout &layout);

/// The indexes of a world's things by the logical shard that holds them.
struct ByShard {
    explicit ByShard(const World &world);

    std::vector<std::vector<std::uint32_t>> users;
    std::vector<std::vector<std::uint32_t>> follows;   ///< in the follower's shard
    std::vector<std::vector<std::uint32_t>> followers; ///< the same edges, in the followed one's shard
    std::vector<std::vector<std::uint32_t>> liked;     ///< in the liker's shard
    std::vector<std::vector<std::uint32_t>> media;     ///< in the owner's shard, as are likes and comments
    std::vector<std::vector<std::uint32_t>> likes;
    std::vector<std::vector<std::uint32_t>> comments;

    [[nodiscard]] std::int64_t rowsOfUsersShard(std::uint32_t shard) const;
    [[nodiscard]] std::int64_t rowsOfMediaShard(std::uint32_t shard) const;
};

} // namespace shardlens::seed
