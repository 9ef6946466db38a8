// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"

#include <vector>

namespace shardlens::localfleet
{

/// Said where members of a cluster lost their data and none of those that have some is a primary: which servers hold data, up to where,
/// and what a person can do. Nothing is decided here, as a standby may lack what the lost primary had committed. `holders` are started;
/// one that does not answer within some seconds is told as such.
[[nodiscard]] base::Error onlyStandbysAreLeft(const Ground &ground, const std::string &cluster, const std::vector<Instance> &holders,
                                              const std::vector<Instance> &lost);

} // namespace shardlens::localfleet
