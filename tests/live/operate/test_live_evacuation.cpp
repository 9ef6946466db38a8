// SPDX-License-Identifier: GPL-3.0-or-later
// A region evacuated and returned to, and a host taken down and up, on real servers by the command line, under writes.
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

constexpr int patience = 30000;
constexpr int campaignPatience = 120000;

} // namespace

class LiveEvacuationTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void aPlanTouchesNothing();
    void anotherMachinesCampaignIsNotCrossed();
    void anEvacuationLosesNothing();
    void whatFailsThereIsExpected();
    void andTheReturn();
    void oneThatCannotMoveIsLeft();
    void aKilledDriverIsResumed();
    void aPersonStopsIt();
    void aHostGoesDownAndComesUp();
    void aLostRegionIsFailedOver();

private:
    /// Exactly one primary each, all in the region or none; every router leads there.
    void verifyPrimaries(const std::vector<std::string> &clusters, const std::string &region, bool isThere);
    [[nodiscard]] bool allReady(int patienceMs = 90000) const;
    [[nodiscard]] bool allStream(int patienceMs = 60000) const;
    [[nodiscard]] QStringList marks() const;

    ActingFleet m_fleet;
    const std::vector<std::string> m_regions{"us-east", "us-west", "eu-west"};
    const std::vector<std::string> m_clusters{"u1", "m1", "directory"};
    const QStringList m_ticks{"--ticked", "move_users us-east", "--ticked", "move_group feeds", "--ticked", "move_group mediamap", "--ticked", "move_group sessions", "--force", "expected_pause=a test", "--force", "recent_move=a test"};
};

void LiveEvacuationTest::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    shape.home = "us-east";
    const std::string trouble = m_fleet.begin("evacuation", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    QVERIFY(allReady());
}

bool LiveEvacuationTest::allReady(int patienceMs) const
{
    return std::all_of(m_clusters.begin(), m_clusters.end(), [&](const std::string &cluster) { return m_fleet.becomesReady(QString::fromStdString(cluster), patienceMs); });
}

bool LiveEvacuationTest::allStream(int patienceMs) const
{
    return std::all_of(m_clusters.begin(), m_clusters.end(), [&](const std::string &cluster) {
        return waitFor([&] { return m_fleet.ask(m_fleet.primaries(cluster), "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'") == "2"; }, patienceMs, 100);
    });
}

QStringList LiveEvacuationTest::marks() const
{
    QStringList all;
    for (const QByteArray &line : m_fleet.ctl({"maintenance", "list", "--json"}).out.split('\n')) {
        const QJsonObject mark = QJsonDocument::fromJson(line).object();
        if (!mark.isEmpty())
            all << mark.value("kind").toString() + QLatin1Char(' ') + mark.value("subject").toString() + QLatin1Char(' ') + mark.value("reason").toString();
    }
    return all;
}

void LiveEvacuationTest::verifyPrimaries(const std::vector<std::string> &clusters, const std::string &region, bool isThere)
{
    for (const std::string &cluster : clusters) {
        const std::string primary = m_fleet.primaries(cluster);
        QVERIFY2(m_fleet.ground().server(primary), primary.c_str()); // one alone
        QVERIFY2((m_fleet.ground().server(primary)->region == region) == isThere, primary.c_str());
        QCOMPARE(QString::fromStdString(m_fleet.ask(primary, "SHOW default_transaction_read_only")), QStringLiteral("off"));
        for (const std::string &one : m_regions)
            QVERIFY2(m_fleet.leads(one, cluster, primary), (one + " " + cluster).c_str());
    }
}

void LiveEvacuationTest::aPlanTouchesNothing()
{
    const Ran plan = m_fleet.ctl({"evacuate", "us-east", "--plan"});
    QVERIFY2(plan.exit == 0 || plan.exit == 1, (plan.out + plan.err).constData()); // 1: something is left to a person
    QVERIFY2(plan.out.contains("directory-us-east") && plan.out.contains("feeds-us-east"), plan.out.constData());
    const QJsonObject told = m_fleet.json({"evacuate", "us-east", "--plan", "--json"});
    QCOMPARE(told.value("rows").toArray().first().toObject().value("subject").toString(), QStringLiteral("directory"));
    QCOMPARE(told.value("effect").toObject().value("clusters").toInt(), 3);
    verifyPrimaries(m_clusters, "us-east", true);
    QVERIFY(m_fleet.newestCampaign().isEmpty() && m_fleet.newestJournal().isEmpty());
    QVERIFY(marks().isEmpty());
    QCOMPARE(m_fleet.ctl({"evacuate", "mars"}).exit, 1);
    QCOMPARE(m_fleet.ctl({"evacuate", "us-east", "--fingerprint", "0123456789abcdef"}).exit, 1);
    verifyPrimaries(m_clusters, "us-east", true);
}

/// Another machine's, which was heard of just now; one that fell silent is taken over, as the next test does.
void LiveEvacuationTest::anotherMachinesCampaignIsNotCrossed()
{
    const std::string directory = m_fleet.primaries("directory");
    QCOMPARE(QString::fromStdString(m_fleet.ask(directory, "INSERT INTO directory.locks (kind, subject, operation_id, number, owner, host) "
                                                           "VALUES ('region', 'us-east', 'return-us-east-elsewhere', 1700000000, 'oncall1 (anna)', 'desk-7')")), QString());
    const Ran ran = m_fleet.ctl(QStringList{"evacuate", "us-east", "--reason", "a storm"} + m_ticks, campaignPatience);
    QVERIFY2(ran.exit == 1 && (ran.out + ran.err).contains("return-us-east-elsewhere, begun by oncall1 (anna) on desk-7, 2023-11-14 22:13:20 UTC"), (ran.out + ran.err).constData());
    verifyPrimaries(m_clusters, "us-east", true);
    QCOMPARE(QString::fromStdString(m_fleet.ask(directory, "UPDATE directory.locks SET taken_at = now() - interval '2 min' WHERE kind = 'region'")), QString());
}

void LiveEvacuationTest::anEvacuationLosesNothing()
{
    Ledger users(m_fleet.ground(), "u1", "us-west", base::milliseconds(5));
    Ledger media(m_fleet.ground(), "m1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(users.prepare() + media.prepare()), QString());
    users.start();
    media.start();
    QVERIFY(waitFor([&] { return users.count() > 50 && media.count() > 50; }, patience));
    QElapsedTimer timer;
    timer.start();
    const Ran ran = m_fleet.ctl(QStringList{"evacuate", "us-east", "--reason", "a storm"} + m_ticks, campaignPatience);
    qInfo("evacuated in %lld ms\n%s", timer.elapsed(), ran.out.constData());
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    const auto before = std::pair(users.count(), media.count());
    QVERIFY(waitFor([&] { return users.count() > before.first + 20 && media.count() > before.second + 20; }, patience));
    users.stop();
    media.stop();
    verifyPrimaries(m_clusters, "us-east", false);
    QCOMPARE(QString::fromStdString(users.missingOn(m_fleet.primaries("u1"))), QStringLiteral("0"));
    QCOMPARE(QString::fromStdString(media.missingOn(m_fleet.primaries("m1"))), QStringLiteral("0"));
    QVERIFY2(users.tale().failed + media.tale().failed == 0, (users.tale().firstError + media.tale().firstError).c_str());
    qInfo("longest gaps between two commits: %.1f and %.1f ms", double(users.tale().longestGap.count()) / 1000, double(media.tale().longestGap.count()) / 1000);
    QVERIFY(users.tale().longestGap < base::seconds(3) && media.tale().longestGap < base::seconds(3));
    QCOMPARE(marks(), QStringList{"region us-east a storm"});
    QVERIFY(allStream());
    const QByteArray listed = m_fleet.ctl({"operations", "list"}).out;
    QVERIFY2(listed.contains("Evacuate us-east"), listed.constData());
    const QByteArray audit = m_fleet.ctl({"audit", "list"}).out;
    QVERIFY2(audit.contains("evacuate begun") && audit.contains("region_evacuated") && audit.contains("evacuate ended"), audit.constData());
}

void LiveEvacuationTest::whatFailsThereIsExpected()
{
    const QJsonObject readiness = m_fleet.json({"readiness", "u1", "--json"});
    QVERIFY2(!readiness.value("best").toString().contains("us-east") && !readiness.value("runner_up").toString().contains("us-east"), QJsonDocument(readiness).toJson().constData());
    QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", "u1-us-east")), QString());
    QByteArray told;
    const auto isExpected = [&] {
        told = m_fleet.ctl({"problems", "--json"}).out;
        for (const QByteArray &line : told.split('\n')) {
            const QJsonObject problem = QJsonDocument::fromJson(line).object();
            if (problem.value("rule").toString() == QLatin1String("region_evacuated"))
                return line.contains("u1-us-east") && problem.contains("evacuated");
        }
        return false;
    };
    QVERIFY2(waitFor(isExpected, patience, 200), told.constData());
    QVERIFY2(!told.contains("\"critical\""), told.constData());
    QCOMPARE(QString::fromStdString(m_fleet.heal("kill", "u1-us-east")), QString());
    QVERIFY(allStream());
}

void LiveEvacuationTest::andTheReturn()
{
    Ledger users(m_fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(users.prepare()), QString());
    QCOMPARE(QString::fromStdString(m_fleet.ask(m_fleet.primaries("u1"), "TRUNCATE shardlens.ledger")), QString());
    users.start();
    QVERIFY(waitFor([&] { return users.count() > 50; }, patience));
    Ran ran;
    const auto isHome = [&] {
        ran = m_fleet.ctl({"return", "us-east", "--force", "expected_pause=a test", "--ticked", "move_users us-east"}, campaignPatience);
        return ran.exit == 0;
    };
    QVERIFY2(isHome(), (ran.out + ran.err).constData());
    users.stop();
    verifyPrimaries(m_clusters, "us-east", true);
    QCOMPARE(QString::fromStdString(users.missingOn("u1-us-east")), QStringLiteral("0"));
    QVERIFY2(users.tale().failed == 0, users.tale().firstError.c_str());
    QVERIFY(marks().isEmpty());
    QVERIFY(allStream());
    // There is nothing left to return.
    const Ran again = m_fleet.ctl({"return", "us-east"});
    QVERIFY2(again.exit == 1, (again.out + again.err).constData());
}

void LiveEvacuationTest::oneThatCannotMoveIsLeft()
{
    QVERIFY(allReady());
    for (const char *standby : {"m1-us-west", "m1-eu-west"})
        QCOMPARE(QString::fromStdString(m_fleet.inflict("freeze", standby)), QString());
    QVERIFY(waitFor([&] { return m_fleet.json({"readiness", "m1", "--json"}).value("readiness").toString() == QLatin1String("not_ready"); }, patience, 200));
    const QJsonObject told = m_fleet.json(QStringList{"evacuate", "us-east", "--reason", "a storm", "--json"} + m_ticks);
    QVERIFY2(told.value("outcome").toString() == QLatin1String("incomplete"), QJsonDocument(told).toJson().constData());
    QVERIFY2(told.value("left").toArray().first().toString().startsWith("m1 not_ready"), QJsonDocument(told).toJson().constData());
    verifyPrimaries({"u1", "directory"}, "us-east", false);
    verifyPrimaries({"m1"}, "us-east", true);
    for (const char *standby : {"m1-us-west", "m1-eu-west"})
        QCOMPARE(QString::fromStdString(m_fleet.heal("freeze", standby)), QString());
    QVERIFY(allStream());
    QVERIFY(allReady());
    const Ran rest = m_fleet.ctl(QStringList{"evacuate", "us-east", "--reason", "a storm"} + m_ticks, campaignPatience);
    QVERIFY2(rest.exit == 0, (rest.out + rest.err).constData());
    verifyPrimaries(m_clusters, "us-east", false);
    QVERIFY(allStream());
}

void LiveEvacuationTest::aKilledDriverIsResumed()
{
    QVERIFY(allReady());
    const QString before = m_fleet.newestCampaign();
    const auto begun = m_fleet.ctlBeside({"return", "us-east", "--force", "expected_pause=a test", "--ticked", "move_users us-east", "--at-once", "1"});
    QString journal;
    const auto isBetween = [&] { // the canary's writes flow
        journal = m_fleet.newestCampaign();
        return journal != before && ActingFleet::read(journal).contains("\"settling\"");
    };
    QVERIFY(waitFor(isBetween, patience, 1));
    const pid_t driver = ActingFleet::read(QString(journal).replace(".jsonl", ".lock")).trimmed().toInt();
    QVERIFY2(ActingFleet::signal(driver, SIGKILL), std::strerror(errno));
    QVERIFY(begun->waitForFinished(patience));
    const QByteArray said = begun->readAllStandardOutput();
    QVERIFY2(begun->exitCode() == 5 && said.contains("Broke off"), said.constData());
    const QString id = QFileInfo(journal).completeBaseName();
    const Ran ran = m_fleet.ctl({"operations", "resume", id}, campaignPatience);
    QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
    verifyPrimaries(m_clusters, "us-east", true);
    QVERIFY(marks().isEmpty());
    QVERIFY(allStream());
    // Each cluster and each Redis group was moved once: one operation a row.
    const QJsonObject told = m_fleet.json({"operations", "show", id, "--json"});
    QCOMPARE(told.value("moved").toInt(), 6);
}

void LiveEvacuationTest::aPersonStopsIt()
{
    QVERIFY(allReady());
    const QString before = m_fleet.newestCampaign();
    const auto begun = m_fleet.ctlBeside({"evacuate", "us-east", "--at-once", "1", "--json", "--force", "expected_pause=a test", "--force", "recent_move=a test"});
    QVERIFY(waitFor([&] { return m_fleet.newestCampaign() != before && ActingFleet::read(m_fleet.newestCampaign()).contains("\"starting\""); }, patience, 1));
    QVERIFY(ActingFleet::signal(pid_t(begun->processId()), SIGINT)); // Ctrl+C
    QVERIFY(begun->waitForFinished(campaignPatience));
    const QJsonObject told = QJsonDocument::fromJson(begun->readAllStandardOutput().split('\n').value(0)).object();
    QVERIFY2(told.value("outcome").toString() == QLatin1String("stopped"), QJsonDocument(told).toJson().constData());
    QCOMPARE(begun->exitCode(), 4);
    QCOMPARE(told.value("moved").toInt(), 1);
    verifyPrimaries({"directory"}, "us-east", false);
    verifyPrimaries({"u1", "m1"}, "us-east", true);
    QVERIFY(marks().isEmpty());
    const Ran home = m_fleet.ctl({"return", "us-east", "--force", "expected_pause=a test", "--ticked", "move_users us-east"}, campaignPatience);
    QVERIFY2(home.exit == 0, (home.out + home.err).constData());
    verifyPrimaries(m_clusters, "us-east", true);
}

void LiveEvacuationTest::aHostGoesDownAndComesUp()
{
    QVERIFY(allStream());
    QVERIFY(allReady());
    const std::string host = m_fleet.ground().server("u1-us-east")->host;
    const QString name = QString::fromStdString(host);
    const Ran down = m_fleet.ctl({"host", "down", name, "--until", "1h", "--reason", "kernel", "--force", "expected_pause=a test", "--force", "recent_move=a test"}, campaignPatience);
    qInfo("%s", down.out.constData());
    QVERIFY2(down.exit == 0 || down.exit == 4, (down.out + down.err).constData());
    for (const localfleet::Instance &one : m_fleet.ground().servers) {
        if (one.host == host && one.kind == fleet::ServerKind::Postgres)
            QCOMPARE(QString::fromStdString(m_fleet.ask(one.id, "SELECT pg_is_in_recovery()")), QStringLiteral("t"));
    }
    QCOMPARE(marks(), QStringList{"host " + name + " kernel"});
    QVERIFY(allStream());
    const Ran offered = m_fleet.ctl({"host", "up", name, "--plan", "--force", "expected_pause=a test", "--force", "recent_move=a test"});
    QVERIFY2(offered.out.contains("The way home: switchover"), offered.out.constData());
    const Ran up = m_fleet.ctl({"host", "up", name, "--home", "--force", "expected_pause=a test", "--force", "recent_move=a test"}, campaignPatience);
    qInfo("%s", up.out.constData());
    QVERIFY2(up.exit == 0, (up.out + up.err).constData());
    QVERIFY(marks().isEmpty());
    verifyPrimaries({"u1"}, "us-east", true);
}

/// Every server there is killed: what it was home to is failed over in one act, groups too, once a person says how they know that the old
/// primaries stopped.
void LiveEvacuationTest::aLostRegionIsFailedOver()
{
    QVERIFY(allReady());
    for (const localfleet::Instance &one : m_fleet.ground().servers) {
        if (one.region == "us-east")
            QCOMPARE(QString::fromStdString(m_fleet.inflict("kill", one.id)), QString());
    }
    const QStringList evacuate{"evacuate", "us-east", "--from", "us-west", "--reason", "a fire"};
    Ran ran;
    const auto isBlocked = [&] {
        ran = m_fleet.ctl(evacuate + QStringList{"--plan"});
        return ran.out.contains("move_dead u1") && ran.out.contains("move_dead feeds") && ran.out.contains("old_primary_stopped");
    };
    QVERIFY2(waitFor(isBlocked, patience, 200), (ran.out + ran.err).constData());
    QElapsedTimer timer;
    timer.start();
    ran = m_fleet.ctl(evacuate + QStringList{"--force", "old_primary_stopped=the halls are dark", "--force", "routers_answer=so is its router", "--force", "recent_move=a test", "--ticked", "move_users us-east"}, campaignPatience);
    qInfo("failed over in %lld ms\n%s", timer.elapsed(), ran.out.constData());
    QVERIFY2(ran.exit == 4, (ran.out + ran.err).constData()); // the old primaries are things left
    for (const std::string &cluster : m_clusters) {
        const std::string primary = m_fleet.primaries(cluster);
        QVERIFY2(m_fleet.ground().server(primary) && m_fleet.ground().server(primary)->region != "us-east", primary.c_str());
        for (const char *region : {"us-west", "eu-west"})
            QVERIFY2(m_fleet.leads(region, cluster, primary), (region + (" " + cluster)).c_str());
    }
    for (const char *group : {"feeds", "mediamap", "sessions"}) {
        const QJsonObject readiness = m_fleet.json({"readiness", group, "--from", "us-west", "--json"});
        QVERIFY2(readiness.value("primary").toString().contains("-west"), QJsonDocument(readiness).toJson().constData());
    }
    QCOMPARE(marks(), QStringList{"region us-east a fire"});
}

QTEST_GUILESS_MAIN(LiveEvacuationTest)
#include "test_live_evacuation.moc"
