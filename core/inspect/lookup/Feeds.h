// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Values.h"

namespace shardlens::inspect::lookup {

enum class FeedKind : std::uint8_t { Main, Activity };

/// What is wrong with an entry of a feed.
enum class Mark : std::uint8_t {
    Dangling,   ///< the media does not exist
    Deleted,    ///< the media was deleted: a tombstone says so
    Unfollowed, ///< its owner is not followed (any more)
    Duplicate,  ///< it stands further up already
    Misordered, ///< it is newer than the one above it
    Garbled,    ///< not an ID, or no entry of this feed
};

/// What an entry of the activity feed tells.
enum class ActivityKind : std::uint8_t { None, Liked, Commented, Followed };

struct FeedEntry {
    std::uint32_t position = 0; ///< 0 = the newest
    std::string raw;            ///< as Redis has it
    std::uint64_t media = 0;    ///< 0 where there is none
    std::uint64_t actor = 0;    ///< activity: who liked, commented, followed
    ActivityKind activity = ActivityKind::None;
    std::uint64_t owner = 0;               ///< of the media's row; 0 while not known
    Masked<std::string> caption;           ///< masked where the media is private
    std::optional<base::UtcTime> postedAt; ///< the media's row; where that is gone, when its ID was minted
    std::vector<Mark> marks;
    bool isResolved = false; ///< its shard answered
    bool operator==(const FeedEntry &) const = default;
};

struct FeedQuestion {
    std::uint64_t user = 0;
    FeedKind kind = FeedKind::Main;
    RegionName region; ///< empty = the console's own
    std::uint32_t offset = 0;
    std::uint32_t limit = 100; ///< 10,000 at most
    std::string caseNumber;
    bool operator==(const FeedQuestion &) const = default;
};

/// A stretch of a feed, as one region's Redis has it.
struct FeedPage {
    FeedQuestion question;
    ServerId server;
    bool isPrimary = false;
    std::int64_t length = 0;     ///< of the whole feed
    std::uint32_t trimmedTo = 0; ///< entries it is kept to; 0 = not declared
    std::vector<FeedEntry> entries;
    std::uint32_t next = 0; ///< offset of the next page; 0 = this was the last
    Recording recording;
    std::vector<Trouble> troubles;
    std::vector<StageTiming> stages;
    base::microseconds took{0};
    base::UtcTime askedAt;
    bool operator==(const FeedPage &) const = default;
};

/// The steps by which a photo comes into a feed, in order. The first that fails is the cause.
enum class FeedStep : std::uint8_t {
    UserExists,
    MediaExists,
    OwnerKnown,    ///< row and media map name the same owner
    Follows,       ///< the user follows the owner
    FollowedFirst, ///< since before it was posted; later posts alone are fanned out
    Inverse,       ///< the owner's list of followers has the user: fan-out reads that
    NotTrimmed,    ///< the feed holds so many, and it is not older than the last of a full one
    InFeed,        ///< it stands in the feed of the primary
    InEveryRegion, ///< and in that of each region
};

enum class StepResult : std::uint8_t { Holds, Fails, NotKnown, NotReached };

/// A reading that a step rests on. Only what belongs to it is set.
struct Evidence {
    RegionName region;
    ServerId server;
    std::optional<base::UtcTime> at;    ///< follows since; posted at; deleted at
    std::optional<std::int64_t> number; ///< position in the feed; length; newer entries of those followed
    std::optional<std::int64_t> limit;  ///< what the feed is kept to
    std::uint64_t id = 0;               ///< the owner; the oldest entry
    std::string error;                  ///< why it could not be read
    bool operator==(const Evidence &) const = default;
};

struct ExplainedStep {
    FeedStep step = FeedStep::UserExists;
    StepResult result = StepResult::NotReached;
    std::vector<Evidence> evidence;
    bool operator==(const ExplainedStep &) const = default;
};

/// Why a photo is, or is not, in somebody's feed.
struct FeedExplanation {
    std::uint64_t user = 0;
    std::uint64_t media = 0;
    std::vector<ExplainedStep> steps; ///< every step, in order
    std::optional<std::size_t> cause; ///< the first that fails; nothing: it is in the feed everywhere, or it is not known
    Recording recording;
    std::vector<Trouble> troubles;
    std::vector<StageTiming> stages;
    base::microseconds took{0};
    base::UtcTime askedAt;
    bool operator==(const FeedExplanation &) const = default;
};

/// A feed beside what the follow graph says it should be.
struct FeedComparison {
    std::uint64_t user = 0;
    RegionName region;
    ServerId server;
    std::int64_t length = 0;
    std::int64_t expected = 0;
    std::vector<std::uint64_t> missing; ///< newest first
    std::vector<std::uint64_t> extra;   ///< in the feed's order
    std::vector<std::uint64_t> misordered;
    std::vector<std::uint64_t> duplicates;
    std::vector<std::string> entries;  ///< the feed as Redis has it
    std::vector<std::uint64_t> wanted; ///< what the follow graph says it should be, newest first
    bool isComplete = true;            ///< false: some shard did not answer, see troubles
    Recording recording;
    std::vector<Trouble> troubles;
    std::vector<StageTiming> stages;
    base::microseconds took{0};
    base::UtcTime askedAt;
    bool operator==(const FeedComparison &) const = default;

    [[nodiscard]] bool agrees() const { return missing.empty() && extra.empty() && misordered.empty() && duplicates.empty(); }
};

[[nodiscard]] std::string_view name(FeedKind kind);     ///< main, activity
[[nodiscard]] std::string_view name(Mark mark);         ///< dangling, deleted, unfollowed, duplicate, misordered, garbled
[[nodiscard]] std::string_view name(ActivityKind kind); ///< none, liked, commented, followed
[[nodiscard]] std::string_view name(FeedStep step);     ///< user_exists, media_exists, …
[[nodiscard]] std::string_view name(StepResult result); ///< holds, fails, not_known, not_reached

} // namespace shardlens::inspect::lookup
