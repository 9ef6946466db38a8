// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/LeaseCounts.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

constexpr std::array<LeaseCounter, 10> allLeaseCounters{{{"hits", &LeaseCounts::hits},
                                                         {"granted", &LeaseCounts::granted},
                                                         {"filled", &LeaseCounts::filled},
                                                         {"lost", &LeaseCounts::lost},
                                                         {"too_large", &LeaseCounts::tooLarge},
                                                         {"given_back", &LeaseCounts::givenBack},
                                                         {"waited", &LeaseCounts::waited},
                                                         {"stale_served", &LeaseCounts::staleServed},
                                                         {"gave_up", &LeaseCounts::gaveUp},
                                                         {"failed", &LeaseCounts::failed}}};
constexpr std::array<std::string_view, LeaseCounts::waitEdges.size() + 1> bucketNames{
    "wait_le_2",   "wait_le_5",   "wait_le_10",  "wait_le_20",   "wait_le_50",
    "wait_le_100", "wait_le_200", "wait_le_500", "wait_le_1000", "wait_more"};

} // namespace

void LeaseCounts::noteWait(base::microseconds time)
{
    const auto bucket =
        std::find_if(waitEdges.begin(), waitEdges.end(), [&](std::uint32_t edge) { return time <= base::milliseconds(edge); });
    ++waits[static_cast<std::size_t>(bucket - waitEdges.begin())];
}

LeaseCounts &LeaseCounts::operator+=(const LeaseCounts &other)
{
    for (const auto &counter : allLeaseCounters)
        this->*counter.member += other.*counter.member;
    for (std::size_t i = 0; i < waits.size(); ++i)
        waits[i] += other.waits[i];
    return *this;
}

LeaseCounts &LeaseCounts::operator-=(const LeaseCounts &other)
{
    for (const auto &counter : allLeaseCounters)
        this->*counter.member -= other.*counter.member;
    for (std::size_t i = 0; i < waits.size(); ++i)
        waits[i] -= other.waits[i];
    return *this;
}

std::span<const LeaseCounter> leaseCounters()
{
    return allLeaseCounters;
}

std::string_view waitBucketName(std::size_t bucket)
{
    return bucketNames.at(bucket);
}

} // namespace shardlens::facts
