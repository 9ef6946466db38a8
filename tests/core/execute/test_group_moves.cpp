// SPDX-License-Identifier: GPL-3.0-or-later
// SHARDLENS_EVERY=1 tries every call, else one in 41, others for each fault; SHARDLENS_SEEDS=FROM-TO plays other random stories.
// Real plans of a Redis group's moves, on a group in memory in virtual time: one fault at each call, then everything is healed and
// the operation resumed where it is not over. Never two members that take writes, no acknowledged write lost, nothing stuck.
#include "tests/core/execute/FakeGroup.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"

#include <QTest>

#include <random>

using namespace shardlens;
using namespace shardlens::execute;
using fixtures::World;

namespace {

struct Begun {
    facts::SnapshotPtr snapshot;
    Operation operation;
};

const Begun &begunFor(operate::Act act)
{
    static const auto make = [](operate::Act of) {
        World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
        world.observedSince(std::chrono::hours(2));
        world.run(12);
        if (of == operate::Act::Failover) {
            world.killPrimary("feeds");
            world.run(8);
        }
        Begun one;
        one.snapshot = world.run(4);
        const auto plan = operate::planFor(*one.snapshot, operate::moveOf(of, {}, base::GroupName("feeds"), {}));
        one.operation.id = "op";
        one.operation.act = of;
        one.operation.group = base::GroupName("feeds");
        one.operation.from = plan->from;
        one.operation.to = plan->to;
        one.operation.term = 2;
        one.operation.steps = plan->steps;
        one.operation.progress.resize(plan->steps.size());
        return one;
    };
    static const Begun switchover = make(operate::Act::Switchover);
    static const Begun failover = make(operate::Act::Failover);
    return act == operate::Act::Switchover ? switchover : failover;
}

/// One story: a run with its faults, then all is healed, and what is not over is resumed.
struct Story {
    std::string complaint;
    std::optional<Outcome> first;
    int calls = 0;
    Operation told;
};

std::optional<Outcome> runOnce(FakeGroup &group, const Operation &operation, bool isUndone)
{
    Runner runner(operation, group, group, group.clock(), &group);
    try {
        return isUndone ? runner.undo() : runner.run();
    } catch (const GroupCrash &) {
        if (group.calls % 2 == 0)
            group.loseMachine(); // and every other time its machine with it
        return std::nullopt;
    }
}

Operation toldBy(const FakeGroup &group, const Operation &begun)
{
    Operation told = begun;
    for (const std::string &line : group.lines)
        (void)addEntry(told, line);
    return told;
}

int every()
{
    const int asked = qEnvironmentVariableIntValue("SHARDLENS_EVERY");
    return asked > 0 ? asked : 41;
}

bool isOver(const std::optional<Outcome> &outcome)
{
    return outcome == Outcome::Done || outcome == Outcome::RolledBack;
}

/// `cuts`: whoever goes on has a copy of the journal that ends at any line.
Story play(operate::Act act, const std::map<int, GroupFault> &faults, bool isUndone = false, std::mt19937_64 *cuts = nullptr)
{
    const Begun &begun = begunFor(act);
    FakeGroup group(*begun.snapshot->fleet, begun.operation);
    if (act == operate::Act::Failover)
        group.kill(begun.operation.from.text());
    group.faults = faults;
    Story story;
    story.first = runOnce(group, begun.operation, false);
    story.calls = group.calls;
    group.heal();
    auto outcome = story.first;
    for (int i = 0; i < 3 && (!isOver(outcome) || (cuts && i == 0)); ++i) { // a story that is over may have lost its end, too
        if (cuts)
            group.lines.resize((*cuts)() % (group.lines.size() + 1));
        Operation told = toldBy(group, begun.operation);
        told.outcome.reset();
        const bool mayGoBack = !told.hasPromoted() && (!cuts || i == 0); // a copy cannot tell: told that it was promoted, one goes on
        if (cuts) {
            group.lines.push_back(entryMayBeShort("it is a copy", group.clock().utcNow()));
            told = toldBy(group, begun.operation);
        }
        outcome = runOnce(group, told, isUndone && mayGoBack);
    }
    group.pass(base::milliseconds(100));
    story.told = toldBy(group, begun.operation);
    if (!isOver(outcome))
        story.complaint = "it does not end: " + std::string(outcome ? name(*outcome) : "crashed") + " " + story.told.said;
    else
        story.complaint = group.complaint(act == operate::Act::Failover);
    return story;
}

} // namespace

class TestGroupMoves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whenNothingGoesWrong_data();
    void whenNothingGoesWrong();
    void oneFaultAnywhere_data();
    void oneFaultAnywhere();
    void aCrashIsUndone();
    void bothPrimariesDie();
    void twoFaults();
    void manyStories() { tellMany(false); }
    void manyStoriesFromShortJournals() { tellMany(true); }
    void cancelledAtAnyTime();
    void writesWaitForTheDiskFourTimes();

private:
    void tellMany(bool areShortened);
};

void TestGroupMoves::whenNothingGoesWrong_data()
{
    QTest::addColumn<operate::Act>("act");
    QTest::newRow("switchover") << operate::Act::Switchover;
    QTest::newRow("failover") << operate::Act::Failover;
}

void TestGroupMoves::whenNothingGoesWrong()
{
    QFETCH(operate::Act, act);
    const Story story = play(act, {});
    QVERIFY2(story.complaint.empty(), story.complaint.c_str());
    // A dead primary cannot be demoted: its guard does so when it is back, or whoever resumes.
    QVERIFY(story.first == (act == operate::Act::Switchover ? Outcome::Done : Outcome::Incomplete));
    QVERIFY(story.told.writesHeld && *story.told.writesHeld < base::milliseconds(500));
}

void TestGroupMoves::oneFaultAnywhere_data()
{
    QTest::addColumn<operate::Act>("act");
    QTest::addColumn<int>("fault");
    for (const auto act : {operate::Act::Switchover, operate::Act::Failover}) {
        for (int fault = 0; fault < groupFaultCount; ++fault)
            QTest::addRow("%s, %s", operate::name(act).data(), name(GroupFault(fault)).data()) << act << fault;
    }
}

void TestGroupMoves::oneFaultAnywhere()
{
    QFETCH(operate::Act, act);
    QFETCH(int, fault);
    const int calls = play(act, {}).calls;
    QVERIFY(calls > 40);
    for (int at = fault * 3 % every(); at < calls; at += every()) {
        const Story story = play(act, {{at, GroupFault(fault)}});
        QVERIFY2(story.complaint.empty(), ("call " + std::to_string(at) + ": " + story.complaint).c_str());
    }
}

void TestGroupMoves::aCrashIsUndone()
{
    const int calls = play(operate::Act::Switchover, {}).calls;
    for (int at = 0; at < calls; at += every()) {
        const Story story = play(operate::Act::Switchover, {{at, GroupFault::Crash}}, true);
        QVERIFY2(story.complaint.empty(), ("call " + std::to_string(at) + ": " + story.complaint).c_str());
    }
}

/// A failover's old primary is dead, and the new one dies at any call, too. Started again in either order, one of them takes writes, and
/// keeps what it acknowledges as long as nobody resumes the operation.
void TestGroupMoves::bothPrimariesDie()
{
    const Begun &begun = begunFor(operate::Act::Failover);
    const std::string from = begun.operation.from.text(), to = begun.operation.to.text();
    int wereBoth = 0, wereLed = 0;
    for (int at = 20; at < 60; ++at) { // from before the promotion on
        for (const std::string &late : {from, to}) {
            FakeGroup group(*begun.snapshot->fleet, begun.operation);
            group.kill(from);
            group.faults = {{at, GroupFault::Dies}};
            (void)runOnce(group, begun.operation, false);
            const bool wereDead = !group.doesAnswer(from) && !group.doesAnswer(to);
            group.heal(late);
            const auto where = std::to_string(at) + ", " + late + " late: ";
            QVERIFY2(group.broken.empty(), (where + group.broken).c_str());
            const bool isLed = std::all_of(group.stables.begin(), group.stables.end(), [&](const auto &stable) { return stable.second == from; });
            if (wereDead && isLed)
                QVERIFY2(group.writable() == from && group.hasAllAcknowledged(from), (where + group.writable()).c_str());
            wereBoth += wereDead;
            wereLed += wereDead && isLed;
            Operation told = toldBy(group, begun.operation);
            told.outcome.reset();
            QVERIFY2(runOnce(group, told, false) == Outcome::Done, (where + toldBy(group, begun.operation).said).c_str());
            group.pass(base::milliseconds(100));
            QVERIFY2(group.complaint(true).empty(), (where + group.complaint(true)).c_str());
        }
    }
    QVERIFY(wereLed > 10 && wereBoth > wereLed); // it is no proof unless both happened
}

void TestGroupMoves::twoFaults()
{
    const int calls = play(operate::Act::Switchover, {}).calls;
    for (int i = 0; i < 400; i += every()) {
        const int first = i * 7 % calls;
        const int second = first + 1 + i * 3 % 20;
        const std::map<int, GroupFault> faults{{first, GroupFault(i % groupFaultCount)}, {second, GroupFault(i / groupFaultCount % groupFaultCount)}};
        const Story story = play(operate::Act::Switchover, faults);
        QVERIFY2(story.complaint.empty(), (std::to_string(first) + " " + std::string(name(faults.at(first))) + ", " + std::to_string(second) + " " + std::string(name(faults.at(second))) + ": " + story.complaint).c_str());
    }
}

/// Up to three faults at random calls, of a switchover or a failover, gone on with or taken back.
void TestGroupMoves::tellMany(bool areShortened)
{
    const QStringList range = qEnvironmentVariable("SHARDLENS_SEEDS", QStringLiteral("1-25")).split(QLatin1Char('-'));
    const std::uint64_t first = range.value(0).toULongLong(), last = range.value(range.size() - 1).toULongLong();
    std::map<std::string, int> outcomes;
    QStringList bad;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        std::mt19937_64 random(seed * 7919);
        const auto pick = [&](int below) { return int(random() % std::uint64_t(below)); };
        const auto act = pick(3) == 0 ? operate::Act::Failover : operate::Act::Switchover;
        std::map<int, GroupFault> faults;
        for (int i = 1 + pick(3); i > 0; --i)
            faults[pick(90)] = GroupFault(pick(groupFaultCount));
        const Story story = play(act, faults, pick(2) == 0, areShortened ? &random : nullptr);
        ++outcomes[story.first ? std::string(name(*story.first)) : std::string("crashed")];
        if (story.complaint.empty())
            continue;
        QString told = QStringLiteral("seed %1, %2:").arg(seed).arg(QString::fromUtf8(operate::name(act).data()));
        for (const auto &[call, fault] : faults)
            told += QStringLiteral(" %1 %2,").arg(call).arg(QString::fromUtf8(name(fault).data()));
        bad << told + QLatin1Char(' ') + QString::fromStdString(story.complaint);
    }
    for (const auto &[outcome, count] : outcomes)
        std::printf("%s: %d\n", outcome.c_str(), count);
    QVERIFY2(bad.isEmpty(), qPrintable(bad.join("\n")));
    if (last - first >= 399) { // it is no proof unless all of it happened
        for (const char *outcome : {"done", "incomplete", "rolled_back", "crashed"})
            QVERIFY2(outcomes[outcome] >= 10, outcome);
    }
}

void TestGroupMoves::cancelledAtAnyTime()
{
    const Begun &begun = begunFor(operate::Act::Switchover);
    for (std::size_t line = 0; line < 12; ++line) {
        FakeGroup group(*begun.snapshot->fleet, begun.operation);
        struct Cancelling final : Journal {
            FakeGroup *group = nullptr;
            Runner *runner = nullptr;
            std::size_t at = 0;
            base::Result<void> append(const std::string &entry) override
            {
                auto appended = group->append(entry);
                if (group->lines.size() > at)
                    runner->cancel();
                return appended;
            }
        } journal;
        Runner runner(begun.operation, group, journal, group.clock(), &group);
        journal.group = &group;
        journal.runner = &runner;
        journal.at = line;
        const Outcome outcome = runner.run();
        QVERIFY(outcome == Outcome::RolledBack || outcome == Outcome::Done);
        group.pass(base::milliseconds(200));
        QVERIFY2(group.complaint(false).empty(), group.complaint(false).c_str());
        QCOMPARE(group.primaries(), (outcome == Outcome::Done ? begun.operation.to : begun.operation.from).text());
    }
}

/// What is on disk before writes are held, refused, the promotion is sent, and before they flow again; all else goes along with these.
void TestGroupMoves::writesWaitForTheDiskFourTimes()
{
    const Begun &begun = begunFor(operate::Act::Switchover);
    FakeGroup group(*begun.snapshot->fleet, begun.operation);
    QVERIFY(runOnce(group, begun.operation, false) == Outcome::Done);
    const auto lineOf = [&](const std::string &entry) {
        const auto found = std::find_if(group.lines.begin(), group.lines.end(), [&](const std::string &line) { return line.find("\"entry\":\"" + entry + "\"") != std::string::npos; });
        return static_cast<std::size_t>(found - group.lines.begin());
    };
    const std::size_t held = lineOf("writes_held");
    const std::size_t flow = lineOf("writes_flow");
    QVERIFY(held < flow && flow < group.lines.size());
    const auto waits = std::count_if(group.flushes.begin(), group.flushes.end(), [&](std::size_t lines) { return lines > held && lines <= flow; });
    QCOMPARE(int(waits), 4);
    QCOMPARE(group.flushes.back(), group.lines.size()); // and all is on disk in the end
}

QTEST_GUILESS_MAIN(TestGroupMoves)
#include "test_group_moves.moc"
