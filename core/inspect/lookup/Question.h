// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/fleet/Fleet.h"
#include "core/ids/Reading.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::inspect::lookup {

/// What a piece of text was taken for.
enum class Kind : std::uint8_t {
    Id,         ///< a number that is a user's, a photo's or a comment's: which, only the shards tell
    Media,      ///< a shortcode, a link, or <media>_<owner>
    User,       ///< an ID that is known to be a user's
    UserName,   ///< a whole user name
    NamePrefix, ///< the beginning of user names: "ann*"
    Shard,      ///< a logical shard: insta1341, or a number that is one
    RedisKey,   ///< a key of the fleet file's patterns, or any after "redis:"
    CachedKey,  ///< likewise, or any after "cache:"
};

/// One thing found in what was pasted.
struct Find {
    Kind kind = Kind::Id;
    std::string text;        ///< the piece that was taken for it: a name, a key, a code; without brackets and tracking parameters
    std::size_t at = 0;      ///< bytes of the pasted text before the piece
    std::size_t length = 0;  ///< bytes of the piece
    std::uint64_t id = 0;    ///< of Id, Media, User; of Shard its number
    std::uint64_t owner = 0; ///< of <media>_<owner>, else 0
    ids::Form form = ids::Form::Number; ///< of Id, Media, User
    bool hasAccessKey = false;          ///< a private shortcode: the key is no part of the ID
    bool isPlausible = true;            ///< an ID that could have been minted by now; a name or key that looks like one

    bool operator==(const Find &) const = default;
};

/// All that a pasted text holds, the likeliest first. Finds with the same place are other readings of one piece.
struct Recognised {
    std::vector<Find> finds;
    bool wasCut = false; ///< the text was longer than is searched, or held more finds than are listed

    bool operator==(const Recognised &) const = default;
};

/// Searches a text, a whole message or one ID alike. Any bytes, any length; at most 64 KiB of it are searched, 200 finds listed.
/// `now` tells what could have been minted. Any thread.
[[nodiscard]] Recognised recognise(std::string_view pasted, const fleet::Fleet &fleet, base::UtcTime now);

/// Why masked fields are to be shown. Both are recorded before anything is shown.
struct Unmask {
    std::string reason;     ///< never empty
    std::string caseNumber; ///< never empty
    bool operator==(const Unmask &) const = default;
};

/// How much of a list is wanted. `after` is the `next` of the page before; empty = from the newest.
struct Span {
    std::uint32_t limit = 25;
    std::string after;
    bool operator==(const Span &) const = default;
};

/// What is to be answered.
struct Question {
    Find find;
    std::string caseNumber;       ///< recorded with the look; may be empty
    std::optional<Unmask> unmask; ///< absent: personal fields stay masked
    bool withRegions = true;      ///< a row a region: standbys, map, cached copies
    bool withLists = true;        ///< followers, media, likes, comments
    bool withSessions = false;    ///< sessions of a user: no index leads to them, so that they are searched for, within a limit
    Span followers{};
    Span following{};
    Span media{};
    Span likes{};
    Span comments{};

    bool operator==(const Question &) const = default;
};

[[nodiscard]] std::string_view name(Kind kind); ///< id, media, user, user_name, name_prefix, shard, redis_key, cached_key

} // namespace shardlens::inspect::lookup
