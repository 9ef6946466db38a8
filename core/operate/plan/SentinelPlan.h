// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/GroupSight.h"
#include "core/operate/Plan.h"

namespace shardlens::operate {

// A Redis group that Sentinels manage: they promote and let follow, by what we have seen to; the stable addresses, the term and the proof
// are ours. Pure.

[[nodiscard]] std::vector<Step> sentinelSteps(const GroupSight &sight, Act act, const base::ServerId &candidate);
/// The Sentinels have promoted somebody by themselves: the plan of letting stable addresses and term follow.
[[nodiscard]] base::Result<Plan> planToFollow(const GroupSight &sight, const Intent &intent);

} // namespace shardlens::operate
