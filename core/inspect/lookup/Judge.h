// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/RowFacts.h"

namespace shardlens::inspect::lookup {

/// One region as it was read.
struct RegionFacts {
    RegionName region;
    Known<RowFacts> row = facts::notAsked<RowFacts>(); ///< of the region's own server, or of the one that stands in for it
    Known<CachedFacts> cached = facts::notAsked<CachedFacts>();
    std::vector<CachedFacts> others; ///< what further pools of the region hold under the key
    Known<MapCopy> map = facts::notAsked<MapCopy>();
    bool operator==(const RegionFacts &) const = default;
};

/// All that a verdict is made of.
struct TraceFacts {
    Entity entity = Entity::None;     ///< None: nothing was found
    std::optional<RowFacts> truth;    ///< the primary's row, else the freshest standby's; nothing where none answers
    std::vector<RegionFacts> regions; ///< in the fleet file's order
    bool isPrimarySilent = false;
    bool isFuture = false; ///< the ID is minted later than now
    bool isShardThere = true;
    Known<bool> ownerExists = facts::notAsked<bool>(); ///< media
    std::uint64_t askedOwner = 0;                      ///< of <media>_<owner>
    bool hasMiscount = false;
    base::UtcTime now;
};

/// Takes over what a region's pools hold under one key, in their order: a key is of one pool, and nothing but where it is found tells of
/// which. What is there goes before what is not known, and that before what is absent. Pure.
void takeCopies(RegionFacts &region, const std::vector<Known<CachedFacts>> &copies);

/// What people of each region see, and how its copies differ from the truth. Pure.
[[nodiscard]] std::vector<RegionRow> regionRows(const TraceFacts &facts);

/// The first sentence's meaning, of the rows that regionRows() gave. Pure.
[[nodiscard]] Verdict judge(const TraceFacts &facts, const std::vector<RegionRow> &rows);

} // namespace shardlens::inspect::lookup
