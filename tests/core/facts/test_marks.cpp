// SPDX-License-Identifier: GPL-3.0-or-later
// Maintenance marks: whom they calm, whom they do not, and that they are told once they are overdue.
#include "core/facts/Calm.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::facts;
using fixtures::World;

using Edit = std::function<void(World &)>;
Q_DECLARE_METATYPE(Edit)

namespace {

const char *const standby = "u1-us-west";
const char *const other = "u1-eu-west";

SharedPtr marked(const std::vector<std::string> &servers, base::UtcTime until)
{
    auto shared = std::make_shared<Shared>();
    shared->readAt = base::Instant(std::chrono::hours(100));
    for (const std::string &server : servers) {
        Mark mark;
        mark.subject = server;
        mark.by.databaseUser = "oncall1";
        mark.reason = "new kernel";
        mark.until = until;
        shared->marks.push_back(mark);
    }
    return shared;
}

SnapshotPtr after(const Edit &edit, const SharedPtr &shared)
{
    World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.share(shared);
    world.run(12);
    edit(world);
    return world.run(12);
}

const Problem *problemOf(const Snapshot &snapshot, Rule rule)
{
    const auto found =
        std::find_if(snapshot.problems.begin(), snapshot.problems.end(), [&](const Problem &problem) { return problem.rule == rule; });
    return found == snapshot.problems.end() ? nullptr : &*found;
}

} // namespace

class TestMarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void calm_data();
    void calm();
    void anOverdueMarkIsToldAndCalmsNothing();
    void aMarkOfAHostIsThatOfItsServers();
    void evacuated_data();
    void evacuated();
    void whatIsExpectedIsFoldedUnderTheEvacuation();
};

void TestMarks::calm_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<QStringList>("marks");
    QTest::addColumn<int>("rule");
    QTest::addColumn<bool>("calm");
    const Edit paused = [](World &w) { w.pauseReplay(standby); };
    const Edit both = [](World &w) {
        w.pauseReplay(standby);
        w.freeze(other);
    };
    const Edit dead = [](World &w) { w.killPrimary("u1"); };
    QTest::newRow("a marked standby whose replay is paused calls nobody")
        << paused << QStringList{standby} << int(Rule::ReplayPaused) << true;
    QTest::newRow("one that is not marked calls") << paused << QStringList{other} << int(Rule::ReplayPaused) << false;
    QTest::newRow("a marked primary that is dead is felt, and calls")
        << dead << QStringList{"u1-us-east"} << int(Rule::PrimaryDown) << false;
    QTest::newRow("the last standby that is left calls, marked or not") << both << QStringList{standby} << int(Rule::ReplayPaused) << false;
}

void TestMarks::calm()
{
    QFETCH(Edit, edit);
    QFETCH(QStringList, marks);
    QFETCH(int, rule);
    QFETCH(bool, calm);
    std::vector<std::string> servers;
    for (const QString &mark : marks)
        servers.push_back(mark.toStdString());
    const SnapshotPtr snapshot = after(edit, marked(servers, fixtures::at(13, 0, 0)));
    const Problem *problem = problemOf(*snapshot, Rule(rule));
    QVERIFY(problem); // it stands in the list all the same
    QCOMPARE(calmedBy(*problem, *snapshot) != nullptr, calm);
    QVERIFY(!problemOf(*snapshot, Rule::MaintenanceOverdue));
}

void TestMarks::anOverdueMarkIsToldAndCalmsNothing()
{
    const SnapshotPtr snapshot = after([](World &w) { w.pauseReplay(standby); }, marked({standby}, fixtures::at(11, 0, 0)));
    const Problem *overdue = problemOf(*snapshot, Rule::MaintenanceOverdue);
    QVERIFY(overdue);
    QCOMPARE(overdue->severity, Severity::Warning);
    QCOMPARE(overdue->place.server, base::ServerId(standby));
    QCOMPARE(overdue->since.at, fixtures::at(11, 0, 0));
    QVERIFY(!calmedBy(*overdue, *snapshot));
    const Problem *problem = problemOf(*snapshot, Rule::ReplayPaused);
    QVERIFY(problem && !calmedBy(*problem, *snapshot));
}

void TestMarks::aMarkOfAHostIsThatOfItsServers()
{
    const fleet::Fleet &fleet = *fixtures::defaultFleet();
    Shared shared;
    Mark mark;
    mark.kind = Mark::Kind::Host;
    mark.subject = fleet.server(base::ServerId(standby))->host.text();
    shared.marks = {mark};
    QVERIFY(markOn(&shared, fleet, base::ServerId(standby)));
    QVERIFY(!markOn(&shared, fleet, base::ServerId("u1-us-east")));
    QVERIFY(!markOn(nullptr, fleet, base::ServerId(standby)));
    QVERIFY(!markOn(&shared, fleet, base::ServerId("nobody")));
}

void TestMarks::evacuated_data()
{
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<int>("rule");
    QTest::addColumn<bool>("expected");
    QTest::newRow("a standby there that is down") << Edit([](World &w) { w.freeze("u2-us-west"); }) << int(Rule::StandbyDown) << true;
    QTest::newRow("one elsewhere calls") << Edit([](World &w) { w.freeze("u1-eu-west"); }) << int(Rule::StandbyDown) << false;
    QTest::newRow("the last standby that is left calls") << Edit([](World &w) {
        w.freeze("u1-us-west");
        w.freeze("u1-eu-west");
    }) << int(Rule::StandbyDown) << false;
    QTest::newRow("its cache that is down") << Edit([](World &w) { w.silence("cache-us-west-1"); }) << int(Rule::CacheServerDown) << true;
    QTest::newRow("its router that is down: people were sent elsewhere") << Edit([](World &w) { w.freeze("router-us-west"); }) << int(Rule::RouterDown) << true;
    QTest::newRow("the whole of it is silent") << Edit([](World &w) { w.silenceRegion("us-west"); }) << int(Rule::RegionSilent) << true;
    QTest::newRow("log that is kept for it fills a disk elsewhere") << Edit([](World &w) {
        w.fallBehind("u1-us-west", {fixtures::inMicros(900), base::Bytes{60LL << 30}, 5e7, base::Bytes{60LL << 30}});
    }) << int(Rule::SlotFilling) << false;
}

void TestMarks::evacuated()
{
    QFETCH(Edit, edit);
    QFETCH(int, rule);
    QFETCH(bool, expected);
    auto shared = std::make_shared<Shared>();
    shared->readAt = base::Instant(std::chrono::hours(100));
    Mark mark;
    mark.kind = Mark::Kind::Region;
    mark.subject = "us-west";
    mark.by.databaseUser = "oncall1";
    mark.since = fixtures::at(11, 0, 0);
    shared->marks = {mark};
    const SnapshotPtr snapshot = after(edit, shared);
    const Problem *evacuation = problemOf(*snapshot, Rule::RegionEvacuated);
    const auto isIn = [&](const std::vector<Problem> &problems) {
        return std::any_of(problems.begin(), problems.end(), [&](const Problem &one) { return int(one.rule) == rule; });
    };
    QVERIFY(isIn(snapshot->problems) || (evacuation && isIn(evacuation->consequences))); // told in any case
    QCOMPARE(evacuation && isIn(evacuation->consequences), expected);
    QCOMPARE(isIn(snapshot->problems) && !expected, !expected);
}

void TestMarks::whatIsExpectedIsFoldedUnderTheEvacuation()
{
    auto shared = std::make_shared<Shared>();
    shared->readAt = base::Instant(std::chrono::hours(100));
    Mark mark;
    mark.kind = Mark::Kind::Region;
    mark.subject = "us-west";
    mark.by.databaseUser = "oncall1";
    mark.reason = "a storm";
    mark.since = fixtures::at(11, 0, 0);
    shared->marks = {mark};
    QVERIFY(!problemOf(*after([](World &) {}, shared), Rule::RegionEvacuated)); // nothing is wrong: nothing is told
    const SnapshotPtr snapshot = after(
        [](World &w) {
            w.freeze("u2-us-west");
            w.silence("cache-us-west-1");
        },
        shared);
    QCOMPARE(snapshot->problems.size(), std::size_t(1));
    const Problem &evacuation = snapshot->problems.front();
    QCOMPARE(evacuation.rule, Rule::RegionEvacuated);
    QCOMPARE(evacuation.severity, Severity::Warning);
    QCOMPARE(evacuation.since.at, fixtures::at(11, 0, 0));
    QVERIFY(evacuation.consequences.size() >= 2);
    for (const Problem &one : evacuation.consequences)
        QVERIFY(one.severity != Severity::Critical);
    QVERIFY(calmedBy(evacuation, *snapshot));
}

QTEST_GUILESS_MAIN(TestMarks)
#include "test_marks.moc"
