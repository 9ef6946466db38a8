// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "app/localfleet/relay/RelayPlan.h"
#include "core/fleet/Fleet.h"

namespace shardlens::localfleet
{

/// The fleet file's content for consoles on this machine.
[[nodiscard]] fleet::Fleet describe(const Ground &ground);

/// The relay's plan for a fleet with no fault: every server and guard from every other region, the stable addresses, the latencies.
[[nodiscard]] RelayPlan relayPlan(const Ground &ground);

} // namespace shardlens::localfleet
