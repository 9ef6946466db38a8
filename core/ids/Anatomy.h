// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/base/Units.h"
#include "core/ids/IdLayout.h"

#include <cstdint>

namespace shardlens::ids {

/// What an ID says of itself. Minted, not posted: a video's ID is made minutes before anyone can see it.
struct Anatomy {
    std::uint64_t id = 0;
    std::int64_t mintedMs = 0; ///< Unix milliseconds, on the clock of the server that minted it
    base::ShardNumber shard;
    std::uint32_t sequence = 0;

    bool operator==(const Anatomy &) const = default;

    [[nodiscard]] base::UtcTime mintedAt() const { return base::UtcTime(base::milliseconds(mintedMs)); }
    /// False for IDs of 2^63 and above: Postgres's bigint holds them as negative numbers.
    [[nodiscard]] bool fitsBigint() const { return (id >> 63) == 0; }
};

/// Takes an ID apart. Any thread, no allocation. An ID above layout.lastId() has more bits than the layout names; ask first.
[[nodiscard]] inline Anatomy anatomy(std::uint64_t id, const IdLayout &layout) noexcept
{
    const std::uint64_t time = (id >> (layout.shardBits + layout.sequenceBits)) & layout.lastTime();
    return {id, layout.epochMs + static_cast<std::int64_t>(time),
            base::ShardNumber{static_cast<std::uint32_t>((id >> layout.sequenceBits) & layout.lastShard())},
            static_cast<std::uint32_t>(id & layout.lastSequence())};
}

/// Puts an ID together; BadInput names the part that does not fit and its limit.
[[nodiscard]] base::Result<std::uint64_t> compose(std::int64_t mintedMs, std::uint64_t shard, std::uint64_t sequence,
                                                  const IdLayout &layout);

/// Could this ID have been minted by now? `nowMs` in Unix milliseconds; a day is allowed for clocks that are ahead.
/// Tells an ID from a word that merely reads as one.
[[nodiscard]] bool isPlausible(const Anatomy &anatomy, std::int64_t nowMs);

} // namespace shardlens::ids
