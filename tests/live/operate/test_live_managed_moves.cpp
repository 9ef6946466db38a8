// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster under a real Patroni with a real etcd, moved by the command line: assertions are on rows, roles, routers, terms, and on what
// Patroni itself says.
#include "core/clients/patroni/Reading.h"
#include "core/clients/patroni/Rest.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace shardlens;
using live::ActingFleet;
using live::Ledger;
using live::Ran;
using live::waitFor;

namespace {

constexpr int patience = 30000;

} // namespace

class LiveManagedMovesTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void itIsReadyAndSaysThroughWhom();
    void aSwitchoverLosesNothing();
    void andTheWayHome();
    void aPausedPatroniIsTold();
    void whatPatroniRefusesIsNotTried();
    void aDeadLeaderIsFollowed();

private:
    [[nodiscard]] std::string leaderBy(const std::string &member) const;
    [[nodiscard]] std::string configure(const std::string &json) const; ///< an error, or nothing
    void verifyWell(const std::string &primary);

    ActingFleet m_fleet;
    const std::vector<std::string> m_regions{"us-east", "us-west", "eu-west"};
};

void LiveManagedMovesTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    shape.patroni = "u1";
    const std::string trouble = m_fleet.begin("managed", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    QVERIFY2(m_fleet.becomesReady("u1"), m_fleet.ctl({"readiness", "u1"}).out.constData());
}

std::string LiveManagedMovesTest::leaderBy(const std::string &member) const
{
    const fleet::Endpoint endpoint{"127.0.0.1", m_fleet.ground().ports.of("patroni-" + member)};
    const auto answer = patroni::get(endpoint, "/cluster", {}, std::chrono::steady_clock::now() + base::seconds(3));
    facts::ManagerReport report;
    if (!answer || !patroni::readCluster(report, answer->body))
        return {};
    return report.leader() ? report.leader()->name : "nobody";
}

std::string LiveManagedMovesTest::configure(const std::string &json) const
{
    const fleet::Endpoint endpoint{"127.0.0.1", m_fleet.ground().ports.of("patroni-u1-us-east")};
    const auto answer = patroni::send(endpoint, "PATCH", "/config", json, {}, std::chrono::steady_clock::now() + base::seconds(5));
    return !answer ? answer.error().message : answer->status == 200 ? std::string() : answer->body;
}

/// By our eyes and by Patroni's.
void LiveManagedMovesTest::verifyWell(const std::string &primary)
{
    QCOMPARE(m_fleet.whyNotWell("u1", primary), std::string());
    QCOMPARE(leaderBy(primary), primary);
}

void LiveManagedMovesTest::itIsReadyAndSaysThroughWhom()
{
    const QJsonObject told = m_fleet.json({"switchover", "u1", "--plan", "--json"});
    QStringList kinds;
    for (const auto &step : told.value("steps").toArray())
        kinds << step.toObject().value("step").toString();
    QVERIFY2(kinds.contains("manager_switches") && !kinds.contains("promote") && !kinds.contains("brake"), qPrintable(kinds.join(' ')));
    QStringList checks;
    for (const auto &check : told.value("checks").toArray())
        checks << check.toObject().value("id").toString() + "=" + check.toObject().value("verdict").toString();
    for (const char *check : {"foreign_manager=passed", "manager_answers=passed", "manager_agrees=passed", "manager_calm=passed", "manager_allows=passed"})
        QVERIFY2(checks.contains(QLatin1String(check)), qPrintable(checks.join(' ')));
    QCOMPARE(leaderBy("u1-us-west"), std::string("u1-us-east")); // planning moved nothing
}

void LiveManagedMovesTest::aSwitchoverLosesNothing()
{
    Ledger ledger(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    const std::int64_t before = m_fleet.term("u1-us-east");
    ledger.start();
    QVERIFY(waitFor([&] { return ledger.count() > 50; }, patience));
    const Ran ran = m_fleet.ctl({"switchover", "u1", "--to", "u1-us-west"}, 120000);
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

void LiveManagedMovesTest::andTheWayHome()
{
    QVERIFY(m_fleet.becomesReady("u1"));
    const Ran ran = m_fleet.ctl({"switchover", "u1", "--json", "--to", "u1-us-east", "--force", "recent_move=a test"});
    const QJsonObject told = QJsonDocument::fromJson(ran.out.split('\n').value(0)).object();
    QVERIFY2(told.value("outcome").toString() == QLatin1String("done"), (ran.out + ran.err).constData());
    QVERIFY(told.value("writes_held_ms").toDouble() > 0);
    qInfo("writes held: %.0f ms", told.value("writes_held_ms").toDouble());
    verifyWell("u1-us-east");
}

void LiveManagedMovesTest::aPausedPatroniIsTold()
{
    QCOMPARE(configure(R"({"pause": true})"), std::string());
    QString seen;
    const bool isTold = waitFor([&] {
        const QJsonObject readiness = m_fleet.json({"readiness", "u1", "--json"});
        seen = QString::fromUtf8(QJsonDocument(readiness).toJson());
        return ActingFleet::isReady(readiness) && seen.contains("manager_calm");
    }, patience, 200);
    QCOMPARE(configure(R"({"pause": null})"), std::string());
    QVERIFY2(isTold, qPrintable(seen));
}

/// Patroni's own limit, as it would refuse by it: what is not offered is not sent.
void LiveManagedMovesTest::whatPatroniRefusesIsNotTried()
{
    QCOMPARE(configure(R"({"synchronous_mode": true})"), std::string());
    const auto synchronous = [&](const char *member) {
        return QString::fromUtf8(m_fleet.ctl({"switchover", "u1", "--plan", "--to", member}).out).contains(QStringLiteral("synchronous mode"));
    };
    // One of the two becomes the synchronous standby; the other is no candidate then.
    const bool isRefused = waitFor([&] { return synchronous("u1-us-west") != synchronous("u1-eu-west"); }, patience, 500);
    QCOMPARE(configure(R"({"synchronous_mode": false})"), std::string());
    QVERIFY(isRefused);
    verifyWell("u1-us-east");
}

void LiveManagedMovesTest::aDeadLeaderIsFollowed()
{
    QVERIFY(m_fleet.becomesReady("u1"));
    const std::string old = "u1-us-east";
    const std::int64_t before = m_fleet.term(old);
    Ledger ledger(m_fleet.ground(), "u1", "us-west", base::milliseconds(10));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    QCOMPARE(QString::fromStdString(m_fleet.ask(old, "TRUNCATE shardlens.ledger")), QString());
    ledger.start();
    QVERIFY2(waitFor([&] { return ledger.count() > 20; }, patience), ledger.tale().firstError.c_str());
    QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", old)), QString());
    const auto primary = [&] { return m_fleet.primaries("u1"); };
    QVERIFY2(waitFor([&] { return primary() == "u1-us-west" || primary() == "u1-eu-west"; }, 60000, 200), primary().c_str());
    const std::string next = primary();
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "u1", "--json"}).value("act").toString() == QLatin1String("failover"); }, patience, 200));
    const Ran ran = m_fleet.ctl({"failover", "u1"}, 120000);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    QVERIFY2(ran.out.contains(QByteArray("promoted ") + next.c_str()), ran.out.constData());
    for (const std::string &region : m_regions)
        QVERIFY2(m_fleet.leads(region, "u1", next), region.c_str());
    QCOMPARE(m_fleet.term(next), before + 1);
    const std::size_t after = ledger.count();
    QVERIFY2(waitFor([&] { return ledger.count() > after + 20; }, patience), ledger.tale().firstError.c_str());
    ledger.stop();
    // It comes back as Patroni's own business, and as a standby.
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", old)), QString());
    verifyWell(next);
}

QTEST_GUILESS_MAIN(LiveManagedMovesTest)
#include "test_live_managed_moves.moc"
