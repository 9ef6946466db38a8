// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"

#include <string>
#include <vector>

namespace shardlens::localfleet::sentinel
{

/// Brings the three Sentinels of the shape's Redis group up, and returns when each of them knows the other two and all replicas. Those that
/// run already are left alone; one that ran before goes on with the file that it keeps itself. Members of such a group replicate straight,
/// past the relay: a Sentinel leads all of them to the one address that it knows. `down` stops Sentinels first.
[[nodiscard]] base::Result<void> watch(const Ground &ground);

/// What they are called in the book of ports and in pid files: "sentinel-1" to "sentinel-3".
[[nodiscard]] std::vector<std::string> names();
[[nodiscard]] bool isUnder(const Ground &ground, const Instance &server); ///< a member of that group

} // namespace shardlens::localfleet::sentinel
