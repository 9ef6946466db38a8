// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "app/localfleet/InForce.h"

namespace shardlens::localfleet
{

/// A fleet keeps its ports while it is down, and meanwhile any program may take one. Looked at before anything is started, so that the
/// reason is said instead of a server's log. An error (Unavailable) names each such port, whose it is, and what to do. Listeners that
/// run, and servers that a fault holds, are passed over. Main thread.
[[nodiscard]] base::Result<void> checkPorts(const Ground &ground, const InForce &faults);

} // namespace shardlens::localfleet
