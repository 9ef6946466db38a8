// SPDX-License-Identifier: GPL-3.0-or-later
// What a region's invalidator tells becomes problems with their cause, their harm and their beginning; and ends with them.
#include "tests/fixtures/Dump.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::facts;
using fixtures::World;
using namespace std::chrono_literals;

namespace {

using Trouble = std::function<void(World &)>;

World begun()
{
    World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.run(40);
    return world;
}

void change(World &world, std::function<void(InvalidatorReport &)> change)
{
    world.editInvalidator("eu-west", std::move(change));
}

/// "invalidator_down critical data_wrong eu-west [2]", a line a problem: rule, severity, harm, place, consequences.
QString linesOf(const SnapshotPtr &snapshot)
{
    QStringList lines;
    for (const Problem &problem : snapshot->problems) {
        QStringList words;
        for (const std::string_view word : {name(problem.rule), name(problem.severity), name(problem.impact.harm)})
            words << QString::fromUtf8(word.data(), qsizetype(word.size()));
        for (const std::string &word : {problem.place.region.text(), problem.place.cluster.text(), problem.place.server.text(), problem.detail}) {
            if (!word.empty())
                words << QString::fromStdString(word);
        }
        for (const Problem &folded : problem.consequences)
            words << QStringLiteral("+") + QString::fromUtf8(name(folded.rule).data());
        lines << words.join(QLatin1Char(' '));
    }
    lines.sort();
    return lines.join(QLatin1String("; "));
}

} // namespace

Q_DECLARE_METATYPE(Trouble)

class TestInvalidation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyTroubleIsTold_data()
    {
        QTest::addColumn<Trouble>("trouble");
        QTest::addColumn<QString>("told");
        const auto row = [](const char *name, Trouble trouble, const char *told) { QTest::newRow(name) << std::move(trouble) << QString::fromUtf8(told); };
        row("well", [](World &) {}, "");
        row("an invalidator that was killed", [](World &w) { w.silenceInvalidator("eu-west"); }, "invalidator_down critical data_wrong eu-west refused");
        row("one that hangs", [](World &w) { w.silenceInvalidator("eu-west", base::ErrorCode::TimedOut, "no answer within 1 s"); },
            "invalidator_down critical data_wrong eu-west silent");
        row("an outbox that cannot be read",
            [](World &w) {
                change(w, [](InvalidatorReport &r) {
                    r.clusters.at(base::ClusterName("u1")).state = OutboxFollowing::State::Failing;
                    r.clusters.at(base::ClusterName("u1")).error = "permission denied for table outbox";
                });
            },
            "invalidation_failing warning data_wrong eu-west u1 failing");
        row("an outbox that is not read any more",
            [](World &w) {
                change(w, [begun = std::optional<Instant>()](InvalidatorReport &r) mutable {
                    auto &outbox = r.clusters.at(base::ClusterName("u1"));
                    if (!begun)
                        begun = outbox.readAt;
                    outbox.readAt = begun;
                });
            },
            "invalidation_failing warning data_wrong eu-west u1 still");
        row("deletes that take much longer than usual",
            [](World &w) {
                change(w, [](InvalidatorReport &r) { r.clusters.at(base::ClusterName("u1")).lagMedian = r.clusters.at(base::ClusterName("u1")).lagP99 = 4s; });
            },
            "invalidation_late warning slow eu-west u1");
        row("one late delete among many is none",
            [](World &w) { change(w, [](InvalidatorReport &r) { r.clusters.at(base::ClusterName("u1")).lagP99 = 4s; }); }, "");
        row("rows that were pruned before they were delivered",
            [](World &w) {
                change(w, [](InvalidatorReport &r) {
                    r.clusters.at(base::ClusterName("u1")).missedSince = "2026-11-21 11:58:00+00";
                    r.members.begin()->second.state = MemberDelivery::State::MustFlush;
                });
            },
            "cache_must_flush critical data_wrong eu-west u1 +cache_held_back");
        row("a member that only its invalidator has lost",
            [](World &w) {
                change(w, [](InvalidatorReport &r) {
                    auto &member = r.members.at(base::ServerId("cache-eu-west-1"));
                    member.state = MemberDelivery::State::Away;
                    member.waiting = 1190;
                });
            },
            "cache_held_back warning slow eu-west cache-eu-west-1 away");
        row("a member that is down is held back because of it", [](World &w) { w.silence("cache-eu-west-1", base::ErrorCode::Refused, "connection refused"); },
            "cache_server_down warning slow eu-west cache-eu-west-1 refused +cache_held_back");
        row("items that are stale",
            [](World &w) {
                change(w, [](InvalidatorReport &r) {
                    r.staleness->stale = 34;
                    r.staleness->compared = 8067;
                    r.staleness->oldest = 14min;
                });
            },
            "cache_stale warning data_wrong eu-west");
        row("so many that people see them", [](World &w) { change(w, [](InvalidatorReport &r) { r.staleness->stale = 900; }); }, "cache_stale critical data_wrong eu-west");
        row("so many of one pool's that people see them, and few of all",
            [](World &w) {
                change(w, [](InvalidatorReport &r) {
                    r.staleness->stale = 34;
                    r.poolStaleness[base::PoolName("sessions")].compared = 100;
                    r.poolStaleness[base::PoolName("sessions")].stale = 34;
                });
            },
            "cache_stale critical data_wrong eu-west");
        row("clients that wait in vain", [](World &w) { change(w, [](InvalidatorReport &r) { r.leases.begin()->second.perSecond["gave_up"] = 12; }); },
            "lease_stampede warning slow eu-west gave_up");
        row("fills that come too late", [](World &w) { change(w, [](InvalidatorReport &r) { r.leases.begin()->second.perSecond["lost"] = 300; }); },
            "lease_stampede warning slow eu-west lost");
        row("a region that is lost is the cause", [](World &w) { w.silenceRegion("eu-west"); }, nullptr);
        row("a cluster without its primary has caches that do not follow it",
            [](World &w) {
                w.killPrimary("u1");
                change(w, [](InvalidatorReport &r) { r.clusters.at(base::ClusterName("u1")).state = OutboxFollowing::State::Failing; });
            },
            nullptr);
    }
    void everyTroubleIsTold()
    {
        QFETCH(Trouble, trouble);
        QFETCH(QString, told);
        World world = begun();
        trouble(world);
        const SnapshotPtr snapshot = world.run(14);
        const QString lines = linesOf(snapshot);
        if (!told.isNull()) {
            QCOMPARE(lines, told);
            return;
        }
        for (const char *ours : {"invalidator_down", "invalidation_failing"})
            QVERIFY2(!lines.startsWith(QLatin1String(ours)) && !lines.contains(QLatin1String("; ") + QLatin1String(ours)), qPrintable(lines));
    }

    void cachedItemsOfDeletedRowsAreToldApart()
    {
        World world = begun();
        change(world, [](InvalidatorReport &r) {
            r.staleness->stale = r.staleness->orphans = 3;
            r.staleness->compared = 8067;
            r.staleness->oldest.reset();
        });
        const SnapshotPtr snapshot = world.run(14);
        QCOMPARE(linesOf(snapshot), QStringLiteral("cache_stale warning data_wrong eu-west"));
        const auto &evidence = snapshot->problems.front().evidence;
        const auto isTold = [](const Evidence &one) { return one.reading == "items_without_row" && one.value == Evidence::Value(std::int64_t(3)); };
        QVERIFY2(std::any_of(evidence.begin(), evidence.end(), isTold), fixtures::dumpProblems(*snapshot).c_str());
    }

    void itBeginsWhenTheSilenceBeganAndEndsWithIt()
    {
        World world = begun();
        world.silenceInvalidator("eu-west");
        const auto silentFrom = world.now();
        SnapshotPtr snapshot = world.run(20);
        QCOMPARE(snapshot->problems.size(), std::size_t(1));
        QVERIFY(snapshot->problems[0].since.exact);
        QCOMPARE(snapshot->problems[0].since.at, fixtures::at(12, 0, 0) + fixtures::inMicros(silentFrom));
        world.healInvalidator("eu-west");
        snapshot = world.run(8);
        QVERIFY2(snapshot->problems.empty(), fixtures::dumpProblems(*snapshot).c_str());
        QCOMPARE(snapshot->ended.size(), std::size_t(1));
    }

    void hitRatesAreThoseOfClientsToo()
    {
        World world = begun();
        const SnapshotPtr snapshot = world.tick();
        const PoolFacts *pool = snapshot->pool(base::PoolName("cache-us-east"));
        QVERIFY(pool && pool->clientHitRatio && pool->hitRatio);
        QVERIFY(std::abs(*pool->clientHitRatio - 0.9792) < 0.0005);
        QVERIFY(*pool->clientHitRatio < *pool->hitRatio);
        world.silenceInvalidator("us-east");
        const auto later = world.run(10);
        QCOMPARE(later->pool(base::PoolName("cache-us-east"))->clientHitRatio.error().why, WhyUnknown::ServerSilent);
    }
};

QTEST_APPLESS_MAIN(TestInvalidation)
#include "test_invalidation.moc"
