// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"

namespace shardlens::localfleet::repmgr {

/// Registers the running members of the shape's cluster with repmgr, and starts a repmgrd for each, and one sshd by which repmgr reaches
/// the members' "hosts", on loopback and for the fleet's owner alone. Returns when each is registered and watched. A member that was
/// stopped or killed is started again; where another is the primary by now, by repmgr, as its standby. What stands already is left alone;
/// `down` stops them first.
[[nodiscard]] base::Result<void> adopt(const Ground &ground);

[[nodiscard]] bool isUnder(const Ground &ground, const Instance &server);                     ///< a member of that cluster
[[nodiscard]] std::filesystem::path configFile(const Ground &ground, const Instance &member); ///< its repmgr.conf
/// Kills a member's repmgrd, as if its host were gone. `adopt` brings both back.
void kill(const Ground &ground, const Instance &member);

} // namespace shardlens::localfleet::repmgr
