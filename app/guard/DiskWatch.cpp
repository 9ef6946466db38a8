// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/DiskWatch.h"

#include "app/guard/Ticker.h"

#include <utility>

namespace shardlens::guard
{

namespace
{

constexpr base::milliseconds lookedForDiskEvery{1000};
constexpr base::seconds readHereEvery{15};
constexpr base::seconds readBySshEvery{60};
constexpr base::seconds diskReadWithin{5};

} // namespace

DiskWatch::DiskWatch(std::shared_ptr<const fleet::Fleet> fleet, HostHands &hosts, Report &report, std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_hosts(hosts), m_report(report), m_stop(std::move(stop))
{
}

void DiskWatch::run()
{
    Ticker ticker(lookedForDiskEvery, *m_stop);
    do {
        turn(std::chrono::steady_clock::now());
    } while (ticker.wait());
}

void DiskWatch::turn(base::Instant now)
{
    for (const fleet::Server &server : m_fleet->servers) {
        if (isRaised(*m_stop))
            return;
        const auto due = m_dueAt.find(server.id);
        if (server.kind != fleet::ServerKind::Postgres || !m_hosts.reachable(server.id) || (due != m_dueAt.end() && now < due->second))
            continue;
        const auto space = m_hosts.spaceOf(server.id, std::chrono::steady_clock::now() + diskReadWithin);
        // Its directory is learnt from the server itself, which may not have been asked yet: it is looked for with the next turn.
        if (!space && space.error().code == base::ErrorCode::NotFound)
            continue;
        m_dueAt[server.id] = now + (m_hosts.isBySsh(server.id) ? readBySshEvery : readHereEvery);
        m_report.setDisk(server.id, space ? DiskReport{utcNow(), *space, {}} : DiskReport{utcNow(), std::nullopt, space.error().message});
    }
}

} // namespace shardlens::guard
