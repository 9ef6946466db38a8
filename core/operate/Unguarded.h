// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "core/operate/HostDeed.h"

#include <string>

namespace shardlens::operate {

/// The fleet file declares no guard in the region of this server: whoever carries an operation out acts on it by itself.
[[nodiscard]] bool isUnguarded(const fleet::Fleet &fleet, const base::ServerId &server);
/// Without a guard this deed can be done all the same: it needs nobody who stays there.
[[nodiscard]] bool needsNoGuard(HostAct act);

/// How a console that acts by itself comes to the host: "ssh ops@db1.example", "ssh -J jump ops@db1.example", "this machine"; empty: it does not.
[[nodiscard]] std::string wayTo(const fleet::Fleet &fleet, const base::ServerId &server);
/// What runs there for a deed on an unguarded server, as a person would type it, and how it comes there: "ssh db1 by sudo -n -u postgres: pg_ctl …".
[[nodiscard]] std::string directTextOf(const fleet::Fleet &fleet, const base::ServerId &server, const HostDeed &deed);

} // namespace shardlens::operate
