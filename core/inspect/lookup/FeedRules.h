// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/BulkRead.h"
#include "core/inspect/lookup/Feeds.h"

namespace shardlens::inspect::lookup {

/// An entry as Redis has it: a media ID; of the activity feed "l:<media>:<user>", "c:<media>:<user>:<comment>", "f:<user>". Pure.
[[nodiscard]] FeedEntry entryIn(const std::string &raw, std::uint32_t position, FeedKind kind);

/// Where a page's reading of the list begins: at its head, so that what stands further up is known, unless that would be too long; then
/// only the entry above is read. Pure.
[[nodiscard]] std::int64_t firstToRead(std::uint32_t offset);
/// The page's entries out of what was read from `first` on; `above` takes the media of those before it. Pure.
[[nodiscard]] std::vector<FeedEntry> entriesOf(const FeedQuestion &question, const std::vector<std::string> &read, std::int64_t first,
                                               std::vector<std::uint64_t> &above);

/// Whom the user follows, and since when.
using Follows = std::map<std::uint64_t, base::UtcTime>;

/// Fills what the rows tell, and marks what is wrong. `above`: media that stand further up than the first entry; `newest` the last of
/// those. `follows` absent: not known. Pure.
void markEntries(std::vector<FeedEntry> &entries, FeedKind kind, const std::map<std::uint64_t, MediaBrief> &media,
                 const std::optional<Follows> &follows, const std::vector<std::uint64_t> &above, const ids::IdLayout &layout);

/// One region's feed, as far as one media is concerned.
struct RegionFeed {
    RegionName region;
    ServerId server;
    bool isPrimary = false;
    std::optional<std::int64_t> position; ///< nothing: it is not in it
    std::int64_t length = 0;
    std::uint64_t oldest = 0; ///< the last entry; 0 = none
    bool operator==(const RegionFeed &) const = default;
};

/// What an explanation is made of.
struct FeedFacts {
    std::uint64_t user = 0;
    std::uint64_t media = 0;
    std::uint32_t trimmedTo = 0;
    Known<bool> userExists = facts::notAsked<bool>();
    Known<MediaBrief> row = facts::notAsked<MediaBrief>();
    Known<MapCopy> map = facts::notAsked<MapCopy>();
    Known<std::optional<base::UtcTime>> followsSince = facts::notAsked<std::optional<base::UtcTime>>();
    Known<bool> hasInverse = facts::notAsked<bool>();
    std::vector<std::pair<RegionName, Known<RegionFeed>>> feeds; ///< in the fleet file's order
};
/// Every step in order, and the first that fails. Pure.
[[nodiscard]] FeedExplanation explainFeed(const FeedFacts &facts);

/// A post of somebody who is followed.
struct Post {
    std::uint64_t id = 0;
    std::uint64_t owner = 0;
    base::UtcTime at;
};
/// What should stand in the feed, against what does. `owners` names the owner of each media that stands in the feed and exists;
/// posts from before the follow may be there or not: fan-out never brought them, a backfill may have. Pure.
void compareFeed(FeedComparison &into, const std::vector<std::uint64_t> &feed, const std::vector<Post> &posts, const Follows &follows,
                 const std::map<std::uint64_t, MediaBrief> &media, std::uint32_t trimmedTo);

} // namespace shardlens::inspect::lookup
