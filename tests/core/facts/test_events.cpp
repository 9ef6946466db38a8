// SPDX-License-Identifier: GPL-3.0-or-later
// What changed, from tick to tick.
#include "core/facts/rules/Ledger.h"
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

    /// Servers tell when they started, also where nobody looked yet: once, whoever reads it, and though uptimes tell whole seconds.
    void aStartBeforeObservingBeganIsTold()
    {
        const auto start = [](World &w, base::seconds before) {
            w.edit("m1-us-west", [](Observation &o) {
                auto sample = *o.postgres();
                sample.startedAt = fixtures::at(11, 58, 0);
                o.sample = sample;
            });
            w.edit("sessions-us-west", [before](Observation &o) {
                auto sample = *o.redis();
                sample.uptime = std::chrono::floor<std::chrono::seconds>(*o.sampledUtc - fixtures::at(11, 57, 0)) + before;
                o.sample = sample;
            });
        };
        World w = world();
        start(w, 0s);
        const auto first = w.run(5);
        const QStringList both{"server_restarted m1-us-west", "server_restarted sessions-us-west"};
        QCOMPARE(told(*first), both);
        const Event &event = first->events->front();
        QVERIFY(event.when.exact && std::chrono::abs(event.when.at - fixtures::at(11, 58, 0)) < 1s);
        QVERIFY(event.before.empty());
        // Another run reads the same starts, before or after it has what the first one kept.
        for (const bool early : {true, false}) {
            World next(fixtures::defaultFleet(), fixtures::at(12, 10, 0));
            start(next, 1s);
            if (early)
                next.restore(*first->events);
            next.run(2);
            if (!early)
                next.restore(*first->events);
            QCOMPARE(told(*next.run(2)), both);
        }
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

    /// A Redis that loads its data, or takes in a full copy, says that it appends to no file.
    void whatARedisDoesWhileItTakesInItsDataIsNoChangedSetting()
    {
        World w = world();
        w.run(5);
        const auto takesIn = [&](bool takes) {
            w.edit("sessions-us-west", [takes](Observation &o) {
                auto sample = *o.redis();
                sample.link->syncing = takes;
                sample.appendOnly = !takes;
                o.sample = sample;
            });
            return *w.run(2);
        };
        const Snapshot during = takesIn(true);
        QCOMPARE(told(during).filter("setting_changed"), QStringList());
        for (const auto &problem : during.problems)
            QVERIFY(problem.rule != Rule::RedisNotSaved);
        QCOMPARE(told(takesIn(false)).filter("setting_changed"), QStringList());
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

    void aClaimIsToldByItsOwnTimeAndSoIsItsEnd()
    {
        World w = world();
        w.run(5);
        w.killPrimary("u1");
        const auto down = w.run(8);
        auto shared = std::make_shared<Shared>();
        shared->readAt = down->takenAt;
        Claim claim{Claim::Kind::Claimed, down->problems.front().id(), {"oncall1", "anna", "ws3"}, {}, down->takenUtc - 2s, down->takenUtc + 12h, false};
        shared->claims = {claim};
        w.share(shared);
        const auto claimed = w.run(2);
        QCOMPARE(claimed->events->front().kind, EventKind::ProblemClaimed);
        QVERIFY(claimed->events->front().when == (Since{claim.at, true}));
        QCOMPARE(claimed->events->front().after, std::string("oncall1"));
        QCOMPARE(claimed->events->front().problem->rule, Rule::PrimaryDown);
        auto released = std::make_shared<Shared>();
        released->readAt = claimed->takenAt;
        w.share(released);
        const auto after = w.run(3);
        QCOMPARE(told(*after).filter("problem_claimed").size(), 1);
        QCOMPARE(told(*after).filter("problem_released").size(), 1);
        QCOMPARE(after->events->front().before, std::string("oncall1"));
    }

    /// A claim of an earlier problem of the same name is no claim of this one.
    void aClaimHoldsForItsProblemAlone_data()
    {
        QTest::addColumn<int>("claimedBefore");
        QTest::addColumn<int>("endsIn");
        QTest::addColumn<bool>("exact");
        QTest::addColumn<bool>("holds");
        QTest::newRow("claimed while it lasts") << -10 << 3600 << true << true;
        QTest::newRow("claimed an hour before it began") << 3600 << 3600 << true << false;
        QTest::newRow("it began before anybody looked") << 3600 << 3600 << false << true;
        QTest::newRow("its time is over") << -10 << -1 << true << false;
        QTest::newRow("clocks differ by a second") << 1 << 3600 << true << true;
    }
    void aClaimHoldsForItsProblemAlone()
    {
        QFETCH(int, claimedBefore);
        QFETCH(int, endsIn);
        QFETCH(bool, exact);
        QFETCH(bool, holds);
        const auto now = fixtures::at(12, 0, 0);
        Problem problem;
        problem.since = {now - 60s, exact};
        Shared shared;
        shared.claims = {{Claim::Kind::Claimed, problem.id(), {}, {}, problem.since.at - std::chrono::seconds(claimedBefore), now + std::chrono::seconds(endsIn), false}};
        QCOMPARE(claimOn(&shared, problem, Claim::Kind::Claimed, now) != nullptr, holds);
        QVERIFY(!claimOn(&shared, problem, Claim::Kind::Quieted, now));
        QVERIFY(!claimOn(nullptr, problem, Claim::Kind::Claimed, now));
    }

    void whatAnEarlierRunKeptStandsAgain()
    {
        EventList kept;
        {
            World w = world();
            w.run(5);
            w.silence("cache-eu-west-1", base::ErrorCode::Refused, "connection refused");
            w.run(10);
            w.answerAgain("cache-eu-west-1");
            w.run(20);
            w.killPrimary("u1");
            const auto last = w.run(20);
            kept = *last->events;
            QCOMPARE(last->ended.size(), std::size_t(1));
        }
        World next(fixtures::defaultFleet(), fixtures::at(12, 10, 0));
        next.killPrimary("u1");
        next.restore(kept);
        const auto seen = next.run(25);
        QCOMPARE(seen->ended.size(), std::size_t(1)); // and no second end of it
        QCOMPARE(seen->ended.front().place.server, base::ServerId("cache-eu-west-1"));
        QCOMPARE(told(*seen).filter("primary_down").size(), 1); // what was left running does not begin anew
        for (const Event &event : kept)
            QVERIFY(std::find(seen->events->begin(), seen->events->end(), event) != seen->events->end());
    }

    /// What no server's evidence times began when the earlier run saw it begin, if it was there all along.
    void theBeginningThatAnEarlierRunSawIsKept_data()
    {
        QTest::addColumn<int>("seenAfter");
        QTest::addColumn<bool>("isKept");
        QTest::newRow("there from the first look on") << 0 << true;
        QTest::newRow("first seen after half a minute: it is another one") << 30 << false;
    }
    void theBeginningThatAnEarlierRunSawIsKept()
    {
        QFETCH(int, seenAfter);
        QFETCH(bool, isKept);
        Problem earlier;
        earlier.rule = Rule::CacheServerDown;
        earlier.place.server = base::ServerId("cache-eu-west-1");
        earlier.since = {fixtures::at(11, 0, 0), true};
        rules::Ledger ledger;
        ledger.remember(earlier);
        Problem now = earlier;
        now.since = {};
        std::vector<Problem> told;
        for (int i = 0; i < 8; ++i) {
            const auto past = std::chrono::seconds(seenAfter + i);
            told = ledger.settle({now}, {Instant(1h) + past, fixtures::at(12, 0, 0) + past, fixtures::at(12, 0, 0), base::milliseconds(1000)});
        }
        QCOMPARE(told.size(), std::size_t(1));
        QCOMPARE(told.front().since.at == earlier.since.at, isKept);
        QVERIFY(told.front().since.exact);
    }

    void whatEndedWhileNobodyLookedEndedByThen()
    {
        EventList kept;
        {
            World w = world();
            w.run(5);
            w.silence("cache-eu-west-1", base::ErrorCode::Refused, "connection refused");
            kept = *w.run(10)->events;
        }
        World next(fixtures::defaultFleet(), fixtures::at(12, 10, 0));
        next.restore(kept);
        const auto seen = next.run(25);
        QCOMPARE(told(*seen).filter("problem_ended").size(), 1);
        const auto ended = std::find_if(seen->events->begin(), seen->events->end(), [](const Event &event) { return event.kind == EventKind::ProblemEnded; });
        QVERIFY(!ended->when.exact);
        QCOMPARE(ended->when.at, seen->observingSinceUtc);
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
