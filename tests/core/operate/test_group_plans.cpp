// SPDX-License-Identifier: GPL-3.0-or-later
// A Redis group's checks, candidates and plans, from made-up snapshots.
#include "core/operate/Met.h"
#include "core/operate/Readiness.h"
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
using fixtures::World;

namespace {

using Edit = std::function<void(World &)>;

const base::GroupName feeds("feeds");
const std::string candidate = "feeds-us-west";

/// Nobody can lead stable addresses elsewhere.
std::shared_ptr<const fleet::Fleet> fleetWithoutSwitch()
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    for (fleet::RedisGroup &group : fleet->redisGroups)
        group.stableSwitch = {};
    return fleet;
}

Edit redis(const std::string &server, std::function<void(facts::RedisSample &)> change)
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
    return redis(server, [=](facts::RedisSample &sample) {
        auto move = *sample.move;
        move.settings[name] = value;
        sample.move = std::move(move);
    });
}

Edit both(Edit a, Edit b)
{
    return [=](World &world) {
        a(world);
        b(world);
    };
}

facts::SnapshotPtr snapshotAfter(Act act, const Edit &edit, std::shared_ptr<const fleet::Fleet> fleet = fixtures::defaultFleet())
{
    World world(std::move(fleet), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    if (act == Act::Failover) {
        world.killPrimary("feeds");
        world.run(8);
    }
    if (edit)
        edit(world);
    return world.run(4);
}

Plan planAfter(Act act, const Edit &edit, const std::string &to = candidate)
{
    const auto snapshot = snapshotAfter(act, edit);
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

class TestGroupPlans : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void switchover() { compareWithGolden("group_switchover", dump(planAfter(Act::Switchover, {}, {}))); }
    void failover() { compareWithGolden("group_failover", dump(planAfter(Act::Failover, {}, {}))); }
    void aWellGroupPassesAll();
    void eachCheck_data();
    void eachCheck();
    void everyStepCanBeUndoneUntilThePointOfNoReturn();
    void naming();
    void theOneWithTheMostIsPromoted();
    void anEmptyPrimaryIsLeftByAFailover();
    void aLivingPrimaryIsNotFailedOver();
    void theFingerprintHoldsNoOffset();
    void theFingerprintTellsARestart();
    void readiness();
    void answersAreMet_data();
    void answersAreMet();
};

void TestGroupPlans::aWellGroupPassesAll()
{
    const Plan plan = planAfter(Act::Switchover, {});
    for (const Check &check : plan.checks)
        QVERIFY2(check.verdict == Verdict::Passed, dump(check).c_str());
    QVERIFY(!plan.isBlocked());
    QVERIFY(plan.pause.expected);
}

void TestGroupPlans::eachCheck_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<CheckId>("id");
    QTest::addColumn<Verdict>("verdict");
    const auto row = [](const char *sentence, Act act, const Edit &edit, CheckId id, Verdict verdict) { QTest::newRow(sentence) << act << edit << id << verdict; };
    const std::string primary = "feeds-us-east";
    const auto move = Act::Switchover;
    row("a Sentinel watches it", move, redis(primary, [](facts::RedisSample &s) { s.move = facts::RedisMoveReading{s.move->settings, 3}; }), CheckId::ForeignManager, Verdict::Failed);
    row("the primary is loading", move, redis(primary, [](facts::RedisSample &s) { s.loading = true; }), CheckId::PrimaryAnswers, Verdict::Failed);
    row("two members are primaries", move, redis("feeds-eu-west", [](facts::RedisSample &s) { s.isPrimary = true; s.link.reset(); }), CheckId::OnePrimary, Verdict::Failed);
    row("the candidate's link is down", move, redis(candidate, [](facts::RedisSample &s) { s.link->up = false; }), CheckId::CandidateAttached, Verdict::Failed);
    row("the candidate takes a full copy", move, redis(candidate, [](facts::RedisSample &s) { s.link->syncing = true; }), CheckId::CandidateAttached, Verdict::Failed);
    row("the candidate is a primary of its own", move, redis(candidate, [](facts::RedisSample &s) { s.isPrimary = true; s.link.reset(); }), CheckId::CandidateIsStandby, Verdict::Failed);
    row("the candidate has another history", move, redis(candidate, [](facts::RedisSample &s) { s.replicationId = "other"; }), CheckId::SameHistory, Verdict::Failed);
    row("the candidate is an older major version", move, redis(candidate, [](facts::RedisSample &s) { s.version = "6.2.7"; }), CheckId::SameVersion, Verdict::Failed);
    row("the candidate keeps nothing on disk", move, redis(candidate, [](facts::RedisSample &s) { s.appendOnly = false; }), CheckId::Persistence, Verdict::Failed);
    row("nobody keeps anything on disk", move,
        both(redis(candidate, [](facts::RedisSample &s) { s.appendOnly = s.snapshotting = false; }), redis(primary, [](facts::RedisSample &s) { s.appendOnly = s.snapshotting = false; })),
        CheckId::Persistence, Verdict::Warning);
    row("the candidate's memory is too small", move, redis(candidate, [](facts::RedisSample &s) { s.maxMemory = base::Bytes{1 << 20}; }), CheckId::Memory, Verdict::Failed);
    row("the candidate has less memory", move, redis(candidate, [](facts::RedisSample &s) { s.maxMemory = base::Bytes{900LL << 20}; }), CheckId::Memory, Verdict::Warning);
    row("the candidate evicts otherwise", move, redis(candidate, [](facts::RedisSample &s) { s.maxMemoryPolicy = "allkeys-lru"; }), CheckId::Memory, Verdict::Warning);
    row("the candidate is never to be promoted", move, setting(candidate, "replica-priority", "0"), CheckId::ReplicaPriority, Verdict::Failed);
    row("the candidate would wait for more replicas than follow", move, setting(candidate, "min-replicas-to-write", "3"), CheckId::CandidateBrake, Verdict::Failed);
    row("the candidate's small hashes are smaller", move, setting(candidate, "hash-max-listpack-entries", "128"), CheckId::Settings, Verdict::Warning);
    row("the primary cannot be made to refuse writes", move, setting(primary, "min-replicas-max-lag", "0"), CheckId::WritesRefusable, Verdict::Failed);
    row("the primary's settings may not be read", move, redis(primary, [](facts::RedisSample &s) { s.move = facts::unknown(facts::WhyUnknown::NoRights, "NOPERM"); }), CheckId::WritesRefusable, Verdict::Unknown);
    row("a dead primary is seen dead by its replicas", Act::Failover, {}, CheckId::PrimaryGone, Verdict::Passed);
    row("nothing proves that it stopped", Act::Failover, {}, CheckId::OldPrimaryStopped, Verdict::Failed);
}

void TestGroupPlans::eachCheck()
{
    QFETCH(Act, act);
    QFETCH(Edit, edit);
    QFETCH(CheckId, id);
    QFETCH(Verdict, verdict);
    const Plan plan = planAfter(act, edit);
    const Check *check = checkIn(plan, id);
    QVERIFY(check);
    QVERIFY2(check->verdict == verdict, dump(*check).c_str());
    if (verdict == Verdict::Failed) {
        QVERIFY(check->remedy != Remedy::None);
        QVERIFY(plan.isBlocked());
    }
}

void TestGroupPlans::everyStepCanBeUndoneUntilThePointOfNoReturn()
{
    for (const Act act : {Act::Switchover, Act::Failover}) {
        const Plan plan = planAfter(act, {});
        QVERIFY(plan.pointOfNoReturn() > 0);
        for (const Step &step : plan.steps) {
            const bool onlyReads = std::all_of(step.commands.begin(), step.commands.end(), [](const Command &command) { return command.onlyAsks; });
            const bool isSoAlready = step.kind == StepKind::KeepRoles; // a file is written as the server runs
            QVERIFY2(onlyReads || isSoAlready || step.number >= plan.pointOfNoReturn() || !step.undo.empty(), std::string(name(step.kind)).c_str());
            QVERIFY(step.number < plan.pointOfNoReturn() || step.undo.empty());
            QVERIFY(step.deadline > base::milliseconds(0));
            QVERIFY(step.isPointOfNoReturn == (step.kind == StepKind::Promote));
        }
    }
}

void TestGroupPlans::naming()
{
    const auto snapshot = snapshotAfter(Act::Switchover, {});
    QCOMPARE(int(planFor(*snapshot, SwitchGroup{base::GroupName("nothing"), {}}).error().code), int(base::ErrorCode::NotFound));
    QCOMPARE(int(planFor(*snapshot, SwitchGroup{feeds, base::ServerId("sessions-us-west")}).error().code), int(base::ErrorCode::NotFound));
    QCOMPARE(int(planFor(*snapshot, SwitchGroup{feeds, base::ServerId("feeds-us-east")}).error().code), int(base::ErrorCode::BadInput));
    QCOMPARE(subjectOf(SwitchGroup{feeds, {}}), std::string("feeds"));
    QVERIFY(clusterOf(FailGroup{feeds, {}}).isEmpty());
    QVERIFY(withCandidate(FailGroup{feeds, {}}, base::ServerId(candidate)) == Intent(FailGroup{feeds, base::ServerId(candidate)}));
    // Without a means to lead the addresses elsewhere a person would have to, while writes wait.
    const auto without = snapshotAfter(Act::Switchover, {}, fleetWithoutSwitch());
    const Plan plan = *planFor(*without, SwitchGroup{feeds, {}});
    QVERIFY(checkIn(plan, CheckId::StableSwitch)->verdict == Verdict::Failed);
    QVERIFY(checkIn(plan, CheckId::StableSwitch)->forceable);
}

void TestGroupPlans::theOneWithTheMostIsPromoted()
{
    const auto behind = redis("feeds-us-west", [](facts::RedisSample &s) { s.link->offset -= 4096; });
    QCOMPARE(planAfter(Act::Failover, behind, {}).to.text(), std::string("feeds-eu-west"));
    const Plan asked = planAfter(Act::Failover, behind, "feeds-us-west");
    QVERIFY(checkIn(asked, CheckId::SiblingsAhead)->verdict == Verdict::Failed);
    QVERIFY(checkIn(asked, CheckId::SiblingsAhead)->forceable);
}

void TestGroupPlans::anEmptyPrimaryIsLeftByAFailover()
{
    const auto emptied = redis("feeds-us-east", [](facts::RedisSample &s) {
        s.keys = 0;
        s.runId = "anew";
        s.replicationId = "anew";
        s.offset = 14;
        s.term = facts::unknown(facts::WhyUnknown::NoValue);
    });
    QVERIFY(planAfter(Act::Switchover, emptied).isBlocked());
    const Plan plan = *planFor(*snapshotAfter(Act::Switchover, emptied), FailGroup{feeds, {}});
    QVERIFY(checkIn(plan, CheckId::PrimaryGone)->verdict == Verdict::Passed);
    QCOMPARE(name(plan.steps.at(1).kind), std::string_view("refuse_writes")); // it takes writes that would be lost
    QCOMPARE(readinessOf(*snapshotAfter(Act::Switchover, emptied), feeds).act, Act::Failover);
}

void TestGroupPlans::aLivingPrimaryIsNotFailedOver()
{
    const Plan plan = *planFor(*snapshotAfter(Act::Switchover, {}), FailGroup{feeds, {}});
    QVERIFY(checkIn(plan, CheckId::PrimaryGone)->verdict == Verdict::Failed);
    QVERIFY(checkIn(plan, CheckId::PrimaryGone)->forceable);
}

void TestGroupPlans::theFingerprintHoldsNoOffset()
{
    World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    const Fingerprint before = planFor(*world.run(12), SwitchGroup{feeds, {}})->fingerprint;
    const Fingerprint after = planFor(*world.run(30), SwitchGroup{feeds, {}})->fingerprint;
    QVERIFY(differencesBetween(before, after).empty());
}

void TestGroupPlans::theFingerprintTellsARestart()
{
    const Fingerprint before = planAfter(Act::Switchover, {}).fingerprint;
    const Fingerprint after = planAfter(Act::Switchover, redis(candidate, [](facts::RedisSample &s) { s.runId = "anew"; })).fingerprint;
    const auto differences = differencesBetween(before, after);
    QCOMPARE(differences.size(), std::size_t(1));
    QCOMPARE(differences.front().fact, candidate + ".process");
}

void TestGroupPlans::readiness()
{
    const auto well = snapshotAfter(Act::Switchover, {});
    QCOMPARE(readinessOfAllGroups(*well).size(), well->fleet->redisGroups.size());
    const Readiness ready = readinessOf(*well, feeds);
    QCOMPARE(name(ready.ready), std::string_view("ready"));
    QCOMPARE(ready.primary.text(), std::string("feeds-us-east"));
    QVERIFY(notReadYet(*well, feeds).empty());
}

void TestGroupPlans::answersAreMet_data()
{
    QTest::addColumn<QString>("expects");
    QTest::addColumn<bool>("met");
    QTest::newRow("a value") << "INFO role=slave" << true;
    QTest::newRow("another value") << "INFO role=master" << false;
    QTest::newRow("not only its beginning") << "INFO role=sla" << false;
    QTest::newRow("at least") << "INFO slave_repl_offset>=1200" << true;
    QTest::newRow("more than there is") << "INFO slave_repl_offset>=1201" << false;
    QTest::newRow("at most") << "INFO slave_repl_offset<=1200" << true;
    QTest::newRow("all of them") << "INFO role=slave master_link_status=up slave_repl_offset>=7" << true;
    QTest::newRow("one of them not") << "INFO role=slave master_link_status=down" << false;
    QTest::newRow("what is not told") << "INFO nothing=" << false;
    QTest::newRow("no number") << "INFO role>=1" << false;
}

void TestGroupPlans::answersAreMet()
{
    QFETCH(QString, expects);
    QFETCH(bool, met);
    QCOMPARE(isMet(expects.toStdString(), "# Replication\r\nrole:slave\r\nmaster_link_status:up\r\nslave_repl_offset:1200\r\n"), met);
}

QTEST_GUILESS_MAIN(TestGroupPlans)
#include "test_group_plans.moc"
