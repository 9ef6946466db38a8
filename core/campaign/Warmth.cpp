// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/campaign/Warmth.h"

namespace shardlens::campaign {

namespace {

constexpr double warmShare = 0.95;

std::optional<double> valueOf(const facts::Known<double> &share)
{
    return share ? std::optional(*share) : std::nullopt;
}

} // namespace

bool PoolWarmth::isWarm() const
{
    return !before || (now && *now >= warmShare * *before);
}

std::vector<PoolWarmth> poolsOutside(const facts::Snapshot &snapshot, const base::RegionName &region)
{
    std::vector<PoolWarmth> all;
    for (const fleet::Pool &pool : snapshot.fleet->pools) {
        if (pool.region == region)
            continue;
        PoolWarmth one;
        one.pool = pool.name;
        one.region = pool.region;
        const facts::PoolFacts *facts = snapshot.pool(pool.name);
        one.isByClients = facts && facts->clientHitRatio;
        one.before = hitShare(snapshot, one);
        all.push_back(std::move(one));
    }
    return all;
}

std::optional<double> hitShare(const facts::Snapshot &snapshot, const PoolWarmth &pool)
{
    const facts::PoolFacts *facts = snapshot.pool(pool.pool);
    if (!facts)
        return std::nullopt;
    return valueOf(pool.isByClients ? facts->clientHitRatio : facts->hitRatio);
}

std::string_view name(Watch watch)
{
    switch (watch) {
    case Watch::None: return "none";
    case Watch::Watching: return "watching";
    case Watch::Warm: return "warm";
    case Watch::Stopped: return "stopped";
    case Watch::Cold: return "cold";
    }
    return "";
}

} // namespace shardlens::campaign
