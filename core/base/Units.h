// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <compare>
#include <cstdint>
#include <functional>

namespace shardlens::base {

/// A count of bytes. Signed, so that a difference has a sign.
struct Bytes {
    std::int64_t count = 0;

    auto operator<=>(const Bytes &) const = default;
    Bytes operator+(Bytes other) const { return {count + other.count}; }
    Bytes operator-(Bytes other) const { return {count - other.count}; }
    Bytes &operator+=(Bytes other)
    {
        count += other.count;
        return *this;
    }
};

/// The number of a logical shard: 0 to 8,191 with the usual 13 bits.
struct ShardNumber {
    std::uint32_t value = 0;

    auto operator<=>(const ShardNumber &) const = default;
};

} // namespace shardlens::base

template <>
struct std::hash<shardlens::base::ShardNumber> {
    std::size_t operator()(shardlens::base::ShardNumber shard) const noexcept { return shard.value; }
};
