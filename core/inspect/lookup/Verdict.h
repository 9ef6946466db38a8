// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Trace.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

/// What is so, for everybody. The sentence is made of it elsewhere.
enum class Outcome : std::uint8_t {
    Exists,       ///< and all copies agree, as far as they were read
    ExistsAmiss,  ///< it exists; the findings tell what is amiss
    Deleted,      ///< at `since`, by `by` where a column tells
    DeletedAmiss, ///< it is deleted; the findings tell where it still shows
    NoTrace,      ///< the ID is valid, its shard exists, and nothing of it is there
    NotMinted,    ///< the ID lies in the future: nobody can have it yet
    NoSuchShard,  ///< the ID names a shard that does not exist
    NobodyHasName,
    NotKnown, ///< what would tell it does not answer
    Listed,   ///< a shard, a key, a prefix: the cards say it
};

/// One thing that is amiss, worst first.
enum class Amiss : std::uint8_t {
    PrimarySilent,     ///< read from a standby, as of its replay
    StillShown,        ///< deleted, but `regions` still see a cached copy
    SaysDeleted,       ///< exists, but `regions` see a copy that says deleted
    NotVisible,        ///< exists, and the standby of `regions` has not got it yet
    StaleCopy,         ///< `regions` serve a copy older than their own standby's row: an invalidation was lost
    StaleBoth,         ///< `regions` serve a copy that is as old as their standby, which is behind
    RowBehind,         ///< the standby of `regions` has an older row; nothing cached hides it
    MapOtherOwner,     ///< the media map names another owner, `owner`
    MapMissing,        ///< the media map has no entry
    MapLeftOver,       ///< the media map still has an entry for what is deleted
    OwnerGone,         ///< the owner does not exist
    Miscount,          ///< stored counts and rows differ
    AskedOwnerDiffers, ///< <media>_<owner> named an owner that it has not
    RegionSilent,      ///< too little of `regions` answers to say what is seen there
};

struct Finding {
    Amiss amiss = Amiss::NotVisible;
    std::vector<RegionName> regions; ///< in the fleet file's order; empty where it is of no region
    std::vector<ServerId> servers;   ///< who said so
    std::optional<base::UtcTime> since;
    /// For how long they are wrong at least: since the change that they lack, of StillShown since it was deleted. 0 where nothing tells.
    base::microseconds age{0};
    std::uint64_t owner = 0;
    bool operator==(const Finding &) const = default;
};

/// What no server of this fleet records, so that nobody looks for it.
enum class NotRecorded : std::uint8_t {
    WhoDeleted,      ///< a row is gone, and no tombstone tells when or by whom
    Viewers,         ///< who looked at it
    DeviceCopies,    ///< how long a phone keeps its own copy
    EarlierVersions, ///< what it was before its last change
    WhenCached,      ///< when a copy was put into a cache
};

struct Verdict {
    Outcome outcome = Outcome::NotKnown;
    std::optional<base::UtcTime> since; ///< Exists: posted or joined; Deleted: when
    std::string by;                     ///< Deleted: by whom, where a column tells
    std::vector<Finding> findings;      ///< worst first
    std::vector<NotRecorded> notRecorded;
    /// It changed so long ago, and copies of before are on their way still: no finding against them. Else nothing.
    std::optional<base::microseconds> changedAgo = std::nullopt;
    bool operator==(const Verdict &) const = default;

    [[nodiscard]] bool isAmiss() const { return !findings.empty(); } ///< or something of it is not known
    [[nodiscard]] bool has(Amiss amiss) const
    {
        return std::any_of(findings.begin(), findings.end(), [amiss](const Finding &finding) { return finding.amiss == amiss; });
    }
};

[[nodiscard]] std::string_view name(Outcome outcome);         ///< exists, exists_amiss, deleted, …
[[nodiscard]] std::string_view name(Amiss amiss);             ///< primary_silent, still_shown, …
[[nodiscard]] std::string_view name(NotRecorded notRecorded); ///< who_deleted, viewers, …

} // namespace shardlens::inspect::lookup
