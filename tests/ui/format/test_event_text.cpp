// SPDX-License-Identifier: GPL-3.0-or-later
// What changed in the half hour before the worst problem: what was seen to happen, and how far back that look reaches.
#include "tests/fixtures/Snapshots.h"
#include "ui/format/EventText.h"

#include <QRegularExpression>
#include <QTest>

#include <functional>

using namespace shardlens;
using namespace std::chrono_literals;

namespace {

using Edit = std::function<void(facts::Snapshot &)>;

facts::Event restart(const facts::Snapshot &snapshot, std::chrono::seconds before)
{
    facts::Event event;
    event.kind = facts::EventKind::ServerRestarted;
    event.when = {snapshot.problems.front().since.at - before, true};
    event.place.server = base::ServerId("u1-us-west");
    event.before = "2026-11-20T03:14:14Z";
    return event;
}

/// Read first after it: it may be the very first.
facts::Event start(const facts::Snapshot &snapshot, std::chrono::seconds before)
{
    facts::Event event = restart(snapshot, before);
    event.before.clear();
    return event;
}

} // namespace

Q_DECLARE_METATYPE(Edit)

class TestEventText : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void before_data()
    {
        QTest::addColumn<Edit>("edit");
        QTest::addColumn<QString>("told"); ///< a pattern: the clock is the fixture's own
        const auto row = [](const char *name, const char *told, Edit edit) { QTest::newRow(name) << std::move(edit) << QString(told); };
        row("nothing, observed all the while", "In the 30 min before \\S+Z: no setting, role or router change, no restart", [](facts::Snapshot &s) {
            s.observingSinceUtc = s.problems.front().since.at - 2h;
        });
        row("nothing since observing began", "From \\S+Z, when observing began, to \\S+Z: no setting, role or router change, no restart", [](facts::Snapshot &s) {
            s.observingSinceUtc = s.problems.front().since.at - 10min;
        });
        row("a restart that the server tells of, before observing began", "In the 30 min before \\S+Z, observed since \\S+Z: 1 restart \\(\\S+Z\\), no setting, role or router change",
            [](facts::Snapshot &s) {
                s.observingSinceUtc = s.problems.front().since.at - 10min;
                s.events = std::make_shared<const facts::EventList>(facts::EventList{restart(s, 15min)});
            });
        row("a restart while observed", "From \\S+Z, when observing began, to \\S+Z: 2 restarts \\(\\S+Z\\), no setting, role or router change", [](facts::Snapshot &s) {
            s.observingSinceUtc = s.problems.front().since.at - 10min;
            s.events = std::make_shared<const facts::EventList>(facts::EventList{restart(s, 2min), restart(s, 5min)});
        });
        row("a fleet that was started before observing began", "In the 30 min before \\S+Z, observed since \\S+Z: 1 restart \\(\\S+Z\\), 3 starts \\(\\S+Z\\), no setting, role or router change", [](facts::Snapshot &s) {
            s.observingSinceUtc = s.problems.front().since.at - 10min;
            s.events = std::make_shared<const facts::EventList>(facts::EventList{restart(s, 2min), start(s, 12min), start(s, 12min), start(s, 13min)});
        });
        row("a restart of an hour ago is not its", "In the 30 min before \\S+Z: no setting, role or router change, no restart", [](facts::Snapshot &s) {
            s.observingSinceUtc = s.problems.front().since.at - 2h;
            s.events = std::make_shared<const facts::EventList>(facts::EventList{restart(s, 1h)});
        });
        row("observing began after it", "What changed before \\S+Z is not known: observing began after it",
            [](facts::Snapshot &s) { s.observingSinceUtc = s.problems.front().since.at + 1min; });
    }

    void before()
    {
        QFETCH(Edit, edit);
        QFETCH(QString, told);
        facts::Snapshot snapshot = *fixtures::incident();
        snapshot.events = std::make_shared<const facts::EventList>();
        edit(snapshot);
        const QString text = ui::format::beforeText(snapshot);
        QVERIFY2(QRegularExpression(QRegularExpression::anchoredPattern(told)).match(text).hasMatch(), qPrintable(text));
    }

    void aStartOfWhichNothingEarlierIsKnownIsNoRestart()
    {
        const facts::SnapshotPtr snapshot = fixtures::incident();
        QCOMPARE(ui::format::eventText(restart(*snapshot, 5min), *snapshot).what, QStringLiteral("restarted"));
        QCOMPARE(ui::format::eventText(start(*snapshot, 5min), *snapshot).what, QStringLiteral("started"));
    }
};

QTEST_GUILESS_MAIN(TestEventText)
#include "test_event_text.moc"
