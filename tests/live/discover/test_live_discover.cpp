// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/discover/Outside.h"

using namespace shardlens;
using outside::ctl;
using outside::Said;

/// A fleet of somebody else's: tenant_0001 to tenant_0020 on a primary and a standby, and nothing besides.
class TestLiveDiscover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void nothingIsDialledThatNobodyNamed();
    void aDraftIsMadeFromOneAddressByFollowing();
    void missingRightsAreNamedWithTheirGrant();
    void theCommandsWorkOnTheDraft();
    void anExistingFileIsNotReplaced();
    void aSecretOnTheCommandLineIsRefused();

private:
    QString draft() const { return m_fleet.file(QStringLiteral("fleet.toml")); }

    outside::Fleet m_fleet{"plain-fleet"};
    QString m_primary;
    QString m_standby;
};

void TestLiveDiscover::initTestCase()
{
    const QStringList ports = m_fleet.up();
    QCOMPARE(ports.size(), 2);
    m_primary = QStringLiteral("127.0.0.1:") + ports[0];
    m_standby = QStringLiteral("127.0.0.1:") + ports[1];
}

void TestLiveDiscover::nothingIsDialledThatNobodyNamed()
{
    const Said said = ctl({"fleet", "discover", "--user", "postgres", m_standby, "--json"});
    QCOMPARE(said.exit, 0);
    const QJsonObject told = outside::objects(said.out).at(0);
    QCOMPARE(told["servers"].toInt(), 1);
    QVERIFY(told["loads"].toBool());
    QCOMPARE(told["not_asked"].toArray().size(), 1);
    QCOMPARE(told["not_asked"].toArray()[0].toObject()["address"].toString(), m_primary);
}

void TestLiveDiscover::aDraftIsMadeFromOneAddressByFollowing()
{
    const Said said = ctl({"fleet", "discover", "--user", "postgres", "--follow", "there=" + m_standby, "-o", draft()});
    QVERIFY2(said.exit == 0, qPrintable(said.error));
    QCOMPARE(ctl({"fleet", "check", draft()}).exit, 0);
    const auto fleet = outside::load(draft());
    QVERIFY(fleet);
    QVERIFY(!fleet->acting);
    QCOMPARE(fleet->environment, fleet::Environment::Production);
    QCOMPARE(fleet->clusters.size(), size_t(1));
    QCOMPARE(fleet->clusters[0].servers.size(), size_t(2));
    QCOMPARE(fleet->clusters[0].database, std::string("shop"));
    QCOMPARE(fleet->partitions[0].schemaPattern, std::string("tenant_{shard:4}"));
    QVERIFY((fleet->partitions[0].tables == std::vector<std::string>{"orders", "invoices"}));
    QVERIFY(!fleet->directory && !fleet->heartbeat && fleet->routers.empty() && fleet->redisGroups.empty());
}

void TestLiveDiscover::missingRightsAreNamedWithTheirGrant()
{
    const QString bare = m_fleet.file(QStringLiteral("bare.toml"));
    QCOMPARE(ctl({"fleet", "discover", "--user", "looker", m_primary, m_standby, "-o", bare}).exit, 0);
    const Said said = ctl({"--fleet", bare, "fleet", "access", "--json"});
    QCOMPARE(said.exit, 1);
    const auto rows = outside::objects(said.out);
    QCOMPARE(rows.size(), size_t(2));
    for (const QJsonObject &row : rows) {
        const QJsonObject needs = row["needs"].toObject();
        QCOMPARE(needs["connect"].toObject()["verdict"].toString(), QStringLiteral("yes"));
        QCOMPARE(needs["lag"].toObject()["verdict"].toString(), QStringLiteral("no"));
        QCOMPARE(needs["lag"].toObject()["grant"].toString(), QStringLiteral("GRANT pg_monitor TO looker;"));
        QCOMPARE(needs["sizes"].toObject()["verdict"].toString(), QStringLiteral("yes"));
        QCOMPARE(needs["heartbeat"].toObject()["verdict"].toString(), QStringLiteral("not_tried"));
        QCOMPARE(needs["parts"].toObject()["verdict"].toString(), QStringLiteral("not_tried")); // nobody acts on it
    }
    // What may not be read is unknown with its reason, not an error.
    const Said replication = ctl({"--fleet", bare, "replication"});
    QVERIFY2(replication.out.contains(QStringLiteral("unknown: needs pg_monitor")), qPrintable(replication.out + replication.error));
    QCOMPARE(ctl({"--fleet", draft(), "fleet", "access"}).exit, 0); // the superuser may read all
}

void TestLiveDiscover::theCommandsWorkOnTheDraft()
{
    const Said status = ctl({"--fleet", draft(), "status"});
    QVERIFY2(status.exit == 0, qPrintable(status.out + status.error));
    QVERIFY(status.out.contains(QStringLiteral("2 of 2 servers answered")));
    const Said problems = ctl({"--fleet", draft(), "problems"});
    QVERIFY2(problems.exit == 0, qPrintable(problems.out + problems.error));
    const Said shards = ctl({"--fleet", draft(), "shards"});
    QVERIFY2(shards.out.contains(QStringLiteral("tenant_0001")) && shards.out.contains(QStringLiteral("tenant_0020")),
             qPrintable(shards.out + shards.error));
    QVERIFY(shards.out.contains(QStringLiteral("unknown: no directory in the fleet file")));
    const Said replication = ctl({"--fleet", draft(), "replication"});
    QVERIFY2(replication.out.contains(QStringLiteral("streaming")), qPrintable(replication.out + replication.error));
    for (const char *command : {"servers", "routers", "redis"}) {
        const Said said = ctl({"--fleet", draft(), command});
        QVERIFY2(said.exit == 0, qPrintable(QLatin1String(command) + said.out + said.error));
    }
}

void TestLiveDiscover::anExistingFileIsNotReplaced()
{
    const Said said = ctl({"fleet", "discover", "--user", "postgres", m_primary, "-o", draft()});
    QCOMPARE(said.exit, 3);
    QVERIFY(said.error.contains(QStringLiteral("is there already: nothing was written")));
}

void TestLiveDiscover::aSecretOnTheCommandLineIsRefused()
{
    const Said said = ctl({"fleet", "discover", "--secret", "hunter2", m_primary});
    QCOMPARE(said.exit, 2);
    QVERIFY(said.error.contains(QStringLiteral("does not say where the secret is found")));
    QVERIFY(!said.error.contains(QStringLiteral("hunter2")) && !said.out.contains(QStringLiteral("hunter2")));
}

QTEST_GUILESS_MAIN(TestLiveDiscover)
#include "test_live_discover.moc"
