// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/bench/operate/ByHand.h"

#include "app/localfleet/Files.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"

#include <regex>
#include <thread>

namespace shardlens::bench {

namespace {

constexpr base::milliseconds patience{10000};

const std::string endWriters = "SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid "
                               "WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid() AND a.usename <> 'shardlens_observer' AND NOT r.rolsuper";

} // namespace

ByHand::ByHand(const live::ActingFleet &fleet, std::string cluster, std::string from, std::string to)
    : m_fleet(fleet), m_cluster(std::move(cluster)), m_from(std::move(from)), m_to(std::move(to))
{
}

std::string ByHand::open()
{
    const localfleet::Ground &ground = m_fleet.ground();
    postgres::SessionOptions options;
    options.tls.mode = fleet::Tls::Mode::Disable;
    options.applicationName = "by hand";
    const auto dial = [&](const std::string &server, const std::string &database, std::vector<postgres::Session> &to) -> std::string {
        auto session = postgres::Session::connect({server, {"127.0.0.1", ground.ports.of(server)}, database, localfleet::user::operation},
                                                  ground.secrets.of(localfleet::user::operation), options, patience);
        if (!session)
            return server + ": " + session.error().message;
        to.push_back(std::move(*session));
        return {};
    };
    std::string trouble;
    for (const std::string &server : {m_from, m_to})
        trouble += dial(server, ground.database(*ground.server(server)), m_servers);
    for (const std::string &region : ground.shape.regions)
        trouble += dial("router-" + region, "pgbouncer", m_routers);
    return trouble;
}

std::string ByHand::run(postgres::Session &session, const std::string &sql)
{
    const auto done = session.script(sql, patience);
    return done ? std::string() : sql + ": " + done.error().message;
}

std::string ByHand::await(postgres::Session &session, const std::string &sql, const std::string &answer)
{
    for (const auto end = std::chrono::steady_clock::now() + patience; std::chrono::steady_clock::now() < end;) {
        const auto now = session.script(sql, patience);
        if (!now)
            return sql + ": " + now.error().message;
        if (now->first() == answer)
            return {};
        std::this_thread::sleep_for(base::milliseconds(1));
    }
    return sql + " was never " + answer;
}

std::string ByHand::point(const std::string &region)
{
    const localfleet::Ground &ground = m_fleet.ground();
    const auto file = ground.home.etc("router-" + region) / "databases.ini";
    const std::string text = live::ActingFleet::read(QString::fromStdString(file.string())).toStdString();
    const std::regex line("(^|\n)" + m_cluster + " = host=127.0.0.1 port=[0-9]+");
    const auto written = localfleet::writeFile(file, std::regex_replace(text, line, "$1" + m_cluster + " = host=127.0.0.1 port=" +
                                                                                       std::to_string(ground.portFrom(region, *ground.server(m_to)))));
    return written ? std::string() : written.error().message;
}

std::string ByHand::move()
{
    postgres::Session &old = m_servers[0];
    postgres::Session &next = m_servers[1];
    std::string trouble;
    for (postgres::Session &router : m_routers)
        trouble += run(router, "PAUSE " + m_cluster);
    trouble += run(old, "ALTER SYSTEM SET default_transaction_read_only = on");
    trouble += run(old, "SELECT pg_reload_conf()");
    trouble += await(old, "SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only'", "on");
    trouble += await(old, endWriters, "0");
    const auto last = old.script("SELECT pg_current_wal_flush_lsn()", patience);
    if (!last)
        return trouble + last.error().message;
    trouble += await(next, "SELECT pg_last_wal_replay_lsn() >= '" + last->first() + "'::pg_lsn", "t");
    trouble += run(next, "SELECT pg_promote(false)");
    trouble += await(next, "SELECT pg_is_in_recovery()", "f");
    for (const std::string &region : m_fleet.ground().shape.regions)
        trouble += point(region);
    for (postgres::Session &router : m_routers)
        trouble += run(router, "RELOAD");
    for (postgres::Session &router : m_routers)
        trouble += run(router, "RESUME " + m_cluster);
    return trouble;
}

std::string ByHand::mend()
{
    const localfleet::Ground &ground = m_fleet.ground();
    const localfleet::Instance &primary = *ground.server(m_to);
    for (const localfleet::Instance &member : ground.members(m_cluster)) {
        if (member.id == m_to)
            continue;
        const std::string slot = localfleet::slotName(member.id);
        (void)m_fleet.ask(m_to, "SELECT pg_create_physical_replication_slot('" + slot + "', true) WHERE NOT EXISTS (SELECT FROM pg_replication_slots WHERE slot_name = '" + slot + "')");
        // The others too: by hand nobody sees to it that they have no more of the old log than the new primary.
        if (const auto stopped = localfleet::servers::stop(ground, member, base::seconds(10)); !stopped)
            return stopped.error().message;
        if (const auto made = localfleet::postgres::rebuildStandby(ground, member, primary); !made)
            return made.error().message;
        if (const auto started = localfleet::servers::start(ground, member); !started)
            return started.error().message;
    }
    const bool streams = live::waitFor([&] { return m_fleet.ask(m_to, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "2"; }, 20000, 50);
    return streams ? std::string() : "the standbys do not stream from " + m_to;
}

} // namespace shardlens::bench
