// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/HerdCounts.h"

#include <algorithm>
#include <numeric>

namespace shardlens::facts {

namespace {

constexpr std::array<std::string_view, HerdCounts::edges.size() + 1> herdNames{"herd_le_1",  "herd_le_2",   "herd_le_5",   "herd_le_10",  "herd_le_20",
                                                                              "herd_le_50", "herd_le_100", "herd_le_200", "herd_le_500", "herd_more"};

} // namespace

void HerdCounts::note(std::uint32_t waiting, std::uint64_t times)
{
    const auto bucket = std::lower_bound(edges.begin(), edges.end(), waiting);
    sizes[static_cast<std::size_t>(bucket - edges.begin())] += times;
}

HerdCounts &HerdCounts::operator+=(const HerdCounts &other)
{
    for (std::size_t i = 0; i < sizes.size(); ++i)
        sizes[i] += other.sizes[i];
    return *this;
}

HerdCounts &HerdCounts::operator-=(const HerdCounts &other)
{
    for (std::size_t i = 0; i < sizes.size(); ++i)
        sizes[i] -= other.sizes[i];
    return *this;
}

std::uint64_t HerdCounts::herds() const
{
    return std::accumulate(sizes.begin(), sizes.end(), std::uint64_t(0));
}

std::string_view herdBucketName(std::size_t bucket)
{
    return herdNames.at(bucket);
}

} // namespace shardlens::facts
