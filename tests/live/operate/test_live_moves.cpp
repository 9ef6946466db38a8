// SPDX-License-Identifier: GPL-3.0-or-later
// Moves of a primary, carried out on real servers by the command line: assertions are on rows, roles, routers and pauses.
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <cerrno>
#include <csignal>
#include <cstring>

using namespace shardlens;
using live::ActingFleet;
using live::Ledger;
using live::Ran;
using live::waitFor;

namespace {

constexpr int patience = 20000;

} // namespace

class LiveMovesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aSwitchoverLosesNothing();
    void andTheWayHome();
    void twoOperatorsAtOnce();
    void aKilledExecutorLeavesNoPause_data();
    void aKilledExecutorLeavesNoPause();
    void aDeadPrimaryIsReplaced();
    void aFrozenPrimaryIsReplacedOverSlowLinks();

private:
    void verifyWell(const std::string &primary);

    ActingFleet m_fleet;
    const std::vector<std::string> m_regions{"us-east", "us-west", "eu-west"};
};

void LiveMovesTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = m_fleet.begin("moves", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    QVERIFY(m_fleet.becomesReady("u1"));
}

/// One primary, all routers lead there and are not paused, two standbys stream from it, no brake is left.
void LiveMovesTest::verifyWell(const std::string &primary)
{
    QVERIFY2(waitFor([&] { return m_fleet.primaries("u1") == primary; }, patience, 50), m_fleet.primaries("u1").c_str());
    QVERIFY2(waitFor([&] { return m_fleet.ask(primary, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "2"; }, patience, 50),
             m_fleet.ask(primary, "SELECT string_agg(application_name || ' ' || state, ', ') FROM pg_stat_replication").c_str());
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SHOW default_transaction_read_only")), QStringLiteral("off"));
    for (const std::string &region : m_regions)
        QVERIFY2(m_fleet.leads(region, "u1", primary), region.c_str());
    QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SELECT count(*) FROM pg_replication_slots WHERE NOT active AND slot_type = 'physical'")), QStringLiteral("0"));
}

void LiveMovesTest::aSwitchoverLosesNothing()
{
    Ledger ledger(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    ledger.start();
    QVERIFY(waitFor([&] { return ledger.count() > 50; }, patience));
    const Ran ran = m_fleet.ctl({"switchover", "u1", "--to", "u1-us-west"});
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    const std::size_t after = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > after + 20; }, patience));
    ledger.stop();
    verifyWell("u1-us-west");
    QCOMPARE(QString::fromStdString(ledger.missingOn("u1-us-west")), QStringLiteral("0"));
    QVERIFY2(ledger.tale().failed == 0, ledger.tale().firstError.c_str());
    qInfo("longest gap between two commits: %.1f ms", double(ledger.tale().longestGap.count()) / 1000);
    QVERIFY2(ledger.tale().longestGap < base::seconds(1), ran.out.constData());
    QVERIFY2(ran.out.contains("Done."), ran.out.constData());
}

void LiveMovesTest::andTheWayHome()
{
    const QJsonObject told = m_fleet.json({"switchover", "u1", "--json", "--force", "recent_move=a test"});
    QCOMPARE(told.value("outcome").toString(), QStringLiteral("done"));
    QCOMPARE(told.value("to").toString(), QStringLiteral("u1-us-east")); // the home region ranks first
    QVERIFY(told.value("writes_held_ms").toDouble() > 0);
    for (const auto &step : told.value("steps").toArray())
        QCOMPARE(step.toObject().value("state").toString(), QStringLiteral("done"));
    verifyWell("u1-us-east");
}

void LiveMovesTest::twoOperatorsAtOnce()
{
    const auto first = m_fleet.ctlBeside({"switchover", "u1", "--to", "u1-us-west", "--json", "--force", "recent_move=a test", "--force", "expected_pause=a test"});
    const auto second = m_fleet.ctlBeside({"switchover", "u1", "--to", "u1-eu-west", "--json", "--force", "recent_move=a test", "--force", "expected_pause=a test"});
    QVERIFY(first->waitForFinished(patience) && second->waitForFinished(patience));
    const QByteArray told = first->readAllStandardOutput() + first->readAllStandardError() + second->readAllStandardOutput() + second->readAllStandardError();
    const std::set<int> exits{first->exitCode(), second->exitCode()};
    QVERIFY2((exits == std::set<int>{0, 1}), told.constData());
    QVERIFY2(told.contains("is held by"), told.constData());
    verifyWell(first->exitCode() == 0 ? "u1-us-west" : "u1-eu-west");
}

void LiveMovesTest::aKilledExecutorLeavesNoPause_data()
{
    QTest::addColumn<QString>("step"); // its executor is killed when this step is begun
    for (const char *step : {"pause_routers", "clear_backends", "promote", "point_routers", "stop_old"})
        QTest::newRow(step) << step;
}

void LiveMovesTest::aKilledExecutorLeavesNoPause()
{
    QFETCH(const QString, step);
    QVERIFY(m_fleet.becomesReady("u1"));
    Ledger ledger(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    QCOMPARE(QString::fromStdString(m_fleet.ask(m_fleet.primaries("u1"), "TRUNCATE shardlens.ledger")), QString());
    ledger.start();
    QVERIFY(waitFor([&] { return ledger.count() > 20; }, patience));
    const QString before = m_fleet.newestJournal();
    const auto operation = m_fleet.ctlHeldAt(step, {"switchover", "u1", "--force", "recent_move=a test", "--force", "expected_pause=a test"});
    const auto underWay = m_fleet.waitUntilHeld(before);
    if (!underWay) {
        operation->waitForFinished();
        QFAIL((operation->readAll() + operation->readAllStandardError() + ActingFleet::read(m_fleet.newestJournal())).constData());
    }
    QVERIFY2(ActingFleet::signal(underWay->executor, SIGKILL), std::strerror(errno));
    QVERIFY(operation->waitForFinished(patience));
    const std::size_t atKill = ledger.count();
    QElapsedTimer timer;
    timer.start();
    QVERIFY2(waitFor([&] { return ledger.count() > atKill + 10; }, patience), "writes do not flow again");
    qInfo("%s: writes flowed again %lld ms after the kill, exit %d", qPrintable(step), timer.elapsed(), operation->exitCode());
    QVERIFY(timer.elapsed() < 6000);
    ledger.stop();
    // What is left to do is done by going on; before the point of no return by undoing.
    Ran ended = m_fleet.ctl({"operations", "resume", underWay->id()});
    QVERIFY2(ended.exit == 0 || ended.exit == 4 || ended.exit == 1, (ended.out + ended.err).constData());
    qInfo("%s: resumed with exit %d: %s", qPrintable(step), ended.exit, (ended.out + ended.err).right(400).constData());
    const std::string primary = m_fleet.primaries("u1");
    verifyWell(primary);
    QCOMPARE(QString::fromStdString(ledger.missingOn(primary)), QStringLiteral("0"));
}

void LiveMovesTest::aDeadPrimaryIsReplaced()
{
    QVERIFY(m_fleet.becomesReady("u1"));
    const std::string old = m_fleet.primaries("u1");
    QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", old)), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    const Ran plan = m_fleet.ctl({"failover", "u1", "--plan"});
    const Ran ran = m_fleet.ctl({"failover", "u1", "--force", "old_primary_stopped=it was killed", "--force", "recent_move=a test", "--force", "data_loss=a test"});
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err + plan.out).constData());
    QVERIFY(m_fleet.primaries("u1") != old);
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", old)), QString());
    const std::string primary = m_fleet.primaries("u1");
    verifyWell(primary);
}

/// The frozen one is the first of the fleet file; the others need time for their part of the lock, which it must not use up.
void LiveMovesTest::aFrozenPrimaryIsReplacedOverSlowLinks()
{
    QVERIFY(m_fleet.becomesReady("m1"));
    const std::string old = m_fleet.primaries("m1");
    QCOMPARE(QString::fromStdString(old), QStringLiteral("m1-us-east"));
    QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", old)), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "m1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 100));
    m_fleet.slowLinks(base::milliseconds(40));
    const Ran ran = m_fleet.ctl({"failover", "m1", "--force", "old_primary_stopped=it hangs", "--force", "data_loss=a test"});
    m_fleet.slowLinks(base::milliseconds(0));
    QVERIFY2(ran.exit == 0 || ran.exit == 4, (ran.out + ran.err).constData());
    // Writes failed since the freezing, which is longer ago than they were held; what is lost is told, too.
    QVERIFY2(ran.out.contains("Writes failed from about "), ran.out.constData());
    QVERIFY2(ran.out.contains("Lost: "), ran.out.constData());
    (void)m_fleet.heal("freeze", old);
    std::string primary;
    QVERIFY2(waitFor([&] { primary = m_fleet.primaries("m1"); return primary != old && !primary.empty() && primary.find(' ') == std::string::npos; }, 60000, 100), primary.c_str());
    for (const std::string &region : m_regions)
        QVERIFY2(m_fleet.leads(region, "m1", primary), region.c_str());
}

QTEST_GUILESS_MAIN(LiveMovesTest)
#include "test_live_moves.moc"
