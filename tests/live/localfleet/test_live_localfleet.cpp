// SPDX-License-Identifier: GPL-3.0-or-later
// A small fleet of real servers through its whole life. One cluster a partition in two regions.
#include "app/localfleet/DiskFull.h"
#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Status.h"
#include "app/localfleet/TakenPorts.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/relay/Relay.h"
#include "app/localfleet/relay/Sockets.h"
#include "core/fleet/FleetFile.h"

#include <QTemporaryDir>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace shardlens::localfleet;
namespace fleet = shardlens::fleet;
namespace base = shardlens::base;
using namespace std::chrono_literals;

#define VERIFY_DONE(expression)                                                                                                            \
    do {                                                                                                                                   \
        const auto outcome_ = (expression);                                                                                                \
        QVERIFY2(outcome_.has_value(), outcome_ ? "" : outcome_.error().message.c_str());                                                  \
    } while (false)

class TestLiveLocalfleet : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void cleanup();

    void everything_runs_and_replicates();
    void fleet_file_is_whole_and_secrets_are_the_owners();
    void password_users_reach_a_database_through_the_other_regions_router();
    void guards_beat_on_every_cluster();
    void second_up_changes_nothing();
    void killed_standby_is_gone_until_healed();
    void killed_server_comes_back_with_up_after_a_crash_half_way();
    void frozen_primary_takes_connections_and_says_nothing();
    void paused_replay_receives_but_does_not_show();
    void cut_link_stops_replication_and_heals();
    void full_redis_refuses_writes();
    void flushed_memcached_is_empty();
    void stopped_router_refuses();
    void clock_that_is_off_is_seen_in_sql();
    void full_disk_refuses_growth();
    void stable_address_follows_its_pointing();
    void lost_standby_is_made_anew();
    void down_leaves_no_process_and_no_port();

private:
    void inflictFault(const FaultRequest &request);
    [[nodiscard]] std::string sql(const char *server, const std::string &text);
    [[nodiscard]] bool streams(const char *cluster);
    [[nodiscard]] const Instance &server(const char *id) const { return *m_ground->server(id); }

    std::string m_directory;
    std::optional<Home> m_home;
    std::optional<Ground> m_ground;
    Shape m_shape;
};

void TestLiveLocalfleet::initTestCase()
{
    // Reachable for the user that the servers run as, unlike a QTemporaryDir of root's.
    m_directory = "/tmp/shardlens-live-" + std::to_string(::getpid());
    m_home = *Home::at(m_directory);
    VERIFY_DONE(Owner::become(m_home->root()));
    m_shape.regions = {"us-east", "us-west"};
    m_shape.usersClusters = m_shape.mediaClusters = 1;
    m_shape.latencyMs = 2;
    Progress progress([](const std::string &line) { qInfo("%s", line.c_str()); });
    auto ground = up(*m_home, &m_shape, progress);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    m_ground = *ground;
}

void TestLiveLocalfleet::cleanupTestCase()
{
    Progress silent;
    if (m_home)
        (void)down(*m_home, true, silent);
}

void TestLiveLocalfleet::cleanup()
{
    Progress silent;
    if (m_ground && m_home->exists())
        VERIFY_DONE(healAll(*m_ground, silent));
}

void TestLiveLocalfleet::inflictFault(const FaultRequest &request)
{
    VERIFY_DONE(inflict(*m_ground, request));
    if (request.kind == "memcached-flush")
        return;
    const auto all = faults::all(*m_home);
    QVERIFY(std::any_of(all.begin(), all.end(), [&](const faults::Record &r) { return r.kind == request.kind; }));
    VERIFY_DONE(inflict(*m_ground, request)); // a second time is no other thing
    QCOMPARE(faults::all(*m_home).size(), all.size());
}

std::string TestLiveLocalfleet::sql(const char *id, const std::string &text)
{
    const auto answer = postgres::query(*m_ground, server(id), m_ground->database(server(id)), text, 5s);
    return answer ? *answer : "error: " + answer.error().message;
}

bool TestLiveLocalfleet::streams(const char *cluster)
{
    const auto primary = postgres::primaryOf(*m_ground, cluster);
    return primary && postgres::streamingFrom(*m_ground, *primary).value_or(0) == 1;
}

void TestLiveLocalfleet::everything_runs_and_replicates()
{
    const FleetStatus status = observe(*m_ground, true);
    QVERIFY(status.relayAnswers);
    std::int64_t bytes = 0;
    for (const ProcessStatus &process : status.processes) {
        QVERIFY2(process.state == "running", process.id.c_str());
        QVERIFY2(process.proportionalBytes.value_or(0) > 0, process.id.c_str());
        bytes += *process.proportionalBytes;
    }
    QCOMPARE(status.processes.size(), std::size_t(18 + 1 + 2 + 2)); // servers, the relay, two guards, two invalidators
    QVERIFY(bytes < 300 << 20);
    QCOMPARE(sql("u1-us-east", "SELECT pg_is_in_recovery()"), std::string("f"));
    QCOMPARE(sql("m1-us-west", "SELECT pg_is_in_recovery()"), std::string("t"));
    QCOMPARE(sql("u1-us-east", "SELECT slot_name || ' ' || active FROM pg_replication_slots"), std::string("u1_us_west true"));
    QCOMPARE(sql("u1-us-east", "SHOW data_checksums"), std::string("on"));
    QCOMPARE(sql("u1-us-east", "CREATE TABLE proof AS SELECT 7 AS n; SELECT n FROM proof"), std::string("7"));
    QTRY_COMPARE(sql("u1-us-west", "SELECT n FROM proof"), std::string("7"));
    QVERIFY(sql("u1-us-east", "SELECT system_identifier FROM pg_control_system()") !=
            sql("m1-us-east", "SELECT system_identifier FROM pg_control_system()"));
    QCOMPARE(sql("u1-us-east", "SELECT term FROM shardlens.term"), std::string("1"));
    QCOMPARE(redis::command(*m_ground, server("feeds-us-west"), {"GET", "shardlens:term"}).value_or(""), std::string("1"));
    QVERIFY(sql("u1-us-east", "SHOW config_file").find(m_directory + "/etc/") == 0);
}

void TestLiveLocalfleet::fleet_file_is_whole_and_secrets_are_the_owners()
{
    const auto read = fleet::readFleetFile(m_home->fleetFile().string());
    if (!read)
        QFAIL(fleet::sentence(read.error().complaints.front(), "fleet.toml").c_str());
    QCOMPARE(read->servers.size(), std::size_t(18));
    QVERIFY(read->madeByLocalfleet);
    for (const auto &entry : std::filesystem::directory_iterator(m_home->secrets()))
        QCOMPARE(entry.status().permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    const std::string text = readFile(m_home->fleetFile()).value_or("");
    for (const std::string &name : Secrets::users())
        QVERIFY(text.find(m_ground->secrets.of(name)) == std::string::npos);
}

void TestLiveLocalfleet::password_users_reach_a_database_through_the_other_regions_router()
{
    const auto ask = [&](const char *user, const std::string &port, const char *database) {
        const auto answer = run({{*findProgram("psql"), "-XAtw", "-h", "127.0.0.1", "-p", port, "-U", user, database, "-c",
                                  "SELECT current_setting('cluster_name')"},
                                 {{"PGPASSFILE", Secrets::pgpass(*m_home, user).string()}},
                                 {},
                                 -1},
                                10s);
        return answer ? trimmed(answer->text) : answer.error().message;
    };
    const std::string router = std::to_string(m_ground->ports.of("router-us-west@us-east")); // through the relay
    QCOMPARE(ask(user::application, router, "u1"), std::string("u1-us-east"));
    QCOMPARE(ask(user::application, router, "u1_read"), std::string("u1-us-west"));
    QCOMPARE(ask(user::support, router, "m1"), std::string("m1-us-east"));
    const std::string direct = std::to_string(m_ground->ports.of("u1-us-east"));
    QCOMPARE(ask(user::observer, direct, "insta"), std::string("u1-us-east"));
    QVERIFY(ask(user::super, direct, "insta").find("rejects") != std::string::npos); // over the unix sockets only
}

void TestLiveLocalfleet::guards_beat_on_every_cluster()
{
    for (const char *primary : {"u1-us-east", "m1-us-east", "directory-us-east"})
        QTRY_COMPARE_WITH_TIMEOUT(
            sql(primary, "SELECT string_agg(region, ' ' ORDER BY region) FROM shardlens.heartbeat WHERE sequence > 0"),
            std::string("us-east us-west"), 15000);
}

void TestLiveLocalfleet::second_up_changes_nothing()
{
    const FleetStatus before = observe(*m_ground, false);
    Progress silent;
    const auto again = up(*m_home, nullptr, silent);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    const FleetStatus after = observe(*again, false);
    QCOMPARE(after.processes.size(), before.processes.size());
    for (std::size_t i = 0; i < before.processes.size(); ++i)
        QCOMPARE(after.processes[i].pid, before.processes[i].pid);
    Shape other = m_shape;
    other.shards = 8;
    QVERIFY(!up(*m_home, &other, silent)); // another shape is another fleet
}

void TestLiveLocalfleet::killed_standby_is_gone_until_healed()
{
    inflictFault({"kill", "u1-us-west"});
    QVERIFY(servers::processes(*m_ground, server("u1-us-west")).empty());
    QVERIFY(!streams("u1"));
    Progress silent;
    QVERIFY(up(*m_home, nullptr, silent)); // a fault in effect is left alone
    QVERIFY(servers::processes(*m_ground, server("u1-us-west")).empty());
    VERIFY_DONE(heal(*m_ground, {"kill", "u1-us-west"}, silent));
    QTRY_VERIFY_WITH_TIMEOUT(streams("u1"), 10000);
}

void TestLiveLocalfleet::killed_server_comes_back_with_up_after_a_crash_half_way()
{
    // What a crash of the machine's better half leaves: processes gone without a record, a postmaster without its children.
    const auto postmaster = servers::process(*m_ground, "m1-us-east");
    QVERIFY(postmaster);
    ::kill(postmaster->pid, SIGKILL);
    ::kill(servers::process(*m_ground, "cache-us-east-1")->pid, SIGKILL);
    ::kill(servers::process(*m_ground, "relay")->pid, SIGKILL);
    QTRY_VERIFY(!servers::process(*m_ground, "relay") && !servers::process(*m_ground, "m1-us-east"));
    Progress silent;
    const auto again = up(*m_home, nullptr, silent);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QVERIFY(streams("m1"));
    QVERIFY(servers::isReady(*m_ground, server("cache-us-east-1")));
}

void TestLiveLocalfleet::frozen_primary_takes_connections_and_says_nothing()
{
    inflictFault({"freeze", "m1-us-east"});
    for (const pid_t pid : servers::processes(*m_ground, server("m1-us-east")))
        QVERIFY(isStopped(*processOf(pid)));
    QVERIFY(LineClient::toPort(m_ground->ports.of("m1-us-east"), 1s)); // the kernel answers
    const auto answer = postgres::query(*m_ground, server("m1-us-east"), "insta", "SELECT 1", 300ms);
    QVERIFY(!answer);
    QCOMPARE(answer.error().code, base::ErrorCode::TimedOut);
    Progress silent;
    VERIFY_DONE(heal(*m_ground, {"freeze", "m1-us-east"}, silent));
    QTRY_COMPARE(sql("m1-us-east", "SELECT 1"), std::string("1"));
}

void TestLiveLocalfleet::paused_replay_receives_but_does_not_show()
{
    inflictFault({"replay-paused", "u1-us-west"});
    QTRY_COMPARE(sql("u1-us-west", "SELECT pg_get_wal_replay_pause_state()"), std::string("paused"));
    QCOMPARE(sql("u1-us-east", "CREATE TABLE hidden AS SELECT 1 AS n; SELECT pg_current_wal_lsn() > '0/0'"), std::string("t"));
    QTRY_COMPARE(sql("u1-us-west", "SELECT pg_last_wal_receive_lsn() > pg_last_wal_replay_lsn()"), std::string("t"));
    QVERIFY(sql("u1-us-west", "SELECT n FROM hidden").find("does not exist") != std::string::npos);
    Progress silent;
    VERIFY_DONE(healAll(*m_ground, silent));
    QTRY_COMPARE(sql("u1-us-west", "SELECT n FROM hidden"), std::string("1"));
}

void TestLiveLocalfleet::cut_link_stops_replication_and_heals()
{
    FaultRequest cut{"link-cut", "us-east"};
    cut.to = "us-west";
    cut.oneWay = true;
    cut.blackhole = true;
    inflictFault(cut);
    QVERIFY(sql("u1-us-east", "CREATE TABLE far AS SELECT 1 AS n").empty());
    // `up` goes on, and says what does not follow: what comes after it is started all the same.
    QVERIFY(stop(*servers::process(*m_ground, "guard-us-west"), SIGTERM, 5s));
    std::string said;
    Progress heard([&](const std::string &line) { said += line + "\n"; });
    const auto begun = std::chrono::steady_clock::now();
    const auto again = up(*m_home, nullptr, heard);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QVERIFY2(std::chrono::steady_clock::now() - begun < 60s, said.c_str());
    for (const std::string cluster : {"u1", "m1", "directory"})
        QVERIFY2(said.find(cluster + "-us-west does not follow " + cluster + "-us-east: link-cut us-east>us-west is in effect") != std::string::npos, said.c_str());
    QVERIFY(servers::process(*m_ground, "guard-us-west"));
    QTRY_VERIFY_WITH_TIMEOUT(!streams("u1"), 15000); // the walsender's own time-out: nobody told it
    QVERIFY(sql("u1-us-west", "SELECT n FROM far").find("does not exist") != std::string::npos);
    Progress silent;
    VERIFY_DONE(healAll(*m_ground, silent));
    QTRY_COMPARE_WITH_TIMEOUT(sql("u1-us-west", "SELECT n FROM far"), std::string("1"), 15000);
}

void TestLiveLocalfleet::full_redis_refuses_writes()
{
    const Instance &feeds = server("feeds-us-east");
    QVERIFY(redis::command(*m_ground, feeds, {"SET", "probe", "before"}));
    inflictFault({"redis-full", "feeds-us-east"});
    const auto refused = redis::command(*m_ground, feeds, {"SET", "probe", "after"});
    QVERIFY(!refused);
    QVERIFY2(refused.error().message.find("OOM") != std::string::npos, refused.error().message.c_str());
    QCOMPARE(redis::command(*m_ground, feeds, {"GET", "probe"}).value_or(""), std::string("before"));
    Progress silent;
    VERIFY_DONE(healAll(*m_ground, silent));
    QVERIFY(redis::command(*m_ground, feeds, {"SET", "probe", "after"}));
}

void TestLiveLocalfleet::flushed_memcached_is_empty()
{
    const auto ask = [&](const std::string &question) {
        auto client = LineClient::toPort(m_ground->ports.of("cache-us-east-1"), 2s);
        return client && client->send(question) ? client->line().value_or("no answer") : "no connection";
    };
    QCOMPARE(ask("set probe 0 0 1\r\nx\r\n"), std::string("STORED"));
    QCOMPARE(ask("get probe\r\n"), std::string("VALUE probe 0 1"));
    inflictFault({"memcached-flush", "cache-us-east-1"});
    QTRY_COMPARE(ask("get probe\r\n"), std::string("END"));
    QVERIFY(faults::all(*m_home).empty());
}

void TestLiveLocalfleet::stopped_router_refuses()
{
    inflictFault({"router-stop", "router-us-east"});
    QVERIFY(!LineClient::toPort(m_ground->ports.of("router-us-east"), 1s));
    Progress silent;
    VERIFY_DONE(healAll(*m_ground, silent));
    QVERIFY(LineClient::toPort(m_ground->ports.of("router-us-east"), 1s));
}

void TestLiveLocalfleet::clock_that_is_off_is_seen_in_sql()
{
    FaultRequest off{"clock-off", "u1-us-west"};
    off.clockOffset = -600;
    inflictFault(off);
    const auto skew = [&] {
        return std::strtod(sql("u1-us-west", "SELECT extract(epoch FROM clock_timestamp())").c_str(), nullptr) -
               static_cast<double>(::time(nullptr));
    };
    QVERIFY2(std::abs(skew() + 600) < 5, std::to_string(skew()).c_str());
    QTRY_VERIFY_WITH_TIMEOUT(streams("u1"), 10000);
    Progress silent;
    VERIFY_DONE(healAll(*m_ground, silent));
    QVERIFY(std::abs(skew()) < 5);
}

void TestLiveLocalfleet::full_disk_refuses_growth()
{
    FaultRequest full{"disk-full", "m1-us-east"};
    const auto done = inflict(*m_ground, full);
    if (!done) { // where mounts are denied, the fault says so and leaves the server as it was
        QCOMPARE(done.error().code, base::ErrorCode::Unavailable);
        QVERIFY(done.error().message.find("not available") != std::string::npos);
        QCOMPARE(sql("m1-us-east", "SELECT 1"), std::string("1"));
        return;
    }
    const std::string refused = sql("m1-us-east", "CREATE TABLE big AS SELECT repeat('x', 1000) AS t FROM generate_series(1, 100000)");
    QVERIFY2(refused.find("No space left") != std::string::npos || refused.find("error") == 0, refused.c_str());
    Progress silent;
    VERIFY_DONE(healAll(*m_ground, silent));
    QVERIFY(!diskfull::isOnSmallDisk(*m_ground, server("m1-us-east")));
    QCOMPARE(sql("m1-us-east", "CREATE TABLE big AS SELECT 1 AS n; SELECT n FROM big"), std::string("1"));
    QTRY_VERIFY_WITH_TIMEOUT(streams("m1"), 10000);
}

void TestLiveLocalfleet::stable_address_follows_its_pointing()
{
    const auto leadsTo = [&] {
        auto client = LineClient::toPort(m_ground->ports.of("feeds@us-west"), 2s);
        if (!client || !client->send("AUTH " + m_ground->secrets.redis() + "\r\nROLE\r\n"))
            return std::string("no connection");
        (void)client->line(); // OK
        (void)client->line(); // how many parts
        (void)client->line(); // how long
        return client->line().value_or("no answer");
    };
    QCOMPARE(leadsTo(), std::string("master"));
    VERIFY_DONE(askRelay(m_home->relaySocket(), "point feeds@us-west feeds-us-west"));
    QCOMPARE(leadsTo(), std::string("slave"));
    VERIFY_DONE(askRelay(m_home->relaySocket(), "point feeds@us-west feeds-us-east"));
    QCOMPARE(leadsTo(), std::string("master"));
}

void TestLiveLocalfleet::lost_standby_is_made_anew()
{
    VERIFY_DONE(servers::stop(*m_ground, server("u1-us-west"), 5s));
    std::filesystem::remove_all(m_home->data("u1-us-west"));
    Progress silent;
    const auto again = up(*m_home, nullptr, silent);
    QVERIFY2(again.has_value(), again ? "" : again.error().message.c_str());
    QVERIFY(streams("u1"));
    QTRY_COMPARE(sql("u1-us-west", "SELECT n FROM proof"), std::string("7"));
}

void TestLiveLocalfleet::down_leaves_no_process_and_no_port()
{
    inflictFault({"freeze", "u1-us-east"}); // and it gets rid of a frozen server too
    const auto memory = readFile(m_home->run() / "m1-us-east.shm");
    QVERIFY(memory && std::filesystem::exists(trimmed(split(*memory, '\n').front())));
    inflictFault({"kill", "m1-us-east"}); // what it held in the kernel outlives it
    std::vector<pid_t> pids;
    for (const ProcessStatus &process : observe(*m_ground, false).processes)
        pids.push_back(process.pid);
    for (const Instance &instance : m_ground->servers) {
        for (const pid_t pid : servers::processes(*m_ground, instance))
            pids.push_back(pid);
    }
    Progress silent;
    VERIFY_DONE(down(*m_home, false, silent));
    for (const pid_t pid : pids) {
        const auto process = processOf(pid);
        QVERIFY2(!process || !isAlive(*process), std::to_string(pid).c_str());
    }
    for (const auto &[name, port] : m_ground->ports.all())
        QVERIFY2(!LineClient::toPort(port, 200ms), name.c_str());
    QVERIFY(faults::all(*m_home).empty());
    for (const std::string &segment : split(*memory, '\n'))
        QVERIFY2(!std::filesystem::exists(segment), segment.c_str());
    // Ports are kept; what takes one meanwhile is told before anything is started.
    for (const char *name : {"u1-us-east", "u1-us-east@us-west"}) {
        const std::uint16_t port = m_ground->ports.of(name);
        const auto taken = listenOnLoopback(port);
        QVERIFY2(taken.has_value(), name);
        const auto refused = up(*m_home, nullptr, silent);
        QVERIFY(!refused);
        const std::string &said = refused.error().message;
        QVERIFY2(said.find(std::to_string(port) + " of " + name + ". ") != std::string::npos, said.c_str());
        QVERIFY2(said.find("End it and run `up` again") != std::string::npos, said.c_str());
        QVERIFY(!servers::process(*m_ground, "relay"));
    }
    VERIFY_DONE(checkPorts(*m_ground, InForce({})));
    VERIFY_DONE(down(*m_home, true, silent));
    QVERIFY(!m_home->exists());
    VERIFY_DONE(down(*m_home, true, silent)); // there is nothing more to do, and that is fine
}

QTEST_GUILESS_MAIN(TestLiveLocalfleet)
#include "test_live_localfleet.moc"
