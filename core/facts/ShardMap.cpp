// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/ShardMap.h"

#include <algorithm>

namespace shardlens::facts {

base::ClusterName Shard::cluster() const
{
    if (!observedOn.empty())
        return observedOn.front();
    return declared.value_or(base::ClusterName());
}

const Shard *ShardMap::find(const ShardKey &key) const
{
    const auto at = std::lower_bound(shards.begin(), shards.end(), key,
                                     [](const Shard &shard, const ShardKey &wanted) { return shard.key < wanted; });
    return at != shards.end() && at->key == key ? &*at : nullptr;
}

const char *name(Drift drift)
{
    switch (drift) {
    case Drift::None: return "none";
    case Drift::Missing: return "missing";
    case Drift::Misplaced: return "misplaced";
    case Drift::Undeclared: return "undeclared";
    case Drift::Doubled: return "doubled";
    case Drift::NotKnown: return "not_known";
    }
    return "not_known";
}

} // namespace shardlens::facts
