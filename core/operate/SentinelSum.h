// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/GroupSight.h"

namespace shardlens::operate {

/// What the Sentinels of a group say together.
struct SentinelSum {
    std::size_t declared = 0;
    std::size_t answering = 0;
    std::size_t majority = 0;   ///< so many must be there for a failover
    std::int64_t quorum = 0;    ///< so many must agree that the primary is down; as the first that answers has it
    bool hasQuorum = false;     ///< every one that answers finds enough of the others
    bool isFailingOver = false; ///< one of them at least
    std::vector<std::pair<std::string, std::size_t>> leadTo; ///< a server's name, or an address that is no member's, and how many lead there; most first
    bool operator==(const SentinelSum &) const = default;

    [[nodiscard]] bool doAgree() const { return leadTo.size() == 1; }
    [[nodiscard]] bool isWell() const { return answering == declared && hasQuorum && doAgree() && !isFailingOver; }
};

/// Of a group that isManaged(). Pure.
[[nodiscard]] SentinelSum sentinelSumOf(const GroupSight &sight);

} // namespace shardlens::operate
