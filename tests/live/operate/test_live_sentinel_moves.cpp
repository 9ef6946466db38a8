// SPDX-License-Identifier: GPL-3.0-or-later
// A Redis group under three real Sentinels, moved by the command line while applications write some 2,000 keys a second: assertions are on keys,
// roles, stable addresses, terms, settings, and on what the Sentinels themselves say.
#include "app/localfleet/Files.h"
#include "app/localfleet/Sentinel.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/relay/Relay.h"
#include "core/clients/redis/Sentinel.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/RedisLedger.h"

#include <QJsonArray>
#include <QTest>

#include <cerrno>
#include <csignal>
#include <cstring>

using namespace shardlens;
using live::ActingFleet;
using live::Ran;
using live::RedisLedger;
using live::waitFor;
namespace redis_at = localfleet::redis;

namespace {

constexpr int patience = 30000;
const QStringList anyway{"--force", "recent_move=a test"};

} // namespace

class LiveSentinelMovesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void itIsReadyAndSaysThroughWhom();
    void aSwitchoverLosesNothing();
    void andTheWayHome();
    void cancellingTakesBackWhatWasDone_data();
    void cancellingTakesBackWhatWasDone();
    void aSentinelFailsOverMeanwhile_data();
    void aSentinelFailsOverMeanwhile();
    void aKilledExecutorLeavesNoPause();
    void twoSilentSentinelsBlock();
    void aDeadPrimaryIsFollowed();

private:
    [[nodiscard]] const localfleet::Instance &server(const std::string &id) const { return *m_fleet.ground().server(id); }
    [[nodiscard]] std::string ask(const std::string &id, const std::vector<std::string> &words) const { return redis_at::command(m_fleet.ground(), server(id), words).value_or("error"); }
    [[nodiscard]] std::string info(const std::string &id, const std::string &field) const;
    [[nodiscard]] std::string setting(const std::string &id, const std::string &name) const;
    [[nodiscard]] std::string primaries() const;
    [[nodiscard]] std::string leaderBy(const std::string &sentinel, const std::string &question = "SENTINEL GET-MASTER-ADDR-BY-NAME feeds") const;
    [[nodiscard]] std::string whatIsAmiss(const std::string &primary) const;
    [[nodiscard]] QStringList switching(const std::string &to, QStringList more = {}) const { return QStringList{"switchover", "feeds", "--to", QString::fromStdString(to)} + anyway + more; }
    void verifyWell(const std::string &primary);
    /// After a move Sentinels learn of a replica each ten seconds: until they have, it is no candidate.
    [[nodiscard]] bool becomesCandidate(const std::string &server) const
    {
        return waitFor([&] { return m_fleet.ctl(switching(server, {"--plan"})).exit == 0; }, patience, 500);
    }

    ActingFleet m_fleet;
    const std::vector<std::string> m_members{"feeds-us-east", "feeds-us-west", "feeds-eu-west"};
};

void LiveSentinelMovesTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    shape.sentinel = "feeds";
    const std::string trouble = m_fleet.begin("sentinel-moves", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

void LiveSentinelMovesTest::init()
{
    QVERIFY2(m_fleet.becomesReady("feeds"), m_fleet.ctl({"readiness", "feeds"}).out.constData());
}

std::string LiveSentinelMovesTest::info(const std::string &id, const std::string &field) const
{
    const auto fields = redis_at::info(m_fleet.ground(), server(id), "replication");
    return fields && fields->contains(field) ? fields->at(field) : std::string("unknown");
}

/// CONFIG GET answers a list, of which this client reads no more than a line: INFO tells what it can.
std::string LiveSentinelMovesTest::setting(const std::string &id, const std::string &name) const
{
    const fleet::Endpoint endpoint{"127.0.0.1", m_fleet.ground().ports.of(id)};
    auto session = redis::Session::connect({id, endpoint, {}}, m_fleet.ground().secrets.redis(), base::seconds(2));
    const auto reply = session ? session->command({"CONFIG", "GET", name}, base::seconds(2)) : base::fail(session.error());
    return reply && reply->items.size() == 2 ? reply->items[1].text : std::string("unknown");
}

std::string LiveSentinelMovesTest::primaries() const
{
    std::string out;
    for (const std::string &id : m_members)
        out += info(id, "role") == "master" ? (out.empty() ? "" : " ") + id : std::string();
    return out;
}

/// What that Sentinel answers, as a plan's command is told it.
std::string LiveSentinelMovesTest::leaderBy(const std::string &sentinel, const std::string &question) const
{
    const fleet::Endpoint endpoint{"127.0.0.1", m_fleet.ground().ports.of(sentinel)};
    auto session = redis::Session::connect({sentinel, endpoint, {}}, m_fleet.ground().secrets.redis(), base::seconds(2));
    const auto answer = session ? redis::askSentinel(*session, question, base::seconds(2)) : base::fail(session.error());
    return answer ? *answer : answer.error().message;
}

/// One primary that takes writes, by our eyes and by every Sentinel's; the others follow it; every stable address leads there; nothing of a move is left.
std::string LiveSentinelMovesTest::whatIsAmiss(const std::string &primary) const
{
    std::string out;
    if (primaries() != primary)
        out += "primaries are " + primaries() + "; ";
    const std::string port = std::to_string(m_fleet.ground().ports.of(primary));
    for (const std::string &id : m_members) {
        if (setting(id, "min-replicas-to-write") != "0")
            out += id + " asks for " + setting(id, "min-replicas-to-write") + " replicas; ";
        if (setting(id, "replica-priority") != "100")
            out += id + " has the priority " + setting(id, "replica-priority") + "; ";
        if (id == primary)
            continue;
        if (info(id, "master_link_status") != "up" || info(id, "master_port") != port)
            out += id + " follows " + info(id, "master_port") + ", link " + info(id, "master_link_status") + "; ";
        if (ask(id, {"GET", "shardlens:term"}) != ask(primary, {"GET", "shardlens:term"}))
            out += id + " has another term; ";
    }
    for (const std::string &sentinel : localfleet::sentinel::names()) {
        const std::string told = leaderBy(sentinel, "SENTINEL MASTER feeds");
        if (!told.starts_with("leader:127.0.0.1:" + port + "\nfailing_over:no\n"))
            out += sentinel + " says " + told.substr(0, 60) + "; ";
    }
    const auto told = localfleet::askRelay(m_fleet.ground().home.relaySocket(), "status");
    for (const std::string &line : localfleet::split(told.value_or(std::string()), '\n')) {
        if (line.find("feeds@") != std::string::npos && !line.starts_with("open") && line.find(" " + primary) == std::string::npos)
            out += line + "; ";
    }
    return out;
}

void LiveSentinelMovesTest::verifyWell(const std::string &primary)
{
    QVERIFY2(waitFor([&] { return whatIsAmiss(primary).empty(); }, patience, 200), whatIsAmiss(primary).c_str());
}

void LiveSentinelMovesTest::itIsReadyAndSaysThroughWhom()
{
    const QJsonObject told = m_fleet.json({"switchover", "feeds", "--plan", "--json"});
    QStringList kinds;
    for (const auto &step : told.value("steps").toArray())
        kinds << step.toObject().value("step").toString();
    QVERIFY2(kinds.contains("manager_switches") && !kinds.contains("promote") && !kinds.contains("follow"), qPrintable(kinds.join(' ')));
    QStringList checks;
    for (const auto &check : told.value("checks").toArray())
        checks << check.toObject().value("id").toString() + "=" + check.toObject().value("verdict").toString();
    for (const char *check : {"foreign_manager=passed", "manager_answers=passed", "manager_agrees=passed", "manager_calm=passed", "manager_allows=passed"})
        QVERIFY2(checks.contains(QLatin1String(check)), qPrintable(checks.join(' ')));
    verifyWell("feeds-us-east"); // planning moved nothing
}

void LiveSentinelMovesTest::aSwitchoverLosesNothing()
{
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    QTest::qWait(1000);
    const std::size_t inASecond = ledger.count();
    const std::string term = ask("feeds-us-east", {"GET", "shardlens:term"});
    const Ran ran = m_fleet.ctl(switching("feeds-us-west"));
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    const std::size_t after = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > after + 500; }, patience));
    verifyWell("feeds-us-west");
    QTest::qWait(12000); // so long as a Sentinel may take to make somebody a replica again
    ledger.stop();
    qInfo("%zu writes in the first second, %zu in all, %d failed; longest gap %.1f ms\n%s", inASecond, ledger.count(), ledger.tale().failed, ledger.longestGapMs(inASecond), ran.out.constData());
    verifyWell("feeds-us-west");
    QCOMPARE(QString::fromStdString(ledger.missingOn("feeds-us-west")), QStringLiteral("0"));
    QCOMPARE(std::stol(ask("feeds-us-west", {"GET", "shardlens:term"})), std::stol(term) + 1);
    QVERIFY(inASecond > 1000);
}

void LiveSentinelMovesTest::andTheWayHome()
{
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QJsonObject told = m_fleet.json(QStringList{"switchover", "feeds", "--json"} + anyway);
    QCOMPARE(told.value("outcome").toString(), QStringLiteral("done"));
    QCOMPARE(told.value("to").toString(), QStringLiteral("feeds-us-east")); // the home region ranks first
    const std::size_t after = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > after + 100; }, patience));
    ledger.stop();
    qInfo("writes held: %.0f ms", told.value("writes_held_ms").toDouble());
    verifyWell("feeds-us-east");
    QCOMPARE(QString::fromStdString(ledger.missingOn("feeds-us-east")), QStringLiteral("0"));
}

void LiveSentinelMovesTest::cancellingTakesBackWhatWasDone_data()
{
    QTest::addColumn<QString>("step");
    for (const char *step : {"prefer_candidate", "pause_writes"})
        QTest::newRow(step) << step;
}

/// Wherever it is stopped, priorities, pause and refusal are as before; past its point of no return it goes on.
void LiveSentinelMovesTest::cancellingTakesBackWhatWasDone()
{
    QFETCH(const QString, step);
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-eu-west" : "feeds-us-west";
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QString before = m_fleet.newestJournal();
    QVERIFY(becomesCandidate(to));
    const auto operation = m_fleet.ctlHeldAt(step, switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError() + ActingFleet::read(m_fleet.newestJournal())).constData());
    QVERIFY2(ActingFleet::signal(underWay->executor, SIGINT), std::strerror(errno));
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(patience));
    const std::size_t then = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > then + 100; }, patience));
    ledger.stop();
    const bool hasMoved = operation->exitCode() == 0;
    QVERIFY2(operation->exitCode() == 3 || (hasMoved && step != QLatin1String("prefer_candidate")), (operation->readAll() + ActingFleet::read(underWay->journal)).constData());
    verifyWell(hasMoved ? to : from);
    QCOMPARE(QString::fromStdString(ledger.missingOn(hasMoved ? to : from)), QStringLiteral("0"));
}

void LiveSentinelMovesTest::aSentinelFailsOverMeanwhile_data()
{
    QTest::addColumn<QString>("step"); // somebody lets a Sentinel fail over when this one is begun
    for (const char *step : {"prefer_candidate", "prove_catch_up", "pause_writes", "refuse_writes"})
        QTest::newRow(step) << step;
}

/// Ours stops, or ends where that one led; never are there two that take writes, and what it led to is followed.
void LiveSentinelMovesTest::aSentinelFailsOverMeanwhile()
{
    QFETCH(const QString, step);
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-eu-west" : "feeds-us-west";
    const QString before = m_fleet.newestJournal();
    QVERIFY(becomesCandidate(to));
    const auto operation = m_fleet.ctlHeldAt(step, switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError() + ActingFleet::read(m_fleet.newestJournal())).constData());
    const std::string said = leaderBy("sentinel-3", "SENTINEL FAILOVER feeds");
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(90000));
    const QByteArray told = operation->readAll() + operation->readAllStandardError();
    qInfo("the Sentinel said %s; exit %d\n%s", said.c_str(), operation->exitCode(), told.constData());
    QVERIFY2(waitFor([&] { return primaries().find(' ') == std::string::npos && !primaries().empty(); }, patience, 100), (told + primaries().c_str()).constData());
    QVERIFY(waitFor([&] { return leaderBy("sentinel-1", "SENTINEL MASTER feeds").find("failing_over:no") != std::string::npos; }, 60000, 200));
    if (operation->exitCode() != 0) {
        if (m_fleet.json({"readiness", "feeds", "--json"}).value("act").toString() == QLatin1String("failover") ||
            waitFor([&] { return m_fleet.json({"readiness", "feeds", "--json"}).value("act").toString() == QLatin1String("failover"); }, 10000, 500)) {
            const Ran followed = m_fleet.ctl(QStringList{"failover", "feeds"}, 120000);
            QVERIFY2(followed.exit == 0, (told + followed.out + followed.err).constData());
        }
    }
    verifyWell(primaries());
}

void LiveSentinelMovesTest::aKilledExecutorLeavesNoPause()
{
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-us-east" : "feeds-us-west";
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QString before = m_fleet.newestJournal();
    QVERIFY(becomesCandidate(to));
    const auto operation = m_fleet.ctlHeldAt("manager_switches", switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError() + ActingFleet::read(m_fleet.newestJournal())).constData());
    QVERIFY2(ActingFleet::signal(underWay->executor, SIGKILL), std::strerror(errno));
    QVERIFY(operation->waitForFinished(patience));
    const std::size_t atKill = ledger.count();
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(waitFor([&] { return ledger.count() > atKill + 50; }, patience), "writes do not flow again");
    qInfo("writes flowed again %lld ms after the kill, exit %d", timer.elapsed(), operation->exitCode());
    QTest::qWait(5000); // the guards have ended it by then
    ledger.stop();
    const Ran ended = m_fleet.ctl({"operations", "resume", underWay->id()}, 120000);
    QVERIFY2(ended.exit == 0 || ended.exit == 4 || ended.exit == 1, (ended.out + ended.err).constData());
    verifyWell(primaries());
    QCOMPARE(QString::fromStdString(ledger.missingOn(primaries())), QStringLiteral("0"));
}

void LiveSentinelMovesTest::twoSilentSentinelsBlock()
{
    const auto &home = m_fleet.ground().home;
    std::vector<localfleet::ProcessId> frozen;
    for (const std::string sentinel : {"sentinel-1", "sentinel-2"}) {
        const auto process = localfleet::recorded(home.pidFile(sentinel));
        QVERIFY(process);
        frozen.push_back(*process);
        QVERIFY(::kill(process->pid, SIGSTOP) == 0);
    }
    QString seen;
    const bool isTold = waitFor([&] {
        const QJsonObject readiness = m_fleet.json({"readiness", "feeds", "--json"});
        seen = QString::fromUtf8(m_fleet.ctl({"readiness", "feeds"}).out);
        return readiness.value("readiness").toString() == QLatin1String("not_ready");
    }, patience, 200);
    const QString group = QString::fromUtf8(m_fleet.ctl({"redis"}).out);
    for (const auto &process : frozen)
        ::kill(process.pid, SIGCONT);
    QVERIFY2(isTold && seen.contains(QStringLiteral("manager")), qPrintable(seen));
    QVERIFY2(group.contains(QStringLiteral("1 of 3")), qPrintable(group));
}

void LiveSentinelMovesTest::aDeadPrimaryIsFollowed()
{
    const std::string old = primaries();
    const long before = std::stol(ask(old, {"GET", "shardlens:term"}));
    RedisLedger ledger(m_fleet.ground(), "feeds", 3, base::microseconds(3500));
    ledger.start();
    QTest::qWait(500);
    ledger.stop(); // what was acknowledged by now has reached the replicas
    QTest::qWait(500);
    QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", old)), QString());
    QVERIFY2(waitFor([&] { return !primaries().empty() && primaries() != old; }, 60000, 200), primaries().c_str());
    const std::string next = primaries();
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "feeds", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 200));
    const Ran ran = m_fleet.ctl({"failover", "feeds"}, 120000);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err + m_fleet.ctl({"failover", "feeds", "--plan"}).out).constData());
    qInfo("%s", ran.out.constData());
    QCOMPARE(std::stol(ask(next, {"GET", "shardlens:term"})), before + 1);
    RedisLedger again(m_fleet.ground(), "feeds", 3, base::microseconds(3500));
    again.start();
    QVERIFY(waitFor([&] { return again.count() > 200; }, patience));
    again.stop();
    // It comes back as the Sentinels' own business, and as a replica.
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", old)), QString());
    verifyWell(next);
    QCOMPARE(QString::fromStdString(ledger.missingOn(next)), QStringLiteral("0"));
    QCOMPARE(QString::fromStdString(again.missingOn(old)), QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(LiveSentinelMovesTest)
#include "test_live_sentinel_moves.moc"
