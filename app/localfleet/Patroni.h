// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"

namespace shardlens::localfleet::patroni
{

/// Puts the running members of the shape's cluster under a Patroni each, with one etcd: whoever is the primary stays it. Returns when all
/// of them stand in Patroni's store as running. Those that run already are left alone. From then on Patroni starts and stops the members;
/// `down` stops it first.
[[nodiscard]] base::Result<void> adopt(const Ground &ground);

[[nodiscard]] bool isUnder(const Ground &ground, const Instance &server); ///< a member of that cluster
/// Kills a member's Patroni, as if its host were gone: else it would start the member again. `adopt` brings both back.
void kill(const Ground &ground, const Instance &member);

} // namespace shardlens::localfleet::patroni
