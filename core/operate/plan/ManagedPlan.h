// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Plan.h"

namespace shardlens::operate {

// Moves of a cluster that has a manager of its own: it stops, promotes and lets follow; routers, terms and the proof are ours.

[[nodiscard]] std::vector<Step> managedSteps(const Sight &sight, Act act, const base::ServerId &candidate, bool warms, const std::vector<base::ServerId> &shuns);

/// The manager has promoted somebody by itself: routers and term follow it. For a failover, where isToFollow(). Fails with BadInput
/// where another server is asked for than the one that leads.
[[nodiscard]] base::Result<Plan> planToFollow(const Sight &sight, const Intent &intent);

} // namespace shardlens::operate
