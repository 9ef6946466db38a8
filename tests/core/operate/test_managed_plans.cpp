// SPDX-License-Identifier: GPL-3.0-or-later
// A cluster under Patroni or repmgr: its plans whole as text, each way in which their word speaks against a move, and its readiness.
#include "core/operate/Readiness.h"
#include "tests/core/operate/PlanDump.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Golden.h"
#include "tests/fixtures/Snapshots.h"

#include <QFile>
#include <QTest>

using namespace shardlens;
using namespace shardlens::operate;
using facts::ManagerMember;
using facts::ManagerReport;
using facts::Observation;
using facts::SnapshotPtr;
using fixtures::World;

using Edit = std::function<void(World &)>;
Q_DECLARE_METATYPE(Edit)
Q_DECLARE_METATYPE(shardlens::operate::Act)
Q_DECLARE_METATYPE(shardlens::operate::CheckId)
Q_DECLARE_METATYPE(shardlens::operate::Verdict)

namespace {

const char *const primary = "u1-us-east";
const char *const candidate = "u1-us-west";
const base::ClusterName u1("u1");

/// As Postgres shows it too: the manager's own sessions on each member.
World managedWorld(fleet::Manager by = fleet::Manager::Patroni)
{
    World world(fixtures::managedFleet("u1", by), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    for (const char *server : {"u1-us-east", "u1-us-west", "u1-eu-west"}) {
        world.edit(server, [by](Observation &o) {
            if (!o.postgres() || !o.postgres()->move)
                return;
            auto sample = *o.postgres();
            sample.move->managers = {std::string(fleet::name(by))};
            o.sample = std::move(sample);
        });
    }
    world.run(12);
    return world;
}

Edit manager(std::function<void(ManagerReport &)> change)
{
    return [=](World &world) { world.editManager(change); };
}

Edit member(const char *name, std::function<void(ManagerMember &)> change)
{
    return manager([=](ManagerReport &report) {
        for (ManagerMember &one : report.members) {
            if (one.name == name)
                change(one);
        }
    });
}

SnapshotPtr moved()
{
    World world = managedWorld();
    world.killPrimary("u1");
    world.run(8);
    world.promote("u1", candidate);
    return world.run(4);
}

/// Nobody told the routers.
void leadRoutersToTheDeadOne(World &world)
{
    for (const char *router : {"router-us-east", "router-us-west", "router-eu-west"}) {
        const fixtures::FleetPtr fleet = fixtures::managedFleet("u1");
        const fleet::Endpoint old = fleet->server(base::ServerId(primary))->address.from(fleet->server(base::ServerId(router))->region);
        world.edit(router, [old](Observation &o) {
            auto sample = *o.router();
            for (facts::RouterDatabase &database : sample.databases) {
                if (database.name == "u1") {
                    database.host = old.host;
                    database.port = old.port;
                }
            }
            o.sample = std::move(sample);
        });
    }
}

/// A repmgrd that is paused, or one that does not run: on each member.
Edit repmgrds(bool run, bool paused)
{
    return manager([=](ManagerReport &report) {
        report.isAutomatic = run;
        report.isPaused = run && paused;
    });
}

Plan planOf(const SnapshotPtr &snapshot, const Intent &intent)
{
    const auto plan = planFor(*snapshot, intent);
    if (!plan)
        qFatal("%s", plan.error().message.c_str());
    return *plan;
}

const Check *checkIn(const Plan &plan, CheckId id)
{
    const auto found = std::find_if(plan.checks.begin(), plan.checks.end(), [&](const Check &check) { return check.id == id; });
    return found == plan.checks.end() ? nullptr : &*found;
}

void compareWithGolden(const QString &name, const std::string &text)
{
    fixtures::compareWithGolden(QStringLiteral(GOLDEN_DIR "/%1.txt").arg(name), text);
}

} // namespace

class TestManagedPlans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void switchover();
    void failover();
    void whatPatroniDidIsFollowed();
    void onlyWhoLeadsIsFollowed();
    void repmgrSwitchover();
    void repmgrFailover();
    void whatRepmgrdDidIsFollowed();
    void eachCheck_data();
    void eachCheck();
    void readiness_data();
    void readiness();
    void nobodyActsOnItsMembersBesides();
    void anUndeclaredManagerIsRefused();
    void nothingPromotesBesidesItsManager();
};

void TestManagedPlans::switchover()
{
    compareWithGolden("managed_switchover", dump(planOf(managedWorld().run(1), SwitchCluster{u1, {}})));
}

void TestManagedPlans::failover()
{
    World world = managedWorld();
    world.editManager([](ManagerReport &report) { report.isPaused = true; });
    world.killPrimary("u1");
    compareWithGolden("managed_failover", dump(planOf(world.run(8), FailCluster{u1, {}})));
}

void TestManagedPlans::whatPatroniDidIsFollowed()
{
    World world = managedWorld();
    world.killPrimary("u1");
    world.run(8);
    world.promote("u1", candidate);
    leadRoutersToTheDeadOne(world);
    const SnapshotPtr snapshot = world.run(4);
    compareWithGolden("managed_follow", dump(planOf(snapshot, FailCluster{u1, {}})));
    const Readiness ready = readinessOf(*snapshot, u1);
    QCOMPARE(int(ready.act), int(Act::Failover));
    QVERIFY(ready.ready != Ready::NotReady);
    const auto other = planFor(*snapshot, FailCluster{u1, base::ServerId("u1-eu-west")});
    QVERIFY(!other && other.error().message.find("made 'u1-us-west' the primary") != std::string::npos);
}

void TestManagedPlans::repmgrSwitchover()
{
    compareWithGolden("repmgr_switchover", dump(planOf(managedWorld(fleet::Manager::Repmgr).run(1), SwitchCluster{u1, {}})));
}

void TestManagedPlans::repmgrFailover()
{
    World world = managedWorld(fleet::Manager::Repmgr);
    repmgrds(true, true)(world);
    world.killPrimary("u1");
    compareWithGolden("repmgr_failover", dump(planOf(world.run(8), FailCluster{u1, {}})));
}

void TestManagedPlans::whatRepmgrdDidIsFollowed()
{
    World world = managedWorld(fleet::Manager::Repmgr);
    world.killPrimary("u1");
    world.run(8);
    world.promote("u1", candidate);
    leadRoutersToTheDeadOne(world);
    compareWithGolden("repmgr_follow", dump(planOf(world.run(4), FailCluster{u1, {}})));
}

void TestManagedPlans::onlyWhoLeadsIsFollowed()
{
    // Routers lead right: there is nothing to follow, and a failover of a living primary is refused as ever.
    const Plan plan = planOf(moved(), FailCluster{u1, {}});
    const Check *gone = checkIn(plan, CheckId::PrimaryGone);
    QVERIFY(gone && gone->verdict == Verdict::Failed && plan.isBlocked());
}

void TestManagedPlans::eachCheck_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<CheckId>("id");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<bool>("blocked");
    QTest::addColumn<bool>("isRepmgrs");
    const auto row = [](const char *sentence, const Edit &edit, CheckId id, Verdict verdict, bool blocked, Act act = Act::Switchover) {
        QTest::newRow(sentence) << act << edit << id << verdict << blocked << false;
    };
    row("all is well", {}, CheckId::ManagerAnswers, Verdict::Passed, false);
    row("it is declared, so it is no foreign one", {}, CheckId::ForeignManager, Verdict::Passed, false);
    row("the leader's Patroni does not answer", manager([](ManagerReport &r) {
            if (r.server.text() == primary)
                r.reach.state = facts::ReachState::Down;
        }),
        CheckId::ManagerAnswers, Verdict::Failed, true);
    row("none was asked yet", manager([](ManagerReport &r) { r.reach = {}; }), CheckId::ManagerAnswers, Verdict::Unknown, true);
    row("its word is old", manager([](ManagerReport &r) { *r.reach.lastAnswer -= base::seconds(7); }), CheckId::ManagerAnswers,
        Verdict::Failed, true);
    row("it names another leader", manager([](ManagerReport &r) { std::swap(r.members[0].role, r.members[1].role); }),
        CheckId::ManagerAgrees, Verdict::Failed, true);
    row("it names no leader", member(primary, [](ManagerMember &m) { m.role = ManagerMember::Role::Replica; }), CheckId::ManagerAgrees,
        Verdict::Failed, true);
    row("it leads a standby cluster", member(primary, [](ManagerMember &m) { m.role = ManagerMember::Role::StandbyLeader; }),
        CheckId::ManagerAgrees, Verdict::Failed, true);
    row("a member is unknown there", manager([](ManagerReport &r) { r.members.pop_back(); }), CheckId::ManagerAgrees, Verdict::Warning,
        false);
    row("it is paused", manager([](ManagerReport &r) { r.isPaused = true; }), CheckId::ManagerCalm, Verdict::Warning, false);
    row("a switchover is scheduled", manager([](ManagerReport &r) { r.scheduledAt = "2026-11-21T23:00:00+00:00"; }), CheckId::ManagerCalm,
        Verdict::Failed, true);
    row("the candidate is tagged nofailover", member(candidate, [](ManagerMember &m) { m.isBarred = true; }), CheckId::ManagerAllows,
        Verdict::Failed, true);
    row("the candidate is tagged noloadbalance", member(candidate, [](ManagerMember &m) { m.isSparedReads = true; }),
        CheckId::ManagerAllows, Verdict::Warning, false);
    row("the candidate streams", member(candidate, [](ManagerMember &m) { m.state = "streaming"; }), CheckId::ManagerAllows,
        Verdict::Passed, false);
    row("the candidate's Postgres failed to start", member(candidate, [](ManagerMember &m) { m.state = "start failed"; }),
        CheckId::ManagerAllows, Verdict::Failed, true);
    row("the candidate is as far behind as is allowed", member(candidate, [](ManagerMember &m) { m.lag = base::Bytes{1048576}; }),
        CheckId::ManagerAllows, Verdict::Passed, false);
    row("the candidate is further behind in its store", member(candidate, [](ManagerMember &m) { m.lag = base::Bytes{1048577}; }),
        CheckId::ManagerAllows, Verdict::Failed, true);
    row("nobody knows how far the candidate is behind",
        member(candidate, [](ManagerMember &m) { m.lag = facts::unknown(facts::WhyUnknown::NoValue, "lag"); }), CheckId::ManagerAllows,
        Verdict::Unknown, true);
    row("it promotes synchronous standbys only", manager([](ManagerReport &r) { r.isSynchronous = true; }), CheckId::ManagerAllows,
        Verdict::Failed, true);
    row("and the candidate is one", manager([](ManagerReport &r) {
            r.isSynchronous = true;
            for (ManagerMember &m : r.members)
                m.role = m.name == candidate ? ManagerMember::Role::SyncStandby : m.role;
        }),
        CheckId::ManagerAllows, Verdict::Passed, false);
    row("the primary died just now, and it promotes by itself", {}, CheckId::ManagerLeaves, Verdict::Failed, true, Act::Failover);
    row("the primary died, and it is paused", manager([](ManagerReport &r) { r.isPaused = true; }), CheckId::ManagerLeaves, Verdict::Passed,
        false, Act::Failover);
    row("nobody holds the leader key", manager([](ManagerReport &r) { r.isPaused = true; }), CheckId::OldPrimaryStopped, Verdict::Warning,
        false, Act::Failover);
    row("its leader key still stands", manager([](ManagerReport &r) {
            r.isPaused = true;
            r.isUnlocked = false;
        }),
        CheckId::OldPrimaryStopped, Verdict::Failed, true, Act::Failover);

    const auto repmgrs = [](const char *sentence, const Edit &edit, CheckId id, Verdict verdict, bool blocked, Act act = Act::Switchover) {
        QTest::newRow((std::string("repmgr: ") + sentence).c_str()) << act << edit << id << verdict << blocked << true;
    };
    repmgrs("all is well", {}, CheckId::ManagerAnswers, Verdict::Passed, false);
    repmgrs("it is declared, so it is no foreign one", {}, CheckId::ForeignManager, Verdict::Passed, false);
    repmgrs("its tables cannot be read on the primary", manager([](ManagerReport &r) {
                if (r.server.text() == primary)
                    r.reach.state = facts::ReachState::Down;
            }),
            CheckId::ManagerAnswers, Verdict::Failed, true);
    repmgrs("it names another primary", manager([](ManagerReport &r) { std::swap(r.members[0].role, r.members[1].role); }),
            CheckId::ManagerAgrees, Verdict::Failed, true);
    repmgrs("a member is not registered", manager([](ManagerReport &r) { r.members.pop_back(); }), CheckId::ManagerAgrees, Verdict::Warning,
            false);
    repmgrs("each repmgrd is paused", repmgrds(true, true), CheckId::ManagerCalm, Verdict::Warning, false);
    repmgrs("no repmgrd runs", repmgrds(false, false), CheckId::ManagerCalm, Verdict::Passed, false);
    repmgrs("the candidate has priority 0", member(candidate, [](ManagerMember &m) { m.isBarred = true; }), CheckId::ManagerAllows,
            Verdict::Failed, true);
    repmgrs("the candidate is not active", member(candidate, [](ManagerMember &m) { m.state = "inactive"; }), CheckId::ManagerAllows,
            Verdict::Failed, true);
    repmgrs("the primary died, and a repmgrd may promote", {}, CheckId::ManagerLeaves, Verdict::Failed, true, Act::Failover);
    repmgrs("the primary died, and one repmgrd is not paused", manager([](ManagerReport &r) { r.isPaused = r.server.text() != candidate; }),
            CheckId::ManagerLeaves, Verdict::Failed, true, Act::Failover);
    repmgrs("the primary died, and each is paused", repmgrds(true, true), CheckId::ManagerLeaves, Verdict::Passed, true, Act::Failover);
    repmgrs("the primary died, and none runs", repmgrds(false, false), CheckId::ManagerLeaves, Verdict::Passed, true, Act::Failover);
    repmgrs("nothing proves the old primary stopped", repmgrds(false, false), CheckId::OldPrimaryStopped, Verdict::Failed, true,
            Act::Failover);
}

void TestManagedPlans::eachCheck()
{
    QFETCH(Act, act);
    QFETCH(Edit, edit);
    QFETCH(CheckId, id);
    QFETCH(Verdict, verdict);
    QFETCH(bool, blocked);
    QFETCH(bool, isRepmgrs);
    World world = managedWorld(isRepmgrs ? fleet::Manager::Repmgr : fleet::Manager::Patroni);
    if (act == Act::Failover) {
        world.killPrimary("u1");
        world.run(8);
    }
    if (edit)
        edit(world);
    const base::ServerId to(candidate);
    const Plan plan = planOf(world.run(4), act == Act::Switchover ? Intent(SwitchCluster{u1, to}) : Intent(FailCluster{u1, to}));
    const Check *check = checkIn(plan, id);
    QVERIFY(check);
    QVERIFY2(check->verdict == verdict, dump(*check).c_str());
    QVERIFY2(plan.isBlocked() == blocked, dump(plan).c_str());
    QVERIFY2(check->verdict == Verdict::Passed || check->verdict == Verdict::Unknown || !check->readings.empty() || id == CheckId::ManagerAnswers, dump(*check).c_str());
    QVERIFY2((check->verdict == Verdict::Passed) == (check->remedy == Remedy::None), dump(*check).c_str());
}

void TestManagedPlans::readiness_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<int>("ready");
    QTest::newRow("all is well") << Edit() << int(Ready::Ready);
    QTest::newRow("paused") << manager([](ManagerReport &r) { r.isPaused = true; }) << int(Ready::Warnings);
    QTest::newRow("no leader") << member(primary, [](ManagerMember &m) { m.role = ManagerMember::Role::Replica; }) << int(Ready::NotReady);
    QTest::newRow("both standbys are barred") << manager([](ManagerReport &r) {
        for (ManagerMember &m : r.members)
            m.isBarred = true;
    }) << int(Ready::NotReady);
    QTest::newRow("the REST interfaces are silent")
        << manager([](ManagerReport &r) { r.reach.state = facts::ReachState::Down; }) << int(Ready::NotReady);
}

void TestManagedPlans::readiness()
{
    QFETCH(Edit, edit);
    QFETCH(int, ready);
    World world = managedWorld();
    if (edit)
        edit(world);
    const Readiness told = readinessOf(*world.run(4), u1);
    QVERIFY2(int(told.ready) == ready, dump(told).c_str());
}

void TestManagedPlans::nobodyActsOnItsMembersBesides()
{
    const SnapshotPtr snapshot = managedWorld().run(1);
    const Plan replay = planOf(snapshot, SmallAct{Act::PauseReplay, u1, base::ServerId(candidate), {}, {}, {}});
    QVERIFY(checkIn(replay, CheckId::ForeignManager)->verdict == Verdict::Failed);
    // A brake there is a guard's; of Patroni's it would be its own.
    const SmallAct lift{Act::LiftBrake, u1, base::ServerId(candidate), {}, {}, {}};
    QVERIFY(checkIn(planOf(snapshot, lift), CheckId::ForeignManager)->verdict == Verdict::Failed);
    QVERIFY(!checkIn(planOf(managedWorld(fleet::Manager::Repmgr).run(1), lift), CheckId::ForeignManager));
    // Routers are ours.
    const Plan router = planOf(snapshot, SmallAct{Act::PauseRouter, u1, base::ServerId("router-us-west"), "u1", {}, {}});
    QVERIFY2(!router.isBlocked(), dump(router).c_str());
}

void TestManagedPlans::anUndeclaredManagerIsRefused()
{
    World world = managedWorld();
    world.edit(candidate, [](Observation &o) {
        auto sample = *o.postgres();
        sample.move->managers = {"patroni", "repmgr"};
        o.sample = std::move(sample);
    });
    const Plan plan = planOf(world.run(2), SwitchCluster{u1, {}});
    const Check *check = checkIn(plan, CheckId::ForeignManager);
    QVERIFY(check->verdict == Verdict::Failed && check->detail == "repmgr" && !check->forceable);
}

/// In no plan of a managed cluster is anything promoted, stopped, braked or let follow past its manager.
void TestManagedPlans::nothingPromotesBesidesItsManager()
{
    std::vector<Plan> plans;
    for (const auto by : {fleet::Manager::Patroni, fleet::Manager::Repmgr}) {
        World paused = managedWorld(by);
        paused.editManager([](ManagerReport &report) { report.isPaused = true; });
        paused.killPrimary("u1");
        plans.push_back(planOf(managedWorld(by).run(1), SwitchCluster{u1, {}}));
        plans.push_back(planOf(paused.run(8), FailCluster{u1, {}}));
    }
    for (const Plan &plan : plans) {
        QVERIFY(plan.pointOfNoReturn() > 0);
        for (const Step &step : plan.steps) {
            for (const auto *part : {&step.preconditions, &step.commands, &step.verifications, &step.undo}) {
                for (const Command &command : *part) {
                    for (const char *past : {"pg_promote", "ALTER SYSTEM", "pg_terminate_backend", "slot"})
                        QVERIFY2(command.text.find(past) == std::string::npos, command.text.c_str());
                    QVERIFY(!command.deed || isRepmgrs(command.deed->act) || command.deed->act == HostAct::PointRouter ||
                            step.kind == StepKind::Fence || command.deed->act == HostAct::AskStopped);
                }
            }
            const bool isPast = step.number >= plan.pointOfNoReturn();
            QVERIFY2(!isPast || step.undo.empty(), name(step.kind).data());
        }
    }
}

QTEST_GUILESS_MAIN(TestManagedPlans)
#include "test_managed_plans.moc"
