// SPDX-License-Identifier: GPL-3.0-or-later
// Probes of the ways that people use, against scripted routers, stable addresses and pools.
#include "core/observe/Engine.h"
#include "tests/fakes/FakeFleet.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>
#include <atomic>
#include <map>
#include <set>
#include <vector>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::ServingCell;
using facts::ServingOf;
using facts::ServingProof;
using facts::ServingVerdict;
using fakes::Mood;

namespace {

constexpr int patience = 15000;
const base::ClusterName u1("u1");

/// A clock that can be told that the machine slept.
class SleepyClock final : public base::Clock
{
public:
    [[nodiscard]] base::Instant now() const override { return m_clock.now() + base::microseconds(m_slept); }
    [[nodiscard]] base::UtcTime utcNow() const override { return m_clock.utcNow() + base::microseconds(m_slept); }
    void sleep(base::microseconds time) { m_slept += time.count(); }

private:
    base::SystemClock m_clock;
    std::atomic<std::int64_t> m_slept{0};
};

class Served
{
public:
    explicit Served(int clusters = 1)
    {
        for (int i = 1; i <= clusters; ++i)
            servers.addCluster("u" + std::to_string(i), 1);
        servers.addRouter("router");
        servers.addRedisGroup("feeds", 1);
        servers.addPool("cache", 2);
        auto &fleet = servers.declared();
        fleet.redisGroups.front().stableAddress[fleet.ownRegion] = fleet.server(base::ServerId("feeds-a"))->address.own;
        fleet.thresholds.interval = 200ms;
        fleet.thresholds.deadline = 400ms;
        fleet.thresholds.downAfter = 1200ms;
    }

    void start()
    {
        engine = std::make_unique<observe::Engine>(servers.fleet(), observe::Engine::Options{{}, 2, false, {}}, clock);
        QObject::connect(engine.get(), &observe::Engine::snapshotTaken, engine.get(), [this](const facts::SnapshotPtr &snapshot) {
            for (const auto &[id, observation] : snapshot->servers) {
                if (observation->sampledAt)
                    oldest = std::max(oldest, std::chrono::duration_cast<base::microseconds>(snapshot->takenAt - *observation->sampledAt));
            }
            if (snapshot->stall)
                stalls.push_back(snapshot);
        });
        engine->start();
    }

    ServingCell cell(ServingOf of, const char *cluster = "u1") const
    {
        const auto snapshot = engine->latest();
        for (const facts::ServingRow &row : snapshot->serving.rows) {
            if (row.of == of && (row.cluster.isEmpty() || row.cluster.text() == cluster))
                return row.cells.front();
        }
        return {};
    }
    ServingVerdict verdict(ServingOf of, const char *cluster = "u1") const { return cell(of, cluster).verdict; }
    bool allWork() const
    {
        const auto snapshot = engine->latest();
        return std::all_of(snapshot->serving.rows.begin(), snapshot->serving.rows.end(), [](const auto &row) { return row.cells.front().works(); });
    }

    fakes::FakeFleet servers;
    std::shared_ptr<SleepyClock> clock = std::make_shared<SleepyClock>();
    std::unique_ptr<observe::Engine> engine;
    base::microseconds oldest{0};
    std::vector<facts::SnapshotPtr> stalls;
};

} // namespace

class ServingTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void triesEveryWay();
    void tellsWhichWayHangsAndDelaysNobody();
    void tellsWhatARouterSays();
    void seesThatTheWayToWritesLeadsToAStandby();
    void aHangingRouterHoldsUpNoPoll();
    void takesTurnsWhereARouterTakesFewClients();
    void asksEveryClusterThroughEveryRouterEachRound();
    void makesEverythingOldAfterASleep();
};

void ServingTest::triesEveryWay()
{
    Served served;
    served.start();
    QTRY_VERIFY_WITH_TIMEOUT(served.allWork(), patience);
    QCOMPARE(served.cell(ServingOf::Writes).proof, ServingProof::Inferred); // no guard tells of a commit
    QCOMPARE(served.cell(ServingOf::Reads).proof, ServingProof::Answered);
    QVERIFY(served.cell(ServingOf::Reads).took.has_value());
    QCOMPARE(served.cell(ServingOf::Cache).partsWorking, 2U);
    QTRY_VERIFY_WITH_TIMEOUT(served.cell(ServingOf::Reads).usual.has_value(), patience);
}

void ServingTest::tellsWhichWayHangsAndDelaysNobody()
{
    Served served;
    served.start();
    QTRY_VERIFY_WITH_TIMEOUT(served.allWork(), patience);
    {
        auto &router = served.servers.pgbouncer("router");
        const std::lock_guard lock(router.mutex);
        router.holds = {"u1"};
    }
    served.oldest = {};
    QTRY_COMPARE_WITH_TIMEOUT(served.verdict(ServingOf::Writes), ServingVerdict::Late, patience);
    QVERIFY(served.cell(ServingOf::Writes).failingSince);
    QTRY_COMPARE_WITH_TIMEOUT(served.verdict(ServingOf::Writes), ServingVerdict::Refused, patience);
    QVERIFY(served.cell(ServingOf::Reads).works());
    QVERIFY(served.cell(ServingOf::Group).works());
    QVERIFY2(served.oldest < 1500ms, qPrintable(QString("a reading was %1 ms old").arg(served.oldest.count() / 1000)));
    {
        auto &router = served.servers.pgbouncer("router");
        const std::lock_guard lock(router.mutex);
        router.holds.clear();
    }
    QTRY_VERIFY_WITH_TIMEOUT(served.allWork(), patience);
}

void ServingTest::tellsWhatARouterSays()
{
    Served served;
    served.start();
    QTRY_VERIFY_WITH_TIMEOUT(served.allWork(), patience);
    {
        auto &router = served.servers.pgbouncer("router");
        const std::lock_guard lock(router.mutex);
        router.refuses["u1_read"] = "08P01";
    }
    QTRY_COMPARE_WITH_TIMEOUT(served.verdict(ServingOf::Reads), ServingVerdict::Refused, patience);
    QTRY_VERIFY_WITH_TIMEOUT(served.cell(ServingOf::Reads).error.has_value(), patience);
    QVERIFY2(served.cell(ServingOf::Reads).error->message.find("cannot connect") != std::string::npos, served.cell(ServingOf::Reads).error->message.c_str());
    QVERIFY(served.cell(ServingOf::Writes).works());
}

void ServingTest::seesThatTheWayToWritesLeadsToAStandby()
{
    Served served;
    {
        auto &router = served.servers.pgbouncer("router");
        const std::lock_guard lock(router.mutex);
        router.standbys = {"u1"};
    }
    served.start();
    QTRY_COMPARE_WITH_TIMEOUT(served.verdict(ServingOf::Writes), ServingVerdict::Refused, patience);
    QCOMPARE(served.cell(ServingOf::Writes).error->code, base::ErrorCode::WrongServer);
}

void ServingTest::aHangingRouterHoldsUpNoPoll()
{
    Served served;
    served.start();
    QTRY_VERIFY_WITH_TIMEOUT(served.allWork(), patience);
    served.servers.peer("router").setMood(Mood::HangsAtConnect);
    served.servers.peer("router").dropConnections();
    QTRY_COMPARE_WITH_TIMEOUT(served.verdict(ServingOf::Reads), ServingVerdict::Refused, patience);
    const auto answered = served.engine->latest()->observation(base::ServerId("u1-a"))->reach;
    QCOMPARE(answered.state, facts::ReachState::Answering);
    QElapsedTimer timer;
    timer.start();
    served.engine->stop();
    QVERIFY(timer.elapsed() < 1500);
}

void ServingTest::takesTurnsWhereARouterTakesFewClients()
{
    Served served(30); // 60 databases
    served.servers.pgbouncer("router").clients = 96;
    served.start();
    QTRY_VERIFY_WITH_TIMEOUT(served.allWork(), 30000);
    const ServingCell cell = served.cell(ServingOf::Reads, "u30");
    QCOMPARE(cell.every, base::microseconds(600ms)); // 24 of the 60 at once: three rounds of 200 ms
    QVERIFY(!facts::isStale(cell, served.engine->latest()->takenAt, served.engine->latest()->fleet->thresholds));
}

/// 384 ways, one of which hangs.
void ServingTest::asksEveryClusterThroughEveryRouterEachRound()
{
    constexpr int rounds = 10;
    Served served(64);
    auto &fleet = served.servers.declared();
    fleet.thresholds.interval = 500ms;
    fleet.thresholds.deadline = 1000ms;
    fleet.thresholds.downAfter = 3000ms;
    for (const char *region : {"us-west", "eu-west"})
        served.servers.addRouter(std::string("router-") + region, region);
    const std::vector<std::string> routers{"router", "router-us-west", "router-eu-west"};
    for (const std::string &router : routers)
        served.servers.pgbouncer(router).clients = 1000;
    served.start();
    const auto everyRound = [&] {
        const auto snapshot = served.engine->latest();
        return std::all_of(snapshot->serving.rows.begin(), snapshot->serving.rows.end(), [](const facts::ServingRow &row) {
            return std::all_of(row.cells.begin(), row.cells.end(), [](const ServingCell &cell) { return cell.works() && cell.every == 0us; });
        });
    };
    QTRY_VERIFY_WITH_TIMEOUT(everyRound(), 30000);
    {
        auto &router = served.servers.pgbouncer("router-eu-west");
        const std::lock_guard lock(router.mutex);
        router.holds = {"u7"};
    }
    std::map<std::string, std::set<base::Instant>> answers;
    int seen = 0;
    QObject::connect(served.engine.get(), &observe::Engine::snapshotTaken, served.engine.get(), [&](const facts::SnapshotPtr &snapshot) {
        ++seen;
        for (const facts::ServingRow &row : snapshot->serving.rows) {
            for (const ServingCell &cell : row.cells) {
                if ((row.of == ServingOf::Writes || row.of == ServingOf::Reads) && cell.readAt)
                    answers[row.cluster.text() + (row.of == ServingOf::Writes ? " writes " : " reads ") + cell.region.text()].insert(*cell.readAt);
            }
        }
    });
    QTRY_VERIFY_WITH_TIMEOUT(seen >= rounds, 30000);
    QCOMPARE(answers.size(), std::size_t(64 * 2 * 3));
    for (const auto &[way, at] : answers) {
        if (way == "u7 writes eu-west")
            QVERIFY2(at.size() <= 2, "a way that hangs was answered");
        else
            QVERIFY2(at.size() >= std::size_t(rounds - 3), qPrintable(QString("%1 was answered in %2 of %3 rounds").arg(way.c_str()).arg(at.size()).arg(seen)));
    }
    for (const std::string &router : routers)
        QVERIFY2(served.servers.peer(router).connectionsMade() <= 2 * 64 * 2, "connections to the router are not kept");
}

void ServingTest::makesEverythingOldAfterASleep()
{
    Served served;
    served.start();
    QTRY_VERIFY_WITH_TIMEOUT(served.allWork(), patience);
    served.clock->sleep(42min);
    QTRY_VERIFY_WITH_TIMEOUT(!served.stalls.empty(), patience);
    const auto &first = *served.stalls.front();
    QVERIFY(first.stall->to - first.stall->from >= 42min);
    for (const auto &[id, observation] : first.servers)
        QVERIFY2(facts::freshnessOf(*observation, first.takenAt, first.fleet->thresholds) != facts::Freshness::Fresh, id.text().c_str());
    QCOMPARE(first.events->front().kind, facts::EventKind::ConsoleStalled);
    QTRY_VERIFY_WITH_TIMEOUT(!served.engine->latest()->stall, patience); // all was read again
    QVERIFY(facts::countAnswers(*served.engine->latest()).answering == served.engine->latest()->servers.size());
}

QTEST_GUILESS_MAIN(ServingTest)
#include "serving_test.moc"
