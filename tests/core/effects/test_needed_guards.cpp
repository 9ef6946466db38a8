// SPDX-License-Identifier: GPL-3.0-or-later
// Whose guards must accept an operation before it begins, and whose silence keeps it from nothing.
#include "core/effects/NeededGuards.h"

#include <QTest>

using namespace shardlens;
using operate::Act;
using operate::By;
using operate::StepKind;

namespace {

fleet::Fleet fleetOfFour()
{
    fleet::Fleet fleet;
    for (const char *name : {"east", "west", "north", "far"}) {
        const base::RegionName region(name);
        fleet.regions.push_back({region});
        fleet.guards.push_back({region, {{"127.0.0.1", 1}, {}}});
        const auto add = [&](const char *kind, fleet::ServerKind is) {
            fleet.servers.push_back({base::ServerId(std::string(kind) + name), is, {}, region, {{"127.0.0.1", 1}, {}}});
        };
        add("u1-", fleet::ServerKind::Postgres);
        add("f-", fleet::ServerKind::Redis);
        add("router-", fleet::ServerKind::Pgbouncer);
    }
    return fleet;
}

operate::Step step(StepKind kind, const std::vector<const char *> &targets, By by = By::Sql, bool mayBeLeft = false)
{
    operate::Step step;
    step.kind = kind;
    step.mayBeLeft = mayBeLeft;
    for (const char *target : targets) {
        step.targets.emplace_back(target);
        operate::Command command;
        command.by = by;
        command.on = step.targets.back();
        step.commands.push_back(command);
    }
    return step;
}

execute::Operation operation(Act act, const char *from, const char *to, std::vector<operate::Step> steps)
{
    execute::Operation operation;
    operation.act = act;
    operation.from = base::ServerId(from);
    operation.to = base::ServerId(to);
    operation.steps = std::move(steps);
    return operation;
}

QString notNeeded(const execute::Operation &operation)
{
    QStringList names;
    for (const base::RegionName &region : effects::regionsNotNeeded(fleetOfFour(), operation))
        names << QString::fromStdString(region.text());
    return names.join(' ');
}

} // namespace

class TestNeededGuards : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void ofACluster();
    void ofAGroup();
};

void TestNeededGuards::ofACluster()
{
    const auto pauses = step(StepKind::PauseRouters, {"router-east", "router-west"}, By::Router);
    const auto kills = step(StepKind::KillRouters, {"router-west"}, By::Router);
    const auto fences = step(StepKind::Fence, {"u1-east"}, By::Host);
    const auto promotes = step(StepKind::Promote, {"u1-west"});
    const auto leaves = step(StepKind::PointLater, {"router-east"}, By::Hand, true);
    // Neither a router nor a member that it needs stands there.
    QCOMPARE(notNeeded(operation(Act::Switchover, "u1-east", "u1-west", {pauses, promotes})), "far north");
    QCOMPARE(notNeeded(operation(Act::Switchover, "u1-east", "u1-north", {pauses})), "far");
    const auto follows = step(StepKind::Follow, {"u1-north"});
    QCOMPARE(notNeeded(operation(Act::Switchover, "u1-east", "u1-west", {pauses, follows, promotes})), "far");
    const auto mayFollow = step(StepKind::Follow, {"u1-north"}, By::Sql, true);
    QCOMPARE(notNeeded(operation(Act::Switchover, "u1-east", "u1-west", {pauses, promotes, mayFollow})), "far north");
    // The dead primary's region is lost, with its router.
    QCOMPARE(notNeeded(operation(Act::Failover, "u1-east", "u1-west", {kills, fences, promotes, leaves})), "east far north");
    // A smaller act is told to whomever it concerns.
    QCOMPARE(notNeeded(operation(Act::PauseRouter, "u1-east", "", {pauses})), "");
}

void TestNeededGuards::ofAGroup()
{
    const auto refuses = step(StepKind::RefuseWrites, {"f-east"}, By::Redis);
    const auto promotes = step(StepKind::Promote, {"f-west"}, By::Redis);
    const auto points = step(StepKind::PointStables, {"feeds@east", "feeds@west"}, By::Host);
    QCOMPARE(notNeeded(operation(Act::Switchover, "f-east", "f-west", {refuses, promotes, points})), "far north");
    QCOMPARE(notNeeded(operation(Act::Switchover, "f-north", "f-west", {promotes, points})), "far");
    QCOMPARE(notNeeded(operation(Act::Failover, "f-east", "f-west", {refuses, promotes, points})), "far north");
    // Its guard did not answer when this was planned: a person leads that address.
    auto lost = points;
    lost.commands.front().by = By::Hand;
    QCOMPARE(notNeeded(operation(Act::Failover, "f-east", "f-west", {refuses, promotes, lost})), "east far north");
    QCOMPARE(notNeeded(operation(Act::Switchover, "f-east", "f-west", {refuses, promotes, lost})), "far north");
}

QTEST_GUILESS_MAIN(TestNeededGuards)
#include "test_needed_guards.moc"
