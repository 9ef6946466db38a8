// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "core/operate/Sight.h"

#include <string>
#include <vector>

namespace shardlens::operate {

/// The command that turns a server's host off; null where the fleet file names none.
[[nodiscard]] const fleet::Stonith *stonithOf(const fleet::Fleet &fleet, const base::ServerId &server);

/// That command for this server: the program and its arguments, names filled in. Empty where there is none.
[[nodiscard]] std::vector<std::string> stonithWords(const fleet::Fleet &fleet, const base::ServerId &server);
/// The same as one would type it.
[[nodiscard]] std::string stonithText(const fleet::Fleet &fleet, const base::ServerId &server);

/// The other servers of the fleet on its host, that it would turn off too.
[[nodiscard]] std::vector<base::ServerId> alsoTurnedOff(const fleet::Fleet &fleet, const base::ServerId &server);
/// Of those, without whom this failover could not end: the candidate, and routers that lead to the cluster and answer; one that is silent
/// died with its host, or is passed over in any case. Where there are any the command is not used.
[[nodiscard]] std::vector<base::ServerId> neededAlive(const Sight &sight, const base::ServerId &candidate);

/// A failover of this cluster to this candidate turns the old primary's host off where nothing else proves that it stopped.
[[nodiscard]] bool usesStonith(const Sight &sight, const base::ServerId &candidate);

/// What the command answers once it has ended with 0, as a line of its own after what it wrote; and what asking the server answers.
extern const char *const turnedOff;
extern const char *const answersNothing;

} // namespace shardlens::operate
