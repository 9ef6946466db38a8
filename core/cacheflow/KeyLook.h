// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheflow/ItemLook.h"
#include "core/cacheflow/KeyPlace.h"

#include <string>
#include <vector>

namespace shardlens::cacheflow {

/// What the key's member of one pool holds, or why it is not known.
struct PlacedLook {
    KeyPlace place;
    base::Result<ItemLook> look;
};

/// Looks at a key on its member of each place, at the same time: one that hangs costs its own deadline only. What such a look costs, and
/// what `takesWins` does: see lookAt(). In the places' order. Blocks; any thread.
[[nodiscard]] std::vector<PlacedLook> lookEverywhere(const fleet::Fleet &fleet, const std::string &key, const std::vector<KeyPlace> &places,
                                                     bool takesWins, base::milliseconds timeout);

} // namespace shardlens::cacheflow
