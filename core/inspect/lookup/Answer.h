// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/ids/Anatomy.h"
#include "core/inspect/lookup/Cards.h"
#include "core/inspect/lookup/Question.h"
#include "core/inspect/lookup/Verdict.h"

namespace shardlens::inspect::lookup {

/// What an ID is the ID of.
enum class Entity : std::uint8_t { None, User, Media, Comment };

/// What the numbers in an ID tell, held against the fleet.
struct IdCheck {
    ids::Anatomy anatomy;
    bool isFuture = false;                                       ///< minted later than now
    bool isShardInRange = true;                                  ///< such a shard number is declared
    Known<bool> isShardThere = facts::notAsked<bool>();          ///< the schema exists where it is declared
    std::uint64_t before = 0;                                    ///< the nearest lower ID that the shard has a row of; 0: none, or not known
    std::uint64_t after = 0;                                     ///< the nearest greater one
    std::vector<std::pair<PartitionName, ClusterName>> clusters; ///< which cluster holds it, a partition; empty name: none is declared
    bool operator==(const IdCheck &) const = default;
};

/// Whether an ID's sequence lies between its neighbours'. A shard's sequence counts all that it mints, and begins anew at its end.
enum class SequenceFit : std::uint8_t { NotKnown, Fits, FitsNot };
[[nodiscard]] SequenceFit sequenceFit(const IdCheck &check, const ids::IdLayout &layout);

/// Everything that was found out about one find.
struct Answer {
    Find find;
    Entity entity = Entity::None;
    std::optional<IdCheck> id;
    std::optional<UserCard> user; ///< of a media: its owner, in short, without lists
    std::optional<MediaCard> media;
    std::vector<ShardCard> shards;  ///< of Kind::Shard
    std::vector<NameHit> names;     ///< of NamePrefix; of UserName the one hit
    std::vector<KeyCopy> keys;      ///< of RedisKey and CachedKey
    std::vector<RegionRow> regions; ///< in the fleet file's order; empty where none were asked for
    Verdict verdict;
    Recording recording;
    std::vector<Trouble> troubles; ///< servers that did not answer; what lies on them is unknown above
    std::vector<StageTiming> stages;
    base::microseconds took{0};
    base::UtcTime askedAt;

    bool operator==(const Answer &) const = default;
};

[[nodiscard]] std::string_view name(Entity entity); ///< none, user, media, comment

} // namespace shardlens::inspect::lookup
