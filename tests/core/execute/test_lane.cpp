// SPDX-License-Identifier: GPL-3.0-or-later
// What is sent: braces and connection strings filled in, commands batched; and what past operations took.
#include "core/execute/Conninfo.h"
#include "core/execute/Lane.h"
#include "core/execute/PastRuns.h"
#include "tests/fixtures/Fleets.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::execute;
using operate::By;
using operate::Command;

namespace {

Command command(By by, const char *on, std::string text, std::string expects = {}, std::string keepsAs = {})
{
    Command made;
    made.by = by;
    made.on = base::ServerId(on);
    made.text = std::move(text);
    made.expects = std::move(expects);
    made.keepsAs = std::move(keepsAs);
    return made;
}

/// Answers what it is told, by text; writes down what it was sent: a line a batch.
class ScriptedHands final : public Hands
{
public:
    base::Result<void> holdsLock() override { return {}; }
    base::Result<void> announce() override { return {}; }
    std::map<std::string, std::string> names() override { return {}; }
    Carried carryOut(const std::vector<Command> &commands, base::Instant) override
    {
        Carried carried;
        sent += sent.empty() ? "" : " | ";
        for (const Command &one : commands) {
            sent += (&one == &commands.front() ? "" : ", ") + one.text;
            auto &script = answers[one.text];
            const std::string answer = script.empty() ? std::string() : script.front();
            if (script.size() > 1)
                script.erase(script.begin());
            if (answer == "!in use") {
                carried.error = base::Error{base::ErrorCode::Rejected, "slot is active", "55006", {}, base::Effect::None};
                return carried;
            }
            if (answer.starts_with("!")) {
                const auto effect = answer == "!doubt" ? base::Effect::InDoubt : base::Effect::None;
                carried.error = base::Error{base::ErrorCode::Unreachable, answer, {}, {}, effect};
                return carried;
            }
            carried.answers.push_back(answer);
            if (!isMet(one.expects, answer))
                return carried;
        }
        return carried;
    }
    std::map<std::string, std::vector<std::string>> answers;
    std::string sent;
};

class ManualPace final : public Pace
{
public:
    explicit ManualPace(base::ManualClock &clock) : m_clock(clock) {}
    void wait(base::milliseconds time) override { m_clock.advance(time); waited += time; }
    void together(const std::vector<std::function<void()>> &deeds) override
    {
        for (const auto &deed : deeds)
            deed();
    }
    base::milliseconds waited{0};

private:
    base::ManualClock &m_clock;
};

struct Bench {
    base::ManualClock clock;
    ManualPace pace{clock};
    ScriptedHands hands;
    LaneResult carry(const Lane &lane)
    {
        const base::Instant now = clock.now();
        return carryOut(lane, {now + base::milliseconds(300), now + base::milliseconds(1000), {}}, {}, hands, pace, clock);
    }
};

std::string filledText(const Command &one, const Words &words)
{
    const auto full = filled(one, words);
    return full ? full->text : std::string(base::name(full.error().code)) + ": " + full.error().message;
}

} // namespace

class TestLane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void connectionStrings_data();
    void connectionStrings();
    void braces();
    void bracesOfADeed();
    void oneServerIsOneBatch();
    void whatNeedsAnAnswerBeginsTheNextBatch();
    void preconditionsAreAskedUntilTheyHold();
    void verificationsAreAskedUntilTheDeadline();
    void howFarItIsIsTold();
    void whatSaysThatItFailedIsNotAskedAgain();
    void whatIsInUseMayBeFreeTheNextTime();
    void whatWasLostInDoubtIsObservedAndNotSentAgain();
    void anEmptyReadingTakesNothingsPlace();
    void readingsComeFirst();
    void threadsDoAllOfThem();
    void pastRuns();
    void pastPausesOfTheSameWay();
};

void TestLane::howFarItIsIsTold()
{
    Bench bench;
    bench.hands.answers["copied?"] = {"so far: 1 of 3", "none", "so far: 2 of 3", "copied"};
    std::string heard;
    const base::Instant end = bench.clock.now() + base::milliseconds(1000);
    const Lane lane{{}, {command(By::Host, "a", "copy")}, {command(By::Host, "a", "copied?", "copied")}};
    const LaneResult result = carryOut(lane, {end, end, {}, [&](const std::string &told) { heard += told + "; "; }}, {}, bench.hands, bench.pace, bench.clock);
    QVERIFY2(!result.error, result.error ? result.error->message.c_str() : "");
    QCOMPARE(heard, std::string("1 of 3; 2 of 3; "));
}

void TestLane::whatIsInUseMayBeFreeTheNextTime()
{
    Bench bench;
    bench.hands.answers = {{"drop", {"!in use", ""}}, {"other", {"!no"}}};
    const LaneResult busy = bench.carry({{}, {command(By::Sql, "a", "drop")}, {}});
    QVERIFY(busy.error && busy.mayBeRepeated);
    QVERIFY(!bench.carry({{}, {command(By::Sql, "a", "drop")}, {}}).error);
    const LaneResult lost = bench.carry({{}, {command(By::Sql, "a", "other")}, {}});
    QVERIFY(lost.error && !lost.mayBeRepeated);
}

void TestLane::whatSaysThatItFailedIsNotAskedAgain()
{
    Bench bench;
    bench.hands.answers["copied?"] = {"so far: 1 of 3", "failed: no space left on device", "copied"};
    const LaneResult result = bench.carry({{}, {command(By::Host, "a", "copy")}, {command(By::Host, "a", "copied?", "copied")}});
    QVERIFY(result.error);
    QCOMPARE(result.error->message, std::string("no space left on device"));
    QVERIFY(result.isContradicted);
    QVERIFY(!result.mayBeRepeated);
}

void TestLane::connectionStrings_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("after");
    QTest::newRow("replaced where they stand") << "user=repl host=a port=1 sslmode=require" << "user=repl host=b port=2 sslmode=require application_name=x";
    QTest::newRow("added where they are not") << "user=repl" << "user=repl host=b port=2 application_name=x";
    QTest::newRow("quotes and backslashes stay") << "password='it\\'s \\\\ mine' host = 'a'" << "password='it\\'s \\\\ mine' host=b port=2 application_name=x";
    QTest::newRow("an address of digits goes with the host") << "hostaddr=10.0.0.1 host=a" << "host=b port=2 application_name=x";
    QTest::newRow("the last of two counts for libpq: one is left") << "host=a host=c" << "host=b port=2 application_name=x";
    QTest::newRow("an empty value is kept quoted") << "passfile='' host=a" << "passfile='' host=b port=2 application_name=x";
    QTest::newRow("a URI stays one") << "postgresql://repl@a:1/?sslmode=require" << "postgresql://repl@a:1/?sslmode=require&host=b&port=2&application_name=x";
    QTest::newRow("a URI without a query") << "postgres://repl@a" << "postgres://repl@a?host=b&port=2&application_name=x";
}

void TestLane::connectionStrings()
{
    QFETCH(QString, before);
    QFETCH(QString, after);
    const Keywords changes{{"host", "b"}, {"port", "2"}, {"application_name", "x"}};
    QCOMPARE(QString::fromStdString(conninfoWith(before.toStdString(), changes)), after);
}

void TestLane::braces()
{
    const Words words{{"final", "0/3000060"}, {"token", "o'clock"}, {"conninfo of s", "host=a password='p\\'q'"}, {"conninfo of t", ""}};
    QCOMPARE(filledText(command(By::Sql, "s", "SELECT x >= '{final}'::pg_lsn, {final}"), words), std::string("SELECT x >= '0/3000060'::pg_lsn, 0/3000060"));
    QCOMPARE(filledText(command(By::Sql, "s", "SET token = '{token}'"), words), std::string("SET token = 'o''clock'"));
    QCOMPARE(filledText(command(By::Sql, "s", "SET x = '{conninfo of s with host=b port=2}'"), words), std::string("SET x = 'host=b password=''p\\''q'' port=2'"));
    QCOMPARE(filledText(command(By::Router, "s", "tell '{token}'"), words), std::string("tell 'o'clock'"));
    for (const char *text : {"SELECT {finale}", "'{conninfo of u with host=b}'", "'{conninfo of t with host=b}'"})
        QVERIFY2(filledText(command(By::Sql, "s", text), words).starts_with("bad_input: "), text);
    QCOMPARE(filled(command(By::Sql, "s", "x", "{token}, f"), words)->expects, std::string("o'clock, f"));
    QVERIFY(needs(command(By::Sql, "s", "'{conninfo of s with host=b}'"), "conninfo of s"));
    QVERIFY(!needs(command(By::Sql, "s", "'{conninfo of s2}'"), "conninfo of s"));
}

void TestLane::bracesOfADeed()
{
    Command rewind = command(By::Host, "s", "pg_rewind '{conninfo of s with host=b}'");
    rewind.deed = operate::HostDeed{operate::HostAct::Rewind, "/data", "/etc/x", "{conninfo of s with host=b}", {}, {}, {}};
    const auto full = filled(rewind, {{"conninfo of s", "host=a password='p\\'q'"}});
    QVERIFY(full);
    QCOMPARE(full->deed->connection, std::string("host=b password='p\\'q'"));
    // Where it leads nowhere it still says as whom one logs in; an empty one leads nowhere as it is.
    rewind.deed->connection = "{conninfo of s leading nowhere}";
    rewind.text.clear();
    QVERIFY(needs(rewind, "conninfo of s"));
    QCOMPARE(filled(rewind, {{"conninfo of s", "host=a hostaddr=10.0.0.1 port=2 user=u"}})->deed->connection, std::string("host=127.0.0.1 port=1 user=u"));
    QCOMPARE(filled(rewind, {{"conninfo of s", ""}})->deed->connection, std::string());
    QCOMPARE(int(filled(rewind, {}).error().code), int(base::ErrorCode::BadInput));
    rewind.deed->directory = "{data_directory}";
    QCOMPARE(int(filled(rewind, {{"conninfo of s", "host=a"}}).error().code), int(base::ErrorCode::BadInput));
}

void TestLane::oneServerIsOneBatch()
{
    Bench bench;
    bench.hands.answers = {{"pre", {"t"}}, {"see", {"on"}}};
    QVERIFY(!bench.carry({{command(By::Sql, "a", "pre", "t")}, {command(By::Sql, "a", "do")}, {command(By::Sql, "a", "see", "on")}}).error);
    QCOMPARE(bench.hands.sent, std::string("pre, do, see"));
    bench.hands.sent.clear();
    // Another server, or a session after a guard, begins the next batch; a host and a router of one guard do not.
    QVERIFY(!bench.carry({{}, {command(By::Sql, "a", "1"), command(By::Sql, "b", "2"), command(By::Host, "b", "3"), command(By::Router, "b", "4"), command(By::Sql, "b", "5")}, {}}).error);
    QCOMPARE(bench.hands.sent, std::string("1 | 2 | 3, 4 | 5"));
}

void TestLane::whatNeedsAnAnswerBeginsTheNextBatch()
{
    Bench bench;
    bench.hands.answers = {{"now", {"0/7"}}};
    QVERIFY(!bench.carry({{}, {command(By::Sql, "a", "now", {}, "lsn"), command(By::Sql, "a", "wait '{lsn}'"), command(By::Sql, "a", "more")}, {}}).error);
    QCOMPARE(bench.hands.sent, std::string("now | wait '0/7', more"));
}

void TestLane::preconditionsAreAskedUntilTheyHold()
{
    Bench bench;
    bench.hands.answers = {{"pre", {"f", "!lost", "t"}}};
    const Lane lane{{command(By::Sql, "a", "pre", "t")}, {command(By::Sql, "a", "do")}, {}};
    QVERIFY(!bench.carry(lane).error);
    QCOMPARE(bench.hands.sent, std::string("pre | pre | pre, do"));
    bench.hands.answers = {{"pre", {"f"}}};
    bench.pace.waited = {};
    const LaneResult never = bench.carry(lane);
    QVERIFY(never.error);
    QVERIFY(!never.mayBeRepeated);
    QVERIFY(bench.pace.waited >= base::milliseconds(300) && bench.pace.waited < base::milliseconds(360)); // a third, not all of it
}

void TestLane::verificationsAreAskedUntilTheDeadline()
{
    Bench bench;
    bench.hands.answers = {{"see", {"off", "!doubt", "on"}}};
    const Lane lane{{}, {command(By::Sql, "a", "do")}, {command(By::Sql, "a", "see", "on")}};
    QVERIFY(!bench.carry(lane).error);
    QCOMPARE(bench.hands.sent, std::string("do, see | see | see"));
    bench.hands.answers = {{"see", {"off"}}};
    bench.pace.waited = {};
    const LaneResult never = bench.carry(lane);
    QVERIFY(never.error && never.isContradicted);
    QVERIFY2(never.error->message.find("answers 'off', not 'on'") != std::string::npos, never.error->message.c_str());
    QVERIFY(bench.pace.waited >= base::milliseconds(1000) && bench.pace.waited < base::milliseconds(1060));
}

void TestLane::whatWasLostInDoubtIsObservedAndNotSentAgain()
{
    Bench bench;
    bench.hands.answers = {{"do", {"!doubt"}}, {"see", {"on"}}};
    const Lane lane{{}, {command(By::Router, "a", "do"), command(By::Router, "a", "more")}, {command(By::Router, "a", "see", "on")}};
    QVERIFY(!bench.carry(lane).error);
    QCOMPARE(bench.hands.sent, std::string("do, more, see").substr(0, 2) + " | see");
    bench.hands.answers = {{"do", {"!doubt"}}, {"see", {"off"}}};
    const LaneResult unseen = bench.carry(lane);
    QVERIFY(unseen.error && unseen.mayBeRepeated);
    QVERIFY(unseen.error->effect == base::Effect::InDoubt);
    bench.hands.answers = {{"do", {"!lost"}}};
    QVERIFY(bench.carry(lane).mayBeRepeated);
    QVERIFY(!bench.carry({{}, {command(By::Sql, "a", "do")}, {}}).mayBeRepeated); // its session is lost with it
}

void TestLane::anEmptyReadingTakesNothingsPlace()
{
    Bench bench;
    bench.hands.answers = {{"read", {"host=a", ""}}};
    const Lane lane{{}, {command(By::Sql, "a", "read", {}, "conninfo"), command(By::Sql, "a", "read", {}, "conninfo")}, {}};
    QCOMPARE(bench.carry(lane).kept.at("conninfo"), std::string("host=a"));
}

void TestLane::readingsComeFirst()
{
    Lane lane{{}, {command(By::Sql, "a", "read", {}, "x"), command(By::Sql, "a", "change"), command(By::Sql, "a", "again", {}, "y")}, {}};
    QCOMPARE(takeReadings(lane).commands.size(), std::size_t(1));
    QCOMPARE(lane.commands.size(), std::size_t(2));
    Lane onlyReads{{}, {command(By::Sql, "a", "read", {}, "x")}, {}};
    QVERIFY(takeReadings(onlyReads).commands.empty()); // nothing is changed after it
    QCOMPARE(onlyReads.commands.size(), std::size_t(1));
}

void TestLane::threadsDoAllOfThem()
{
    ThreadPace pace;
    std::atomic<int> done{0};
    pace.together(std::vector<std::function<void()>>(5, [&] { ++done; }));
    QCOMPARE(done.load(), 5);
    pace.together({});
}

void TestLane::pastRuns()
{
    using base::microseconds;
    const auto run = [](Outcome outcome, int brake, int held) {
        Operation made;
        made.outcome = outcome;
        made.cluster = base::ClusterName("u1");
        made.writesHeld = microseconds(held);
        made.steps.resize(2);
        made.steps[0].kind = operate::StepKind::Brake;
        made.steps[1].kind = operate::StepKind::Follow;
        made.progress = {{StepState::Done, {}, microseconds(brake), {}}, {StepState::Left, {}, microseconds(9), {}}};
        return made;
    };
    std::vector<Operation> operations{run(Outcome::Done, 30, 300), run(Outcome::Incomplete, 10, 900), run(Outcome::Done, 20, 100), run(Outcome::RolledBack, 5000, 6000)};
    Operation failover = run(Outcome::Done, 7000, 8000);
    failover.act = operate::Act::Failover;
    operations.push_back(failover);
    Operation other = run(Outcome::Done, 1, 1); // another cluster's run is none of this one's
    other.cluster = base::ClusterName("m1");
    operations.push_back(other);
    const PastRuns past = pastRunsOf(operations, operate::Act::Switchover, "u1");
    QCOMPARE(past.pauses, 3U);
    QCOMPARE(past.medianPause->count(), 300);
    QCOMPARE(past.worstPause->count(), 900);
    QCOMPARE(past.steps.size(), std::size_t(1)); // what was left says nothing
    QCOMPARE(past.steps.at(operate::StepKind::Brake).median.count(), 20);
    QCOMPARE(past.steps.at(operate::StepKind::Brake).runs, 3U);
    std::vector<operate::Step> steps = operations.front().steps;
    setUsual(steps, past);
    QVERIFY(steps[0].usual && *steps[0].usual == microseconds(20));
    QVERIFY(!steps[1].usual);
    operate::Plan plan;
    plan.steps = operations.front().steps;
    operate::Check check;
    check.id = operate::CheckId::ExpectedPause;
    check.readings = {{"past_runs", std::int64_t(0), std::nullopt, {}, std::nullopt}};
    plan.checks = {check};
    addPast(plan.pause, past);
    addPast(plan.checks, past);
    QCOMPARE(plan.pause.pastRuns, past.pauses);
    QVERIFY(plan.pause.pastMedian == past.medianPause && plan.pause.pastWorst == past.worstPause);
    QVERIFY(plan.checks.front().readings.front().value == facts::Evidence::Value(std::int64_t(past.pauses)));
    QVERIFY(pastRunsOf({}, operate::Act::Failover, "u1") == PastRuns());
    QCOMPARE(pastRunsOf(operations, operate::Act::Switchover, "directory").pauses, 0U);
}

/// Of this cluster where it went that way before, else of others; never of another act, another kind, a manager, or what moved nothing.
void TestLane::pastPausesOfTheSameWay()
{
    using base::milliseconds;
    using base::ServerId;
    const auto fleet = fixtures::defaultFleet();
    const auto run = [](const char *cluster, const char *from, const char *to, int held) {
        Operation made;
        made.outcome = Outcome::Done;
        made.cluster = base::ClusterName(cluster);
        made.from = ServerId(from);
        made.to = ServerId(to);
        made.writesHeld = milliseconds(held);
        return made;
    };
    const auto asked = [](const char *cluster, const char *from, const char *to) {
        operate::Plan plan;
        plan.intent = operate::SwitchCluster{base::ClusterName(cluster), {}};
        plan.from = ServerId(from);
        plan.to = ServerId(to);
        return plan;
    };
    std::vector<Operation> operations{run("u1", "u1-us-east", "u1-us-west", 90), run("u1", "u1-us-west", "u1-us-east", 110), run("u1", "u1-us-east", "u1-us-west", 400),
                                      run("u1", "u1-us-east", "u1-eu-west", 700), run("m1", "m1-us-east", "m1-us-west", 60), run("u1", "u1-us-east", "u1-gone", 5)};
    Operation failover = run("u1", "u1-us-east", "u1-us-west", 1);
    failover.act = operate::Act::Failover;
    operations.push_back(failover);
    Operation undone = run("u1", "u1-us-east", "u1-us-west", 2);
    undone.outcome = Outcome::RolledBack;
    operations.push_back(undone);
    Operation managers = run("u1", "u1-us-east", "u1-us-west", 3);
    managers.steps.resize(1);
    managers.steps.front().kind = operate::StepKind::ManagerSwitches;
    operations.push_back(managers);
    const operate::PastOf past = pastOf(operations, fleet);
    QVERIFY(past(asked("u1", "u1-us-east", "u1-us-west")) == (operate::PastPauses{3, milliseconds(110), milliseconds(400), false})); // back is the same way
    QVERIFY(past(asked("u1", "u1-us-east", "u1-eu-west")) == (operate::PastPauses{1, milliseconds(700), milliseconds(700), false}));
    QVERIFY(past(asked("directory", "directory-us-east", "directory-us-west")) == (operate::PastPauses{4, milliseconds(90), milliseconds(400), true}));
    QVERIFY(past(asked("u1", "u1-us-west", "u1-eu-west")) == operate::PastPauses());
    operate::Plan group;
    group.intent = operate::moveOf(operate::Act::Switchover, {}, base::GroupName("feeds"), {});
    group.from = ServerId("feeds-us-east");
    group.to = ServerId("feeds-us-west");
    QVERIFY(past(group) == operate::PastPauses()); // clusters tell nothing of a Redis group
}

QTEST_GUILESS_MAIN(TestLane)
#include "test_lane.moc"
