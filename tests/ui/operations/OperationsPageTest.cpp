// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Operations.h"
#include "tests/fixtures/World.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "ui/format/PlanText.h"
#include "ui/models/Roles.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OperationRows.h"
#include "ui/operate/PlanView.h"
#include "ui/operate/RunBar.h"
#include "ui/operate/RunningView.h"
#include "ui/operate/SavePlan.h"
#include "ui/pages/CellDelegate.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/operations/OperationsPage.h"
#include "ui/pages/operations/OperationsRows.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"
#include "ui/theme/widgets/Text.h"
#include "ui/theme/widgets/TickBox.h"

#include <QAbstractItemModelTester>
#include <QLineEdit>
#include <QMenu>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using ui::operate::ActRequest;
using ui::operate::OperationBoard;
using ui::operate::OperationList;
using ui::operate::OperationSeen;
using pages::OperationsPage;
using Showing = OperationsPage::Showing;

namespace {

const ui::operate::Intent switchU1 = ui::operate::SwitchCluster{base::ClusterName("u1"), {}};

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

/// A page in a fleet that may be acted on, with a board that somebody answers.
struct Bench {
    explicit Bench(const facts::SnapshotPtr &from = fixtures::well(), bool acting = true, QSize size = {1088, 704})
    {
        auto fleet = std::make_shared<fleet::Fleet>(*from->fleet);
        fleet->acting = acting;
        auto snapshot = std::make_shared<facts::Snapshot>(*from);
        snapshot->fleet = fleet;
        shown = snapshot;
        clock = std::make_shared<base::ManualClock>(from->takenUtc);
        QObject::connect(&board, &OperationBoard::startRequested, &board, [this](const ActRequest &request) { asked.push_back(request); });
        QObject::connect(&board, &OperationBoard::moveExpected, &board, [this](const ui::operate::Intent &intent) { expected.emplace_back(intent); });
        QObject::connect(&board, &OperationBoard::nothingExpected, &board, [this] { expected.emplace_back(); });
        QObject::connect(&plans, &ui::operate::PlanBoard::saveRequested, &plans,
                         [this](const std::string &name, const ui::operate::Intent &intent, const ui::operate::Fingerprint &fingerprint) { saved.push_back(plan(name, intent, fingerprint)); });
        QObject::connect(&plans, &ui::operate::PlanBoard::removeRequested, &plans, [this](const std::string &name) { removed.push_back(name); });
        pages::PageContext context{fleet, nullptr, clock, nullptr, nullptr, &board};
        context.plans = &plans;
        page = std::make_unique<OperationsPage>(context);
        page->setAutoFillBackground(true);
        page->resize(size);
        page->showSnapshot(snapshot);
        page->show();
        tests::settle(*page);
    }
    [[nodiscard]] execute::SavedPlan plan(const std::string &name, const ui::operate::Intent &intent, const ui::operate::Fingerprint &fingerprint) const
    {
        execute::SavedPlan made;
        made.name = name;
        made.owner = {"oncall1", "anna", "desk4"};
        made.savedAt = shown->takenUtc - base::seconds(17000);
        made.request.setIntent(intent);
        made.fingerprint = fingerprint;
        return made;
    }
    /// Two that were put aside: one for tonight, and one that somebody made when the fleet was another.
    [[nodiscard]] ui::operate::PlanList putAside() const
    {
        auto evening = plan("evening", switchU1, ui::operate::planFor(*shown, switchU1)->fingerprint);
        evening.intendedAt = shown->takenUtc + base::seconds(7200);
        auto old = plan("an old one", ui::operate::SwitchCluster{base::ClusterName("m1"), base::ServerId("m1-us-west")}, {});
        old.fingerprint = ui::operate::planFor(*shown, old.request.intent())->fingerprint;
        old.fingerprint.facts.begin()->second = "otherwise";
        return {{old, evening}, {}};
    }
    [[nodiscard]] QString cell(const pages::RowsPanel &panel, const char *row, const char *column, int role = Qt::DisplayRole) const
    {
        const auto *facts = panel.table()->facts();
        return plain(facts->data(facts->index(facts->rowOf(row), facts->columnOf(QString::fromLatin1(column))), role).toString());
    }
    /// Names it, gives a reason, presses the button.
    void confirm()
    {
        auto *bar = page->planView()->confirmBar();
        bar->setDeafFor(0);
        bar->name()->setText(QStringLiteral("u1"));
        bar->reason()->setText(QStringLiteral("Kernel upgrade"));
        bar->button()->click();
    }

    facts::SnapshotPtr shown;
    std::shared_ptr<base::ManualClock> clock;
    OperationBoard board;
    ui::operate::PlanBoard plans;
    std::vector<ActRequest> asked;
    std::vector<std::optional<ui::operate::Intent>> expected;
    std::vector<execute::SavedPlan> saved;
    std::vector<std::string> removed;
    std::unique_ptr<OperationsPage> page;
};

execute::Operation named(execute::Operation operation, const char *id, base::seconds before)
{
    operation.id = id;
    operation.beganAt -= before;
    return operation;
}

OperationList past(const facts::Snapshot &snapshot)
{
    return {{{named(fixtures::doneOperation(snapshot), "done", base::seconds(7200)), false},
             {named(fixtures::rolledBackOperation(snapshot), "back", base::seconds(3600)), false},
             {named(fixtures::incompleteOperation(snapshot), "left", base::seconds(90000)), false}},
            {}};
}

} // namespace

class OperationsPageTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void aRowAClusterTellsWhetherOneClickWouldWork();
    void whyNotIsTheFirstThatBlocks();
    void askingIsNotTheSameAsNotReady();
    void theActAndItsReasonHaveRoom();
    void theRunningOneIsFirstThenTheUnfinishedThenTheNewest();
    void aRowOpensItsPlan();
    void theLinkInARowOpensItsPlan();
    void backIsToldWhereOneWas();
    void aConfirmedPlanIsAskedForOnceAndFollowed();
    void oneIsExpectedWhileAMovesPlanIsOpen();
    void nothingIsExpectedThatNobodyMayStart();
    void aRefusalIsSaidWhereItWasAsked();
    void nothingStartsWhereAnotherOperationIsOpen();
    void nobodyWhoAnswersNothingToStart();
    void anUnfinishedOneIsTheFirstThing();
    void anotherMachinesIsMarkedSo();
    void whatWasLeftLeadsToThePlanThatDoesIt();
    void whoMayNotDecidesNothing();
    void plansThatWerePutAsideAreListed();
    void oneIsOpenedAndPlannedAnew();
    void oneIsForgotten();
    void aPlanIsPutAside();
    void theTickWarmsTheCandidate();
    void whatAClusterLacksLeadsToItsPreparation();
    void aPreparationIsTakenBackOnceItIsDone();
    void theViewIsRestored();
    void theExportIsRaw();
    void rowsComeByDifference();
    void everySizeIsRight_data();
    void everySizeIsRight();

private:
    std::unique_ptr<theme::Theme> m_theme;
};

void OperationsPageTest::aRowAClusterTellsWhetherOneClickWouldWork()
{
    Bench bench;
    auto &panel = *bench.page->readiness();
    QCOMPARE(panel.table()->facts()->rowCount(), 5);
    QCOMPARE(bench.cell(panel, "u1", "state"), QStringLiteral("ready"));
    QCOMPARE(bench.cell(panel, "u1", "primary"), QStringLiteral("u1-us-east"));
    QCOMPARE(bench.cell(panel, "u1", "best"), QStringLiteral("u1-us-west"));
    QCOMPARE(bench.cell(panel, "u1", "runner_up"), QStringLiteral("u1-eu-west"));
    QVERIFY(bench.cell(panel, "u1", "expected_pause_seconds").endsWith(QStringLiteral("ms")));
    QCOMPARE(bench.cell(panel, "u1", "why_not"), QStringLiteral("-"));
    QCOMPARE(bench.cell(panel, "u1", "plan"), QStringLiteral("Plan switchover…"));
    QVERIFY(bench.page->hasLiveData());
}

void OperationsPageTest::whyNotIsTheFirstThatBlocks()
{
    Bench bench(fixtures::incident());
    auto &panel = *bench.page->readiness();
    QCOMPARE(bench.cell(panel, "u1", "state"), QStringLiteral("not ready"));
    QCOMPARE(bench.cell(panel, "u1", "why_not"), QStringLiteral("Nothing proves that the old primary stopped (+1)"));
    QCOMPARE(bench.cell(panel, "u1", "why_not", models::BriefRole), QStringLiteral("2 checks"));
    QVERIFY(bench.cell(panel, "u1", "why_not", Qt::ToolTipRole).contains(QStringLiteral("\nAcknowledged writes may be lost")));
    QCOMPARE(bench.cell(panel, "u1", "plan"), QStringLiteral("Plan failover…"));
    QCOMPARE(bench.cell(panel, "u1", "expected_pause_seconds"), QStringLiteral("-"));
    QCOMPARE(bench.cell(panel, "u2", "state"), QStringLiteral("ready"));
}

void OperationsPageTest::askingIsNotTheSameAsNotReady()
{
    Bench bench(fixtures::asking());
    auto &panel = *bench.page->readiness();
    QCOMPARE(bench.cell(panel, "u1", "state"), QStringLiteral("asking"));
    QCOMPARE(bench.cell(panel, "u1", "primary"), QStringLiteral("-"));
    QCOMPARE(bench.cell(panel, "u1", "why_not"), QStringLiteral("-"));
    QVERIFY(!bench.page->hasLiveData());
    // One whose settings are still to come, of all that have answered: what would be told of it is not known yet.
    fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.edit("u1-us-west", [](facts::Observation &o) {
        auto sample = *o.postgres();
        sample.settings = facts::notAsked<std::map<std::string, std::string>>();
        o.sample = std::move(sample);
    });
    Bench young(world.run(4));
    auto &table = *young.page->readiness();
    QCOMPARE(young.cell(table, "u1", "state"), QStringLiteral("asking"));
    QCOMPARE(young.cell(table, "u1", "why_not"), QStringLiteral("-"));
    QVERIFY(young.cell(table, "u2", "state") != QStringLiteral("asking"));
    const auto notes = young.page->findChildren<theme::Text *>();
    QVERIFY(std::any_of(notes.begin(), notes.end(), [](const theme::Text *text) { return text->text().startsWith(QStringLiteral("5 clusters, ")) && text->text().endsWith(QStringLiteral("1 asking")); }));
}

/// What was done, to what and why stays, also beside the inspector; no act is cut.
void OperationsPageTest::theActAndItsReasonHaveRoom()
{
    for (const QSize size : {QSize(728, 704), QSize(952, 604), QSize(1088, 704)}) {
        Bench bench(fixtures::well(), true, size);
        bench.board.show(past(*bench.shown));
        tests::settle(*bench.page);
        const pages::FactTable *table = bench.page->operations()->table();
        const auto columnOf = [&](const char *key) { return table->facts()->columnOf(QString::fromLatin1(key)); };
        for (const char *key : {"state", "began_at", "act", "cluster", "reason", "open"})
            QVERIFY2(!table->isColumnHidden(columnOf(key)), qPrintable(QStringLiteral("%1 at %2").arg(QLatin1String(key)).arg(size.width())));
        const QFontMetrics metrics(theme::font(theme::FontRole::Body));
        for (int act = 0; act <= int(shardlens::operate::lastAct); ++act) {
            const QString word = format::actWord(static_cast<shardlens::operate::Act>(act));
            QVERIFY2(metrics.horizontalAdvance(word) + 2 * pages::CellDelegate::kPadding <= table->columnWidth(columnOf("act")), qPrintable(word));
        }
        for (const fleet::RedisGroup &group : bench.shown->fleet->redisGroups)
            QVERIFY(metrics.horizontalAdvance(QString::fromStdString(group.name.text())) + 2 * pages::CellDelegate::kPadding <= table->columnWidth(columnOf("cluster")));
        QCOMPARE(table->model()->headerData(columnOf("cluster"), Qt::Horizontal).toString(), QStringLiteral("Of"));
    }
}

void OperationsPageTest::theRunningOneIsFirstThenTheUnfinishedThenTheNewest()
{
    Bench bench;
    auto list = past(*bench.shown);
    list.operations.push_back({named(fixtures::runningBefore(*bench.shown), "unfinished", base::seconds(5)), false});
    list.operations.push_back({named(fixtures::runningAfter(*bench.shown), "runs", base::seconds(100000)), true});
    bench.board.show(list);
    const auto *facts = bench.page->operations()->table()->facts();
    QStringList order;
    for (const auto &row : facts->rows())
        order << QString::fromStdString(row.id);
    QCOMPARE(order, QStringList({QStringLiteral("runs"), QStringLiteral("unfinished"), QStringLiteral("back"), QStringLiteral("done"), QStringLiteral("left")}));
    auto &panel = *bench.page->operations();
    QCOMPARE(bench.cell(panel, "done", "state"), QStringLiteral("done"));
    QCOMPARE(bench.cell(panel, "left", "state"), QStringLiteral("done, 1 thing left"));
    QCOMPARE(bench.cell(panel, "runs", "state"), QStringLiteral("running"));
    QCOMPARE(bench.cell(panel, "back", "writes_held_seconds"), QStringLiteral("2.19 s"));
    QCOMPARE(bench.cell(panel, "back", "by"), QStringLiteral("oncall1"));
    QCOMPARE(bench.cell(panel, "back", "began_at").right(3), QStringLiteral("ago"));
}

void OperationsPageTest::aRowOpensItsPlan()
{
    Bench bench;
    bench.page->activateWindow();
    QVERIFY(bench.page->select(base::ClusterName("u2")));
    QTest::keyClick(bench.page->readiness()->table(), Qt::Key_Return);
    QCOMPARE(bench.page->showing(), Showing::Plan);
    QVERIFY(bench.page->planView()->isVisible());
    QVERIFY(!bench.page->readiness()->isVisible());
    QVERIFY(bench.page->planView()->intent() == ui::operate::Intent(ui::operate::SwitchCluster{base::ClusterName("u2"), {}}));
    QCOMPARE(bench.page->planView()->title(), QStringLiteral("Switch u2 to u2-us-east"));
    QVERIFY(bench.page->selection() == pages::Subject(base::ClusterName("u2")));
}

void OperationsPageTest::theLinkInARowOpensItsPlan()
{
    Bench bench(fixtures::incident());
    auto *table = bench.page->readiness()->table();
    const auto *facts = table->facts();
    const auto at = table->ordered()->mapFromSource(facts->index(facts->rowOf("u1"), facts->columnOf(QStringLiteral("plan"))));
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(at).center());
    QCOMPARE(bench.page->showing(), Showing::Plan);
    QVERIFY(std::holds_alternative<ui::operate::FailCluster>(bench.page->planView()->intent()));
    QMenu menu;
    Q_EMIT table->menuAboutToShow(&menu, "m1");
    QCOMPARE(menu.actions().size(), 3); // a line, and both acts
    menu.actions().at(2)->trigger();
    QVERIFY(bench.page->planView()->intent() == ui::operate::Intent(ui::operate::FailCluster{base::ClusterName("m1"), {}}));
}

void OperationsPageTest::backIsToldWhereOneWas()
{
    Bench bench;
    QSignalSpy left(bench.page.get(), &pages::Page::viewLeft);
    bench.page->select(base::ClusterName("u1"));
    QTest::keyClick(bench.page->readiness()->table(), Qt::Key_Return);
    QCOMPARE(left.count(), 1);
    QVERIFY(!left.takeFirst().first().toMap().contains(QStringLiteral("plan")));
    Q_EMIT bench.page->planView()->backRequested();
    QCOMPARE(bench.page->showing(), Showing::Lists);
    QCOMPARE(left.takeFirst().first().toMap().value(QStringLiteral("plan")).toString(), QStringLiteral("switchover"));
}

void OperationsPageTest::aConfirmedPlanIsAskedForOnceAndFollowed()
{
    Bench bench;
    bench.board.show(past(*bench.shown));
    QVERIFY(bench.page->showPlan(switchU1));
    QCOMPARE(bench.page->planView()->confirmBar()->arming().missing, QStringLiteral("Type u1"));
    bench.confirm();
    bench.confirm();
    QCOMPARE(bench.asked.size(), std::size_t(1));
    QCOMPARE(ui::operate::wantedOf(bench.asked.front().intent).text(), std::string("u1-us-west"));
    QCOMPARE(bench.asked.front().reason, std::string("Kernel upgrade"));
    QCOMPARE(bench.page->showing(), Showing::Plan);
    auto list = past(*bench.shown);
    list.operations.push_back({fixtures::runningBefore(*bench.shown), true});
    bench.board.show(list);
    QCOMPARE(bench.page->showing(), Showing::Operation);
    QCOMPARE(bench.page->runningView()->operation(), fixtures::runningBefore(*bench.shown).id);
    QSignalSpy cancelled(&bench.board, &OperationBoard::cancelRequested);
    bench.page->runningView()->runBar()->cancelButton()->click();
    QCOMPARE(cancelled.count(), 1);
    list.operations.back() = {fixtures::doneOperation(*bench.shown), false};
    bench.board.show(list);
    QVERIFY(bench.page->runningView()->runBar()->text().startsWith(QStringLiteral("Done.")));
}

void OperationsPageTest::oneIsExpectedWhileAMovesPlanIsOpen()
{
    Bench bench;
    const auto isExpected = [&] { return !bench.expected.empty() && bench.expected.back().has_value(); };
    const auto seesAgain = [&] {
        bench.expected.clear();
        bench.page->showSnapshot(bench.shown);
    };
    QVERIFY(!isExpected());
    QVERIFY(bench.page->showPlan(switchU1));
    QVERIFY(isExpected());
    QVERIFY(bench.expected.back() == switchU1);
    seesAgain();
    QVERIFY(isExpected()); // said again with each snapshot
    bench.page->hide();
    QVERIFY(!isExpected());
    bench.page->show();
    QVERIFY(isExpected());
    bench.expected.clear();
    bench.confirm();
    QCOMPARE(bench.asked.size(), std::size_t(1));
    QVERIFY(bench.expected.empty()); // whoever stands ready is not sent away just before
    seesAgain();
    QVERIFY(!isExpected());
    bench.board.refuse(QStringLiteral("u1 is locked by oncall2."));
    seesAgain();
    QVERIFY(isExpected());
    Q_EMIT bench.page->planView()->backRequested();
    QVERIFY(!isExpected());
    QVERIFY(bench.page->showPlan(ui::operate::SmallAct{ui::operate::Act::PauseRouter, base::ClusterName("u1"), base::ServerId("router-us-east"), "u1", {}, {}}));
    QVERIFY(!isExpected()); // nobody waits for a small act
}

void OperationsPageTest::nothingIsExpectedThatNobodyMayStart()
{
    const auto expects = [](Bench &bench, const ui::operate::Intent &intent) {
        return bench.page->showPlan(intent) && std::any_of(bench.expected.begin(), bench.expected.end(), [](const auto &one) { return one.has_value(); });
    };
    Bench well;
    QVERIFY(expects(well, switchU1));
    Bench lookOnly(fixtures::well(), false);
    QVERIFY(!expects(lookOnly, switchU1));
    Bench busy;
    busy.board.show({{{fixtures::runningBefore(*busy.shown), true}}, {}});
    QVERIFY(!expects(busy, switchU1));
    Bench blocked(fixtures::allDown()); // only this machine may be cut off: by no force
    QVERIFY(!expects(blocked, ui::operate::FailCluster{base::ClusterName("u1"), {}}));
}

void OperationsPageTest::aRefusalIsSaidWhereItWasAsked()
{
    Bench bench;
    QVERIFY(bench.page->showPlan(switchU1));
    bench.confirm();
    bench.board.refuse(QStringLiteral("u1 is locked by oncall2."));
    QCOMPARE(bench.page->showing(), Showing::Plan);
    QVERIFY(bench.page->planView()->confirmBar()->sentence().contains(QStringLiteral("Not started: u1 is locked by oncall2.")));
    bench.board.show({{{fixtures::runningBefore(*bench.shown), true}}, {}});
    QVERIFY(bench.page->showOperation(fixtures::runningBefore(*bench.shown).id));
    bench.board.refuse(QStringLiteral("Nobody writes it."));
    QVERIFY(bench.page->runningView()->bannerText().contains(QStringLiteral("Nobody writes it.")));
}

void OperationsPageTest::nothingStartsWhereAnotherOperationIsOpen()
{
    Bench bench;
    bench.board.show({{{fixtures::runningBefore(*bench.shown), true}}, {}});
    QVERIFY(bench.page->showPlan(switchU1));
    QCOMPARE(bench.page->planView()->confirmBar()->arming().missing, QStringLiteral("An operation runs on it"));
    bench.confirm();
    QVERIFY(bench.asked.empty());
    QVERIFY(bench.page->showPlan(ui::operate::SwitchCluster{base::ClusterName("u2"), {}}));
    QCOMPARE(bench.page->planView()->confirmBar()->arming().missing, QStringLiteral("Type u2")); // of another cluster
    bench.board.show({{{fixtures::runningBefore(*bench.shown), false}}, {}});
    QVERIFY(bench.page->showPlan(switchU1));
    QCOMPARE(bench.page->planView()->confirmBar()->arming().missing, QStringLiteral("An operation is unfinished"));
}

void OperationsPageTest::nobodyWhoAnswersNothingToStart()
{
    Bench bench;
    bench.board.disconnect(&bench.board);
    QVERIFY(bench.page->showPlan(switchU1));
    QVERIFY(!bench.page->planView()->confirmBar()->arming().isArmed);
    QCOMPARE(bench.page->planView()->confirmBar()->arming().missing, QStringLiteral("Nothing here starts it"));
}

void OperationsPageTest::anUnfinishedOneIsTheFirstThing()
{
    Bench bench;
    auto list = past(*bench.shown);
    list.operations.push_back({fixtures::runningBefore(*bench.shown), false});
    bench.board.show(list);
    auto *bar = bench.page->openBar();
    QVERIFY(bar->isVisible());
    QVERIFY2(bar->text().startsWith(QStringLiteral("Operation on u1 is unfinished, by oncall1 (anna) since")) || bar->text().startsWith(QStringLiteral("Operation on u1 is unfinished, by oncall1 since")), qPrintable(bar->text()));
    QVERIFY(bar->geometry().bottom() < bench.page->readiness()->geometry().top());
    QSignalSpy resumed(&bench.board, &OperationBoard::resumeRequested);
    QSignalSpy undone(&bench.board, &OperationBoard::undoRequested);
    QSignalSpy abandoned(&bench.board, &OperationBoard::abandonRequested);
    bar->resumeButton()->click();
    bar->undoButton()->click();
    bar->abandonButton()->click();
    QCOMPARE(resumed.count(), 1);
    QCOMPARE(undone.count(), 1);
    QCOMPARE(abandoned.count(), 0);
    auto *running = bench.page->runningView();
    QVERIFY(running->abandonBar()->isVisible()); // what it would leave is read first
    running->abandonBar()->setDeafFor(0);
    running->abandonBar()->name()->setText(QStringLiteral("u1"));
    running->abandonBar()->reason()->setText(QStringLiteral("moved by hand"));
    running->abandonBar()->button()->click();
    QCOMPARE(abandoned.count(), 1);
    QCOMPARE(abandoned.front().at(1).value<std::string>(), std::string("moved by hand"));
    Q_EMIT running->backRequested();
    bench.board.show(past(*bench.shown));
    QVERIFY(!bar->isVisible());
}

/// It can be gone on with here; who runs on another machine is stopped there.
void OperationsPageTest::anotherMachinesIsMarkedSo()
{
    Bench bench;
    const OperationSeen silent{named(fixtures::runningBefore(*bench.shown), "elsewhere", base::seconds(5)), false, "desk-8"};
    bench.board.show({{silent}, {}});
    QCOMPARE(bench.cell(*bench.page->operations(), "elsewhere", "by"), QStringLiteral("oncall1 on desk-8"));
    QVERIFY(bench.page->openBar()->resumeButton()->isVisible());
    const auto noteOf = [&](const OperationSeen &seen) {
        for (const auto &row : ui::operate::watchRows(seen, bench.shown->takenUtc)) {
            if (row.id == "elsewhere-note")
                return row.title + row.second;
        }
        return QString();
    };
    QVERIFY2(noteOf(silent).contains(QStringLiteral("Its journal is on desk-8")), qPrintable(noteOf(silent)));
    const OperationSeen running{silent.operation, true, "desk-8"};
    QVERIFY2(noteOf(running).contains(QStringLiteral("carried out on desk-8")), qPrintable(noteOf(running)));
    QVERIFY(ui::operate::runWords({silent.operation, true, {}}).canCancel);
    QVERIFY(!ui::operate::runWords(running).canCancel);
    QCOMPARE(ui::operate::runWords(running).until, QStringLiteral("only on desk-8"));
    QVERIFY(noteOf({silent.operation, true, {}}).isEmpty());
}

void OperationsPageTest::whatWasLeftLeadsToThePlanThatDoesIt()
{
    Bench bench;
    bench.board.show(past(*bench.shown));
    QVERIFY(bench.page->showOperation("left"));
    Q_EMIT bench.page->runningView()->effect()->list()->linkFollowed("left:17");
    QCOMPARE(bench.page->showing(), Showing::Plan);
    const auto *act = std::get_if<ui::operate::SmallAct>(&bench.page->planView()->intent());
    QVERIFY(act && act->act == ui::operate::Act::RebuildStandby && act->on == base::ServerId("u1-us-east"));
}

void OperationsPageTest::whoMayNotDecidesNothing()
{
    Bench bench(fixtures::well(), false);
    bench.board.show({{{fixtures::runningBefore(*bench.shown), false}}, {}});
    QVERIFY(bench.page->openBar()->isVisible());
    QVERIFY(!bench.page->openBar()->resumeButton()->isVisible());
    QVERIFY(bench.page->showPlan(switchU1));
    QVERIFY(!bench.page->planView()->confirmBar()->isVisible());
    QVERIFY(bench.page->showOperation(fixtures::runningBefore(*bench.shown).id));
    QVERIFY(!bench.page->runningView()->runBar()->undoButton()->isVisible());
}

void OperationsPageTest::plansThatWerePutAsideAreListed()
{
    Bench bench;
    QVERIFY(!bench.page->savedPlans()->isVisible());
    bench.plans.show(bench.putAside());
    auto &panel = *bench.page->savedPlans();
    QVERIFY(panel.isVisible());
    QVERIFY(panel.geometry().top() > bench.page->readiness()->geometry().bottom() && panel.geometry().bottom() < bench.page->operations()->geometry().top());
    const auto *facts = panel.table()->facts();
    QCOMPARE(facts->rowCount(), 2);
    QCOMPARE(QString::fromStdString(facts->rows().front().id), QStringLiteral("evening")); // what is meant for a moment comes first
    QCOMPARE(bench.cell(panel, "evening", "what"), QStringLiteral("Switch u1 over"));
    QCOMPARE(bench.cell(panel, "an old one", "what"), QStringLiteral("Switch m1 to m1-us-west"));
    QCOMPARE(bench.cell(panel, "an old one", "intended_at"), QStringLiteral("-"));
    QCOMPARE(bench.cell(panel, "evening", "by"), QStringLiteral("anna"));
    bench.plans.show({});
    QVERIFY(!panel.isVisible());
}

void OperationsPageTest::oneIsOpenedAndPlannedAnew()
{
    Bench bench;
    bench.plans.show(bench.putAside());
    auto *table = bench.page->savedPlans()->table();
    QSignalSpy left(bench.page.get(), &pages::Page::viewLeft);
    Q_EMIT table->opened("an old one");
    QCOMPARE(left.count(), 1);
    QCOMPARE(bench.page->showing(), Showing::Plan);
    QCOMPARE(bench.page->planView()->title(), QStringLiteral("Switch m1 to m1-us-west"));
    QVERIFY2(bench.page->planView()->bannerText().startsWith(QStringLiteral("Saved as an old one by anna, ")), qPrintable(bench.page->planView()->bannerText()));
    QVERIFY2(bench.page->planView()->bannerText().contains(QStringLiteral("1 thing differs since: ")), qPrintable(bench.page->planView()->bannerText()));
    QVERIFY(bench.page->planView()->bannerText().contains(QStringLiteral("was otherwise")));
    // Back and forward keep what it is compared with; another plan forgets it.
    Bench other;
    other.plans.show(bench.putAside());
    other.page->restoreViewState(bench.page->viewState());
    QCOMPARE(other.page->planView()->savedAs(), std::string("an old one"));
    Q_EMIT table->opened("evening");
    QVERIFY(bench.page->planView()->bannerText().contains(QStringLiteral("Nothing that it rests on differs since.")));
    QVERIFY(bench.page->showPlan(switchU1));
    QVERIFY(bench.page->planView()->savedAs().empty());
}

void OperationsPageTest::oneIsForgotten()
{
    Bench bench;
    bench.plans.show(bench.putAside());
    auto *table = bench.page->savedPlans()->table();
    QMenu menu;
    Q_EMIT table->menuAboutToShow(&menu, "evening");
    QCOMPARE(menu.actions().size(), 3); // a line, open, delete
    menu.actions().at(2)->trigger();
    QCOMPARE(bench.removed, std::vector<std::string>{"evening"});
    bench.plans.refuse(QStringLiteral("evening.json: it may not be removed"));
    QCOMPARE(bench.page->showing(), Showing::Lists);
}

void OperationsPageTest::aPlanIsPutAside()
{
    Bench bench;
    QVERIFY(bench.page->showPlan(switchU1));
    auto *view = bench.page->planView();
    QVERIFY(view->saveButton()->isVisible());
    view->savePlan()->name()->setText(QStringLiteral(" tonight "));
    view->savePlan()->button()->click();
    QCOMPARE(bench.saved.size(), std::size_t(1));
    QCOMPARE(bench.saved.front().name, std::string("tonight"));
    QVERIFY(bench.saved.front().request.intent() == switchU1);
    QVERIFY(bench.saved.front().fingerprint == ui::operate::planFor(*bench.shown, switchU1)->fingerprint);
    QVERIFY(view->bannerText().startsWith(QStringLiteral("Saved as tonight.")));
    bench.plans.refuse(QStringLiteral("the disk is full"));
    QCOMPARE(view->bannerText(), QStringLiteral("Not saved: the disk is full."));
    bench.plans.disconnect(&bench.plans); // nobody keeps it
    QVERIFY(bench.page->showPlan(switchU1));
    QVERIFY(!view->saveButton()->isVisible());
}

void OperationsPageTest::theTickWarmsTheCandidate()
{
    Bench bench;
    QVERIFY(bench.page->showPlan(switchU1));
    auto *view = bench.page->planView();
    QVERIFY(view->warms()->isVisible() && !view->warms()->isChecked());
    view->warms()->click();
    QVERIFY(ui::operate::warmsOf(view->intent()));
    QVERIFY(view->warms()->isChecked());
    QCOMPARE(int(view->watch().shown()->steps.front().kind), int(ui::operate::StepKind::WarmTarget));
    bench.confirm();
    QVERIFY(ui::operate::warmsOf(bench.asked.front().intent));
    Bench other;
    other.page->restoreViewState(bench.page->viewState());
    QVERIFY(ui::operate::warmsOf(other.page->planView()->intent()));
    QVERIFY(bench.page->showPlan(ui::operate::FailCluster{base::ClusterName("u1"), {}}));
    QVERIFY(!view->warms()->isVisible()); // a failover waits for nothing
}

void OperationsPageTest::whatAClusterLacksLeadsToItsPreparation()
{
    fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    world.edit("u1-us-east", [](facts::Observation &o) {
        auto sample = *o.postgres();
        sample.move->lacks = std::vector<std::string>{"table shardlens.marker"};
        sample.move->makers = {"oncall1"};
        o.sample = std::move(sample);
    });
    Bench bench(world.run(4));
    QCOMPARE(bench.cell(*bench.page->readiness(), "u1", "why_not"), QStringLiteral("The cluster's database lacks what moves, guards or caches need"));
    QVERIFY(bench.page->showPlan(switchU1));
    Q_EMIT bench.page->planView()->checks()->list()->linkFollowed("check:parts");
    const auto *act = std::get_if<ui::operate::SmallAct>(&bench.page->planView()->intent());
    QVERIFY(act && act->act == ui::operate::Act::PrepareCluster && act->cluster == base::ClusterName("u1") && act->object.empty());
    QCOMPARE(bench.page->planView()->title(), QStringLiteral("Prepare u1"));
    QCOMPARE(bench.page->planView()->confirmBar()->arming().missing, QStringLiteral("Type u1"));
    bench.confirm();
    QCOMPARE(bench.asked.size(), std::size_t(1));
    tests::settle(*bench.page);
    tests::savePicture(*bench.page, QStringLiteral("operations-prepare"));
}

void OperationsPageTest::aPreparationIsTakenBackOnceItIsDone()
{
    Bench bench;
    auto done = named(fixtures::doneOperation(*bench.shown), "prepared", base::seconds(60));
    done.act = ui::operate::Act::PrepareCluster;
    done.from = done.to = {};
    auto moved = named(fixtures::doneOperation(*bench.shown), "moved", base::seconds(60));
    bench.board.show({{{done, false}, {moved, false}}, {}});
    QVERIFY(bench.page->showOperation("moved"));
    QVERIFY(!bench.page->runningView()->runBar()->undoButton()->isVisible());
    QVERIFY(bench.page->showOperation("prepared"));
    QSignalSpy undone(&bench.board, &OperationBoard::undoRequested);
    QVERIFY(bench.page->runningView()->runBar()->undoButton()->isVisible());
    bench.page->runningView()->runBar()->undoButton()->click();
    QCOMPARE(undone.count(), 1);
}

void OperationsPageTest::theViewIsRestored()
{
    Bench bench;
    QVERIFY(bench.page->showPlan(ui::operate::FailCluster{base::ClusterName("m2"), base::ServerId("m2-us-west")}));
    Bench other;
    other.page->restoreViewState(bench.page->viewState());
    QCOMPARE(other.page->showing(), Showing::Plan);
    QVERIFY(other.page->planView()->intent() == bench.page->planView()->intent());
    other.page->restoreViewState({});
    QCOMPARE(other.page->showing(), Showing::Lists);
    other.page->restoreViewState({{QStringLiteral("operation"), QStringLiteral("gone")}});
    QCOMPARE(other.page->showing(), Showing::Lists);
    QVERIFY(!other.page->select(base::GroupName("feeds")));
    QVERIFY(other.page->select(base::ServerId("m2-us-west")));
    QVERIFY(other.page->selection() == pages::Subject(base::ClusterName("m2")));
}

void OperationsPageTest::theExportIsRaw()
{
    Bench bench;
    bench.board.show(past(*bench.shown));
    const QStringList lines = bench.page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 6);
    QVERIFY(lines.first().startsWith(QStringLiteral("at,state,cluster,primary,best,runner_up,expected_pause_seconds,why_not")));
    bench.page->operations()->table()->setFocus();
    bench.page->activateWindow();
    QTRY_VERIFY(bench.page->operations()->table()->hasFocus());
    const QStringList rows = bench.page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
    QCOMPARE(rows.size(), 4);
    QVERIFY(rows.at(1).contains(QStringLiteral("2026-11-21T")));
}

void OperationsPageTest::rowsComeByDifference()
{
    Bench bench;
    QAbstractItemModelTester ready(bench.page->readiness()->table()->facts());
    QAbstractItemModelTester done(bench.page->operations()->table()->facts());
    QSignalSpy resets(bench.page->readiness()->table()->facts(), &QAbstractItemModel::modelReset);
    for (const auto &snapshot : {fixtures::incident(), fixtures::lagging(), fixtures::asking(), fixtures::allDown(), fixtures::well()})
        bench.page->showSnapshot(snapshot);
    bench.board.show(past(*bench.shown));
    bench.board.show({});
    QCOMPARE(resets.count(), 0);
}

void OperationsPageTest::everySizeIsRight_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("text");
    for (const char *state : {"empty", "past", "unfinished", "running", "saved", "opened"}) {
        for (const auto &size : tests::pageSizes) {
            for (const int text : {100, 150})
                if (tests::isLookedAt(size.size, text))
                    QTest::addRow("%s, %s, text %d", state, size.name, text) << QString::fromLatin1(state) << size.size << text;
        }
    }
}

void OperationsPageTest::everySizeIsRight()
{
    QFETCH(QString, state);
    QFETCH(QSize, size);
    QFETCH(int, text);
    m_theme->setTextSize(text);
    for (const auto mode : {theme::Theme::Mode::Dark, theme::Theme::Mode::Light}) {
        if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
            continue;
        m_theme->setMode(mode);
        Bench bench(state == QLatin1String("past") ? fixtures::incident() : fixtures::well(), true, size);
        const auto well = fixtures::well();
        auto list = past(*well);
        if (state == QLatin1String("unfinished") || state == QLatin1String("running"))
            list.operations.push_back({fixtures::runningBefore(*well), state == QLatin1String("running")});
        if (state != QLatin1String("empty"))
            bench.board.show(list);
        if (state == QLatin1String("saved") || state == QLatin1String("opened"))
            bench.plans.show(bench.putAside());
        if (state == QLatin1String("opened"))
            Q_EMIT bench.page->savedPlans()->table()->opened("an old one");
        tests::settle(*bench.page);
        tests::savePicture(*bench.page, QStringLiteral("operations-%1-%2-%3-%4").arg(state).arg(size.width()).arg(text).arg(theme::Theme::name(mode)));
        const QStringList faults = tests::faultsOf(*bench.page);
        QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
    }
    m_theme->setTextSize(100);
}

QTEST_MAIN(OperationsPageTest)
#include "OperationsPageTest.moc"
