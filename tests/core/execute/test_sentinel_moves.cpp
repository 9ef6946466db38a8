// SPDX-License-Identifier: GPL-3.0-or-later
// SHARDLENS_EVERY=1 tries every call, else one in 47, others for each fault.
// Real plans of a group that Sentinels manage, on one in memory in virtual time: whatever the Sentinels do, they are asked once, never do two
// members take writes, no acknowledged write is lost, and stable addresses end where the one primary is, or wait.
#include "tests/core/execute/FakeSentinels.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::execute;
using fixtures::World;

Q_DECLARE_METATYPE(shardlens::execute::Heeds)
Q_DECLARE_METATYPE(shardlens::execute::Outcome)

namespace {

const base::GroupName feeds("feeds");
const std::string east = "feeds-us-east", west = "feeds-us-west", europe = "feeds-eu-west";

fixtures::FleetPtr managed()
{
    static const auto fleet = fixtures::sentinelFleet("feeds");
    return fleet;
}

Operation begun(const operate::Plan &plan)
{
    Operation operation;
    operation.id = "op";
    operation.act = operate::actOf(plan.intent);
    operation.group = feeds;
    operation.from = plan.from;
    operation.to = plan.to;
    operation.term = 2;
    operation.steps = plan.steps;
    operation.progress.resize(plan.steps.size());
    return operation;
}

World usualWorld()
{
    World world(managed(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    return world;
}

const Operation &switchover()
{
    static const Operation operation = begun(*operate::planFor(*usualWorld().run(1), operate::moveOf(operate::Act::Switchover, {}, feeds, base::ServerId(west))));
    return operation;
}

const Operation &failover()
{
    static const Operation operation = [] {
        World world = usualWorld();
        world.killPrimary("feeds");
        return begun(*operate::planFor(*world.run(30), operate::moveOf(operate::Act::Failover, {}, feeds, base::ServerId(west))));
    }();
    return operation;
}

Operation toldBy(const FakeGroup &group, const Operation &operation)
{
    Operation told = operation;
    for (const std::string &line : group.lines)
        (void)addEntry(told, line);
    return told;
}

bool isOver(const std::optional<Outcome> &outcome)
{
    return outcome == Outcome::Done || outcome == Outcome::RolledBack;
}

/// One run with its faults, then all is healed, and what is not over is resumed or taken back.
struct Told {
    std::optional<Outcome> first;
    std::string complaint;
    int calls = 0;
    int asked = 0;
};

Told play(const std::map<int, GroupFault> &faults, bool isUndone = false)
{
    const Operation &operation = switchover();
    FakeGroup group(*managed(), operation);
    FakeSentinels sentinels(group, east, west, Heeds::Well);
    group.sentinels = &sentinels;
    group.faults = faults;
    const auto runOnce = [&](const Operation &from, bool undo) -> std::optional<Outcome> {
        Runner runner(from, group, group, group.clock(), &group);
        try {
            return undo ? runner.undo() : runner.run();
        } catch (const GroupCrash &) {
            return std::nullopt;
        }
    };
    Told told;
    told.first = runOnce(operation, false);
    told.calls = group.calls;
    group.heal();
    auto outcome = told.first;
    for (int i = 0; i < 3 && !isOver(outcome); ++i) {
        Operation again = toldBy(group, operation);
        again.outcome.reset();
        outcome = runOnce(again, isUndone && !again.hasPromoted());
    }
    group.pass(base::seconds(12));
    told.asked = sentinels.asked;
    // A primary that died in between they replaced by themselves, with whomever: that is for a failover to follow.
    const bool isTheirs = outcome == Outcome::RolledBack && sentinels.leader() != east;
    if (isOver(outcome))
        told.complaint = isTheirs ? group.broken : group.complaint(false);
    else if (!group.broken.empty())
        told.complaint = group.broken;
    else if (sentinels.leader() == east || sentinels.leader() == west) // nobody else was promoted: it must end
        told.complaint = "it does not end: " + std::string(outcome ? name(*outcome) : "crashed") + " " + toldBy(group, operation).said;
    return told;
}

int every()
{
    const int asked = qEnvironmentVariableIntValue("SHARDLENS_EVERY");
    return asked > 0 ? asked : 47;
}

} // namespace

class TestSentinelMoves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whateverSentinelsDo_data();
    void whateverSentinelsDo();
    void oneFaultAnywhere_data();
    void oneFaultAnywhere();
    void aCrashIsUndone();
    void aFailoverByItselfMeanwhile_data();
    void aFailoverByItselfMeanwhile();
    void aDeadPrimaryIsReplacedThroughThem();
};

void TestSentinelMoves::whateverSentinelsDo_data()
{
    QTest::addColumn<Heeds>("heeds");
    QTest::addColumn<Outcome>("outcome");
    QTest::addColumn<QString>("said");
    QTest::addColumn<QString>("primary");
    QTest::addColumn<int>("mostHeld"); // milliseconds; 0: they are held until a person acts
    const auto row = [](const char *sentence, Heeds heeds, Outcome outcome, const char *said, const std::string &primary, int mostHeld) {
        QTest::newRow(sentence) << heeds << outcome << QString::fromUtf8(said) << QString::fromStdString(primary) << mostHeld;
    };
    row("they obey", Heeds::Well, Outcome::Done, "", west, 1500);
    row("they refuse", Heeds::Refuse, Outcome::RolledBack, "NOGOODSLAVE", east, 1500);
    row("they hang, and nothing moves", Heeds::Hang, Outcome::RolledBack, "no answer", east, 15000);
    row("they hang, and it moves", Heeds::HangAndDo, Outcome::Done, "", west, 2500);
    row("they say so, and give it up", Heeds::SayOnly, Outcome::RolledBack, "OK", east, 15000);
    row("another is promoted", Heeds::Elsewhere, Outcome::Failed, "lets the stable addresses follow", europe, 0);
    row("another Sentinel began just before, for the same", Heeds::WereFirst, Outcome::Done, "", west, 2500);
    row("another Sentinel began just before, for another", Heeds::WereElsewhere, Outcome::Failed, "lets the stable addresses follow", europe, 0);
}

void TestSentinelMoves::whateverSentinelsDo()
{
    QFETCH(Heeds, heeds);
    QFETCH(Outcome, outcome);
    QFETCH(QString, said);
    QFETCH(QString, primary);
    QFETCH(int, mostHeld);
    FakeGroup group(*managed(), switchover());
    FakeSentinels sentinels(group, east, west, heeds);
    group.sentinels = &sentinels;
    Runner runner(switchover(), group, group, group.clock(), &group);
    const Outcome came = runner.run();
    const Operation told = toldBy(group, switchover());
    group.pass(base::seconds(12));
    QVERIFY2(came == outcome, (std::string(name(came)) + ": " + told.said).c_str());
    QVERIFY2(QString::fromStdString(told.said).contains(said), told.said.c_str());
    QCOMPARE(sentinels.asked, 1);
    QCOMPARE(group.broken, std::string());
    QCOMPARE(QString::fromStdString(sentinels.leader()), primary);
    if (mostHeld == 0) {
        QVERIFY(!told.writesHeld); // no address may lead where nobody looked
        return;
    }
    QCOMPARE(QString::fromStdString(group.complaint(false)), QString());
    QVERIFY2(told.writesHeld && *told.writesHeld <= base::milliseconds(mostHeld), std::to_string(told.writesHeld->count() / 1000).c_str());
    for (const std::string &server : {east, west, europe}) { // by whom they prefer next is as it was
        const auto found = group.servers.at(server).settings.find("replica-priority");
        QVERIFY2(found == group.servers.at(server).settings.end() || found->second == "100", server.c_str());
    }
}

void TestSentinelMoves::oneFaultAnywhere_data()
{
    QTest::addColumn<int>("fault");
    for (int fault = 0; fault < groupFaultCount; ++fault)
        QTest::newRow(name(GroupFault(fault)).data()) << fault;
}

void TestSentinelMoves::oneFaultAnywhere()
{
    QFETCH(int, fault);
    const int calls = play({}).calls;
    QVERIFY(calls > 40);
    for (int at = fault * 5 % every(); at < calls; at += every()) {
        const Told told = play({{at, GroupFault(fault)}});
        QVERIFY2(told.complaint.empty(), ("call " + std::to_string(at) + ": " + told.complaint).c_str());
    }
}

void TestSentinelMoves::aCrashIsUndone()
{
    const int calls = play({}).calls;
    for (int at = 0; at < calls; at += every()) {
        const Told told = play({{at, GroupFault::Crash}}, true);
        QVERIFY2(told.complaint.empty(), ("call " + std::to_string(at) + ": " + told.complaint).c_str());
    }
}

void TestSentinelMoves::aFailoverByItselfMeanwhile_data()
{
    QTest::addColumn<QString>("to");
    QTest::addColumn<int>("at"); // the entry of the journal at which it begins
    for (const std::string &to : {west, europe}) {
        for (int at = 0; at < 12; ++at)
            QTest::addRow("to %s at entry %d", to.c_str(), at) << QString::fromStdString(to) << at;
    }
}

/// Somebody lets a Sentinel fail over at any moment: what it loses is theirs, but ours never gives the old primary its writes back beside the new one.
void TestSentinelMoves::aFailoverByItselfMeanwhile()
{
    QFETCH(QString, to);
    QFETCH(int, at);
    struct Meddling final : Journal {
        FakeGroup *group = nullptr;
        FakeSentinels *sentinels = nullptr;
        std::string to;
        int at = 0;
        bool wasAsked = false; ///< by ours, before
        base::Result<void> append(const std::string &entry) override
        {
            if (at-- == 0) {
                wasAsked = sentinels->asked > 0;
                sentinels->failOver(to);
            }
            return group->append(entry);
        }
    };
    FakeGroup group(*managed(), switchover());
    FakeSentinels sentinels(group, east, west, Heeds::Well);
    group.sentinels = &sentinels;
    Meddling journal;
    journal.group = &group;
    journal.sentinels = &sentinels;
    journal.to = to.toStdString();
    journal.at = at;
    Runner runner(switchover(), group, journal, group.clock(), &group);
    const Outcome came = runner.run();
    group.pass(base::seconds(12));
    const Operation told = toldBy(group, switchover());
    QVERIFY2(sentinels.isCalm(), (std::string(name(came)) + " " + told.said).c_str());
    QVERIFY2(group.primaries() == sentinels.leader(), group.primaries().c_str());
    if (came == Outcome::Done)
        QCOMPARE(QString::fromStdString(group.primaries()), QString::fromStdString(west));
    // Where it was taken back before any refusal, or never led elsewhere: the old one's own writes meanwhile are the Sentinel's doing.
    const bool hadRefused = told.kept.contains("final");
    if (hadRefused && !journal.wasAsked && came != Outcome::RolledBack)
        QVERIFY2(group.broken.empty(), (group.broken + ": " + std::string(name(came)) + " " + told.said).c_str());
}

void TestSentinelMoves::aDeadPrimaryIsReplacedThroughThem()
{
    FakeGroup group(*managed(), failover());
    FakeSentinels sentinels(group, east, west, Heeds::Well);
    sentinels.isWatching = false; // they were seen to do nothing by themselves
    group.sentinels = &sentinels;
    group.kill(east);
    Runner runner(failover(), group, group, group.clock(), &group);
    const Outcome came = runner.run();
    const Operation told = toldBy(group, failover());
    QVERIFY2(came == Outcome::Incomplete, (std::string(name(came)) + ": " + told.said).c_str());
    QCOMPARE(QString::fromStdString(sentinels.leader()), QString::fromStdString(west));
    QCOMPARE(group.broken, std::string());
    for (const auto &[address, target] : group.stables)
        QCOMPARE(QString::fromStdString(target), QString::fromStdString(west));
}

QTEST_GUILESS_MAIN(TestSentinelMoves)
#include "test_sentinel_moves.moc"
