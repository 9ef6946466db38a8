// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/ClockSight.h"

#include <cmath>

namespace shardlens::cacheflow {

namespace {

constexpr base::seconds sightLasts{60};
constexpr base::milliseconds usualSkew{50};

} // namespace

ClockSight ClockSight::of(double serverSeconds, base::Instant asked, base::Instant answered)
{
    const auto half = (answered - asked) / 2;
    const double ours = std::chrono::duration<double>((asked + half).time_since_epoch()).count();
    return {serverSeconds - ours, std::chrono::ceil<base::microseconds>(half), answered};
}

ClockSight ClockSight::better(const std::optional<ClockSight> &kept, const ClockSight &seen)
{
    const bool isKept = kept && kept->margin < seen.margin && seen.at - kept->at < sightLasts;
    return isKept ? *kept : seen;
}

std::optional<base::microseconds> clockLead(const std::optional<ClockSight> &read, const std::optional<ClockSight> &written)
{
    if (!read || !written)
        return std::nullopt;
    const base::microseconds lead(std::llround((read->offset - written->offset) * 1e6));
    const base::microseconds hidden = read->margin + written->margin + usualSkew;
    return std::chrono::abs(lead) > hidden ? std::optional(lead) : std::nullopt;
}

} // namespace shardlens::cacheflow
