// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <string>

namespace shardlens::fleet {

/// What has to be looked at before one cluster or Redis group is acted on, however large the fleet is: its servers, the directory's,
/// every router and guard. All else that is declared (regions, hosts, partitions, access, thresholds) stays as it is. A name that is
/// neither a cluster's nor a group's leaves routers, guards and directory.
[[nodiscard]] Fleet partOf(const Fleet &fleet, const std::string &subject);

} // namespace shardlens::fleet
