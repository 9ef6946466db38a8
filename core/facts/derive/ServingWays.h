// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/derive/Derive.h"

#include <map>

namespace shardlens::facts::derive {

/// Judges one way of serving at one tick: by the guard's own write, else by the probe through that way, else by what routers
/// and servers tell. Knows nothing of earlier ticks.
class ServingWays
{
public:
    ServingWays(const Tick &tick, const Snapshot &snapshot);

    [[nodiscard]] ServingCell writes(const fleet::Router &router, const fleet::Cluster &cluster) const;
    [[nodiscard]] ServingCell reads(const fleet::Router &router, const fleet::Cluster &cluster) const;
    [[nodiscard]] ServingCell group(const base::RegionName &region, const fleet::RedisGroup &group) const;
    [[nodiscard]] ServingCell cache(const fleet::Pool &pool) const;

private:
    [[nodiscard]] ServingCell begun(const base::RegionName &region) const;
    /// The newest reading of that way: the region's own guard's while it answers, else this console's.
    [[nodiscard]] const ProbeReading *reading(const ProbeKey &key) const;
    bool tellByBeat(ServingCell &cell, const base::ClusterName &cluster) const;
    void tellByProbe(ServingCell &cell, const ProbeReading &reading) const;
    void tellByReach(ServingCell &cell, const Reach &reach) const;
    void tellByTarget(ServingCell &cell, const fleet::Router &router, const base::ClusterName &cluster, bool forReads) const;
    void tellByServer(ServingCell &cell, const base::ServerId &server) const;
    void holdBackPaused(ServingCell &cell, const fleet::Router &router, const base::ClusterName &cluster) const;
    void holdBackWrites(ServingCell &cell, const fleet::Cluster &cluster) const;
    [[nodiscard]] bool isSilent(const base::RegionName &region) const;

    const Tick &m_tick;
    const Snapshot &m_snapshot;
    std::map<base::RegionName, bool> m_silent;
};

} // namespace shardlens::facts::derive
