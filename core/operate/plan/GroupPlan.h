// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/GroupSight.h"
#include "core/operate/Plan.h"

namespace shardlens::operate {

/// The plan of a Redis group's move; as planFor() tells.
[[nodiscard]] base::Result<Plan> planForGroup(const facts::Snapshot &snapshot, const Intent &intent, const PastOf &past = {});

/// What it rests on and must find unchanged: members and their addresses, histories, roles, links, settings, terms.
[[nodiscard]] Fingerprint fingerprintOf(const GroupSight &sight);

} // namespace shardlens::operate
