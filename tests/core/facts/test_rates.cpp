// SPDX-License-Identifier: GPL-3.0-or-later
// Counters are subtracted within one life and role of one server only.
#include "core/facts/Assemble.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::facts;
using namespace std::chrono_literals;

namespace {

PostgresSample primary(std::int64_t commits, std::uint64_t lsn)
{
    PostgresSample sample;
    sample.systemIdentifier = 7;
    sample.startedAt = UtcTime(100s);
    sample.current = base::Lsn{lsn};
    sample.counters = PostgresCounters{commits, 1, commits * 2, 0, 0, 0, 0, 0};
    return sample;
}

PostgresRates rates(const PostgresSample &before, const PostgresSample &after, microseconds apart = 2s)
{
    return std::get<PostgresRates>(ratesBetween(before, after, apart));
}

} // namespace

class TestRates : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void postgresWithinOneLife()
    {
        const PostgresRates found = rates(primary(100, 5000), primary(300, 9000));
        QCOMPARE(*found.commitsPerSecond, 100.0);
        QCOMPARE(*found.rowsWrittenPerSecond, 200.0);
        QCOMPARE(*found.rollbacksPerSecond, 0.0);
        QCOMPARE(*found.walBytesPerSecond, 2000.0);
    }

    void neverAcrossARestart()
    {
        PostgresSample after = primary(900, 9000);
        after.startedAt += 1s;
        QCOMPARE(rates(primary(100, 5000), after).commitsPerSecond.error().why, WhyUnknown::Reset);
        QCOMPARE(rates(primary(100, 5000), after).walBytesPerSecond.error().why, WhyUnknown::Reset);
    }

    void neverAcrossARoleChange()
    {
        PostgresSample standby = primary(50, 0);
        standby.inRecovery = true;
        standby.replayed = base::Lsn{4000};
        QCOMPARE(rates(standby, primary(100, 5000)).commitsPerSecond.error().why, WhyUnknown::Reset);
    }

    void neverAgainstAnotherServer()
    {
        PostgresSample other = primary(100, 5000);
        other.systemIdentifier = 8;
        QCOMPARE(rates(primary(90, 4000), other).commitsPerSecond.error().why, WhyUnknown::Reset);
    }

    void aCounterThatWentBackIsNoRate()
    {
        QCOMPARE(rates(primary(100, 5000), primary(40, 5000)).commitsPerSecond.error().why, WhyUnknown::Reset);
    }

    void withoutTheRightTheReasonStays()
    {
        PostgresSample after = primary(100, 5000);
        after.counters = unknown(WhyUnknown::NoRights, "pg_monitor");
        QCOMPARE(rates(primary(90, 4000), after).commitsPerSecond.error().why, WhyUnknown::NoRights);
        QCOMPARE(*rates(primary(90, 4000), after).walBytesPerSecond, 500.0);
    }

    void aStandbysLogIsWhatItReplayed()
    {
        PostgresSample before = primary(1, 0);
        before.inRecovery = true;
        before.replayed = base::Lsn{1000};
        before.current = unknown(WhyUnknown::NotSupported);
        PostgresSample after = before;
        after.replayed = base::Lsn{3000};
        QCOMPARE(*rates(before, after).walBytesPerSecond, 1000.0);
    }

    void nothingBetweenDifferentKindsOrAtOneInstant()
    {
        QVERIFY(std::holds_alternative<std::monostate>(ratesBetween(Sample(), primary(1, 1), 1s)));
        QVERIFY(std::holds_alternative<std::monostate>(ratesBetween(RedisSample(), primary(1, 1), 1s)));
        QVERIFY(std::holds_alternative<std::monostate>(ratesBetween(primary(1, 1), primary(2, 2), 0s)));
    }

    void routersByDatabaseName()
    {
        RouterSample before;
        RouterSample after;
        const auto database = [](const char *name, std::int64_t transactions) {
            RouterDatabase made;
            made.name = name;
            made.transactions = transactions;
            return made;
        };
        before.databases = {database("u1", 100), database("u2", 50)};
        after.databases = {database("m1", 7), database("u1", 400), database("u2", 20)};
        const auto found = std::get<RouterRates>(ratesBetween(before, after, 1s));
        QCOMPARE(found.databases.size(), std::size_t(3));
        QCOMPARE(found.databases[0].transactionsPerSecond.error().why, WhyUnknown::NotAskedYet);
        QCOMPARE(*found.databases[1].transactionsPerSecond, 300.0);
        QCOMPARE(found.databases[2].transactionsPerSecond.error().why, WhyUnknown::Reset);
    }

    void redisHitRatioOfTheStep()
    {
        RedisSample before;
        before.runId = "a";
        before.keyspaceHits = 100;
        before.keyspaceMisses = 100;
        RedisSample after = before;
        after.keyspaceHits = 190;
        after.keyspaceMisses = 110;
        QCOMPARE(*std::get<RedisRates>(ratesBetween(before, after, 1s)).hitRatio, 0.9);
        QCOMPARE(std::get<RedisRates>(ratesBetween(after, after, 1s)).hitRatio.error().why, WhyUnknown::NoValue);
        after.runId = "b";
        QCOMPARE(std::get<RedisRates>(ratesBetween(before, after, 1s)).commandsPerSecond.error().why, WhyUnknown::Reset);
    }

    void memcachedKnowsItsRestartByPidAndUptime()
    {
        MemcachedSample before;
        before.processId = 5;
        before.uptime = 100s;
        before.gets = 1000;
        MemcachedSample after = before;
        after.gets = 3000;
        after.uptime = 101s;
        QCOMPARE(*std::get<MemcachedRates>(ratesBetween(before, after, 1s)).getsPerSecond, 2000.0);
        after.uptime = 3s;
        QCOMPARE(std::get<MemcachedRates>(ratesBetween(before, after, 1s)).getsPerSecond.error().why, WhyUnknown::Reset);
        after.uptime = 101s;
        after.processId = 6;
        QCOMPARE(std::get<MemcachedRates>(ratesBetween(before, after, 1s)).hitRatio.error().why, WhyUnknown::Reset);
    }
};

QTEST_GUILESS_MAIN(TestRates)
#include "test_rates.moc"
