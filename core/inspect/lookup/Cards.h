// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Units.h"
#include "core/inspect/lookup/Values.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <utility>

namespace shardlens::inspect::lookup {

/// Where a row was read from.
struct ReadFrom {
    ClusterName cluster;
    std::string schema; ///< "insta1341"
    ServerId server;
    RegionName masterRegion; ///< where the cluster's primary is; empty while none is seen
    bool isStandby = false;  ///< the primary does not answer: this is as of its replay
    bool operator==(const ReadFrom &) const = default;
};

/// Somebody on one side of a follow, a like or a comment.
struct Person {
    std::uint64_t id = 0;
    base::UtcTime since; ///< when it began: followed, liked
    bool operator==(const Person &) const = default;
};

struct MediaLine {
    std::uint64_t id = 0;
    base::UtcTime postedAt;
    bool isPrivate = false;
    std::int64_t likes = 0;
    std::int64_t comments = 0;
    bool operator==(const MediaLine &) const = default;
};

struct CommentLine {
    std::uint64_t id = 0;
    std::uint64_t user = 0;
    base::UtcTime at;
    Masked<std::string> body; ///< masked where the media is private
    bool operator==(const CommentLine &) const = default;
};

/// Entries of a user's feeds in one region.
struct FeedLength {
    RegionName region;
    ServerId server;
    Known<std::int64_t> mainFeed = facts::notAsked<std::int64_t>();
    Known<std::int64_t> activityFeed = facts::notAsked<std::int64_t>();
    bool operator==(const FeedLength &) const = default;
};

/// Sessions of a user; never a token.
struct Sessions {
    std::int64_t count = 0;
    std::vector<std::pair<base::UtcTime, base::UtcTime>> times; ///< created and last seen, newest first
    std::int64_t searched = 0;                                  ///< keys that were looked through
    bool isComplete = true;                                     ///< false: the search ended at its limit, there may be more
    bool operator==(const Sessions &) const = default;
};

/// A column that the fleet counts as personal.
struct PersonalField {
    std::string name; ///< as the fleet file has it: email, last_ip
    Masked<std::string> value;
    bool operator==(const PersonalField &) const = default;
};

/// A user, as the row tells.
struct UserCard {
    std::uint64_t id = 0;
    ReadFrom from;
    bool exists = false; ///< false: only the tombstone is left, or nothing
    std::optional<Tombstone> tombstone;

    std::string name;
    std::string fullName; ///< empty where the fleet counts it as personal: then it is one of those below
    std::string bio;      ///< likewise
    std::vector<PersonalField> personal; ///< in the fleet file's order
    [[nodiscard]] bool isPersonal(std::string_view column) const
    {
        return std::any_of(personal.begin(), personal.end(), [column](const PersonalField &field) { return field.name == column; });
    }
    base::UtcTime createdAt;
    base::UtcTime updatedAt;
    std::int64_t version = 0;
    Count media; ///< counted in the media partition
    Count followers;
    Count following;

    Page<Person> followerList;
    Page<Person> followingList;
    Page<MediaLine> recentMedia;
    std::vector<FeedLength> feeds;
    Known<Sessions> sessions = facts::notAsked<Sessions>();

    bool operator==(const UserCard &) const = default;
};

/// A photo or video, as the row tells.
struct MediaCard {
    std::uint64_t id = 0;
    ReadFrom from;
    bool exists = false;
    std::optional<Tombstone> tombstone;

    std::uint64_t owner = 0; ///< of the row; without one, as the media map has it, else 0
    Known<std::string> ownerName = facts::notAsked<std::string>();
    bool isPrivate = false;
    Masked<std::string> caption; ///< masked where the media is private
    std::string filter;
    std::int32_t width = 0;
    std::int32_t height = 0;
    base::UtcTime createdAt;
    base::UtcTime updatedAt;
    std::int64_t version = 0;
    Count likes;
    Count comments;
    Page<Person> likeList;
    Page<CommentLine> commentList;

    bool operator==(const MediaCard &) const = default;
};

/// A shard of one partition: where it is declared, and who has it.
struct ShardCard {
    PartitionName partition;
    base::ShardNumber number;
    std::string schema;
    bool isInRange = true; ///< the partition has so many shards
    Known<ClusterName> declared = facts::notAsked<ClusterName>();
    struct Place {
        ServerId server;
        ClusterName cluster;
        RegionName region;
        bool isPrimary = false;
        Known<bool> hasIt = facts::notAsked<bool>();
        Known<std::int64_t> rows = facts::notAsked<std::int64_t>(); ///< as the catalogs estimate
        bool operator==(const Place &) const = default;
    };
    std::vector<Place> places;
    bool operator==(const ShardCard &) const = default;
};

/// A name of the directory.
struct NameHit {
    std::string name;
    std::uint64_t user = 0;
    bool operator==(const NameHit &) const = default;
};

/// A key as one server has it.
struct KeyCopy {
    RegionName region;
    ServerId server;
    PoolName pool;                    ///< memcached: whose member the server is; Redis: empty
    Known<bool> exists = facts::notAsked<bool>();
    std::string type;                 ///< Redis: list, hash, string…; memcached: item
    std::int64_t length = 0;          ///< entries, or bytes of a text or an item
    std::optional<base::seconds> ttl; ///< nothing: it does not expire
    bool operator==(const KeyCopy &) const = default;
};

} // namespace shardlens::inspect::lookup
