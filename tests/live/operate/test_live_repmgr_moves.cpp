// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster under a real repmgr with its repmgrds, moved by the command line: assertions are on rows, roles, routers, terms, and on what
// repmgr itself says.
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Process.h"
#include "app/localfleet/Repmgr.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

#include <csignal>

using namespace shardlens;
using live::ActingFleet;
using live::Ledger;
using live::Ran;
using live::waitFor;

namespace {

constexpr int patience = 30000;

} // namespace

class LiveRepmgrMovesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void itIsReadyAndSaysThroughWhom();
    void itsMembersAreRefusedToOurOwnActs();
    void aSwitchoverLosesNothing();
    void andTheWayHome();
    void whatRepmgrRefusesMovesNothing();
    void aDeadPrimaryIsReplacedAndRejoins();
    void whatRepmgrdDidIsFollowed();

private:
    [[nodiscard]] std::string leaderBy(const std::string &member) const;
    [[nodiscard]] std::string repmgr(const std::string &member, const std::vector<std::string> &words) const; ///< an error, or nothing
    [[nodiscard]] int paused(const std::string &cluster) const;
    void verifyWell(const std::string &primary);

    ActingFleet m_fleet;
};

void LiveRepmgrMovesTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    shape.repmgr = "u1";
    const std::string trouble = m_fleet.begin("repmgr", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    QVERIFY2(m_fleet.becomesReady("u1"), m_fleet.ctl({"readiness", "u1"}).out.constData());
}

/// As that member's own copy of repmgr's table has it.
std::string LiveRepmgrMovesTest::leaderBy(const std::string &member) const
{
    const auto &ground = m_fleet.ground();
    return localfleet::postgres::query(ground, *ground.server(member), "repmgr",
                                       "SELECT string_agg(node_name, ' ') FROM repmgr.nodes WHERE type = 'primary' AND active")
        .value_or("error");
}

std::string LiveRepmgrMovesTest::repmgr(const std::string &member, const std::vector<std::string> &words) const
{
    const auto &ground = m_fleet.ground();
    const auto program = localfleet::needProgram("repmgr", "repmgr");
    if (!program)
        return program.error().message;
    std::vector<std::string> arguments{*program,
                                       "--config-file=" + localfleet::repmgr::configFile(ground, *ground.server(member)).string()};
    arguments.insert(arguments.end(), words.begin(), words.end());
    const auto ran = localfleet::runOrFail({arguments, {}, {}});
    return ran ? std::string() : ran.error().message;
}

int LiveRepmgrMovesTest::paused(const std::string &cluster) const
{
    int count = 0;
    for (const auto &member : m_fleet.ground().members(cluster))
        count += localfleet::postgres::query(m_fleet.ground(), member, "repmgr", "SELECT repmgr.repmgrd_is_paused()").value_or("") == "t"
                     ? 1
                     : 0;
    return count;
}

/// By our eyes and by repmgr's, whose repmgrds all watch.
void LiveRepmgrMovesTest::verifyWell(const std::string &primary)
{
    QCOMPARE(m_fleet.whyNotWell("u1", primary), std::string());
    QTRY_COMPARE_WITH_TIMEOUT(leaderBy(primary), primary, patience);
    QTRY_COMPARE_WITH_TIMEOUT(paused("u1"), 0, patience);
}

void LiveRepmgrMovesTest::itIsReadyAndSaysThroughWhom()
{
    const QJsonObject told = m_fleet.json({"switchover", "u1", "--plan", "--json"});
    QStringList kinds;
    for (const auto &step : told.value("steps").toArray())
        kinds << step.toObject().value("step").toString();
    QVERIFY2(kinds.contains("manager_switches") && kinds.contains("rehearse_repmgr") && kinds.contains("see_repmgr") &&
                 !kinds.contains("promote") && !kinds.contains("brake"),
             qPrintable(kinds.join(' ')));
    QStringList checks;
    for (const auto &check : told.value("checks").toArray())
        checks << check.toObject().value("id").toString() + "=" + check.toObject().value("verdict").toString();
    for (const char *check :
         {"foreign_manager=passed", "manager_answers=passed", "manager_agrees=passed", "manager_calm=passed", "manager_allows=passed"})
        QVERIFY2(checks.contains(QLatin1String(check)), qPrintable(checks.join(' ')));
    const QByteArray text = m_fleet.ctl({"switchover", "u1", "--plan", "--to", "u1-us-west"}).out;
    const std::string command = "repmgr -f " +
                                localfleet::repmgr::configFile(m_fleet.ground(), *m_fleet.ground().server("u1-us-west")).string() +
                                " standby switchover --siblings-follow";
    QVERIFY2(text.contains(command.c_str()), text.constData());
    QCOMPARE(leaderBy("u1-us-west"), std::string("u1-us-east")); // planning moved nothing
    const Ran access = m_fleet.ctl({"fleet", "access"});
    QVERIFY2(access.exit == 0 && access.out.contains("manager"), access.out.constData());
}

/// With who manages it; and a fleet file that does not say so is refused a move by the same name.
void LiveRepmgrMovesTest::itsMembersAreRefusedToOurOwnActs()
{
    const Ran ran = m_fleet.ctl({"replay", "pause", "u1-us-west"});
    QVERIFY2(ran.exit != 0 && (ran.out + ran.err).contains("repmgr"), (ran.out + ran.err).constData());
    QCOMPARE(m_fleet.ask("u1-us-west", "SELECT pg_is_wal_replay_paused()"), std::string("f"));
}

void LiveRepmgrMovesTest::aSwitchoverLosesNothing()
{
    Ledger ledger(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    const std::int64_t before = m_fleet.term("u1-us-east");
    ledger.start();
    QVERIFY(waitFor([&] { return ledger.count() > 50; }, patience));
    const Ran ran = m_fleet.ctl({"switchover", "u1", "--to", "u1-us-west"}, 240000);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err + ActingFleet::read(m_fleet.newestJournal())).constData());
    const std::size_t after = ledger.count();
    QVERIFY(waitFor([&] { return ledger.count() > after + 20; }, patience));
    ledger.stop();
    verifyWell("u1-us-west");
    QCOMPARE(QString::fromStdString(ledger.missingOn("u1-us-west")), QStringLiteral("0"));
    QVERIFY2(ledger.tale().failed == 0, ledger.tale().firstError.c_str());
    QCOMPARE(m_fleet.term("u1-us-west"), before + 1);
    qInfo("longest gap between two commits: %.1f ms", double(ledger.tale().longestGap.count()) / 1000);
}

void LiveRepmgrMovesTest::andTheWayHome()
{
    QVERIFY2(m_fleet.becomesReady("u1"), m_fleet.ctl({"readiness", "u1"}).out.constData());
    const Ran ran = m_fleet.ctl({"switchover", "u1", "--json", "--to", "u1-us-east", "--force", "recent_move=a test"}, 240000);
    const QJsonObject told = QJsonDocument::fromJson(ran.out.split('\n').value(0)).object();
    QVERIFY2(told.value("outcome").toString() == QLatin1String("done"),
             (ran.out + ran.err + ActingFleet::read(m_fleet.newestJournal())).constData());
    qInfo("writes held: %.0f ms", told.value("writes_held_ms").toDouble());
    verifyWell("u1-us-east");
}

/// Its rehearsal fails, for it cannot reach the other hosts: no write was held, and its words are told.
void LiveRepmgrMovesTest::whatRepmgrRefusesMovesNothing()
{
    QVERIFY(m_fleet.becomesReady("u1"));
    const auto sshd = localfleet::recorded(m_fleet.ground().home.pidFile("sshd"));
    QVERIFY(sshd);
    const std::int64_t before = m_fleet.term("u1-us-east");
    QVERIFY(localfleet::stop(*sshd, SIGTERM, base::seconds(3)));
    const Ran ran = m_fleet.ctl({"switchover", "u1", "--to", "u1-us-west", "--force", "recent_move=a test"}, 240000);
    const auto back = localfleet::repmgr::adopt(m_fleet.ground());
    QVERIFY2(back.has_value(), back ? "" : back.error().message.c_str());
    const QByteArray said = ran.out + ran.err;
    QVERIFY2(ran.exit != 0 && said.contains("exit code") && said.contains("SSH"), said.constData());
    QVERIFY(!ActingFleet::read(m_fleet.newestJournal()).contains("\"doing\",\"step\":3"));
    verifyWell("u1-us-east");
    QCOMPARE(m_fleet.term("u1-us-east"), before);
    QCOMPARE(m_fleet.ask("u1-us-east", "TRUNCATE shardlens.ledger"), std::string());
    Ledger ledger(m_fleet.ground(), "u1", "us-west", base::milliseconds(10));
    ledger.start();
    QVERIFY2(waitFor([&] { return ledger.count() > 5; }, patience), ledger.tale().firstError.c_str());
    ledger.stop();
}

/// No repmgrd acts, for somebody has paused them: repmgr promotes because we tell it to, and lets the dead one rejoin.
void LiveRepmgrMovesTest::aDeadPrimaryIsReplacedAndRejoins()
{
    QVERIFY(m_fleet.becomesReady("u1"));
    const std::string old = "u1-us-east";
    const std::int64_t before = m_fleet.term(old);
    QCOMPARE(repmgr("u1-us-west", {"service", "pause"}), std::string());
    QCOMPARE(paused("u1"), 3);
    QCOMPARE(m_fleet.ask(old, "TRUNCATE shardlens.ledger"), std::string());
    Ledger ledger(m_fleet.ground(), "u1", "us-west", base::milliseconds(10));
    ledger.start();
    QVERIFY2(waitFor([&] { return ledger.count() > 20; }, patience), ledger.tale().firstError.c_str());
    QCOMPARE(m_fleet.inflict("kill", old), std::string());
    QVERIFY(waitFor(
        [&] {
            return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover");
        },
        patience, 200));
    const Ran ran = m_fleet.ctl(
        {"failover", "u1", "--force", "old_primary_stopped=it was killed", "--force", "recent_move=a test", "--force", "data_loss=a test"},
        240000);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err + ActingFleet::read(m_fleet.newestJournal())).constData());
    const std::string next = m_fleet.primaries("u1");
    QVERIFY2(next == "u1-us-west" || next == "u1-eu-west", next.c_str());
    // It rejoined within the operation: a standby again before anybody healed the fault.
    QCOMPARE(m_fleet.ask(old, "SELECT pg_is_in_recovery()"), std::string("t"));
    QCOMPARE(m_fleet.term(next), before + 1);
    const std::size_t after = ledger.count();
    QVERIFY2(waitFor([&] { return ledger.count() > after + 20; }, patience), ledger.tale().firstError.c_str());
    ledger.stop();
    QCOMPARE(m_fleet.heal("kill", old), std::string());
    QCOMPARE(repmgr(next, {"service", "unpause"}), std::string());
    verifyWell(next);
    QVERIFY2(ledger.missingOn(next) == "0", ledger.missingOn(next).c_str()); // its standbys had received all of it
}

void LiveRepmgrMovesTest::whatRepmgrdDidIsFollowed()
{
    QVERIFY(m_fleet.becomesReady("u1"));
    const std::string old = m_fleet.primaries("u1");
    const std::int64_t before = m_fleet.term(old);
    QCOMPARE(m_fleet.inflict("kill", old), std::string());
    const auto isMoved = [&] {
        const std::string now = m_fleet.primaries("u1");
        return now != old && now.find(' ') == std::string::npos && now.starts_with("u1-");
    };
    QVERIFY2(waitFor(isMoved, 60000, 200), m_fleet.primaries("u1").c_str());
    const std::string next = m_fleet.primaries("u1");
    QVERIFY(waitFor(
        [&] {
            return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover");
        },
        patience, 200));
    const Ran ran = m_fleet.ctl({"failover", "u1"}, 240000);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err + ActingFleet::read(m_fleet.newestJournal())).constData());
    QVERIFY2(ran.out.contains(QByteArray("promoted ") + next.c_str()), ran.out.constData());
    QCOMPARE(m_fleet.ask(old, "SELECT pg_is_in_recovery()"), std::string("t"));
    QCOMPARE(m_fleet.term(next), before + 1);
    QCOMPARE(m_fleet.heal("kill", old), std::string());
    verifyWell(next);
}

QTEST_GUILESS_MAIN(LiveRepmgrMovesTest)
#include "test_live_repmgr_moves.moc"
