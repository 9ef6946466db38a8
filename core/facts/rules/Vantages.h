// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/rules/Judgement.h"

#include <string>

namespace shardlens::facts::rules {

/// Over three times its usual, and not only by a few milliseconds: as the fleet's thresholds say.
[[nodiscard]] bool isSlowWay(microseconds took, microseconds usual, const fleet::Thresholds &thresholds);

/// A way that a guard probes itself, where it answers us and knows what is usual there; null else.
[[nodiscard]] const Reach *wayOf(const GuardReport &guard, ProbeKey::Way way, const std::string &subject);

/// Slow for those who stand beside it too: then it is not the link.
[[nodiscard]] bool isSlowAtHome(const Judgement &j, ProbeKey::Way way, const std::string &subject, const base::RegionName &home);

/// Tells of each region and server that is slow from here whether it is from elsewhere too, by what the guards probe. `detail`:
/// of a region "region" (regions but ours find it slow as well), "link" (only ours does), "console" (the guard of our own region reaches
/// it as usual), "servers" (its own guard finds them slow); of our own link "region" or "console"; of a server "server" (slow for
/// guards too) or "here"; "alone" where nobody else measured it.
void tellVantages(const Judgement &j, Problems &problems);

} // namespace shardlens::facts::rules
