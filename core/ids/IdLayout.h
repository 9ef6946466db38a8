// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstdint>

namespace shardlens::ids {

/// How a 64-bit ID is put together: milliseconds since an epoch, then the logical shard, then a sequence.
/// The three parts fill at most 64 bits, each at least 1 (the fleet file is checked for it).
struct IdLayout {
    std::int64_t epochMs = 1314220021721; ///< Unix milliseconds of the ID's time 0: 2011-08-24T21:07:01.721Z
    unsigned timeBits = 41;
    unsigned shardBits = 13;
    unsigned sequenceBits = 10;

    bool operator==(const IdLayout &) const = default;

    [[nodiscard]] std::uint64_t lastShard() const { return (std::uint64_t(1) << shardBits) - 1; }
    [[nodiscard]] std::uint64_t lastSequence() const { return (std::uint64_t(1) << sequenceBits) - 1; }
    [[nodiscard]] std::uint64_t lastTime() const { return (std::uint64_t(1) << timeBits) - 1; } ///< milliseconds since the epoch
    [[nodiscard]] unsigned bits() const { return timeBits + shardBits + sequenceBits; }
    /// The greatest ID that this layout can mint.
    [[nodiscard]] std::uint64_t lastId() const;

    /// The last millisecond an ID can carry: in 64 unsigned bits (2081 with the defaults), and in Postgres's signed
    /// bigint (2046-06-27T17:00:49.496Z); later IDs read there as negative numbers. Unix milliseconds.
    [[nodiscard]] std::int64_t lastMintedMs() const;
    [[nodiscard]] std::int64_t lastBigintMintedMs() const;
};

} // namespace shardlens::ids
