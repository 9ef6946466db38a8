// SPDX-License-Identifier: GPL-3.0-or-later
// Plans and readiness compared whole as text; what every plan must keep, over many fleets; the fingerprint.
#include "core/fleet/Part.h"
#include "core/operate/GuardReach.h"
#include "core/operate/Readiness.h"
#include "tests/core/operate/PlanDump.h"
#include "tests/fixtures/Golden.h"
#include "tests/fixtures/Snapshots.h"

#include <QFile>
#include <QTest>

#include <algorithm>
#include <functional>
#include <set>

using namespace shardlens;
using namespace shardlens::operate;
using facts::Observation;
using facts::SnapshotPtr;
using fixtures::World;

namespace {

World world()
{
    World made(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    made.observedSince(std::chrono::hours(2));
    made.run(12);
    return made;
}

void setSetting(World &in, const char *server, const char *name, const char *value)
{
    in.edit(server, [=](Observation &o) {
        auto sample = *o.postgres();
        (*sample.settings)[name] = value;
        o.sample = std::move(sample);
    });
}

SnapshotPtr synchronous()
{
    World made = world();
    for (const char *server : {"m1-us-east", "m1-us-west", "m1-eu-west"})
        setSetting(made, server, "synchronous_standby_names", "ANY 1 (\"m1-us-east\", \"m1-us-west\", \"m1-eu-west\")");
    return made.run(4);
}

/// The primary is dead, and the standby at home has less than the other.
SnapshotPtr siblingAhead()
{
    World made = world();
    made.killPrimary("u2");
    made.run(8);
    made.edit("u2-us-east", [](Observation &o) {
        auto sample = *o.postgres();
        sample.received = sample.replayed = base::Lsn{sample.received->value - 1048576};
        o.sample = std::move(sample);
    });
    return made.run(3);
}

/// The primary of u1 is dead, and a command would turn its host off.
SnapshotPtr turnedOff(const std::function<void(fleet::Fleet &)> &change = {}, const char *alsoDead = nullptr)
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::stonithFleet());
    if (change)
        change(*fleet);
    World made(fleet, fixtures::at(12, 0, 0));
    made.observedSince(std::chrono::hours(2));
    made.run(12);
    made.killPrimary("u1");
    if (alsoDead)
        made.silence(alsoDead);
    return made.run(8);
}

/// No guard stands in the primary's region: its hosts are reached by ssh.
SnapshotPtr unguarded()
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    std::erase_if(fleet->guards, [](const fleet::Guard &one) { return one.region.text() == "us-east"; });
    for (fleet::Host &host : fleet->hosts) {
        if (host.region.text() == "us-east")
            host.reach = {fleet::HostReach::Way::Ssh, host.name.text() + ".example", host.name.text().starts_with("db") ? "jump.example" : "", {}, {"sudo", "-n", "-u", "postgres"}};
    }
    for (fleet::Server &server : fleet->servers) {
        if (server.id.text() == "u1-us-east")
            server.stopCommand = {"sudo", "-n", "systemctl", "stop", "postgresql@15-u1"};
    }
    World made(fleet, fixtures::at(12, 0, 0));
    made.observedSince(std::chrono::hours(2));
    return made.run(12);
}

SnapshotPtr handReached()
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    for (fleet::Host &host : fleet->hosts)
        host.reach.way = fleet::HostReach::Way::None;
    fleet->directory.reset();
    World made(fleet, fixtures::at(12, 0, 0));
    made.observedSince(std::chrono::hours(2));
    made.run(12);
    for (const char *server : {"u1-us-east", "u1-us-west", "u1-eu-west"})
        made.edit(server, [](Observation &o) {
            auto sample = *o.postgres();
            sample.term = facts::unknown(facts::WhyUnknown::NotConfigured, "term");
            o.sample = std::move(sample);
        });
    return made.run(4);
}

void compareWithGolden(const QString &name, const std::string &text)
{
    fixtures::compareWithGolden(QStringLiteral(GOLDEN_DIR "/%1.txt").arg(name), text);
}

Plan planOf(const SnapshotPtr &snapshot, const Intent &intent)
{
    const auto plan = planFor(*snapshot, intent);
    if (!plan)
        qFatal("%s", plan.error().message.c_str());
    return *plan;
}

base::ClusterName cluster(const char *name)
{
    return base::ClusterName(name);
}

} // namespace

class TestPlans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void switchover() { compareWithGolden("switchover", dump(planOf(fixtures::well(), SwitchCluster{cluster("u1"), {}}))); }
    void switchoverThatWaitsForAStandby() { compareWithGolden("switchover_synchronous", dump(planOf(synchronous(), SwitchCluster{cluster("m1"), {}}))); }
    void switchoverWithoutHostsAndTerm() { compareWithGolden("switchover_by_hand", dump(planOf(handReached(), SwitchCluster{cluster("u1"), {}}))); }
    void switchoverThatWarmsTheCandidate() { compareWithGolden("switchover_warm", dump(planOf(fixtures::well(), SwitchCluster{cluster("u1"), {}, true}))); }
    void warmingIsLeftOutWhereItCannotBe_data();
    void warmingIsLeftOutWhereItCannotBe();
    void failover() { compareWithGolden("failover", dump(planOf(fixtures::incident(), FailCluster{cluster("u1"), {}}))); }
    void failoverThatFetchesTheLog() { compareWithGolden("failover_fetches", dump(planOf(siblingAhead(), FailCluster{cluster("u2"), base::ServerId("u2-us-east")}))); }
    void failoverThatTurnsTheHostOff() { compareWithGolden("failover_stonith", dump(planOf(turnedOff(), FailCluster{cluster("u1"), {}}))); }
    void switchoverWithoutAGuard() { compareWithGolden("switchover_unguarded", dump(planOf(unguarded(), SwitchCluster{cluster("u1"), {}}))); }
    void whatNeedsAGuard_data();
    void whatNeedsAGuard();
    void aSilentRouterIsLeft();
    void whatIsTurnedOff_data();
    void whatIsTurnedOff();
    void readiness_data();
    void readiness();
    void pastRunsMakeTheExpectedPauseLonger();
    void onlyAGuardCopies();
    void everyStepCanBeUndoneUntilThePointOfNoReturn();
    void writesAreHeldFromPauseToResume();
    void asManyFollowFirstAsMustConfirm();
    void naming();
    void ranking();
    void theFingerprintHoldsNoLag();
    void theFingerprintTellsActAndTarget();
    void theFingerprintTellsWhatChanged_data();
    void theFingerprintTellsWhatChanged();
    void whoNeverSawTheDeadPrimaryFindsTheSame();
    void whoWasNotReadYet();
    void aGuardMayHaveLookedBeforeItsStart();
    void whatElseTheFleetHoldsChangesNoPlan_data();
    void whatElseTheFleetHoldsChangesNoPlan();
};

void TestPlans::warmingIsLeftOutWhereItCannotBe_data()
{
    QTest::addColumn<QString>("server");
    QTest::addColumn<QString>("missing");
    QTest::addColumn<QString>("remedy");
    QTest::newRow("an extension was not made") << "u1-us-east" << "extension pg_prewarm" << "make_extensions";
    QTest::newRow("the candidate's machine has no files of it") << "u1-us-west" << QString() << "install_extensions";
}

void TestPlans::warmingIsLeftOutWhereItCannotBe()
{
    QFETCH(QString, server);
    QFETCH(QString, missing);
    QFETCH(QString, remedy);
    World made = world();
    made.edit(server.toStdString(), [&](Observation &o) {
        auto sample = *o.postgres();
        if (missing.isEmpty())
            sample.move->notInstalled = {"pg_prewarm"};
        else
            sample.move->lacks = std::vector<std::string>{missing.toStdString()};
        o.sample = std::move(sample);
    });
    const SnapshotPtr snapshot = made.run(4);
    const Plan plan = planOf(snapshot, SwitchCluster{cluster("u1"), base::ServerId("u1-us-west"), true});
    const auto check = std::find_if(plan.checks.begin(), plan.checks.end(), [](const Check &one) { return one.id == CheckId::CachesCompared; });
    QVERIFY(check != plan.checks.end());
    QCOMPARE(int(check->verdict), int(Verdict::Warning)); // the move goes without
    QCOMPARE(QString::fromUtf8(name(check->remedy).data()), remedy);
    QCOMPARE(int(plan.steps.front().kind), int(StepKind::ProveCatchUp));
    // Nobody who does not ask for it is told of it.
    for (const Check &one : planOf(snapshot, SwitchCluster{cluster("u1"), base::ServerId("u1-us-west")}).checks)
        QVERIFY(one.id != CheckId::CachesCompared);
}

void TestPlans::whatNeedsAGuard_data()
{
    QTest::addColumn<int>("act");
    QTest::addColumn<QString>("on");
    QTest::addColumn<QString>("object");
    QTest::addColumn<QString>("to");
    QTest::addColumn<int>("verdict");
    QTest::addColumn<QString>("way");
    QTest::newRow("a router's pause") << int(Act::PauseRouter) << "router-us-east" << "u1" << "" << int(Verdict::Warning) << "the router's admin console";
    QTest::newRow("a router's file") << int(Act::PointRouter) << "router-us-east" << "u1_read" << "u1-us-west" << int(Verdict::Warning)
                                     << "the router's admin console, ssh mem1-us-east.example";
    QTest::newRow("a standby's rebuilding") << int(Act::RebuildStandby) << "u2-us-east" << "" << "" << int(Verdict::Failed) << "";
    QTest::newRow("elsewhere there is one") << int(Act::PauseRouter) << "router-us-west" << "u1" << "" << int(Verdict::Passed) << "";
}

void TestPlans::whatNeedsAGuard()
{
    QFETCH(int, act);
    QFETCH(QString, on);
    QFETCH(QString, object);
    QFETCH(QString, to);
    QFETCH(int, verdict);
    QFETCH(QString, way);
    SmallAct small;
    small.act = Act(act);
    small.cluster = cluster(on.startsWith(QLatin1String("u2")) ? "u2" : "u1");
    small.on = base::ServerId(on.toStdString());
    small.object = object.toStdString();
    small.to = base::ServerId(to.toStdString());
    const Plan plan = planOf(unguarded(), small);
    const auto check = std::find_if(plan.checks.begin(), plan.checks.end(), [](const Check &one) { return one.id == CheckId::Guards; });
    QVERIFY(check != plan.checks.end());
    QCOMPARE(int(check->verdict), verdict);
    const auto told = std::find_if(check->readings.begin(), check->readings.end(), [](const facts::Evidence &one) { return one.reading == "without_guard_in_us-east_acts_through"; });
    QCOMPARE(told != check->readings.end(), !way.isEmpty());
    if (!way.isEmpty())
        QCOMPARE(std::get<std::string>(told->value), way.toStdString());
}

/// A region that is lost with its router keeps no failover waiting: who forces that check leaves the router to a person.
void TestPlans::aSilentRouterIsLeft()
{
    World made(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    made.observedSince(std::chrono::hours(2));
    made.run(12);
    made.killPrimary("u1");
    made.silence("router-us-east");
    const Plan plan = planOf(made.run(12), FailCluster{cluster("u1"), {}});
    const base::ServerId silent("router-us-east");
    std::vector<Step> later;
    for (const Step &step : plan.steps) {
        if (step.kind == StepKind::PointLater)
            later.push_back(step);
        else
            QVERIFY2(std::find(step.targets.begin(), step.targets.end(), silent) == step.targets.end(), name(step.kind).data());
    }
    QCOMPARE(later.size(), std::size_t(1));
    QVERIFY(later.front().targets == std::vector{silent} && later.front().detail == "u1" && later.front().mayBeLeft);
    QVERIFY(later.front().commands.size() == 1 && later.front().commands.front().by == By::Hand && later.front().verifications.empty());
    QStringList blocking;
    for (const Check &check : plan.checks) {
        if (isBlocking(check) && (check.id == CheckId::RoutersAnswer || check.id == CheckId::RoutersRight || check.id == CheckId::RoutersRun || check.id == CheckId::RouterMode || check.id == CheckId::LoginRetry))
            blocking << QString::fromUtf8(name(check.id).data());
        if (check.id == CheckId::RoutersAnswer)
            QVERIFY(check.forceable);
    }
    QCOMPARE(blocking.join(QLatin1Char(' ')), QStringLiteral("routers_answer"));
    // A switchover waits for nothing it could not hold: it pauses all routers or none.
    World well(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    well.observedSince(std::chrono::hours(2));
    well.run(12);
    well.silence("router-us-east");
    const Plan move = planOf(well.run(12), SwitchCluster{cluster("u1"), {}});
    const auto pause = std::find_if(move.steps.begin(), move.steps.end(), [](const Step &step) { return step.kind == StepKind::PauseRouters; });
    QVERIFY(pause != move.steps.end() && std::find(pause->targets.begin(), pause->targets.end(), silent) != pause->targets.end());
}

void TestPlans::whatIsTurnedOff_data()
{
    QTest::addColumn<QString>("change");
    QTest::addColumn<QString>("steps"); // of those two
    QTest::addColumn<bool>("isBlocked");
    QTest::addColumn<QString>("reading");
    QTest::newRow("its host alone") << "" << "fence stonith" << false << "turned_off_by";
    QTest::newRow("no way to its host") << "no reach" << "stonith" << false << "turned_off_by";
    QTest::newRow("no command") << "no command" << "fence" << true << "synchronous_standby_names";
    QTest::newRow("the candidate stands there too") << "candidate" << "fence" << true << "would_be_turned_off_too";
    QTest::newRow("a router stands there too") << "router" << "fence" << true << "would_be_turned_off_too";
    QTest::newRow("a router stands there too, and died with it") << "dead router" << "fence stonith" << false << "also_turned_off";
    QTest::newRow("another cluster's server stands there too") << "other" << "fence stonith" << false << "also_turned_off";
}

void TestPlans::whatIsTurnedOff()
{
    QFETCH(QString, change);
    QFETCH(QString, steps);
    QFETCH(bool, isBlocked);
    QFETCH(QString, reading);
    const SnapshotPtr snapshot = turnedOff([&](fleet::Fleet &fleet) {
        const base::HostName host = fleet.server(base::ServerId("u1-us-east"))->host;
        const char *moved = change == QLatin1String("candidate") ? "u1-us-west" : change.endsWith(QLatin1String("router")) ? "router-us-west" : change == QLatin1String("other") ? "m1-us-west" : "";
        for (fleet::Server &server : fleet.servers) {
            if (server.id.text() == moved)
                server.host = host;
        }
        for (fleet::Host &one : fleet.hosts) {
            if (change == QLatin1String("no reach"))
                one.reach.way = fleet::HostReach::Way::None;
            if (change == QLatin1String("no command"))
                one.stonith = {};
        }
    }, change == QLatin1String("dead router") ? "router-us-west" : nullptr);
    const Plan plan = planOf(snapshot, FailCluster{cluster("u1"), base::ServerId("u1-us-west")});
    QStringList found;
    for (const Step &step : plan.steps) {
        if (step.kind == StepKind::Fence || step.kind == StepKind::Stonith)
            found << QString::fromUtf8(name(step.kind).data());
    }
    QCOMPARE(found.join(QLatin1Char(' ')), steps);
    const auto check = std::find_if(plan.checks.begin(), plan.checks.end(), [](const Check &one) { return one.id == CheckId::OldPrimaryStopped; });
    QCOMPARE(isBlocking(*check), isBlocked);
    QCOMPARE(check->forceable, isBlocked);
    QVERIFY(std::any_of(check->readings.begin(), check->readings.end(), [&](const facts::Evidence &one) { return one.reading == reading.toStdString(); }));
    // Another command than the one that was read is another plan.
    const SnapshotPtr other = turnedOff([](fleet::Fleet &fleet) {
        for (fleet::Host &one : fleet.hosts)
            one.stonith.command.push_back("--again");
    });
    QVERIFY(planOf(other, FailCluster{cluster("u1"), {}}).fingerprint.digest() != planOf(turnedOff(), FailCluster{cluster("u1"), {}}).fingerprint.digest());
}

void TestPlans::readiness_data()
{
    QTest::addColumn<QString>("fixture");
    for (const char *fixture : {"well", "incident", "lagging", "partly_down", "asking", "all_down"})
        QTest::newRow(fixture) << QString::fromUtf8(fixture);
}

void TestPlans::readiness()
{
    QFETCH(QString, fixture);
    const SnapshotPtr snapshot = fixture == "well"          ? fixtures::well()
                                 : fixture == "incident"    ? fixtures::incident()
                                 : fixture == "lagging"     ? fixtures::lagging()
                                 : fixture == "partly_down" ? fixtures::partlyDown()
                                 : fixture == "asking"      ? fixtures::asking()
                                                            : fixtures::allDown();
    std::string text;
    for (const Readiness &one : readinessOfAll(*snapshot))
        text += dump(one);
    compareWithGolden("readiness_" + fixture, text);
}

/// What past runs took, with the present lag; never less than what the links alone take.
void TestPlans::pastRunsMakeTheExpectedPauseLonger()
{
    using base::milliseconds;
    const auto snapshot = fixtures::well();
    const Intent intent = SwitchCluster{cluster("u1"), {}};
    const auto with = [&](PastPauses past) { return *planFor(*snapshot, intent, [past](const Plan &) { return past; }); };
    const Plan without = *planFor(*snapshot, intent);
    QVERIFY(without.pause.fromLinks && without.pause.expected == without.pause.fromLinks && without.pause.lag);
    QVERIFY(without.pause.pastRuns == 0 && !without.pause.pastMedian);
    QVERIFY(with({}).pause == without.pause);
    const Plan quick = with({3, milliseconds(5), milliseconds(9), false});
    QVERIFY(quick.pause.expected == without.pause.fromLinks);
    QVERIFY(quick.pause.pastRuns == 3 && quick.pause.pastWorst == milliseconds(9));
    const Plan slower = with({3, milliseconds(900), milliseconds(950), true});
    QVERIFY(slower.pause.expected && *slower.pause.expected == milliseconds(900) + *without.pause.lag && slower.pause.pastAreOthers);
    QVERIFY(!slower.isBlocked());
    // Above the limit it is not offered, and the check says by what: the same figure.
    const auto pauseOf = [](const Plan &plan) { return std::find_if(plan.checks.begin(), plan.checks.end(), [](const Check &one) { return one.id == CheckId::ExpectedPause; }); };
    QVERIFY(with({2, milliseconds(1200), milliseconds(1300), true}).pause == without.pause); // two runs of others tell nothing
    const Plan once = with({2, milliseconds(1200), milliseconds(1300), false});
    QVERIFY(!once.isBlocked() && pauseOf(once)->verdict == Verdict::Warning);
    const Plan slow = with({3, milliseconds(1200), milliseconds(1300), false});
    QVERIFY(slow.isBlocked());
    const auto check = std::find_if(slow.checks.begin(), slow.checks.end(), [](const Check &one) { return one.id == CheckId::ExpectedPause; });
    QVERIFY(check != slow.checks.end() && check->verdict == Verdict::Failed && isBlocking(*check));
    QVERIFY(check->readings.front().value == facts::Evidence::Value(*slow.pause.expected));
    QVERIFY(check->readings.back().value == facts::Evidence::Value(std::int64_t(3)));
    const Readiness ready = readinessOf(*snapshot, cluster("u1"), [](const Plan &) { return PastPauses{3, milliseconds(1200), milliseconds(1300), false}; });
    QVERIFY(ready.ready == Ready::NotReady && ready.pause == slow.pause);
    QVERIFY(without.fingerprint == slow.fingerprint); // whoever carries it out may know of other runs
}

/// Only a guard on its own host can copy: nobody else stays there for hours.
void TestPlans::onlyAGuardCopies()
{
    const auto standIns = [](const Plan &plan) {
        std::vector<StepKind> kinds;
        for (const Step &step : plan.steps) {
            const bool isRejoins = step.insteadOf > 0 && plan.steps[static_cast<std::size_t>(step.insteadOf - 1)].kind == StepKind::RejoinOld;
            if (isRejoins && step.mayBeLeft && !step.holdsWrites && step.number > step.insteadOf)
                kinds.push_back(step.kind);
        }
        return kinds;
    };
    const std::vector<StepKind> all{StepKind::HoldOld, StepKind::CopyData, StepKind::ExchangeData, StepKind::DropReplaced};
    QVERIFY(standIns(planOf(synchronous(), SwitchCluster{cluster("m1"), {}})) == all);
    QVERIFY(standIns(planOf(turnedOff(), FailCluster{cluster("u1"), {}})) == all);
    QVERIFY(standIns(planOf(unguarded(), SwitchCluster{cluster("u1"), {}})).empty());
    QVERIFY(standIns(planOf(handReached(), SwitchCluster{cluster("u1"), {}})).empty());
}

void TestPlans::everyStepCanBeUndoneUntilThePointOfNoReturn()
{
    // Reading, terminating a session (its client comes back by itself) and the death of a dead server leave nothing to undo.
    const std::set<StepKind> leaveNothing{StepKind::ProveCatchUp, StepKind::ClearBackends, StepKind::ReadFinal, StepKind::CatchUp, StepKind::ComparePositions, StepKind::Fence, StepKind::Stonith, StepKind::ReplayAll};
    for (const Plan &plan : {planOf(synchronous(), SwitchCluster{cluster("m1"), {}}), planOf(siblingAhead(), FailCluster{cluster("u2"), base::ServerId("u2-us-east")}),
                             planOf(turnedOff(), FailCluster{cluster("u1"), {}})}) {
        QVERIFY(plan.pointOfNoReturn() > 0);
        int number = 0;
        for (const Step &step : plan.steps) {
            QCOMPARE(step.number, ++number);
            QVERIFY(step.deadline.count() > 0);
            QVERIFY(!step.commands.empty() || !step.verifications.empty());
            const bool verified = !step.verifications.empty() || step.kind == StepKind::ReadFinal || step.kind == StepKind::ComparePositions; // those are read anew by their users
            QVERIFY2(verified, name(step.kind).data());
            for (const Command &command : step.verifications)
                QVERIFY2(!command.expects.empty(), name(step.kind).data());
            if (step.number >= plan.pointOfNoReturn())
                QVERIFY2(step.undo.empty() || step.insteadOf > 0, name(step.kind).data()); // a copy that is given up is cleared away
            else
                QVERIFY2(!step.undo.empty() || leaveNothing.contains(step.kind), name(step.kind).data());
            QVERIFY(!step.mayBeLeft || step.number > plan.pointOfNoReturn());
        }
    }
}

void TestPlans::writesAreHeldFromPauseToResume()
{
    for (const fleet::Cluster &one : fixtures::well()->fleet->clusters) {
        const Plan plan = planOf(fixtures::well(), SwitchCluster{one.name, {}});
        std::vector<StepKind> held;
        for (const Step &step : plan.steps) {
            if (step.holdsWrites)
                held.push_back(step.kind);
        }
        QCOMPARE(int(held.front()), int(StepKind::PauseRouters));
        QCOMPARE(int(held.back()), int(StepKind::ResumeRouters));
        const auto at = [&](StepKind kind) { return std::find(held.begin(), held.end(), kind) - held.begin(); };
        // The brake before the final position is read, that before the promotion, the marker before any client comes in.
        QVERIFY(at(StepKind::Brake) < at(StepKind::ClearBackends) && at(StepKind::ClearBackends) < at(StepKind::ReadFinal) && at(StepKind::ReadFinal) < at(StepKind::CatchUp));
        QVERIFY(at(StepKind::CatchUp) < at(StepKind::Promote) && at(StepKind::Promote) < at(StepKind::RaiseTerm) && at(StepKind::RaiseTerm) < at(StepKind::WriteMarker));
        QVERIFY(at(StepKind::WriteMarker) < at(StepKind::PointRouters) && at(StepKind::PointRouters) < at(StepKind::WaitClock));
    }
}

void TestPlans::asManyFollowFirstAsMustConfirm()
{
    const auto first = [](const char *names) {
        World made = world();
        setSetting(made, "u1-us-west", "synchronous_standby_names", names);
        std::vector<std::string> ids;
        const SnapshotPtr snapshot = made.run(4);
        for (const base::ServerId &id : mustFollowFirst(Sight(*snapshot, cluster("u1")), base::ServerId("u1-us-west")))
            ids.push_back(id.text());
        return joined(ids);
    };
    QCOMPARE(first(""), std::string());
    QCOMPARE(first("1 (\"u1-us-east\")"), std::string()); // the old primary comes back later: sync_after tells
    QCOMPARE(first("1 (*)"), std::string("u1-eu-west"));
    QCOMPARE(first("2 (*)"), std::string("u1-eu-west")); // all there are
}

void TestPlans::naming()
{
    const SnapshotPtr well = fixtures::well();
    QCOMPARE(int(planFor(*well, SwitchCluster{cluster("u9"), {}}).error().code), int(base::ErrorCode::NotFound));
    QCOMPARE(int(planFor(*well, SwitchCluster{cluster("u1"), base::ServerId("m1-us-west")}).error().code), int(base::ErrorCode::NotFound));
    QCOMPARE(int(planFor(*well, SwitchCluster{cluster("u1"), base::ServerId("u1-us-east")}).error().code), int(base::ErrorCode::BadInput));
    // Naming a server bypasses none of its checks.
    World made = world();
    made.pauseReplay("u1-us-west");
    const Plan asked = planOf(made.run(4), SwitchCluster{cluster("u1"), base::ServerId("u1-us-west")});
    QCOMPARE(asked.to.text(), std::string("u1-us-west"));
    QCOMPARE(asked.runnerUp.text(), std::string("u1-eu-west"));
    QVERIFY(asked.isBlocked());
}

void TestPlans::ranking()
{
    World made = world();
    const auto order = [&](const Intent &intent) {
        std::string text;
        for (const Candidate &one : planOf(made.run(4), intent).candidates)
            text += one.server.text() + ":" + (one.rejectedFor ? std::string(name(one.rejectedFor->id)) : std::string(name(one.before))) + " ";
        return text;
    };
    QCOMPARE(order(SwitchCluster{cluster("u1"), {}}), std::string("u1-us-west:file_order u1-eu-west:only "));
    QCOMPARE(order(SwitchCluster{cluster("u1"), base::ServerId("u1-eu-west")}), std::string("u1-eu-west:asked u1-us-west:only "));
    made.fallBehind("u1-us-west", {base::microseconds(400000), base::Bytes{2 << 20}, 0, {}});
    QCOMPARE(order(SwitchCluster{cluster("u1"), {}}), std::string("u1-eu-west:least_lag u1-us-west:only "));
    made.fallBehind("u1-us-west", {base::microseconds(4000000), base::Bytes{200 << 20}, 0, {}});
    QCOMPARE(order(SwitchCluster{cluster("u1"), {}}), std::string("u1-eu-west:only u1-us-west:receive_lag "));
    // Away from home, home comes first.
    made.fallBehind("u1-us-west", {});
    made.promote("u1", "u1-us-west");
    made.run(700); // no recent move any more
    QCOMPARE(order(SwitchCluster{cluster("u1"), {}}), std::string("u1-us-east:home u1-eu-west:only "));
    // A failover takes whoever has the most.
    made.killPrimary("u1");
    made.run(6);
    made.edit("u1-us-east", [](Observation &o) {
        auto sample = *o.postgres();
        sample.received = base::Lsn{sample.received->value - 4096};
        o.sample = std::move(sample);
    });
    QCOMPARE(order(FailCluster{cluster("u1"), {}}), std::string("u1-eu-west:most_log u1-us-east:only "));
}

void TestPlans::theFingerprintHoldsNoLag()
{
    World made = world();
    const Intent intent = SwitchCluster{cluster("u1"), base::ServerId("u1-us-west")};
    const Fingerprint before = planOf(made.run(4), intent).fingerprint;
    made.fallBehind("u1-us-west", {base::microseconds(400000), base::Bytes{20 << 20}, 0, {}});
    const Fingerprint after = planOf(made.run(30), intent).fingerprint;
    QVERIFY(differencesBetween(before, after).empty());
    QCOMPARE(after.digest(), before.digest());
    QCOMPARE(before.digest().size(), std::size_t(16));
    // Who is chosen for being the least behind is what the plan does: another one is another plan.
    QVERIFY(planOf(made.run(1), SwitchCluster{cluster("u1"), {}}).fingerprint.digest() != before.digest());
}

/// One that was read for another act, or another target, is not the plan that is made now.
void TestPlans::theFingerprintTellsActAndTarget()
{
    const facts::SnapshotPtr seen = world().run(4);
    const auto digest = [&](const Intent &intent) { return planOf(seen, intent).fingerprint.digest(); };
    std::set<std::string> digests{digest(SwitchCluster{cluster("u1"), base::ServerId("u1-us-west")}), digest(SwitchCluster{cluster("u1"), base::ServerId("u1-eu-west")}),
                                  digest(FailCluster{cluster("u1"), base::ServerId("u1-us-west")}), digest(SmallAct{Act::PauseReplay, cluster("u1"), base::ServerId("u1-us-west"), {}, {}, {}}),
                                  digest(SmallAct{Act::PauseReplay, cluster("u1"), base::ServerId("u1-eu-west"), {}, {}, {}})};
    QCOMPARE(digests.size(), std::size_t(5));
    QCOMPARE(digest(SwitchCluster{cluster("u1"), {}}), digest(SwitchCluster{cluster("u1"), base::ServerId("u1-us-west")})); // asked for or chosen: the same is done
}

void TestPlans::theFingerprintTellsWhatChanged_data()
{
    using Change = std::function<void(World &)>;
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("fact");
    const auto sample = [](const char *server, auto change) {
        return Change([=](World &in) {
            in.edit(server, [=](Observation &o) {
                auto said = *o.postgres();
                change(said);
                o.sample = std::move(said);
            });
        });
    };
    QTest::newRow("a setting") << Change([](World &in) { setSetting(in, "u1-us-west", "max_wal_senders", "3"); }) << "u1-us-west.setting.max_wal_senders";
    QTest::newRow("a term") << sample("u1-us-east", [](facts::PostgresSample &s) { s.term = 99; }) << "u1-us-east.term";
    QTest::newRow("a brake") << sample("u1-us-east", [](facts::PostgresSample &s) { s.readOnlyByDefault = true; }) << "u1-us-east.brake";
    QTest::newRow("a paused replay") << Change([](World &in) { in.pauseReplay("u1-eu-west"); }) << "u1-eu-west.replay";
    QTest::newRow("a silent member") << Change([](World &in) { in.silence("u1-eu-west"); }) << "u1-eu-west.answers";
    QTest::newRow("a broken link") << sample("u1-eu-west", [](facts::PostgresSample &s) { s.receiver = std::optional<facts::ReceiverRow>(); }) << "u1-eu-west.link";
    QTest::newRow("a paused router") << Change([](World &in) {
        in.edit("router-eu-west", [](Observation &o) {
            auto said = *o.router();
            for (auto &database : said.databases)
                database.paused = database.paused || database.name == "u1";
            o.sample = std::move(said);
        });
    }) << "router-eu-west.u1";
}

void TestPlans::theFingerprintTellsWhatChanged()
{
    QFETCH(std::function<void(World &)>, change);
    QFETCH(QString, fact);
    World made = world();
    const Fingerprint before = planOf(made.run(4), SwitchCluster{cluster("u1"), {}}).fingerprint;
    change(made);
    const Fingerprint after = planOf(made.run(6), SwitchCluster{cluster("u1"), {}}).fingerprint;
    QStringList facts;
    for (const Difference &one : differencesBetween(before, after)) {
        QVERIFY(one.before != one.after);
        facts << QString::fromStdString(one.fact);
    }
    QVERIFY2(facts.contains(fact), qPrintable(facts.join(", ")));
    QVERIFY(after.digest() != before.digest());
}

/// Whoever carries out a failover looks for the first time, and never heard the dead primary.
void TestPlans::whoNeverSawTheDeadPrimaryFindsTheSame()
{
    World watched = world();
    watched.run(12);
    watched.killPrimary("u1");
    const Plan read = planOf(watched.run(8), FailCluster{cluster("u1"), {}});
    World fresh = world();
    fresh.killPrimary("u1");
    fresh.edit("u1-us-east", [](Observation &o) {
        o.sample = facts::Sample();
        o.rates = facts::Rates();
        o.sampledAt.reset();
        o.sampledUtc.reset();
        o.reach.lastAnswer.reset();
        o.reach.lastAnswerUtc.reset();
    });
    const Plan made = planOf(fresh.run(8), FailCluster{cluster("u1"), {}});
    QStringList differences;
    for (const Difference &one : differencesBetween(read.fingerprint, made.fingerprint))
        differences << QString::fromStdString(one.fact + ": " + one.before + " / " + one.after);
    QVERIFY2(read.fingerprint.facts.at("u1-us-east.role") == "primary" && made.fingerprint.facts.at("u1-us-east.role") != "primary", qPrintable(differences.join('\n')));
    QVERIFY2(made.fingerprint.digest() == read.fingerprint.digest(), qPrintable(differences.join('\n')));
}

void TestPlans::whoWasNotReadYet()
{
    World made = world();
    QVERIFY(notReadYet(*made.run(2), cluster("u1")).empty());
    made.edit("u1-us-west", [](Observation &o) {
        auto sample = *o.postgres();
        sample.move = facts::notAsked<facts::MoveReading>();
        o.sample = std::move(sample);
    });
    const auto missing = notReadYet(*made.run(2), cluster("u1"));
    QCOMPARE(missing.size(), std::size_t(1));
    QCOMPARE(missing.front().text(), std::string("u1-us-west"));
    made.silence("u1-us-west"); // nobody waits for who is down
    QVERIFY(notReadYet(*made.run(6), cluster("u1")).empty());
}

/// A guard that lost a server which was started anew: waited for, as long as it may not have looked since.
void TestPlans::aGuardMayHaveLookedBeforeItsStart()
{
    const base::ServerId candidate("u1-us-west");
    const base::RegionName region("us-east");
    const auto startedBefore = [&](base::seconds ago) {
        World made = world();
        made.edit("u1-us-west", [ago](Observation &o) {
            auto sample = *o.postgres();
            sample.startedAt = *o.sampledUtc - ago;
            o.sample = std::move(sample);
        });
        auto snapshot = std::make_shared<facts::Snapshot>(*made.run(2));
        for (facts::GuardReport &guard : snapshot->guards) {
            if (guard.region == region)
                (*guard.reachable)[candidate] = false;
        }
        return snapshot;
    };
    const auto verdictOn = [&](const facts::Snapshot &snapshot) {
        const auto plan = planFor(snapshot, SwitchCluster{cluster("u1"), candidate});
        const auto check = std::find_if(plan->checks.begin(), plan->checks.end(), [](const Check &one) { return one.id == CheckId::ConnectBack; });
        return std::pair(check->verdict, check->remedy);
    };
    const auto young = startedBefore(base::seconds(1));
    QVERIFY(guardReach(*young, region, candidate) == GuardReach::NotYet);
    QCOMPARE(notReadYet(*young, cluster("u1")), std::vector<base::ServerId>{candidate});
    QVERIFY(verdictOn(*young) == std::pair(Verdict::Failed, Remedy::WaitForAnswers)); // and no move goes there on a guess
    const auto old = startedBefore(base::seconds(60));
    QVERIFY(guardReach(*old, region, candidate) == GuardReach::Cut);
    QVERIFY(notReadYet(*old, cluster("u1")).empty());
    QVERIFY(verdictOn(*old) == std::pair(Verdict::Failed, Remedy::MendLink));
    QVERIFY(guardReach(*young, base::RegionName("us-west"), candidate) == GuardReach::Reaches);
    QVERIFY(guardReach(*young, base::RegionName("nowhere"), candidate) == GuardReach::NoGuard);
}

void TestPlans::whatElseTheFleetHoldsChangesNoPlan_data()
{
    QTest::addColumn<Intent>("intent");
    QTest::newRow("a cluster's switchover") << Intent(SwitchCluster{cluster("u1"), {}});
    QTest::newRow("the directory's") << Intent(SwitchCluster{cluster("directory"), {}});
    QTest::newRow("a failover") << Intent(FailCluster{cluster("u2"), {}});
    QTest::newRow("a Redis group's switchover") << moveOf(Act::Switchover, {}, base::GroupName("feeds"), {});
}

/// An executor looks at the part of a fleet that its move concerns: the plan, and what it says of the fleet, are the same.
void TestPlans::whatElseTheFleetHoldsChangesNoPlan()
{
    QFETCH(Intent, intent);
    const auto planned = [&](const fixtures::FleetPtr &fleet) {
        World made(fleet, fixtures::at(12, 0, 0));
        made.observedSince(std::chrono::hours(2));
        made.run(12);
        if (actOf(intent) == Act::Failover)
            made.killPrimary(nameOf(intent));
        return planOf(made.run(8), intent);
    };
    const fixtures::FleetPtr whole = fixtures::defaultFleet();
    const auto part = std::make_shared<const fleet::Fleet>(fleet::partOf(*whole, nameOf(intent)));
    QVERIFY(part->servers.size() < whole->servers.size() / 2);
    const Plan ofAll = planned(whole);
    const Plan ofPart = planned(part);
    QVERIFY(!ofAll.steps.empty());
    QCOMPARE(ofPart.fingerprint.digest(), ofAll.fingerprint.digest());
    QCOMPARE(ofPart.to, ofAll.to);
    QVERIFY(ofPart.steps == ofAll.steps);
    QCOMPARE(ofPart.checks.size(), ofAll.checks.size());
    for (std::size_t i = 0; i < ofAll.checks.size(); ++i) {
        QCOMPARE(ofPart.checks[i].id, ofAll.checks[i].id);
        QVERIFY2(ofPart.checks[i].verdict == ofAll.checks[i].verdict, std::string(name(ofAll.checks[i].id)).c_str());
    }
}

QTEST_GUILESS_MAIN(TestPlans)
#include "test_plans.moc"
