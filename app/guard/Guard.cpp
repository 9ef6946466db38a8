// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Guard.h"

#include "app/guard/Beater.h"
#include "app/guard/DeadMan.h"
#include "app/guard/DiskWatch.h"
#include "app/guard/Fencer.h"
#include "app/guard/GroupFencer.h"
#include "app/guard/LogEndWatch.h"
#include "app/guard/MemberTalk.h"
#include "app/guard/Prober.h"
#include "app/guard/RouterWatch.h"
#include "app/guard/Sessions.h"
#include "app/guard/Ticker.h"
#include "core/clients/secrets/Secrets.h"
#include "core/observe/Dialling.h"
#include "core/observe/Passwords.h"

#include <algorithm>

namespace shardlens::guard {

using base::ErrorCode;

namespace {

/// Whoever beats; nobody where nothing does.
std::string beatsAs(const fleet::Fleet &fleet)
{
    const auto *user = fleet.heartbeat ? fleet.access.firstWith(fleet::Role::Ops) : nullptr;
    return user ? user->name : std::string();
}

/// Whoever reads the outboxes through this region's router, if that user's password is known here; nobody where no invalidator is.
std::string readsAs(const fleet::Fleet &fleet, const base::RegionName &region)
{
    const auto *user = fleet.invalidatorOf(region) ? fleet.access.user(fleet.access.invalidator) : nullptr;
    const auto *router = user ? fleet.routerOf(region) : nullptr;
    const auto *server = router ? fleet.server(router->server) : nullptr;
    if (!server)
        return {};
    const fleet::Endpoint &endpoint = server->address.from(region);
    const bool isKnown = std::all_of(fleet.clusters.begin(), fleet.clusters.end(), [&](const fleet::Cluster &cluster) {
        const std::string database = fleet::expand(router->readDatabase, "cluster", cluster.name.text());
        return secrets::resolve(user->secret, {endpoint.host, endpoint.port, database, user->name}).has_value();
    });
    return isKnown ? user->name : std::string();
}

std::optional<effects::RouterActor> actorOn(const fleet::Fleet &fleet, const base::RegionName &region)
{
    const auto *user = fleet.access.firstWith(fleet::Role::Ops);
    return user ? std::optional(effects::RouterActor{region, user->name, user->secret, {}, "shardlens-guard " + region.text()}) : std::nullopt;
}

/// Nothing unless every declared member answers, and keeps a term: one that is away may have a newer one.
std::optional<std::int64_t> termOfAll(const fleet::Fleet &fleet, const base::RegionName &region, const base::ClusterName &name, const std::shared_ptr<wire::Interrupt> &stop)
{
    const fleet::Cluster *cluster = fleet.cluster(name);
    std::optional<std::int64_t> newest;
    for (const base::ServerId &member : cluster ? cluster->servers : std::vector<base::ServerId>()) {
        auto talk = MemberTalk::open(fleet, region, *cluster, member, stop);
        const auto seen = talk ? talk->look() : base::Result<MemberSeen>(base::fail(talk.error()));
        if (!seen || !seen->isReachable || !seen->term)
            return std::nullopt;
        newest = std::max(newest.value_or(0), *seen->term);
    }
    return newest;
}

} // namespace

Guard::Guard(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::filesystem::path state)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_stop(std::make_shared<wire::Interrupt>()), m_state(std::move(state)),
      m_report(m_region), m_book(m_state, m_report), m_router(m_fleet, m_region, actorOn(*m_fleet, m_region), m_stop), m_hosts(m_fleet, m_region, m_router, m_state),
      m_stables(m_fleet, m_region, m_stop), m_carrier(m_router, m_hosts, m_stables, m_report),
      m_orders(m_book, m_carrier, m_report, m_stop), m_service(m_report, m_orders, m_stop)
{
}

Guard::~Guard()
{
    stop();
}

base::Result<void> Guard::start()
{
    const auto declared = std::find_if(m_fleet->guards.begin(), m_fleet->guards.end(), [&](const auto &g) { return g.region == m_region; });
    if (declared == m_fleet->guards.end())
        return base::fail(ErrorCode::NotFound, "the fleet file declares no guard in region " + m_region.text());
    if (auto prepared = prepareOrders(); !prepared)
        return prepared;
    if (auto listening = m_service.listen(declared->address.own); !listening)
        return listening;
    m_threads.emplace_back([this] { m_service.run(); });
    m_threads.emplace_back([this] { Prober(*m_fleet, m_region, m_report, m_stop).run(); });
    m_threads.emplace_back([this] { DiskWatch(m_fleet, m_hosts, m_report, m_stop).run(); });
    m_threads.emplace_back([this] { LogEndWatch(m_fleet, m_book, m_hosts, m_report, m_stop).run(); });
    startWays();
    m_threads.emplace_back([this] {
        RouterWatch(m_fleet, m_region, m_report, m_stop, [this](const base::ServerId &router, std::int32_t clients) { m_ways->routerTakes(router, clients); }).run();
    });
    startHolding();
    if (!m_fleet->heartbeat)
        return {};
    // Clusters may share a disk: their commits are spread. They begin once the ways, asked on the full second through the same pools, are
    // answered: both at once take a connection more of each primary.
    const auto spread = m_fleet->heartbeat->interval * 2 / 5;
    const auto step = spread / std::max<std::size_t>(m_fleet->clusters.size(), 1);
    base::milliseconds firstAfter = spread;
    for (const auto &cluster : m_fleet->clusters) {
        m_threads.emplace_back(
            [this, &cluster, firstAfter] { Beater(m_fleet, cluster, m_region, m_book, m_report, m_stop).run(firstAfter); });
        firstAfter += step;
    }
    return {};
}

/// What ends an operation that fell silent, and what has outlived its term.
void Guard::startHolding()
{
    m_threads.emplace_back([this] { DeadMan(m_fleet, m_region, m_book, m_router, m_hosts, m_stables, m_stop).run(); });
    for (const auto &cluster : m_fleet->clusters) {
        for (const auto &member : cluster.servers) {
            const auto *server = m_fleet->server(member);
            // Patroni fences its own; repmgr lets a primary that returns take writes.
            if (m_mayAct && server && server->region == m_region && cluster.manager != fleet::Manager::Patroni)
                m_threads.emplace_back(
                    [this, &cluster, member] { Fencer(m_fleet, m_region, cluster, member, m_book, m_hosts, m_report, m_stop).run(); });
        }
    }
    for (const auto &group : m_fleet->redisGroups) {
        for (const auto &member : group.servers) {
            const auto *server = m_fleet->server(member);
            if (m_mayAct && server && server->region == m_region && !group.termKey.empty() && group.manager == fleet::Manager::None)
                m_threads.emplace_back(
                    [this, &group, member] { GroupFencer(m_fleet, m_region, group, member, m_book, m_report, m_stop).run(); });
        }
    }
}

base::Result<void> Guard::prepareOrders()
{
    std::error_code error;
    if (!m_state.empty())
        std::filesystem::create_directories(m_state, error);
    if (error)
        return base::fail(ErrorCode::Io, "cannot make the folder " + m_state.string() + ": " + error.message());
    if (auto loaded = m_book.load(); !loaded)
        return loaded;
    auto secret = secrets::resolve(m_fleet->access.guardSecret, {});
    if (!secret) {
        // A guard that only reports is worth more than none.
        logLine("takes no orders: " + secret.error().message);
        return {};
    }
    m_mayAct = !secret->empty();
    m_orders.setSecret(std::move(*secret));
    m_orders.setTermSight([this](const base::ClusterName &cluster) { return termOfAll(*m_fleet, m_region, cluster, m_stop); });
    return {};
}

/// Through connections that a router keeps anyway: in the primaries' databases as whoever beats there, in those for reads as the
/// region's invalidator. Where there is none, and directly, as the observer, the user that may least.
void Guard::startWays()
{
    const auto clock = std::make_shared<base::SystemClock>();
    const auto dialling = std::make_shared<observe::Dialling>(m_fleet, m_region, std::make_shared<observe::Passwords>(m_fleet), clock);
    m_ways = std::make_unique<observe::ServingProbes>(
        m_fleet, dialling, std::set<base::RegionName>{m_region}, clock,
        [this](const facts::ProbeKey &key, const facts::ProbeReading &found) {
            const facts::Reach &reach = found.reach;
            m_report.setWay(key, {reach.state, reach.latency, reach.usualLatency, reach.lastAnswerUtc, reach.silentSinceUtc, found.writable,
                                  reach.lastError});
        },
        observe::ServingProbes::Users{beatsAs(*m_fleet), readsAs(*m_fleet, m_region)});
    m_ways->start();
    m_sessions = std::make_unique<Sessions>(m_fleet, m_region, dialling, clock, m_report);
    m_sessions->start();
    m_threads.emplace_back([this] {
        Ticker ticker(m_fleet->thresholds.interval, *m_stop);
        do {
            m_ways->ask();
            m_sessions->ask();
        } while (ticker.wait());
    });
}

void Guard::stop()
{
    m_stop->raise();
    for (auto &thread : m_threads)
        thread.join();
    m_threads.clear();
    m_ways.reset();
    m_sessions.reset();
}

} // namespace shardlens::guard
