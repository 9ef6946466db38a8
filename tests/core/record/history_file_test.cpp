// SPDX-License-Identifier: GPL-3.0-or-later
// The history on disk: what comes back, what is dropped, and what happens to a damaged file.
#include "core/record/EventRecord.h"
#include "core/record/HistoryFile.h"
#include "tests/fixtures/Snapshots.h"

#include <QDir>
#include <QFile>
#include <QSqlDatabase>
#include <QSqlQuery>
#include <QTemporaryDir>
#include <QTest>

using namespace shardlens;
using namespace std::chrono_literals;
using facts::Measure;
using facts::SeriesKey;
using record::HistoryFile;
using record::KeptPoint;

namespace {

const SeriesKey lag{Measure::LagSeconds, "u1-us-west"};
const SeriesKey writes{Measure::RouterWrites, "router-us-east"};
const base::UtcTime start{std::chrono::sys_days(std::chrono::year(2026) / 11 / 20) + 22h};

std::unique_ptr<HistoryFile> opened(const QString &path, base::UtcTime now = start)
{
    auto result = HistoryFile::open(path, now);
    return result ? std::move(result->file) : nullptr;
}

KeptPoint point(const SeriesKey &key, base::UtcTime at, double value)
{
    return {key, {at, value - 0.5, value, value + 0.5, 10}};
}

} // namespace

class TestHistoryFile : public QObject
{
    Q_OBJECT

private:
    QTemporaryDir m_dir;
    QString m_path;

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        m_path = m_dir.filePath(QStringLiteral("%1/history.sqlite").arg(++number)); // the folder is made by the file
    }

    /// Real events of a fleet that goes wrong in many ways come back as they were, but for when readings were taken by a clock that
    /// is only good within one run.
    void eventsComeBackAfterReopening()
    {
        fixtures::Churn churn;
        facts::SnapshotPtr last;
        for (int i = 0; i < fixtures::Churn::ticks; ++i)
            last = churn.next();
        facts::EventList events = *last->events;
        QVERIFY(events.size() > 10);
        QVERIFY(std::any_of(events.begin(), events.end(), [](const facts::Event &event) { return event.problem && !event.problem->evidence.empty(); }));
        {
            auto file = opened(m_path, last->takenUtc);
            QVERIFY(file->addEvents(events));
            QVERIFY(file->addEvents(events)); // another console on the same file
        }
        for (facts::Event &event : events) {
            if (!event.problem)
                continue;
            auto problem = std::make_shared<facts::Problem>(*event.problem);
            problem->impact.usersCountedAt.reset();
            for (facts::Evidence &evidence : problem->evidence)
                evidence.readAt.reset();
            event.problem = problem;
        }
        const auto read = HistoryFile::readEvents(m_path, last->takenUtc - 1h, last->takenUtc + 1h);
        QVERIFY(read);
        QCOMPARE(read->size(), events.size());
        for (const facts::Event &event : events)
            QVERIFY2(std::find(read->begin(), read->end(), event) != read->end(), facts::name(event.kind).data());
        QVERIFY(std::is_sorted(read->begin(), read->end(), [](const auto &a, const auto &b) { return a.when.at > b.when.at; }));
    }

    /// Two consoles on one file: each writes when it sees it, with its own readings.
    void whatTwoConsolesSawIsToldOnce()
    {
        const auto event = [](base::UtcTime at, const char *after, const char *server = "router-us-east") {
            facts::Event one;
            one.kind = facts::EventKind::RouterPauseChanged;
            one.when = {at, true};
            one.place.server = base::ServerId(server);
            one.subject = "u1";
            one.after = after;
            return one;
        };
        const facts::EventList all{event(start + 20s, "paused"), // again, half a minute later
                                   event(start + 1900ms, "paused"), event(start + 1500ms, "resumed"), event(start + 1400ms, "resumed"),
                                   event(start + 300ms, "paused"), event(start + 300ms, "paused", "router-us-west"), event(start, "paused")};
        const facts::EventList once{all[0], all[1], all[3], all[6], all[5]};
        auto folded = record::foldedEvents(all);
        const auto order = [](const facts::Event &a, const facts::Event &b) { return std::pair(b.when.at, a.place.server) < std::pair(a.when.at, b.place.server); };
        std::sort(folded.begin(), folded.end(), order);
        facts::EventList wanted = once;
        std::sort(wanted.begin(), wanted.end(), order);
        QCOMPARE(folded, wanted);
        auto file = opened(m_path);
        QVERIFY(file->addEvents(all));
        QCOMPARE(file->events(start - 1h, start + 1h)->size(), once.size());
    }

    void eventsAreBounded()
    {
        auto file = opened(m_path);
        facts::EventList events;
        for (int i = 0; i < HistoryFile::mostEvents + 500; ++i) {
            facts::Event event;
            event.when = {start + i * 1s, true};
            event.after = i % 2 == 0 ? "paused" : "resumed";
            events.push_back(event);
        }
        facts::Event old;
        old.when = {start - 30h, true};
        events.push_back(old);
        QVERIFY(file->addEvents(events));
        QVERIFY(file->write(start + 6h));
        const auto kept = file->events(start - 48h, start + 48h);
        QVERIFY(kept);
        QVERIFY2(kept->size() <= std::size_t(HistoryFile::mostEvents) + 1, qPrintable(QString::number(kept->size())));
        QCOMPARE(kept->front().when.at, start + (HistoryFile::mostEvents + 499) * 1s);
    }

    void aFileOfAnOlderVersionHasNoEvents()
    {
        { auto file = opened(m_path); }
        {
            QSqlDatabase database = QSqlDatabase::addDatabase(QStringLiteral("QSQLITE"), QStringLiteral("older"));
            database.setDatabaseName(m_path);
            QVERIFY(database.open());
            QVERIFY(QSqlQuery(database).exec(QStringLiteral("DROP TABLE event")));
        }
        QSqlDatabase::removeDatabase(QStringLiteral("older"));
        const auto none = HistoryFile::readEvents(m_path, start - 1h, start + 1h);
        QVERIFY(none && none->empty());
        QVERIFY(opened(m_path)->events(start - 1h, start + 1h)); // opening it to write makes room for them
    }

    void whatWasWrittenComesBackAfterReopening()
    {
        {
            auto file = opened(m_path);
            QVERIFY(file);
            for (int i = 0; i < 100; ++i)
                file->add({point(lag, start + i * 10s, i), point(writes, start + i * 10s, 2 * i)});
            QVERIFY(file->write(start + 1000s));
        }
        auto file = opened(m_path, start + 1010s);
        QVERIFY(file);
        const auto series = file->series(lag, start, start + 990s);
        QVERIFY(series);
        QCOMPARE(series->size(), 100U);
        QCOMPARE(series->at(70).at, start + 700s);
        QCOMPARE(series->at(70).min, 69.5);
        QCOMPARE(series->at(70).mean, 70.0);
        QCOMPARE(series->at(70).max, 70.5);
        QCOMPARE(series->at(70).count, 10U);
        const auto all = file->all(start, start + 990s);
        QVERIFY(all);
        QCOMPARE(all->size(), 2U);
        QCOMPARE(file->oldest().value(), std::optional(start));
    }

    void aFileInUseIsReadBesideItsWriter()
    {
        auto file = opened(m_path);
        file->add({point(lag, start, 4)});
        QVERIFY(file->write(start));
        const auto all = HistoryFile::read(m_path, start, start + 10s);
        QVERIFY2(all.has_value(), all ? "" : all.error().message.c_str());
        QCOMPARE(all->size(), 1U);
        QCOMPARE(all->front().series.front().mean, 4.0);
        file->add({point(lag, start + 10s, 5)});
        QVERIFY(file->write(start + 10s));
        const auto missing = HistoryFile::read(m_path + QStringLiteral(".none"), start, start);
        QVERIFY(!missing);
        QVERIFY(!QFile::exists(m_path + QStringLiteral(".none")));
    }

    void whatIsAddedIsSeenBeforeItIsWritten()
    {
        auto file = opened(m_path);
        file->add({point(lag, start, 4)});
        QCOMPARE(file->series(lag, start, start)->front().mean, 4.0);
        QVERIFY(file->series(writes, start, start)->empty());
    }

    void unobservedTimesAreGaps()
    {
        auto file = opened(m_path);
        file->add({point(lag, start, 1), point(lag, start + 30s, 2)});
        const auto series = file->series(lag, start, start + 30s);
        QCOMPARE(series->size(), 4U);
        QCOMPARE(series->at(1).count, 0U);
        QCOMPARE(series->at(2).count, 0U);
        QCOMPARE(series->at(3).mean, 2.0);
    }

    void twoWritersLayTheirStepsOverEachOther()
    {
        auto one = opened(m_path);
        auto two = opened(m_path);
        one->add({point(lag, start, 1)});
        two->add({point(lag, start + 10s, 2)});
        QVERIFY(one->write(start + 20s));
        QVERIFY(two->write(start + 20s));
        const auto series = opened(m_path)->series(lag, start, start + 10s);
        QCOMPARE(series->at(0).mean, 1.0);
        QCOMPARE(series->at(1).mean, 2.0);
    }

    void olderThanADayIsDropped()
    {
        auto file = opened(m_path);
        for (auto at = start; at < start + 26h; at += 10min)
            file->add({point(lag, at, 1)});
        QVERIFY(file->write(start + 26h));
        QCOMPARE(file->oldest().value(), std::optional(start + 2h));
    }

    // The bound that makes a console safe to leave open: a day more of the same fleet takes no more room.
    void theFileDoesNotGrowAfterADay()
    {
        auto file = opened(m_path);
        const auto playDay = [&](int day) {
            for (int i = 0; i < 24 * 60; ++i) {
                const auto at = start + day * 24h + i * 1min;
                for (int series = 0; series < 20; ++series)
                    file->add({point({Measure::Commits, "server-" + std::to_string(series)}, at, i)});
                if (i % 10 == 9 && !file->write(at))
                    QFAIL("not written");
            }
        };
        playDay(0);
        playDay(1);
        const qint64 after = QFile(m_path).size();
        playDay(2);
        playDay(3);
        QVERIFY2(QFile(m_path).size() < after * 11 / 10, qPrintable(QStringLiteral("%1 after %2").arg(QFile(m_path).size()).arg(after)));
    }

    void aDamagedFileIsSetAside_data()
    {
        QTest::addColumn<bool>("wholly");
        QTest::newRow("not a database at all") << true;
        QTest::newRow("a page in the middle overwritten") << false;
    }

    void aDamagedFileIsSetAside()
    {
        QFETCH(bool, wholly);
        {
            auto file = opened(m_path);
            for (int i = 0; i < 4000; ++i)
                file->add({point(lag, start + i * 10s, i)});
            QVERIFY(file->write(start + 40000s));
        }
        QFile damaged(m_path);
        QVERIFY(damaged.open(QIODevice::ReadWrite));
        const qint64 size = damaged.size();
        QVERIFY(damaged.seek(wholly ? 0 : 4096));
        damaged.write(QByteArray(static_cast<int>(wholly ? size : size - 4096), 'x'));
        damaged.close();

        const auto result = HistoryFile::open(m_path, start);
        QVERIFY2(result.has_value(), result ? "" : result.error().message.c_str());
        QVERIFY(QFile::exists(result->setAside));
        QVERIFY(!result->why.isEmpty());
        QVERIFY(result->file->all(start, start + 40000s)->empty());
        result->file->add({point(lag, start, 7)});
        QVERIFY(result->file->write(start));
    }

    void aNewerVersionsFileIsLeftAsItIs()
    {
        opened(m_path).reset();
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::ReadWrite));
        QVERIFY(file.seek(60)); // user_version in SQLite's header
        file.write(QByteArray::fromHex("00000063"));
        file.close();
        const auto result = HistoryFile::open(m_path, start);
        QVERIFY(!result);
        QCOMPARE(result.error().code, base::ErrorCode::Refused);
        QVERIFY(QFile::exists(m_path));
        QCOMPARE(QDir(QFileInfo(m_path).absolutePath()).entryList(QDir::Files).size(), 1);
    }

    void aFolderThatCannotBeMadeIsAnError()
    {
        const auto result = HistoryFile::open(QStringLiteral("/proc/none/history.sqlite"), start);
        QVERIFY(!result);
        QCOMPARE(result.error().code, base::ErrorCode::Io);
    }
};

QTEST_GUILESS_MAIN(TestHistoryFile)
#include "history_file_test.moc"
