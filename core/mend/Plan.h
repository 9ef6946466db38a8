// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Name.h"
#include "core/inspect/lookup/Values.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::mend {

/// What is to be put right.
enum class What : std::uint8_t {
    Feed,      ///< a user's main feed, as the follow graph says
    MapBucket, ///< every wrong entry of one bucket of the media map, and every one that it lacks
    MapEntry,  ///< one media's entry in the media map
};

struct Intent {
    What what = What::Feed;
    std::uint64_t user = 0;   ///< Feed
    std::uint32_t bucket = 0; ///< MapBucket
    std::uint64_t media = 0;  ///< MapEntry
    std::string caseNumber;   ///< recorded; may be empty
    bool operator==(const Intent &) const = default;
};

/// What must hold before anything is written.
enum class CheckId : std::uint8_t {
    OnePrimary,     ///< one member of the group says that it is the primary
    TakesWrites,    ///< it is not braked: as many replicas follow as it wants before it takes a write
    NoOperation,    ///< nobody moves the group
    NewestTerm,     ///< no member, and not the directory, knows of a newer term than the primary
    ShardsAnswered, ///< every shard that was asked did: what is not known is not judged
    StillTheSame,   ///< undo: nobody else has written it since
};

struct Check {
    CheckId id = CheckId::OnePrimary;
    bool passed = false;
    std::string reading; ///< what was found: names, numbers, words of a server
    std::string limit;   ///< what it is held against; empty where the check says it
    bool operator==(const Check &) const = default;
};

/// One thing that is written otherwise.
struct Change {
    enum class Kind : std::uint8_t {
        Added,    ///< was missing
        Removed,  ///< of the feed: extra, or it stands twice; of the map: no such media, or it belongs into another bucket
        Moved,    ///< of the feed: it stands out of order
        Replaced, ///< of the map: another owner
    };
    Kind kind = Kind::Added;
    std::string entry;                ///< the media, as Redis has it
    std::optional<std::size_t> wasAt; ///< of the feed: its position, 0 = the newest
    std::optional<std::size_t> isAt;
    std::string key; ///< of the map: the bucket's hash
    std::string was; ///< of the map: the owner; empty = none
    std::string becomes;
    bool operator==(const Change &) const = default;
};

/// A list that is written anew.
struct ListWrite {
    std::string key;
    std::vector<std::string> before;
    std::vector<std::string> after;
    std::size_t most = 0;         ///< entries that it is kept to; 0 = not declared
    std::int64_t expiresInMs = 0; ///< what it still had to live; it keeps that. 0: it does not expire
    bool operator==(const ListWrite &) const = default;
};

/// A field of a hash.
struct FieldWrite {
    std::string key;
    std::string field;
    std::optional<std::string> before;
    std::optional<std::string> after; ///< nothing: the field goes
    bool operator==(const FieldWrite &) const = default;
};

/// What would be written, where, and whether it may be. A value: made by planning, shown, and carried out as it is.
struct Plan {
    Intent intent;
    base::GroupName group;
    base::ServerId primary;
    base::RegionName region; ///< the primary's
    std::int64_t term = 0;   ///< of the group, by its term key; 0 = it has none
    std::vector<Check> checks;
    std::optional<ListWrite> list;
    std::vector<FieldWrite> fields;
    std::vector<Change> changes;
    std::int64_t tooYoung = 0; ///< entries that were left alone: minted so shortly ago that the shards may not tell them yet
    std::int64_t unsearched = 0; ///< MapBucket: shards that could not be read through for media that the map lacks
    std::string unsearchedWhy;   ///< the first reason that a server gave; may be empty
    std::string undoes;        ///< the mend that this takes back; else empty
    inspect::lookup::Recording recording;
    base::UtcTime madeAt;
    bool operator==(const Plan &) const = default;

    [[nodiscard]] bool passes() const;
    [[nodiscard]] bool isNeeded() const { return !changes.empty(); }
};

/// How a mend ended.
struct Done {
    std::string id; ///< by which it is taken back
    std::int64_t audit = 0;
    std::size_t written = 0; ///< entries or fields
    std::size_t carried = 0; ///< entries that were pushed to the list since it was planned, and kept
    bool operator==(const Done &) const = default;
};

/// The changes from one list to another: as few as there can be. What stands twice in `before` is removed where it stands lower.
[[nodiscard]] std::vector<Change> listChanges(const std::vector<std::string> &before, const std::vector<std::string> &after);
[[nodiscard]] std::vector<Change> fieldChanges(const std::vector<FieldWrite> &fields);

/// `after`, where the list has gone on from `before` to `now`: entries pushed in front are kept there, and as many cut at the end as
/// `most` wants. Nothing where something else has happened to it.
[[nodiscard]] std::optional<std::vector<std::string>> carriedOn(const ListWrite &write, const std::vector<std::string> &now);

/// The commands that carry a plan out, as a person would type them; a long list is cut.
[[nodiscard]] std::vector<std::string> commandsOf(const Plan &plan);

/// What is typed to confirm: the user, the bucket or the media.
[[nodiscard]] std::string confirmationOf(const Intent &intent);
/// The audit log's subject: "feed of user 42", "media map bucket 7".
[[nodiscard]] std::string subjectOf(const Intent &intent);

[[nodiscard]] std::string_view name(What what);          ///< feed, map_bucket, map_entry
[[nodiscard]] std::string_view name(CheckId id);         ///< one_primary, takes_writes, …
[[nodiscard]] std::string_view name(Change::Kind kind);  ///< added, removed, moved, replaced

} // namespace shardlens::mend
