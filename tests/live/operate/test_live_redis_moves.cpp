// SPDX-License-Identifier: GPL-3.0-or-later
// Moves of a Redis group's primary, carried out on real servers by the command line, while applications write through the stable
// addresses and keep what was acknowledged: assertions are on keys, roles, addresses and settings.
#include "app/localfleet/Files.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/relay/Relay.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/RedisLedger.h"

#include <QTest>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <filesystem>

using namespace shardlens;
using live::ActingFleet;
using live::Ran;
using live::RedisLedger;
using live::waitFor;
namespace redis_at = localfleet::redis;

namespace {

constexpr int patience = 20000;
const QStringList anyway{"--force", "recent_move=a test", "--force", "expected_pause=a test"};

} // namespace

class LiveRedisMovesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void aPlanTouchesNothing();
    void aSwitchoverLosesNothing();
    void andTheWayHome();
    void twoOperatorsAtOnce();
    void cancellingTakesBackWhatWasDone();
    void anotherReplicaIsKilledMeanwhile();
    void theCandidateIsKilledMeanwhile();
    void aCandidateThatDoesNotCatchUp();
    void aKilledExecutorLeavesNoPause_data();
    void aKilledExecutorLeavesNoPause();
    void thePrimaryFreezesInThePause();
    void aFrozenPrimaryIsReplacedAndDemotedOnceThawed();
    void aDeadPrimaryThatComesBackEmptyIsNotFollowed();

private:
    [[nodiscard]] const localfleet::Instance &server(const std::string &id) const { return *m_fleet.ground().server(id); }
    [[nodiscard]] std::string ask(const std::string &id, const std::vector<std::string> &words) const { return redis_at::command(m_fleet.ground(), server(id), words).value_or("error"); }
    [[nodiscard]] std::string info(const std::string &id, const std::string &field) const;
    [[nodiscard]] std::string primaries() const;
    [[nodiscard]] std::string whatIsAmiss(const std::string &primary) const;
    void verifyWell(const std::string &primary);
    void slowDown(bool isSlow) const;
    [[nodiscard]] QStringList switching(const std::string &to, QStringList more = {}) const { return QStringList{"switchover", "feeds", "--to", QString::fromStdString(to)} + anyway + more; }

    ActingFleet m_fleet;
    const std::vector<std::string> m_members{"feeds-us-east", "feeds-us-west", "feeds-eu-west"};
    const std::vector<std::string> m_regions{"us-east", "us-west", "eu-west"};
};

void LiveRedisMovesTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("redis-moves", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

void LiveRedisMovesTest::init()
{
    slowDown(false);
    QVERIFY2(m_fleet.becomesReady("feeds"), (m_fleet.ctl({"readiness", "feeds"}).out).constData());
}

std::string LiveRedisMovesTest::info(const std::string &id, const std::string &field) const
{
    const auto fields = redis_at::info(m_fleet.ground(), server(id), "replication");
    return fields && fields->contains(field) ? fields->at(field) : std::string("unknown");
}

std::string LiveRedisMovesTest::primaries() const
{
    std::string out;
    for (const std::string &id : m_members)
        out += info(id, "role") == "master" ? (out.empty() ? "" : " ") + id : std::string();
    return out;
}

/// One primary that takes writes, all others follow it themselves, every stable address leads there, nothing of a move is left.
std::string LiveRedisMovesTest::whatIsAmiss(const std::string &primary) const
{
    std::string out;
    if (primaries() != primary)
        out += "primaries are " + primaries() + "; ";
    for (const std::string &id : m_members) {
        const std::string setting = ask(id, {"CONFIG", "GET", "min-replicas-to-write"});
        if (setting.find("1000000") != std::string::npos)
            out += id + " refuses writes; ";
        if (id == primary)
            continue;
        const std::string port = std::to_string(m_fleet.ground().portFrom(server(id).region, server(primary)));
        if (info(id, "master_link_status") != "up" || info(id, "master_port") != port)
            out += id + " follows " + info(id, "master_port") + ", link " + info(id, "master_link_status") + "; ";
        if (ask(id, {"GET", "shardlens:term"}) != ask(primary, {"GET", "shardlens:term"}))
            out += id + " has another term; ";
    }
    for (const std::string &region : m_regions) {
        const auto told = localfleet::askRelay(m_fleet.ground().home.relaySocket(), "status");
        const std::string wanted = "feeds@" + region + " ";
        for (const std::string &line : localfleet::split(told.value_or(std::string()), '\n')) {
            if (line.find(wanted) != std::string::npos && !line.starts_with("open") && line.find(" " + primary) == std::string::npos)
                out += line + "; ";
        }
    }
    return out;
}

void LiveRedisMovesTest::verifyWell(const std::string &primary)
{
    QVERIFY2(waitFor([&] { return whatIsAmiss(primary).empty(); }, patience, 100), whatIsAmiss(primary).c_str());
}

/// So that each step takes long enough for something to happen in it.
void LiveRedisMovesTest::slowDown(bool isSlow) const
{
    m_fleet.slowLinks(base::milliseconds(isSlow ? 60 : 0));
}

void LiveRedisMovesTest::aPlanTouchesNothing()
{
    const std::string before = info("feeds-us-east", "master_repl_offset");
    const Ran ran = m_fleet.ctl({"switchover", "feeds", "--plan"});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    QVERIFY2(ran.out.contains("CLIENT PAUSE"), ran.out.constData());
    QCOMPARE(QString::fromStdString(primaries()), QStringLiteral("feeds-us-east"));
    verifyWell("feeds-us-east");
}

void LiveRedisMovesTest::aSwitchoverLosesNothing()
{
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    QTest::qWait(1000);
    const std::size_t inASecond = ledger.count();
    const Ran ran = m_fleet.ctl(switching("feeds-us-west"));
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    const std::size_t after = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > after + 500; }, patience));
    ledger.stop();
    qInfo("%zu writes in the first second, %d failed; longest gap %.1f ms\n%s", inASecond, ledger.tale().failed, ledger.longestGapMs(inASecond), ran.out.constData());
    verifyWell("feeds-us-west");
    QCOMPARE(QString::fromStdString(ledger.missingOn("feeds-us-west")), QStringLiteral("0"));
    QCOMPARE(QString::fromStdString(ask("feeds-us-east", {"GET", "shardlens:term"})), QStringLiteral("2"));
    QVERIFY(ledger.longestGapMs(inASecond) < 1000);
}

void LiveRedisMovesTest::andTheWayHome()
{
    const QJsonObject told = m_fleet.json(QStringList{"switchover", "feeds", "--json"} + anyway);
    QCOMPARE(told.value("outcome").toString(), QStringLiteral("done"));
    QCOMPARE(told.value("group").toString(), QStringLiteral("feeds"));
    QCOMPARE(told.value("to").toString(), QStringLiteral("feeds-us-east")); // the home region ranks first
    verifyWell("feeds-us-east");
}

void LiveRedisMovesTest::twoOperatorsAtOnce()
{
    const auto first = m_fleet.ctlBeside(switching("feeds-us-west", {"--json"}));
    const auto second = m_fleet.ctlBeside(switching("feeds-eu-west", {"--json"}));
    QVERIFY(first->waitForFinished(patience) && second->waitForFinished(patience));
    const QByteArray told = first->readAllStandardOutput() + first->readAllStandardError() + second->readAllStandardOutput() + second->readAllStandardError();
    const std::set<int> exits{first->exitCode(), second->exitCode()};
    QVERIFY2((exits == std::set<int>{0, 1}), told.constData());
    QVERIFY2(told.contains("is held by"), told.constData());
    verifyWell(first->exitCode() == 0 ? "feeds-us-west" : "feeds-eu-west");
}

void LiveRedisMovesTest::cancellingTakesBackWhatWasDone()
{
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-eu-west" : "feeds-us-west";
    slowDown(true);
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt("pause_writes", switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError()).constData());
    QVERIFY2(ActingFleet::signal(underWay->executor, SIGINT), std::strerror(errno));
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(patience));
    QVERIFY2(operation->exitCode() == 3, (operation->readAll() + ActingFleet::read(underWay->journal)).constData());
    const std::size_t then = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > then + 100; }, patience));
    ledger.stop();
    verifyWell(from);
    QCOMPARE(QString::fromStdString(ledger.missingOn(from)), QStringLiteral("0"));
}

void LiveRedisMovesTest::anotherReplicaIsKilledMeanwhile()
{
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-us-east" : "feeds-us-west";
    const std::string other = from == "feeds-eu-west" ? "feeds-us-east" == to ? "feeds-us-west" : "feeds-us-east" : "feeds-eu-west";
    slowDown(true);
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt("pause_writes", switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError()).constData());
    QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", other)), QString());
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(60000));
    const QByteArray told = operation->readAll() + operation->readAllStandardError();
    QVERIFY2(operation->exitCode() == 4, told.constData()); // done, things left
    ledger.stop();
    QCOMPARE(QString::fromStdString(ledger.missingOn(to)), QStringLiteral("0"));
    slowDown(false);
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", other)), QString());
    const Ran resumed = m_fleet.ctl({"operations", "resume", underWay->id()});
    QVERIFY2(resumed.exit == 0, (resumed.out + resumed.err).constData());
    verifyWell(to);
}

void LiveRedisMovesTest::theCandidateIsKilledMeanwhile()
{
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-eu-west" : "feeds-us-west";
    slowDown(true);
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt("pause_writes", switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError()).constData());
    QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", to)), QString());
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(60000));
    const QByteArray told = operation->readAll() + operation->readAllStandardError();
    QVERIFY2(operation->exitCode() == 3, told.constData());
    QVERIFY2(ActingFleet::read(underWay->journal).contains("rolled_back"), told.constData());
    const std::size_t then = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > then + 100; }, patience));
    ledger.stop();
    slowDown(false);
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", to)), QString());
    verifyWell(from);
    QCOMPARE(QString::fromStdString(ledger.missingOn(from)), QStringLiteral("0"));
}

/// Its link swallows everything from the pause on: writes flow again before the pause would have run out.
void LiveRedisMovesTest::aCandidateThatDoesNotCatchUp()
{
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-eu-west" : "feeds-us-west";
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    QTest::qWait(300);
    const std::size_t start = ledger.count();
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt("prove_catch_up", switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError()).constData());
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", to)), QString());
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(60000));
    const QByteArray told = operation->readAll() + operation->readAllStandardError();
    QCOMPARE(QString::fromStdString(m_fleet.heal("freeze", to)), QString());
    const std::size_t then = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > then + 100; }, patience));
    ledger.stop();
    qInfo("exit %d, longest gap %.1f ms", operation->exitCode(), ledger.longestGapMs(start));
    // It may have been frozen too late: then it is the primary. Either is sound.
    const std::string now = primaries();
    QVERIFY2(now == from || now == to, (told + now.c_str()).constData());
    if (operation->exitCode() == 4)
        (void)m_fleet.ctl({"operations", "resume", underWay->id()});
    verifyWell(now);
    QCOMPARE(QString::fromStdString(ledger.missingOn(now)), QStringLiteral("0"));
    QVERIFY(ledger.longestGapMs(start) < 12000);
}

void LiveRedisMovesTest::aKilledExecutorLeavesNoPause_data()
{
    QTest::addColumn<QString>("step"); // its executor is killed when this step is begun
    for (const char *step : {"pause_writes", "refuse_writes", "promote", "raise_term", "take_writes", "point_stables", "demote_old"})
        QTest::newRow(step) << step;
}

void LiveRedisMovesTest::aKilledExecutorLeavesNoPause()
{
    QFETCH(const QString, step);
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-us-east" : "feeds-us-west";
    slowDown(true);
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt(step, switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError() + ActingFleet::read(m_fleet.newestJournal())).constData());
    QVERIFY2(ActingFleet::signal(underWay->executor, SIGKILL), std::strerror(errno));
    QVERIFY(operation->waitForFinished(patience));
    const std::size_t atKill = ledger.count();
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(waitFor([&] { return ledger.count() > atKill + 50; }, patience), "writes do not flow again");
    qInfo("%s: writes flowed again %lld ms after the kill, exit %d", qPrintable(step), timer.elapsed(), operation->exitCode());
    QVERIFY(timer.elapsed() < 8000);
    QTest::qWait(5000); // the guards have ended it by then
    ledger.stop();
    slowDown(false);
    const Ran ended = m_fleet.ctl({"operations", "resume", underWay->id()});
    QVERIFY2(ended.exit == 0 || ended.exit == 4 || ended.exit == 1, (ended.out + ended.err).constData());
    const std::string primary = primaries();
    verifyWell(primary);
    QCOMPARE(QString::fromStdString(ledger.missingOn(primary)), QStringLiteral("0"));
}

void LiveRedisMovesTest::thePrimaryFreezesInThePause()
{
    const std::string from = primaries();
    const std::string to = from == "feeds-us-west" ? "feeds-eu-west" : "feeds-us-west";
    slowDown(true);
    RedisLedger ledger(m_fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt("refuse_writes", switching(to));
    const auto underWay = m_fleet.waitUntilHeld(before);
    QVERIFY2(underWay, (operation->readAll() + operation->readAllStandardError()).constData());
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", from)), QString());
    QVERIFY(ActingFleet::signal(underWay->executor, SIGCONT));
    QVERIFY(operation->waitForFinished(90000));
    const QByteArray told = operation->readAll() + operation->readAllStandardError();
    qInfo("exit %d\n%s", operation->exitCode(), told.constData());
    slowDown(false);
    QCOMPARE(QString::fromStdString(m_fleet.heal("freeze", from)), QString());
    const std::size_t then = ledger.count();
    QVERIFY2(waitFor([&] { return ledger.count() > then + 100; }, patience), told.constData());
    QTest::qWait(1500);
    ledger.stop();
    const std::string now = primaries();
    QVERIFY2(now == from || now == to, now.c_str());
    QCOMPARE(QString::fromStdString(ledger.missingOn(now)), QStringLiteral("0"));
    if (operation->exitCode() == 4)
        (void)m_fleet.ctl({"operations", "resume", underWay->id()});
    verifyWell(now);
}

void LiveRedisMovesTest::aFrozenPrimaryIsReplacedAndDemotedOnceThawed()
{
    const std::string old = primaries();
    RedisLedger ledger(m_fleet.ground(), "feeds", 3, base::microseconds(3500));
    ledger.start();
    QTest::qWait(500);
    ledger.stop(); // what was acknowledged by now has reached the replicas
    QTest::qWait(500);
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", old)), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "feeds", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    const Ran plan = m_fleet.ctl({"failover", "feeds", "--plan"});
    slowDown(true); // the others need time for their part of the lock, which the frozen one must not use up
    const Ran ran = m_fleet.ctl(QStringList{"failover", "feeds", "--force", "old_primary_stopped=a test", "--force", "primary_gone=a test", "--force", "data_loss=a test"} + anyway);
    slowDown(false);
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err + plan.out).constData());
    QCOMPARE(QString::fromStdString(m_fleet.heal("freeze", old)), QString());
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(waitFor([&] { return info(old, "role") == "slave"; }, patience, 10), "the thawed primary is not demoted");
    qInfo("demoted %lld ms after it was thawed", timer.elapsed());
    const std::string primary = primaries();
    QVERIFY(primary != old);
    verifyWell(primary);
    QCOMPARE(QString::fromStdString(ledger.missingOn(primary)), QStringLiteral("0"));
}

void LiveRedisMovesTest::aDeadPrimaryThatComesBackEmptyIsNotFollowed()
{
    const std::string old = primaries();
    RedisLedger ledger(m_fleet.ground(), "feeds", 3, base::microseconds(3500));
    ledger.start();
    QTest::qWait(500);
    ledger.stop();
    QTest::qWait(500);
    QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", old)), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "feeds", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    const Ran ran = m_fleet.ctl(QStringList{"failover", "feeds", "--force", "old_primary_stopped=it was killed", "--force", "primary_gone=a test", "--force", "data_loss=a test"} + anyway);
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    for (const auto &entry : std::filesystem::directory_iterator(m_fleet.ground().home.data(old)))
        std::filesystem::remove_all(entry.path());
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", old)), QString());
    const std::string primary = [&] {
        for (const std::string &id : m_members) {
            if (id != old && info(id, "role") == "master")
                return id;
        }
        return std::string();
    }();
    QVERIFY(!primary.empty());
    QVERIFY2(waitFor([&] { return info(old, "role") == "slave" && info(old, "master_link_status") == "up"; }, patience, 20), "the empty one is not demoted");
    verifyWell(primary);
    QCOMPARE(QString::fromStdString(ledger.missingOn(primary)), QStringLiteral("0"));
    QCOMPARE(QString::fromStdString(ledger.missingOn(old)), QStringLiteral("0"));
}

QTEST_GUILESS_MAIN(LiveRedisMovesTest)
#include "test_live_redis_moves.moc"
