// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/InvalidatorReport.h"

#include <algorithm>

namespace shardlens::facts {

std::uint64_t InvalidatorReport::waitingRows() const
{
    std::uint64_t sum = 0;
    for (const auto &[cluster, outbox] : clusters)
        sum += outbox.waitingRows;
    return sum;
}

Known<double> InvalidatorReport::rowsPerSecond() const
{
    Known<double> sum = notAsked<double>();
    for (const auto &[cluster, outbox] : clusters) {
        if (outbox.rowsPerSecond)
            sum = sum.value_or(0) + *outbox.rowsPerSecond;
    }
    return sum;
}

double InvalidatorReport::worstStaleShare() const
{
    constexpr std::uint64_t leastCompared = 50; // of fewer, one that is stale is a large share
    double worst = staleness ? staleness->share() : 0;
    for (const auto &[pool, found] : poolStaleness) {
        if (found.compared >= leastCompared)
            worst = std::max(worst, found.share());
    }
    return worst;
}

std::optional<microseconds> InvalidatorReport::worstLag() const
{
    std::optional<microseconds> worst;
    for (const auto &[cluster, outbox] : clusters) {
        if (outbox.lagP99)
            worst = std::max(worst.value_or(microseconds(0)), *outbox.lagP99);
    }
    return worst;
}

std::string_view name(OutboxFollowing::State state)
{
    switch (state) {
    case OutboxFollowing::State::Starting: return "starting";
    case OutboxFollowing::State::Following: return "following";
    case OutboxFollowing::State::Failing: return "failing";
    }
    return "starting";
}

std::string_view name(MemberDelivery::State state)
{
    switch (state) {
    case MemberDelivery::State::Dialling: return "dialling";
    case MemberDelivery::State::Here: return "here";
    case MemberDelivery::State::Away: return "away";
    case MemberDelivery::State::MustFlush: return "must_flush";
    case MemberDelivery::State::CatchingUp: return "catching_up";
    }
    return "dialling";
}

} // namespace shardlens::facts
