// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/facts/Known.h"

#include <cstdint>
#include <optional>
#include <string_view>

namespace shardlens::facts {

using base::Instant;
using base::microseconds;
using base::UtcTime;

/// How a server stands towards its observer. Slow, late and down are different states.
enum class ReachState : std::uint8_t {
    Asking,    ///< no answer yet since observing began, and none overdue
    Answering, ///< the newest request was answered in time, or is still within its deadline
    Late,      ///< the newest request is over its deadline, or failed, but not long enough to be down
    Down,      ///< refused, or no answer for the fleet's down-after time
};

/// What is known of the link to one server. Filled by observe, on the observer's clock.
struct Reach {
    ReachState state = ReachState::Asking;
    std::optional<Instant> lastAnswer;        ///< when the newest answer arrived
    std::optional<UtcTime> lastAnswerUtc;
    std::optional<microseconds> latency;      ///< of the newest answer: question sent to reply read; the first reply, where an answer takes several
    std::optional<microseconds> usualLatency; ///< median of the last hour, once 30 answers came; before it, as an earlier run kept it
    std::optional<Instant> askedAt;           ///< when the request now waiting was sent; empty if none waits
    std::optional<Instant> silentSince;       ///< when the first request without answer was sent; empty when answering
    std::optional<UtcTime> silentSinceUtc;
    std::uint32_t failuresInARow = 0;
    std::uint32_t latePolls = 0;              ///< since observing began
    std::optional<base::Error> lastError;     ///< of the newest failure; empty when answering

    bool operator==(const Reach &) const = default;
};

[[nodiscard]] std::string_view name(ReachState state); ///< asking, answering, late, down

} // namespace shardlens::facts
