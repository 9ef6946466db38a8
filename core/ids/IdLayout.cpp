// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/IdLayout.h"

#include <algorithm>
#include <limits>

namespace shardlens::ids {

std::uint64_t IdLayout::lastId() const
{
    // A shift by 64 is undefined, and 64 bits is the usual case.
    return bits() >= 64 ? std::numeric_limits<std::uint64_t>::max() : (std::uint64_t(1) << bits()) - 1;
}

std::int64_t IdLayout::lastMintedMs() const
{
    return epochMs + static_cast<std::int64_t>(lastTime());
}

std::int64_t IdLayout::lastBigintMintedMs() const
{
    const std::uint64_t lastBigint = std::numeric_limits<std::int64_t>::max();
    return epochMs + static_cast<std::int64_t>(std::min(lastId(), lastBigint) >> (shardBits + sequenceBits));
}

} // namespace shardlens::ids
