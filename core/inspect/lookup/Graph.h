// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Cards.h"
#include "core/inspect/lookup/Question.h"

namespace shardlens::inspect::lookup {

/// Associations in the sense of TAO: from one object to others, each with the time it began.
enum class Assoc : std::uint8_t {
    Follows,    ///< user -> user
    FollowedBy, ///< user -> user; the inverse
    Authored,   ///< user -> media
    Liked,      ///< user -> media
    LikedBy,    ///< media -> user; the inverse
    Commented,  ///< media -> comment
};

struct Edge {
    std::uint64_t to = 0;
    base::UtcTime since;
    Known<bool> hasInverse = facts::notAsked<bool>(); ///< NotSupported where the association has none
    bool operator==(const Edge &) const = default;
};

struct GraphQuestion {
    std::uint64_t id = 0;
    Assoc assoc = Assoc::Follows;
    Span span{};
    std::string caseNumber;
    bool operator==(const GraphQuestion &) const = default;
};

struct GraphPage {
    GraphQuestion question;
    ReadFrom from;
    Known<std::int64_t> count = facts::notAsked<std::int64_t>();
    bool isAtLeast = false;              ///< there are more than `count`: they are counted to mostCounted
    std::optional<base::UtcTime> oldest; ///< of all; nothing where not all were counted
    std::optional<base::UtcTime> newest; ///< likewise
    Page<Edge> edges;
    Recording recording;
    std::vector<Trouble> troubles;
    std::vector<StageTiming> stages;
    base::microseconds took{0};
    base::UtcTime askedAt;
    bool operator==(const GraphPage &) const = default;
};

/// A bucket of the media map and the shards, held against each other: the entries that it has, and the media that it should have and lacks.
/// No index leads from a bucket to its media: how far the shards were read through for those is told.
struct BucketCheck {
    std::uint32_t bucket = 0;
    std::uint32_t buckets = 0;
    ServerId server;
    struct Wrong {
        std::uint64_t media = 0;
        std::uint64_t mapOwner = 0;
        std::uint64_t rowOwner = 0;    ///< 0: there is no such media
        bool belongsElsewhere = false; ///< another bucket's
        std::string field;             ///< as the map has it
        std::string value;
        bool operator==(const Wrong &) const = default;
    };
    bool isPrimary = false; ///< the server says so
    std::int64_t entries = 0;
    std::int64_t unresolved = 0; ///< their shards did not answer
    std::vector<Wrong> wrong;
    struct Missing {
        std::uint64_t media = 0;
        std::uint64_t rowOwner = 0;
        bool operator==(const Missing &) const = default;
    };
    std::vector<Missing> missing;   ///< media of the bucket that the shards have, and the map does not
    std::int64_t searched = 0;      ///< shards that were read through for such
    std::int64_t unsearched = 0;    ///< shards that may have such, and were not
    std::string unsearchedWhy;      ///< the first reason that a server gave; may be empty
    std::vector<Trouble> troubles;
    std::vector<StageTiming> stages;
    base::microseconds took{0};
    base::UtcTime askedAt;
    bool operator==(const BucketCheck &) const = default;
};

[[nodiscard]] std::string_view name(Assoc assoc); ///< follows, followed_by, authored, liked, liked_by, commented
[[nodiscard]] std::optional<Assoc> assocNamed(std::string_view name);

} // namespace shardlens::inspect::lookup
