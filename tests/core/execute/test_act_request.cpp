// SPDX-License-Identifier: GPL-3.0-or-later
// The gate that whoever asks must pass, window and command line alike; and the request on its way to the executor.
#include "core/execute/ActRequest.h"
#include "core/execute/CheckJson.h"
#include "core/execute/SavedPlan.h"
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

#include <functional>

using namespace shardlens;
using execute::ActRequest;
using execute::Denial;

namespace {

ActRequest asked()
{
    ActRequest request;
    request.cluster = base::ClusterName("u1");
    request.confirm = "u1";
    request.reason = "kernel";
    return request;
}

using Change = std::function<void(fleet::Fleet &, ActRequest &, operate::Plan &)>;

operate::Check &checkOf(operate::Plan &plan, operate::CheckId id)
{
    return *std::find_if(plan.checks.begin(), plan.checks.end(), [id](const operate::Check &check) { return check.id == id; });
}

} // namespace

Q_DECLARE_METATYPE(Change)

class TestActRequest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theGate_data();
    void theGate();
    void whatIsForcedIsWrittenDown();
    void whoeverIsRejectedIsNamedWithWhy();
    void aRequestArrivesWhole();
    void aBrokenRequestIsRefused();
    void aDenialComesBackWithItsReadings();
    void aSavedPlanComesBackWhole();
};

void TestActRequest::theGate_data()
{
    QTest::addColumn<Change>("change");
    QTest::addColumn<QString>("denied");
    const auto row = [](const char *name, const Change &change, const char *denied) { QTest::newRow(name) << change << QString::fromLatin1(denied); };
    row("all is in order", [](auto &, auto &, auto &) {}, "");
    row("acting is off", [](fleet::Fleet &fleet, auto &, auto &) { fleet.acting = false; }, "look_only");
    row("a user that the file does not have", [](auto &, ActRequest &request, auto &) { request.user = "nobody"; }, "no_user");
    row("a user who only looks", [](fleet::Fleet &fleet, ActRequest &request, auto &) { request.user = fleet.access.observer; }, "role");
    row("another name was typed", [](auto &, ActRequest &request, auto &) { request.confirm = "u2"; }, "name");
    row("no reason", [](auto &, ActRequest &request, auto &) { request.reason.clear(); }, "reason");
    row("neither, in a local fleet", [](fleet::Fleet &fleet, ActRequest &request, auto &) {
        fleet.environment = fleet::Environment::Local;
        request.confirm.clear();
        request.reason.clear();
    }, "");
    row("another plan was read", [](auto &, ActRequest &request, auto &) { request.fingerprint = "0123456789abcdef"; }, "changed");
    row("this plan was read", [](auto &, ActRequest &request, operate::Plan &plan) { request.fingerprint = plan.fingerprint.digest(); }, "");
    row("nobody is eligible", [](auto &, auto &, operate::Plan &plan) { plan.steps.clear(); }, "no_plan");
    const auto lag = [](operate::Plan &plan, bool forceable) {
        operate::Check &check = checkOf(plan, operate::CheckId::ReplayLag);
        check.verdict = operate::Verdict::Failed;
        check.forceable = forceable;
    };
    row("a check blocks", [lag](auto &, auto &, operate::Plan &plan) { lag(plan, true); }, "blocked");
    row("it is forced with a reason", [lag](auto &, ActRequest &request, operate::Plan &plan) {
        lag(plan, true);
        request.forced = {{operate::CheckId::ReplayLag, "it will catch up"}};
    }, "");
    row("it is forced without one", [lag](auto &, ActRequest &request, operate::Plan &plan) {
        lag(plan, true);
        request.forced = {{operate::CheckId::ReplayLag, ""}};
    }, "not_forced");
    row("it may not be forced", [lag](auto &, ActRequest &request, operate::Plan &plan) {
        lag(plan, false);
        request.forced = {{operate::CheckId::ReplayLag, "all the same"}};
    }, "not_forced");
    row("another one is forced", [lag](auto &, ActRequest &request, operate::Plan &plan) {
        lag(plan, true);
        request.forced = {{operate::CheckId::Disk, "it is large"}};
    }, "blocked");
}

/// What a person gave a reason for is told with it, whether it blocks or warns; not what passes by now, and is none of the plan's.
void TestActRequest::whatIsForcedIsWrittenDown()
{
    using operate::CheckId;
    auto plan = *operate::planFor(*fixtures::well(), asked().intent());
    checkOf(plan, CheckId::ReplayLag).verdict = operate::Verdict::Failed;
    checkOf(plan, CheckId::Disk).verdict = operate::Verdict::Warning;
    checkOf(plan, CheckId::Rewind).verdict = operate::Verdict::Unknown;
    checkOf(plan, CheckId::Hba).verdict = operate::Verdict::Warning;
    ActRequest request = asked();
    const execute::Forced lag{CheckId::ReplayLag, "it catches up"}, disk{CheckId::Disk, "it is large"}, rewind{CheckId::Rewind, "it is rebuilt"};
    request.forced = {lag, {CheckId::RecentMove, "it passes"}, disk, {CheckId::Hba, ""}, {CheckId::PrimaryGone, "of a failover"}, rewind};
    QVERIFY(execute::forcedOf(request, plan) == (std::vector<execute::Forced>{lag, disk, rewind}));
}

void TestActRequest::aDenialComesBackWithItsReadings()
{
    operate::Check failed;
    failed.id = operate::CheckId::ExpectedPause;
    failed.verdict = operate::Verdict::Failed;
    failed.on = base::ServerId("u1-us-west");
    failed.forceable = true;
    failed.detail = "a name";
    failed.readings = {{"expected_pause", base::microseconds(1400000), facts::Evidence::Value(base::microseconds(1000000)), {}, {}}, {"past_runs", std::int64_t(3), {}, {}, {}},
                       {"lost", base::Bytes{7}, {}, {}, {}}, {"state", std::string("off"), {}, {}, {}}, {"share", 0.25, {}, {}, {}}, {"last_commit", base::UtcTime(base::microseconds(1700000000123456)), {}, {}, {}}};
    operate::Check unknown;
    unknown.id = operate::CheckId::ReplayLag;
    unknown.verdict = operate::Verdict::Unknown;
    unknown.why = {facts::WhyUnknown::ServerSilent, "u1-us-west"};
    for (const operate::Check &check : {failed, unknown})
        QVERIFY(execute::checkOf(execute::jsonOf(check)) == check);
    const auto denied = execute::deniedFrom(nlohmann::json{{"denied", "blocked"}, {"names", {"expected_pause"}}, {"checks", {execute::jsonOf(failed)}}}.dump());
    QVERIFY(denied);
    QVERIFY(denied->why == execute::Denial::Blocked && denied->names == std::vector<std::string>{"expected_pause"} && denied->checks == operate::Checks{failed});
    QVERIFY(!execute::deniedFrom(R"({"begun":"u1-1"})"));
    QVERIFY(execute::deniedFrom(R"({"denied":"blocked","names":["x"],"checks":[{"check":"of another version"}]})")->checks.empty());
}

void TestActRequest::theGate()
{
    QFETCH(const Change, change);
    QFETCH(const QString, denied);
    const facts::SnapshotPtr snapshot = fixtures::well();
    fleet::Fleet fleet = *snapshot->fleet;
    fleet.environment = fleet::Environment::Production;
    fleet.acting = true;
    ActRequest request = asked();
    auto plan = operate::planFor(*snapshot, request.intent());
    QVERIFY(plan && !plan->isBlocked());
    change(fleet, request, *plan);
    const auto refused = execute::denialOf(fleet, request, *plan);
    QCOMPARE(refused ? QString::fromUtf8(execute::name(refused->why).data()) : QString(), denied);
    if (refused)
        QVERIFY(execute::denialNamed(execute::name(refused->why)) == refused->why);
}

void TestActRequest::whoeverIsRejectedIsNamedWithWhy()
{
    const facts::SnapshotPtr snapshot = fixtures::well();
    fleet::Fleet fleet = *snapshot->fleet;
    fleet.environment = fleet::Environment::Local;
    fleet.acting = true;
    const ActRequest request = asked();
    auto plan = operate::planFor(*snapshot, request.intent());
    QVERIFY(plan && plan->candidates.size() == 2);
    plan->steps.clear();
    for (operate::Candidate &candidate : plan->candidates) {
        operate::Check behind;
        behind.id = operate::CheckId::ReplayLag;
        behind.verdict = operate::Verdict::Failed;
        candidate.rejectedFor = behind;
    }
    const auto denied = execute::denialOf(fleet, request, *plan);
    QVERIFY(denied && denied->why == execute::Denial::NoPlan && denied->checks.size() == 2);
    for (std::size_t i = 0; i < 2; ++i) {
        QCOMPARE(denied->names[i], plan->candidates[i].server.text());
        QVERIFY(denied->checks[i].on == plan->candidates[i].server && denied->checks[i].id == operate::CheckId::ReplayLag);
    }
    // Without a candidate it is what stands against the act itself.
    plan->candidates.clear();
    checkOf(*plan, operate::CheckId::ReplayLag).verdict = operate::Verdict::Failed;
    const auto bare = execute::denialOf(fleet, request, *plan);
    QVERIFY(bare && bare->why == execute::Denial::NoPlan);
    QCOMPARE(bare->names, std::vector<std::string>{"replay_lag"});
}

void TestActRequest::aRequestArrivesWhole()
{
    ActRequest request = asked();
    request.act = operate::Act::Failover;
    request.to = base::ServerId("u1-us-west");
    request.fingerprint = "0123456789abcdef";
    request.user = "oncall";
    request.reason = "it \"burns\"\n";
    request.forced = {{operate::CheckId::OldPrimaryStopped, "seen off"}, {operate::CheckId::DataLoss, "known"}};
    const auto read = execute::actRequestFrom(execute::toJson(request));
    QVERIFY(read.has_value());
    QVERIFY(*read == request);
    QVERIFY(std::holds_alternative<operate::FailCluster>(read->intent()));
    ActRequest warming = asked();
    warming.setIntent(operate::SwitchCluster{base::ClusterName("u1"), {}, true});
    const auto warm = execute::actRequestFrom(execute::toJson(warming));
    QVERIFY(warm && *warm == warming && operate::warmsOf(warm->intent()));
    warming.shuns = {base::ServerId("u1-us-east")}; // those of a region that is left
    const auto shunning = execute::actRequestFrom(execute::toJson(warming));
    QVERIFY(shunning && *shunning == warming);
    QCOMPARE(operate::shunsOf(operate::withCandidate(shunning->intent(), base::ServerId("u1-eu-west"))), warming.shuns);
    warming.setIntent(operate::SwitchCluster{base::ClusterName("u1"), {}});
    QVERIFY(!warming.warms);
}

void TestActRequest::aBrokenRequestIsRefused()
{
    for (const char *text : {"", "[]", "{}", R"({"act":"evacuate","cluster":"u1"})", R"({"act":7})", R"({"act":"switchover","forced":[{"check":"luck"}]})", R"({"act":"switchover","forced":[3]})", R"({"act":"switchover","shuns":[7]})"})
        QVERIFY2(!execute::actRequestFrom(text), text);
}

void TestActRequest::aSavedPlanComesBackWhole()
{
    execute::SavedPlan saved;
    saved.name = "the big one";
    saved.owner = {"oncall1", "anna", "ws3"};
    saved.savedAt = base::UtcTime(std::chrono::seconds(1795900000));
    saved.request.setIntent(operate::SmallAct{operate::Act::PointRouter, base::ClusterName("u1"), base::ServerId("router-us-west"), "u1_read", base::ServerId("u1-eu-west"), {}});
    saved.fingerprint.facts = {{"u1-us-east.role", "primary"}, {"cluster.primary", "u1-us-east"}};
    for (const auto &at : {std::optional<base::UtcTime>(), std::optional(base::UtcTime(std::chrono::seconds(1795990000)))}) {
        saved.intendedAt = at;
        const auto read = execute::savedPlanFrom(execute::toJson(saved));
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QVERIFY(*read == saved);
        QVERIFY(read->request.intent() == saved.request.intent());
    }
    for (const char *text : {"", "[]", "{}", "{\"name\":1}"})
        QCOMPARE(execute::savedPlanFrom(text).error().code, base::ErrorCode::Protocol);
}

QTEST_APPLESS_MAIN(TestActRequest)
#include "test_act_request.moc"
