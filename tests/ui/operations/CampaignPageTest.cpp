// SPDX-License-Identifier: GPL-3.0-or-later
// Campaigns as they are shown, planned, running and over: words compared whole, what arms the button, what is asked for, every state drawn
// whole. SHARDLENS_PICTURES names a folder that pictures are written to.
#include "tests/fixtures/Golden.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "ui/format/CampaignWords.h"
#include "ui/operate/CampaignBar.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OutlineModel.h"
#include "ui/operate/OutlineView.h"
#include "ui/operate/PlanView.h"
#include "ui/operate/RefusalBar.h"
#include "ui/operate/SavePlan.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/CampaignChoices.h"
#include "ui/pages/operations/CampaignForces.h"
#include "ui/pages/operations/CampaignOutline.h"
#include "ui/pages/operations/CampaignView.h"
#include "ui/pages/operations/ManualPanel.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/TickBox.h"

#include <QAbstractItemModelTester>
#include <QFile>
#include <QLineEdit>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using campaign::Aim;
using campaign::Campaign;
using campaign::CampaignRequest;
using campaign::Goal;
using campaign::Move;
using campaign::MoveState;
using fixtures::World;
using pages::OperationsPage;
using ui::operate::CampaignBoard;
using ui::operate::CampaignList;
using ui::operate::CampaignSeen;
using Showing = OperationsPage::Showing;

namespace {

const Goal evacuateEast{Aim::Evacuate, "us-east"};
const Goal returnEast{Aim::Return, "us-east"};
const Goal hostDown{Aim::HostDown, "mem1-us-east"};

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

void compareWithGolden(const QString &name, const QString &shown)
{
    fixtures::compareWithGolden(QStringLiteral(GOLDEN_DIR "/%1.txt").arg(name), plain(shown).toStdString());
}

facts::SharedPtr sharedWith(std::vector<facts::Mark> marks)
{
    auto shared = std::make_shared<facts::Shared>();
    shared->readAt = base::Instant(std::chrono::hours(100));
    shared->marks = std::move(marks);
    return shared;
}

World acting(fleet::Environment environment)
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet(environment));
    fleet->acting = true;
    World world(fleet, fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.share(sharedWith({}));
    return world;
}

facts::SnapshotPtr wellFleet(fleet::Environment environment = fleet::Environment::Production)
{
    World world = acting(environment);
    return world.run(12);
}

/// As after an evacuation of us-east, hours later.
facts::SnapshotPtr evacuatedFleet()
{
    World world = acting(fleet::Environment::Production);
    world.run(12);
    world.promote("u1", "u1-us-west");
    world.promote("m1", "m1-eu-west");
    world.promote("directory", "directory-us-west");
    facts::Mark mark;
    mark.kind = facts::Mark::Kind::Region;
    mark.subject = "us-east";
    mark.by.databaseUser = "oncall1";
    mark.reason = "a storm";
    mark.since = fixtures::at(12, 1, 0);
    world.share(sharedWith({mark}));
    return world.run(700);
}

facts::SnapshotPtr snapshotOf(const QString &state)
{
    if (state == QLatin1String("plan-return"))
        return evacuatedFleet();
    if (state == QLatin1String("plan-blocked"))
        return fixtures::incident();
    return state == QLatin1String("plan-asking") ? fixtures::asking() : wellFleet();
}

const Goal &goalOf(const QString &state)
{
    return state == QLatin1String("plan-return") ? returnEast : state == QLatin1String("plan-host-down") ? hostDown : evacuateEast;
}

/// A campaign of the well fleet, so many moves of it over.
Campaign campaignAt(std::size_t done)
{
    const auto well = wellFleet();
    const auto plan = campaign::planFor(*well, evacuateEast, {});
    Campaign campaign = campaign::campaignFor(*plan);
    campaign.id = "evacuate-us-east-20261128-120012-4f2a";
    campaign.author = {"oncall1", "anna", "ws3"};
    campaign.reason = "Storm";
    campaign.beganAt = well->takenUtc - base::seconds(9);
    std::size_t at = 0;
    for (Move &move : campaign.moves) {
        if (move.wave == 0)
            continue;
        campaign.wave = std::max(campaign.wave, done > at || done + 1 > at ? move.wave : 0U);
        if (at < done) {
            move.state = at + 1 < done ? MoveState::Done : MoveState::Settling;
            move.operation = "switchover-" + move.subject;
            move.lag = base::milliseconds(40);
            move.startedAt = campaign.beganAt + base::seconds(at);
            move.flowsAt = campaign.beganAt + base::seconds(at + 1);
            move.pause = base::milliseconds(118 + 23 * static_cast<int>(at));
        } else if (at == done) {
            move.state = MoveState::Moving;
            move.operation = "switchover-" + move.subject;
            move.lag = base::milliseconds(60);
            move.startedAt = campaign.beganAt + base::seconds(at);
        }
        ++at;
    }
    for (unsigned wave = 1; wave < campaign.wave; ++wave)
        campaign.gates.push_back({wave, true, {}, campaign.beganAt + base::seconds(wave)});
    campaign.lastEntryAt = well->takenUtc;
    return campaign;
}

Campaign endedAs(campaign::Outcome outcome, Campaign campaign)
{
    campaign.outcome = outcome;
    campaign.endedAt = campaign.lastEntryAt;
    return campaign;
}

Campaign doneCampaign()
{
    Campaign campaign = campaignAt(100);
    for (Move &move : campaign.moves)
        move.state = move.wave > 0 ? MoveState::Done : move.state;
    for (campaign::Tick &tick : campaign.manual) {
        tick.by = "oncall1";
        tick.at = campaign.beganAt;
    }
    campaign.mark = campaign::MarkState::Set;
    return endedAs(campaign::Outcome::Done, campaign);
}

Campaign incompleteCampaign()
{
    Campaign campaign = doneCampaign();
    Move &last = *std::find_if(campaign.moves.rbegin(), campaign.moves.rend(), [](const Move &move) { return move.wave > 0; });
    last.state = MoveState::Left;
    last.fit = campaign::Fit::NotReady;
    last.wave = 0;
    last.why = {"replay_lag"};
    last.pause.reset();
    last.flowsAt.reset();
    last.operation.clear();
    campaign.manual.front().by.clear();
    campaign.left = {last.subject + " not_ready: replay_lag", "by hand: " + campaign.manual.front().step.id()};
    return endedAs(campaign::Outcome::Incomplete, campaign);
}

Campaign failedCampaign()
{
    Campaign campaign = campaignAt(1);
    for (Move &move : campaign.moves) {
        if (move.state == MoveState::Moving) {
            move.state = MoveState::RolledBack;
            move.said = "u1-us-west did not replay to the end within 5 s";
        } else if (move.state == MoveState::Waiting) {
            move.state = MoveState::NotBegun;
        }
        if (move.state == MoveState::Settling)
            move.state = MoveState::Done;
        if (move.wave > 0 && move.state != MoveState::Done)
            campaign.left.push_back(move.subject + " " + std::string(name(move.state)));
    }
    campaign.said = "1 of 1 allowed failures";
    campaign.gates.push_back({campaign.wave, false, "u1-us-east to follow again", campaign.lastEntryAt});
    return endedAs(campaign::Outcome::Failed, campaign);
}

Campaign stoppedCampaign()
{
    Campaign campaign = failedCampaign();
    campaign.stop = campaign::Stop::AfterWave;
    campaign.said.clear();
    campaign.gates.clear();
    for (Move &move : campaign.moves) {
        if (move.state == MoveState::RolledBack) {
            move.state = MoveState::NotBegun;
            move.said.clear();
        }
    }
    return endedAs(campaign::Outcome::Stopped, campaign);
}

/// All is moved: the caches that users were sent to find less than they did.
Campaign watchedCampaign(campaign::Watch watch)
{
    Campaign campaign = doneCampaign();
    campaign.pools = {{base::PoolName("cache-us-west"), base::RegionName("us-west"), true, 0.9641, 0.712},
                      {base::PoolName("cache-eu-west"), base::RegionName("eu-west"), true, {}, {}}};
    campaign.watch = watch;
    if (watch == campaign::Watch::Watching) {
        campaign.outcome.reset();
        campaign.endedAt.reset();
        return campaign;
    }
    campaign.left = {"cache: cache-us-west of us-west is not warm yet"};
    return endedAs(campaign::Outcome::Incomplete, campaign);
}

/// Its servers stand by again; the kernel is the one that ran before.
Campaign hostUpCampaign(facts::KernelChange change)
{
    Campaign campaign;
    campaign.id = "host_up-db1-us-east-20261128-120012-4f2a";
    campaign.goal = {Aim::HostUp, "db1-us-east"};
    campaign.author = {"oncall1", "anna", "ws3"};
    campaign.reason = "kernel";
    campaign.beganAt = fixtures::at(12, 0, 3);
    campaign.lastEntryAt = fixtures::at(12, 0, 12);
    campaign.liftsMark = true;
    campaign.mark = campaign::MarkState::Lifted;
    const bool isNew = change == facts::KernelChange::Renewed;
    campaign.kernel = campaign::KernelSeen{
        facts::Kernel{isNew ? "6.1.0-30-amd64" : "6.1.0-25-amd64", "b", isNew ? fixtures::at(11, 40, 0) : fixtures::at(3, 14, 0)},
        {},
        facts::Kernel{"6.1.0-25-amd64", isNew ? "a" : "b", fixtures::at(3, 14, 0)},
        change};
    return endedAs(campaign::Outcome::Done, campaign);
}

const std::map<QString, CampaignSeen> &campaignStates()
{
    static const std::map<QString, CampaignSeen> all = [] {
        Campaign doubt = campaignAt(1);
        for (Move &move : doubt.moves)
            move.state = move.state == MoveState::Moving ? MoveState::InDoubt : move.state;
        Campaign stopping = campaignAt(1);
        stopping.stop = campaign::Stop::AfterWave;
        return std::map<QString, CampaignSeen>{
            {QStringLiteral("running"), {campaignAt(1), true}},
            {QStringLiteral("stopping"), {stopping, true}},
            {QStringLiteral("done"), {doneCampaign(), false}},
            {QStringLiteral("incomplete"), {incompleteCampaign(), false}},
            {QStringLiteral("failed"), {failedCampaign(), false}},
            {QStringLiteral("stopped"), {stoppedCampaign(), false}},
            {QStringLiteral("unfinished"), {campaignAt(1), false}},
            {QStringLiteral("in-doubt"), {endedAs(campaign::Outcome::InDoubt, doubt), false}},
            {QStringLiteral("watching"), {watchedCampaign(campaign::Watch::Watching), true}},
            {QStringLiteral("cold"), {watchedCampaign(campaign::Watch::Cold), false}},
            {QStringLiteral("host-up"), {hostUpCampaign(facts::KernelChange::Renewed), false}},
            {QStringLiteral("host-not-restarted"), {hostUpCampaign(facts::KernelChange::NotRestarted), false}}};
    }();
    return all;
}

/// A page in a fleet that may be acted on, with a board that somebody answers.
struct Bench {
    explicit Bench(const facts::SnapshotPtr &from = wellFleet(), bool acting = true, QSize size = {1088, 704})
    {
        auto fleet = std::make_shared<fleet::Fleet>(*from->fleet);
        fleet->acting = acting;
        auto snapshot = std::make_shared<facts::Snapshot>(*from);
        snapshot->fleet = fleet;
        shown = snapshot;
        clock = std::make_shared<base::ManualClock>(from->takenUtc);
        QObject::connect(&board, &CampaignBoard::startRequested, &board, [this](const CampaignRequest &request) { asked.push_back(request); });
        pages::PageContext context{fleet, nullptr, clock, nullptr, nullptr, &operations, nullptr, nullptr, {}, &board};
        context.plans = &plans;
        page = std::make_unique<OperationsPage>(context);
        page->setAutoFillBackground(true);
        page->resize(size);
        page->showSnapshot(snapshot);
        page->show();
        tests::settle(*page);
    }
    /// Somebody keeps what is put aside.
    void keepPlans()
    {
        QObject::connect(&plans, &ui::operate::PlanBoard::saveRequested, &plans, [] { QFAIL("a single act's plan"); });
        QObject::connect(&plans, &ui::operate::PlanBoard::saveCampaignRequested, &plans, [this](const campaign::SavedCampaign &plan) { saved.push_back(plan); });
    }
    [[nodiscard]] pages::CampaignView &view() const { return *page->campaignView(); }
    [[nodiscard]] QString cell(const char *row, const char *column) const
    {
        const auto *facts = view().rows()->table()->facts();
        return plain(facts->data(facts->index(facts->rowOf(row), facts->columnOf(QString::fromLatin1(column))), Qt::DisplayRole).toString());
    }
    /// Names it, gives a reason, presses the button.
    void confirm(const char *name = "us-east")
    {
        auto *bar = view().confirmBar();
        bar->setDeafFor(0);
        bar->name()->setText(QString::fromLatin1(name));
        bar->reason()->setText(QStringLiteral("Storm"));
        bar->button()->click();
    }

    facts::SnapshotPtr shown;
    std::shared_ptr<base::ManualClock> clock;
    ui::operate::OperationBoard operations;
    CampaignBoard board;
    ui::operate::PlanBoard plans;
    std::vector<CampaignRequest> asked;
    std::vector<campaign::SavedCampaign> saved;
    std::unique_ptr<OperationsPage> page;
};

} // namespace

class CampaignPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void aRowAClusterOrGroup();
    void planningAsksForNothing();
    void theNameAndAReasonArmIt();
    void aLocalFleetNeedsTheButtonAlone();
    void whatIsConfirmedIsAskedForOnceAndFollowed();
    void ticksAndChoicesGoAlong();
    void aLostPrimaryIsForcedForAllWithOneReason();
    void aRefusalIsSaidWhereItWasAsked();
    void aPlanIsHeldOnlyOnceAllWasRead();
    void whatChangedIsToldAndThePlanStays();
    void whoMayNotIsToldWhy();
    void nothingStartsWhileAnotherIsOpen();
    void bothWaysToStopAreAskedFor();
    void aRowOpensItsOperation();
    void anUnfinishedOneCanBeResumedOrAbandoned();
    void theListOfOperationsHasThem();
    void theViewIsRestored();
    void aPlanIsPutAsideAndPlannedAnew();
    void theLookAtTheCachesIsEndedAlone();
    void theWordsAre_data();
    void theWordsAre();
    void rowsComeByDifference();
    void everySizeIsRight_data();
    void everySizeIsRight();

private:
    std::unique_ptr<theme::Theme> m_theme;
};

void CampaignPageTest::aRowAClusterOrGroup()
{
    Bench bench;
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QCOMPARE(bench.page->showing(), Showing::Campaign);
    QCOMPARE(bench.view().title(), QStringLiteral("Evacuate us-east"));
    QCOMPARE(bench.cell("u1", "from"), QStringLiteral("u1-us-east"));
    QCOMPARE(bench.cell("u1", "to"), QStringLiteral("u1-us-west"));
    QVERIFY(bench.cell("u1", "pause_seconds").startsWith(QStringLiteral("about ")));
    QCOMPARE(bench.cell("directory", "wave"), QStringLiteral("1"));
    // Each leads to its own plan, a Redis group too.
    for (const char *subject : {"u1", "feeds"}) {
        QVERIFY(bench.page->showCampaignPlan(evacuateEast));
        QCOMPARE(bench.cell(subject, "open"), QStringLiteral("Plan"));
        auto *table = bench.view().rows()->table();
        table->choose(subject);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(bench.page->showing(), Showing::Plan);
        QVERIFY2(bench.page->planView()->title().contains(QLatin1String(subject)), qPrintable(bench.page->planView()->title()));
    }
    QVERIFY(!bench.page->showCampaignPlan({Aim::Evacuate, "atlantis"}));
    QVERIFY(!bench.page->showCampaignPlan({Aim::HostDown, "us-east"}));
}

void CampaignPageTest::planningAsksForNothing()
{
    Bench bench;
    QSignalSpy stopped(&bench.board, &CampaignBoard::stopRequested);
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    bench.page->showSnapshot(bench.shown);
    bench.view().choices()->atOnce()->setCurrent(0);
    QVERIFY(bench.asked.empty());
    QCOMPARE(stopped.count(), 0);
}

void CampaignPageTest::theNameAndAReasonArmIt()
{
    Bench bench;
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    auto *bar = bench.view().confirmBar();
    QCOMPARE(bar->arming().missing, QStringLiteral("Type us-east"));
    bar->name()->setText(QStringLiteral("us-eas"));
    QVERIFY(!bar->arming().isArmed);
    bar->name()->setText(QStringLiteral("us-east"));
    QCOMPARE(bar->arming().missing, QStringLiteral("Give a reason"));
    bar->reason()->setText(QStringLiteral("Storm"));
    QVERIFY(bar->arming().isArmed);
    QCOMPARE(bar->button()->text(), QStringLiteral("Evacuate us-east"));
}

void CampaignPageTest::aLocalFleetNeedsTheButtonAlone()
{
    Bench bench(wellFleet(fleet::Environment::Local));
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QVERIFY(bench.view().confirmBar()->arming().isArmed);
    QVERIFY(!bench.view().confirmBar()->name()->isVisible());
    QVERIFY(!bench.view().confirmBar()->sentence().contains(QStringLiteral("Type")));
}

void CampaignPageTest::whatIsConfirmedIsAskedForOnceAndFollowed()
{
    Bench bench;
    bench.board.show({{{doneCampaign(), false}}, {}});
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    bench.confirm();
    bench.confirm();
    QCOMPARE(bench.asked.size(), std::size_t(1));
    QVERIFY(bench.asked.front().goal == evacuateEast);
    QCOMPARE(bench.asked.front().reason, std::string("Storm"));
    QCOMPARE(bench.asked.front().confirm, std::string("us-east"));
    QCOMPARE(bench.asked.front().fingerprint.size(), std::size_t(16));
    QVERIFY(bench.view().isPlan());
    Campaign begun = campaignAt(0);
    begun.id = "evacuate-us-east-now";
    bench.board.show({{{doneCampaign(), false}, {begun, true}}, {}});
    QCOMPARE(bench.view().campaign(), begun.id);
    QCOMPARE(bench.cell("directory", "state"), QStringLiteral("moving"));
    QVERIFY(!bench.view().confirmBar()->isVisible());
    QVERIFY(bench.view().campaignBar()->stopAfterButton()->isVisible());
    // Where the confirming button stood, nothing stands now.
    const auto *stop = bench.view().campaignBar()->stopNowButton();
    QVERIFY(stop->geometry().right() < bench.view().confirmBar()->button()->x());
}

void CampaignPageTest::ticksAndChoicesGoAlong()
{
    Bench bench;
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    auto *tick = bench.view().manual()->tickOf("move_users us-east");
    QVERIFY(tick);
    tick->click();
    bench.view().choices()->stopAfter()->setCurrent(3);
    QVERIFY(!bench.view().confirmBar()->arming().isArmed);
    bench.confirm();
    QCOMPARE(bench.asked.size(), std::size_t(1));
    QVERIFY(bench.asked.front().ticked == std::vector<std::string>{"move_users us-east"});
    QCOMPARE(bench.asked.front().options.stopAfter, 0U);
    QCOMPARE(bench.asked.front().options.atOnce, 2U);
}

/// A dead primary's row is its failover; nothing proves that it stopped, until a person says why they know.
void CampaignPageTest::aLostPrimaryIsForcedForAllWithOneReason()
{
    Bench bench(fixtures::incident());
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    const auto *forces = bench.view().forces();
    QCOMPARE(bench.cell("u1", "state"), QStringLiteral("not ready"));
    const auto ticks = forces->ticks();
    QVERIFY(!ticks.empty() && forces->isVisible());
    QVERIFY2(ticks.front()->text().contains(QStringLiteral("old primary stopped (u1")), qPrintable(ticks.front()->text()));
    for (auto *tick : ticks)
        tick->click();
    QCOMPARE(bench.cell("u1", "state"), QStringLiteral("not ready")); // a tick without its reason forces nothing
    for (auto *reason : forces->reasons()) {
        reason->setText(QStringLiteral("  its rack is dark  "));
        Q_EMIT reason->editingFinished();
    }
    QCOMPARE(bench.cell("u1", "state"), QStringLiteral("ready with warnings"));
    QVERIFY2(bench.cell("u1", "note").startsWith(QStringLiteral("A failover")), qPrintable(bench.cell("u1", "note")));
    QCOMPARE(bench.view().forces()->ticks(), ticks); // what was entered stays
    bench.confirm();
    QCOMPARE(bench.asked.size(), std::size_t(1));
    QCOMPARE(bench.asked.front().options.forced.size(), ticks.size());
    QCOMPARE(int(bench.asked.front().options.forced.front().check), int(ui::pages::forceableChecks(*bench.view().watch().shown()).front().check.id));
    QCOMPARE(bench.asked.front().options.forced.front().reason, std::string("its rack is dark"));

    pages::CampaignForces narrow;
    pages::ForceableCheck many = ui::pages::forceableChecks(*bench.view().watch().shown()).front();
    many.subjects = {"directory", "u1", "m1", "feeds", "mediamap", "sessions"};
    narrow.resize(1400, 40);
    narrow.show({many}, true);
    QVERIFY(narrow.ticks().front()->text().contains(QStringLiteral("mediamap")));
    narrow.resize(600, 40);
    narrow.show({many}, true);
    QVERIFY2(narrow.ticks().front()->text().endsWith(QStringLiteral("(6)")), qPrintable(narrow.ticks().front()->text()));

    QVERIFY(bench.page->showCampaignPlan(returnEast));
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QCOMPARE(bench.cell("u1", "state"), QStringLiteral("not ready")); // another plan begins without it
}

void CampaignPageTest::aRefusalIsSaidWhereItWasAsked()
{
    Bench bench;
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    bench.confirm();
    bench.board.refuse(QStringLiteral("return-us-east runs: one campaign at a time"));
    QVERIFY(bench.view().isPlan());
    QVERIFY(bench.view().confirmBar()->sentence().contains(QStringLiteral("Not started: return-us-east runs")));
    bench.board.show({{{campaignAt(1), true}}, {}});
    QVERIFY(bench.page->showCampaign(campaignAt(1).id));
    bench.board.refuse(QStringLiteral("nobody drives it"));
    QVERIFY(bench.view().bannerText().contains(QStringLiteral("nobody drives it")));
}

void CampaignPageTest::aPlanIsHeldOnlyOnceAllWasRead()
{
    World world = acting(fleet::Environment::Production);
    for (const fleet::Server &server : fixtures::defaultFleet()->servers)
        world.neverAnswered(server.id.text());
    Bench bench(world.run(1));
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QVERIFY(!bench.view().watch().isSettled());
    QCOMPARE(bench.view().confirmBar()->arming().missing, QStringLiteral("Not all is read yet"));
    bench.page->showSnapshot(bench.shown);
    bench.page->showSnapshot(wellFleet());
    QVERIFY(!bench.view().watch().isChanged());
    QVERIFY(bench.view().watch().isSettled());
    QCOMPARE(bench.view().confirmBar()->arming().missing, QStringLiteral("Type us-east"));
}

void CampaignPageTest::whatChangedIsToldAndThePlanStays()
{
    Bench bench;
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    const auto before = bench.view().watch().shown()->fingerprint.digest();
    bench.page->showSnapshot(evacuatedFleet());
    QVERIFY(bench.view().watch().isChanged());
    QVERIFY(bench.view().bannerText().startsWith(QStringLiteral("What this plan rests on has changed.")));
    QCOMPARE(bench.view().watch().shown()->fingerprint.digest(), before);
    QCOMPARE(bench.view().confirmBar()->arming().missing, QStringLiteral("Plan again first"));
    bench.view().bannerButton()->click();
    QVERIFY(!bench.view().watch().isChanged());
    QVERIFY(bench.view().bannerText().isEmpty());
}

void CampaignPageTest::whoMayNotIsToldWhy()
{
    Bench bench(wellFleet(), false);
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QVERIFY(bench.view().refusalBar()->isVisible());
    QVERIFY(!bench.view().confirmBar()->isVisible());
    bench.board.show({{{campaignAt(1), true}}, {}});
    QVERIFY(bench.page->showCampaign(campaignAt(1).id));
    QVERIFY(!bench.view().campaignBar()->stopAfterButton()->isVisible());
}

void CampaignPageTest::nothingStartsWhileAnotherIsOpen()
{
    Bench bench;
    bench.board.show({{{campaignAt(1), true}}, {}});
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QCOMPARE(bench.view().confirmBar()->arming().missing, QStringLiteral("Another one runs"));
    bench.confirm();
    QVERIFY(bench.asked.empty());
    bench.board.disconnect(&bench.board);
    bench.board.show({});
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QCOMPARE(bench.view().confirmBar()->arming().missing, QStringLiteral("Nothing here starts it"));
}

void CampaignPageTest::bothWaysToStopAreAskedFor()
{
    Bench bench;
    std::vector<campaign::Stop> stops;
    connect(&bench.board, &CampaignBoard::stopRequested, this, [&](const std::string &, campaign::Stop how) { stops.push_back(how); });
    bench.board.show({{{campaignAt(1), true}}, {}});
    QVERIFY(bench.page->showCampaign(campaignAt(1).id));
    bench.view().campaignBar()->stopAfterButton()->click();
    Campaign stopping = campaignAt(1);
    stopping.stop = campaign::Stop::AfterWave;
    bench.board.show({{{stopping, true}}, {}});
    QVERIFY(!bench.view().campaignBar()->stopAfterButton()->isEnabled());
    bench.view().campaignBar()->stopNowButton()->click();
    QVERIFY(stops == (std::vector{campaign::Stop::AfterWave, campaign::Stop::Now}));
}

void CampaignPageTest::aRowOpensItsOperation()
{
    Bench bench;
    bench.board.show({{{failedCampaign(), false}}, {}});
    QVERIFY(bench.page->showCampaign(failedCampaign().id));
    QSignalSpy operation(&bench.view(), &pages::CampaignView::operationAsked);
    auto *table = bench.view().rows()->table();
    table->choose("directory");
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(operation.count(), 1);
    // What was not begun leads to a plan of its own.
    const Campaign &shown = failedCampaign();
    const auto left = std::find_if(shown.moves.begin(), shown.moves.end(), [](const Move &move) { return move.state == MoveState::NotBegun && !move.isGroup; });
    QVERIFY(left != shown.moves.end());
    table->choose(left->subject);
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(bench.page->showing(), Showing::Plan);
}

void CampaignPageTest::anUnfinishedOneCanBeResumedOrAbandoned()
{
    Bench bench;
    bench.board.show({{{campaignAt(1), false}}, {}});
    QVERIFY(bench.page->showCampaign(campaignAt(1).id));
    QSignalSpy resumed(&bench.board, &CampaignBoard::resumeRequested);
    QSignalSpy abandoned(&bench.board, &CampaignBoard::abandonRequested);
    QSignalSpy ticked(&bench.board, &CampaignBoard::tickRequested);
    bench.view().campaignBar()->resumeButton()->click();
    bench.view().manual()->tickOf("move_users us-east")->click();
    QCOMPARE(resumed.count(), 1);
    QCOMPARE(ticked.count(), 1);
    // Abandoning asks first, in a bar that says what is left; a way back, then the name and a reason.
    auto *leaving = bench.view().leavingBar();
    leaving->setDeafFor(0);
    bench.view().campaignBar()->abandonButton()->click();
    QVERIFY(leaving->isVisible() && !bench.view().campaignBar()->isVisible());
    QVERIFY2(leaving->sentence().contains(QStringLiteral("are not moved")) && leaving->sentence().contains(QStringLiteral("Type us-east")), qPrintable(leaving->sentence()));
    leaving->backButton()->click();
    QVERIFY(bench.view().campaignBar()->isVisible());
    bench.view().campaignBar()->abandonButton()->click();
    leaving->name()->setText(QStringLiteral("us-east"));
    leaving->reason()->setText(QStringLiteral("the storm turned"));
    leaving->button()->click();
    QCOMPARE(abandoned.count(), 1);
    QCOMPARE(abandoned.front().at(1).value<std::string>(), std::string("the storm turned"));
    QVERIFY(bench.view().campaignBar()->isVisible());
    bench.board.show({{{incompleteCampaign(), false}}, {}});
    QVERIFY(bench.view().campaignBar()->resumeButton()->isVisible());
    QVERIFY(!bench.view().campaignBar()->abandonButton()->isVisible());
    bench.board.show({{{doneCampaign(), false}}, {}});
    QVERIFY(!bench.view().campaignBar()->resumeButton()->isVisible());
}

void CampaignPageTest::theListOfOperationsHasThem()
{
    Bench bench;
    bench.board.show({{{doneCampaign(), false}}, {}});
    const auto *facts = bench.page->operations()->table()->facts();
    QCOMPARE(facts->rowCount(), 1);
    const auto shown = [&](const char *column) { return plain(facts->data(facts->index(0, facts->columnOf(QString::fromLatin1(column))), Qt::DisplayRole).toString()); };
    QCOMPARE(shown("act"), QStringLiteral("evacuation"));
    QCOMPARE(shown("cluster"), QStringLiteral("us-east"));
    QCOMPARE(shown("state"), QStringLiteral("done"));
    auto *table = bench.page->operations()->table();
    table->choose(doneCampaign().id);
    QTest::keyClick(table, Qt::Key_Return);
    QCOMPARE(bench.page->showing(), Showing::Campaign);
    QCOMPARE(bench.view().campaign(), doneCampaign().id);
}

void CampaignPageTest::theViewIsRestored()
{
    Bench bench;
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    bench.view().choices()->atOnce()->setCurrent(3);
    Bench other;
    other.page->restoreViewState(bench.page->viewState());
    QCOMPARE(other.page->showing(), Showing::Campaign);
    QVERIFY(other.view().watch().goal() == evacuateEast);
    QCOMPARE(other.view().watch().options().atOnce, 4U);
    other.page->restoreViewState({});
    QCOMPARE(other.page->showing(), Showing::Lists);
    bench.board.show({{{doneCampaign(), false}}, {}});
    QVERIFY(bench.page->showCampaign(doneCampaign().id));
    other.board.show({{{doneCampaign(), false}}, {}});
    other.page->restoreViewState(bench.page->viewState());
    QCOMPARE(other.view().campaign(), doneCampaign().id);
}

void CampaignPageTest::aPlanIsPutAsideAndPlannedAnew()
{
    Bench bench;
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QVERIFY(!bench.view().saveButton()->isVisible()); // nobody keeps it
    bench.keepPlans();
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    QVERIFY(bench.view().saveButton()->isVisible());
    bench.view().choices()->atOnce()->setCurrent(3);
    bench.view().savePlan()->name()->setText(QStringLiteral(" storm "));
    bench.view().savePlan()->button()->click();
    QCOMPARE(bench.saved.size(), std::size_t(1));
    campaign::SavedCampaign kept = bench.saved.front();
    QCOMPARE(kept.name, std::string("storm"));
    QVERIFY(kept.goal == evacuateEast && kept.options.atOnce == 4);
    QVERIFY(kept.fingerprint == bench.view().watch().shown()->fingerprint);
    QCOMPARE(bench.view().bannerText(), QStringLiteral("Saved as storm. It is planned anew when it is opened."));
    bench.plans.refuse(QStringLiteral("the disk is full"));
    QCOMPARE(bench.view().bannerText(), QStringLiteral("Not saved: the disk is full."));

    kept.owner = {"oncall1", "anna", "ws3"};
    kept.savedAt = bench.shown->takenUtc - base::seconds(17000);
    bench.page->restoreViewState({});
    bench.plans.show({{}, {}, {kept}});
    auto *panel = bench.page->savedPlans();
    QVERIFY(panel->isVisible());
    const auto *facts = panel->table()->facts();
    QCOMPARE(facts->data(facts->index(facts->rowOf("storm"), facts->columnOf(QStringLiteral("what"))), Qt::DisplayRole).toString(), QStringLiteral("Evacuate us-east"));
    Q_EMIT panel->table()->opened("storm");
    QCOMPARE(bench.page->showing(), Showing::Campaign);
    QCOMPARE(bench.view().watch().options().atOnce, 4U);
    QVERIFY2(bench.view().bannerText().startsWith(QStringLiteral("Saved as storm by anna, ")), qPrintable(bench.view().bannerText()));
    QVERIFY2(bench.view().bannerText().contains(QStringLiteral("Nothing that it rests on differs since.")), qPrintable(bench.view().bannerText()));
    kept.fingerprint.facts["us-east.mark"] = "set";
    bench.plans.show({{}, {}, {kept}});
    Q_EMIT panel->table()->opened("storm");
    QVERIFY2(bench.view().bannerText().contains(QStringLiteral("1 thing differs since: ")), qPrintable(bench.view().bannerText()));
    // Back and forward keep what it is compared with; another choice forgets it, and one that runs is not put aside.
    Bench other;
    other.plans.show({{}, {}, {kept}});
    other.page->restoreViewState(bench.page->viewState());
    QCOMPARE(other.view().savedAs(), std::string("storm"));
    bench.view().choices()->atOnce()->setCurrent(0);
    QVERIFY(bench.view().savedAs().empty() && bench.view().bannerText().isEmpty());
    bench.board.show({{{doneCampaign(), false}}, {}});
    QVERIFY(bench.page->showCampaign(doneCampaign().id));
    QVERIFY(!bench.view().saveButton()->isVisible());
}

/// Once all moves are over, one button is left, and it says what it ends.
void CampaignPageTest::theLookAtTheCachesIsEndedAlone()
{
    Bench bench;
    QSignalSpy stopped(&bench.board, &CampaignBoard::stopRequested);
    bench.board.show({{campaignStates().at(QStringLiteral("watching"))}, {}});
    QVERIFY(bench.page->showCampaign(campaignStates().at(QStringLiteral("watching")).campaign.id));
    const auto *bar = bench.view().campaignBar();
    QVERIFY(bar->stopWatchingButton()->isVisible() && bar->stopWatchingButton()->isEnabled());
    QVERIFY(!bar->stopAfterButton()->isVisible() && !bar->stopNowButton()->isVisible());
    bar->stopWatchingButton()->click();
    QCOMPARE(stopped.count(), 1);
    QCOMPARE(int(stopped.first().at(1).value<campaign::Stop>()), int(campaign::Stop::AfterWave));
    bench.board.show({{campaignStates().at(QStringLiteral("running"))}, {}});
    QVERIFY(bench.page->showCampaign(campaignStates().at(QStringLiteral("running")).campaign.id));
    QVERIFY(!bar->stopWatchingButton()->isVisible() && bar->stopAfterButton()->isVisible());
}

void CampaignPageTest::theWordsAre_data()
{
    QTest::addColumn<QString>("state");
    for (const char *state : {"plan-well", "plan-blocked", "plan-return", "running", "stopping", "done", "incomplete", "failed", "stopped",
                              "unfinished", "in-doubt", "watching", "cold", "host-up", "host-not-restarted", "plan-host-down"})
        QTest::addRow("%s", state) << QString::fromLatin1(state);
}

void CampaignPageTest::theWordsAre()
{
    QFETCH(QString, state);
    const bool isPlan = state.startsWith(QStringLiteral("plan"));
    Bench bench(snapshotOf(state));
    QString text;
    if (isPlan) {
        QVERIFY(bench.page->showCampaignPlan(goalOf(state)));
        text = bench.view().confirmBar()->sentence() + QLatin1Char('\n') + bench.view().asText();
    } else {
        const CampaignSeen &seen = campaignStates().at(state);
        bench.board.show({{seen}, {}});
        QVERIFY(bench.page->showCampaign(seen.campaign.id));
        text = format::campaignStrip(seen.campaign, seen.runs) + QLatin1Char('\n') + bench.view().campaignBar()->text() + QStringLiteral("\n\n") +
               ui::operate::textOf(pages::campaignOutline(seen.campaign, seen.runs, bench.shown->takenUtc)) + QLatin1Char('\n') + bench.view().asText();
    }
    compareWithGolden(state, text);
}

void CampaignPageTest::rowsComeByDifference()
{
    Bench bench;
    QAbstractItemModelTester rows(bench.view().rows()->table()->facts());
    QAbstractItemModelTester together(bench.view().together()->list()->outline());
    QAbstractItemModelTester past(bench.page->operations()->table()->facts());
    QSignalSpy resets(bench.view().rows()->table()->facts(), &QAbstractItemModel::modelReset);
    QVERIFY(bench.page->showCampaignPlan(evacuateEast));
    for (const auto &snapshot : {fixtures::incident(), fixtures::lagging(), fixtures::asking(), fixtures::allDown(), wellFleet()})
        bench.page->showSnapshot(snapshot);
    for (const auto &[state, seen] : campaignStates()) {
        bench.board.show({{seen}, {}});
        QVERIFY(bench.page->showCampaign(seen.campaign.id));
    }
    QCOMPARE(resets.count(), 0);
}

void CampaignPageTest::everySizeIsRight_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("text");
    QStringList all{QStringLiteral("plan-well"), QStringLiteral("plan-blocked"), QStringLiteral("plan-return"),
                    QStringLiteral("plan-asking"), QStringLiteral("plan-host-down")};
    for (const auto &[state, seen] : campaignStates())
        all << state;
    for (const QString &state : all) {
        for (const auto &size : tests::pageSizes) {
            for (const int text : {100, 150})
                if (tests::isLookedAt(size.size, text))
                    QTest::addRow("%s, %s, text %d", qPrintable(state), size.name, text) << state << size.size << text;
        }
    }
}

void CampaignPageTest::everySizeIsRight()
{
    QFETCH(QString, state);
    QFETCH(QSize, size);
    QFETCH(int, text);
    m_theme->setTextSize(text);
    for (const auto mode : {theme::Theme::Mode::Dark, theme::Theme::Mode::Light}) {
        if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
            continue;
        m_theme->setMode(mode);
        Bench bench(snapshotOf(state), true, size);
        bench.keepPlans();
        if (state.startsWith(QStringLiteral("plan"))) {
            QVERIFY(bench.page->showCampaignPlan(goalOf(state)));
        } else {
            bench.board.show({{campaignStates().at(state)}, {}});
            QVERIFY(bench.page->showCampaign(campaignStates().at(state).campaign.id));
        }
        tests::settle(*bench.page);
        tests::savePicture(*bench.page, QStringLiteral("campaign-%1-%2-%3-%4").arg(state).arg(size.width()).arg(text).arg(theme::Theme::name(mode)));
        if (!state.startsWith(QStringLiteral("plan"))) { // stopping is always in sight
            const auto *bar = bench.view().campaignBar();
            QVERIFY(bench.page->rect().contains(QRect(bar->mapTo(bench.page.get(), QPoint(0, 0)), bar->size())));
        }
        const QStringList faults = tests::faultsOf(*bench.page);
        QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
    }
    m_theme->setTextSize(100);
}

QTEST_MAIN(CampaignPageTest)
#include "CampaignPageTest.moc"
