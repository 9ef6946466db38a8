// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/invalidator/Invalidator.h"

#include <algorithm>

#include <poll.h>

namespace shardlens::invalidator {

using base::ErrorCode;

namespace {

constexpr base::milliseconds gateEvery{100};
constexpr base::milliseconds watchEvery{1000};
/// A cluster that cannot be read at the start is not waited for any longer: its rows do not arrive in this region either.
constexpr base::seconds waitForOutboxes{10};

} // namespace

Invalidator::Invalidator(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::filesystem::path state,
                         std::optional<base::seconds> staleFor, std::uint32_t comparedPerMinute)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_state(std::move(state)), m_staleFor(staleFor),
      m_stop(std::make_shared<wire::Interrupt>()), m_measurer(std::make_unique<Measurer>(m_fleet, m_region, comparedPerMinute, m_staleFor, m_stop))
{
}

Invalidator::~Invalidator()
{
    stop();
}

base::Result<void> Invalidator::start()
{
    const auto *declared = m_fleet->invalidatorOf(m_region);
    if (!declared)
        return base::fail(ErrorCode::NotFound, "the fleet file declares no invalidator in region " + m_region.text());
    if (!m_fleet->access.user(m_fleet->access.invalidator))
        return base::fail(ErrorCode::NotFound, "the fleet file names no invalidator in [access]");
    std::error_code error;
    if (!m_state.empty() && (std::filesystem::create_directories(m_state, error), error))
        return base::fail(ErrorCode::Io, m_state.string() + ": " + error.message());
    const auto file = m_state.empty() ? std::filesystem::path() : m_state / "cursors.json";
    const auto kept = m_state.empty() ? base::Result<Kept>(Kept{}) : readKept(file);
    if (!kept)
        return base::fail(kept.error());
    cacheflow::LaneRules rules;
    rules.staleFor = m_staleFor;
    auto delivery = cacheflow::Delivery::of(*m_fleet, m_region, rules, m_stop);
    if (!delivery)
        return base::fail(delivery.error());
    m_delivery = std::move(*delivery);
    for (const auto &pool : m_delivery->pools()) {
        m_totals.declare(pool.pool.text());
        for (const auto &lane : pool.lanes) {
            if (kept->mustFlush.contains(lane->server()))
                lane->demandFlush();
        }
    }
    for (const auto &cluster : m_fleet->clusters) {
        const auto cursor = kept->cursors.find(cluster.name);
        m_followers.push_back(std::make_unique<cacheflow::ClusterFollower>(
            m_fleet, m_region, cluster.name, *m_delivery, cursor == kept->cursors.end() ? cacheflow::OutboxCursor{} : cursor->second,
            m_stop));
    }
    m_keeper = std::make_unique<Keeper>(m_fleet, m_region, file, m_followers, *m_delivery, m_stop);
    m_report = std::make_unique<Report>(m_region, m_followers, *m_delivery, *m_keeper, m_totals, *m_measurer, m_staleFor);
    m_service = std::make_unique<Service>(*m_report, m_totals, m_stop);
    if (const auto listening = m_service->listen(declared->address.own, declared->statsd); !listening)
        return listening;
    m_delivery->start();
    for (const auto &follower : m_followers)
        follower->start();
    m_keeper->start();
    m_measurer->start();
    m_serving = std::thread([this] { m_service->run(); });
    m_gate = std::thread([this] { gate(); });
    return {};
}

void Invalidator::gate()
{
    const auto begun = std::chrono::steady_clock::now();
    bool isOpen = false;
    pollfd fd = {m_stop->descriptor(), POLLIN, 0};
    while (::poll(&fd, 1, static_cast<int>((isOpen ? watchEvery : gateEvery).count())) <= 0) {
        const bool isRead = isOpen || std::all_of(m_followers.begin(), m_followers.end(), [](const auto &follower) { return follower->state().isCaughtUp; });
        if (!isRead && std::chrono::steady_clock::now() - begun < waitForOutboxes)
            continue;
        flushForMissed();
        if (isOpen)
            continue;
        m_delivery->mayVouch(true);
        m_report->setReady(true);
        isOpen = true;
    }
}

/// Members are vouched for beside an outbox that cannot be read, or one cluster's fault would cost a region its caches. But what was cached
/// before its rows may have been pruned is wrong for good: it goes, once. Nothing of that cluster is filled meanwhile, for the way is the same.
void Invalidator::flushForMissed()
{
    const std::chrono::duration<double> utc = std::chrono::system_clock::now().time_since_epoch();
    for (const auto &follower : m_followers) {
        if (!cacheflow::mayHaveMissed(follower->state(), std::chrono::steady_clock::now(), utc.count()))
            m_flushedFor.erase(follower->cluster());
        else if (m_flushedFor.insert(follower->cluster()).second)
            m_delivery->flushAll();
    }
}

void Invalidator::stop()
{
    m_stop->raise();
    if (m_gate.joinable())
        m_gate.join();
    if (m_serving.joinable())
        m_serving.join();
    m_keeper.reset(); // before what it keeps
    m_followers.clear();
    m_service.reset();
    m_report.reset();
    m_measurer.reset();
    m_delivery.reset();
}

} // namespace shardlens::invalidator
