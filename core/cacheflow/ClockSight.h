// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <optional>

namespace shardlens::cacheflow {

/// A server's clock beside this process's steady one, as one question told it. Whatever this host's own wall clock does is not in it.
struct ClockSight {
    double offset = 0;            ///< server's seconds since 1970 - ours since the steady clock's zero, halfway through the round trip
    base::microseconds margin{0}; ///< half the round trip: it may be off by so much
    base::Instant at{};

    [[nodiscard]] static ClockSight of(double serverSeconds, base::Instant asked, base::Instant answered);

    /// What is kept of two sights of the same server: the narrower one, unless it is older than a minute; clocks are set, and drift.
    [[nodiscard]] static ClockSight better(const std::optional<ClockSight> &kept, const ClockSight &seen);
};

/// How far the clock of the server that is read is ahead of the one that wrote; nothing: one is not known, or they differ by no more than
/// the round trips hide and 50 ms.
[[nodiscard]] std::optional<base::microseconds> clockLead(const std::optional<ClockSight> &read, const std::optional<ClockSight> &written);

} // namespace shardlens::cacheflow
