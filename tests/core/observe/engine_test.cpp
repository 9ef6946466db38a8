// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/Engine.h"
#include "core/observe/Lane.h"
#include "core/observe/Settled.h"
#include "tests/fakes/FakeFleet.h"

#include <QSignalSpy>
#include <QTest>

#include <random>
#include <set>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::ReachState;
using fakes::Mood;

namespace {

constexpr int patience = 12000; // ms: of conditions that take tenths of a second on a quiet machine

/// An engine over scripted servers that are asked five times a second, so that a test lasts seconds.
class Observed
{
public:
    Observed()
    {
        servers.addCluster("u1", 2);
        servers.addRouter("router");
        servers.addRedisGroup("feeds", 1);
        servers.addRedisGroup("map", 0, fleet::RedisRole::MediaMap);
        servers.addPool("cache", 2);
        auto &thresholds = servers.declared().thresholds;
        thresholds.interval = 200ms;
        thresholds.deadline = 200ms;
        thresholds.downAfter = 600ms;
    }

    void start(bool hurries = false)
    {
        engine = std::make_unique<observe::Engine>(servers.fleet(), observe::Engine::Options{{}, 2, false, {}, hurries}, std::make_shared<base::SystemClock>());
        QObject::connect(engine.get(), &observe::Engine::snapshotTaken, engine.get(), [this](const facts::SnapshotPtr &snapshot) { taken(*snapshot); });
        engine->start();
    }

    const facts::Observation &of(const char *server) const { return *engine->latest()->observation(base::ServerId(server)); }
    ReachState state(const char *server) const { return of(server).reach.state; }
    bool allAnswer() const { return countAnswers(*engine->latest()).answering == servers_count(); }
    std::uint32_t servers_count() const { return static_cast<std::uint32_t>(engine->latest()->servers.size()); }

    /// The longest that any server but `server` went without an answer, in the snapshots since watchOthers().
    void watchOthers(const char *server)
    {
        watched = base::ServerId(server);
        oldest = {};
        wasLate = false;
    }

    fakes::FakeFleet servers;
    std::unique_ptr<observe::Engine> engine;
    base::ServerId watched;
    base::microseconds oldest{0};
    bool wasLate = false; ///< the watched one, in a snapshot since then

private:
    void taken(const facts::Snapshot &snapshot)
    {
        for (const auto &[id, observation] : snapshot.servers) {
            if (id == watched)
                wasLate = wasLate || observation->reach.state == ReachState::Late;
            else if (observation->sampledAt)
                oldest = std::max(oldest, std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *observation->sampledAt));
        }
    }
};

} // namespace

class EngineTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void asksEveryServerAndFillsItsSample();
    void whoHurriesHasAllWithoutWaitingForATick();
    void whatIsAskedAfterAnInstantIsToldFromWhatWasOnItsWay();
    void isAskingBeforeTheFirstAnswer();
    void knowsFromAnEarlierRunWhatIsUsual();
    void callsAServerLateThenDown_data();
    void callsAServerLateThenDown();
    void neverLetsOneServerDelayAnother_data();
    void neverLetsOneServerDelayAnother();
    void showsARefusingServerDownAtOnceAndUpAgain();
    void keepsWhatWasSeenOfASilentServer();
    void reconnectsWithoutAWordAfterALostConnection();
    void tellsAnotherServerBehindAnAddress();
    void resetsRatesWhenAPrimaryBecomesAStandby();
    void backsOff();
    void backsOffOutOfStep();
    void givesWhatHangsMoreTimeBeforeItBeginsAnew();
    void aRoutersLatencyIsThatOfOneQuestion();
    void stopsWithinASecondWhileServersHang();
};

void EngineTest::asksEveryServerAndFillsItsSample()
{
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    const auto *primary = observed.of("u1-a").postgres();
    QVERIFY(primary && !primary->inRecovery);
    QCOMPARE(primary->systemIdentifier, 7000000000000000001ULL);
    QCOMPARE(primary->timeline.value(), 1);
    QCOMPARE(primary->senders.size(), std::size_t(1));
    QVERIFY(observed.of("u1-b").postgres()->inRecovery);
    QCOMPARE(observed.of("router").router()->databases.front().name, std::string("u1"));
    QVERIFY(observed.of("feeds-a").redis()->isPrimary);
    QVERIFY(observed.of("feeds-b").redis()->link->up);
    QCOMPARE(observed.of("cache-1").memcached()->processId, std::int64_t(4711));
    const auto snapshot = observed.engine->latest();
    QCOMPARE(snapshot->cluster(base::ClusterName("u1"))->primary.value().text(), std::string("u1-a"));
    QTRY_VERIFY_WITH_TIMEOUT(observed.of("u1-a").postgres()->settings.has_value(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(observed.of("map-a").redis()->mediaMapEncoding.has_value(), patience);
    QCOMPARE(observed.of("map-a").redis()->mediaMapEncoding->encoding, std::string("listpack"));
    QTRY_VERIFY_WITH_TIMEOUT(observed.of("u1-a").postgresRates() && observed.of("u1-a").postgresRates()->commitsPerSecond.has_value(), patience);
}

/// What is read between two rounds is there with the second, which would be an hour later.
void EngineTest::whoHurriesHasAllWithoutWaitingForATick()
{
    Observed observed;
    observed.servers.declared().thresholds.interval = 1h;
    observed.start(true);
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(observed.of("u1-a").postgres()->settings.has_value(), patience);
}

/// An answer that comes after an instant may be one to a question from before it.
void EngineTest::whatIsAskedAfterAnInstantIsToldFromWhatWasOnItsWay()
{
    Observed observed;
    observed.servers.declared().thresholds.deadline = 5s;
    observed.servers.declared().thresholds.downAfter = 10s;
    observed.servers.peer("u1-a").setDelay(150ms);
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    for (int i = 0; i < 5; ++i) {
        const auto then = std::chrono::steady_clock::now();
        QVERIFY(!observe::isAskedSince(*observed.engine->latest(), then));
        QTRY_VERIFY_WITH_TIMEOUT(observe::isAskedSince(*observed.engine->latest(), then), patience);
        QVERIFY(*observed.of("u1-a").sampledAt >= then + 150ms);
    }
    observed.servers.peer("u1-b").setMood(Mood::Refuses);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state("u1-b"), ReachState::Down, patience);
    const auto then = std::chrono::steady_clock::now();
    QTRY_VERIFY_WITH_TIMEOUT(observe::isAskedSince(*observed.engine->latest(), then), patience); // who does not answer is not waited for
    QCOMPARE(observed.state("u1-b"), ReachState::Down);
}

void EngineTest::knowsFromAnEarlierRunWhatIsUsual()
{
    Observed observed;
    observed.start();
    observed.engine->restoreUsualLatency(base::ServerId("u1-b"), 7ms);
    QTRY_VERIFY_WITH_TIMEOUT(observed.of("u1-b").reach.usualLatency == base::microseconds(7ms), patience);
    QVERIFY(observed.of("u1-a").reach.usualLatency != base::microseconds(7ms));
}

void EngineTest::isAskingBeforeTheFirstAnswer()
{
    Observed observed;
    observed.servers.peer("u1-b").setMood(Mood::HangsAtConnect);
    observed.servers.declared().thresholds.deadline = 60s;
    observed.servers.declared().thresholds.downAfter = 90s;
    const observe::Engine idle(observed.servers.fleet(), {}, std::make_shared<base::SystemClock>());
    QVERIFY(idle.latest());
    QCOMPARE(idle.latest()->servers.size(), std::size_t(9));
    for (const auto &[id, observation] : idle.latest()->servers)
        QCOMPARE(observation->reach.state, ReachState::Asking);
    observed.start();
    QTRY_COMPARE_WITH_TIMEOUT(countAnswers(*observed.engine->latest()).answering, 8U, patience);
    QCOMPARE(observed.state("u1-b"), ReachState::Asking);
}

void EngineTest::callsAServerLateThenDown_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<Mood>("mood");
    for (const char *server : {"u1-a", "u1-b", "router", "feeds-a", "cache-1"}) {
        QTest::newRow(qPrintable(QString("%1 hangs like a frozen server").arg(server))) << server << Mood::HangsAtConnect;
        QTest::newRow(qPrintable(QString("%1 greets but never answers").arg(server))) << server << Mood::HangsAtQuery;
        QTest::newRow(qPrintable(QString("%1 closes in the middle of an answer").arg(server))) << server << Mood::ClosesMidAnswer;
        QTest::newRow(qPrintable(QString("%1 answers with garbage").arg(server))) << server << Mood::TalksGarbage;
    }
}

void EngineTest::callsAServerLateThenDown()
{
    QFETCH(QString, server);
    QFETCH(Mood, mood);
    const QByteArray name = server.toUtf8();
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    observed.watchOthers(name.constData());
    observed.servers.peer(name.toStdString()).setMood(mood);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state(name.constData()), ReachState::Down, patience);
    QVERIFY(observed.wasLate);
    QVERIFY(observed.of(name.constData()).reach.silentSince.has_value());
    const auto &reach = observed.of(name.constData()).reach;
    QVERIFY(reach.lastError.has_value());
    QCOMPARE(reach.lastError->server, name.toStdString());
    QVERIFY(reach.failuresInARow > 0);
    observed.servers.peer(name.toStdString()).setMood(Mood::Answers);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state(name.constData()), ReachState::Answering, patience);
    QVERIFY(!observed.of(name.constData()).reach.lastError.has_value());
    QVERIFY(!observed.of(name.constData()).reach.silentSince.has_value());
}

void EngineTest::neverLetsOneServerDelayAnother_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<Mood>("mood");
    QTest::newRow("a frozen primary") << "u1-a" << Mood::HangsAtConnect;
    QTest::newRow("a router that greets and hangs") << "router" << Mood::HangsAtQuery;
    QTest::newRow("a redis that closes in the middle") << "feeds-a" << Mood::ClosesMidAnswer;
    QTest::newRow("a memcached that refuses") << "cache-1" << Mood::Refuses;
}

void EngineTest::neverLetsOneServerDelayAnother()
{
    QFETCH(QString, server);
    QFETCH(Mood, mood);
    const QByteArray name = server.toUtf8();
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    observed.watchOthers(name.constData());
    observed.servers.peer(name.toStdString()).setMood(mood);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state(name.constData()), ReachState::Down, patience);
    const auto until = observed.engine->latest()->tick + 10;
    QTRY_VERIFY_WITH_TIMEOUT(observed.engine->latest()->tick >= until, patience);
    // At most one interval and the fifths of it that a snapshot may wait, with room for a busy machine.
    QVERIFY2(observed.oldest < 900ms, qPrintable(QString("another server's reading was %1 ms old").arg(observed.oldest.count() / 1000)));
}

void EngineTest::showsARefusingServerDownAtOnceAndUpAgain()
{
    Observed observed;
    observed.servers.declared().thresholds.downAfter = 60s;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    observed.servers.peer("u1-c").setMood(Mood::Refuses);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state("u1-c"), ReachState::Down, patience);
    QCOMPARE(observed.of("u1-c").reach.lastError->code, base::ErrorCode::Refused);
    observed.servers.peer("u1-c").setMood(Mood::Answers);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state("u1-c"), ReachState::Answering, patience);
}

void EngineTest::keepsWhatWasSeenOfASilentServer()
{
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    observed.servers.peer("u1-a").setMood(Mood::HangsAtConnect);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state("u1-a"), ReachState::Down, patience);
    const auto seen = observed.of("u1-a");
    QVERIFY(seen.postgres());
    const auto tick = observed.engine->latest()->tick;
    QTRY_VERIFY_WITH_TIMEOUT(observed.engine->latest()->tick > tick + 3, patience);
    QCOMPARE(observed.of("u1-a").sampledAt.value().time_since_epoch().count(), seen.sampledAt.value().time_since_epoch().count());
    QVERIFY(observed.of("u1-a").sample == seen.sample);
}

void EngineTest::reconnectsWithoutAWordAfterALostConnection()
{
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    const int before = observed.servers.peer("cache-1").connectionsMade();
    observed.servers.peer("cache-1").dropConnections();
    QTRY_VERIFY_WITH_TIMEOUT(observed.servers.peer("cache-1").connectionsMade() > before, patience);
    const auto answered = observed.of("cache-1").reach.lastAnswer;
    QTRY_VERIFY_WITH_TIMEOUT(observed.of("cache-1").reach.lastAnswer > answered, patience);
    QCOMPARE(observed.state("cache-1"), ReachState::Answering);
}

void EngineTest::tellsAnotherServerBehindAnAddress()
{
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    {
        auto &script = observed.servers.postgres("u1-b");
        const std::lock_guard lock(script.mutex);
        script.systemIdentifier = 42;
        script.standby = false;
    }
    QTRY_COMPARE_WITH_TIMEOUT(observed.of("u1-b").postgres()->systemIdentifier, 42ULL, patience);
    QCOMPARE(observed.state("u1-b"), ReachState::Answering);
    QCOMPARE(observed.of("u1-a").postgres()->systemIdentifier, 7000000000000000001ULL);
    QTRY_VERIFY_WITH_TIMEOUT(!observed.engine->latest()->problems.empty(), patience);
    const auto &problems = observed.engine->latest()->problems;
    QVERIFY(std::any_of(problems.begin(), problems.end(), [](const facts::Problem &one) { return one.rule == facts::Rule::WrongServer; }));
}

void EngineTest::resetsRatesWhenAPrimaryBecomesAStandby()
{
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer() && observed.of("u1-a").postgresRates()
                                 && observed.of("u1-a").postgresRates()->commitsPerSecond.has_value(), patience);
    bool reset = false;
    QObject::connect(observed.engine.get(), &observe::Engine::snapshotTaken, observed.engine.get(), [&](const facts::SnapshotPtr &snapshot) {
        const auto *seen = snapshot->observation(base::ServerId("u1-a"));
        if (seen->postgres()->inRecovery && !seen->postgresRates()->commitsPerSecond)
            reset = reset || seen->postgresRates()->commitsPerSecond.error().why == facts::WhyUnknown::Reset;
    });
    {
        auto &script = observed.servers.postgres("u1-a");
        const std::lock_guard lock(script.mutex);
        script.standby = true;
    }
    QTRY_VERIFY_WITH_TIMEOUT(reset, patience);
}

/// A router is asked three questions one after the other. What is told, and what a move reckons with, is one way there and back.
void EngineTest::aRoutersLatencyIsThatOfOneQuestion()
{
    Observed observed;
    observed.servers.declared().thresholds.deadline = 2s;
    observed.servers.declared().thresholds.downAfter = 5s;
    observed.servers.peer("router").setDelay(150ms);
    observed.start();
    const auto latency = [&] { return observed.of("router").reach.latency.value_or(0us); };
    QTRY_VERIFY_WITH_TIMEOUT(latency() > 0us, patience);
    QVERIFY2(latency() >= 150ms && latency() < 300ms, std::to_string(latency().count()).c_str());
}

void EngineTest::backsOffOutOfStep()
{
    const auto within = [](base::microseconds pause, base::microseconds middle) { return pause >= middle * 3 / 4 && pause <= middle * 5 / 4; };
    std::set<base::microseconds> second;
    for (std::uint32_t seed = 1; seed <= 20; ++seed) {
        std::minstd_rand random(seed);
        QVERIFY(within(observe::pauseAfter(1, random), 200ms));
        second.insert(observe::pauseAfter(2, random));
        QVERIFY(within(*second.begin(), 400ms) && within(*second.rbegin(), 400ms));
        QVERIFY(within(observe::pauseAfter(3, random), 800ms));
        QVERIFY(within(observe::pauseAfter(40, random), 2500ms));
    }
    QVERIFY2(second.size() > 10, "lanes of other seeds wait for other times");
}

void EngineTest::backsOff()
{
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    // It accepts and closes at the first word, so every attempt counts; each is later than the one before.
    auto &peer = observed.servers.peer("cache-2");
    peer.setMood(Mood::ClosesMidAnswer);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state("cache-2"), ReachState::Down, patience);
    const auto began = std::chrono::steady_clock::now();
    const int before = peer.connectionsMade();
    QTRY_VERIFY_WITH_TIMEOUT(std::chrono::steady_clock::now() - began > 2500ms, patience);
    const int made = peer.connectionsMade() - before;
    QVERIFY2(made >= 1 && made <= 12, // its polls and its probes, each on its own
             qPrintable(QString("%1 attempts in 2.5 s").arg(made)));
}

/// Each attempt that is given up too early costs a machine that has too much to do one login more.
void EngineTest::givesWhatHangsMoreTimeBeforeItBeginsAnew()
{
    Observed observed;
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.allAnswer(), patience);
    auto &peer = observed.servers.peer("cache-2");
    peer.setMood(Mood::HangsAtConnect);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state("cache-2"), ReachState::Down, patience);
    const auto began = std::chrono::steady_clock::now();
    const int before = peer.connectionsMade();
    QTRY_VERIFY_WITH_TIMEOUT(std::chrono::steady_clock::now() - began > 5400ms, patience); // nine times what a server may be silent
    const int made = peer.connectionsMade() - before;
    QVERIFY2(made >= 2 && made <= 9, // its polls and its probes, each on its own
             qPrintable(QString("%1 attempts in 5.4 s").arg(made)));
    peer.setMood(Mood::Answers);
    QTRY_COMPARE_WITH_TIMEOUT(observed.state("cache-2"), ReachState::Answering, patience);
}

void EngineTest::stopsWithinASecondWhileServersHang()
{
    Observed observed;
    for (const char *server : {"u1-a", "u1-b", "router", "feeds-a", "cache-1"})
        observed.servers.peer(server).setMood(Mood::HangsAtConnect);
    observed.start();
    QTRY_VERIFY_WITH_TIMEOUT(observed.state("u1-a") == ReachState::Down, patience);
    const auto began = std::chrono::steady_clock::now();
    observed.engine->stop();
    QVERIFY(std::chrono::steady_clock::now() - began < 1s);
}

QTEST_GUILESS_MAIN(EngineTest)
#include "engine_test.moc"
