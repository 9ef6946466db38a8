// SPDX-License-Identifier: GPL-3.0-or-later
// History: what is kept, what is a gap, and what "was" means.
#include "core/observe/History.h"

#include "core/base/Clock.h"
#include "core/observe/HistoryTrack.h"
#include "tests/fixtures/Histories.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::facts;
using namespace std::chrono_literals;
using observe::History;

namespace {

const SeriesKey writes{Measure::RouterWrites, "router-us-east"};
const SeriesKey lag{Measure::LagSeconds, "u1-us-west"};

/// One snapshot recorded again and again under a clock that stands still until told.
class Recorder
{
public:
    Recorder() : m_clock(fixtures::at(10, 0, 0)), m_snapshot(*fixtures::well()) {}

    /// Records `seconds` ticks, the writes being what `value` says of each.
    template <class Value>
    void play(int seconds, Value value)
    {
        for (int i = 0; i < seconds; ++i) {
            m_clock.advance(1s);
            tick(value(i));
        }
    }

    void tick(double value)
    {
        m_snapshot.takenUtc = m_clock.utcNow();
        m_snapshot.routers.front().writesPerSecond = value;
        m_history.record(m_snapshot);
    }

    void silent(int seconds) { m_clock.advance(base::seconds(seconds)); }
    base::ManualClock &clock() { return m_clock; }
    Snapshot &snapshot() { return m_snapshot; }
    History &history() { return m_history; }
    UtcTime now() const { return m_clock.utcNow(); }

private:
    base::ManualClock m_clock;
    Snapshot m_snapshot;
    History m_history;
};

std::size_t gapsIn(const Series &series)
{
    return static_cast<std::size_t>(std::count_if(series.begin(), series.end(), [](const SeriesPoint &point) { return point.count == 0; }));
}

} // namespace

class TestHistory : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void emptyHasNothing()
    {
        const History history;
        QVERIFY(!history.observedSince());
        QVERIFY(!history.latest(writes, fixtures::at(10, 0, 0)));
        QVERIFY(!history.was(writes, fixtures::at(10, 0, 0)));
        const Series series = history.series(writes, fixtures::at(10, 0, 0), fixtures::at(10, 0, 9));
        QCOMPARE(series.size(), std::size_t(10));
        QCOMPARE(gapsIn(series), std::size_t(10));
    }

    /// A slow hour does not make slow usual; steps in which nothing was observed count for nothing.
    void aDayTellsWhatIsUsual()
    {
        const auto steps = [](double seconds, int count) { return Series(static_cast<std::size_t>(count), SeriesPoint{{}, seconds, seconds, seconds, 10}); };
        Series kept = steps(0.088, 400);
        const Series slow = steps(0.94, 360);
        kept.insert(kept.end(), slow.begin(), slow.end());
        kept.insert(kept.end(), 5000, SeriesPoint{});
        QCOMPARE(observe::usualLatency(kept).value(), base::microseconds(88ms));
        QVERIFY(!observe::usualLatency(steps(0.94, 29)));
    }

    void secondsForFiveMinutes()
    {
        Recorder r;
        r.play(400, [](int i) { return 100.0 + i; });
        const Series series = r.history().series(writes, r.now() - 5min + 1s, r.now());
        QCOMPARE(series.size(), std::size_t(300));
        QCOMPARE(gapsIn(series), std::size_t(0));
        QCOMPARE(series.front().mean, 200.0);
        QCOMPARE(series.back().mean, 499.0);
        QCOMPARE(series.back().at, r.now());
        QCOMPARE(series[1].at - series[0].at, microseconds(1s));
    }

    void stepsOfTenSecondsForAnHour()
    {
        Recorder r;
        r.play(3600, [](int i) { return i % 10 == 9 ? 40.0 : 10.0; });
        const Series series = r.history().series(writes, r.now() - 30min, r.now() - 10s);
        QCOMPARE(series.size(), std::size_t(180));
        QCOMPARE(gapsIn(series), std::size_t(0));
        for (const SeriesPoint &point : series) {
            QCOMPARE(point.min, 10.0);
            QCOMPARE(point.max, 40.0);
            QCOMPARE(point.count, 10U);
            QVERIFY(std::abs(point.mean - 13.0) < 1e-4);
        }
    }

    void fiveOldMinutesComeInSteps()
    {
        Recorder r;
        r.play(1800, [](int) { return 7.0; });
        const Series series = r.history().series(writes, r.now() - 20min, r.now() - 16min);
        QCOMPARE(series.size(), std::size_t(25));
        QCOMPARE(gapsIn(series), std::size_t(0));
    }

    void whatWasNotObservedIsAGap()
    {
        Recorder r;
        r.play(30, [](int) { return 1.0; });
        r.silent(20);
        r.play(10, [](int) { return 2.0; });
        const Series series = r.history().series(writes, r.now() - 59s, r.now());
        QCOMPARE(series.size(), std::size_t(60));
        QCOMPARE(gapsIn(series), std::size_t(20));
        QCOMPARE(series[29].count, 1U);
        QCOMPARE(series[30].count, 0U);
        QCOMPARE(series[49].count, 0U);
        QCOMPARE(series[50].mean, 2.0);
    }

    void aRingNeverShowsItsLastRound()
    {
        Recorder r;
        r.play(300, [](int) { return 1.0; });
        r.silent(290);
        r.play(1, [](int) { return 5.0; });
        QCOMPARE(gapsIn(r.history().series(writes, r.now() - 299s, r.now())), std::size_t(290));
        r.silent(7200);
        r.play(1, [](int) { return 6.0; });
        const Series hour = r.history().series(writes, r.now() - 1h, r.now());
        QCOMPARE(gapsIn(hour), hour.size() - 1);
    }

    void ticksALittleEarlyOrLateLeaveNoGap()
    {
        Recorder r;
        r.clock().advance(950ms);
        const std::array<int, 6> jitter{0, 90, -60, 40, -80, 70};
        microseconds shifted{0};
        for (int i = 0; i < 200; ++i) {
            const microseconds off = base::milliseconds(jitter[static_cast<std::size_t>(i) % jitter.size()]);
            r.clock().advance(microseconds(1s) + off - shifted);
            shifted = off;
            r.tick(1.0);
        }
        const Series series = r.history().series(writes, r.now() - 150s, r.now() - 2s);
        QCOMPARE(gapsIn(series), std::size_t(0));
    }

    void ticksThatAreSlowerThanASecondStayOnTheClock()
    {
        Recorder r;
        for (int i = 0; i < 200; ++i) {
            r.clock().advance(1100ms);
            r.tick(1.0);
        }
        const Series series = r.history().series(writes, r.now() - 200s, r.now());
        QVERIFY(series.back().count == 1 || series[series.size() - 2].count == 1);
        QVERIFY(gapsIn(series) >= 15 && gapsIn(series) <= 25);
    }

    void aClockSetBackForgetsWhatIsNowTheFuture()
    {
        Recorder r;
        r.play(120, [](int) { return 1.0; });
        r.clock().advance(-60s);
        r.tick(9.0);
        QCOMPARE(*r.history().latest(writes, r.now()), 9.0);
        QCOMPARE(gapsIn(r.history().series(writes, r.now() + 1s, r.now() + 60s)), std::size_t(60));
        QCOMPARE(gapsIn(r.history().series(writes, r.now() - 50s, r.now())), std::size_t(0));
    }

    void latestIsAtMostTenSecondsOld()
    {
        Recorder r;
        r.play(5, [](int i) { return 1.0 * i; });
        QCOMPARE(*r.history().latest(writes, r.now()), 4.0);
        QCOMPARE(*r.history().latest(writes, r.now() + 10s), 4.0);
        QVERIFY(!r.history().latest(writes, r.now() + 11s));
    }

    void wasIsAnHourAgoElseTheOldestKept()
    {
        Recorder r;
        r.play(40, [](int) { return 50.0; });
        QVERIFY2(!r.history().was(writes, r.now()), "less than a minute of history");
        r.play(600, [](int) { return 70.0; });
        QCOMPARE(r.history().was(writes, r.now())->value, 50.0);
        QVERIFY(r.history().was(writes, r.now())->at <= fixtures::at(10, 0, 10));
        r.play(3600, [](int i) { return 100.0 + i; });
        const auto was = r.history().was(writes, r.now());
        QVERIFY(r.now() - was->at >= 1h && r.now() - was->at < 1h + 10s);
        // The step of an hour ago, in which the later values had just begun.
        QVERIFY(was->value >= 70 && was->value < 110);
    }

    void theStaleAndTheUnknownAddNothing()
    {
        Recorder r;
        r.play(10, [](int) { return 1.0; });
        QVERIFY(r.history().latest(lag, r.now()));
        const Snapshot incident = *fixtures::incident();
        History history;
        history.record(incident);
        QVERIFY2(!history.latest(lag, incident.takenUtc), "its primary is dead: nothing to measure it against");
        QVERIFY(!history.latest({Measure::Commits, "u1-us-east"}, incident.takenUtc));
        QVERIFY(history.latest({Measure::LagSeconds, "u2-us-west"}, incident.takenUtc));
        QVERIFY(history.latest({Measure::WorstLagSeconds, "us-west"}, incident.takenUtc));
        QVERIFY(*history.latest({Measure::RouterWaiting, "router-us-east"}, incident.takenUtc) > 100);

        const Snapshot asking = *fixtures::asking();
        History none;
        none.record(asking);
        QVERIFY(!none.observedSince());
    }

    void aPoolWithoutOneServerKeepsItsRatioNotItsSum()
    {
        const Snapshot partly = *fixtures::partlyDown();
        History history;
        history.record(partly);
        QVERIFY(history.latest({Measure::CacheHitRatio, "cache-eu-west"}, partly.takenUtc));
        QVERIFY(!history.latest({Measure::CacheGets, "cache-eu-west"}, partly.takenUtc));
        QVERIFY(history.latest({Measure::CacheGets, "cache-us-east"}, partly.takenUtc));
        QVERIFY(!history.latest({Measure::CacheHitRatio, "cache-us-west"}, partly.takenUtc));
    }

    void shardsOnceAMinute()
    {
        Recorder r;
        const SeriesKey shard{Measure::ShardWrites, "users/17"};
        const auto map = r.snapshot().shardMap;
        for (int minute = 0; minute < 70; ++minute) {
            auto next = std::make_shared<ShardMap>(*map);
            next->version = 100 + static_cast<std::uint64_t>(minute);
            const auto at = std::find_if(next->shards.begin(), next->shards.end(), [](const Shard &s) { return s.key == ShardKey{base::PartitionName("users"), {17}}; });
            at->writesPerSecond = minute;
            if (minute == 60)
                at->writesPerSecond = unknown(WhyUnknown::Reset);
            r.snapshot().shardMap = next;
            r.play(1, [](int) { return 1.0; });
            r.silent(59);
        }
        const Series series = r.history().series(shard, r.now() - 90min, r.now());
        QVERIFY(series.size() <= 62);
        QCOMPARE(series[series.size() - 2].mean, 69.0);
        QCOMPARE(gapsIn(series) <= 3, true);
        QCOMPARE(*r.history().latest(shard, r.now()), 69.0);
        QCOMPARE(r.history().series({Measure::ShardBytes, "users/17"}, r.now() - 5min, r.now() - 1min).front().count, 1U);
        QVERIFY(!r.history().latest({Measure::ShardWrites, "users/99999"}, r.now()));
        QVERIFY(!r.history().latest({Measure::ShardWrites, "users"}, r.now()));
        QVERIFY(r.history().was(shard, r.now())->value < 15);
    }

    /// The map keeps what it read of a cluster that fell silent; its history does not go on with it.
    void shardsOfASilentClusterAreAGap()
    {
        Recorder r;
        const ShardKey key{base::PartitionName("users"), {17}};
        const SeriesKey shard{Measure::ShardBytes, "users/17"};
        auto map = std::make_shared<ShardMap>(*r.snapshot().shardMap);
        const base::ClusterName cluster = map->find(key)->cluster();
        const auto play = [&](std::uint64_t version, base::seconds readAgo) {
            map = std::make_shared<ShardMap>(*map);
            map->version = version;
            map->observedReadAt[cluster] = r.snapshot().takenAt - readAgo;
            r.snapshot().shardMap = map;
            r.play(1, [](int) { return 1.0; });
            const bool isKnown = r.history().series(shard, r.now() - 60s, r.now()).back().count > 0;
            r.silent(59);
            return isKnown;
        };
        QVERIFY(play(100, 1s));
        QVERIFY(play(101, 61s)); // a reading that is a little late
        QVERIFY(!play(102, 121s));
        QVERIFY(play(103, 1s));
    }

    void aTrackIsSmall()
    {
        QVERIFY(sizeof(observe::HistoryTrack::Step) <= 16);
        QVERIFY(observe::HistoryTrack::secondsKept * 8 + observe::HistoryTrack::stepsKept * 16 < 9000);
    }

    void theFixturesHourIsWhole()
    {
        const SnapshotPtr snapshot = fixtures::lagging();
        const auto history = fixtures::historyFor(snapshot);
        const Series hour = history->series(lag, snapshot->takenUtc - 1h + 20s, snapshot->takenUtc);
        QCOMPARE(gapsIn(hour), std::size_t(0));
        QVERIFY(hour.front().max < 0.2);
        QCOMPARE(*history->latest(lag, snapshot->takenUtc), 8.62);
        QVERIFY(history->was(lag, snapshot->takenUtc)->value < 0.2);
    }
};

QTEST_GUILESS_MAIN(TestHistory)
#include "history_test.moc"
