// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign's journal and request read back as what was written; what is broken is told.
#include "core/campaign/CampaignRequest.h"
#include "core/campaign/Means.h"
#include "core/campaign/SavedCampaign.h"
#include "core/execute/SavedPlan.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::campaign;

namespace {

Campaign whole()
{
    fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    const auto plan = planFor(*world.run(12), {Aim::Evacuate, "us-east"}, {3, 2, base::RegionName("eu-west"), fixtures::at(15, 0, 0), true, {{operate::CheckId::ExpectedPause, "a storm"}}});
    Campaign campaign = campaignFor(*plan);
    campaign.id = "evacuate-us-east-20261128-220412-4f2a";
    campaign.author = {"oncall1", "alice", "desk1"};
    campaign.reason = "a \"storm\"";
    campaign.beganAt = campaign.lastEntryAt = fixtures::at(22, 4, 12) + base::microseconds(123456);
    return campaign;
}

} // namespace

class CampaignJournalTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsBackAsWritten();
    void aBrokenLine();
    void requests();
    void aSavedPlanComesBackWhole();
    void requestsThatMakeNoSense_data();
    void requestsThatMakeNoSense();
    void theGate_data();
    void theGate();
    void wishes();
};

void CampaignJournalTest::readsBackAsWritten()
{
    Campaign campaign = whole();
    std::vector<std::string> lines{entryBegun(campaign)};
    QVERIFY(*campaignOf(lines) == campaign);
    const base::UtcTime later = campaign.beganAt + base::seconds(3);
    campaign.wave = 1;
    lines.push_back(entryWave(1, later));
    Move &move = campaign.moves.front();
    move.state = MoveState::Settling;
    move.operation = "directory-1";
    move.lag = base::microseconds(4000);
    move.startedAt = later;
    move.flowsAt = later + base::microseconds(17);
    move.pause = base::milliseconds(118);
    move.said = "said";
    lines.push_back(entryMove(move, later));
    campaign.gates.push_back({1, false, "u1-us-west to follow", later});
    lines.push_back(entryGate(campaign.gates.back(), later));
    campaign.manual.front().by = "bob";
    campaign.manual.front().at = later;
    lines.push_back(entryTick(campaign.manual.front().step.id(), "bob", later));
    campaign.mark = MarkState::Failed;
    campaign.markSaid = "no directory";
    lines.push_back(entryMark(MarkState::Failed, "no directory", later));
    const facts::Kernel old{"6.1.0-25-amd64", "a", later};
    campaign.kernel = KernelSeen{facts::Kernel{"6.1.0-30-amd64", "b", later}, {}, old, facts::KernelChange::Renewed};
    lines.push_back(entryKernel(*campaign.kernel, later));
    campaign.pools = {{base::PoolName("cache-us-west"), base::RegionName("us-west"), true, 0.96, 0.5},
                      {base::PoolName("cache-eu-west"), base::RegionName("eu-west"), false, {}, {}}};
    campaign.watch = Watch::Watching;
    lines.push_back(entryPools(campaign.watch, campaign.pools, later));
    campaign.stop = Stop::AfterWave;
    campaign.stopAskedAt = later;
    lines.push_back(entryStop(Stop::AfterWave, later));
    campaign.outcome = Outcome::Stopped;
    campaign.left = {"u1 not_begun"};
    campaign.endedAt = campaign.lastEntryAt = later;
    lines.push_back(entryOutcome(Outcome::Stopped, {}, campaign.left, later));
    QVERIFY(*campaignOf(lines) == campaign);
    // Who takes it over goes on: what failed or was not begun is tried again.
    lines.push_back(entryTakenOver({"oncall2", "carol", "desk2"}, later));
    const auto taken = campaignOf(lines);
    QVERIFY(taken && !taken->outcome && taken->retries && taken->stop == Stop::No && taken->author.databaseUser == "oncall2" && taken->left.empty());
}

void CampaignJournalTest::aBrokenLine()
{
    const Campaign campaign = whole();
    QVERIFY(*campaignOf({entryBegun(campaign), R"({"entry":"wave","at":"2026-)"}) == campaign); // its writer was killed
    QVERIFY(!campaignOf({entryBegun(campaign), "{", entryWave(1, campaign.beganAt)}));
    QVERIFY(!campaignOf({}));
    QVERIFY(!campaignOf({entryWave(1, campaign.beganAt)}));
    Move nobody;
    nobody.subject = "nobody";
    const auto read = campaignOf({entryBegun(campaign), entryMove(nobody, campaign.beganAt), entryWave(1, campaign.beganAt)});
    QVERIFY(!read && read.error().message.find("line 2") != std::string::npos);
}

void CampaignJournalTest::requests()
{
    CampaignRequest request;
    request.goal = {Aim::HostDown, "db1-us-east"};
    request.options = {3, 0, base::RegionName("eu-west"), fixtures::at(15, 0, 0), true, {{operate::CheckId::ExpectedPause, "a storm"}}};
    request.fingerprint = "0123456789abcdef";
    request.reason = "kernel";
    request.confirm = "db1-us-east";
    request.user = "oncall1";
    request.ticked = {"move_users us-east"};
    QVERIFY(isCampaignRequest(toJson(request)));
    QVERIFY(*campaignRequestFrom(toJson(request)) == request);
    QVERIFY(!isCampaignRequest(execute::toJson(execute::ActRequest())));
}

void CampaignJournalTest::requestsThatMakeNoSense_data()
{
    QTest::addColumn<QString>("json");
    QTest::newRow("no object") << "[]";
    QTest::newRow("no aim") << R"({"subject":"us-east"})";
    QTest::newRow("an aim that is none") << R"({"aim":"explode","subject":"us-east"})";
    QTest::newRow("no subject") << R"({"aim":"evacuate"})";
    QTest::newRow("a number that is none") << R"({"aim":"evacuate","subject":"us-east","at_once":"many"})";
    QTest::newRow("a check that is none") << R"({"aim":"evacuate","subject":"us-east","forced":[{"check":"luck","reason":"a test"}]})";
    QTest::newRow("a time that is none") << R"({"aim":"host_down","subject":"db1","until":"soon"})";
}

void CampaignJournalTest::requestsThatMakeNoSense()
{
    QFETCH(QString, json);
    const auto request = campaignRequestFrom(json.toStdString());
    QVERIFY(!request);
    QCOMPARE(int(request.error().code), int(base::ErrorCode::BadInput));
}

void CampaignJournalTest::theGate_data()
{
    QTest::addColumn<QString>("wrong");
    QTest::addColumn<QString>("denial");
    for (const auto &[wrong, denial] : {std::pair("nothing", ""), {"look only", "look_only"}, {"another name", "name"}, {"no reason", "reason"}, {"a changed plan", "changed"}, {"an empty plan", "no_plan"}, {"an observer", "role"}, {"nobody", "no_user"}})
        QTest::newRow(wrong) << QString::fromUtf8(wrong) << QString::fromUtf8(denial);
}

void CampaignJournalTest::theGate()
{
    QFETCH(QString, wrong);
    QFETCH(QString, denial);
    fleet::Fleet fleet = *fixtures::defaultFleet(fleet::Environment::Production);
    fleet.acting = wrong != QLatin1String("look only");
    fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    auto plan = planFor(*world.run(12), {Aim::Evacuate, "us-east"}, {});
    CampaignRequest request;
    request.goal = plan->goal;
    request.confirm = wrong == QLatin1String("another name") ? "us-west" : "us-east";
    request.reason = wrong == QLatin1String("no reason") ? "" : "a storm";
    request.fingerprint = wrong == QLatin1String("a changed plan") ? "0123456789abcdef" : plan->fingerprint.digest();
    request.user = wrong == QLatin1String("an observer") ? "shardlens_observer" : wrong == QLatin1String("nobody") ? "mallory" : "oncall1";
    if (wrong == QLatin1String("an empty plan")) {
        plan->waves = 0;
        plan->setsMark = false;
    }
    const auto denied = denialOf(fleet, request, *plan);
    QCOMPARE(denied ? QString::fromUtf8(execute::name(denied->why).data()) : QString(), denial);
}

void CampaignJournalTest::aSavedPlanComesBackWhole()
{
    SavedCampaign saved;
    saved.name = "the storm";
    saved.owner = {"oncall1", "anna", "ws3"};
    saved.savedAt = fixtures::at(12, 0, 0);
    saved.goal = {Aim::HostUp, "db1-us-east"};
    saved.options = optionsToSave({3, 2, base::RegionName("eu-west"), fixtures::at(15, 0, 0), true, {{operate::CheckId::ExpectedPause, "a storm"}}});
    QVERIFY(!saved.options.until && saved.options.forced.empty()); // they are of the day
    QCOMPARE(saved.options.atOnce, 3U);
    saved.fingerprint.facts = {{"u1.wave", "2"}, {"db1-us-east.mark", "set"}};
    for (const auto &at : {std::optional<base::UtcTime>(), std::optional(fixtures::at(22, 0, 0))}) {
        saved.intendedAt = at;
        const std::string text = toJson(saved);
        QVERIFY(isSavedCampaign(text));
        const auto read = savedCampaignFrom(text);
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());
        QVERIFY(*read == saved);
        QVERIFY(!execute::savedPlanFrom(text)); // no single act's
    }
    execute::SavedPlan act;
    act.name = "evening";
    act.request.setIntent(operate::SwitchCluster{base::ClusterName("u1"), {}});
    QVERIFY(!isSavedCampaign(execute::toJson(act)));
    for (const char *text : {"", "[]", "{}", "{\"name\":1}", R"({"name":"x","saved_at":"2026-11-28T12:00:00Z","campaign":{"aim":"fly","subject":"us-east"},"fingerprint":{}})"})
        QCOMPARE(savedCampaignFrom(text).error().code, base::ErrorCode::Protocol);
}

void CampaignJournalTest::wishes()
{
    const Wish stop{Stop::Now, {}, "alice"};
    const Wish tick{Stop::No, "move_users us-east", "bob"};
    QVERIFY(*wishFrom(toJson(stop)) == stop);
    QVERIFY(*wishFrom(toJson(tick)) == tick);
    QVERIFY(!wishFrom("stop"));
    QVERIFY(!wishFrom(R"({"stop":"soon"})"));
}

QTEST_GUILESS_MAIN(CampaignJournalTest)
#include "test_campaign_journal.moc"
