// SPDX-License-Identifier: GPL-3.0-or-later
// Real plans of a cluster under Patroni or repmgr, on one in memory in virtual time: whatever these do or do not do with what they are
// asked, they are asked once, never do two members take writes, no acknowledged write is lost, and routers end where the one primary is, or
// wait.
#include "tests/core/execute/FakeManaged.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/World.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::execute;
using fixtures::World;
using fleet::Manager;

Q_DECLARE_METATYPE(shardlens::execute::Obeys)
Q_DECLARE_METATYPE(shardlens::execute::Outcome)
Q_DECLARE_METATYPE(shardlens::fleet::Manager)

namespace {

const base::ClusterName u1("u1");
const base::ServerId east("u1-us-east"), west("u1-us-west");

Operation begun(const operate::Plan &plan)
{
    Operation operation;
    operation.id = "u1-20261121-120000-4f2a";
    operation.act = operate::actOf(plan.intent);
    operation.cluster = u1;
    operation.from = plan.from;
    operation.to = plan.to;
    operation.term = 8;
    operation.steps = plan.steps;
    operation.progress.resize(plan.steps.size());
    return operation;
}

World usualWorld(Manager by)
{
    World world(fixtures::managedFleet("u1", by), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    return world;
}

Operation switchover(Manager by = Manager::Patroni)
{
    return begun(*operate::planFor(*usualWorld(by).run(1), operate::SwitchCluster{u1, west}));
}

Operation failover(Manager by)
{
    World world = usualWorld(by);
    if (by == Manager::Repmgr)
        world.editManager([](facts::ManagerReport &report) { report.isPaused = true; });
    world.killPrimary("u1");
    return begun(*operate::planFor(*world.run(8), operate::FailCluster{u1, west}));
}

/// The routers lead to the old one still, for they were told nothing.
Operation follow(Manager by = Manager::Patroni)
{
    World world = usualWorld(by);
    world.killPrimary("u1");
    world.run(8);
    world.promote("u1", west.text());
    const auto fleet = fixtures::managedFleet("u1");
    for (const fleet::Router &router : fleet->routers) {
        const fleet::Endpoint old = fleet->server(east)->address.from(router.region);
        world.edit(router.server.text(), [old](facts::Observation &o) {
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
    return begun(*operate::planFor(*world.run(4), operate::FailCluster{u1, {}}));
}

Operation toldBy(const FakeManaged &cluster, const Operation &operation)
{
    Operation told = operation;
    for (const std::string &line : cluster.lines)
        (void)addEntry(told, line);
    return told;
}

} // namespace

class TestManagedMoves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverPatroniDoes_data();
    void whateverPatroniDoes();
    void whereItLedElsewhereAFailoverFollows();
    void aDeadLeaderIsReplacedThroughIt_data();
    void aDeadLeaderIsReplacedThroughIt();
    void whatItDidByItselfIsFollowed_data();
    void whatItDidByItselfIsFollowed();
    void whoLeadsNoMoreIsNotFollowed();
    void brokenOffAfterItWasAskedItGoesOn();
};

void TestManagedMoves::whateverPatroniDoes_data()
{
    QTest::addColumn<Obeys>("obeys");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<QString>("said");
    QTest::addColumn<int>("mostHeld"); // milliseconds
    QTest::addColumn<Manager>("by");
    const auto row = [](const char *sentence, Obeys obeys, Outcome outcome, const char *said, int mostHeld, Manager by = Manager::Patroni) {
        QTest::newRow(sentence) << obeys << outcome << QString::fromUtf8(said) << mostHeld << by;
    };
    row("it obeys", Obeys::Well, Outcome::Done, "", 1500);
    row("it answers late", Obeys::Slowly, Outcome::Done, "", 3500);
    row("it refuses: 412", Obeys::Refuses, Outcome::RolledBack, "no good candidates", 500);
    row("nothing listens there", Obeys::IsGone, Outcome::RolledBack, "connection refused", 500);
    row("it tried and failed: 503", Obeys::Fails, Outcome::RolledBack, "Switchover failed", 1500);
    row("it does not know: 503, and nothing moves", Obeys::KnowsNot, Outcome::RolledBack, "status unknown", 34000);
    row("it says so: 200, and nothing moves", Obeys::SaysSo, Outcome::RolledBack, "Successfully", 19000);
    row("it hangs, and nothing moves", Obeys::Hangs, Outcome::RolledBack, "no answer", 54000);
    row("it hangs, and moves", Obeys::HangsAndDoes, Outcome::Done, "", 42000);
    row("its leader key is lost for a while", Obeys::LosesKey, Outcome::Incomplete, "", 9500);
    row("repmgr obeys", Obeys::Well, Outcome::Done, "", 1500, Manager::Repmgr);
    row("repmgr ends before anything moves", Obeys::Fails, Outcome::RolledBack, "Switchover failed", 1500, Manager::Repmgr);
    row("the guard there does not begin repmgr", Obeys::IsGone, Outcome::RolledBack, "connection refused", 500, Manager::Repmgr);
    row("repmgr hangs, and nothing moves", Obeys::Hangs, Outcome::RolledBack, "no answer", 54000, Manager::Repmgr);
    row("repmgr hangs, and moves", Obeys::HangsAndDoes, Outcome::Done, "", 42000, Manager::Repmgr);
}

void TestManagedMoves::whateverPatroniDoes()
{
    QFETCH(Obeys, obeys);
    QFETCH(Outcome, outcome);
    QFETCH(QString, said);
    QFETCH(int, mostHeld);
    QFETCH(Manager, by);
    const Operation operation = switchover(by);
    const auto fleet = fixtures::managedFleet("u1", by);
    FakeManaged cluster(*fleet, operation, obeys);
    cluster.pass(base::milliseconds(100));
    Runner runner(operation, cluster, cluster, cluster.clock(), &cluster);
    const Outcome came = runner.run();
    const Operation told = toldBy(cluster, operation);
    cluster.pass(base::seconds(5));
    QVERIFY2(came == outcome, (std::string(name(came)) + ": " + told.said).c_str());
    QVERIFY2(QString::fromStdString(told.said).contains(said), told.said.c_str());
    QCOMPARE(cluster.complaint(), std::string());
    QCOMPARE(cluster.posts, obeys == Obeys::IsGone ? 0 : 1);
    QVERIFY(told.writesHeld);
    QVERIFY2(*told.writesHeld <= base::milliseconds(mostHeld), std::to_string(told.writesHeld->count() / 1000).c_str());
    const bool hasMoved = outcome != Outcome::RolledBack;
    QCOMPARE(cluster.writable(), std::vector<std::string>{hasMoved ? west.text() : east.text()});
    QCOMPARE(cluster.term, std::int64_t(hasMoved ? 8 : 7));
}

/// Writes wait, for no router may lead where nobody looked; a failover then follows it.
void TestManagedMoves::whereItLedElsewhereAFailoverFollows()
{
    const Operation operation = switchover();
    const auto fleet = fixtures::managedFleet("u1");
    FakeManaged cluster(*fleet, operation, Obeys::Elsewhere);
    Runner runner(operation, cluster, cluster, cluster.clock(), &cluster);
    QCOMPARE(int(runner.run()), int(Outcome::Failed));
    const std::string said = toldBy(cluster, operation).said;
    QVERIFY2(said.find("u1-eu-west leads, not u1-us-west: a failover of u1 lets the routers follow") != std::string::npos, said.c_str());
    QVERIFY(cluster.areRoutersPaused());
    QCOMPARE(cluster.writable(), std::vector<std::string>{"u1-eu-west"});
}

void TestManagedMoves::aDeadLeaderIsReplacedThroughIt_data()
{
    QTest::addColumn<Obeys>("obeys");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<Manager>("by");
    QTest::newRow("it obeys") << Obeys::Well << Outcome::Done << Manager::Patroni;
    QTest::newRow("it refuses") << Obeys::Refuses << Outcome::RolledBack << Manager::Patroni;
    QTest::newRow("repmgr obeys") << Obeys::Well << Outcome::Done << Manager::Repmgr;
    QTest::newRow("the guard there does not begin repmgr") << Obeys::IsGone << Outcome::RolledBack << Manager::Repmgr;
}

void TestManagedMoves::aDeadLeaderIsReplacedThroughIt()
{
    QFETCH(Obeys, obeys);
    QFETCH(Outcome, outcome);
    QFETCH(Manager, by);
    const Operation operation = failover(by);
    const auto fleet = fixtures::managedFleet("u1", by);
    FakeManaged cluster(*fleet, operation, obeys);
    cluster.pass(base::milliseconds(100));
    cluster.kill(east.text());
    Runner runner(operation, cluster, cluster, cluster.clock(), &cluster);
    const Outcome came = runner.run();
    QVERIFY2(came == outcome, toldBy(cluster, operation).said.c_str());
    QVERIFY(!cluster.areRoutersPaused());
    if (outcome == Outcome::Done)
        QCOMPARE(cluster.complaint(), std::string());
    else
        QVERIFY(cluster.writable().empty());
}

void TestManagedMoves::whatItDidByItselfIsFollowed_data()
{
    QTest::addColumn<Manager>("by");
    QTest::newRow("Patroni") << Manager::Patroni;
    QTest::newRow("a repmgrd") << Manager::Repmgr;
}

void TestManagedMoves::whatItDidByItselfIsFollowed()
{
    QFETCH(Manager, by);
    const Operation operation = follow(by);
    QCOMPARE(operation.from.text(), east.text());
    QCOMPARE(operation.to.text(), west.text());
    const auto fleet = fixtures::managedFleet("u1", by);
    FakeManaged cluster(*fleet, operation, Obeys::Well);
    cluster.pass(base::milliseconds(100));
    cluster.kill(east.text());
    cluster.failOverTo(west.text());
    cluster.term = 8;
    Runner runner(operation, cluster, cluster, cluster.clock(), &cluster);
    const Outcome came = runner.run();
    QVERIFY2(came == Outcome::Done, toldBy(cluster, operation).said.c_str());
    QCOMPARE(cluster.complaint(), std::string());
    QCOMPARE(cluster.term, std::int64_t(9));
    QCOMPARE(cluster.posts, 0);
}

void TestManagedMoves::whoLeadsNoMoreIsNotFollowed()
{
    const Operation operation = follow();
    const auto fleet = fixtures::managedFleet("u1");
    FakeManaged cluster(*fleet, operation, Obeys::Well);
    cluster.kill(east.text());
    cluster.failOverTo("u1-eu-west"); // it changed its mind since
    Runner runner(operation, cluster, cluster, cluster.clock(), &cluster);
    QCOMPARE(int(runner.run()), int(Outcome::RolledBack));
    QVERIFY(!cluster.areRoutersPaused());
    QCOMPARE(cluster.term, std::int64_t(7));
}

void TestManagedMoves::brokenOffAfterItWasAskedItGoesOn()
{
    Operation operation = switchover();
    const auto fleet = fixtures::managedFleet("u1");
    FakeManaged cluster(*fleet, operation, Obeys::Well);
    cluster.pass(base::milliseconds(100));
    // The journal of one that died after it had asked: all before is done, and the point of no return was begun.
    for (std::size_t i = 0; i < operation.steps.size(); ++i) {
        operation.progress[i].state = operation.steps[i].isPointOfNoReturn ? StepState::Doing : StepState::Done;
        operation.progress[i].beganAt = cluster.clock().utcNow();
        if (operation.steps[i].isPointOfNoReturn)
            break;
    }
    operation.kept = {{"final", "0/100"}, {"clock", "2026-11-21 10:00:00+00"}};
    operation.writesHeldFrom = cluster.clock().utcNow();
    operate::Command post;
    for (const operate::Step &step : operation.steps) {
        if (step.isPointOfNoReturn)
            post = step.commands.front();
    }
    (void)cluster.carryOut({post}, cluster.clock().now() + base::seconds(30));
    Runner runner(operation, cluster, cluster, cluster.clock(), &cluster);
    const Outcome came = runner.run();
    QVERIFY2(came == Outcome::Done, toldBy(cluster, operation).said.c_str());
    QCOMPARE(cluster.posts, 1);
    QCOMPARE(cluster.complaint(), std::string());
}

QTEST_GUILESS_MAIN(TestManagedMoves)
#include "test_managed_moves.moc"
