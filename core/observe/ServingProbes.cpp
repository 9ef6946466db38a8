// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/ServingProbes.h"

#include <algorithm>

namespace shardlens::observe {

ServingProbes::ServingProbes(std::shared_ptr<const fleet::Fleet> fleet, std::shared_ptr<const Dialling> dialling, std::set<base::RegionName> regions,
                             std::shared_ptr<const base::Clock> clock, Publish publish, Users users)
    : m_fleet(std::move(fleet)), m_dialling(std::move(dialling)), m_regions(std::move(regions)), m_users(std::move(users)), m_clock(std::move(clock)), m_publish(std::move(publish)),
      m_loop(std::make_shared<clients::EventLoop>())
{
    for (const fleet::Router &router : m_fleet->routers) {
        if (wants(router.region))
            addRouter(router);
    }
    addOthers();
}

ServingProbes::~ServingProbes()
{
    stop();
}

void ServingProbes::addRouter(const fleet::Router &router)
{
    const fleet::Server *server = m_fleet->server(router.server);
    if (!server)
        return;
    Turns turns;
    const std::size_t ways = m_fleet->clusters.size() * 2;
    turns.atOnce = std::min(ways, keptAtRouter);
    const auto rounds = static_cast<std::int64_t>(turns.atOnce == 0 ? 1 : (ways + turns.atOnce - 1) / turns.atOnce);
    const base::microseconds every = rounds * m_fleet->thresholds.interval;
    for (const fleet::Cluster &cluster : m_fleet->clusters) {
        for (const bool forReads : {false, true}) {
            auto writable = std::make_shared<std::optional<bool>>();
            const std::string database = fleet::expand(forReads ? router.readDatabase : router.primaryDatabase, "cluster", cluster.name.text());
            add(turns, {forReads ? facts::ProbeKey::Way::Reads : facts::ProbeKey::Way::Writes, router.region, cluster.name.text()},
                m_dialling->wayProbe(*server, database, m_loop, [writable](const auto &found) { *writable = found.takesWrites; }, forReads ? m_users.inReaders : m_users.inPrimaries), writable, rounds > 1 ? every : base::microseconds(0));
        }
    }
    m_turns.push_back(std::move(turns));
}

void ServingProbes::addOthers()
{
    Turns turns;
    for (const fleet::RedisGroup &group : m_fleet->redisGroups) {
        for (const auto &[region, endpoint] : group.stableAddress) {
            if (!wants(region))
                continue;
            auto writable = std::make_shared<std::optional<bool>>();
            add(turns, {facts::ProbeKey::Way::Group, region, group.name.text()}, m_dialling->groupProbe(endpoint, m_loop, [writable](bool is) { *writable = is; }), writable, {});
        }
    }
    for (const fleet::Pool &pool : m_fleet->pools) {
        for (const base::ServerId &id : pool.servers) {
            const fleet::Server *server = m_fleet->server(id);
            if (server && wants(pool.region))
                add(turns, {facts::ProbeKey::Way::Cache, pool.region, id.text()}, m_dialling->memberProbe(*server, m_loop), std::make_shared<std::optional<bool>>(), {});
        }
    }
    turns.atOnce = turns.probes.size();
    m_turns.push_back(std::move(turns));
}

void ServingProbes::add(Turns &turns, facts::ProbeKey key, std::unique_ptr<clients::PollClient> client, std::shared_ptr<std::optional<bool>> writable, base::microseconds every)
{
    const Lane::Settings settings{base::ServerId(), m_fleet->thresholds.deadline, m_fleet->thresholds.downAfter, ++m_seed};
    auto lane = std::make_unique<Lane>(
        m_loop, std::move(client), settings, m_clock,
        [this, key, writable, every](const std::shared_ptr<const facts::Observation> &seen) {
            m_publish(key, {m_dialling->from(), seen->reach, every, *writable});
        },
        [](std::uint64_t) {});
    turns.probes.push_back({std::move(key), std::move(lane)});
}

void ServingProbes::start()
{
    if (m_running)
        return;
    m_running = true;
    m_loop->start("shardlens-try");
}

void ServingProbes::stop()
{
    if (!m_running)
        return;
    m_running = false;
    m_loop->post([this] {
        for (Turns &turns : m_turns) {
            for (Probe &probe : turns.probes)
                probe.lane->stop();
        }
    });
    m_loop->stop();
}

void ServingProbes::ask()
{
    m_loop->post([this] {
        ++m_round;
        for (Turns &turns : m_turns)
            askTurns(turns);
    });
}

void ServingProbes::askTurns(Turns &turns)
{
    if (turns.probes.empty())
        return;
    const std::size_t count = turns.probes.size();
    if (turns.atOnce < count) {
        for (std::size_t i = 0; i < turns.atOnce; ++i)
            turns.probes[(turns.next + count - turns.atOnce + i) % count].lane->rest();
    }
    for (std::size_t i = 0; i < turns.atOnce; ++i)
        turns.probes[(turns.next + i) % count].lane->ask(m_round);
    turns.next = (turns.next + turns.atOnce) % count;
}

} // namespace shardlens::observe
