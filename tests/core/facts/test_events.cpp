// SPDX-License-Identifier: GPL-3.0-or-later
// What changed, from tick to tick.
#include "tests/fixtures/Snapshots.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::facts;
using namespace std::chrono_literals;
using fixtures::World;

namespace {

World world()
{
    return World(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
}

/// "role_changed u1-us-west: standby > primary", newest first.
QStringList told(const Snapshot &snapshot)
{
    QStringList lines;
    for (const Event &event : *snapshot.events) {
        QString line = QString::fromUtf8(name(event.kind).data()) + QLatin1Char(' ') +
                       QString::fromStdString(!event.place.server.isEmpty() ? event.place.server.text() : event.place.cluster.text());
        if (!event.subject.empty())
            line += QLatin1Char(' ') + QString::fromStdString(event.subject);
        if (event.kind == EventKind::ProblemBegan || event.kind == EventKind::ProblemEnded)
            line += QLatin1Char(' ') + QString::fromUtf8(name(event.problem->rule).data());
        else if (event.kind == EventKind::RoleChanged || event.kind == EventKind::SettingChanged || event.kind == EventKind::TimelineChanged || event.kind == EventKind::RouterTargetChanged)
            line += QStringLiteral(": %1 > %2").arg(QString::fromStdString(event.before), QString::fromStdString(event.after));
        lines << line;
    }
    return lines;
}

} // namespace

class TestEvents : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aQuietFleetHasNone()
    {
        World w = world();
        QCOMPARE(told(*w.run(30)), QStringList());
    }

    void aLostServerAndItsProblemAreTimedByEvidence()
    {
        World w = world();
        w.run(5);
        w.killPrimary("u1");
        const auto lost = w.run(8);
        const QStringList lines = told(*lost);
        QVERIFY2(lines.contains("server_lost u1-us-east"), qPrintable(lines.join(QLatin1Char('\n'))));
        QVERIFY2(lines.contains("problem_began u1-us-east primary_down"), qPrintable(lines.join(QLatin1Char('\n'))));
        for (const Event &event : *lost->events)
            QVERIFY2(event.when.at <= fixtures::at(12, 0, 5) + 200ms || !event.when.exact, name(event.kind).data());
        const auto sameList = lost->events;
        QCOMPARE(w.tick()->events, sameList); // nothing new: the same list, not a copy
    }

    void aPromotionIsARoleAndATimeline()
    {
        World w = world();
        w.run(5);
        w.killPrimary("u1");
        w.run(5);
        w.promote("u1", "u1-us-west");
        const QStringList lines = told(*w.run(3));
        QVERIFY2(lines.contains("role_changed u1-us-west: standby > primary"), qPrintable(lines.join(QLatin1Char('\n'))));
        QVERIFY2(lines.contains("timeline_changed u1: 4 > 5"), qPrintable(lines.join(QLatin1Char('\n'))));
        QVERIFY2(lines.filter("router_target_changed").size() >= 3, qPrintable(lines.join(QLatin1Char('\n'))));
    }

    void aRestartHasTheServersOwnTime()
    {
        World w = world();
        w.run(5);
        const auto restarted = fixtures::at(12, 0, 6);
        w.edit("m1-us-west", [restarted](Observation &o) {
            auto sample = *o.postgres();
            sample.startedAt = restarted;
            o.sample = sample;
        });
        const auto snapshot = w.run(4);
        QCOMPARE(told(*snapshot).filter("server_restarted"), QStringList{"server_restarted m1-us-west"});
        const Event &event = snapshot->events->front();
        QVERIFY(event.when.exact);
        QVERIFY(std::chrono::abs(event.when.at - restarted) < 1s);
    }

    void aSettingThatChangedIsNamedWithBothValues()
    {
        World w = world();
        w.run(5);
        w.edit("sessions-us-west", [](Observation &o) {
            auto sample = *o.redis();
            sample.appendOnly = !sample.appendOnly;
            o.sample = sample;
        });
        const QStringList lines = told(*w.run(2)).filter("setting_changed");
        QCOMPARE(lines, QStringList{"setting_changed sessions-us-west appendonly: yes > no"});
    }

    void aProblemThatEndedIsToldOnce()
    {
        World w = world();
        w.run(5);
        w.silence("cache-eu-west-1", base::ErrorCode::Refused, "connection refused");
        w.run(10);
        w.answerAgain("cache-eu-west-1");
        const auto snapshot = w.run(20);
        QCOMPARE(told(*snapshot).filter("problem_began").size(), 1);
        QCOMPARE(told(*snapshot).filter("problem_ended").size(), 1);
        QCOMPARE(told(*snapshot).filter("server_back").size(), 1);
        for (std::size_t i = 1; i < snapshot->events->size(); ++i)
            QVERIFY((*snapshot->events)[i - 1].when.at >= (*snapshot->events)[i].when.at);
    }

    void theListIsBounded()
    {
        World w = world();
        SnapshotPtr last;
        for (int i = 0; i < 60; ++i) {
            w.silence("cache-eu-west-1", base::ErrorCode::Refused, "connection refused");
            w.run(4);
            w.answerAgain("cache-eu-west-1");
            last = w.run(12, 60s);
        }
        QVERIFY(!last->events->empty());
        QVERIFY(last->events->size() <= 2000);
        QVERIFY(last->events->back().when.at >= last->takenUtc - 12h);
    }
};

QTEST_APPLESS_MAIN(TestEvents)
#include "test_events.moc"
