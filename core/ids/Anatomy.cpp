// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/ids/Anatomy.h"

#include "core/base/Iso8601.h"

#include <string>

namespace shardlens::ids {

namespace {

constexpr std::int64_t msPerDay = 86400000;

std::string isoOf(std::int64_t unixMs)
{
    char text[base::isoLength];
    return {text, base::writeIso(text, unixMs)};
}

} // namespace

base::Result<std::uint64_t> compose(std::int64_t mintedMs, std::uint64_t shard, std::uint64_t sequence, const IdLayout &layout)
{
    using base::ErrorCode;
    if (mintedMs < layout.epochMs)
        return base::fail(ErrorCode::BadInput, isoOf(mintedMs) + " is before the epoch of these IDs, " + isoOf(layout.epochMs));
    const auto time = static_cast<std::uint64_t>(mintedMs) - static_cast<std::uint64_t>(layout.epochMs);
    if (time > layout.lastTime())
        return base::fail(ErrorCode::BadInput, isoOf(mintedMs) + " is after the last moment of these IDs, " + isoOf(layout.lastMintedMs()));
    if (shard > layout.lastShard())
        return base::fail(ErrorCode::BadInput,
                          "shard " + std::to_string(shard) + " is above the last one, " + std::to_string(layout.lastShard()));
    if (sequence > layout.lastSequence())
        return base::fail(ErrorCode::BadInput,
                          "sequence " + std::to_string(sequence) + " is above the last one, " + std::to_string(layout.lastSequence()));
    return (time << (layout.shardBits + layout.sequenceBits)) | (shard << layout.sequenceBits) | sequence;
}

bool isPlausible(const Anatomy &anatomy, std::int64_t nowMs)
{
    return anatomy.mintedMs <= nowMs + msPerDay;
}

} // namespace shardlens::ids
