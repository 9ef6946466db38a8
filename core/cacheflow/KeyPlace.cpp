// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/KeyPlace.h"

#include "core/cacheflow/PoolPlacing.h"

#include <algorithm>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;

Result<std::vector<KeyPlace>> placesOf(const fleet::Fleet &fleet, const std::string &key, const std::string &region)
{
    if (const auto good = memcached::checkKey(key); !good)
        return base::fail(good.error());
    std::vector<KeyPlace> places;
    for (const fleet::Pool &pool : fleet.pools) {
        if (!region.empty() && pool.region.text() != region)
            continue;
        const auto placement = memcached::KeyPlacement::of(membersWithin(fleet, pool), pool.hashing);
        if (!placement)
            return base::fail(placement.error());
        places.push_back({pool.region, pool.name, pool.servers.at(placement->memberOf(key))});
    }
    if (places.empty())
        return base::fail(ErrorCode::NotFound,
                          region.empty() ? "The fleet file declares no pool." : "There is no pool in a region '" + region + "'.");
    return places;
}

Result<PoolSpread> spreadOf(const fleet::Fleet &fleet, const fleet::Pool &pool, std::size_t keys)
{
    const auto members = membersWithin(fleet, pool);
    const auto sample = sampleKeys(fleet, keys);
    if (members.empty() || sample.empty())
        return base::fail(ErrorCode::BadInput, "the pool has no members");
    // Where a new one would stand is not known: one on another port of the first's host tells the share all the same.
    const fleet::Endpoint &first = members.front().endpoint;
    const memcached::Member another{"another", {first.host, static_cast<std::uint16_t>(first.port ^ 0x2000)}};
    const auto joined = movesIf(members, pool.hashing, sample, another, {});
    if (!joined)
        return base::fail(joined.error());
    PoolSpread spread{pool.name, sample.size(), {}, joined->share()};
    for (const auto &[server, count] : joined->before) {
        PoolSpread::Member member{base::ServerId(server), static_cast<double>(count) / static_cast<double>(sample.size()), std::nullopt};
        if (members.size() > 1) {
            const auto lost = movesIf(members, pool.hashing, sample, std::nullopt, server);
            if (!lost)
                return base::fail(lost.error());
            member.lost = lost->share();
        }
        spread.members.push_back(std::move(member));
    }
    return spread;
}

} // namespace shardlens::cacheflow
