// SPDX-License-Identifier: GPL-3.0-or-later
// Series put together from what is on disk and what is in memory, and what charts draw of them.
#include "ui/pages/KeptSeries.h"
#include "tests/fixtures/Snapshots.h"
#include "ui/pages/ChartFeed.h"
#include "ui/pages/ChartRanges.h"

#include <QSignalSpy>
#include <QtTest>

#include <deque>

using namespace shardlens;
using namespace std::chrono_literals;
using ui::pages::ChartFeed;
using ui::pages::KeptSeries;

namespace {

const facts::SeriesKey commits{facts::Measure::Commits, "u1-us-east"};

/// A disk that answers when it is told to: `value` at each 10 s step, but for what was not observed.
struct SlowDisk {
    struct Question {
        std::vector<facts::SeriesKey> keys;
        base::UtcTime from;
        base::UtcTime to;
        std::function<void(std::vector<facts::Series>)> then;
    };
    std::deque<Question> waiting;
    double value = 7;
    base::UtcTime gapFrom;
    base::UtcTime gapTo;

    KeptSeries::Reader reader()
    {
        return [this](const auto &keys, auto from, auto to, QObject *, auto then) { waiting.push_back({keys, from, to, std::move(then)}); };
    }

    void answer()
    {
        const Question asked = std::move(waiting.front());
        waiting.pop_front();
        std::vector<facts::Series> found(asked.keys.size());
        for (auto &series : found) {
            for (auto at = asked.from; at <= asked.to; at += 10s) {
                const bool gap = at >= gapFrom && at < gapTo;
                series.push_back({at, value, value, value, gap ? 0U : 10U});
            }
        }
        asked.then(std::move(found));
    }
};

std::size_t gapsIn(const facts::Series &series)
{
    return static_cast<std::size_t>(std::count_if(series.begin(), series.end(), [](const auto &point) { return point.count == 0; }));
}

} // namespace

Q_DECLARE_METATYPE(shardlens::facts::Event)

class KeptSeriesTest : public QObject
{
    Q_OBJECT

private:
    facts::SnapshotPtr m_well = fixtures::well();
    base::UtcTime m_now = base::UtcTime(std::chrono::floor<std::chrono::seconds>(m_well->takenUtc));
    std::unique_ptr<observe::History> m_recent;
    SlowDisk m_disk;
    std::unique_ptr<KeptSeries> m_kept;

    /// Of the last five minutes, in which nothing but these events happened.
    [[nodiscard]] std::vector<ui::charts::ChartMark> marksOf(facts::EventList events, base::UtcTime observedFrom = {}, const facts::Place &of = {}) const
    {
        auto snapshot = *m_well;
        snapshot.takenUtc = m_now;
        snapshot.observingSinceUtc = observedFrom;
        snapshot.problems.clear();
        snapshot.events = std::make_shared<const facts::EventList>(std::move(events));
        return ChartFeed(m_recent.get(), nullptr, snapshot, 5min).marks(of);
    }

private Q_SLOTS:
    void init()
    {
        m_kept.reset();
        m_recent = std::make_unique<observe::History>();
        for (auto ago = 600s; ago >= 0s; ago -= 1s) {
            auto moment = *m_well;
            moment.takenUtc = m_now - ago;
            m_recent->record(moment);
        }
        m_disk = SlowDisk();
        m_kept = std::make_unique<KeptSeries>(*m_recent);
        m_kept->setOldest(m_now - 20h);
        m_kept->setReader(m_disk.reader());
    }

    void aDayIsReadOnceInTheBackgroundAndGapsStayGaps()
    {
        m_disk.gapFrom = base::UtcTime(std::chrono::floor<std::chrono::hours>(m_now)) - 10h;
        m_disk.gapTo = m_disk.gapFrom + 1h;
        QSignalSpy arrived(m_kept.get(), &KeptSeries::arrived);
        const auto before = m_kept->series(commits, m_now - 24h, m_now);
        QVERIFY(before.size() >= 720);
        QVERIFY(gapsIn(before) > 700); // memory knows ten minutes
        QVERIFY(before.back().count > 0);
        QTRY_COMPARE(m_disk.waiting.size(), std::size_t(1));
        QCOMPARE(arrived.count(), 0);
        m_disk.answer();
        QCOMPARE(arrived.count(), 1);
        const auto after = m_kept->series(commits, m_now - 24h, m_now);
        QCOMPARE(after.size(), before.size());
        QCOMPARE(gapsIn(after), std::size_t(30)); // an hour of steps of two minutes
        QCOMPARE(after.front().mean, 7.0);
        for (std::size_t i = 1; i < after.size(); ++i)
            QVERIFY(after[i].at - after[i - 1].at == KeptSeries::wideStep);
        QCoreApplication::processEvents();
        QVERIFY(m_disk.waiting.empty()); // not asked again
    }

    void aDayIsReadAgainBeforeMemoryLosesWhatFollowed()
    {
        (void)m_kept->series(commits, m_now - 24h, m_now);
        QTRY_COMPARE(m_disk.waiting.size(), std::size_t(1));
        m_disk.answer();
        (void)m_kept->series(commits, m_now - 24h + 55min, m_now + 55min);
        QCoreApplication::processEvents();
        QVERIFY(m_disk.waiting.empty());
        (void)m_kept->series(commits, m_now - 24h + 61min, m_now + 61min);
        QTRY_COMPARE(m_disk.waiting.size(), std::size_t(1));
    }

    void severalSeriesAreOneQuestion()
    {
        for (const char *server : {"u1-us-east", "u2-eu-west", "m1-us-east"})
            (void)m_kept->series({facts::Measure::Commits, server}, m_now - 24h, m_now);
        QTRY_COMPARE(m_disk.waiting.size(), std::size_t(1));
        QCOMPARE(m_disk.waiting.front().keys.size(), std::size_t(3));
    }

    void wasIsAnHourEarlier_data()
    {
        QTest::addColumn<int>("minutes");
        QTest::addColumn<int>("hoursKept");
        QTest::addColumn<int>("shiftMinutes");
        QTest::newRow("five minutes, an hour earlier") << 5 << 20 << 60;
        QTest::newRow("an hour, the hour before") << 60 << 20 << 60;
        QTest::newRow("a day has no day before") << 24 * 60 << 20 << 0;
        QTest::newRow("an hour, of which there is no earlier one") << 60 << 1 << 0;
    }

    void wasIsAnHourEarlier()
    {
        QFETCH(int, minutes);
        QFETCH(int, hoursKept);
        QFETCH(int, shiftMinutes);
        m_kept->setOldest(m_now - std::chrono::hours(hoursKept));
        auto snapshot = *m_well;
        snapshot.takenUtc = m_now;
        const ChartFeed feed(m_recent.get(), m_kept.get(), snapshot, std::chrono::minutes(minutes));
        (void)feed.line(QStringLiteral("u1"), 0, commits);
        QCoreApplication::processEvents();
        while (!m_disk.waiting.empty())
            m_disk.answer();
        const auto line = feed.line(QStringLiteral("u1"), 0, commits);
        QVERIFY(line.wasShift == std::chrono::minutes(shiftMinutes));
        QCOMPARE(line.was.empty(), shiftMinutes == 0);
        if (!line.was.empty()) {
            QCOMPARE(gapsIn(line.was), std::size_t(0));
            QCOMPARE(line.was.front().mean, 7.0);
            QVERIFY(line.was.back().at + line.wasShift <= m_now);
        }
    }

    void whatChangedIsMarked_data()
    {
        using facts::EventKind;
        using Kind = ui::charts::ChartMark::Kind;
        QTest::addColumn<facts::Event>("event");
        QTest::addColumn<bool>("isExact");
        QTest::addColumn<QString>("text"); // empty: no mark
        QTest::addColumn<int>("kind");
        const auto event = [](EventKind kind, const char *server, const char *subject, const char *after) {
            facts::Event made;
            made.kind = kind;
            made.place.server = base::ServerId(server);
            made.subject = subject;
            made.after = after;
            return made;
        };
        const auto role = event(EventKind::RoleChanged, "u1-eu-west", "", "primary");
        const auto problem = [&](facts::Severity severity, bool isExact) {
            facts::Problem of;
            of.rule = facts::Rule::PrimaryDown;
            of.severity = severity;
            of.place.cluster = base::ClusterName("u1");
            of.since = {m_now - 2min, isExact};
            auto began = event(EventKind::ProblemBegan, "", "", "");
            began.place = of.place;
            began.problem = std::make_shared<const facts::Problem>(std::move(of));
            return began;
        };
        QTest::newRow("a role, between two readings") << role << false << QStringLiteral("u1-eu-west is primary") << int(Kind::Event);
        QTest::newRow("where a router leads to") << event(EventKind::RouterTargetChanged, "router-us-east", "u1", "u1-eu-west") << false
                                                 << QStringLiteral("u1 leads to u1-eu-west") << int(Kind::Event);
        QTest::newRow("a router's pause") << event(EventKind::RouterPauseChanged, "router-us-east", "u1", "paused") << false
                                          << QStringLiteral("u1 paused") << int(Kind::Event);
        QTest::newRow("a setting, between two readings") << event(EventKind::SettingChanged, "u1-us-east", "work_mem", "64MB") << false
                                                         << QStringLiteral("work_mem changed") << int(Kind::Event);
        QTest::newRow("a setting, as the server tells") << event(EventKind::SettingChanged, "u1-us-east", "work_mem", "64MB") << true
                                                        << QStringLiteral("work_mem changed") << int(Kind::Event);
        auto restarted = event(EventKind::ServerRestarted, "u1-us-east", "", "");
        restarted.before = "2026-11-20T08:00:00.000Z";
        QTest::newRow("a start that nobody saw before") << event(EventKind::ServerRestarted, "u1-us-east", "", "") << true << QStringLiteral("u1-us-east started") << int(Kind::Event);
        QTest::newRow("a restart") << restarted << true << QStringLiteral("u1-us-east restarted")
                                   << int(Kind::Event);
        QTest::newRow("a problem that began") << problem(facts::Severity::Critical, true) << true << QStringLiteral("u1") << int(Kind::Critical);
        QTest::newRow("a warning that began") << problem(facts::Severity::Warning, true) << true << QStringLiteral("u1") << int(Kind::Warning);
        QTest::newRow("a problem of which only the end of its beginning is known")
            << problem(facts::Severity::Critical, false) << false << QString() << 0;
        QTest::newRow("a problem tells that a server is lost") << event(EventKind::ServerLost, "u1-us-east", "", "refused") << true << QString() << 0;
    }

    void whatChangedIsMarked()
    {
        QFETCH(facts::Event, event);
        QFETCH(bool, isExact);
        QFETCH(QString, text);
        QFETCH(int, kind);
        event.when = {m_now - 2min, isExact};
        const auto marks = marksOf({event});
        QCOMPARE(marks.size(), std::size_t(text.isEmpty() ? 0 : 1));
        if (text.isEmpty())
            return;
        QCOMPARE(marks.front().text, text);
        QCOMPARE(int(marks.front().kind), kind);
        QVERIFY(marks.front().at == m_now - 2min);
    }

    void whatIsBoundedByTheStartAloneIsNotMarked()
    {
        facts::Event role;
        role.kind = facts::EventKind::RoleChanged;
        role.place.server = base::ServerId("u1-eu-west");
        role.after = "primary";
        role.when = {m_now - 3min, false};
        QCOMPARE(marksOf({role}, m_now - 3min).size(), std::size_t(0));
        QCOMPARE(marksOf({role}, m_now - 4min).size(), std::size_t(1));
        role.when.exact = true;
        QCOMPARE(marksOf({role}, m_now - 3min).size(), std::size_t(1));
    }

    void theWorstAndNewestAreMarked()
    {
        facts::EventList events;
        for (const auto ago : {1min, 2min, 3min, 4min}) {
            facts::Event role;
            role.kind = facts::EventKind::RoleChanged;
            role.place.server = base::ServerId("u1-eu-west");
            role.after = ago == 1min ? "primary" : "standby";
            role.when = {m_now - ago, false};
            events.push_back(role);
        }
        const auto marks = marksOf(events);
        QCOMPARE(marks.size(), std::size_t(3));
        QCOMPARE(marks.front().text, QStringLiteral("u1-eu-west is primary"));
        QVERIFY(marks.back().at == m_now - 3min);
        QCOMPARE(marksOf(events, {}, {.region = {}, .server = {}, .cluster = base::ClusterName("u1"), .group = {}, .pool = {}}).size(), std::size_t(3));
        QCOMPARE(marksOf(events, {}, {.region = {}, .server = {}, .cluster = base::ClusterName("m1"), .group = {}, .pool = {}}).size(), std::size_t(0));
    }

    void whatIsNotOnDiskIsSaid()
    {
        QCOMPARE(m_kept->observedSince(), std::optional(m_now - 20h));
        KeptSeries none(*m_recent);
        QCOMPARE(none.observedSince(), m_recent->observedSince());
        QVERIFY(!none.reaches(m_now - 1h));
        QCOMPARE(gapsIn(none.series(commits, m_now - 24h, m_now - 2h)), none.series(commits, m_now - 24h, m_now - 2h).size());
        QCOMPARE(ui::pages::chartRangeNames().size(), static_cast<qsizetype>(ui::pages::chartRanges.size()));
    }
};

QTEST_MAIN(KeptSeriesTest)
#include "KeptSeriesTest.moc"
