// SPDX-License-Identifier: GPL-3.0-or-later
// The history's own thread: what one run kept, the next one's charts begin with.
#include "core/record/HistoryStore.h"

#include "core/observe/History.h"
#include "tests/fixtures/Snapshots.h"

#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::Measure;
using facts::SeriesKey;
using record::HistoryStore;

namespace {

const SeriesKey writes{Measure::RouterWrites, "router-us-east"};

/// Plays seconds of a well fleet into a history and its finished steps into a store.
void play(observe::History &history, HistoryStore &store, base::ManualClock &clock, int seconds)
{
    facts::Snapshot snapshot = *fixtures::well();
    for (int i = 0; i < seconds; ++i) {
        clock.advance(1s);
        snapshot.takenUtc = clock.utcNow();
        snapshot.routers.front().writesPerSecond = 100;
        history.record(snapshot);
        if (i % 10 == 9) {
            HistoryStore::Points points;
            history.eachFinishedStep(clock.utcNow(), [&](const SeriesKey &key, const facts::SeriesPoint &point) { points.push_back({key, point}); });
            store.add(std::move(points));
        }
    }
}

} // namespace

class TestHistoryStore : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;

private Q_SLOTS:
    void theNextRunBeginsWithTheLastHour()
    {
        const QString path = m_dir.filePath(QStringLiteral("history.sqlite"));
        auto clock = std::make_shared<base::ManualClock>(fixtures::at(10, 0, 0));
        {
            HistoryStore store(path, clock);
            QSignalSpy opened(&store, &HistoryStore::restored);
            store.open();
            QVERIFY(opened.wait());
            observe::History history;
            play(history, store, *clock, 600);
        } // written at the end

        clock->advance(20min);
        observe::History history;
        HistoryStore store(path, clock);
        std::optional<base::UtcTime> oldest;
        connect(&store, &HistoryStore::restored, this, [&](const HistoryStore::Kept &kept, std::optional<base::UtcTime> first) {
            for (const auto &series : *kept)
                history.restore(series.key, series.series);
            oldest = first;
        });
        QSignalSpy opened(&store, &HistoryStore::restored);
        store.open();
        QVERIFY(opened.wait());
        QCOMPARE(oldest, std::optional(fixtures::at(10, 0, 0)));
        const auto was = history.was(writes, clock->utcNow());
        QVERIFY(was);
        QCOMPARE(was->value, 100.0);
        QCOMPARE(was->at, fixtures::at(10, 0, 0));

        // What is observed now goes on from there; the time in which nobody looked is a gap.
        play(history, store, *clock, 60);
        const auto series = history.series(writes, fixtures::at(10, 9, 0), clock->utcNow());
        QCOMPARE(series.at(0).count, 10U);
        QCOMPARE(std::count_if(series.begin(), series.end(), [](const facts::SeriesPoint &point) { return point.count == 0; }), 120);
        QVERIFY(series.at(series.size() - 2).count > 0);
    }

    void wholeSeriesAreReadWithoutWaiting()
    {
        const QString path = m_dir.filePath(QStringLiteral("whole.sqlite"));
        auto clock = std::make_shared<base::ManualClock>(fixtures::at(10, 0, 0));
        HistoryStore store(path, clock);
        store.open();
        observe::History history;
        play(history, store, *clock, 300);
        std::vector<facts::Series> answer;
        bool answered = false;
        store.read({writes, {Measure::Commits, "nobody"}}, fixtures::at(10, 0, 0), clock->utcNow(), this, [&](std::vector<facts::Series> series) {
            answer = std::move(series);
            answered = true;
        });
        QVERIFY(!answered); // never in the call itself
        QTRY_VERIFY(answered);
        QCOMPARE(answer.size(), 2U);
        QCOMPARE(answer[0].size(), 31U);
        QVERIFY(answer[1].empty());
    }

    void damageIsTold()
    {
        const QString path = m_dir.filePath(QStringLiteral("damaged.sqlite"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(QByteArray(20000, 'x'));
        file.close();
        HistoryStore store(path, std::make_shared<base::ManualClock>(fixtures::at(10, 0, 0)));
        QSignalSpy aside(&store, &HistoryStore::setAside);
        QSignalSpy opened(&store, &HistoryStore::restored);
        store.open();
        QVERIFY(opened.wait());
        QCOMPARE(aside.count(), 1);
        QVERIFY(QFile::exists(aside.front().front().toString()));
    }

    void aFolderThatCannotBeMadeIsTold()
    {
        HistoryStore store(QStringLiteral("/proc/none/history.sqlite"), std::make_shared<base::ManualClock>(fixtures::at(10, 0, 0)));
        QSignalSpy failed(&store, &HistoryStore::failed);
        store.open();
        QVERIFY(failed.wait());
        QVERIFY(!failed.front().front().toString().isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestHistoryStore)
#include "history_store_test.moc"
