// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/GroupSight.h"

namespace shardlens::operate {

// The checks of a Redis group's move, by topic. Pure; each id once. Those about the candidate carry it in `on`.

[[nodiscard]] Checks checkGroupRoles(const GroupSight &sight, Act act);
[[nodiscard]] Checks checkReplica(const GroupSight &sight, Act act, const base::ServerId &candidate);
[[nodiscard]] Checks checkGroupWrites(const GroupSight &sight, Act act); ///< of the primary, for a switchover; none for a failover
[[nodiscard]] Checks checkGroupAfter(const GroupSight &sight, const base::ServerId &candidate);
[[nodiscard]] Checks checkStables(const GroupSight &sight, Act act);

/// Of a group that is moved through its Sentinels; none where it has none. The candidate's: what they would pass over.
[[nodiscard]] Checks checkSentinels(const GroupSight &sight, Act act);
[[nodiscard]] Check checkSentinelsAllow(const GroupSight &sight, Act act, const base::ServerId &candidate);
/// Whom the Sentinels lead to is seen to take writes, and stable addresses lead elsewhere: they have to follow it.
[[nodiscard]] bool isToFollow(const GroupSight &sight);
/// Regions whose stable address is seen not to lead to what takes writes.
[[nodiscard]] std::vector<base::RegionName> stablesThatFail(const GroupSight &sight);

/// A guard can lead the stable address of that region elsewhere.
[[nodiscard]] bool canLead(const GroupSight &sight, const base::RegionName &region);

} // namespace shardlens::operate
