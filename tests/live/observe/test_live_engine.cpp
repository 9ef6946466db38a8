// SPDX-License-Identifier: GPL-3.0-or-later
// The engine against a small fleet of real servers: two regions, one cluster a partition.
#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Up.h"
#include "core/fleet/FleetFile.h"
#include "core/observe/Engine.h"

#include <QTest>

#include <algorithm>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::ReachState;

namespace {

constexpr int patience = 20000;

} // namespace

class LiveEngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();

    void hearsEveryServerAndGuard();
    void tellsPrimariesStandbysAndRouters();
    void readsTheBrakeThoughItsOwnSessionIsReadOnly();
    void knowsWhatARightTakenAwayHides();
    void findsTheShardsInTheCatalogs();
    void seesReplayPaused();
    void freezesAreLateThenDownAndDelayNobody();
    void comesBackAfterAKill();
    void tellsTheMapOfAStandbyWhereThePrimaryWasNeverSeen();

private:
    [[nodiscard]] const facts::Observation &of(const char *server) const { return *m_engine->latest()->observation(base::ServerId(server)); }
    [[nodiscard]] const facts::PostgresSample &postgres(const char *server) const { return *of(server).postgres(); }
    void sql(const char *server, const char *database, const std::string &text);

    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::unique_ptr<observe::Engine> m_engine;
};

void LiveEngineTest::initTestCase()
{
    m_home = *localfleet::Home::at("/tmp/shardlens-engine-" + std::to_string(::getpid()));
    QVERIFY(localfleet::Owner::become(m_home->root()));
    localfleet::Shape shape;
    shape.regions = {"us-east", "us-west"};
    shape.usersClusters = shape.mediaClusters = 1;
    shape.latencyMs = 2;
    localfleet::Progress silent;
    auto ground = localfleet::up(*m_home, &shape, silent);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    m_ground = *ground;
    auto read = fleet::readFleetFile(m_home->fleetFile().string());
    QVERIFY(read.has_value());
    read->thresholds.shardMapInterval = 1s;
    m_fleet = std::make_shared<const fleet::Fleet>(*std::move(read));
    m_engine = std::make_unique<observe::Engine>(m_fleet, observe::Engine::Options{}, std::make_shared<base::SystemClock>());
    m_engine->start();
}

void LiveEngineTest::cleanupTestCase()
{
    m_engine.reset();
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, true, silent);
}

void LiveEngineTest::sql(const char *id, const char *database, const std::string &text)
{
    const auto done = localfleet::postgres::query(*m_ground, *m_ground->server(id), database, text);
    QVERIFY2(done.has_value(), done ? "" : done.error().message.c_str());
}

void LiveEngineTest::hearsEveryServerAndGuard()
{
    QTRY_COMPARE_WITH_TIMEOUT(facts::countAnswers(*m_engine->latest()).answering, static_cast<std::uint32_t>(m_fleet->servers.size()), patience);
    QVERIFY(!m_fleet->guards.empty());
    QTRY_VERIFY_WITH_TIMEOUT(std::all_of(m_engine->latest()->guards.begin(), m_engine->latest()->guards.end(),
                                         [](const facts::GuardReport &guard) { return guard.reach.state == ReachState::Answering && guard.reachable.has_value(); }),
                             patience);
    for (const auto &[id, observation] : m_engine->latest()->servers)
        QVERIFY2(!observation->reach.lastError, id.text().c_str());
}

void LiveEngineTest::tellsPrimariesStandbysAndRouters()
{
    const auto snapshot = m_engine->latest();
    QCOMPARE(snapshot->cluster(base::ClusterName("u1"))->primary.value().text(), std::string("u1-us-east"));
    QVERIFY(postgres("u1-us-west").inRecovery);
    QCOMPARE(postgres("u1-us-west").systemIdentifier, postgres("u1-us-east").systemIdentifier);
    QCOMPARE(postgres("u1-us-east").timeline.value(), postgres("u1-us-west").timeline.value());
    QVERIFY(postgres("u1-us-west").receiver.value().has_value());
    QCOMPARE(postgres("u1-us-east").senders.size(), std::size_t(1));
    QVERIFY(postgres("u1-us-east").connections->total >= 1);
    QTRY_VERIFY_WITH_TIMEOUT(postgres("u1-us-east").settings.has_value() && postgres("u1-us-east").settings->contains("wal_sender_timeout"), patience);
    QTRY_VERIFY_WITH_TIMEOUT(postgres("u1-us-west").heartbeats.has_value() && postgres("u1-us-west").heartbeats->size() == 2, patience);
    QCOMPARE(postgres("u1-us-east").term.value(), std::int64_t(1));
    for (const auto &router : m_engine->latest()->routers) {
        for (const auto &target : router.targets)
            QVERIFY2(target.right.value_or(false), target.database.c_str());
    }
    QVERIFY(std::abs(postgres("u1-us-east").clockOffset->count()) < 500000);
}

void LiveEngineTest::readsTheBrakeThoughItsOwnSessionIsReadOnly()
{
    QVERIFY(!postgres("u1-us-east").readOnlyByDefault);
    sql("u1-us-east", "insta", "ALTER SYSTEM SET default_transaction_read_only = on");
    sql("u1-us-east", "insta", "SELECT pg_reload_conf()");
    QTRY_VERIFY_WITH_TIMEOUT(postgres("u1-us-east").readOnlyByDefault, patience);
    sql("u1-us-east", "insta", "ALTER SYSTEM RESET default_transaction_read_only"); // a brake stops transactions that write, not this
    sql("u1-us-east", "insta", "SELECT pg_reload_conf()");
    QTRY_VERIFY_WITH_TIMEOUT(!postgres("u1-us-east").readOnlyByDefault, patience);
}

void LiveEngineTest::knowsWhatARightTakenAwayHides()
{
    sql("m1-us-east", "insta", "REVOKE SELECT ON shardlens.term FROM shardlens_observer");
    QTRY_VERIFY_WITH_TIMEOUT(!postgres("m1-us-east").term.has_value(), patience);
    QCOMPARE(postgres("m1-us-east").term.error().why, facts::WhyUnknown::NoRights);
    QCOMPARE(of("m1-us-east").reach.state, ReachState::Answering);
    QVERIFY(postgres("m1-us-east").current.has_value());
    sql("m1-us-east", "insta", "GRANT SELECT ON shardlens.term TO shardlens_observer");
    QTRY_VERIFY_WITH_TIMEOUT(postgres("m1-us-east").term.has_value(), patience);
}

void LiveEngineTest::findsTheShardsInTheCatalogs()
{
    sql("u1-us-east", "insta", "CREATE SCHEMA insta7; CREATE TABLE insta7.users AS SELECT x AS id, repeat('a', 100) AS name FROM generate_series(1, 5000) x; "
                               "CREATE SCHEMA insta8; CREATE TABLE insta8.users AS SELECT * FROM insta7.users; ANALYZE insta7.users");
    const auto shard = [this](std::uint32_t number) {
        return m_engine->latest()->shardMap->find({base::PartitionName("users"), {number}});
    };
    m_engine->readShardMapNow();
    QTRY_VERIFY_WITH_TIMEOUT(shard(7) && shard(8) && !shard(7)->observedOn.empty() && !shard(8)->observedOn.empty(), patience);
    QCOMPARE(shard(7)->observedOn.front().text(), std::string("u1"));
    QTRY_VERIFY_WITH_TIMEOUT(shard(7)->rows.has_value(), patience);
    QCOMPARE(*shard(7)->rows, std::int64_t(5000));
    QVERIFY(shard(7)->size->count >= 500000);
    QVERIFY(!shard(8)->rows.has_value());
    QCOMPARE(shard(8)->rows.error().why, facts::WhyUnknown::NotAnalysed);
    sql("u1-us-east", "insta", "INSERT INTO insta7.users SELECT x, 'b' FROM generate_series(1, 1000) x");
    QTRY_VERIFY_WITH_TIMEOUT(shard(7)->writesPerSecond.value_or(0) > 0, patience);
    // After a crash or a promotion no counter tells that the table was written; an empty one is known to be so all the same.
    sql("u1-us-east", "insta", "CREATE SCHEMA insta9; CREATE TABLE insta9.users (id int8)");
    sql("u1-us-east", "insta", "SELECT pg_stat_reset()");
    const auto reset = std::chrono::steady_clock::now();
    QTRY_VERIFY_WITH_TIMEOUT(m_engine->latest()->shardMap->observedReadAt.at(base::ClusterName("u1")) > reset + 1s, patience);
    QVERIFY(!shard(8)->rows.has_value());
    QCOMPARE(shard(8)->users.error().why, facts::WhyUnknown::NotAnalysed);
    QCOMPARE(shard(9)->rows.value(), std::int64_t(0));
    QCOMPARE(shard(9)->users.value(), std::int64_t(0));
    sql("u1-us-east", "insta", "DROP SCHEMA insta8 CASCADE");
    QTRY_VERIFY_WITH_TIMEOUT(!shard(8) || shard(8)->observedOn.empty(), patience);
}

void LiveEngineTest::seesReplayPaused()
{
    sql("m1-us-west", "insta", "SELECT pg_wal_replay_pause()");
    QTRY_VERIFY_WITH_TIMEOUT(postgres("m1-us-west").replayPaused, patience);
    sql("m1-us-west", "insta", "SELECT pg_wal_replay_resume()");
    QTRY_VERIFY_WITH_TIMEOUT(!postgres("m1-us-west").replayPaused, patience);
}

void LiveEngineTest::freezesAreLateThenDownAndDelayNobody()
{
    base::microseconds oldest{0};
    QVERIFY(localfleet::inflict(*m_ground, {"freeze", "m1-us-west"}));
    const auto watching = QObject::connect(m_engine.get(), &observe::Engine::snapshotTaken, this, [&](const facts::SnapshotPtr &snapshot) {
        for (const auto &[id, observation] : snapshot->servers) {
            if (id != base::ServerId("m1-us-west") && observation->sampledAt)
                oldest = std::max(oldest, std::chrono::duration_cast<base::microseconds>(snapshot->takenAt - *observation->sampledAt));
        }
    });
    QTRY_COMPARE_WITH_TIMEOUT(of("m1-us-west").reach.state, ReachState::Late, patience);
    QTRY_COMPARE_WITH_TIMEOUT(of("m1-us-west").reach.state, ReachState::Down, patience);
    localfleet::Progress silent;
    QVERIFY(localfleet::heal(*m_ground, {"freeze", "m1-us-west"}, silent));
    QTRY_COMPARE_WITH_TIMEOUT(of("m1-us-west").reach.state, ReachState::Answering, patience);
    QObject::disconnect(watching);
    QVERIFY2(oldest < 2s, qPrintable(QString("another server's reading was %1 ms old").arg(oldest.count() / 1000)));
}

void LiveEngineTest::comesBackAfterAKill()
{
    for (const char *server : {"u1-us-west", "feeds-us-east", "cache-us-west-1"}) {
        QVERIFY(localfleet::inflict(*m_ground, {"kill", server}));
        QTRY_COMPARE_WITH_TIMEOUT(of(server).reach.state, ReachState::Down, patience);
        // In another region the relay stands before the server, and takes the connection before it finds nobody there.
        const bool near = m_fleet->server(base::ServerId(server))->region == m_fleet->ownRegion;
        QCOMPARE(of(server).reach.lastError->code, near ? base::ErrorCode::Refused : base::ErrorCode::Unreachable);
        localfleet::Progress silent;
        QVERIFY(localfleet::heal(*m_ground, {"kill", server}, silent));
        QTRY_COMPARE_WITH_TIMEOUT(of(server).reach.state, ReachState::Answering, patience);
    }
}

void LiveEngineTest::tellsTheMapOfAStandbyWhereThePrimaryWasNeverSeen()
{
    QVERIFY(localfleet::inflict(*m_ground, {"kill", "u1-us-east"}));
    QTRY_COMPARE_WITH_TIMEOUT(of("u1-us-east").reach.state, ReachState::Down, patience);
    const base::ClusterName u1("u1");
    QVERIFY(m_engine->latest()->shardMap->readOnStandby.empty()); // what the primary told stays
    observe::Engine late(m_fleet, observe::Engine::Options{}, std::make_shared<base::SystemClock>());
    late.start();
    QTRY_VERIFY_WITH_TIMEOUT(late.latest()->shardMap->observedReadAt.contains(u1), patience);
    const auto map = late.latest()->shardMap;
    QCOMPARE(map->readOnStandby.at(u1).text(), std::string("u1-us-west"));
    const auto *shard = map->find({base::PartitionName("users"), {7}});
    QVERIFY(shard && shard->size.has_value());
    QCOMPARE(shard->writesPerSecond.error().why, facts::WhyUnknown::ServerSilent);
    localfleet::Progress silent;
    QVERIFY(localfleet::heal(*m_ground, {"kill", "u1-us-east"}, silent));
    QTRY_VERIFY_WITH_TIMEOUT(late.latest()->shardMap->readOnStandby.empty(), patience);
}

QTEST_GUILESS_MAIN(LiveEngineTest)
#include "test_live_engine.moc"
