// SPDX-License-Identifier: GPL-3.0-or-later
// Each way in which one thing can go wrong, at each place where it can: what the runner makes of it, and that nothing is stuck. The
// quick tier tries one place in ten, others for each fault; SHARDLENS_EVERY=1 tries all.
#include "tests/core/execute/Scenario.h"

#include <QTest>

#include <algorithm>
#include <cstdio>
#include <functional>

using namespace shardlens;
using namespace shardlens::execute;

namespace {

constexpr std::uint64_t anySeed = 7;

int callsOf(Move move)
{
    Scenario scenario(move, anySeed);
    scenario.play(Sequel::Resume);
    return scenario.chaos().calls;
}

/// The calls that are tried with this fault.
std::vector<int> places(Move move, int fault)
{
    const int every = qEnvironmentVariableIntValue("SHARDLENS_EVERY") > 0 ? qEnvironmentVariableIntValue("SHARDLENS_EVERY") : 10;
    std::vector<int> found;
    for (int at = (fault * 3 + int(move)) % every, calls = callsOf(move); at < calls; at += every)
        found.push_back(at);
    return found;
}

/// Where there is one, the story is told, too.
std::string complaintOf(Move move, const std::map<int, Fault> &faults, Sequel sequel)
{
    std::string complaint;
    for (const bool tells : {false, true}) {
        Scenario scenario(move, anySeed, tells);
        scenario.chaos().faults = faults;
        scenario.play(sequel);
        complaint = scenario.complaint();
        if (complaint.empty())
            break;
        std::fputs(scenario.story().c_str(), stderr);
    }
    return complaint;
}

std::string statesOf(const Operation &operation)
{
    std::string text;
    for (std::size_t i = 0; i < operation.steps.size(); ++i)
        text += std::string(operate::name(operation.steps[i].kind)) + ":" + std::string(name(operation.progress[i].state)) + " ";
    return text;
}

} // namespace

class TestRunner : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whenNothingGoesWrong_data();
    void whenNothingGoesWrong();
    void oneFaultAnywhere_data();
    void oneFaultAnywhere();
    void aCrashAnywhere_data();
    void aCrashAnywhere();
    void cancelledAtAnyTime();
    void aPromotionThatWasLostIsSentAgainOnceThatIsProven();
    void aPromotionWhoseAnswerWasLostIsSeen();
    void aPromotionThatCannotBeKnownStaysInDoubt();
    void whatWasNotPromotedIsNotBegunAnewUnasked();
    void aLookIsTrustedForTwoSecondsBeforeWritesAreHeld();
    void aFrozenCandidateIsNotGivenUp();
    void aFenceNeedsAProofOrAWord_data();
    void aFenceNeedsAProofOrAWord();
    void aHostIsTurnedOffWhereNothingElseProves_data();
    void aHostIsTurnedOffWhereNothingElseProves();
    void whatTurnsItOffRunsOnce();
    void whatAPersonHasToDo();
    void whatCannotBeWrittenAfterThePromotionIsSaid();
    void whatRanOutOfTimeSaysSo();
    void whatMayBeLeftIsLeft();
    void whatCannotBeRewoundIsCopied_data();
    void whatCannotBeRewoundIsCopied();
    void aCopyThatFailsTooIsOneThingLeft();
    void aCopyIsEndedWhereItIsAskedTo();
    void aCrashWhileItIsCopied();
    void whoIsNotReachedIsNotCopied();
    void whoIsFoundAheadEndsAFailover_data();
    void whoIsFoundAheadEndsAFailover();
};

void TestRunner::whenNothingGoesWrong_data()
{
    QTest::addColumn<int>("move");
    for (int i = 0; i < moveCount; ++i)
        QTest::newRow(name(Move(i)).data()) << i;
}

void TestRunner::whenNothingGoesWrong()
{
    QFETCH(int, move);
    Scenario scenario(Move(move), anySeed, true);
    scenario.play(Sequel::Resume);
    QVERIFY2(scenario.complaint().empty(), scenario.complaint().c_str());
    const Operation &told = scenario.told();
    QVERIFY2(scenario.outcome() == Outcome::Done, (told.said + statesOf(told)).c_str());
    for (const StepProgress &progress : told.progress) {
        QVERIFY(progress.state == StepState::Done);
        QVERIFY(progress.took && progress.beganAt);
    }
    QVERIFY(told.writesHeld);
    QVERIFY2(*told.writesHeld < base::milliseconds(500), std::to_string(told.writesHeld->count()).c_str());
}

void TestRunner::oneFaultAnywhere_data()
{
    QTest::addColumn<int>("move");
    QTest::addColumn<int>("fault");
    for (int move = 0; move < moveCount; ++move) {
        for (int fault = 0; fault < faultCount; ++fault)
            QTest::addRow("%s, %s", name(Move(move)).data(), name(Fault(fault)).data()) << move << fault;
    }
}

void TestRunner::oneFaultAnywhere()
{
    QFETCH(int, move);
    QFETCH(int, fault);
    const auto tried = places(Move(move), fault);
    QVERIFY(tried.size() > 5);
    for (const int at : tried) {
        const std::string complaint = complaintOf(Move(move), {{at, Fault(fault)}}, Sequel::Resume);
        QVERIFY2(complaint.empty(), ("call " + std::to_string(at) + ": " + complaint).c_str());
    }
}

void TestRunner::aCrashAnywhere_data()
{
    QTest::addColumn<int>("move");
    QTest::addColumn<int>("sequel");
    const char *const sequels[] = {"resumed", "undone", "taken over by a guard and resumed", "taken over by a guard and undone"};
    for (int move = 0; move < moveCount; ++move) {
        for (int sequel = 0; sequel < sequelCount; ++sequel)
            QTest::addRow("%s, %s", name(Move(move)).data(), sequels[sequel]) << move << sequel;
    }
}

void TestRunner::aCrashAnywhere()
{
    QFETCH(int, move);
    QFETCH(int, sequel);
    for (const int at : places(Move(move), sequel)) {
        for (const Fault fault : {Fault::Crash, Fault::CrashAfter}) {
            const std::string complaint = complaintOf(Move(move), {{at, fault}}, Sequel(sequel));
            QVERIFY2(complaint.empty(), ("call " + std::to_string(at) + ": " + complaint).c_str());
        }
    }
}

void TestRunner::cancelledAtAnyTime()
{
    bool wasRolledBack = false, wasDone = false;
    for (int after = 0; after < 400; after += 7) {
        Scenario scenario(Move::Switchover, anySeed, true);
        scenario.cancelAt = scenario.cluster().clock().now() + base::milliseconds(after);
        scenario.play(Sequel::Resume);
        QVERIFY2(scenario.complaint().empty(), (scenario.complaint() + "\n" + scenario.story()).c_str());
        const Operation &told = scenario.told();
        if (told.hasPromoted()) {
            QVERIFY(scenario.outcome() == Outcome::Done);
            wasDone = true;
        } else {
            QVERIFY(scenario.outcome() == Outcome::RolledBack);
            QVERIFY(told.cancelAskedAt);
            wasRolledBack = true;
        }
    }
    QVERIFY(wasRolledBack && wasDone);
}

void TestRunner::aPromotionThatWasLostIsSentAgainOnceThatIsProven()
{
    for (const bool mayNotResume : {false, true}) { // its receiver tells as well
        Scenario scenario(Move::Switchover, anySeed, true);
        scenario.cluster().mayNotResume = mayNotResume;
        scenario.chaos().faultsAt = {{"pg_promote", Fault::LostInDoubt}};
        scenario.runOnce();
        const Operation &told = scenario.told();
        QVERIFY2(scenario.outcome() == Outcome::Done, scenario.story().c_str());
    QVERIFY2(*told.writesHeld > base::milliseconds(300) && *told.writesHeld < base::seconds(2), std::to_string(told.writesHeld->count()).c_str());
    QCOMPARE(scenario.cluster().writable(), (std::vector<std::string>{"u1-us-west"}));
}
    // A failover has no third member whose session would still hold the lock: it is known, and left to whoever goes on.
    Scenario scenario(Move::Failover, anySeed, true);
    scenario.chaos().faultsAt = {{"pg_promote", Fault::LostInDoubt}};
    scenario.runOnce();
    QVERIFY2(!scenario.told().hasPromoted(), scenario.story().c_str());
    scenario.runOnce();
    QVERIFY2(scenario.told().hasPromoted() && scenario.outcome() == Outcome::Done, scenario.story().c_str());
}

void TestRunner::aPromotionWhoseAnswerWasLostIsSeen()
{
    for (const Move move : {Move::Switchover, Move::Failover}) {
        Scenario scenario(move, anySeed, true);
        scenario.chaos().faultsAt = {{"pg_promote", Fault::AnswerLost}};
        scenario.runOnce();
        QVERIFY2(scenario.told().hasPromoted(), scenario.story().c_str());
        QCOMPARE(scenario.cluster().writable(), (std::vector<std::string>{"u1-us-west"}));
    }
}

/// A failover stops the receivers: where this user may not ask the candidate either, only a start of it would be a proof.
void TestRunner::aPromotionThatCannotBeKnownStaysInDoubt()
{
    Scenario scenario(Move::Failover, anySeed, true);
    scenario.cluster().mayNotResume = true;
    scenario.chaos().faultsAt = {{"pg_promote", Fault::LostInDoubt}};
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::InDoubt, scenario.story().c_str());
    QVERIFY(scenario.told().hasPromoted());
    QVERIFY(scenario.cluster().writable().empty());
    for (const auto &[id, router] : scenario.cluster().routers)
        QVERIFY2(router.isPaused, id.c_str());
}

/// Once it is proven that nobody was promoted, whoever took it up looks afresh, and may refuse: then nothing more is sent.
void TestRunner::whatWasNotPromotedIsNotBegunAnewUnasked()
{
    for (const bool may : {false, true}) {
        Scenario scenario(Move::Failover, anySeed, true);
        scenario.cluster().mayNotResume = true;
        scenario.chaos().faultsAt = {{"pg_promote", Fault::LostInDoubt}};
        scenario.runOnce();
        QVERIFY2(scenario.outcome() == Outcome::InDoubt && scenario.told().hasPromoted(), scenario.story().c_str());
        scenario.cluster().mayNotResume = false;
        int asked = 0;
        scenario.judgeAnew = [&](const Operation &broken) -> base::Result<std::string> {
            ++asked;
            if (!may)
                return base::fail(base::ErrorCode::Rejected, "u1-us-east answers as a primary again");
            Operation operation = broken;
            operation.lostAtLeast = base::Bytes{7};
            return entryLoss(operation, scenario.cluster().clock().utcNow());
        };
        scenario.runOnce();
        QCOMPARE(asked, 1);
        const Operation &told = scenario.told();
        QVERIFY2(scenario.outcome() == (may ? Outcome::Done : Outcome::Failed), scenario.story().c_str());
        QCOMPARE(told.hasPromoted(), may);
        QCOMPARE(scenario.cluster().writable().empty(), !may);
        if (may)
            QVERIFY(told.lostAtLeast == base::Bytes{7});
        else
            QVERIFY2(told.said.starts_with("u1-us-east answers as a primary again; undo operation "), told.said.c_str());
    }
}

/// A step that took long made what was looked at old: it is looked at once more, and what speaks against it by now ends it.
void TestRunner::aLookIsTrustedForTwoSecondsBeforeWritesAreHeld()
{
    int slow = 0;
    for (std::uint64_t seed = 1; seed < 20; ++seed) {
        for (const bool may : {true, false}) {
            Scenario scenario(Move::Switchover, seed, true);
            if (seed > 1)
                scenario.chaos().faultsAt = {{"pg_create_physical_replication_slot", Fault::Freezes}}; // of a step that may be left
            int asked = 0;
            scenario.judgeAnew = [&](const Operation &) -> base::Result<std::string> {
                ++asked;
                return may ? base::Result<std::string>() : base::fail(base::ErrorCode::Rejected, "it is blocked now by replay_lag");
            };
            scenario.runOnce();
            QVERIFY(asked <= 1 && (seed > 1 || asked == 0));
            slow += asked;
            if (asked == 0)
                continue;
            if (may)
                QVERIFY2(scenario.outcome() != Outcome::RolledBack || scenario.told().said.find("replay_lag") == std::string::npos, scenario.story().c_str());
            else
                QVERIFY2(scenario.outcome() != Outcome::Done && !scenario.told().writesHeldFrom && scenario.told().said.find("replay_lag") != std::string::npos,
                         (scenario.told().said + statesOf(scenario.told()) + std::to_string(scenario.outcome() ? int(*scenario.outcome()) : -1)).c_str());
        }
    }
    QVERIFY(slow > 0);
}

/// What was sent lies in its socket, and is carried out when it thaws.
void TestRunner::aFrozenCandidateIsNotGivenUp()
{
    for (std::uint64_t seed = 1; seed < 40; ++seed) {
        Scenario scenario(Move::Switchover, seed, true);
        scenario.chaos().faultsAt = {{"pg_promote", Fault::Freezes}};
        scenario.play(Sequel::Undo);
        QVERIFY2(scenario.complaint().empty(), (scenario.complaint() + "\n" + scenario.story()).c_str());
    }
}

void TestRunner::aFenceNeedsAProofOrAWord_data()
{
    QTest::addColumn<bool>("isForced");
    QTest::addColumn<bool>("runs");
    QTest::addColumn<bool>("isDone");
    QTest::newRow("nobody answers, and nobody gave their word") << false << false << false;
    QTest::newRow("nobody answers, and a person gave their word") << true << false << true;
    QTest::newRow("a person gave their word, but the guard says that it runs") << true << true << false;
}

void TestRunner::aFenceNeedsAProofOrAWord()
{
    QFETCH(bool, isForced);
    QFETCH(bool, runs);
    QFETCH(bool, isDone);
    Scenario scenario(Move::Failover, anySeed, true);
    scenario.isWarned = isForced;
    if (runs)
        scenario.cluster().cannotStop = "u1-us-east", scenario.cluster().start("u1-us-east");
    else
        scenario.chaos().cutUntil["u1-us-east"] = scenario.cluster().clock().now() + std::chrono::hours(1);
    scenario.runOnce();
    QVERIFY2(scenario.cluster().broken.empty(), scenario.cluster().broken.c_str());
    const Operation &told = scenario.told();
    QVERIFY2(told.hasPromoted() == isDone, scenario.story().c_str());
    QVERIFY(scenario.outcome() == (isDone ? Outcome::Incomplete : Outcome::RolledBack));
}

void TestRunner::aHostIsTurnedOffWhereNothingElseProves_data()
{
    using Stonith = FakeStonith;
    QTest::addColumn<int>("stonith");
    QTest::addColumn<QString>("old"); // what it is when the failover begins: dead, frozen, or it runs
    QTest::addColumn<bool>("hasGuard");
    QTest::addColumn<bool>("isForced");
    QTest::addColumn<bool>("isDone");
    QTest::addColumn<int>("turnedOff");
    const auto row = [](const char *title, Stonith stonith, const char *old, bool hasGuard, bool isForced, bool isDone, int turnedOff) {
        QTest::newRow(title) << int(stonith) << QString::fromUtf8(old) << hasGuard << isForced << isDone << turnedOff;
    };
    row("its guard proved it: nothing is turned off", Stonith::Works, "dead", true, false, true, 0);
    row("no guard, dead", Stonith::Works, "dead", false, false, true, 1);
    row("no guard, frozen", Stonith::Works, "frozen", false, false, true, 1);
    row("no guard, cut off from us, and runs", Stonith::Works, "runs", false, false, true, 1);
    row("its guard says that it runs", Stonith::Works, "cannot stop", true, false, true, 1);
    row("it fails", Stonith::Fails, "frozen", false, false, false, 1);
    row("it hangs", Stonith::Hangs, "frozen", false, false, false, 1);
    row("it works, and says that it failed", Stonith::WorksAndFails, "frozen", false, false, false, 1);
    row("it lies, and the server answers", Stonith::Lies, "runs", false, false, false, 1);
    row("it fails, and a person gave their word", Stonith::Fails, "dead", false, true, true, 1);
    row("it hangs, and a person gave their word", Stonith::Hangs, "dead", false, true, true, 1);
    row("it fails, a person gave their word, and its guard says that it runs", Stonith::Fails, "cannot stop", true, true, false, 1);
    row("it lies, a person gave their word, and the server answers", Stonith::Lies, "runs", false, true, false, 1);
}

void TestRunner::aHostIsTurnedOffWhereNothingElseProves()
{
    QFETCH(int, stonith);
    QFETCH(QString, old);
    QFETCH(bool, hasGuard);
    QFETCH(bool, isForced);
    QFETCH(bool, isDone);
    QFETCH(int, turnedOff);
    Scenario scenario(Move::StonithFailover, anySeed, true);
    FakeCluster &cluster = scenario.cluster();
    scenario.isWarned = isForced;
    cluster.stonith = FakeStonith(stonith);
    cluster.noGuardAt = hasGuard ? "" : "u1-us-east";
    if (old != QLatin1String("dead"))
        cluster.start("u1-us-east");
    cluster.servers["u1-us-east"].isFrozen = old == QLatin1String("frozen");
    cluster.cannotStop = old == QLatin1String("cannot stop") ? "u1-us-east" : "";
    scenario.runOnce();
    QVERIFY2(cluster.broken.empty(), (cluster.broken + "\n" + scenario.story()).c_str());
    QCOMPARE(cluster.turnedOff, turnedOff);
    const Operation &told = scenario.told();
    QVERIFY2(told.hasPromoted() == isDone, scenario.story().c_str());
    const std::string states = statesOf(told);
    if (!isDone) {
        QVERIFY2(scenario.outcome() == Outcome::RolledBack, scenario.story().c_str());
        QVERIFY2(told.said.find("db1-us-east may have been turned off") != std::string::npos, told.said.c_str());
        for (const auto &[id, router] : cluster.routers)
            QVERIFY2(!router.isPaused, id.c_str());
    } else if (!isForced) {
        // Proven by the one or the other, the fence leaves nothing to do.
        QVERIFY2(states.find("fence:done stonith:done") != std::string::npos, states.c_str());
        QCOMPARE(told.kept.contains("stonith"), turnedOff == 1); // what the command wrote is in the journal
        QCOMPARE(int(*scenario.outcome()), int(turnedOff == 1 ? Outcome::Incomplete : Outcome::Done)); // one that is off does not rejoin
    } else {
        QVERIFY2(states.find("fence:left stonith:left") != std::string::npos, states.c_str());
    }
}

/// A command that may have worked is not run again by itself, whatever became of its answer.
void TestRunner::whatTurnsItOffRunsOnce()
{
    for (const Fault fault : {Fault::AnswerLost, Fault::LostInDoubt, Fault::LostBefore, Fault::Refused}) {
        Scenario scenario(Move::StonithFailover, anySeed, true);
        scenario.cluster().noGuardAt = "u1-us-east";
        scenario.chaos().faultsAt = {{"/usr/local/sbin/turn-off", fault}};
        scenario.runOnce();
        QVERIFY2(scenario.outcome() == Outcome::RolledBack, scenario.story().c_str());
        QVERIFY(scenario.cluster().turnedOff <= 1);
    }
}

void TestRunner::whatAPersonHasToDo()
{
    Scenario scenario(Move::ByHand, anySeed, true);
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::Failed, scenario.story().c_str());
    const Operation told = scenario.told();
    QVERIFY2(told.said.find("resume_routers") != std::string::npos, told.said.c_str());
    bool isNamed = false;
    for (std::size_t i = 0; i < told.steps.size(); ++i)
        isNamed |= told.steps[i].kind == operate::StepKind::PointRouters && told.progress[i].state == StepState::Left && told.progress[i].said.starts_with("by hand: on router-us-east: [databases] u1 = ");
    QVERIFY2(isNamed, scenario.story().c_str());
    // Once a person has pointed the routers, the same operation goes on, and sees it.
    for (auto &[id, router] : scenario.cluster().routers)
        router.leadsTo["u1"] = scenario.cluster().addressOf("u1-us-west", id);
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::Incomplete, scenario.story().c_str());
    for (const auto &[id, router] : scenario.cluster().routers)
        QVERIFY2(!router.isPaused, id.c_str());
}

void TestRunner::whatCannotBeWrittenAfterThePromotionIsSaid()
{
    Scenario scenario(Move::Switchover, anySeed, true);
    scenario.chaos().faultsAt = {{"\"state\":\"done\",\"step\":10", Fault::Refused}};
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::Done, scenario.story().c_str());
    QVERIFY2(scenario.told().said.find("no space left") != std::string::npos, scenario.told().said.c_str());
}

/// What its last try met is not why it failed.
void TestRunner::whatRanOutOfTimeSaysSo()
{
    Scenario scenario(Move::Switchover, anySeed, true);
    scenario.cluster().servers["u1-us-west"].isFrozen = true;
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::RolledBack, scenario.story().c_str());
    const Operation &told = scenario.told();
    QVERIFY2(told.said.find("(its time ran out after ") != std::string::npos, told.said.c_str());
}

void TestRunner::whoIsFoundAheadEndsAFailover_data()
{
    QTest::addColumn<int>("move");
    QTest::addColumn<QString>("who");
    QTest::addColumn<bool>("isDone");
    QTest::newRow("one that was not ahead when it was planned") << int(Move::Failover) << "u1-eu-west" << false;
    QTest::newRow("the one that the log is fetched from") << int(Move::FetchingFailover) << "u2-us-west" << true;
}

/// It received more after the plan was made: promoting past it would lose that.
void TestRunner::whoIsFoundAheadEndsAFailover()
{
    QFETCH(int, move);
    QFETCH(QString, who);
    QFETCH(bool, isDone);
    Scenario scenario(Move(move), anySeed, true);
    FakeServer &ahead = scenario.cluster().servers.at(who.toStdString());
    ahead.written = ahead.replayed = ahead.written + 0x2000;
    scenario.runOnce();
    const Operation &told = scenario.told();
    QVERIFY2(told.hasPromoted() == isDone, scenario.story().c_str());
    QVERIFY2(scenario.outcome() == (isDone ? Outcome::Done : Outcome::RolledBack), scenario.story().c_str());
    if (!isDone)
        QVERIFY2(told.said.find(who.toStdString() + " has 8128 bytes of log more") != std::string::npos, told.said.c_str());
    for (const auto &[id, router] : scenario.cluster().routers)
        QVERIFY2(!router.isPaused, id.c_str());
}

void TestRunner::whatMayBeLeftIsLeft()
{
    Scenario scenario(Move::Switchover, anySeed, true);
    scenario.chaos().faultsAt = {{"slot_name = 'u1_eu_west'", Fault::Refused}};
    scenario.chaos().cutUntil["u1-eu-west"] = scenario.cluster().clock().now() + std::chrono::hours(1);
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::Incomplete, scenario.story().c_str());
    const Operation &told = scenario.told();
    QVERIFY(!told.left().empty());
    QVERIFY(told.steps[std::size_t(told.left().front() - 1)].kind == operate::StepKind::Follow);
    QCOMPARE(told.progress[std::size_t(told.left().front() - 1)].said.substr(0, 11), std::string("u1-eu-west:"));
    QCOMPARE(scenario.cluster().writable(), (std::vector<std::string>{"u1-us-west"}));
}

namespace {

const operate::Step &stepIn(const Operation &operation, operate::StepKind kind)
{
    return *std::find_if(operation.steps.begin(), operation.steps.end(), [&](const operate::Step &step) { return step.kind == kind; });
}

const StepProgress &progressIn(const Operation &operation, operate::StepKind kind)
{
    return operation.progress[std::size_t(stepIn(operation, kind).number - 1)];
}

} // namespace

void TestRunner::whatCannotBeRewoundIsCopied_data()
{
    QTest::addColumn<int>("move");
    for (const Move move : {Move::Switchover, Move::SynchronousSwitchover, Move::Failover, Move::FetchingFailover})
        QTest::newRow(name(move).data()) << int(move);
}

/// One step is left by its rewind, four others do its work, and what is told in the end is that all is done, and by which of them.
void TestRunner::whatCannotBeRewoundIsCopied()
{
    QFETCH(int, move);
    Scenario scenario(Move(move), anySeed, true);
    const std::string old = scenario.first().from.text();
    scenario.cluster().cannotRewind = old;
    scenario.play(Sequel::Resume);
    QVERIFY2(scenario.complaint().empty(), scenario.story().c_str());
    const Operation &told = scenario.told();
    QVERIFY2(scenario.outcome() == Outcome::Done, (told.said + statesOf(told)).c_str());
    QVERIFY(told.left().empty());
    const StepProgress &rejoin = progressIn(told, operate::StepKind::RejoinOld);
    QVERIFY2(rejoin.state == StepState::Done && rejoin.said.starts_with("copied anew: ") && rejoin.said.find("pg_rewind") != std::string::npos, rejoin.said.c_str());
    QVERIFY(rejoin.took && *rejoin.took < base::seconds(5)); // a refused rewind is not tried for a minute
    for (const auto kind : {operate::StepKind::HoldOld, operate::StepKind::CopyData, operate::StepKind::ExchangeData, operate::StepKind::DropReplaced})
        QVERIFY2(progressIn(told, kind).state == StepState::Done && progressIn(told, kind).said.empty(), statesOf(told).c_str());
    FakeCluster &cluster = scenario.cluster();
    QCOMPARE(cluster.copies, 1);
    QVERIFY(cluster.servers[old].isReceiving && cluster.servers[old].isInRecovery && !cluster.servers[old].hasReplaced);
    for (const auto &[slot, isThere] : cluster.servers[told.to.text()].slots)
        QVERIFY2(slot.find("_copy") == std::string::npos, slot.c_str());
}

void TestRunner::aCopyThatFailsTooIsOneThingLeft()
{
    Scenario scenario(Move::Switchover, anySeed, true);
    const std::string old = scenario.first().from.text();
    scenario.cluster().cannotRewind = scenario.cluster().cannotCopy = old;
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::Incomplete, scenario.story().c_str());
    const Operation &told = scenario.told();
    QCOMPARE(told.left(), (std::vector<int>{stepIn(told, operate::StepKind::RejoinOld).number}));
    const std::string said = progressIn(told, operate::StepKind::RejoinOld).said;
    QVERIFY2(said.find("pg_rewind") != std::string::npos && said.find("no space left on device") != std::string::npos, said.c_str());
    QVERIFY(progressIn(told, operate::StepKind::ExchangeData).state == StepState::Waiting);
    QVERIFY(progressIn(told, operate::StepKind::PointReads).state == StepState::Done);
    // Nothing keeps the new primary's log, and whoever starts the old one gets no primary.
    FakeCluster &cluster = scenario.cluster();
    for (const auto &[slot, isThere] : cluster.servers[told.to.text()].slots)
        QVERIFY2(slot.find("_copy") == std::string::npos, slot.c_str());
    QVERIFY(!cluster.servers[old].isRunning);
    cluster.start(old);
    cluster.pass(base::seconds(1));
    QCOMPARE(cluster.writable(), (std::vector<std::string>{told.to.text()}));
    QCOMPARE(QString::fromStdString(scenario.complaint()), QString());
}

/// Past the point of no return a wish to stop ends nothing but what may take hours.
void TestRunner::aCopyIsEndedWhereItIsAskedTo()
{
    Scenario scenario(Move::Switchover, anySeed, true);
    const std::string old = scenario.first().from.text();
    scenario.cluster().cannotRewind = old;
    // As soon as a copy is begun.
    std::function<void()> cancelsOnceBegun;
    cancelsOnceBegun = [&] {
        if (scenario.cluster().copies == 0)
            scenario.cluster().later(base::milliseconds(5), cancelsOnceBegun);
        else if (Runner *runner = scenario.running())
            runner->cancel();
    };
    scenario.cluster().later(base::milliseconds(5), cancelsOnceBegun);
    scenario.runOnce();
    const Operation &told = scenario.told();
    QVERIFY2(scenario.outcome() == Outcome::Incomplete, (told.said + statesOf(told)).c_str());
    QVERIFY(told.cancelAskedAt);
    QCOMPARE(told.left(), (std::vector<int>{stepIn(told, operate::StepKind::RejoinOld).number}));
    QVERIFY(progressIn(told, operate::StepKind::CopyData).state == StepState::Left);
    QVERIFY(!scenario.cluster().servers[old].copiedAt); // ended, and removed
    QCOMPARE(QString::fromStdString(scenario.complaint()), QString());
}

/// Wherever the runner dies from the refused rewind on, somebody goes on, and the old primary streams in the end.
void TestRunner::aCrashWhileItIsCopied()
{
    for (const char *at : {"pg_rewind ", "SELECT count(*) FROM pg_stat_replication WHERE application_name", "pg_basebackup ", "backup_manifest'", ".shardlens-replaced'; mv",
                           "pg_copy_physical_replication_slot", "rm -r '", "copied anew"}) {
        for (const Fault fault : {Fault::Crash, Fault::CrashAfter}) {
            Scenario scenario(Move::Switchover, anySeed, true);
            scenario.cluster().cannotRewind = scenario.first().from.text();
            scenario.chaos().faultsAt = {{at, fault}};
            scenario.play(Sequel::Resume);
            QVERIFY2(scenario.chaos().faultsAt.empty(), at); // it was met
            QVERIFY2(scenario.complaint().empty(), (std::string(at) + "\n" + scenario.story()).c_str());
            QVERIFY2(scenario.outcome() == Outcome::Done, (std::string(at) + ": " + statesOf(scenario.told()) + "\n" + scenario.story()).c_str());
        }
    }
}

/// A host of which nobody hears keeps nobody waiting twice.
void TestRunner::whoIsNotReachedIsNotCopied()
{
    Scenario scenario(Move::Failover, anySeed, true);
    const std::string old = scenario.first().from.text();
    scenario.isWarned = true;
    scenario.cluster().servers[old].isStopped = true;
    scenario.chaos().cutUntil[old] = scenario.cluster().clock().now() + std::chrono::hours(1);
    scenario.runOnce();
    QVERIFY2(scenario.outcome() == Outcome::Incomplete, scenario.story().c_str());
    const Operation &told = scenario.told();
    QVERIFY(progressIn(told, operate::StepKind::RejoinOld).state == StepState::Left);
    QVERIFY2(progressIn(told, operate::StepKind::HoldOld).state == StepState::Waiting, statesOf(told).c_str());
    QVERIFY(progressIn(told, operate::StepKind::PointReads).state == StepState::Done);
    QCOMPARE(scenario.cluster().copies, 0);
}

QTEST_GUILESS_MAIN(TestRunner)
#include "test_runner.moc"
