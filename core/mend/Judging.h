// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids/IdLayout.h"
#include "core/inspect/lookup/Feeds.h"
#include "core/inspect/lookup/Graph.h"
#include "core/inspect/lookup/MediaBrief.h"
#include "core/mend/Plan.h"

#include <functional>
#include <map>

namespace shardlens::mend {

/// By what an entry is judged. What was minted within the last minute is left alone: its row may not be on the server that was asked,
/// its fan-out may be on the way.
struct Measure {
    base::UtcTime now;
    ids::IdLayout layout;
    [[nodiscard]] bool isTooYoung(std::uint64_t id) const;
};

/// The feed as the follow graph says, into the plan. Pure, as are the next.
void judgeFeed(Plan &plan, const inspect::lookup::FeedComparison &comparison, const std::string &key, std::uint32_t most,
               const Measure &measure);

/// Where a media's entry belongs, and what stands there.
struct RightPlace {
    std::string key;
    std::optional<std::string> owner;
};
/// The wrong entries of a bucket, and those that it lacks. `places` has one for each media that belongs into another bucket.
void judgeBucket(Plan &plan, const inspect::lookup::BucketCheck &check, const std::string &key,
                 const std::map<std::uint64_t, RightPlace> &places, const Measure &measure);
/// One media's entry: as its row says; without a row, none.
void judgeEntry(Plan &plan, std::uint64_t media, const inspect::lookup::MediaBrief &row, const RightPlace &place, const Measure &measure);

/// Media whose entries a plan adds: nothing stands there that could be compared, so that their rows are read again before they are
/// written. None where it takes a mend back: that puts back what stood there, right or wrong.
[[nodiscard]] std::vector<std::uint64_t> addedMedia(const Plan &plan);
/// The first field of those that is not right any more: its row is gone, has another owner or was not read, or it belongs to another key.
[[nodiscard]] std::optional<FieldWrite> notSoAnyMore(const Plan &plan, const std::map<std::uint64_t, inspect::lookup::MediaBrief> &rows,
                                                     const std::function<std::string(std::uint64_t media)> &keyOf);

/// The plan that takes another back: each entry as it was.
[[nodiscard]] Plan reversed(const Plan &plan, const std::string &id);

} // namespace shardlens::mend
