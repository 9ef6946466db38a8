// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/ServingProbes.h"

#include <algorithm>

namespace shardlens::observe {

namespace {

constexpr std::size_t askedInARow = 64; // then the loop looks at answers before it asks the next ones: how long those took is told

} // namespace

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
    turns.router = server->id;
    turns.most = openedAtOnce;
    for (const fleet::Cluster &cluster : m_fleet->clusters) {
        for (const bool forReads : {false, true}) {
            auto writable = std::make_shared<std::optional<bool>>();
            const std::string database = fleet::expand(forReads ? router.readDatabase : router.primaryDatabase, "cluster", cluster.name.text());
            add(turns, {forReads ? facts::ProbeKey::Way::Reads : facts::ProbeKey::Way::Writes, router.region, cluster.name.text()},
                m_dialling->wayProbe(*server, database, m_loop, [writable](const auto &found) { *writable = found.takesWrites; }, forReads ? m_users.inReaders : m_users.inPrimaries), writable);
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
            add(turns, {facts::ProbeKey::Way::Group, region, group.name.text()}, m_dialling->groupProbe(endpoint, m_loop, [writable](bool is) { *writable = is; }), writable);
        }
    }
    for (const fleet::Pool &pool : m_fleet->pools) {
        for (const base::ServerId &id : pool.servers) {
            const fleet::Server *server = m_fleet->server(id);
            if (server && wants(pool.region))
                add(turns, {facts::ProbeKey::Way::Cache, pool.region, id.text()}, m_dialling->memberProbe(*server, m_loop), std::make_shared<std::optional<bool>>());
        }
    }
    turns.most = turns.window.kept = turns.probes.size();
    m_turns.push_back(std::move(turns));
}

void ServingProbes::add(Turns &turns, facts::ProbeKey key, std::unique_ptr<clients::PollClient> client, std::shared_ptr<std::optional<bool>> writable)
{
    const Lane::Settings settings{base::ServerId(), m_fleet->thresholds.deadline, m_fleet->thresholds.downAfter, ++m_seed};
    auto lane = std::make_unique<Lane>(
        m_loop, std::move(client), settings, m_clock,
        [this, key, writable, every = turns.every](const std::shared_ptr<const facts::Observation> &seen) {
            m_publish(key, {m_dialling->from(), seen->reach, *every, *writable});
        },
        [](std::uint64_t) {});
    turns.probes.push_back({std::move(key), std::move(lane)});
}

void ServingProbes::start()
{
    if (m_running)
        return;
    m_running = true;
    m_stopped = false;
    m_loop->start("shardlens-try");
}

void ServingProbes::stop()
{
    if (!m_running)
        return;
    m_running = false;
    m_loop->post([this] {
        m_stopped = true;
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
            turn(turns);
        ask(m_round, 0, 0);
    });
}

void ServingProbes::routerTakes(const base::ServerId &router, std::int32_t clients)
{
    m_loop->post([this, router, clients] {
        const auto routers = static_cast<std::size_t>(std::count_if(m_turns.begin(), m_turns.end(), [](const Turns &one) { return !one.router.isEmpty(); }));
        for (Turns &turns : m_turns) {
            if (turns.router != router || clients <= 0)
                continue;
            const std::size_t room = static_cast<std::size_t>(clients) / partOfRouter;
            turns.most = std::clamp(room, std::size_t{1}, std::max(openedAtOnce, keptInAll / routers));
        }
    });
}

/// Which ways are asked in this round: as many more as may be opened at once, until all are that may be kept; those that are not
/// among them any more give their connections back.
void ServingProbes::turn(Turns &turns) const
{
    const std::size_t count = turns.probes.size();
    if (count == 0)
        return;
    const Turns::Window before = turns.window;
    const std::size_t most = std::min(count, turns.most);
    const std::size_t step = std::min(openedAtOnce, most);
    if (turns.window.kept < most) {
        turns.window.kept = std::min(most, turns.window.kept + step);
    } else {
        turns.window.kept = most;
        if (most < count)
            turns.window.first = (before.first + step) % count;
    }
    // All of them: one that failed in its turn kept its connection then, and gives it back once it is well.
    for (std::size_t index = 0; index < count; ++index) {
        if (!turns.isAsked(index))
            turns.probes[index].lane->rest();
    }
    const auto rounds = static_cast<std::int64_t>((count - turns.window.kept + step - 1) / step);
    *turns.every = rounds == 0 ? base::microseconds(0) : base::microseconds((rounds + 1) * m_fleet->thresholds.interval);
}

void ServingProbes::ask(std::uint64_t round, std::size_t turns, std::size_t from)
{
    std::size_t asked = 0;
    for (; turns < m_turns.size() && !m_stopped; ++turns, from = 0) {
        const Turns &one = m_turns[turns];
        for (; from < one.window.kept; ++from) {
            if (asked++ == askedInARow)
                return m_loop->post([this, round, turns, from] { ask(round, turns, from); });
            one.probes[(one.window.first + from) % one.probes.size()].lane->ask(round);
        }
    }
}

} // namespace shardlens::observe
