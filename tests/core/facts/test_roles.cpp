// SPDX-License-Identifier: GPL-3.0-or-later
// Who leads a cluster or a group, and where routers and pools stand.
#include "tests/fixtures/Snapshots.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::facts;
using fixtures::World;

namespace {

const base::ClusterName u1("u1");

World world()
{
    return World(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
}

QString primaryOf(const SnapshotPtr &snapshot, const base::ClusterName &name = u1)
{
    const ClusterFacts *cluster = snapshot->cluster(name);
    return cluster->primary ? QString::fromStdString(cluster->primary->text()) : "?" + QString::fromUtf8(shardlens::facts::name(cluster->primary.error().why).data());
}

void sayStandby(Observation &o)
{
    PostgresSample sample = *o.postgres();
    sample.inRecovery = true;
    o.sample = sample;
}

} // namespace

class TestRoles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theWritableMemberLeads()
    {
        World w = world();
        QCOMPARE(primaryOf(w.run(2)), "u1-us-east");
        QCOMPARE(w.tick()->cluster(u1)->standbys.size(), std::size_t(2));
        QCOMPARE(*w.tick()->cluster(u1)->timeline, 4);
        QCOMPARE(*w.tick()->cluster(u1)->term, 7);
    }

    void aSilentPrimaryStaysThePrimaryUntilAnotherTakesOver()
    {
        World w = world();
        w.run(3);
        w.killPrimary("u1");
        QCOMPARE(primaryOf(w.run(20)), "u1-us-east");
        w.promote("u1", "u1-us-west");
        const SnapshotPtr after = w.run(2);
        QCOMPARE(primaryOf(after), "u1-us-west");
        QCOMPARE(*after->cluster(u1)->timeline, 5);
    }

    void aConsoleStartedLaterInfersTheDeadPrimary()
    {
        World w = world();
        w.killPrimary("u1");
        w.run(2);
        QCOMPARE(primaryOf(w.run(6)), "u1-us-east");
    }

    void aPrimaryThatAnswersAsAStandbyIsNone()
    {
        World w = world();
        w.run(3);
        w.edit("u1-us-east", sayStandby);
        QCOMPARE(primaryOf(w.run(2)), "?no_value");
    }

    void nobodyIsAccusedWhileAnAnswerMayStillCome()
    {
        World w = world();
        w.neverAnswered("u1-us-east");
        QCOMPARE(primaryOf(w.run(2)), "?not_asked_yet");
    }

    void ofTwoTheHigherTimelineLeads()
    {
        World w = world();
        w.run(3);
        w.edit("u1-eu-west", [](Observation &o) {
            PostgresSample sample = *o.postgres();
            sample.inRecovery = false;
            sample.timeline = 5;
            o.sample = sample;
        });
        const SnapshotPtr two = w.run(3);
        QCOMPARE(primaryOf(two), "u1-eu-west");
        QCOMPARE(two->cluster(u1)->writable.size(), std::size_t(2));
    }

    void anotherServerAtAMembersAddressNeverLeads()
    {
        World w = world();
        w.run(3);
        w.edit("u1-eu-west", [](Observation &o) {
            PostgresSample sample = *o.postgres();
            sample.systemIdentifier = 99;
            sample.inRecovery = false;
            sample.timeline = 9;
            o.sample = sample;
        });
        const SnapshotPtr other = w.run(3);
        QCOMPARE(primaryOf(other), "u1-us-east");
        QCOMPARE(other->cluster(u1)->writable.size(), std::size_t(1));
    }

    void routersLeadWhereTheyShould()
    {
        World w = world();
        const SnapshotPtr well = w.run(3);
        for (const RouterFacts &router : well->routers) {
            QCOMPARE(router.targets.size(), std::size_t(10));
            for (const RouterTarget &target : router.targets)
                QVERIFY2(target.right.value_or(false), qPrintable(QString::fromStdString(router.server.text() + " " + target.database)));
        }
        w.edit("u1-us-west", [](Observation &o) {
            PostgresSample sample = *o.postgres();
            sample.inRecovery = false;
            sample.timeline = 5;
            o.sample = sample;
        });
        const SnapshotPtr moved = w.run(2);
        QCOMPARE(moved->routers.front().targets.front().right, Known<bool>(false));
        QVERIFY2(!moved->routers.front().targets[1].right.value_or(true), "reads that cross regions should meet a standby there, not the new primary");
    }

    void aRouterThatDialsAnUndeclaredAddressIsNotJudged()
    {
        World w = world();
        w.edit("router-us-east", [](Observation &o) {
            RouterSample sample = *o.router();
            for (RouterDatabase &database : sample.databases) {
                if (database.name == "u1")
                    database.port = 1;
            }
            o.sample = sample;
        });
        const RouterTarget target = w.run(3)->routers.front().targets.front();
        QCOMPARE(target.leadsTo.error().why, WhyUnknown::NotConfigured);
        QVERIFY(!target.right.has_value());
    }

    void aPoolsTotalsNeverCountTheSilentAsZero()
    {
        World w = world();
        w.run(3);
        w.silence("cache-us-east-1", base::ErrorCode::Refused, "connection refused");
        const SnapshotPtr snapshot = w.run(6);
        const PoolFacts *pool = snapshot->pool(base::PoolName("cache-us-east"));
        QCOMPARE(pool->answering, 1U);
        QCOMPARE(pool->declared, 2U);
        QVERIFY(*pool->hitRatio > 0.97 && *pool->hitRatio < 1);
        w.silence("cache-us-east-2", base::ErrorCode::Refused, "connection refused");
        QCOMPARE(w.run(6)->pool(base::PoolName("cache-us-east"))->getsPerSecond.error().why, WhyUnknown::ServerSilent);
    }

    void redisGroupsFollowTheOneTheyReplicateFrom()
    {
        World w = world();
        const SnapshotPtr snapshot = w.run(3);
        const RedisGroupFacts *feeds = snapshot->redisGroup(base::GroupName("feeds"));
        QCOMPARE(QString::fromStdString(feeds->primary->text()), "feeds-us-east");
        for (const StandbyLag &replica : feeds->replicas) {
            QCOMPARE(replica.state, StandbyState::Streaming);
            QCOMPARE(QString::fromStdString(replica.upstream.text()), "feeds-us-east");
            QCOMPARE(replica.behind->count, 0);
            QCOMPARE(replica.time->count(), 0);
        }
        QCOMPARE(*feeds->term, 3);
    }
};

QTEST_GUILESS_MAIN(TestRoles)
#include "test_roles.moc"
