// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/fleet/Fleet.h"

#include <set>

namespace shardlens::effects {

/// Regions whose silent guards keep a move from nothing. Needed is whoever has a router or stable address that it acts on; of a
/// switchover also whoever has a member without which it cannot go on. A failover's dead primary may be lost with its guard: back again,
/// that one learns the term from the members, and fences what it finds outlived. A smaller act does without nobody: empty.
[[nodiscard]] std::set<base::RegionName> regionsNotNeeded(const fleet::Fleet &fleet, const execute::Operation &operation);

} // namespace shardlens::effects
