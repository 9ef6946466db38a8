// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/LogEndWatch.h"

#include "app/guard/Ticker.h"

#include <utility>

namespace shardlens::guard
{

namespace
{

constexpr base::milliseconds lookedForEndEvery{500};
constexpr base::seconds endReadWithin{5};
constexpr base::seconds readAgainEvery{15};
constexpr base::seconds triedHereEvery{2};
constexpr base::seconds triedBySshEvery{10};

} // namespace

LogEndWatch::LogEndWatch(std::shared_ptr<const fleet::Fleet> fleet, const OperationBook &book, HostHands &hosts, Report &report,
                         std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_book(book), m_hosts(hosts), m_report(report), m_stop(std::move(stop))
{
}

void LogEndWatch::run()
{
    Ticker ticker(lookedForEndEvery, *m_stop);
    do {
        turn(std::chrono::steady_clock::now());
    } while (ticker.wait());
}

void LogEndWatch::turn(base::Instant now)
{
    for (const fleet::Server &server : m_fleet->servers) {
        if (isRaised(*m_stop))
            return;
        if (server.kind != fleet::ServerKind::Postgres || !m_hosts.reachable(server.id))
            continue;
        const auto reach = m_report.reach(server.id);
        if (!reach)
            continue;
        if (!reach->isReachable) {
            look(server.id, now);
            continue;
        }
        if (m_dueAt.erase(server.id) > 0)
            m_report.setLogEnd(server.id, std::nullopt);
    }
}

void LogEndWatch::look(const base::ServerId &server, base::Instant now)
{
    const fleet::Cluster *cluster = m_fleet->clusterOf(server);
    const auto due = m_dueAt.find(server);
    if ((due != m_dueAt.end() && now < due->second) || !cluster || m_book.isHeld(cluster->name))
        return;
    const auto end = m_hosts.logEndOf(server, std::chrono::steady_clock::now() + endReadWithin);
    m_dueAt[server] = now + (end ? readAgainEvery : m_hosts.isBySsh(server) ? triedBySshEvery : triedHereEvery);
    m_report.setLogEnd(server, end ? std::optional(*end) : std::nullopt);
}

} // namespace shardlens::guard
