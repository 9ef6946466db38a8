// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/discover/Outside.h"

#include <algorithm>

using namespace shardlens;
using outside::ctl;
using outside::Said;

/// A plain Patroni cluster, which names its members in ways of its own: cluster_name is the scope, the same on all three.
class TestLivePatroni : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void oneAddressLeadsToTheLeader();
    void threeAddressesMakeOneCluster();
    void theCommandsWorkOnTheDraft();

private:
    QString draft() const { return m_fleet.file(QStringLiteral("fleet.toml")); }

    outside::Fleet m_fleet{"patroni-fleet"};
    QStringList m_addresses; ///< the leader's first
};

void TestLivePatroni::initTestCase()
{
    for (const QString &port : m_fleet.up())
        m_addresses << QStringLiteral("127.0.0.1:") + port;
    QCOMPARE(m_addresses.size(), 3);
}

void TestLivePatroni::oneAddressLeadsToTheLeader()
{
    const Said said = ctl({"fleet", "discover", "--user", "postgres", "--json", m_addresses[1]});
    const QJsonArray others = outside::objects(said.out).at(0)["not_asked"].toArray();
    QVERIFY2(others.size() == 1, qPrintable(said.out + said.error));
    QCOMPARE(others[0].toObject()["address"].toString(), m_addresses[0]);
}

void TestLivePatroni::threeAddressesMakeOneCluster()
{
    const Said said = ctl(QStringList{"fleet", "discover", "--user", "postgres", "-o", draft()} + m_addresses);
    QVERIFY2(said.exit == 0, qPrintable(said.error));
    const auto fleet = outside::load(draft());
    QVERIFY(fleet);
    QCOMPARE(fleet->clusters.size(), size_t(1));
    QCOMPARE(fleet->clusters[0].name.text(), std::string("shop"));
    QCOMPARE(fleet->clusters[0].servers.size(), size_t(3));
    // Replicas are called as the leader knows them, so that their rows of pg_stat_replication are found.
    for (const char *name : {"node1", "node2"}) {
        const bool isThere = std::any_of(fleet->servers.begin(), fleet->servers.end(), [&](const fleet::Server &server) {
            return server.id.text() == name || server.replicationName == name;
        });
        QVERIFY2(isThere, name);
    }
}

void TestLivePatroni::theCommandsWorkOnTheDraft()
{
    const Said status = ctl({"--fleet", draft(), "status"});
    QVERIFY2(status.exit == 0 && status.out.contains(QStringLiteral("3 of 3 servers answered")), qPrintable(status.out + status.error));
    const Said replication = ctl({"--fleet", draft(), "replication"});
    QVERIFY2(replication.out.count(QStringLiteral("streaming")) == 2, qPrintable(replication.out + replication.error));
    const Said shards = ctl({"--fleet", draft(), "shards"});
    QVERIFY2(shards.out.contains(QStringLiteral("tenant_0019")), qPrintable(shards.out + shards.error));
    const Said problems = ctl({"--fleet", draft(), "problems"});
    QVERIFY2(problems.exit == 0, qPrintable(problems.out + problems.error));
}

QTEST_GUILESS_MAIN(TestLivePatroni)
#include "test_live_patroni.moc"
