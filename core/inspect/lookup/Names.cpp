// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Answer.h"
#include "core/inspect/lookup/Feeds.h"
#include "core/inspect/lookup/Graph.h"

#include <array>

namespace shardlens::inspect::lookup {

namespace {

/// The names of an enum, in its order.
template <class Enum, std::size_t size>
std::string_view nameIn(const std::array<std::string_view, size> &names, Enum value)
{
    const auto at = static_cast<std::size_t>(value);
    return at < size ? names[at] : std::string_view();
}

constexpr std::array<std::string_view, 6> assocNames{"follows", "followed_by", "authored", "liked", "liked_by", "commented"};

} // namespace

std::string_view name(Kind kind)
{
    return nameIn(std::to_array<std::string_view>({"id", "media", "user", "user_name", "name_prefix", "shard", "redis_key", "cached_key"}),
                  kind);
}

std::string_view name(Stage stage)
{
    return nameIn(std::to_array<std::string_view>({"connect", "record", "place", "rows", "owner", "lists", "sessions"}), stage);
}

std::string_view name(Recording::State state)
{
    return nameIn(std::to_array<std::string_view>({"recorded", "not_needed", "no_directory", "failed"}), state);
}

std::string_view name(CopyState state)
{
    return nameIn(std::to_array<std::string_view>({"exists", "deleted", "absent", "filling", "garbled"}), state);
}

std::string_view name(Field field)
{
    return nameIn(std::to_array<std::string_view>({"state", "version", "updated_at", "owner", "name", "full_name", "caption", "filter",
                                                   "private", "likes", "comments", "media", "followers", "following"}),
                  field);
}

std::string_view name(Sees sees)
{
    return nameIn(std::to_array<std::string_view>({"it", "old_copy", "old_row", "deletion", "nothing", "it_still", "before", "not_known"}), sees);
}

std::string_view name(Copy copy)
{
    return nameIn(std::to_array<std::string_view>({"row", "cached", "map"}), copy);
}

std::string_view name(Outcome outcome)
{
    return nameIn(std::to_array<std::string_view>({"exists", "exists_amiss", "deleted", "deleted_amiss", "no_trace", "not_minted",
                                                   "no_such_shard", "nobody_has_name", "not_known", "listed"}),
                  outcome);
}

std::string_view name(Amiss amiss)
{
    return nameIn(std::to_array<std::string_view>({"primary_silent", "still_shown", "says_deleted", "not_visible", "stale_copy",
                                                   "stale_both", "row_behind", "map_other_owner", "map_missing", "map_left_over",
                                                   "owner_gone", "miscount", "asked_owner_differs", "region_silent"}),
                  amiss);
}

std::string_view name(NotRecorded notRecorded)
{
    return nameIn(std::to_array<std::string_view>({"who_deleted", "viewers", "device_copies", "earlier_versions", "when_cached"}),
                  notRecorded);
}

std::string_view name(Entity entity)
{
    return nameIn(std::to_array<std::string_view>({"none", "user", "media", "comment"}), entity);
}

std::string_view name(FeedKind kind)
{
    return nameIn(std::to_array<std::string_view>({"main", "activity"}), kind);
}

std::string_view name(Mark mark)
{
    return nameIn(std::to_array<std::string_view>({"dangling", "deleted", "unfollowed", "duplicate", "misordered", "garbled"}), mark);
}

std::string_view name(ActivityKind kind)
{
    return nameIn(std::to_array<std::string_view>({"none", "liked", "commented", "followed"}), kind);
}

std::string_view name(FeedStep step)
{
    return nameIn(std::to_array<std::string_view>({"user_exists", "media_exists", "owner_known", "follows", "followed_first", "inverse",
                                                   "not_trimmed", "in_feed", "in_every_region"}),
                  step);
}

std::string_view name(StepResult result)
{
    return nameIn(std::to_array<std::string_view>({"holds", "fails", "not_known", "not_reached"}), result);
}

std::string_view name(Assoc assoc)
{
    return nameIn(assocNames, assoc);
}

std::optional<Assoc> assocNamed(std::string_view name)
{
    for (std::size_t i = 0; i < assocNames.size(); ++i) {
        if (assocNames[i] == name)
            return static_cast<Assoc>(i);
    }
    return std::nullopt;
}

} // namespace shardlens::inspect::lookup
