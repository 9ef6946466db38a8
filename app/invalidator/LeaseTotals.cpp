// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/invalidator/LeaseTotals.h"

#include "core/cacheflow/LeaseDatagram.h"

namespace shardlens::invalidator {

namespace {

constexpr base::seconds recentFor{10};

} // namespace

void LeaseTotals::declare(const std::string &pool)
{
    const std::scoped_lock lock(m_mutex);
    m_counts[pool];
}

void LeaseTotals::take(std::string_view datagram, base::Instant now)
{
    const std::scoped_lock lock(m_mutex);
    const auto before = m_counts;
    ++m_datagrams;
    m_unread += cacheflow::addLeaseDatagram(datagram, m_counts);
    for (const auto &[pool, counts] : m_counts) {
        if (counts == before.at(pool))
            continue;
        m_heard[pool] = now;
        auto &steps = m_steps[pool];
        if (steps.empty() || now - steps.back().at >= base::seconds(1))
            steps.push_back({now, before.at(pool)});
        while (steps.size() > 1 && now - steps.front().at > recentFor)
            steps.pop_front();
    }
}

std::map<std::string, LeaseTotals::Pool> LeaseTotals::pools(base::Instant now) const
{
    const std::scoped_lock lock(m_mutex);
    std::map<std::string, Pool> pools;
    for (const auto &[name, counts] : m_counts) {
        Pool &pool = pools[name];
        pool.counts = counts;
        if (const auto heard = m_heard.find(name); heard != m_heard.end())
            pool.heardAt = heard->second;
        const auto steps = m_steps.find(name);
        if (steps == m_steps.end())
            continue;
        for (const Step &step : steps->second) {
            if (now - step.at > recentFor)
                continue;
            pool.recent = counts;
            pool.recent -= step.before;
            pool.recentSeconds = std::max(std::chrono::duration<double>(now - step.at).count(), 1.0);
            break;
        }
    }
    return pools;
}

std::uint64_t LeaseTotals::datagrams() const
{
    const std::scoped_lock lock(m_mutex);
    return m_datagrams;
}

std::uint64_t LeaseTotals::unread() const
{
    const std::scoped_lock lock(m_mutex);
    return m_unread;
}

} // namespace shardlens::invalidator
