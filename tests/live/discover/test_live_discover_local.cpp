// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/live/discover/Outside.h"

#include <algorithm>

using namespace shardlens;
using outside::ctl;
using outside::Said;

/// A local fleet found again from its routers, caches, guards and one replica a redis group, without its own file.
class TestLiveDiscoverLocal : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void clustersAndRoutersAreFoundByFollowing();
    void redisGroupsAreFoundFromOneReplica();
    void everythingMayBeRead();
    void everyRouterLeadsRight();

private:
    QString draft() const { return m_fleet.file(QStringLiteral("fleet.toml")); }

    outside::Fleet m_fleet{"local-fleet"};
    std::optional<fleet::Fleet> m_found;
};

void TestLiveDiscoverLocal::initTestCase()
{
    qputenv("SHARDLENS_LOCALFLEET", SHARDLENS_LOCALFLEET);
    const QStringList said = m_fleet.up();
    QVERIFY(said.size() > 4);
    const Said drafted = ctl(QStringList{"fleet", "discover", "--user", "shardlens_observer", "--secret", said[0], "--redis-secret",
                                         said[1], "--follow", "-o", draft()} +
                             said.mid(2));
    QVERIFY2(drafted.exit == 0, qPrintable(drafted.error));
    m_found = outside::load(draft());
    QVERIFY(m_found);
}

void TestLiveDiscoverLocal::clustersAndRoutersAreFoundByFollowing()
{
    QStringList clusters;
    for (const fleet::Cluster &cluster : m_found->clusters)
        clusters << QStringLiteral("%1 of %2 on %3")
                        .arg(QString::fromStdString(cluster.name.text()), QString::fromStdString(cluster.partition.text()))
                        .arg(cluster.servers.size());
    std::sort(clusters.begin(), clusters.end());
    QCOMPARE(clusters, (QStringList{"directory of  on 2", "m1 of media on 2", "u1 of users on 2"}));
    QCOMPARE(m_found->routers.size(), size_t(2));
    for (const fleet::Router &router : m_found->routers) {
        QCOMPARE(router.primaryDatabase, std::string("{cluster}"));
        QCOMPARE(router.readDatabase, std::string("{cluster}_read"));
    }
    QVERIFY(m_found->directory);
    QCOMPARE(m_found->heartbeat->table, std::string("shardlens.heartbeat"));
    QCOMPARE(m_found->guards.size(), size_t(2));
    QCOMPARE(m_found->pools.size(), size_t(2));
    QVERIFY(!m_found->acting);
}

void TestLiveDiscoverLocal::redisGroupsAreFoundFromOneReplica()
{
    QStringList groups;
    for (const fleet::RedisGroup &group : m_found->redisGroups)
        groups << QStringLiteral("%1 on %2").arg(QString::fromUtf8(fleet::name(group.role).data())).arg(group.servers.size());
    std::sort(groups.begin(), groups.end());
    QCOMPARE(groups, (QStringList{"feeds on 2", "media_map on 2", "sessions on 2"}));
}

void TestLiveDiscoverLocal::everythingMayBeRead()
{
    const Said access = ctl({"--fleet", draft(), "fleet", "access"});
    QVERIFY2(access.exit == 0, qPrintable(access.out + access.error));
}

void TestLiveDiscoverLocal::everyRouterLeadsRight()
{
    const Said routers = ctl({"--fleet", draft(), "routers"});
    QVERIFY2(routers.exit == 0, qPrintable(routers.out + routers.error));
    QCOMPARE(routers.out.count(QStringLiteral(" right ")), 12);
}

QTEST_GUILESS_MAIN(TestLiveDiscoverLocal)
#include "test_live_discover_local.moc"
