// SPDX-License-Identifier: GPL-3.0-or-later
// What an invalidator keeps, counts and says; what it does to servers is in tests/live/invalidation.
#include "app/invalidator/Invalidator.h"
#include "app/invalidator/Kept.h"
#include "app/invalidator/LeaseTotals.h"
#include "app/invalidator/Measurer.h"
#include "core/cacheflow/Vouching.h"
#include "core/clients/invalidator/InvalidatorAnswer.h"
#include "tests/core/cacheflow/FakeMemcached.h"

#include <QFile>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <QUdpSocket>

#include <algorithm>

using namespace shardlens;
using namespace std::chrono_literals;
using invalidator::Kept;
using invalidator::LeaseTotals;

class TestInvalidator : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsKeptIsReadAgain()
    {
        const QTemporaryDir folder;
        const std::filesystem::path file = folder.filePath("cursors.json").toStdString();
        QCOMPARE(*invalidator::readKept(file), Kept{});
        Kept kept;
        kept.cursors[base::ClusterName("u1")] = {"10:20:12,14", "127.0.0.1:5432@1.5", "3/7", 1732831200.25, 3, "0/3000060"};
        kept.mustFlush = {"cache-1"};
        QVERIFY(invalidator::writeKept(file, kept));
        QCOMPARE(*invalidator::readKept(file), kept);
        QVERIFY(!QFile::exists(folder.filePath("cursors.json.new")));
        QVERIFY(!(QFile::permissions(folder.filePath("cursors.json")) & (QFile::ReadOther | QFile::ReadGroup)));
    }

    void whatCannotBeReadIsNotTakenForNothing_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("cut short") << QByteArray("{\"cursors\":{\"u1\":{\"snap");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("a cursor that is no object") << QByteArray("{\"cursors\":{\"u1\":7},\"must_flush\":[]}");
        QTest::newRow("no members") << QByteArray("{\"cursors\":{}}");
    }
    void whatCannotBeReadIsNotTakenForNothing()
    {
        QFETCH(QByteArray, text);
        const QTemporaryDir folder;
        QFile file(folder.filePath("cursors.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto kept = invalidator::readKept(file.fileName().toStdString());
        QVERIFY(!kept);
        QCOMPARE(kept.error().code, base::ErrorCode::Protocol);
    }

    void aFolderThatCannotBeWrittenIsAnError()
    {
        QCOMPARE(invalidator::writeKept("/nowhere/at/all/cursors.json", {}).error().code, base::ErrorCode::Io);
    }

    void leasesAreCountedAPoolAtATime()
    {
        LeaseTotals totals;
        totals.declare("east");
        totals.declare("west");
        const base::Instant start{std::chrono::hours(1)};
        totals.take("shardlens.lease.east.granted:10|c", start);
        totals.take("shardlens.lease.east.granted:20|c\nshardlens.lease.north.granted:5|c", start + 2s);
        const auto pools = totals.pools(start + 4s);
        QCOMPARE(pools.size(), std::size_t(2));
        QCOMPARE(pools.at("east").counts.leases.granted, 30U);
        QCOMPARE(pools.at("east").recent.leases.granted, 30U);
        QCOMPARE(pools.at("east").recentSeconds, 4.0);
        QCOMPARE(*pools.at("east").heardAt, start + 2s);
        QVERIFY(!pools.at("west").heardAt);
        QCOMPARE(totals.datagrams(), 2U);
        QCOMPARE(totals.unread(), 1U);
    }

    void theProtocolsPythonExampleIsUnderstood()
    {
        QFile document(QStringLiteral(SHARDLENS_SOURCE_DIR "/app/invalidator/PROTOCOL.md"));
        QVERIFY(document.open(QIODevice::ReadOnly));
        QByteArray program = document.readAll();
        program = program.mid(program.indexOf("```python") + 9);
        program.truncate(program.indexOf("```"));
        QUdpSocket statsd;
        QVERIFY(statsd.bind(QHostAddress::LocalHost));
        QVERIFY(program.contains("8125"));
        program.replace("8125", QByteArray::number(statsd.localPort()));
        QCOMPARE(QProcess::execute(QStringLiteral("python3"), {QStringLiteral("-c"), QString::fromUtf8(program)}), 0);
        QTRY_VERIFY(statsd.hasPendingDatagrams());
        QByteArray said(int(statsd.pendingDatagramSize()), Qt::Uninitialized);
        statsd.readDatagram(said.data(), said.size());
        LeaseTotals totals;
        totals.declare("cache-us-east");
        totals.take(said.toStdString(), base::Instant());
        const auto counts = totals.pools(base::Instant() + 1s).at("cache-us-east").counts;
        QCOMPARE(totals.unread(), 0U);
        QCOMPARE(counts.leases.granted, 3U);
        QCOMPARE(counts.leases.waits[1], 1U);
        QCOMPARE(counts.herds.herds(), 1U);
    }

    void whatIsLongAgoIsNotRecent()
    {
        LeaseTotals totals;
        totals.declare("east");
        const base::Instant start{std::chrono::hours(1)};
        totals.take("shardlens.lease.east.granted:10|c", start);
        totals.take("shardlens.lease.east.granted:20|c", start + 9s);
        QCOMPARE(totals.pools(start + 12s).at("east").recent.leases.granted, 20U);
        QCOMPARE(totals.pools(start + 12s).at("east").recentSeconds, 3.0);
        QCOMPARE(totals.pools(start + 60s).at("east").recentSeconds, 0.0);
        QCOMPARE(totals.pools(start + 60s).at("east").counts.leases.granted, 30U);
    }

    void samplesAreSummedOverTenMinutes()
    {
        invalidator::StalenessWindow window;
        const base::Instant start{std::chrono::hours(1)};
        QVERIFY(!window.sum(start));
        cacheflow::Staleness first;
        first.compared = 10;
        first.stale = 1;
        first.oldest = 3s;
        first.staleKeys = {"u:1"};
        first.error = base::Error{base::ErrorCode::TimedOut, "late", {}, {}, base::Effect::None};
        window.note(start, first);
        QCOMPARE(window.sum(start)->error->message, std::string("late"));
        cacheflow::Staleness second;
        second.compared = 20;
        second.staleKeys = {"u:2", "u:1"};
        window.note(start + 5min, second);
        const auto both = window.sum(start + 10min);
        QCOMPARE(both->compared, 30U);
        QCOMPARE(both->stale, 1U);
        QCOMPARE(both->oldest, std::optional<base::microseconds>(3s));
        QCOMPARE(both->staleKeys, (std::vector<std::string>{"u:2", "u:1"}));
        QVERIFY(!both->error); // it is over
        QCOMPARE(window.sum(start + 11min)->compared, 20U);
        QVERIFY(!window.sum(start + 16min));
        QCOMPARE(window.newest(), std::optional(start + 5min));
    }

    void eachPoolHasAWindowOfItsOwn()
    {
        invalidator::PoolWindows windows;
        const base::Instant start{std::chrono::hours(1)};
        QVERIFY(windows.pools(start).empty());
        cacheflow::Staleness users;
        users.compared = 10;
        users.stale = 2;
        windows.note(base::PoolName("users"), start, users);
        cacheflow::Staleness media;
        media.compared = 30;
        windows.note(base::PoolName("media"), start + 5min, media);
        windows.note(base::PoolName("media"), start + 6min, media);
        const auto both = windows.pools(start + 7min);
        QCOMPARE(both.size(), std::size_t(2));
        QCOMPARE(both.at(base::PoolName("users")).found.stale, 2U);
        QCOMPARE(both.at(base::PoolName("users")).measuredAt, start);
        QCOMPARE(both.at(base::PoolName("media")).found.compared, 60U);
        QCOMPARE(both.at(base::PoolName("media")).found.stale, 0U);
        QCOMPARE(both.at(base::PoolName("media")).measuredAt, start + 6min);
        QCOMPARE(windows.pools(start + 12min).count(base::PoolName("users")), std::size_t(0)); // what is old is not known any more
    }

    void whatEachPoolWasMeasuredIsReadByConsoles()
    {
        const auto read = clients::parseInvalidatorAnswer(
            R"({"region":"us-east","clusters":{},"staleness":{"age_ms":4,"compared":40,"stale":2},)"
            R"("pool_staleness":{"users":{"age_ms":9,"compared":10,"stale":2,"oldest_ms":1500},"media":{"age_ms":4,"compared":30,"stale":0}}})");
        QVERIFY2(read, read ? "" : read.error().message.c_str());
        QCOMPARE(read->staleness->compared, 40U);
        QCOMPARE(read->poolStaleness.size(), std::size_t(2));
        QCOMPARE(read->poolStaleness.at(base::PoolName("users")).stale, 2U);
        QCOMPARE(read->poolStaleness.at(base::PoolName("users")).oldest, std::optional<base::microseconds>(1500ms));
        QCOMPARE(read->poolStaleness.at(base::PoolName("media")).compared, 30U);
        facts::InvalidatorReport report;
        clients::fill(report, *read, base::SystemClock());
        QCOMPARE(report.poolStaleness.at(base::PoolName("users")).compared, 10U);
        QCOMPARE(report.staleness->share(), 0.05);
        QCOMPARE(report.worstStaleShare(), 0.05); // of ten items two are no share
        report.poolStaleness.at(base::PoolName("users")).compared = 100;
        report.poolStaleness.at(base::PoolName("users")).stale = 20;
        QCOMPARE(report.worstStaleShare(), 0.2); // of one pool's, not of all
        // One of before pools were told apart says nothing of them.
        QVERIFY(clients::parseInvalidatorAnswer(R"({"region":"us-east","clusters":{}})")->poolStaleness.empty());
    }

    void whatMayHaveBeenPrunedUnread_data()
    {
        QTest::addColumn<int>("readAgo"); ///< seconds; -1: not since it started
        QTest::addColumn<int>("keptAgo"); ///< the cursor's; -1: none is kept
        QTest::addColumn<bool>("mayHaveMissed");
        QTest::newRow("read just now") << 1 << -1 << false;
        QTest::newRow("not read for long, but not for too long") << 6 * 3600 - 60 << 6 * 3600 << false;
        QTest::newRow("not read for longer than rows are kept") << 6 * 3600 + 60 << 60 << true;
        QTest::newRow("started anew a while ago") << -1 << 3600 << false;
        QTest::newRow("started anew after longer than rows are kept") << -1 << 7 * 3600 << true;
        QTest::newRow("nothing is known of it") << -1 << -1 << true;
    }
    void whatMayHaveBeenPrunedUnread()
    {
        QFETCH(int, readAgo);
        QFETCH(int, keptAgo);
        const base::Instant now{std::chrono::hours(1000)};
        constexpr double utc = 1732831200;
        cacheflow::FollowerState state;
        if (readAgo >= 0)
            state.readAt = now - base::seconds(readAgo);
        if (keptAgo >= 0) {
            state.safeCursor.snapshot = "10:10:";
            state.safeCursor.serverSeconds = utc - keptAgo;
        }
        QTEST(cacheflow::mayHaveMissed(state, now, utc), "mayHaveMissed");
    }

    void membersAreFlushedBeforeTheyAreVouchedForBesideAnOutboxThatWasNeverRead()
    {
        const auto store = std::make_shared<fakes::FakeStore>();
        fakes::FakePeers peers;
        auto &cache = peers.add([&] { return fakes::fakeMemcached(store); });
        auto &cluster = peers.add([&] { return fakes::fakeMemcached(store); });
        cluster.setMood(fakes::Mood::Refuses);
        const base::RegionName region("us-east");
        auto fleet = std::make_shared<fleet::Fleet>();
        fleet->ownRegion = region;
        fleet->regions.push_back({region});
        fleet->servers.push_back({base::ServerId("cache-1"), fleet::ServerKind::Memcached, {}, region, {{"127.0.0.1", cache.port()}, {}}});
        fleet->servers.push_back({base::ServerId("u1-us-east"), fleet::ServerKind::Postgres, {}, region, {{"127.0.0.1", cluster.port()}, {}}});
        fleet->pools.push_back({base::PoolName("cache"), region, {base::ServerId("cache-1")}});
        fleet->clusters.push_back({base::ClusterName("u1"), base::PartitionName("users"), region, {base::ServerId("u1-us-east")}});
        fleet->invalidators.push_back({region, {{"127.0.0.1", 0}, {}}, {}});
        fleet->access.users = {{"invalidator", fleet::Role::Application, {}}};
        fleet->access.invalidator = "invalidator";
        store->put("u:12", "old row");
        invalidator::Invalidator one(fleet, region, {}, std::nullopt, 0U);
        const auto started = one.start();
        QVERIFY2(started, started ? "" : started.error().message.c_str());
        const std::string vouching = "ms " + std::string(cacheflow::vouchKey);
        const auto seen = [&] {
            const std::scoped_lock lock(store->mutex);
            return store->seen;
        };
        const auto isVouch = [&](const std::string &line) { return line.starts_with(vouching); };
        const auto vouches = [&] {
            const auto lines = seen();
            return std::count_if(lines.begin(), lines.end(), isVouch);
        };
        QTRY_VERIFY_WITH_TIMEOUT(vouches() >= 3, 20000); // it goes on without that outbox, after a while
        one.stop();
        const auto lines = seen();
        const auto flushed = std::find(lines.begin(), lines.end(), std::string("flush_all"));
        QVERIFY(flushed != lines.end() && flushed < std::find_if(lines.begin(), lines.end(), isVouch));
        QCOMPARE(std::count(lines.begin(), lines.end(), std::string("flush_all")), std::ptrdiff_t(1)); // once is enough
        QCOMPARE(store->valueOf("u:12"), std::string("(none)"));
    }

    void anAnswerIsRead()
    {
        const auto answer = clients::parseInvalidatorAnswer(
            R"({"region":"us-east","ready":true,"mark_stale_s":10,"up_s":5.5,"new_key":1,"clusters":{"u1":{"state":"failing","via":"member","source":"s","timeline":3,)"
            R"("rows":9,"waiting_rows":2,"behind":true,"lag_p50_ms":1.5,"lag_p99_ms":2,"lag_max_ms":null,"clock_lead_ms":-30000.5,"read_age_ms":12.4,"redeliveries":1,"flushes":2,"errors":4,)"
            R"("error":"no","missed_since":"then","cursor_kept_age_ms":null,"cursor_error":null}},"members":{"c1":{"pool":"p","state":"away","since_ms":1000,"waiting":7,)"
            R"("delivered":8,"found":6,"refused":1,"flushes":0,"vouched":3,"error":"gone"}},"leases":{"p":{"counts":{"granted":4,"filled":3},"per_second":{"granted":0.4},)"
            R"("waits":{"wait_le_5":2},"herds":{"herd_le_20":3},"heard_age_ms":480}},"statsd":{"datagrams":11,"unread":1},"state_error":null})");
        QVERIFY(answer);
        QCOMPARE(answer->region.text(), std::string("us-east"));
        QCOMPARE(answer->staleFor, std::optional(10s));
        const auto &u1 = answer->clusters.at(base::ClusterName("u1"));
        QCOMPARE(u1.state, std::string("failing"));
        QCOMPARE(u1.lagMedian, std::optional(1500us));
        QVERIFY(!u1.lagMost);
        QCOMPARE(u1.clockLead, std::optional<base::microseconds>(-30000500us));
        QCOMPARE(u1.readAge, std::optional(12ms));
        QCOMPARE(u1.missedSince, std::string("then"));
        QVERIFY(u1.isBehind);
        const auto &member = answer->members.at(base::ServerId("c1"));
        QCOMPARE(member.waiting, 7U);
        QCOMPARE(member.since, 1000ms);
        const auto &leases = answer->leases.at(base::PoolName("p"));
        QCOMPARE(leases.counts.granted, 4U);
        QCOMPARE(leases.counts.waits[1], 2U);
        QCOMPARE(leases.herds.sizes[4], 3U);
        QCOMPARE(leases.herds.herds(), 3U);
        QCOMPARE(leases.perSecond.at("granted"), 0.4);
        QCOMPARE(answer->datagrams, 11U);
    }

    void whatIsNoReportIsRefused_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("no JSON") << QByteArray("SERVER_ERROR");
        QTest::newRow("an error") << QByteArray("{\"error\":\"an invalidator answers only\"}");
        QTest::newRow("a guard's") << QByteArray("{\"region\":\"us-east\",\"beats\":{}}");
        QTest::newRow("a list") << QByteArray("[]");
        QTest::newRow("nothing") << QByteArray();
    }
    void whatIsNoReportIsRefused()
    {
        QFETCH(QByteArray, line);
        const auto answer = clients::parseInvalidatorAnswer(line.toStdString());
        QVERIFY(!answer);
        QCOMPARE(answer.error().code, base::ErrorCode::Protocol);
    }
};

QTEST_GUILESS_MAIN(TestInvalidator)
#include "test_invalidator.moc"
