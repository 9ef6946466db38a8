// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/cacheflow/MemberLane.h"
#include "core/clients/memcached/KeyPlacement.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

namespace shardlens::cacheflow {

/// Everything that a region's deletes go to: each key to its member of each of the region's pools. Any thread.
class Delivery
{
public:
    /// Errors: NotFound when the region has no pool; BadInput for a pool that cannot be hashed over.
    [[nodiscard]] static base::Result<std::unique_ptr<Delivery>> of(const fleet::Fleet &fleet, const base::RegionName &region,
                                                                    const LaneRules &rules, const std::shared_ptr<wire::Interrupt> &stop);

    void start();
    using Tickets = std::vector<std::pair<MemberLane *, std::uint64_t>>;
    [[nodiscard]] Tickets give(const std::vector<std::string> &keys);
    /// Until all of them are delivered, or kept for members that are away; at most so long; false: not within it.
    [[nodiscard]] static bool settle(const Tickets &tickets, base::milliseconds atMost);
    void flushAll();
    void mayVouch(bool allowed);
    [[nodiscard]] bool owes() const;

    struct PoolLanes {
        base::PoolName pool;
        memcached::KeyPlacement placement;
        std::vector<std::unique_ptr<MemberLane>> lanes;
    };
    [[nodiscard]] const std::vector<PoolLanes> &pools() const { return m_pools; }

private:
    explicit Delivery(std::vector<PoolLanes> pools) : m_pools(std::move(pools)) {}
    std::mutex m_placing; ///< libmemcached's handles are not shared between threads
    std::vector<PoolLanes> m_pools;
};

} // namespace shardlens::cacheflow
