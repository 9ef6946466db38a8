// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

namespace shardlens::facts {

/// What the databases that a region's applications read could still take: its fullest, and who waits for one at the region's router.
struct ReadRoom {
    base::ServerId fullest;
    std::int32_t connections = 0; ///< of those that it has for applications
    std::int32_t most = 0;
    std::int32_t active = 0;
    std::int32_t waiting = 0;     ///< clients, over all of the router's read databases
    bool operator==(const ReadRoom &) const = default;
};

/// Of fresh answers alone. Unknown: no router is declared there, or neither tells of its read databases. Pure.
[[nodiscard]] Known<ReadRoom> readRoomOf(const Snapshot &snapshot, const base::RegionName &region);

} // namespace shardlens::facts
