// SPDX-License-Identifier: GPL-3.0-or-later
// The invalidators of a small fleet: keys go once their rows are visible, nothing is lost when one is killed, and a member that was
// away serves nothing old.
#include "app/invalidator/Invalidator.h"
#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Process.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"
#include "core/cacheflow/LeaseClient.h"
#include "core/cacheflow/LeaseDatagram.h"
#include "core/clients/invalidator/InvalidatorAnswer.h"
#include "core/clients/memcached/MetaSession.h"
#include "core/fleet/FleetFile.h"

#include <QElapsedTimer>
#include <QTest>

#include <csignal>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using cacheflow::LeaseClient;
using Code = memcached::MetaAnswer::Code;
using Kind = cacheflow::LeaseRead::Kind;

namespace QTest {
template <>
char *toString(const std::string &text)
{
    return qstrdup(text.c_str());
}
} // namespace QTest

namespace {

constexpr int soon = 10000;

} // namespace

class LiveInvalidationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aKeyGoesOnceItsRowIsVisibleAndNotBefore();
    void rowsThatCommitOutOfOrderAreDeliveredToo();
    void whatACommitChangedGoesFromEveryRegion();
    void nothingIsLostWhenTheInvalidatorIsKilled();
    void twoOfOneRegionDoNoHarm();
    void aFrozenMemberServesNothingOldOnItsReturn();
    void aRegionThatMissedPrunedRowsIsFlushed();
    void deliveredRowsArePruned();
    void leasesAreCountedWhereTheyAreSaid();

private:
    [[nodiscard]] std::string ask(const std::string &server, const std::string &sql) const;
    void commit(const std::string &cluster, const std::string &key) const; ///< on its primary
    [[nodiscard]] memcached::Member member(const std::string &region) const;
    void put(const std::string &region, const std::string &key) const;
    [[nodiscard]] bool has(const std::string &region, const std::string &key) const;
    [[nodiscard]] clients::InvalidatorAnswer told(const std::string &region) const;
    [[nodiscard]] clients::PoolMemberState memberState(const std::string &region) const;
    [[nodiscard]] std::string replay(const std::string &cluster, bool goesOn) const; ///< on its standby

    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    fleet::Fleet m_fleet;
    std::vector<std::string> m_regions{"us-east", "us-west"};
};

std::string LiveInvalidationTest::ask(const std::string &server, const std::string &sql) const
{
    const localfleet::Instance *instance = m_ground->server(server);
    const auto answer = localfleet::postgres::query(*m_ground, *instance, m_ground->database(*instance), sql);
    return answer ? *answer : "error: " + answer.error().message;
}

void LiveInvalidationTest::commit(const std::string &cluster, const std::string &key) const
{
    const auto primary = cluster + "-" + m_fleet.cluster(base::ClusterName(cluster))->home.text();
    QCOMPARE(ask(primary, "INSERT INTO shardlens.outbox (cache_key) VALUES ('" + key + "') RETURNING 'told'").substr(0, 4),
             std::string("told"));
}

std::string LiveInvalidationTest::replay(const std::string &cluster, bool goesOn) const
{
    const auto home = m_fleet.cluster(base::ClusterName(cluster))->home.text();
    const auto standby = cluster + "-" + (home == m_regions[0] ? m_regions[1] : m_regions[0]);
    return ask(standby, goesOn ? "SELECT pg_wal_replay_resume(), 'done'" : "SELECT pg_wal_replay_pause(), 'done'");
}

memcached::Member LiveInvalidationTest::member(const std::string &region) const
{
    const std::string id = "cache-" + region + "-1";
    return {id, m_fleet.server(base::ServerId(id))->address.own};
}

void LiveInvalidationTest::put(const std::string &region, const std::string &key) const
{
    auto session = memcached::MetaSession::dial(member(region), 1s);
    QVERIFY(session);
    const auto stored = session->ask("ms " + key + " 3 T300\r\nold\r\n", 1s);
    QVERIFY(stored && stored->code == Code::Done);
}

bool LiveInvalidationTest::has(const std::string &region, const std::string &key) const
{
    auto session = memcached::MetaSession::dial(member(region), 1s);
    const auto found =
        session ? session->ask("mg " + key + " v\r\n", 1s) : base::Result<memcached::MetaAnswer>(base::fail(session.error()));
    if (!found)
        qFatal("%s", found.error().message.c_str());
    return found->code == Code::Value;
}

clients::InvalidatorAnswer LiveInvalidationTest::told(const std::string &region) const
{
    return clients::askInvalidator(m_fleet.invalidatorOf(base::RegionName(region))->address.own, 2s).value_or(clients::InvalidatorAnswer{});
}

clients::PoolMemberState LiveInvalidationTest::memberState(const std::string &region) const
{
    return told(region).members[base::ServerId(member(region).server)];
}

void LiveInvalidationTest::initTestCase()
{
    m_home = *localfleet::Home::at("/tmp/shardlens-invalidation-" + std::to_string(::getpid()));
    QVERIFY(localfleet::Owner::become(m_home->root()));
    localfleet::Shape shape;
    shape.regions = m_regions;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.cachesPerRegion = 1;
    shape.latencyMs = 2;
    localfleet::Progress silent;
    auto ground = localfleet::up(*m_home, &shape, silent);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    m_ground = *ground;
    auto fleet = fleet::readFleetFile(m_home->fleetFile().string());
    QVERIFY(fleet.has_value());
    m_fleet = std::move(*fleet);
    for (const std::string &region : m_regions)
        QTRY_VERIFY_WITH_TIMEOUT(told(region).isReady, soon);
}

void LiveInvalidationTest::cleanupTestCase()
{
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, !qEnvironmentVariableIsSet("KEEP_FLEET"), silent);
}

void LiveInvalidationTest::aKeyGoesOnceItsRowIsVisibleAndNotBefore()
{
    const std::string region = m_regions[1];
    put(region, "held");
    put(region, "free");
    QVERIFY(replay("u1", false).find("done") != std::string::npos);
    commit("u1", "held");
    commit("m1", "free"); // of another cluster, whose standby goes on: the invalidator works
    QTRY_VERIFY_WITH_TIMEOUT(!has(region, "free"), soon);
    const auto rows = told(region).clusters[base::ClusterName("u1")].rows;
    QTRY_VERIFY_WITH_TIMEOUT(told(region).clusters[base::ClusterName("u1")].readAge.value_or(1h) < 500ms, soon);
    QVERIFY(has(region, "held"));
    QCOMPARE(told(region).clusters[base::ClusterName("u1")].rows, rows);
    QVERIFY(replay("u1", true).find("done") != std::string::npos);
    QTRY_VERIFY_WITH_TIMEOUT(!has(region, "held"), soon);
    const auto after = told(region).clusters[base::ClusterName("u1")];
    QCOMPARE(after.state, std::string("following"));
    QCOMPARE(after.via, std::string("router"));
    QVERIFY(after.rows > rows);
    QVERIFY(after.lagMost.has_value());
}

void LiveInvalidationTest::rowsThatCommitOutOfOrderAreDeliveredToo()
{
    const std::string region = m_regions[1];
    put(region, "slow");
    put(region, "quick");
    // A long transaction takes its number first and commits last.
    std::thread slow([this] {
        const auto done = ask("u1-" + m_fleet.cluster(base::ClusterName("u1"))->home.text(),
                              "BEGIN; INSERT INTO shardlens.outbox (cache_key) VALUES ('slow'); SELECT pg_sleep(1.5); COMMIT");
        if (done.starts_with("error"))
            qFatal("%s", done.c_str());
    });
    const auto isUnderWay = [this] {
        return ask("u1-" + m_fleet.cluster(base::ClusterName("u1"))->home.text(),
                   "SELECT count(*) FROM pg_stat_activity WHERE query LIKE '%pg_sleep(1.5)%' AND wait_event = 'PgSleep'")
            .starts_with("1");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isUnderWay(), soon);
    commit("u1", "quick");
    QTRY_VERIFY_WITH_TIMEOUT(!has(region, "quick"), soon);
    QVERIFY(has(region, "slow"));
    slow.join();
    QTRY_VERIFY_WITH_TIMEOUT(!has(region, "slow"), soon);
}

void LiveInvalidationTest::whatACommitChangedGoesFromEveryRegion()
{
    for (const std::string &region : m_regions)
        put(region, "everywhere");
    commit("m1", "everywhere");
    for (const std::string &region : m_regions)
        QTRY_VERIFY_WITH_TIMEOUT(!has(region, "everywhere"), soon);
}

void LiveInvalidationTest::nothingIsLostWhenTheInvalidatorIsKilled()
{
    constexpr int keys = 300;
    const std::string region = m_regions[1];
    const auto process = localfleet::servers::process(*m_ground, "invalidator-" + region);
    QVERIFY(process.has_value());
    for (int i = 0; i < keys; ++i)
        put(region, "killed:" + std::to_string(i));
    const std::string primary = "u1-" + m_fleet.cluster(base::ClusterName("u1"))->home.text();
    // Half of them while it dies, half while it is dead.
    QVERIFY(!ask(primary, "INSERT INTO shardlens.outbox (cache_key) SELECT 'killed:' || i FROM generate_series(0, 149) i")
                 .starts_with("error"));
    QVERIFY(localfleet::stop(*process, SIGKILL, 5s));
    QVERIFY(!ask(primary, "INSERT INTO shardlens.outbox (cache_key) SELECT 'killed:' || i FROM generate_series(150, 299) i")
                 .starts_with("error"));
    localfleet::Progress silent;
    QVERIFY(localfleet::up(*m_home, nullptr, silent)); // starts what does not run
    const auto left = [&] {
        int count = 0;
        for (int i = 0; i < keys; ++i)
            count += has(region, "killed:" + std::to_string(i)) ? 1 : 0;
        return count;
    };
    QTRY_COMPARE_WITH_TIMEOUT(left(), 0, soon);
    QTRY_VERIFY_WITH_TIMEOUT(told(region).isReady, soon);
}

void LiveInvalidationTest::twoOfOneRegionDoNoHarm()
{
    const std::string region = m_regions[1];
    const auto flushes = memberState(region).flushes;
    auto elsewhere = std::make_shared<fleet::Fleet>(m_fleet);
    for (auto &one : elsewhere->invalidators)
        one.address.own.port = one.statsd.port = 0; // as on another host
    std::optional<invalidator::Invalidator> second;
    second.emplace(elsewhere, base::RegionName(region), std::filesystem::path(), std::nullopt, 0U);
    QVERIFY(second->start());
    cacheflow::LeaseRules rules;
    rules.needsVouching = true;
    auto client = LeaseClient::open({member(region)}, fleet::Hashing::Ketama, rules);
    QVERIFY(client);
    const auto goes = [&](const std::string &key) {
        put(region, key);
        const auto before = client->get(key);
        commit("u1", key);
        return before && before->value == "old" && QTest::qWaitFor([&] { return !has(region, key); }, soon);
    };
    for (int i = 0; i < 10; ++i)
        QVERIFY(goes("two:" + std::to_string(i)));
    QTRY_COMPARE_WITH_TIMEOUT(told(region).clusters[base::ClusterName("u1")].state, std::string("following"), soon);
    second.reset();
    QVERIFY(goes("two:again"));
    QCOMPARE(memberState(region).flushes, flushes);
}

void LiveInvalidationTest::aFrozenMemberServesNothingOldOnItsReturn()
{
    const std::string region = m_regions[1];
    cacheflow::LeaseRules rules;
    rules.needsVouching = true;
    rules.deadline = 300ms;
    rules.restAfterFailure = 20ms;
    auto client = LeaseClient::open({member(region)}, fleet::Hashing::Ketama, rules);
    QVERIFY(client);
    put(region, "frozen");
    QTRY_VERIFY_WITH_TIMEOUT(client->get("frozen").has_value(), soon);
    QCOMPARE(client->get("frozen")->kind, Kind::Hit);
    localfleet::FaultRequest freeze;
    freeze.kind = "freeze";
    freeze.target = member(region).server;
    QVERIFY(localfleet::inflict(*m_ground, freeze));
    commit("u1", "frozen");
    QVERIFY(!client->get("frozen")); // it notices that the member is silent
    QTRY_COMPARE_WITH_TIMEOUT(memberState(region).state, std::string("away"), soon);
    QTRY_VERIFY_WITH_TIMEOUT(memberState(region).waiting >= 1, soon);
    localfleet::Progress silent;
    QVERIFY(localfleet::heal(*m_ground, freeze, silent));
    // From its first breath on: whatever it answers, it is not the old value.
    QElapsedTimer timer;
    timer.start();
    bool isServed = false;
    while (!isServed && timer.elapsed() < soon) {
        const auto read = client->get("frozen");
        isServed = read.has_value();
        QVERIFY2(!read || read->value != "old", "the member served what was deleted while it was frozen");
    }
    QVERIFY2(isServed, "the member was never trusted again");
    QTRY_COMPARE_WITH_TIMEOUT(memberState(region).state, std::string("here"), soon);
    QCOMPARE(memberState(region).flushes, std::uint64_t(0)); // its backlog was delivered
}

void LiveInvalidationTest::aRegionThatMissedPrunedRowsIsFlushed()
{
    const std::string region = m_regions[1];
    const std::string primary = "u1-" + m_fleet.cluster(base::ClusterName("u1"))->home.text();
    const auto process = localfleet::servers::process(*m_ground, "invalidator-" + region);
    put(region, "missed");
    QVERIFY(process && localfleet::stop(*process, SIGTERM, 5s));
    commit("u1", "missed");
    // Nothing may be kept any longer: the row goes, though this region was not told of it.
    QVERIFY(!ask(primary, "SELECT shardlens.prune_delivered('0 s', '0 s')").starts_with("error"));
    QTRY_VERIFY_WITH_TIMEOUT(ask(primary, "SELECT count(*) FROM shardlens.outbox WHERE cache_key = 'missed'").starts_with("0"), soon);
    QVERIFY(ask(primary, "SELECT missed_since IS NOT NULL FROM shardlens.invalidation_cursor WHERE region = '" + region + "'")
                .starts_with("t"));
    localfleet::Progress silent;
    QVERIFY(localfleet::up(*m_home, nullptr, silent));
    QTRY_VERIFY_WITH_TIMEOUT(!has(region, "missed"), soon);
    QTRY_COMPARE_WITH_TIMEOUT(memberState(region).flushes, std::uint64_t(1), soon);
    const auto isTold = [&] {
        return ask(primary, "SELECT missed_since IS NULL FROM shardlens.invalidation_cursor WHERE region = '" + region + "'")
            .starts_with("t");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isTold(), soon);
    QTRY_VERIFY_WITH_TIMEOUT(told(region).clusters[base::ClusterName("u1")].missedSince.empty(), soon);
    put(region, "after");
    commit("u1", "after");
    QTRY_VERIFY_WITH_TIMEOUT(!has(region, "after"), soon);
    QCOMPARE(memberState(region).flushes, std::uint64_t(1)); // once was enough
}

void LiveInvalidationTest::deliveredRowsArePruned()
{
    const std::string primary = "m1-" + m_fleet.cluster(base::ClusterName("m1"))->home.text();
    commit("m1", "pruned");
    const auto isPruned = [&] {
        const auto pruned = ask(primary, "SELECT shardlens.prune_delivered('0 s')");
        return !pruned.starts_with("error") && ask(primary, "SELECT count(*) FROM shardlens.outbox").starts_with("0");
    };
    QTRY_VERIFY_WITH_TIMEOUT(isPruned(), soon);
    QVERIFY(ask(primary, "SELECT bool_and(missed_since IS NULL) FROM shardlens.invalidation_cursor").starts_with("t")); // nobody missed one
}

void LiveInvalidationTest::leasesAreCountedWhereTheyAreSaid()
{
    const std::string region = m_regions[0];
    auto reporter = cacheflow::LeaseReporter::open(m_fleet.invalidatorOf(base::RegionName(region))->statsd, "cache-" + region);
    QVERIFY(reporter);
    facts::LeaseCounts counts;
    counts.granted = 7;
    counts.waited = 3;
    counts.noteWait(4ms);
    facts::HerdCounts herds;
    herds.note(3);
    reporter->report({counts, herds});
    reporter->report({counts, herds}); // nothing more since
    const auto said = [&] { return told(region).leases[base::PoolName("cache-" + region)].counts; };
    QTRY_COMPARE_WITH_TIMEOUT(said().granted, std::uint64_t(7), soon);
    QCOMPARE(said(), counts);
    QCOMPARE(told(region).leases[base::PoolName("cache-" + region)].herds, herds);
}

QTEST_GUILESS_MAIN(LiveInvalidationTest)
#include "test_live_invalidation.moc"
