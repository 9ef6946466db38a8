// SPDX-License-Identifier: GPL-3.0-or-later
// What repmgr's tables say, as repmgr 5.3.3 answered.
#include "core/clients/repmgr/Reading.h"

#include <QTest>

using namespace shardlens;
using facts::ManagerMember;

namespace {

const char *const afterSwitchover =
    R"({"version" : "5.3", "runs" : true, "paused" : false, "nodes" : [{"node_id":1,"node_name":"n1","type":"standby","active":true,"priority":100},
 {"node_id":2,"node_name":"n2","type":"primary","active":true,"priority":100}, {"node_id":3,"node_name":"n3","type":"standby","active":true,"priority":0},
 {"node_id":9,"node_name":"w","type":"witness","active":true,"priority":0}]})";
// n2 was killed, and n1 promoted: both are of type primary until n2 has rejoined.
const char *const afterFailover =
    R"({"version" : "5.3", "runs" : true, "paused" : true, "nodes" : [{"node_id":1,"node_name":"n1","type":"primary","active":true,"priority":100},
 {"node_id":2,"node_name":"n2","type":"primary","active":false,"priority":100}]})";

} // namespace

class TestRepmgrNodes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatItSaysIsRead()
    {
        facts::ManagerReport report;
        QVERIFY(repmgr::readNodes(report, afterSwitchover));
        QCOMPARE(report.version, std::string("5.3"));
        QVERIFY(report.isAutomatic && !report.isPaused && !report.isUnlocked);
        QCOMPARE(report.members.size(), std::size_t(3)); // a witness is never a primary
        QCOMPARE(report.leader()->name, std::string("n2"));
        QVERIFY(report.member("n3")->isBarred && !report.member("n1")->isBarred);
        QVERIFY(!report.member("n1")->lag && !report.member("n1")->timeline);
        QCOMPARE(facts::linesOf(report),
                 std::string("leader:n2\npaused:no\nscheduled:no\nn1:replica running\nn2:leader running\nn3:replica running"));
    }

    void aPrimaryOfBeforeDoesNotLead()
    {
        facts::ManagerReport report;
        QVERIFY(repmgr::readNodes(report, afterFailover));
        QCOMPARE(report.leader()->name, std::string("n1"));
        QVERIFY(report.isPaused);
        QCOMPARE(report.member("n2")->state, std::string("inactive"));
        QVERIFY(report.member("n2")->role == ManagerMember::Role::Other);
    }

    void withoutItsLibraryNoDaemonRuns()
    {
        facts::ManagerReport report;
        QVERIFY(repmgr::readNodes(
            report,
            R"({"version":"5.3","runs":null,"paused":null,"nodes":[{"node_name":"n1","type":"primary","active":true,"priority":100}]})"));
        QVERIFY(!report.isAutomatic && !report.isPaused);
    }

    void whatIsNoAnswerIsNotRead_data()
    {
        QTest::addColumn<QString>("answer");
        QTest::newRow("the database has no such extension") << QString();
        QTest::newRow("nobody is registered") << QStringLiteral(R"({"version":"5.3","runs":false,"paused":false,"nodes":null})");
        QTest::newRow("no JSON") << QStringLiteral("5.3");
    }

    void whatIsNoAnswerIsNotRead()
    {
        QFETCH(QString, answer);
        facts::ManagerReport report;
        report.version = "4.4";
        const auto read = repmgr::readNodes(report, answer.toStdString());
        QVERIFY(!read && read.error().code == base::ErrorCode::Protocol);
        QCOMPARE(report.version, std::string("4.4"));
    }
};

QTEST_GUILESS_MAIN(TestRepmgrNodes)
#include "test_repmgr_nodes.moc"
