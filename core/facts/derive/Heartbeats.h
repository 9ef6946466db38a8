// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/derive/Derive.h"

namespace shardlens::facts::derive {

/// The age of the newest beat visible on a standby, by our monotonic clock; unknown where no heartbeat is written, or its
/// writers have stopped (the primary itself shows only old beats: then their age says nothing about replication).
[[nodiscard]] Known<microseconds> heartbeatAge(const Tick &tick, const Roles &roles, const base::ServerId &standby, const ClusterMemory &memory);

/// Younger than this, the newest beat visible means: no lag. One beat and one poll.
[[nodiscard]] microseconds freshBeatLimit(const fleet::Fleet &fleet);

} // namespace shardlens::facts::derive
