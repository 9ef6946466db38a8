// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/Delivery.h"

#include <algorithm>

namespace shardlens::cacheflow {

base::Result<std::unique_ptr<Delivery>> Delivery::of(const fleet::Fleet &fleet, const base::RegionName &region, const LaneRules &rules,
                                                     const std::shared_ptr<wire::Interrupt> &stop)
{
    std::vector<PoolLanes> pools;
    for (const auto &pool : fleet.pools) {
        if (pool.region != region)
            continue;
        std::vector<memcached::Member> members;
        for (const auto &id : pool.servers) {
            if (const auto *server = fleet.server(id))
                members.push_back({id.text(), server->address.from(region)});
        }
        auto placement = memcached::KeyPlacement::of(members, pool.hashing);
        if (!placement)
            return base::fail(placement.error());
        PoolLanes lanes{pool.name, std::move(*placement), {}};
        for (const auto &member : members)
            lanes.lanes.push_back(std::make_unique<MemberLane>(member, rules, stop));
        pools.push_back(std::move(lanes));
    }
    if (pools.empty())
        return base::fail(base::ErrorCode::NotFound, "the fleet file declares no pool in region " + region.text());
    return std::unique_ptr<Delivery>(new Delivery(std::move(pools)));
}

void Delivery::start()
{
    for (const auto &pool : m_pools) {
        for (const auto &lane : pool.lanes)
            lane->start();
    }
}

Delivery::Tickets Delivery::give(const std::vector<std::string> &keys)
{
    Tickets tickets;
    for (const auto &pool : m_pools) {
        std::vector<std::vector<std::string>> shares(pool.lanes.size());
        {
            const std::scoped_lock lock(m_placing);
            for (const std::string &key : keys)
                shares.at(pool.placement.memberOf(key)).push_back(key);
        }
        for (std::size_t i = 0; i < shares.size(); ++i) {
            if (!shares[i].empty())
                tickets.emplace_back(pool.lanes[i].get(), pool.lanes[i]->give(std::move(shares[i])));
        }
    }
    return tickets;
}

bool Delivery::settle(const Tickets &tickets, base::milliseconds atMost)
{
    const auto until = std::chrono::steady_clock::now() + atMost;
    bool isSettled = true;
    for (const auto &[lane, ticket] : tickets) {
        const auto left = std::chrono::ceil<base::milliseconds>(until - std::chrono::steady_clock::now());
        isSettled = lane->settle(ticket, std::max(left, base::milliseconds(0))) && isSettled;
    }
    return isSettled;
}

void Delivery::flushAll()
{
    for (const auto &pool : m_pools) {
        for (const auto &lane : pool.lanes)
            lane->demandFlush();
    }
}

void Delivery::mayVouch(bool allowed)
{
    for (const auto &pool : m_pools) {
        for (const auto &lane : pool.lanes)
            lane->mayVouch(allowed);
    }
}

bool Delivery::owes() const
{
    return std::any_of(m_pools.begin(), m_pools.end(), [](const PoolLanes &pool) {
        return std::any_of(pool.lanes.begin(), pool.lanes.end(), [](const auto &lane) { return lane->owes(); });
    });
}

} // namespace shardlens::cacheflow
