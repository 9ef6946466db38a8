// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Sight.h"

#include <optional>
#include <string>

namespace shardlens::operate {

/// What a failover would lose, as a window; exact where a guard has read the end of the dead primary's log on its host.
struct LossWindow {
    facts::Known<base::Bytes> atLeast = facts::notAsked<base::Bytes>(); ///< the primary's last seen position - what the candidate received
    facts::Known<base::Bytes> atMost = facts::notAsked<base::Bytes>();  ///< and all it may have written since that sight, at its last rate
    facts::Known<base::microseconds> since = facts::notAsked<base::microseconds>(); ///< from the candidate's newest replayed commit to the end of that
    std::optional<base::UtcTime> lastCommit;                            ///< the candidate's newest replayed commit, on the primary's clock, whether the rest is known or not; of a group: when it last heard the primary
    std::string readBy;                                                 ///< "guard of us-east": it is exact, and atMost is atLeast; else empty
    bool operator==(const LossWindow &) const = default;
};

[[nodiscard]] LossWindow lossOf(const Sight &sight, const base::ServerId &candidate);

/// Until when the old primary may have acknowledged writes: until it first refused to answer, else until now.
[[nodiscard]] base::Instant mayHaveWrittenUntil(const Sight &sight);

} // namespace shardlens::operate
