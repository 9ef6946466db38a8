// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Context.h"

namespace shardlens::inspect::lookup {

/// Where a shard is declared to be, in each partition, and which servers have it. One round after the map.
void lookAtShard(Context &context, const Question &question, Answer &answer, Rounds &rounds);

/// Whether a key is a user's or a photo's: then whoever looks at it is recorded.
[[nodiscard]] bool isOfSomebody(const fleet::KeyPatterns &keys, const Find &find);

/// A key on the servers that it may be on: every member of the group whose pattern it has (of every group where it has none), or
/// the member of each region's pool. Type, length and time to live; never a value.
void lookAtKey(Context &context, const Question &question, Answer &answer, Rounds &rounds);

} // namespace shardlens::inspect::lookup
