// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/RedisSample.h"

namespace shardlens::facts {

/// Whether a full one makes room by dropping keys: its policy says so, and there are keys that the policy may drop.
[[nodiscard]] bool mayEvict(const RedisSample &sample);

// What has a Redis answer every write with an error while it answers all else, as far as what it tells says so.
[[nodiscard]] bool refusesForMemory(const RedisSample &sample);   ///< OOM: full, and it may not evict
[[nodiscard]] bool refusesForDisk(const RedisSample &sample);     ///< MISCONF, of a primary: its file cannot be appended to, or a save failed and stops writes
[[nodiscard]] bool refusesForReplicas(const RedisSample &sample); ///< NOREPLICAS, of a primary: fewer acknowledge in time than it is set to want

} // namespace shardlens::facts
