// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/invalidator/Measurer.h"

#include <algorithm>
#include <random>

#include <poll.h>

namespace shardlens::invalidator {

namespace {

constexpr base::seconds listEvery{300};   ///< a walk of the members' keys; between walks keys are drawn from it
constexpr base::seconds listSoonAgain{30}; ///< where nothing could be compared: the pool was empty, or its keys are gone
constexpr std::uint32_t roundsAMinute = 6;

/// One pool's sampler, and when its keys are listed next.
struct Sampled {
    base::PoolName pool;
    std::unique_ptr<cacheflow::StalenessSampler> sampler;
    base::Instant listAt;
};

} // namespace

void StalenessWindow::note(base::Instant now, const cacheflow::Staleness &found)
{
    m_samples.push_back({now, found});
    while (now - m_samples.front().at > window)
        m_samples.pop_front();
}

std::optional<cacheflow::Staleness> StalenessWindow::sum(base::Instant now) const
{
    std::optional<cacheflow::Staleness> sum;
    for (const One &one : m_samples) {
        if (now - one.at > window)
            continue;
        if (!sum)
            sum.emplace();
        *sum += one.found;
    }
    if (sum) // an error that is over is none
        sum->error = m_samples.back().found.error;
    return sum;
}

std::optional<base::Instant> StalenessWindow::newest() const
{
    return m_samples.empty() ? std::nullopt : std::optional(m_samples.back().at);
}

std::map<base::PoolName, PoolWindows::Sum> PoolWindows::pools(base::Instant now) const
{
    std::map<base::PoolName, Sum> pools;
    for (const auto &[name, window] : m_windows) {
        if (auto sum = window.sum(now))
            pools[name] = {*std::move(sum), window.newest().value_or(base::Instant())};
    }
    return pools;
}

Measurer::Measurer(std::shared_ptr<const fleet::Fleet> fleet, const base::RegionName &region, std::uint32_t perMinute,
                   std::optional<base::seconds> staleFor, std::shared_ptr<wire::Interrupt> stop)
    : m_region(region), m_perMinute(perMinute), m_staleFor(staleFor), m_stop(std::move(stop))
{
    fleet::Fleet seenFromThere = *fleet;
    seenFromThere.ownRegion = region;
    m_fleet = std::make_shared<const fleet::Fleet>(std::move(seenFromThere));
}

Measurer::~Measurer()
{
    if (m_thread.joinable())
        m_thread.join();
}

void Measurer::start()
{
    if (m_perMinute > 0)
        m_thread = std::thread([this] { run(); });
}

bool Measurer::pauseFor(base::milliseconds time) const
{
    pollfd fd = {m_stop->descriptor(), POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(time.count())) <= 0;
}

Measurer::Report Measurer::report() const
{
    const std::scoped_lock lock(m_mutex);
    Report report{std::nullopt, m_windows.pools(std::chrono::steady_clock::now())};
    for (const auto &[name, pool] : report.pools) {
        if (!report.sum) {
            report.sum = pool;
            continue;
        }
        report.sum->found += pool.found;
        report.sum->measuredAt = std::max(report.sum->measuredAt, pool.measuredAt);
    }
    return report;
}

void Measurer::run()
{
    const fleet::DatabaseUser *user = m_fleet->access.user(m_fleet->access.invalidator);
    if (!user)
        return;
    const std::size_t items = std::max<std::size_t>(1, m_perMinute / roundsAMinute);
    const auto every = base::milliseconds(60'000) * items / m_perMinute;
    cacheflow::DeclaredMap map;
    cacheflow::StalenessOptions options;
    options.seed = std::random_device()();
    options.listed = 5000;
    options.staleFor = m_staleFor;
    options.stop = m_stop;
    std::vector<Sampled> pools;
    for (const fleet::Pool &pool : m_fleet->pools) {
        if (pool.region == m_region)
            pools.push_back({pool.name, std::make_unique<cacheflow::StalenessSampler>(*m_fleet, pool, map, *user, options), std::chrono::steady_clock::now()});
    }
    for (std::size_t round = 0; !pools.empty() && pauseFor(every); ++round) {
        Sampled &pool = pools[round % pools.size()];
        cacheflow::Staleness found;
        if (std::chrono::steady_clock::now() >= pool.listAt) {
            auto read = cacheflow::declaredMap(*m_fleet, user->name, {});
            if (read)
                map = std::move(*read);
            found = pool.sampler->list();
            if (!read)
                found.error = read.error();
            pool.listAt = std::chrono::steady_clock::now() + listEvery;
        }
        found += pool.sampler->compare(items);
        if (found.compared == 0)
            pool.listAt = std::min(pool.listAt, std::chrono::steady_clock::now() + listSoonAgain);
        const std::scoped_lock lock(m_mutex);
        m_windows.note(pool.pool, std::chrono::steady_clock::now(), found);
    }
}

} // namespace shardlens::invalidator
