// SPDX-License-Identifier: GPL-3.0-or-later
// An operation written down entry by entry, and folded again: nothing is lost, what broke off is passed over, the rest is named.
#include "core/execute/Anew.h"
#include "core/execute/Leftover.h"
#include "core/execute/Operation.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

#include <functional>

using namespace shardlens;
using namespace shardlens::execute;
using namespace std::chrono_literals;

namespace {

base::UtcTime at(int second)
{
    return fixtures::at(17, 35, second) + base::microseconds(123456);
}

operate::Plan planOf(const facts::SnapshotPtr &snapshot, const operate::Intent &intent)
{
    const auto plan = operate::planFor(*snapshot, intent);
    if (!plan)
        qFatal("%s", plan.error().message.c_str());
    return *plan;
}

Operation begun(const operate::Plan &plan)
{
    Operation operation;
    operation.id = "u1-20261121-173500-4f2a";
    operation.number = 41;
    operation.act = operate::actOf(plan.intent);
    operation.cluster = operate::clusterOf(plan.intent);
    operation.from = plan.from;
    operation.to = plan.to;
    operation.term = 8;
    operation.author = {"shardlens", "anna", "desk-7"};
    operation.reason = "the host's fan \"screams\"\nand Jörg wants it home";
    operation.forced = {{operate::CheckId::OldPrimaryStopped, "I pulled its plug"}, {operate::CheckId::Disk, ""}};
    operation.beganAt = operation.lastEntryAt = at(0);
    operation.expectedPause = 828ms;
    operation.steps = plan.steps;
    operation.steps.front().usual = base::microseconds(12000);
    operation.progress.resize(plan.steps.size());
    return operation;
}

const Operation &switchover()
{
    static const Operation made = begun(planOf(fixtures::well(), operate::SwitchCluster{base::ClusterName("u1"), {}}));
    return made;
}

Operation failover()
{
    Operation operation = begun(planOf(fixtures::incident(), operate::FailCluster{base::ClusterName("u1"), {}}));
    operation.lastWriteAt = at(-60);
    operation.lostAtLeast = base::Bytes{0};
    operation.lostAtMost = base::Bytes{3 << 20};
    return operation;
}

Operation folded(const std::vector<std::string> &lines)
{
    auto operation = operationOf(lines);
    if (!operation)
        qFatal("%s", operation.error().message.c_str());
    return *operation;
}

std::string stepLine(int number, StepState state, const std::string &said = {})
{
    StepProgress progress;
    progress.state = state;
    progress.said = said;
    return entryStep(number, progress, {}, at(9));
}

using Lines = std::vector<std::string>;
using Since = std::function<void(fixtures::World &, Operation &)>; ///< what came after it broke off

void tell(Operation &operation, operate::StepKind kind, StepState state)
{
    for (std::size_t i = 0; i < operation.steps.size(); ++i) {
        if (operation.steps[i].kind == kind)
            operation.progress[i].state = state;
    }
}

void pauseRouters(fixtures::World &world)
{
    for (const char *router : {"router-us-east", "router-us-west", "router-eu-west"}) {
        world.edit(router, [](facts::Observation &o) {
            if (!o.router())
                return;
            auto sample = *o.router();
            for (facts::RouterDatabase &database : sample.databases)
                database.paused = database.paused || database.name == "u1";
            o.sample = std::move(sample);
        });
    }
}

} // namespace

Q_DECLARE_METATYPE(Since)

class TestOperation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatWasLeftHasAnActWhereOneDoesIt();
    void whatIsBegunComesBackWhole_data();
    void whatIsBegunComesBackWhole();
    void entriesTellTheirStory();
    void aCopyMayBeShort();
    void aCopyHoldsNoSecrets();
    void everyStateAndOutcomeComesBack();
    void whatIsNoUtf8IsWrittenAllTheSame();
    void aLastLineThatBrokeOffIsPassedOver();
    void whatCannotBeRead_data();
    void whatCannotBeRead();
    void thePromotionCountsFromItsFirstEntry();
    void whatIsBegunAnewIsJudgedAnew_data();
    void whatIsBegunAnewIsJudgedAnew();
    void whatWouldBeLostIsToldAnew();
};

void TestOperation::whatIsBegunComesBackWhole_data()
{
    QTest::addColumn<Operation>("operation");
    QTest::newRow("a switchover") << switchover();
    QTest::newRow("a failover") << failover();
    Operation bare;
    bare.id = "x";
    bare.beganAt = bare.lastEntryAt = at(1);
    QTest::newRow("one of nothing") << bare;
}

void TestOperation::whatIsBegunComesBackWhole()
{
    QFETCH(Operation, operation);
    const std::string line = entryBegun(operation);
    QVERIFY(line.find('\n') == std::string::npos);
    const Operation back = folded({line});
    QVERIFY(back.steps == operation.steps);
    QVERIFY(back == operation);
}

void TestOperation::entriesTellTheirStory()
{
    Operation expected = switchover();
    Lines lines{entryBegun(expected)};

    const StepProgress doing{StepState::Doing, at(1), std::nullopt, {}};
    lines.push_back(entryStep(1, doing, {}, at(1)));
    const StepProgress done{StepState::Done, at(1), base::microseconds(1234), {}};
    lines.push_back(entryStep(1, done, {{"now", "0/3000060"}}, at(2)));
    expected.progress[0] = done;
    expected.kept["now"] = "0/3000060";
    lines.push_back(entryWritesHeld(at(3)));
    expected.writesHeldFrom = at(3);
    const StepProgress failed{StepState::Failed, at(3), base::microseconds(2000000), "router-eu-west: it did not pause"};
    lines.push_back(entryStep(2, failed, {{"now", "0/3000070"}}, at(4)));
    expected.progress[1] = failed;
    expected.kept["now"] = "0/3000070";
    lines.push_back(entryCancelAsked(at(5)));
    expected.cancelAskedAt = at(5);
    lines.push_back(entryWritesFlow(base::microseconds(812345), at(6)));
    expected.writesHeld = base::microseconds(812345);
    lines.push_back(entryOutcome(Outcome::Failed, "somebody must look", at(7)));
    expected.outcome = Outcome::Failed;
    expected.said = "somebody must look";
    expected.endedAt = expected.lastEntryAt = at(7);
    QVERIFY(folded(lines) == expected);
    Operation followed = folded({lines.front()});
    for (std::size_t i = 1; i < lines.size(); ++i)
        QVERIFY(addEntry(followed, lines[i]));
    QVERIFY(followed == expected);
    QCOMPARE(int(addEntry(followed, lines.back().substr(0, 9)).error().code), int(base::ErrorCode::Protocol));

    // Who takes over has not ended yet; the pause counts anew once writes are held again.
    lines.push_back(entryTakenOver(42, {"shardlens", "bo", "desk-8"}, at(8)));
    lines.push_back(entryWritesHeld(at(9)));
    expected.number = 42;
    expected.author = {"shardlens", "bo", "desk-8"};
    expected.outcome.reset();
    expected.endedAt.reset();
    expected.cancelAskedAt.reset();
    expected.said.clear();
    expected.writesHeldFrom = expected.lastEntryAt = at(9);
    expected.writesHeld.reset();
    QVERIFY(folded(lines) == expected);
}

/// From then on the promotion counts as perhaps sent, by then at the latest; what is told of it already stays.
void TestOperation::aCopyMayBeShort()
{
    Operation operation = switchover();
    const auto promotion = std::size_t(std::find_if(operation.steps.begin(), operation.steps.end(), [](const operate::Step &step) { return step.isPointOfNoReturn; }) - operation.steps.begin());
    QVERIFY(promotion > 0 && promotion < operation.steps.size());
    Lines lines{entryBegun(operation), stepLine(1, StepState::Done)};
    QVERIFY(!folded(lines).mayBeShort && !folded(lines).hasPromoted());
    lines.push_back(entryMayBeShort("it is a copy", at(5)));
    const Operation copy = folded(lines);
    QVERIFY(copy.mayBeShort && copy.hasPromoted());
    QVERIFY(copy.progress[promotion] == (StepProgress{StepState::InDoubt, at(5), {}, "it is a copy"}));
    QCOMPARE(int(copy.progress[0].state), int(StepState::Done));

    const int number = operation.steps[promotion].number;
    for (const StepState told : {StepState::Doing, StepState::Done, StepState::InDoubt, StepState::Failed})
        QCOMPARE(int(folded({entryBegun(operation), stepLine(number, told), entryMayBeShort("", at(5))}).progress[promotion].state), int(told));
    QCOMPARE(int(folded({entryBegun(operation), stepLine(number, StepState::Undone), entryMayBeShort("", at(5))}).progress[promotion].state), int(StepState::InDoubt));

    lines.push_back(entryCopyMisses("3 of 5 lines", at(6)));
    QCOMPARE(folded(lines).copyMisses, std::string("3 of 5 lines"));
    lines.push_back(entryTakenOver(42, {}, at(7)));
    QVERIFY(folded(lines).copyMisses.empty());
}

void TestOperation::aCopyHoldsNoSecrets()
{
    const StepProgress failed{StepState::Failed, {}, {}, "'SET primary_conninfo = ''host=a password=''hid den'' port=1'' ' and password = geheim, postgresql://bo:s3cret@a/x"};
    const std::string line = entryStep(2, failed, {{"conninfo of u1-us-west", "host=a password=very"}, {"final", "0/3000060"}}, at(3));
    const std::string copied = withoutSecrets(line);
    for (const char *secret : {"very", "hid", "den'", "geheim", "s3cret", "conninfo of"})
        QVERIFY2(copied.find(secret) == std::string::npos, copied.c_str());
    const Operation told = folded({entryBegun(switchover()), copied});
    QCOMPARE(told.kept, (std::map<std::string, std::string>{{"final", "0/3000060"}}));
    QVERIFY2(told.progress[1].said.find("port=1") != std::string::npos, told.progress[1].said.c_str());
    // All else of a journal is as it was.
    const std::string begun = entryBegun(switchover());
    QCOMPARE(withoutSecrets(begun), begun);
    QCOMPARE(withoutSecrets("{broken"), std::string());
}

void TestOperation::everyStateAndOutcomeComesBack()
{
    for (int i = 0; i <= int(StepState::Undone); ++i) {
        const auto state = StepState(i);
        QVERIFY(folded({entryBegun(switchover()), stepLine(3, state, "why")}).progress[2] == (StepProgress{state, {}, {}, "why"}));
        QVERIFY(!name(state).empty());
    }
    for (int i = 0; i <= int(Outcome::Abandoned); ++i)
        QCOMPARE(int(*folded({entryBegun(switchover()), entryOutcome(Outcome(i), {}, at(3))}).outcome), i);
}

void TestOperation::whatIsNoUtf8IsWrittenAllTheSame()
{
    const Operation back = folded({entryBegun(switchover()), stepLine(2, StepState::Failed, "abgelehnt f\xfcr u1")});
    QCOMPARE(back.progress[1].said, std::string("abgelehnt f\xef\xbf\xbdr u1"));
}

void TestOperation::aLastLineThatBrokeOffIsPassedOver()
{
    const Lines whole{entryBegun(switchover()), stepLine(1, StepState::Done)};
    const std::string next = stepLine(2, StepState::Doing);
    const Operation expected = folded(whole);
    for (std::size_t length = 0; length < next.size(); ++length) {
        Lines lines = whole;
        lines.push_back(next.substr(0, length));
        QVERIFY(folded(lines) == expected);
    }
}

void TestOperation::whatCannotBeRead_data()
{
    QTest::addColumn<Lines>("lines");
    QTest::addColumn<QString>("line");
    const std::string first = entryBegun(switchover());
    const std::string second = stepLine(1, StepState::Done);
    QTest::newRow("nothing") << Lines{} << "empty";
    QTest::newRow("a first line that broke off") << Lines{first.substr(0, 50)} << "line 1 ";
    QTest::newRow("a first line of another kind") << Lines{second} << "line 1 ";
    QTest::newRow("a line within that broke off") << Lines{first, second.substr(0, 20), second} << "line 2 ";
    QTest::newRow("an entry of an unknown kind") << Lines{first, R"({"entry":"prayer","at":"2026-11-21T10:00:00Z"})"} << "line 2 ";
    QTest::newRow("a state of an unknown name") << Lines{first, second, R"({"entry":"step","at":"2026-11-21T10:00:00Z","step":1,"state":"dreaming"})"} << "line 3 ";
    QTest::newRow("a step that is not there") << Lines{first, stepLine(99, StepState::Done)} << "line 2 ";
    QTest::newRow("a time that is none") << Lines{first, R"({"entry":"writes_held","at":"yesterday"})"} << "line 2 ";
    QTest::newRow("something that is no object") << Lines{first, "17"} << "line 2 ";
}

void TestOperation::whatCannotBeRead()
{
    QFETCH(Lines, lines);
    QFETCH(QString, line);
    const auto operation = operationOf(lines);
    QVERIFY(!operation);
    QCOMPARE(int(operation.error().code), int(base::ErrorCode::Protocol));
    QVERIFY2(QString::fromStdString(operation.error().message).contains(line), operation.error().message.c_str());
}

void TestOperation::thePromotionCountsFromItsFirstEntry()
{
    const Operation &waiting = switchover();
    const int promote = std::find_if(waiting.steps.begin(), waiting.steps.end(), [](const auto &step) { return step.isPointOfNoReturn; })->number;
    QVERIFY(!waiting.hasPromoted());
    QVERIFY(!folded({entryBegun(waiting), stepLine(promote - 1, StepState::Done)}).hasPromoted());
    for (const StepState state : {StepState::Doing, StepState::Done, StepState::InDoubt, StepState::Failed})
        QVERIFY(folded({entryBegun(waiting), stepLine(promote, state)}).hasPromoted());
    QVERIFY(!folded({entryBegun(waiting), stepLine(promote, StepState::Undone)}).hasPromoted()); // it is proven not to have happened
    const Operation left = folded({entryBegun(waiting), stepLine(14, StepState::Left), stepLine(16, StepState::Left), stepLine(17, StepState::Done)});
    QCOMPARE(left.left(), (std::vector<int>{14, 16}));
}

/// A failover broke off after its receivers were stopped, a switchover after its brake: each is judged by what is so by then.
void TestOperation::whatIsBegunAnewIsJudgedAnew_data()
{
    QTest::addColumn<bool>("failsOver");
    QTest::addColumn<Since>("since");
    QTest::addColumn<QString>("refusal"); // what it says; empty: it may
    const auto row = [](const char *sentence, bool failsOver, const Since &since, const char *refusal) {
        QTest::newRow(sentence) << failsOver << since << QString::fromLatin1(refusal);
    };
    const auto comesBack = [](fixtures::World &world, Operation &) {
        world.answerAgain("u1-us-east");
        world.promote("u1", "u1-us-east");
    };
    row("the dead primary is still dead", true, [](auto &, auto &) {}, "");
    row("the dead primary came back", true, comesBack, "u1-us-east answers as a primary again");
    row("the dead primary came back, and a person had forced that nobody else saw it dead", true, [=](fixtures::World &world, Operation &operation) {
        operation.forced.push_back({operate::CheckId::PrimaryGone, "nobody else looks"});
        comesBack(world, operation);
    }, "u1-us-east answers as a primary again");
    row("it came back, and the journal may be short", true, [=](fixtures::World &world, Operation &operation) {
        operation.mayBeShort = true;
        comesBack(world, operation);
    }, "going on would lose what it has acknowledged since this broke off");
    row("somebody promoted another one", true, [](fixtures::World &world, auto &) { world.promote("u1", "u1-eu-west"); }, "u1-eu-west takes writes, and this operation did not promote it");
    row("the candidate fell silent", true, [](fixtures::World &world, auto &) { world.silence("u1-us-west"); }, "candidate_answers");
    row("nobody ever fenced it, and nobody gave their word", true, [](auto &, Operation &operation) {
        operation.forced.clear();
        tell(operation, operate::StepKind::Fence, StepState::Waiting);
    }, "it is blocked now by old_primary_stopped");
    row("all is well", false, [](auto &, auto &) {}, "");
    row("its own pause of the routers stands", false, [](fixtures::World &world, auto &) { pauseRouters(world); }, "");
    row("somebody else paused the routers", false, [](fixtures::World &world, Operation &operation) {
        tell(operation, operate::StepKind::PauseRouters, StepState::Undone);
        pauseRouters(world);
    }, "routers_run");
    row("its primary died", false, [](fixtures::World &world, auto &) { world.killPrimary("u1"); }, "primary_answers");
    row("its candidate fell behind", false, [](fixtures::World &world, auto &) { world.fallBehind("u1-us-west", {base::seconds(3), base::Bytes{40LL << 20}, 0, {}}); }, "replay_lag");
    row("its candidate fell behind, as was forced", false, [](fixtures::World &world, Operation &operation) {
        for (const auto check : {operate::CheckId::ReplayLag, operate::CheckId::ReceiveLag, operate::CheckId::ExpectedPause})
            operation.forced.push_back({check, "it catches up"});
        world.fallBehind("u1-us-west", {base::seconds(3), base::Bytes{40LL << 20}, 0, {}});
    }, "");
    row("a smaller act", false, [](fixtures::World &world, Operation &operation) {
        operation.act = operate::Act::ResumeRouter;
        world.killPrimary("u1");
    }, "");
}

void TestOperation::whatIsBegunAnewIsJudgedAnew()
{
    QFETCH(bool, failsOver);
    QFETCH(Since, since);
    QFETCH(QString, refusal);
    fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    if (failsOver)
        world.killPrimary("u1");
    const base::ClusterName u1("u1");
    const base::ServerId to("u1-us-west");
    Operation operation = begun(planOf(world.run(8), failsOver ? operate::Intent(operate::FailCluster{u1, to}) : operate::Intent(operate::SwitchCluster{u1, to})));
    for (const auto kind : {operate::StepKind::KillRouters, operate::StepKind::Fence, operate::StepKind::StopReceivers, operate::StepKind::PauseRouters, operate::StepKind::Brake})
        tell(operation, kind, StepState::Done);
    since(world, operation);
    const auto seen = world.run(8);
    const auto may = judgeAnew(operation, *seen, operate::planFor(*seen, operation.intent()));
    const QString said = may ? QString() : QString::fromStdString(may.error().message);
    QVERIFY2(may.has_value() == refusal.isEmpty() && said.contains(refusal), qPrintable(said));
}

void TestOperation::whatWouldBeLostIsToldAnew()
{
    Operation operation = failover();
    Lines lines{entryBegun(operation)};
    operate::LossWindow window;
    window.atLeast = base::Bytes{5 << 20};
    window.lastCommit = at(-3600);
    operation.setLoss(window);
    operation.lastEntryAt = at(8);
    lines.push_back(entryLoss(operation, at(8)));
    QVERIFY(folded(lines) == operation);
    QVERIFY(operation.lostAtLeast == base::Bytes{5 << 20} && operation.lastWriteAt == at(-3600));
    QVERIFY(!operation.lostAtMost); // it was known when it began, and is not any more
}

void TestOperation::whatWasLeftHasAnActWhereOneDoesIt()
{
    const auto fleet = fixtures::well()->fleet;
    std::map<operate::StepKind, std::optional<operate::SmallAct>> remedies;
    for (const operate::Step &step : switchover().steps)
        remedies[step.kind] = remedyOf(switchover(), step, *fleet);
    const base::ClusterName u1("u1");
    QVERIFY((remedies.at(operate::StepKind::Follow) == operate::SmallAct{operate::Act::RepointStandby, u1, base::ServerId("u1-eu-west"), {}, base::ServerId("u1-us-west"), {}}));
    QVERIFY((remedies.at(operate::StepKind::RejoinOld) == operate::SmallAct{operate::Act::RebuildStandby, u1, base::ServerId("u1-us-east"), {}, {}, {}}));
    QVERIFY(!remedies.at(operate::StepKind::SeeFollowers));
    QVERIFY(!remedies.at(operate::StepKind::RecordTerm));
    operate::Step slot;
    slot.kind = operate::StepKind::LeaveSender;
    slot.targets = {base::ServerId("u1-us-east")};
    slot.detail = "u1-eu-west";
    const auto dropped = remedyOf(switchover(), slot, *fleet);
    QVERIFY(dropped && dropped->act == operate::Act::DropSlot && !dropped->object.empty() && dropped->on == base::ServerId("u1-us-east"));
}

QTEST_GUILESS_MAIN(TestOperation)
#include "test_operation.moc"
