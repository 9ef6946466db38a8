// SPDX-License-Identifier: GPL-3.0-or-later
// The smaller acts: their plans whole as text, each check that keeps one from being done, and what every one of them must keep.
#include "core/facts/derive/Settings.h"
#include "core/operate/Aftermath.h"
#include "core/operate/Plan.h"
#include "core/operate/SmallActs.h"
#include "tests/core/operate/PlanDump.h"
#include "tests/fixtures/Golden.h"
#include "tests/fixtures/Snapshots.h"

#include <QFile>
#include <QTest>

#include <set>

using namespace shardlens;
using namespace shardlens::operate;
using facts::Observation;
using fixtures::World;

using Edit = std::function<void(World &)>;
Q_DECLARE_METATYPE(Edit)
Q_DECLARE_METATYPE(shardlens::operate::SmallAct)
Q_DECLARE_METATYPE(shardlens::operate::CheckId)
Q_DECLARE_METATYPE(shardlens::operate::Verdict)

namespace {

const char *const primary = "u1-us-east";
const char *const standby = "u1-us-west";
const char *const other = "u1-eu-west";
const char *const router = "router-us-west";

SmallAct onServer(Act act, const char *server, const char *object = "", const char *to = "")
{
    return {act, base::ClusterName("u1"), base::ServerId(server), object, base::ServerId(to), {}};
}

SmallAct backend(const char *began)
{
    SmallAct act = onServer(Act::EndBackend, primary, "4711");
    act.began = began;
    return act;
}

Edit postgres(const char *server, std::function<void(facts::PostgresSample &)> change)
{
    return [=](World &world) {
        world.edit(server, [change](Observation &o) {
            auto sample = *o.postgres();
            change(sample);
            o.sample = std::move(sample);
        });
    };
}

Edit database(const char *name, std::function<void(facts::RouterDatabase &)> change)
{
    return [=](World &world) {
        world.edit(router, [=](Observation &o) {
            auto sample = *o.router();
            for (facts::RouterDatabase &one : sample.databases) {
                if (one.name == name)
                    change(one);
            }
            o.sample = std::move(sample);
        });
    };
}

Edit paused(const char *name)
{
    return database(name, [](facts::RouterDatabase &one) { one.paused = true; });
}

/// The slot that a member would use at another one.
std::string slotOf(const char *member)
{
    return facts::derive::replicationName(*fixtures::defaultFleet(), base::ServerId(member));
}

Edit slot(const std::string &name, bool active, bool physical = true)
{
    return postgres(primary, [=](facts::PostgresSample &sample) {
        facts::SlotRow row;
        row.name = name;
        row.active = active;
        row.physical = physical;
        row.retained = base::Bytes{64 << 20};
        sample.slots = std::vector<facts::SlotRow>{row};
    });
}

SmallAct prepare(const char *object = "")
{
    return onServer(Act::PrepareCluster, "", object);
}

/// What the primary's database lacks, and who may make it.
Edit lacks(const std::vector<std::string> &parts, const std::vector<std::string> &makers = {"oncall1"}, std::function<void(facts::PostgresSample &)> more = {})
{
    return postgres(primary, [=](facts::PostgresSample &sample) {
        sample.move->lacks = parts;
        sample.move->makers = makers;
        if (more)
            more(sample);
    });
}

Edit braked()
{
    return postgres(primary, [](facts::PostgresSample &sample) { sample.readOnlyByDefault = true; });
}

base::Result<Plan> planAfter(const SmallAct &act, const Edit &edit)
{
    World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    if (edit)
        edit(world);
    return planFor(*world.run(4), act);
}

/// What each act is for, in a fleet where it may be done.
struct Case {
    const char *name;
    SmallAct act;
    Edit edit;
};

std::vector<Case> cases()
{
    return {{"router_pause", onServer(Act::PauseRouter, router, "u1"), {}},
            {"router_pause_reads", onServer(Act::PauseRouter, router, "u1_read"), {}},
            {"router_resume", onServer(Act::ResumeRouter, router, "u1"), paused("u1")},
            {"router_point", onServer(Act::PointRouter, router, "u1_read", other), {}},
            {"replay_pause", onServer(Act::PauseReplay, standby), {}},
            {"replay_resume", onServer(Act::ResumeReplay, standby), [](World &world) { world.pauseReplay(standby); }},
            {"standby_repoint", onServer(Act::RepointStandby, standby, "", other),
             postgres(standby, [](facts::PostgresSample &s) { s.received = base::Lsn{s.received->value - 4096}; })},
            {"standby_rebuild", onServer(Act::RebuildStandby, standby), {}},
            {"standby_rebuild_silent", onServer(Act::RebuildStandby, standby, "", other), [](World &world) { world.silence(standby); }},
            {"slot_drop", onServer(Act::DropSlot, primary, "left_over"), slot("left_over", false)},
            {"brake_lift", onServer(Act::LiftBrake, primary), braked()},
            {"backend_terminate", backend("2026-11-28T11:58:00.123456Z"), {}},
            {"prepare", prepare(),
             lacks({"role shardlens_observer", "table shardlens.term", "column shardlens.invalidation_cursor.missed_since", "function shardlens.prune_outbox(interval, integer)",
                    "select on shardlens.term for shardlens_observer", "replication for oncall1", "update on shardlens.term for oncall1", "extension pg_prewarm"})},
            {"prepare_warm", prepare("warm"), lacks({"extension pg_buffercache", "extension pg_prewarm"})}};
}

void compareWithGolden(const QString &name, const std::string &text)
{
    fixtures::compareWithGolden(QStringLiteral(GOLDEN_DIR "/act_%1.txt").arg(name), text);
}

} // namespace

class TestActs : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatAnOperationLeftIsSeen();
    void plans_data();
    void plans();
    void whatKeepsItFromBeingDone_data();
    void whatKeepsItFromBeingDone();
    void everyStepIsSeenAndNoneIsFinal();
    void aServerNeverLosesItsOwnWayBack();
    void namesOfTheCommandLine();
    void aPreparationTakesBackItsOwnAlone();
    void whatIsNotSaid();
    void actsHaveNames();
};

void TestActs::plans_data()
{
    QTest::addColumn<SmallAct>("act");
    QTest::addColumn<Edit>("edit");
    for (const Case &one : cases())
        QTest::newRow(one.name) << one.act << one.edit;
}

void TestActs::plans()
{
    QFETCH(SmallAct, act);
    QFETCH(Edit, edit);
    const auto plan = planAfter(act, edit);
    QVERIFY2(plan.has_value(), plan ? "" : plan.error().message.c_str());
    const std::string text = dump(*plan);
    QVERIFY2(!plan->isBlocked(), text.c_str());
    QCOMPARE(plan->pointOfNoReturn(), 0);
    compareWithGolden(QString::fromUtf8(QTest::currentDataTag()), text);
}

void TestActs::whatKeepsItFromBeingDone_data()
{
    QTest::addColumn<SmallAct>("act");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<CheckId>("id");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<bool>("forceable");
    const auto row = [](const char *sentence, const SmallAct &act, const Edit &edit, CheckId id, Verdict verdict = Verdict::Failed,
                        bool forceable = false) { QTest::newRow(sentence) << act << edit << id << verdict << forceable; };
    const SmallAct pause = onServer(Act::PauseRouter, router, "u1");
    const SmallAct resume = onServer(Act::ResumeRouter, router, "u1");
    const auto both = [](const Edit &one, const Edit &two) {
        return Edit([=](World &world) {
            one(world);
            two(world);
        });
    };
    row(
        "the router is silent", pause, [](World &w) { w.silence(router); }, CheckId::TargetAnswers);
    row(
        "its region has no guard that answers", pause, [](World &w) { w.silenceRegion("us-west"); }, CheckId::Guards);
    row("the router has no such database", pause, database("u1", [](facts::RouterDatabase &one) { one.name = "u9"; }),
        CheckId::RouterDatabase);
    row("it is paused already", pause, paused("u1"), CheckId::NotYet);
    row("it pools by session", pause, database("u1", [](facts::RouterDatabase &one) { one.poolMode = "session"; }), CheckId::RouterMode,
        Verdict::Failed, true);
    row("a transaction is open for long", pause,
        postgres(primary, [](facts::PostgresSample &s) { s.longestTransaction = base::seconds(900); }), CheckId::LongTransaction,
        Verdict::Failed, true);
    row("it is not paused", resume, {}, CheckId::NotYet);
    row("the paused router leads to a standby", resume,
        database("u1",
                 [](facts::RouterDatabase &one) {
                     const fleet::Endpoint endpoint =
                         fixtures::defaultFleet()->server(base::ServerId(other))->address.from(base::RegionName("us-west"));
                     one.paused = true;
                     one.host = endpoint.host;
                     one.port = endpoint.port;
                 }),
        CheckId::LeadsRight);
    row("two members accept writes", resume, both(paused("u1"), postgres(other, [](facts::PostgresSample &s) { s.inRecovery = false; })),
        CheckId::OnePrimary);
    row("the primary is silent", resume, both(paused("u1"), [](World &w) { w.killPrimary("u1"); }), CheckId::PrimaryAnswers);
    row("writes would be led to a standby", onServer(Act::PointRouter, router, "u1", standby), {}, CheckId::LeadsRight);
    row("it leads there already", onServer(Act::PointRouter, router, "u1", primary), {}, CheckId::NotYet);
    row(
        "reads would be led to a server that is silent", onServer(Act::PointRouter, router, "u1_read", other),
        [](World &w) { w.silence(other); }, CheckId::LeadsRight, Verdict::Failed, true);
    row("the primary replays nothing", onServer(Act::PauseReplay, primary), {}, CheckId::TargetRole);
    row(
        "the replay is paused already", onServer(Act::PauseReplay, standby), [](World &w) { w.pauseReplay(standby); }, CheckId::NotYet);
    row(
        "the only other standby is paused", onServer(Act::PauseReplay, standby), [](World &w) { w.pauseReplay(other); },
        CheckId::Redundancy, Verdict::Warning);
    row("the replay runs", onServer(Act::ResumeReplay, standby), {}, CheckId::NotYet);
    row(
        "the standby is silent", onServer(Act::ResumeReplay, standby), [](World &w) { w.silence(standby); }, CheckId::TargetAnswers);
    row("it receives from there already", onServer(Act::RepointStandby, standby, "", primary), {}, CheckId::NotYet);
    row(
        "the new sender is silent", onServer(Act::RepointStandby, standby, "", other), [](World &w) { w.silence(other); },
        CheckId::SenderAnswers);
    row("the new sender has less", onServer(Act::RepointStandby, standby, "", other),
        postgres(other, [](facts::PostgresSample &s) { s.received = base::Lsn{s.received->value - (64U << 20)}; }), CheckId::SenderAhead);
    row("the new sender is on an older timeline", onServer(Act::RepointStandby, standby, "", other),
        postgres(other, [](facts::PostgresSample &s) { s.timeline = 0; }), CheckId::SenderAhead);
    row("the new sender is another cluster's copy", onServer(Act::RepointStandby, standby, "", other),
        postgres(other, [](facts::PostgresSample &s) { s.systemIdentifier = 1; }), CheckId::SameSystem);
    row("Patroni manages it", onServer(Act::RepointStandby, standby, "", other),
        postgres(primary, [](facts::PostgresSample &s) { s.move->managers = {"patroni"}; }), CheckId::ForeignManager);
    row("a primary is not rebuilt", onServer(Act::RebuildStandby, primary, "", standby), {}, CheckId::TargetRole);
    row(
        "whose data are to be copied is silent", onServer(Act::RebuildStandby, standby), [](World &w) { w.killPrimary("u1"); },
        CheckId::SenderAnswers);
    row(
        "the lock would be lost while it is stopped", onServer(Act::RebuildStandby, standby), [](World &w) { w.silence(other); },
        CheckId::Standbys);
    row("the sender has no room for a backup", onServer(Act::RebuildStandby, standby),
        postgres(primary, [](facts::PostgresSample &s) { s.senders.resize(9); }), CheckId::WalSenders);
    row("the slot is in use", onServer(Act::DropSlot, primary, "left_over"), slot("left_over", true), CheckId::SlotIdle);
    row("there is no such slot", onServer(Act::DropSlot, primary, "left_over"), slot("another", false), CheckId::NotYet);
    row("nobody may read the slots", onServer(Act::DropSlot, primary, "left_over"),
        postgres(primary, [](facts::PostgresSample &s) { s.slots = facts::unknown(facts::WhyUnknown::NoRights, "pg_monitor"); }),
        CheckId::SlotIdle, Verdict::Unknown);
    row("the slot is that of a standby that is away", onServer(Act::DropSlot, primary, slotOf(standby).c_str()),
        both(slot(slotOf(standby), false), [](World &w) { w.silence(standby); }), CheckId::SlotAbandoned, Verdict::Failed, true);
    row("the slot is a logical one", onServer(Act::DropSlot, primary, "left_over"), slot("left_over", false, false), CheckId::SlotAbandoned,
        Verdict::Failed, true);
    row("there is no brake", onServer(Act::LiftBrake, primary), {}, CheckId::NotYet);
    row("another member is out of recovery", onServer(Act::LiftBrake, primary),
        both(braked(), postgres(other, [](facts::PostgresSample &s) { s.inRecovery = false; })), CheckId::OthersStandBy);
    row("another member has a newer term", onServer(Act::LiftBrake, primary),
        both(braked(), postgres(other, [](facts::PostgresSample &s) { s.term = 99; })), CheckId::OthersStandBy);
    row("another member is silent, and may be a primary", onServer(Act::LiftBrake, primary),
        both(braked(), [](World &w) { w.silence(other); }), CheckId::OthersStandBy, Verdict::Failed, true);
    row("the cluster lacks nothing", prepare(), {}, CheckId::NotYet);
    row("the cluster lacks extensions alone", prepare(), lacks({"extension pg_prewarm"}), CheckId::NotYet);
    row("nobody may make what it lacks", prepare(), lacks({"table shardlens.term"}, {}), CheckId::MayMake);
    row("one who may only look could make it", prepare(), lacks({"table shardlens.term"}, {"shardlens_observer"}), CheckId::MayMake);
    row("a right on the server is a superuser's to give", prepare(),
        lacks({"pg_monitor for oncall1"}, {}, [](facts::PostgresSample &s) { s.move->schemaMakers = {"oncall1"}; }), CheckId::MayMake);
    row("what it lacks was not read", prepare(),
        postgres(primary, [](facts::PostgresSample &s) { s.move->lacks = facts::notAsked<std::vector<std::string>>(); }), CheckId::MayMake, Verdict::Unknown);
    row("its primary is braked", prepare(), lacks({"table shardlens.term"}, {"oncall1"}, [](facts::PostgresSample &s) { s.readOnlyByDefault = true; }), CheckId::Brake);
    row("its primary is silent", prepare(), both(lacks({"table shardlens.term"}), [](World &w) { w.killPrimary("u1"); }), CheckId::TargetAnswers, Verdict::Unknown);
    row("the extension is not installed", prepare("warm"),
        lacks({"extension pg_prewarm"}, {"oncall1"}, [](facts::PostgresSample &s) { s.move->notInstalled = {"pg_prewarm"}; }), CheckId::Installed);
    row("nobody looked at the backend", backend(""), {}, CheckId::BackendSeen);
}

void TestActs::whatKeepsItFromBeingDone()
{
    QFETCH(SmallAct, act);
    QFETCH(Edit, edit);
    QFETCH(CheckId, id);
    QFETCH(Verdict, verdict);
    QFETCH(bool, forceable);
    const auto plan = planAfter(act, edit);
    QVERIFY2(plan.has_value(), plan ? "" : plan.error().message.c_str());
    const auto check = std::find_if(plan->checks.begin(), plan->checks.end(), [&](const Check &one) { return one.id == id; });
    QVERIFY2(check != plan->checks.end(), dump(*plan).c_str());
    QCOMPARE(QString::fromUtf8(name(check->verdict).data()), QString::fromUtf8(name(verdict).data()));
    QCOMPARE(check->forceable, forceable);
    QCOMPARE(isBlocking(*check), verdict != Verdict::Warning);
    QVERIFY(check->remedy != Remedy::None || verdict == Verdict::Unknown);
    QCOMPARE(plan->isBlocked(), verdict != Verdict::Warning);
}

void TestActs::everyStepIsSeenAndNoneIsFinal()
{
    // A slot that is gone and a session that has ended cannot be given back; a slot at the sender before is left over.
    // Who waited at a router is let go, and not held again.
    const std::set<StepKind> leaveNothing{StepKind::ResumeRouter, StepKind::ReadMarker, StepKind::DropSlot, StepKind::LeaveSender, StepKind::EndBackend, StepKind::DropReplaced};
    for (const Case &one : cases()) {
        const auto plan = planAfter(one.act, one.edit);
        QVERIFY(plan);
        QVERIFY(!plan->steps.empty());
        for (const Step &step : plan->steps) {
            QVERIFY2(!step.isPointOfNoReturn && !step.holdsWrites, one.name);
            const bool onlyLooks = step.kind == StepKind::ReadMarker && step.mayBeLeft;
            QVERIFY2(onlyLooks == step.commands.empty() && !step.verifications.empty() && step.deadline.count() > 0, one.name);
            const bool wasStopped = step.kind == StepKind::StopStandby && std::string(one.name).ends_with("silent"); // nothing to start again
            const bool goesWithOthers = step.kind == StepKind::GrantRights; // rights on what the same plan made
            QVERIFY2(goesWithOthers || step.undo.empty() == (wasStopped || leaveNothing.contains(step.kind)), one.name);
            for (const Command &command : step.verifications)
                QVERIFY2(!command.expects.empty(), one.name);
        }
    }
}

void TestActs::aServerNeverLosesItsOwnWayBack()
{
    // Whoever takes a repointing up again may read the changed connection: the undo names the old sender's address itself.
    const auto plan = planAfter(onServer(Act::RepointStandby, standby, "", other),
                                postgres(standby, [](facts::PostgresSample &s) { s.received = base::Lsn{s.received->value - 4096}; }));
    QVERIFY(plan);
    const fleet::Endpoint endpoint = fixtures::defaultFleet()->server(base::ServerId(primary))->address.from(base::RegionName("us-west"));
    const std::string address = "host=" + endpoint.host + " port=" + std::to_string(endpoint.port);
    QVERIFY2(plan->steps.front().undo.front().text.find(address) != std::string::npos, plan->steps.front().undo.front().text.c_str());
}

void TestActs::namesOfTheCommandLine()
{
    const fleet::Fleet &fleet = *fixtures::defaultFleet();
    const auto act = routerAct(fleet, Act::PauseRouter, "us-west", "u1_read", {});
    QVERIFY(act);
    QCOMPARE(*act, onServer(Act::PauseRouter, router, "u1_read"));
    QCOMPARE(*routerAct(fleet, Act::PauseRouter, router, "u1", {}), onServer(Act::PauseRouter, router, "u1"));
    QCOMPARE(routerAct(fleet, Act::PauseRouter, "", "u1", {}).error().code, base::ErrorCode::BadInput);
    QCOMPARE(routerAct(fleet, Act::PauseRouter, "us-north", "u1", {}).error().code, base::ErrorCode::NotFound);
    QCOMPARE(routerAct(fleet, Act::PauseRouter, "us-west", "u99", {}).error().code, base::ErrorCode::NotFound);
    QCOMPARE(*serverAct(fleet, Act::PauseReplay, base::ServerId(standby), "", {}), onServer(Act::PauseReplay, standby));
    QCOMPARE(serverAct(fleet, Act::PauseReplay, base::ServerId(router), "", {}).error().code, base::ErrorCode::NotFound);
}

void TestActs::aPreparationTakesBackItsOwnAlone()
{
    // Whoever owns the schema needs no superuser for what lies in it.
    const auto bySchema = planAfter(prepare(), lacks({"table shardlens.term"}, {}, [](facts::PostgresSample &s) { s.move->schemaMakers = {"oncall1"}; }));
    QVERIFY(bySchema && !bySchema->isBlocked());
    const auto plan = planAfter(prepare(), lacks({"table shardlens.term", "update on shardlens.term for oncall1"}));
    QVERIFY(plan);
    QCOMPARE(plan->steps.size(), std::size_t(2));
    const Step &table = plan->steps.front();
    const std::string tag = "'made by {operation}'";
    // One that somebody else made meanwhile is neither made again, nor named as ours, nor dropped.
    QVERIFY(table.preconditions.back().text.find(tag) != std::string::npos);
    QCOMPARE(table.commands.back().text, "COMMENT ON table shardlens.term IS " + tag);
    QVERIFY(table.undo.front().text.find("= " + tag + " THEN drop table shardlens.term;") != std::string::npos);
    QCOMPARE(plan->steps.back().kind, StepKind::GrantRights);
    QCOMPARE(plan->steps.back().commands.front().text, std::string("grant update on shardlens.term to oncall1"));
    QVERIFY(plan->steps.back().undo.empty()); // it goes with the table
    const auto rightAlone = planAfter(prepare(), lacks({"update on shardlens.term for oncall1"}));
    QVERIFY(rightAlone && rightAlone->steps.back().undo.front().text.find("revoke update on shardlens.term from oncall1") != std::string::npos);
}

void TestActs::whatIsNotSaid()
{
    const auto code = [](const SmallAct &act) {
        const auto plan = planAfter(act, {});
        return plan ? base::ErrorCode::Io : plan.error().code;
    };
    QCOMPARE(code(onServer(Act::PauseRouter, router, "m1")), base::ErrorCode::NotFound);
    QCOMPARE(code(onServer(Act::PauseReplay, "m1-us-west")), base::ErrorCode::NotFound);
    QCOMPARE(code(onServer(Act::PointRouter, router, "u1", "m1-us-west")), base::ErrorCode::NotFound);
    QCOMPARE(code(onServer(Act::RepointStandby, standby, "", standby)), base::ErrorCode::BadInput);
    QCOMPARE(code(onServer(Act::RebuildStandby, primary)), base::ErrorCode::BadInput);
    QCOMPARE(code(onServer(Act::RebuildStandby, standby, "", standby)), base::ErrorCode::BadInput);
    QCOMPARE(code(onServer(Act::DropSlot, primary)), base::ErrorCode::BadInput);
    QCOMPARE(code(onServer(Act::EndBackend, primary, "1; SELECT 1")), base::ErrorCode::BadInput);
    QCOMPARE(code(prepare("cold")), base::ErrorCode::BadInput);
}

void TestActs::actsHaveNames()
{
    std::set<std::string_view> names;
    for (int act = 0; act <= int(lastAct); ++act) {
        QVERIFY(names.insert(name(Act(act))).second);
        QCOMPARE(actNamed(name(Act(act))), std::optional(Act(act)));
        QCOMPARE(isMove(Act(act)), act < 2);
    }
    QVERIFY(!actNamed("something else"));
    QCOMPARE(subjectOf(SwitchCluster{base::ClusterName("u1"), {}}), std::string("u1"));
    QCOMPARE(subjectOf(onServer(Act::PauseReplay, standby)), std::string(standby));
    QCOMPARE(subjectOf(prepare()), std::string("u1")); // the cluster's name is typed
}

/// Without its journal: what the members and routers say themselves, and nothing that would make a second primary.
void TestActs::whatAnOperationLeftIsSeen()
{
    const auto after = [](const Edit &edit) {
        World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
        world.observedSince(std::chrono::hours(2));
        world.run(12);
        if (edit)
            edit(world);
        return aftermathOf(*world.run(8), base::ClusterName("u1"));
    };
    const std::vector<base::ServerId> one{base::ServerId(primary)};
    QVERIFY(after({}) == (Aftermath{one, {}, {}}));
    QVERIFY(after(braked()) == (Aftermath{one, {}, {onServer(Act::LiftBrake, primary)}}));
    QVERIFY(after(paused("u1")) == (Aftermath{one, {}, {onServer(Act::ResumeRouter, router, "u1")}}));

    const auto promoted = postgres(standby, [](facts::PostgresSample &sample) {
        sample.inRecovery = false;
        sample.term = *sample.term + 1;
    });
    const Aftermath two = after([&](World &world) { promoted(world); braked()(world); paused("u1")(world); });
    QVERIFY(two.primaries == (std::vector<base::ServerId>{base::ServerId(standby), base::ServerId(primary)}));
    QVERIFY(two.remedies.empty());

    const Aftermath none = after([](World &world) { world.killPrimary("u1"); });
    QVERIFY(none.primaries.empty() && none.silent == one);
    QVERIFY(none.remedies == (std::vector<Intent>{FailCluster{base::ClusterName("u1"), {}}}));
    QVERIFY(aftermathOf(*fixtures::well(), base::ClusterName("nobody's")) == Aftermath{});
}

QTEST_GUILESS_MAIN(TestActs)
#include "test_acts.moc"
