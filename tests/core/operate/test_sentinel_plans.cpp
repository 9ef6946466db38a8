// SPDX-License-Identifier: GPL-3.0-or-later
// A Redis group that Sentinels manage: its checks, plans and readiness, from made-up snapshots.
#include "core/clients/redis/Sentinel.h"
#include "core/operate/Met.h"
#include "core/operate/Readiness.h"
#include "core/operate/SentinelSum.h"
#include "tests/core/operate/PlanDump.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Golden.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"

#include <QFile>
#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::operate;
using facts::SentinelReport;
using fixtures::World;

namespace {

using Edit = std::function<void(World &)>;

const base::GroupName feeds("feeds");
const std::string east = "feeds-us-east", west = "feeds-us-west";

Edit told(const std::string &server, std::function<void(facts::RedisSample &)> change)
{
    return [=](World &world) {
        world.edit(server, [=](facts::Observation &o) {
            if (!o.redis())
                return;
            auto sample = *o.redis();
            change(sample);
            o.sample = std::move(sample);
        });
    };
}

Edit setting(const std::string &server, const std::string &name, const std::string &value)
{
    return told(server, [=](facts::RedisSample &sample) {
        auto move = *sample.move;
        move.settings[name] = value;
        sample.move = std::move(move);
    });
}

Edit sentinels(std::function<void(SentinelReport &)> change)
{
    return [=](World &world) { world.editSentinels(change); };
}

/// One of the three alone.
Edit oneSentinel(std::function<void(SentinelReport &)> change)
{
    return sentinels([=](SentinelReport &report) {
        if (report.address.port == 26380)
            change(report);
    });
}

void notAsked(SentinelReport &report)
{
    SentinelReport fresh;
    fresh.group = report.group;
    fresh.address = report.address;
    report = fresh;
}

void fallSilent(SentinelReport &report)
{
    report.reach.state = facts::ReachState::Down;
}

facts::SnapshotPtr snapshotAfter(Act act, const Edit &edit, int deadFor = 30)
{
    World world(fixtures::sentinelFleet("feeds"), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    if (act == Act::Failover) {
        world.killPrimary("feeds");
        world.run(deadFor);
    }
    if (edit)
        edit(world);
    return world.run(4);
}

/// They promoted one by themselves; the stable addresses lead to the dead one still.
facts::SnapshotPtr snapshotToFollow()
{
    World world(fixtures::sentinelFleet("feeds"), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    world.killPrimary("feeds");
    world.run(8);
    const auto dead = world.run(1);
    world.promote("feeds", west);
    auto snapshot = std::make_shared<facts::Snapshot>(*world.run(4));
    for (facts::ServingRow &row : snapshot->serving.rows) { // as they were when it died
        for (const facts::ServingRow &before : dead->serving.rows) {
            if (row.of == facts::ServingOf::Group && before.of == row.of && row.group == feeds && before.group == feeds)
                row = before;
        }
    }
    return snapshot;
}

Plan planOf(const facts::SnapshotPtr &snapshot, Act act, const std::string &to = {})
{
    const auto plan = planFor(*snapshot, moveOf(act, {}, feeds, base::ServerId(to)));
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

class TestSentinelPlans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void switchover() { compareWithGolden("sentinel_switchover", dump(planOf(snapshotAfter(Act::Switchover, {}), Act::Switchover))); }
    void failover() { compareWithGolden("sentinel_failover", dump(planOf(snapshotAfter(Act::Failover, {}), Act::Failover))); }
    void follow() { compareWithGolden("sentinel_follow", dump(planOf(snapshotToFollow(), Act::Failover))); }
    void aWellGroupPassesAll();
    void eachCheck_data();
    void eachCheck();
    void nothingPromotesBesidesThem();
    void itIsTakenBackOnlyWhileNobodyFailsOver();
    void whoIsPreferredAlreadyIsLeft();
    void anotherAtTheLowestPriorityIsRaised();
    void thePauseEndsBeforeItLooksLikeADeadPrimary();
    void readinessSaysThatTheyAreToFollow();
    void whoeverTheyDidNotPromoteIsNotFollowed();
    void theyAreWaitedFor();
    void severalAreToldAsOne();
    void whatTheySayTogether();
};

void TestSentinelPlans::aWellGroupPassesAll()
{
    const Plan plan = planOf(snapshotAfter(Act::Switchover, {}), Act::Switchover);
    for (const Check &check : plan.checks)
        QVERIFY2(check.verdict == Verdict::Passed, dump(check).c_str());
    QVERIFY(!plan.isBlocked());
    QVERIFY(plan.pause.isManagers);
}

void TestSentinelPlans::eachCheck_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<CheckId>("id");
    QTest::addColumn<Verdict>("verdict");
    const auto row = [](const char *sentence, Act act, const Edit &edit, CheckId id, Verdict verdict) { QTest::newRow(sentence) << act << edit << id << verdict; };
    const auto move = Act::Switchover;
    row("a fourth Sentinel watches it", move, told(east, [](facts::RedisSample &s) { s.move = facts::RedisMoveReading{s.move->settings, 4}; }), CheckId::ForeignManager, Verdict::Warning);
    row("the three that are declared watch it", move, told(east, [](facts::RedisSample &s) { s.move = facts::RedisMoveReading{s.move->settings, 3}; }), CheckId::ForeignManager, Verdict::Passed);
    row("one is silent", move, oneSentinel(fallSilent), CheckId::ManagerAnswers, Verdict::Warning);
    row("all are silent", move, sentinels(fallSilent), CheckId::ManagerAnswers, Verdict::Failed);
    row("nobody was asked yet", move, sentinels(notAsked), CheckId::ManagerAnswers, Verdict::Unknown);
    row("their word is too old", move, sentinels([](SentinelReport &r) { *r.reach.lastAnswer -= base::seconds(4); }), CheckId::ManagerAnswers, Verdict::Failed);
    row("one leads elsewhere", move, oneSentinel([](SentinelReport &r) { r.primary = r.replicas.front().address; }), CheckId::ManagerAgrees, Verdict::Failed);
    row("they lead to nobody of ours", move, sentinels([](SentinelReport &r) { r.primary = {"10.9.9.9", 1}; }), CheckId::ManagerAgrees, Verdict::Failed);
    row("one does not know a member", move, oneSentinel([](SentinelReport &r) { r.replicas.pop_back(); }), CheckId::ManagerAgrees, Verdict::Warning);
    row("one fails over", move, oneSentinel([](SentinelReport &r) { r.flags = "failover_in_progress,master"; }), CheckId::ManagerCalm, Verdict::Failed);
    row("one has lost the primary", move, oneSentinel([](SentinelReport &r) { r.flags = "s_down,master"; }), CheckId::ManagerCalm, Verdict::Failed);
    row("they are too few for a failover", move, sentinels([](SentinelReport &r) { r.hasQuorum = false; r.quorumSaid = "NOQUORUM 1 usable Sentinels"; }), CheckId::ManagerCalm, Verdict::Warning);
    row("they do not know the candidate", move, sentinels([](SentinelReport &r) { r.replicas.clear(); }), CheckId::ManagerAllows, Verdict::Failed);
    row("one has lost the candidate", move, oneSentinel([](SentinelReport &r) { for (auto &one : r.replicas) one.flags = "s_down,slave,disconnected"; }), CheckId::ManagerAllows, Verdict::Failed);
    row("one sees the candidate unlinked", move, oneSentinel([](SentinelReport &r) { for (auto &one : r.replicas) one.isLinked = false; }), CheckId::ManagerAllows, Verdict::Failed);
    row("the primary died a while ago, and they did nothing", Act::Failover, {}, CheckId::ManagerLeaves, Verdict::Passed);
    row("they fail over themselves", Act::Failover, sentinels([](SentinelReport &r) { r.flags = "s_down,o_down,failover_in_progress,master"; }), CheckId::ManagerLeaves, Verdict::Failed);
    row("all are silent, and the primary too", Act::Failover, sentinels(fallSilent), CheckId::ManagerLeaves, Verdict::Unknown);
}

void TestSentinelPlans::eachCheck()
{
    QFETCH(Act, act);
    QFETCH(Edit, edit);
    QFETCH(CheckId, id);
    QFETCH(Verdict, verdict);
    const Plan plan = planOf(snapshotAfter(act, edit), act, west);
    const Check *check = checkIn(plan, id);
    QVERIFY(check);
    QVERIFY2(check->verdict == verdict, dump(*check).c_str());
    if (verdict == Verdict::Failed)
        QVERIFY(check->remedy != Remedy::None && plan.isBlocked());
}

void TestSentinelPlans::nothingPromotesBesidesThem()
{
    for (const Plan &plan : {planOf(snapshotAfter(Act::Switchover, {}), Act::Switchover), planOf(snapshotAfter(Act::Failover, {}), Act::Failover), planOf(snapshotToFollow(), Act::Failover)}) {
        QVERIFY(plan.pointOfNoReturn() > 0);
        int asked = 0;
        for (const Step &step : plan.steps) {
            QVERIFY(step.number < plan.pointOfNoReturn() || step.undo.empty());
            for (const Command &command : step.commands) {
                asked += command.by == By::Manager && command.text.starts_with("SENTINEL FAILOVER") ? 1 : 0;
                QVERIFY2(command.text.find("NO ONE") == std::string::npos, command.text.c_str());
                const bool follows = command.text.starts_with("REPLICAOF");
                QVERIFY(!follows || command.on == plan.from); // the others are theirs to let follow
            }
        }
        QCOMPARE(asked, plan.from.isEmpty() ? 0 : 1);
    }
}

void TestSentinelPlans::itIsTakenBackOnlyWhileNobodyFailsOver()
{
    const Plan plan = planOf(snapshotAfter(Act::Switchover, {}), Act::Switchover);
    const auto refuse = std::find_if(plan.steps.begin(), plan.steps.end(), [](const Step &step) { return step.kind == StepKind::RefuseWrites; });
    QVERIFY(refuse != plan.steps.end() && !refuse->undo.empty());
    QVERIFY(refuse->undo.front().by == By::Manager && refuse->undo.front().on == plan.from);
    QCOMPARE(refuse->undo.front().expects, std::string("INFO may_take_writes=yes"));
}

void TestSentinelPlans::whoIsPreferredAlreadyIsLeft()
{
    const Plan plan = planOf(snapshotAfter(Act::Switchover, setting(west, "replica-priority", "10")), Act::Switchover, west);
    QVERIFY(plan.steps.front().kind == StepKind::ProveCatchUp);
    QVERIFY(plan.steps.back().kind != StepKind::RestorePriorities);
    const auto asks = std::find_if(plan.steps.begin(), plan.steps.end(), [](const Step &step) { return step.kind == StepKind::ManagerSwitches; });
    QVERIFY(asks->preconditions.back().expects.find(".slave-priority=10 ") != std::string::npos);
}

void TestSentinelPlans::anotherAtTheLowestPriorityIsRaised()
{
    const Plan plan = planOf(snapshotAfter(Act::Switchover, setting("feeds-eu-west", "replica-priority", "1")), Act::Switchover, west);
    const Step &prefer = plan.steps.front();
    QVERIFY(prefer.kind == StepKind::PreferCandidate);
    QCOMPARE(prefer.commands.size(), std::size_t(2));
    QCOMPARE(prefer.commands[1].on.text(), std::string("feeds-eu-west"));
    QCOMPARE(prefer.commands[1].text, std::string("CONFIG SET replica-priority 2"));
    QCOMPARE(prefer.undo[1].text, std::string("CONFIG SET replica-priority 1"));
}

/// A paused PUBLISH of theirs keeps their PING waiting.
void TestSentinelPlans::thePauseEndsBeforeItLooksLikeADeadPrimary()
{
    const Plan plan = planOf(snapshotAfter(Act::Switchover, sentinels([](SentinelReport &r) { r.downAfter = base::milliseconds(3000); })), Act::Switchover);
    const auto pause = std::find_if(plan.steps.begin(), plan.steps.end(), [](const Step &step) { return step.kind == StepKind::PauseWrites; });
    QCOMPARE(pause->commands.front().text, std::string("CLIENT PAUSE 1500 WRITE"));
}

void TestSentinelPlans::readinessSaysThatTheyAreToFollow()
{
    const Readiness readiness = readinessOf(*snapshotToFollow(), feeds);
    QVERIFY(readiness.act == Act::Failover);
    QVERIFY2(readiness.ready != Ready::NotReady, dump(readiness).c_str());
    QCOMPARE(readiness.best.text(), west);
    QVERIFY(readinessOf(*snapshotAfter(Act::Switchover, {}), feeds).act == Act::Switchover);
}

void TestSentinelPlans::whoeverTheyDidNotPromoteIsNotFollowed()
{
    const auto plan = planFor(*snapshotToFollow(), moveOf(Act::Failover, {}, feeds, base::ServerId("feeds-eu-west")));
    QVERIFY(!plan);
    QVERIFY(plan.error().message.find("Sentinel made 'feeds-us-west' the primary") != std::string::npos);
}

void TestSentinelPlans::theyAreWaitedFor()
{
    const auto snapshot = snapshotAfter(Act::Switchover, oneSentinel(notAsked));
    QCOMPARE(notReadYet(*snapshot, feeds), std::vector{base::ServerId("127.0.0.1:26380")});
    QVERIFY(notReadYet(*snapshotAfter(Act::Switchover, {}), feeds).empty());
}

void TestSentinelPlans::severalAreToldAsOne()
{
    const auto said = [](const char *leader, const char *failing) { return std::string("leader:") + leader + "\nfailing_over:" + failing + "\n"; };
    const std::vector<std::string> agreeing{said("a:1", "no"), said("a:1", "no"), said("a:1", "no")};
    const std::vector<std::string> parted{said("a:1", "no"), said("b:1", "yes"), said("a:1", "no")};
    const std::vector<std::string> few{said("a:1", "no")};
    const std::string who = "SENTINEL GET-MASTER-ADDR-BY-NAME feeds";
    const std::string whether = "SENTINEL MASTER feeds";
    QVERIFY(isMet("INFO leader=a:1 failing_over=no", redis::agreedBy(agreeing, whether, 2)));
    QVERIFY(isMet("INFO leader=a:1", redis::agreedBy(parted, who, 2)));
    QVERIFY(isMet("INFO leader= failing_over=yes", redis::agreedBy(parted, whether, 2))); // not all say so
    QVERIFY(isMet("INFO leader=", redis::agreedBy(few, who, 2)));
    QVERIFY(isMet("INFO leader=", redis::agreedBy(few, whether, 2)));
}

void TestSentinelPlans::whatTheySayTogether()
{
    const auto sumAfter = [](const Edit &edit) {
        const auto snapshot = snapshotAfter(Act::Switchover, edit);
        return sentinelSumOf(GroupSight(*snapshot, feeds));
    };
    const SentinelSum well = sumAfter({});
    QVERIFY(well.isWell());
    QCOMPARE(well.answering, std::size_t(3));
    QCOMPARE(well.leadTo.front().first, east);
    const SentinelSum parted = sumAfter(oneSentinel([](SentinelReport &r) { r.primary = {"10.9.9.9", 1}; }));
    QVERIFY(!parted.isWell() && !parted.doAgree());
    QCOMPARE(parted.leadTo.back().first, std::string("10.9.9.9:1"));
    QVERIFY(!sumAfter(oneSentinel(fallSilent)).isWell());
    QVERIFY(!sumAfter(oneSentinel([](SentinelReport &r) { r.hasQuorum = false; })).isWell());
}

QTEST_GUILESS_MAIN(TestSentinelPlans)
#include "test_sentinel_plans.moc"
