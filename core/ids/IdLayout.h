// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstdint>

namespace shardlens::ids {

/// How a 64-bit ID is put together: milliseconds since an epoch, then the logical shard, then a sequence.
struct IdLayout {
    std::int64_t epochMs = 1314220021721; ///< Unix milliseconds of the ID's time 0: 2011-08-24T21:07:01.721Z
    unsigned timeBits = 41;
    unsigned shardBits = 13;
    unsigned sequenceBits = 10;

    bool operator==(const IdLayout &) const = default;
};

} // namespace shardlens::ids
