// SPDX-License-Identifier: GPL-3.0-or-later
// What is looked at besides the moves: the kernel of a host, and the caches that users were sent to.
#include "core/campaign/Driver.h"

#include <algorithm>
#include <numeric>

namespace shardlens::campaign {

namespace {

constexpr base::milliseconds watchBeat{500};
constexpr std::size_t looksOfMean = 10;
constexpr base::seconds toldEvery{2};

} // namespace

/// Never a hindrance: whoever cannot be asked leaves it unknown.
void Driver::lookAtKernel()
{
    KernelSeen seen;
    const std::string &host = m_campaign.goal.subject;
    if (m_campaign.goal.aim == Aim::HostUp)
        seen.before = m_means.kernelBefore(host);
    if (const auto now = m_means.kernelNow(host); !now)
        seen.unknown = now.error().message;
    else
        seen.now = *now;
    if (seen.now && m_campaign.goal.aim == Aim::HostUp) {
        const facts::SnapshotPtr snapshot = m_means.snapshot();
        const facts::Mark *mark = markOf(*snapshot, base::HostName(host));
        seen.change = facts::changeOf(seen.before, *seen.now, mark ? std::optional(mark->since) : std::nullopt);
    }
    m_campaign.kernel = seen;
    append(entryKernel(seen, m_clock.utcNow()));
}

void Driver::noteCaches()
{
    if (m_campaign.goal.aim != Aim::Evacuate || !m_campaign.pools.empty())
        return;
    m_campaign.pools = poolsOutside(*m_means.snapshot(), base::RegionName(m_campaign.goal.subject));
    if (!m_campaign.pools.empty())
        tellCaches(Watch::None);
}

void Driver::tellCaches(Watch watch)
{
    m_campaign.watch = watch;
    append(entryPools(watch, m_campaign.pools, m_clock.utcNow()));
}

void Driver::watchCaches()
{
    auto &pools = m_campaign.pools;
    const bool isComparable = std::any_of(pools.begin(), pools.end(), [](const PoolWarmth &pool) { return pool.before.has_value(); });
    if (!isComparable || m_campaign.stop != Stop::No)
        return;
    const base::Instant began = m_clock.now();
    base::Instant told = began;
    std::map<base::PoolName, std::vector<double>> shares;
    facts::SnapshotPtr last;
    tellCaches(Watch::Watching);
    for (;;) {
        if (const facts::SnapshotPtr now = m_means.snapshot(); now != last) {
            last = now;
            for (PoolWarmth &pool : pools) {
                auto &kept = shares[pool.pool];
                if (const auto share = hitShare(*now, pool))
                    kept.push_back(*share);
                if (kept.size() > looksOfMean)
                    kept.erase(kept.begin());
                if (!kept.empty())
                    pool.now = std::accumulate(kept.begin(), kept.end(), 0.0) / static_cast<double>(kept.size());
            }
        }
        const base::Instant now = m_clock.now();
        const bool isWarm = std::all_of(pools.begin(), pools.end(), [](const PoolWarmth &pool) { return pool.isWarm(); });
        if (m_campaign.stop != Stop::No)
            return tellCaches(Watch::Stopped);
        if (isWarm && now - began >= leastWatch)
            return tellCaches(Watch::Warm);
        if (now - began >= m_warmPatience)
            return tellCaches(Watch::Cold);
        if (now - told >= toldEvery) {
            told = now;
            tellCaches(Watch::Watching);
        }
        m_pace.wait(watchBeat);
        look();
    }
}

} // namespace shardlens::campaign
