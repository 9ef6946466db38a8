// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace shardlens::facts {

/// How many readers of one process waited for the same fill, a herd at a time, as its clients counted it: the largest number at once
/// from its first waiter to its last. A region's herd is larger where several processes wait for the key. A value.
struct HerdCounts {
    /// Upper edges of the sizes; the last bucket holds the larger ones.
    static constexpr std::array<std::uint32_t, 9> edges{1, 2, 5, 10, 20, 50, 100, 200, 500};

    std::array<std::uint64_t, edges.size() + 1> sizes{};

    void note(std::uint32_t waiting, std::uint64_t times = 1);
    HerdCounts &operator+=(const HerdCounts &other);
    HerdCounts &operator-=(const HerdCounts &other);
    bool operator==(const HerdCounts &) const = default;

    [[nodiscard]] std::uint64_t herds() const;
};

/// herd_le_1 … herd_le_500, herd_more: as StatsD datagrams and JSON carry them.
[[nodiscard]] std::string_view herdBucketName(std::size_t bucket);

/// The largest size that was seen at all, as a bucket; nothing: no herd. `seen` tells whether a bucket, by its name, holds any.
template <class Seen>
[[nodiscard]] std::optional<std::size_t> largestHerd(Seen &&seen)
{
    for (std::size_t i = HerdCounts::edges.size() + 1; i-- > 0;) {
        if (seen(herdBucketName(i)))
            return i;
    }
    return std::nullopt;
}

} // namespace shardlens::facts
