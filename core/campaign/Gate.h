// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/campaign/Campaign.h"
#include "core/facts/Snapshot.h"

#include <set>
#include <string>
#include <utility>
#include <vector>

namespace shardlens::campaign {

/// What held before the first wave: against this the gates judge.
struct Baseline {
    std::set<std::string> critical;     ///< ids of critical problems, and of all that were folded into another
    std::set<base::ServerId> streaming; ///< standbys that followed
    std::set<std::pair<base::RegionName, base::ClusterName>> notFollowed; ///< whose invalidator did not follow which cluster
    base::RegionName leftRegion;        ///< that is evacuated: what fails there is expected
    base::HostName leftHost;            ///< that is taken down: likewise
    bool operator==(const Baseline &) const = default;
};
[[nodiscard]] Baseline baselineOf(const facts::Snapshot &snapshot, const Goal &goal);

/// Whether the next wave may begin: each new primary answers as the one primary, every router that answers leads writes to it and
/// none of them refuses, the standbys that followed follow again, other regions' invalidators that followed follow, and nothing critical is new but in what is left. `waitsFor` names the first that is not
/// so; empty: it is open. A server that was read before its move is waited for. An old primary that holds its brake while its move
/// brings it back is not: that may take as long as it takes.
struct GateLook {
    std::string waitsFor;
    [[nodiscard]] bool isOpen() const { return waitsFor.empty(); }
};
[[nodiscard]] GateLook lookAtGate(const facts::Snapshot &snapshot, const Baseline &before, const std::vector<Move> &moves);

} // namespace shardlens::campaign
