// SPDX-License-Identifier: GPL-3.0-or-later
// The ways to a plan and to an operation through the window: palette, problem, inspector, row, strip; and back.
#include "app/shardlens/Pages.h"
#include "tests/fixtures/Operations.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/ui/Warnings.h"
#include "ui/charts/TopologyView.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/PlanView.h"
#include "ui/operate/RunningView.h"
#include "ui/pages/operations/CampaignView.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/pages/overview/OverviewPage.h"
#include "ui/pages/overview/ProblemListView.h"
#include "ui/pages/overview/ProblemsPanel.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/shell/ClosingQuestion.h"
#include "ui/shell/Finder.h"
#include "ui/shell/MainWindow.h"
#include "ui/shell/inspector/Inspector.h"
#include "ui/theme/Theme.h"
#include "ui/theme/widgets/FlatButton.h"

#include <QAction>
#include <QLineEdit>
#include <QMenu>
#include <QtTest>

using namespace shardlens;
using ui::operate::OperationBoard;
using ui::pages::OperationsPage;
using ui::shell::StripKind;

namespace {

struct Bench {
    explicit Bench(const facts::SnapshotPtr &from = fixtures::well(), QSize size = {1280, 800}) : snapshot(from)
    {
        ui::shell::WindowParts parts;
        parts.context = {snapshot->fleet, nullptr, std::make_shared<base::ManualClock>(snapshot->takenUtc), nullptr, nullptr, &board, nullptr, nullptr, {}, &campaigns};
        parts.pages = app::pages(*snapshot->fleet);
        window = std::make_unique<ui::shell::MainWindow>(std::move(parts));
        window->resize(size);
        window->goTo(QStringLiteral("overview"));
        window->showSnapshot(snapshot);
        window->show();
    }
    [[nodiscard]] OperationsPage *page() const { return qobject_cast<OperationsPage *>(window->currentPage()); }

    OperationBoard board;
    ui::operate::CampaignBoard campaigns;
    facts::SnapshotPtr snapshot;
    std::unique_ptr<ui::shell::MainWindow> window;
};

} // namespace

class OperationsShellTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<ui::theme::Theme>(*qApp); }
    void init() { tests::failOnUnexpectedWarnings(); }

    void thePaletteOffersPlans();
    void aDeadPrimarysProblemLeadsToItsFailover();
    void keysAloneLeadFromThePageToThePlan_data();
    void keysAloneLeadFromThePageToThePlan();
    void theInspectorOffersTheMove();
    void backLeadsOutOfAPlan();
    void aStripTellsOfAnOperationOnEveryPage();
    void aRegionLeadsToItsEvacuation();
    void aCardLeadsToItsPlans();
    void aStripTellsOfACampaignAndItsMovesHaveNone();
    void aStripTellsWhoIsAwayAndLeadsHome();
    void theRailHasThePageWhereThereAreClusters();
    void closingAsksWhileAnOperationRuns();
    void closingCanCancelFirst();
    void whatCannotBeCancelledIsNotOffered();

private:
    std::unique_ptr<ui::theme::Theme> m_theme;
};

void OperationsShellTest::thePaletteOffersPlans()
{
    const auto well = fixtures::well();
    ui::shell::Finder finder({{QStringLiteral("operations"), QStringLiteral("Operations"), {}}});
    finder.setFleet(well->fleet);
    const auto found = finder.find(QStringLiteral("switch over u1"));
    QVERIFY(!found.empty());
    QCOMPARE(found.front().title, QStringLiteral("Switch over u1…"));
    QVERIFY(found.front().plan == std::optional<shardlens::operate::Intent>(shardlens::operate::SwitchCluster{base::ClusterName("u1"), {}}));
    QCOMPARE(finder.find(QStringLiteral("fail over m2")).front().title, QStringLiteral("Fail over m2…"));
    ui::shell::Finder without({{QStringLiteral("overview"), QStringLiteral("Overview"), {}}});
    without.setFleet(well->fleet);
    for (const auto &finding : without.find(QStringLiteral("switch over u1")))
        QVERIFY(!finding.plan);
}

void OperationsShellTest::aDeadPrimarysProblemLeadsToItsFailover()
{
    Bench bench(fixtures::incident());
    Q_EMIT bench.window->currentPage()->planRequested(shardlens::operate::FailCluster{base::ClusterName("u1"), {}});
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Plan);
    QCOMPARE(bench.page()->planView()->title(), QStringLiteral("Fail u1 over to u1-us-west"));
}

void OperationsShellTest::keysAloneLeadFromThePageToThePlan_data()
{
    QTest::addColumn<QSize>("size");
    QTest::addColumn<bool>("standsOpen");
    QTest::newRow("one column") << QSize(1024, 700) << false;
    QTest::newRow("two columns, where the only problem stands open at once") << QSize(1280, 800) << true;
}

/// Paged: F8 to the problem, Enter for its details, Enter again for its remedy's plan, and the name is typed at once.
void OperationsShellTest::keysAloneLeadFromThePageToThePlan()
{
    QFETCH(QSize, size);
    QFETCH(bool, standsOpen);
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::incident()->fleet);
    fleet->acting = true;
    auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::incident());
    snapshot->fleet = fleet;
    Bench bench(snapshot, size);
    bench.window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(bench.window.get()));
    QCoreApplication::processEvents();
    const auto *overview = qobject_cast<ui::pages::OverviewPage *>(bench.window->currentPage());
    QVERIFY(overview);
    auto *list = overview->problems()->list();
    const std::string cause = snapshot->problems.front().id();

    QTest::keyClick(bench.window.get(), Qt::Key_F8);
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(list));
    const auto *row = overview->problems()->model()->rowAt(list->currentIndex());
    QVERIFY(row);
    QCOMPARE(row->id, cause);
    QCOMPARE(row->text.button, QStringLiteral("Plan failover…"));
    QCOMPARE(list->openedId(), standsOpen ? cause : std::string());
    if (!standsOpen)
        QTest::keyClick(list, Qt::Key_Return);
    QCOMPARE(list->openedId(), cause);
    QVERIFY(list->hasFocus());

    QTest::keyClick(list, Qt::Key_Return);
    QCoreApplication::processEvents();
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Plan);
    const auto *plan = bench.page()->planView();
    QCOMPARE(plan->title(), QStringLiteral("Fail u1 over to u1-us-west"));
    QCOMPARE(QApplication::focusWidget(), static_cast<QWidget *>(plan->confirmBar()->name()));
    QTest::keyClicks(QApplication::focusWidget(), QStringLiteral("u1"));
    QCOMPARE(plan->confirmBar()->name()->text(), QStringLiteral("u1"));
}

void OperationsShellTest::theInspectorOffersTheMove()
{
    Bench bench;
    bench.window->goTo(QStringLiteral("replication"));
    bench.window->inspect(base::ServerId("u1-eu-west"));
    const auto &plan = bench.window->inspector()->content().plan;
    QVERIFY(plan == std::optional<shardlens::operate::Intent>(shardlens::operate::SwitchCluster{base::ClusterName("u1"), base::ServerId("u1-eu-west")}));
    const auto buttons = bench.window->inspector()->findChildren<ui::theme::FlatButton *>();
    const auto button = std::find_if(buttons.begin(), buttons.end(), [](const auto *one) { return one->text() == QStringLiteral("Plan switchover…"); });
    QVERIFY(button != buttons.end() && (*button)->isVisible());
    (*button)->click();
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->planView()->title(), QStringLiteral("Switch u1 to u1-eu-west"));
    bench.window->inspect(base::ServerId("u1-us-east")); // the primary: to the best
    QVERIFY(bench.window->inspector()->content().plan == std::optional<shardlens::operate::Intent>(shardlens::operate::SwitchCluster{base::ClusterName("u1"), {}}));
    bench.window->inspect(base::ServerId("feeds-us-east"));
    QVERIFY(!bench.window->inspector()->content().plan);
    QVERIFY(!(*button)->isVisible());
}

void OperationsShellTest::backLeadsOutOfAPlan()
{
    Bench bench;
    bench.window->goTo(QStringLiteral("operations"));
    QVERIFY(bench.page()->select(base::ClusterName("u2")));
    Q_EMIT bench.page()->viewLeft(bench.page()->viewState());
    bench.page()->showPlan(shardlens::operate::SwitchCluster{base::ClusterName("u2"), {}});
    bench.window->trigger(ui::shell::ActionId::Back);
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Lists);
    bench.window->trigger(ui::shell::ActionId::Forward);
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Plan);
    bench.window->trigger(ui::shell::ActionId::Back);
    bench.window->trigger(ui::shell::ActionId::Back);
    QCOMPARE(bench.window->currentPageId(), QStringLiteral("overview"));
}

void OperationsShellTest::aStripTellsOfAnOperationOnEveryPage()
{
    Bench bench;
    QVERIFY(!bench.window->strips()->text(StripKind::Operation));
    bench.board.show({{{fixtures::runningBefore(*bench.snapshot), true}}, {}});
    const auto *strip = bench.window->strips()->text(StripKind::Operation);
    QVERIFY(strip);
    QVERIFY2(strip->text.startsWith(QStringLiteral("Operation on u1 runs: step 6 of 23, by oncall1")), qPrintable(strip->text));
    QCOMPARE(strip->tone, ui::shell::StripText::Tone::Running);
    Q_EMIT bench.window->strips()->pressed(StripKind::Operation);
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Operation);
    bench.board.show({{{fixtures::runningBefore(*bench.snapshot), false}}, {}});
    QCOMPARE(bench.window->strips()->text(StripKind::Operation)->tone, ui::shell::StripText::Tone::Warning);
    bench.board.show({{{fixtures::doneOperation(*bench.snapshot), false}}, {}});
    QVERIFY(!bench.window->strips()->text(StripKind::Operation));
}

void OperationsShellTest::aCardLeadsToItsPlans()
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::well()->fleet);
    fleet->acting = true;
    auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
    snapshot->fleet = fleet;
    Bench bench(snapshot);
    auto *drawing = bench.window->currentPage()->findChild<ui::charts::TopologyView *>();
    const ui::charts::TopologyKey standby = base::ServerId("u1-us-west");
    QMenu menu;
    Q_EMIT drawing->cardMenuAboutToShow(&menu, standby);
    QCOMPARE(menu.actions().size(), 3);
    menu.actions().at(0)->trigger();
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->planView()->title(), QStringLiteral("Switch u1 to u1-us-west"));
    bench.window->goTo(QStringLiteral("overview"));
    menu.actions().at(1)->trigger();
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->planView()->title(), QStringLiteral("Pause the replay of u1-us-west"));
    bench.window->goTo(QStringLiteral("overview"));
    menu.actions().at(2)->trigger();
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Campaign);
    bench.window->goTo(QStringLiteral("overview"));
    Q_EMIT drawing->dropped(base::ServerId("feeds-eu-west"), base::ServerId("feeds-us-east"));
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Plan);
    QCOMPARE(bench.page()->planView()->title(), QStringLiteral("Switch feeds to feeds-eu-west"));
}

void OperationsShellTest::aRegionLeadsToItsEvacuation()
{
    const campaign::Goal away{campaign::Aim::Evacuate, "us-east"};
    ui::shell::Finder finder({{QStringLiteral("operations"), QStringLiteral("Operations"), {}}});
    const auto well = fixtures::well();
    finder.setFleet(well->fleet);
    QCOMPARE(finder.find(QStringLiteral("evacuate us-east")).front().title, QStringLiteral("Evacuate us-east…"));
    QVERIFY(finder.find(QStringLiteral("evacuate us-east")).front().campaign == std::optional(away));
    QVERIFY(finder.find(QStringLiteral("take %1 down").arg(QString::fromStdString(well->fleet->hosts.front().name.text()))).front().campaign.has_value());
    Bench bench;
    auto *overview = qobject_cast<ui::pages::OverviewPage *>(bench.window->currentPage());
    QVERIFY(overview);
    auto *drawing = overview->findChild<ui::charts::TopologyView *>();
    QMenu menu;
    Q_EMIT drawing->menuAboutToShow(&menu, base::RegionName("us-east"));
    QCOMPARE(menu.actions().size(), 2);
    menu.actions().at(1)->trigger();
    QVERIFY(bench.page());
    QCOMPARE(bench.page()->showing(), OperationsPage::Showing::Campaign);
    QCOMPARE(bench.page()->campaignView()->title(), QStringLiteral("Evacuate us-east"));
    bench.window->goTo(QStringLiteral("overview"));
    Q_EMIT drawing->regionPressed(base::RegionName("us-west"));
    QVERIFY(bench.window->inspector()->content().campaign == std::optional(campaign::Goal{campaign::Aim::Evacuate, "us-west"}));
    const auto buttons = bench.window->inspector()->findChildren<ui::theme::FlatButton *>();
    const auto button = std::find_if(buttons.begin(), buttons.end(), [](const auto *one) { return one->text() == QStringLiteral("Evacuate us-west…"); });
    QVERIFY(button != buttons.end() && (*button)->isVisible());
    (*button)->click();
    QCOMPARE(bench.page()->campaignView()->title(), QStringLiteral("Evacuate us-west"));
    bench.window->inspect(base::ServerId("u1-us-east"));
    QVERIFY(!(*button)->isVisible());
}

void OperationsShellTest::aStripTellsOfACampaignAndItsMovesHaveNone()
{
    Bench bench;
    const auto plan = campaign::planFor(*bench.snapshot, {campaign::Aim::Evacuate, "us-east"}, {});
    QVERIFY(plan.has_value());
    campaign::Campaign campaign = campaign::campaignFor(*plan);
    campaign.id = "evacuate-us-east-1";
    campaign.author.databaseUser = "oncall1";
    campaign.reason = "Storm";
    campaign.wave = 1;
    campaign.moves.front().operation = fixtures::runningBefore(*bench.snapshot).id;
    bench.board.show({{{fixtures::runningBefore(*bench.snapshot), true}}, {}});
    QVERIFY(bench.window->strips()->text(StripKind::Operation));
    bench.campaigns.show({{{campaign, true}}, {}});
    QVERIFY(!bench.window->strips()->text(StripKind::Operation));
    const auto *strip = bench.window->strips()->text(StripKind::Campaign);
    QVERIFY(strip);
    QVERIFY2(strip->text.startsWith(QStringLiteral("Evacuate us-east: wave 1 of 3, 0 of 5 moved, by oncall1")), qPrintable(strip->text));
    QCOMPARE(strip->tone, ui::shell::StripText::Tone::Running);
    Q_EMIT bench.window->strips()->pressed(StripKind::Campaign);
    QCOMPARE(bench.page()->campaignView()->campaign(), campaign.id);
    bench.campaigns.show({{{campaign, false}}, {}});
    QCOMPARE(bench.window->strips()->text(StripKind::Campaign)->tone, ui::shell::StripText::Tone::Warning);
    campaign.outcome = campaign::Outcome::Done;
    bench.campaigns.show({{{campaign, false}}, {}});
    QVERIFY(!bench.window->strips()->text(StripKind::Campaign));
}

void OperationsShellTest::aStripTellsWhoIsAwayAndLeadsHome()
{
    Bench bench;
    QVERIFY(!bench.window->strips()->text(StripKind::Evacuated));
    auto shared = std::make_shared<facts::Shared>();
    facts::Mark mark;
    mark.kind = facts::Mark::Kind::Region;
    mark.subject = "us-east";
    mark.by.databaseUser = "oncall1";
    mark.reason = "Storm";
    mark.since = bench.snapshot->takenUtc - std::chrono::hours(1);
    shared->marks = {mark};
    auto marked = std::make_shared<facts::Snapshot>(*bench.snapshot);
    marked->shared = shared;
    bench.window->showSnapshot(marked);
    const auto *strip = bench.window->strips()->text(StripKind::Evacuated);
    QVERIFY(strip);
    QVERIFY2(strip->text.startsWith(QStringLiteral("us-east is evacuated since ")) && strip->text.contains(QStringLiteral("by oncall1, 0 of 3 clusters, 0 of ")), qPrintable(strip->text));
    QCOMPARE(strip->button, QStringLiteral("Return to us-east…"));
    Q_EMIT bench.window->strips()->pressed(StripKind::Evacuated);
    QCOMPARE(bench.page()->campaignView()->title(), QStringLiteral("Return to us-east"));
}

void OperationsShellTest::theRailHasThePageWhereThereAreClusters()
{
    auto fleet = *fixtures::defaultFleet();
    const auto has = [&] {
        const auto pages = app::pages(fleet);
        return std::any_of(pages.begin(), pages.end(), [](const auto &page) { return page.id == QStringLiteral("operations"); });
    };
    QVERIFY(has());
    fleet.clusters.clear();
    QVERIFY(!has());
}

namespace {

/// The button of the question that asks before a window closes; null where nothing asks.
ui::theme::FlatButton *closingButton(const Bench &bench, const QString &text)
{
    const auto *question = bench.window->findChild<ui::shell::ClosingQuestion *>();
    if (!question || !question->isVisible())
        return nullptr;
    for (auto *button : question->findChildren<ui::theme::FlatButton *>())
        if (button->text() == text)
            return button;
    return nullptr;
}

const QString keepOpen = QStringLiteral("Keep the window open");
const QString cancelFirst = QStringLiteral("Cancel and undo, then close");
const QString closeNow = QStringLiteral("Close now");

} // namespace

void OperationsShellTest::closingAsksWhileAnOperationRuns()
{
    Bench bench;
    bench.board.show({{{fixtures::runningBefore(*bench.snapshot), true}}, {}});
    QVERIFY(!bench.window->close());
    QVERIFY(bench.window->isVisible());
    QVERIFY(closingButton(bench, keepOpen));
    QCOMPARE(closingButton(bench, keepOpen)->window()->focusWidget(), closingButton(bench, keepOpen)); // Enter harms nothing
    closingButton(bench, keepOpen)->click();
    QVERIFY(bench.window->isVisible());
    QVERIFY(!closingButton(bench, keepOpen));

    QVERIFY(!bench.window->close()); // asked each time
    closingButton(bench, closeNow)->click();
    QTRY_VERIFY(!bench.window->isVisible());
}

void OperationsShellTest::closingCanCancelFirst()
{
    Bench bench;
    QSignalSpy cancelled(&bench.board, &OperationBoard::cancelRequested);
    auto operation = fixtures::runningBefore(*bench.snapshot);
    bench.board.show({{{operation, true}}, {}});
    QVERIFY(!bench.window->close());
    closingButton(bench, cancelFirst)->click();
    QCOMPARE(cancelled.count(), 1);
    QVERIFY(!closingButton(bench, cancelFirst)->isEnabled());
    QVERIFY(bench.window->isVisible());
    operation.outcome = execute::Outcome::RolledBack;
    bench.board.show({{{operation, false}}, {}});
    QTRY_VERIFY(!bench.window->isVisible());
}

void OperationsShellTest::whatCannotBeCancelledIsNotOffered()
{
    Bench bench;
    bench.board.show({{{fixtures::runningAfter(*bench.snapshot), true}}, {}});
    QVERIFY(!bench.window->close());
    QVERIFY(!closingButton(bench, cancelFirst)->isEnabled());
    // What fails to be cancelled, or ends badly, keeps the window open: there is something to read.
    Bench other;
    auto operation = fixtures::runningBefore(*other.snapshot);
    other.board.show({{{operation, true}}, {}});
    QVERIFY(!other.window->close());
    closingButton(other, cancelFirst)->click();
    operation.outcome = execute::Outcome::Failed;
    other.board.show({{{operation, false}}, {}});
    QTest::qWait(0);
    QVERIFY(other.window->isVisible());
}

QTEST_MAIN(OperationsShellTest)
#include "test_operations_shell.moc"
