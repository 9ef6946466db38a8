// SPDX-License-Identifier: GPL-3.0-or-later
// Plans and running operations as they are shown: their columns compared whole as text, what arms the button, what acts and what never
// does, how a plan that was read stays. SHARDLENS_PICTURES names a folder that pictures are written to.
#include "tests/fixtures/Fleets.h"
#include "tests/fixtures/Golden.h"
#include "tests/fixtures/Operations.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/fixtures/World.h"
#include "tests/ui/Sweep.h"
#include "tests/ui/Warnings.h"
#include "ui/format/OperationReport.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OperationRows.h"
#include "ui/operate/OutlineModel.h"
#include "ui/operate/PlanRows.h"
#include "ui/operate/PlanView.h"
#include "ui/operate/RefusalBar.h"
#include "ui/operate/RunBar.h"
#include "ui/operate/RunningView.h"
#include "ui/theme/Theme.h"
#include "ui/format/PlanText.h"
#include "ui/format/OperationText.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QAbstractItemModelTester>
#include <QRegularExpression>
#include <QApplication>
#include <QDir>
#include <QFile>
#include <QLineEdit>
#include <QPixmap>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using namespace shardlens::operate;
using ui::operate::ActRequest;
using ui::operate::ArmingInput;
using ui::operate::OperationSeen;
using ui::operate::OutlineRow;
using ui::operate::PlanView;
using ui::operate::RunningView;

namespace {

const Intent switchU1 = SwitchCluster{base::ClusterName("u1"), {}};
const Intent failU1 = FailCluster{base::ClusterName("u1"), {}};

Plan planOf(const facts::SnapshotPtr &snapshot, const Intent &intent)
{
    return *planFor(*snapshot, intent);
}

QString plain(QString text)
{
    return text.replace(QChar(0x202F), QLatin1Char(' '));
}

void compareWithGolden(const QString &name, const QString &shown)
{
    fixtures::compareWithGolden(QStringLiteral(GOLDEN_DIR "/%1.txt").arg(name), plain(shown).toStdString());
}

QString columns(const ui::operate::OutlineRows &left, const ui::operate::OutlineRows &middle, const ui::operate::OutlineRows &right)
{
    return QStringLiteral("CHECKS\n%1\nSTEPS\n%2\nEFFECT\n%3").arg(ui::operate::textOf(left), ui::operate::textOf(middle), ui::operate::textOf(right));
}

struct Moment {
    const char *name;
    OperationSeen seen;
};

/// Each state that an operation can be in.
std::vector<Moment> moments()
{
    const auto well = fixtures::well();
    auto unfinished = fixtures::runningBefore(*well);
    auto late = fixtures::runningAfter(*well);
    return {{"running_before", {fixtures::runningBefore(*well), true}},
            {"running_after", {fixtures::runningAfter(*well), true}},
            {"done", {fixtures::doneOperation(*well), false}},
            {"incomplete", {fixtures::incompleteOperation(*well), false}},
            {"rolled_back", {fixtures::rolledBackOperation(*well), false}},
            {"failed", {fixtures::failedOperation(*well), false}},
            {"in_doubt", {fixtures::inDoubtOperation(*well), true}},
            {"unfinished", {unfinished, false}},
            {"unfinished_after", {late, false}}};
}

/// A world in which somebody changes something while a plan is read.
fixtures::World wellWorld(fleet::Environment environment = fleet::Environment::Production)
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet(environment));
    fleet->acting = true;
    fixtures::World world(fleet, fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    return world;
}

template <class View>
void place(View &view, QSize size)
{
    view.setAutoFillBackground(true);
    view.resize(size);
    view.show();
    for (int turn = 0; turn < 4; ++turn)
        QCoreApplication::processEvents();
    if (QWidget *focused = view.focusWidget())
        focused->clearFocus();
}

void savePicture(QWidget &view, const QString &name)
{
    const QString folder = qEnvironmentVariable("SHARDLENS_PICTURES");
    if (folder.isEmpty())
        return;
    QDir().mkpath(folder);
    QVERIFY(view.grab().save(QDir(folder).filePath(name + QStringLiteral(".png"))));
}

std::shared_ptr<base::ManualClock> clockAt(base::UtcTime utc)
{
    return std::make_shared<base::ManualClock>(utc);
}

} // namespace

class OperateTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }
    void init() { tests::failOnUnexpectedWarnings(); }

    void aPlanReadsAs_data();
    void aPlanReadsAs();
    void anOperationReadsAs_data();
    void anOperationReadsAs();
    void aCopyCanBeEnded();
    void nothingOfAPlanIsRed();
    void rowsComeAndGoByDifference();
    void whatArmsTheButton_data();
    void whatArmsTheButton();
    void enterInAFieldDoesNothing();
    void controlEnterActsOnceArmedAndOnce();
    void aFreshButtonIsDeaf();
    void aLocalFleetIsActedOnByTheButtonAlone();
    void aForcedCheckNeedsItsTickAndItsReason();
    void aLagDoesNotChangeAPlan();
    void aPlanThatWasReadStays();
    void aServerThatWasReadAboutStays();
    void whatSomebodyElseDidMeanwhileIsTold();
    void nothingIsHeldBeforeAllWasRead();
    void whoMayNotSeesTheSamePageWithoutTheBar();
    void linksLeadToOtherPlans();
    void cancellingIsPossibleUntilThePointOfNoReturn();
    void cancelNeverStandsWhereOneConfirmed();
    void anUnfinishedOneIsDecidedAbout();
    void abandoningIsConfirmed();
    void aWordForWhenTheCommandFails();
    void theClockTicksOnlyWhileWritesAreHeld();
    void everySizeIsRight_data();
    void everySizeIsRight();

private:
    std::unique_ptr<theme::Theme> m_theme;
};

void OperateTest::aPlanReadsAs_data()
{
    QTest::addColumn<facts::SnapshotPtr>("snapshot");
    QTest::addColumn<bool>("fails");
    QTest::newRow("switchover_well") << fixtures::well() << false;
    QTest::newRow("switchover_lagging") << fixtures::lagging() << false;
    QTest::newRow("switchover_dead_primary") << fixtures::incident() << false;
    QTest::newRow("failover_dead_primary") << fixtures::incident() << true;
    QTest::newRow("failover_well") << fixtures::well() << true;
    QTest::newRow("switchover_asking") << fixtures::asking() << false;
    QTest::newRow("failover_all_down") << fixtures::allDown() << true;
}

void OperateTest::aPlanReadsAs()
{
    QFETCH(facts::SnapshotPtr, snapshot);
    QFETCH(bool, fails);
    const Plan plan = planOf(snapshot, fails ? failU1 : switchU1);
    const format::Confirmation words = format::confirmation(plan, true);
    const QString head = QStringLiteral("%1\n%2\n%3 %4\n%5\n\n").arg(format::actText(actOf(plan.intent), clusterOf(plan.intent), plan.to), ui::operate::checkSummary(plan), words.act, words.cost, ui::operate::termText(plan));
    compareWithGolden(QString::fromLatin1(QTest::currentDataTag()),
                      head + columns(ui::operate::checkRows(plan, snapshot->takenAt), ui::operate::stepRows(plan), ui::operate::effectRows(plan, *snapshot)));
}

void OperateTest::anOperationReadsAs_data()
{
    QTest::addColumn<int>("moment");
    int at = 0;
    for (const Moment &moment : moments())
        QTest::newRow(moment.name) << at++;
}

void OperateTest::anOperationReadsAs()
{
    QFETCH(int, moment);
    const OperationSeen seen = moments()[static_cast<std::size_t>(moment)].seen;
    const auto now = fixtures::well()->takenUtc;
    const ui::operate::RunWords bar = ui::operate::runWords(seen);
    QString all = columns(ui::operate::watchRows(seen, now), ui::operate::progressRows(seen, now), ui::operate::resultRows(seen, *fixtures::defaultFleet(), now));
    all.remove(QRegularExpression(QStringLiteral("      (does|sees|undo|needs|limits|on) .*\n"))); // they stand in the plans
    all += QStringLiteral("\nBAR\n%1\n%2\n%3%4\n").arg(bar.first, bar.second, bar.until, bar.canCancel ? QStringLiteral(" (can)") : QString());
    all += QStringLiteral("\nSTRIP\n%1\n").arg(format::operationStrip(seen.operation, seen.runs));
    all += QStringLiteral("\nREPORT\n%1").arg(format::operationReport(seen.operation, seen.runs));
    compareWithGolden(QStringLiteral("operation_") + QString::fromLatin1(QTest::currentDataTag()), all);
}

/// A move that is done waits for nobody's copy: past the point of no return that alone can be ended.
void OperateTest::aCopyCanBeEnded()
{
    OperationSeen seen{fixtures::runningAfter(*fixtures::well()), true};
    QVERIFY(!ui::operate::runWords(seen).canCancel);
    execute::Operation &operation = seen.operation;
    for (std::size_t i = 0; i < operation.steps.size(); ++i)
        operation.progress[i].state = operation.steps[i].kind == StepKind::CopyData ? execute::StepState::Doing : execute::StepState::Done;
    const ui::operate::RunWords words = ui::operate::runWords(seen);
    QVERIFY2(words.canCancel && words.endsCopy, qPrintable(words.first + words.second));
    operation.cancelAskedAt = fixtures::well()->takenUtc;
    QVERIFY(!ui::operate::runWords(seen).canCancel);
    QCOMPARE(ui::operate::runWords(seen).until, QStringLiteral("asked for"));
}

/// Red says that people are hit now. What blocks a plan, or failed in one, says so by its shape and its words.
void OperateTest::nothingOfAPlanIsRed()
{
    const auto now = fixtures::well()->takenUtc;
    int blocks = 0;
    const auto look = [&](const ui::operate::OutlineRows &rows) {
        for (const OutlineRow &row : rows) {
            QVERIFY2(row.shape != theme::Shape::Diamond && row.rightColour != theme::ColourRole::CriticalText, qPrintable(row.text()));
            blocks += row.shape == theme::Shape::Stop ? 1 : 0;
        }
    };
    for (const auto &snapshot : {fixtures::well(), fixtures::incident(), fixtures::lagging(), fixtures::allDown()}) {
        for (const Intent &intent : {switchU1, failU1}) {
            const Plan plan = planOf(snapshot, intent);
            look(ui::operate::checkRows(plan, snapshot->takenAt));
            look(ui::operate::effectRows(plan, *snapshot));
        }
    }
    for (const Moment &moment : moments()) {
        look(ui::operate::watchRows(moment.seen, now));
        look(ui::operate::progressRows(moment.seen, now));
        look(ui::operate::resultRows(moment.seen, *fixtures::defaultFleet(), now));
        QVERIFY2(ui::operate::runWords(moment.seen).shape != theme::Shape::Diamond, moment.name);
    }
    QVERIFY(blocks > 10);
}

void OperateTest::rowsComeAndGoByDifference()
{
    ui::operate::OutlineModel model;
    QAbstractItemModelTester tester(&model, QAbstractItemModelTester::FailureReportingMode::Fatal);
    QSignalSpy resets(&model, &QAbstractItemModel::modelReset);
    const auto well = fixtures::well();
    model.show(ui::operate::checkRows(planOf(well, switchU1), well->takenAt));
    const int folded = model.rowCount();
    model.setOpen("topic:routers", true);
    QCOMPARE(model.rowCount(), folded + 6);
    QVERIFY(model.rowOf("check:router_mode") > model.rowOf("topic:routers"));
    for (const auto &snapshot : {fixtures::incident(), fixtures::lagging(), fixtures::asking(), fixtures::allDown(), fixtures::well()})
        model.show(ui::operate::checkRows(planOf(snapshot, switchU1), snapshot->takenAt));
    QVERIFY(model.isOpen("topic:routers")); // what a person opened stays open
    QCOMPARE(model.rowCount(), folded + 6);
    model.setOpen("topic:routers", false);
    QCOMPARE(model.rowCount(), folded);
    for (const Moment &moment : moments())
        model.show(ui::operate::progressRows(moment.seen, well->takenUtc));
    QCOMPARE(resets.count(), 0);
    QVERIFY(model.data(model.index(0, 0), Qt::AccessibleTextRole).toString().contains(QStringLiteral("See that u1-us-west catches up")));
}

void OperateTest::whatArmsTheButton_data()
{
    QTest::addColumn<bool>("fails");
    QTest::addColumn<bool>("dead");
    QTest::addColumn<bool>("local");
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("reason");
    QTest::addColumn<bool>("ticked");
    QTest::addColumn<QString>("forceReason");
    QTest::addColumn<QString>("hindrance");
    QTest::addColumn<QString>("missing"); // empty: armed
    const auto row = [](const char *tag, bool fails, bool dead, bool local, const char *name, const char *reason, bool ticked, const char *why, const char *hindrance, const char *missing) {
        QTest::newRow(tag) << fails << dead << local << QString::fromLatin1(name) << QString::fromLatin1(reason) << ticked << QString::fromLatin1(why) << QString::fromLatin1(hindrance) << QString::fromLatin1(missing);
    };
    row("name and reason", false, false, false, "u1", "kernel", false, "", "", "");
    row("no name", false, false, false, "", "kernel", false, "", "", "Type u1");
    row("another name", false, false, false, "u2", "kernel", false, "", "", "Type u1");
    row("the server's name", false, false, false, "u1-us-west", "kernel", false, "", "", "Type u1");
    row("the name in capitals", false, false, false, "U1", "kernel", false, "", "", "Type u1");
    row("the name with a space", false, false, false, "u1 ", "kernel", false, "", "", "Type u1");
    row("no reason", false, false, false, "u1", "", false, "", "", "Give a reason");
    row("a reason of spaces", false, false, false, "u1", "   ", false, "", "", "Give a reason");
    row("local needs neither", false, false, true, "", "", false, "", "", "");
    row("what hinders comes before all", false, false, true, "u1", "kernel", false, "", "Being started", "Being started");
    row("a check that cannot be forced", false, true, false, "u1", "kernel", false, "", "", "Blocked by a check");
    row("a check that is not forced", true, true, false, "u1", "kernel", false, "", "", "A blocking check is not forced");
    row("forced without a reason", true, true, false, "u1", "kernel", true, "", "", "A forced check needs its reason");
    row("forced with a reason of spaces", true, true, false, "u1", "kernel", true, "  ", "", "A forced check needs its reason");
    row("a reason without the tick", true, true, false, "u1", "kernel", false, "host is gone", "", "A blocking check is not forced");
    row("forced, named, with reasons", true, true, false, "u1", "kernel", true, "host is gone", "", "");
    row("local and forced without a reason", true, true, true, "", "", true, "", "", "A forced check needs its reason");
    row("local and forced", true, true, true, "", "", true, "host is gone", "", "");
}

void OperateTest::whatArmsTheButton()
{
    QFETCH(bool, fails);
    QFETCH(bool, dead);
    QFETCH(bool, local);
    QFETCH(QString, missing);
    const Plan plan = planOf(dead ? fixtures::incident() : fixtures::well(), fails ? failU1 : switchU1);
    ArmingInput input;
    input.plan = &plan;
    input.isLocal = local;
    QFETCH(QString, name);
    QFETCH(QString, reason);
    input.name = name;
    input.reason = reason;
    QFETCH(bool, ticked);
    QFETCH(QString, forceReason);
    QFETCH(QString, hindrance);
    input.hindrance = hindrance;
    input.forced[CheckId::OldPrimaryStopped] = {ticked, forceReason};
    const auto arming = ui::operate::armingOf(input);
    QCOMPARE(arming.missing, missing);
    QCOMPARE(arming.isArmed, missing.isEmpty());
    if (!arming.isArmed)
        return;
    const ActRequest request = ui::operate::requestOf(input);
    QCOMPARE(wantedOf(request.intent).text(), std::string("u1-us-west")); // the one that was read, though nobody asked for it
    QCOMPARE(request.fingerprint, plan.fingerprint);
    QCOMPARE(request.forced.size(), fails ? std::size_t(1) : std::size_t(0));
    QCOMPARE(request.reason, input.reason.trimmed().toStdString());
}

namespace {

/// A plan page of a well fleet, ready to be typed into.
struct Bench {
    explicit Bench(fleet::Environment environment = fleet::Environment::Production) : world(wellWorld(environment))
    {
        view.ask(switchU1);
        view.showSnapshot(world.run(1));
        view.confirmBar()->setDeafFor(0);
        place(view, {1088, 704});
        view.activateWindow();
    }
    void fill()
    {
        view.confirmBar()->name()->setText(QStringLiteral("u1"));
        view.confirmBar()->reason()->setText(QStringLiteral("Kernel upgrade"));
    }
    fixtures::World world;
    PlanView view;
};

} // namespace

void OperateTest::enterInAFieldDoesNothing()
{
    Bench bench;
    QSignalSpy started(&bench.view, &PlanView::started);
    bench.fill();
    QVERIFY(bench.view.confirmBar()->arming().isArmed);
    QTRY_VERIFY(bench.view.isActiveWindow());
    for (QLineEdit *field : {bench.view.confirmBar()->name(), bench.view.confirmBar()->reason()}) {
        field->setFocus();
        QTest::keyClick(field, Qt::Key_Return);
        QTest::keyClick(field, Qt::Key_Enter);
    }
    for (auto *list : {bench.view.checks()->list(), bench.view.steps()->list(), bench.view.effect()->list()}) {
        list->setFocus();
        list->setCurrentIndex(list->model()->index(0, 0));
        QTest::keyClick(list, Qt::Key_Return);
    }
    QTest::keyClick(bench.view.confirmBar()->button(), Qt::Key_Return);
    QCOMPARE(started.count(), 0);
    QVERIFY(bench.view.confirmBar()->name()->completer() == nullptr);
}

void OperateTest::controlEnterActsOnceArmedAndOnce()
{
    Bench bench;
    QSignalSpy started(&bench.view, &PlanView::started);
    QTRY_VERIFY(bench.view.isActiveWindow());
    QLineEdit *name = bench.view.confirmBar()->name();
    name->setFocus();
    QTest::keyClick(name, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(started.count(), 0); // not armed
    bench.fill();
    QTest::keyClick(name, Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(started.count(), 1);
    QCOMPARE(started.first().first().value<ActRequest>().reason, std::string("Kernel upgrade"));
    QTest::keyClick(name, Qt::Key_Return, Qt::ControlModifier);
    bench.view.confirmBar()->button()->click();
    QCOMPARE(started.count(), 1); // it is being started
    QCOMPARE(bench.view.confirmBar()->arming().missing, QStringLiteral("Being started"));
    bench.view.tellNotStarted(QStringLiteral("u1 is locked by oncall2."));
    QVERIFY(bench.view.confirmBar()->sentence().contains(QStringLiteral("Not started: u1 is locked by oncall2.")));
    QVERIFY(bench.view.confirmBar()->arming().isArmed);
}

void OperateTest::aFreshButtonIsDeaf()
{
    Bench bench;
    QSignalSpy started(&bench.view, &PlanView::started);
    bench.view.confirmBar()->setDeafFor(60'000);
    bench.fill();
    bench.view.confirmBar()->button()->click();
    QCOMPARE(started.count(), 0);
    bench.view.confirmBar()->setDeafFor(0);
    bench.view.confirmBar()->button()->click();
    QCOMPARE(started.count(), 1);
}

void OperateTest::aLocalFleetIsActedOnByTheButtonAlone()
{
    Bench bench(fleet::Environment::Local);
    QSignalSpy started(&bench.view, &PlanView::started);
    QVERIFY(!bench.view.confirmBar()->name()->isVisible());
    QVERIFY(!bench.view.confirmBar()->sentence().contains(QStringLiteral("Type u1")));
    bench.view.confirmBar()->button()->click();
    QCOMPARE(started.count(), 1);
}

void OperateTest::aForcedCheckNeedsItsTickAndItsReason()
{
    PlanView view;
    view.ask(failU1);
    view.showSnapshot(fixtures::incident());
    view.confirmBar()->setDeafFor(0);
    place(view, {1088, 704});
    QSignalSpy started(&view, &PlanView::started);
    view.confirmBar()->name()->setText(QStringLiteral("u1"));
    view.confirmBar()->reason()->setText(QStringLiteral("Paged"));
    view.confirmBar()->button()->click();
    QCOMPARE(started.count(), 0);
    view.confirmBar()->setForced(CheckId::OldPrimaryStopped, true, QStringLiteral("Power is off, seen by anna"));
    view.showSnapshot(fixtures::incident()); // what was entered stays from tick to tick
    view.confirmBar()->button()->click();
    QCOMPARE(started.count(), 1);
    const auto request = started.first().first().value<ActRequest>();
    QCOMPARE(request.forced.size(), std::size_t(1));
    QCOMPARE(request.forced.front().check, CheckId::OldPrimaryStopped);
    QCOMPARE(request.forced.front().reason, std::string("Power is off, seen by anna"));
    QVERIFY(std::holds_alternative<FailCluster>(request.intent));
}

void OperateTest::aLagDoesNotChangeAPlan()
{
    Bench bench;
    bench.world.fallBehind("u1-eu-west", {std::chrono::milliseconds(900), base::Bytes{2'000'000}, 0, base::Bytes{0}});
    for (int tick = 0; tick < 4; ++tick)
        bench.view.showSnapshot(bench.world.run(1));
    QVERIFY(!bench.view.watch().isChanged());
    QVERIFY(bench.view.bannerText().isEmpty());
}

void OperateTest::aPlanThatWasReadStays()
{
    Bench bench;
    bench.fill();
    QVERIFY(bench.view.watch().isSettled());
    const Plan read = *bench.view.watch().shown();
    bench.world.pauseReplay("u1-eu-west");
    for (int tick = 0; tick < 3; ++tick)
        bench.view.showSnapshot(bench.world.run(1));
    QVERIFY(bench.view.watch().isChanged());
    QCOMPARE(*bench.view.watch().shown(), read);
    QVERIFY2(bench.view.bannerText().contains(QStringLiteral("u1-eu-west.replay is paused, was runs")), qPrintable(bench.view.bannerText()));
    QVERIFY(!bench.view.confirmBar()->arming().isArmed);
    QVERIFY(bench.view.status().startsWith(QStringLiteral("Changed since it was read")));
    bench.view.bannerButton()->click();
    QVERIFY(!bench.view.watch().isChanged());
    QVERIFY(bench.view.bannerText().isEmpty());
    QVERIFY(bench.view.watch().shown()->fingerprint != read.fingerprint);
    QVERIFY(bench.view.confirmBar()->name()->text().isEmpty()); // it was typed for what was read before
    // What comes back as it was is the plan that was read.
    bench.world.resumeReplay("u1-eu-west");
    for (int tick = 0; tick < 3; ++tick)
        bench.view.showSnapshot(bench.world.run(1));
    QVERIFY(bench.view.watch().isChanged());
}

void OperateTest::aServerThatWasReadAboutStays()
{
    Bench bench;
    QCOMPARE(bench.view.watch().shown()->to.text(), std::string("u1-us-west"));
    bench.world.fallBehind("u1-us-west", {std::chrono::milliseconds(400), base::Bytes{900'000}, 0, base::Bytes{0}});
    for (int tick = 0; tick < 3; ++tick)
        bench.view.showSnapshot(bench.world.run(1));
    QCOMPARE(bench.view.watch().shown()->to.text(), std::string("u1-us-west"));
    QVERIFY(!bench.view.watch().isChanged());
    QCOMPARE(bench.view.watch().better().text(), std::string("u1-eu-west"));
    QVERIFY(bench.view.bannerText().startsWith(QStringLiteral("u1-eu-west would come first now.")));
}

/// The server that was read about is the primary by now: what was nobody's wish is planned anew, what was asked for can be done no more.
void OperateTest::whatSomebodyElseDidMeanwhileIsTold()
{
    for (const char *wanted : {"", "u1-us-west"}) {
        Bench bench;
        bench.view.ask(SwitchCluster{base::ClusterName("u1"), base::ServerId(wanted)});
        QCOMPARE(bench.view.watch().shown()->to.text(), std::string("u1-us-west"));
        QVERIFY(bench.view.canBeStarted());
        bench.world.promote("u1", "u1-us-west");
        for (int tick = 0; tick < 3; ++tick)
            bench.view.showSnapshot(bench.world.run(1));
        QVERIFY(!bench.view.confirmBar()->arming().isArmed);
        QVERIFY(!bench.view.bannerText().isEmpty());
        QCOMPARE(bench.view.watch().isChanged(), *wanted == 0);
        QCOMPARE(bench.view.watch().error().empty(), *wanted == 0);
        QCOMPARE(bench.view.canBeStarted(), *wanted == 0);
    }
}

void OperateTest::nothingIsHeldBeforeAllWasRead()
{
    PlanView view;
    view.ask(switchU1);
    view.showSnapshot(fixtures::asking());
    place(view, {1088, 704});
    QVERIFY(!view.watch().isSettled());
    QVERIFY(!view.confirmBar()->arming().isArmed);
    view.showSnapshot(fixtures::well());
    QVERIFY(view.watch().isSettled());
    QVERIFY(!view.watch().isChanged());
    // One member that was not asked yet is enough.
    for (const auto &[intent, member] : {std::pair(switchU1, "u1-eu-west"), std::pair(moveOf(Act::Switchover, {}, base::GroupName("feeds"), {}), "feeds-eu-west")}) {
        fixtures::World young = wellWorld();
        young.neverAnswered(member);
        PlanView other;
        other.ask(intent);
        other.showSnapshot(young.run(4));
        QVERIFY(other.watch().shown());
        QVERIFY2(!other.watch().isSettled(), member);
    }
}

void OperateTest::whoMayNotSeesTheSamePageWithoutTheBar()
{
    Bench bench;
    const auto fleet = bench.world.run(1)->fleet;
    bench.view.setRefusal(format::actingRefusal(*fleet, "shardlens_observer"));
    QVERIFY(!bench.view.confirmBar()->isVisible());
    QVERIFY(bench.view.refusalBar()->isVisible());
    QVERIFY2(bench.view.refusalBar()->text().startsWith(QStringLiteral("Needs role on-call or ops. You are observer (database user shardlens_observer).")), qPrintable(bench.view.refusalBar()->text()));
    QVERIFY(bench.view.refusalBar()->text().contains(QStringLiteral("oncall1 (on-call)")));
    QVERIFY(bench.view.steps()->list()->outline()->rowCount() > 10);
    QCOMPARE(bench.view.focusProxy(), static_cast<QWidget *>(bench.view.checks()->list()));
    QSignalSpy started(&bench.view, &PlanView::started);
    bench.fill();
    QTRY_VERIFY(bench.view.isActiveWindow());
    QTest::keyClick(bench.view.steps()->list(), Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(started.count(), 0);
    QVERIFY(format::actingRefusal(*fleet, "oncall1").isEmpty());
    QVERIFY(format::actingRefusal(*fixtures::defaultFleet(), "oncall1").startsWith(QStringLiteral("Looking only")) || fixtures::defaultFleet()->acting);
    QVERIFY(format::actingRefusal(*fleet, "").isEmpty()); // the first that may
    auto nobody = *fleet;
    nobody.access.users.clear();
    QVERIFY(format::actingRefusal(nobody, "").startsWith(QStringLiteral("Needs role on-call or ops. You act as no database user")));
}

void OperateTest::linksLeadToOtherPlans()
{
    PlanView view;
    view.ask(switchU1);
    view.showSnapshot(fixtures::incident());
    place(view, {1088, 704});
    QSignalSpy other(&view, &PlanView::otherPlanAsked);
    auto *checks = view.checks()->list();
    const int row = checks->outline()->rowOf("check:primary_answers");
    QVERIFY(row >= 0);
    checks->setCurrentIndex(checks->model()->index(row, 0));
    QTest::keyClick(checks, Qt::Key_Return);
    QCOMPARE(other.count(), 1);
    QVERIFY(other.takeFirst().first().value<Intent>() == failU1);
    view.ask(failU1);
    view.showSnapshot(fixtures::incident());
    auto *effect = view.effect()->list();
    effect->setCurrentIndex(effect->model()->index(effect->outline()->rowOf("candidate:u1-eu-west"), 0));
    QTest::keyClick(effect, Qt::Key_Return);
    QCOMPARE(other.count(), 1);
    QVERIFY(other.first().first().value<Intent>() == Intent(FailCluster{base::ClusterName("u1"), base::ServerId("u1-eu-west")}));
}

void OperateTest::cancellingIsPossibleUntilThePointOfNoReturn()
{
    const auto well = fixtures::well();
    RunningView view(clockAt(well->takenUtc), well->fleet);
    view.showOperation({fixtures::runningBefore(*well), true});
    place(view, {1088, 704});
    view.activateWindow();
    QTRY_VERIFY(view.isActiveWindow());
    QSignalSpy cancelled(&view, &RunningView::cancelAsked);
    QVERIFY(view.runBar()->cancelButton()->isEnabled());
    QTest::keyClick(view.steps()->list(), Qt::Key_Escape);
    QCOMPARE(cancelled.count(), 0);
    QTest::keyClick(view.steps()->list(), Qt::Key_X, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(cancelled.count(), 1);
    QCOMPARE(cancelled.first().first().value<std::string>(), fixtures::runningBefore(*well).id);
    view.runBar()->cancelButton()->click();
    QCOMPARE(cancelled.count(), 2);
    view.showOperation({fixtures::runningAfter(*well), true});
    QVERIFY(view.runBar()->cancelButton()->isVisible());
    QVERIFY(!view.runBar()->cancelButton()->isEnabled());
    QVERIFY(view.runBar()->text().contains(QStringLiteral("Past the point of no return: finishing.")));
    QTest::keyClick(view.steps()->list(), Qt::Key_X, Qt::ControlModifier | Qt::ShiftModifier);
    QCOMPARE(cancelled.count(), 2);
    view.showOperation({fixtures::doneOperation(*well), false});
    QVERIFY(!view.runBar()->cancelButton()->isVisible());
    view.setMayAct(false);
    view.showOperation({fixtures::runningBefore(*well), true});
    QVERIFY(!view.runBar()->cancelButton()->isVisible()); // another's: read-only
}

void OperateTest::cancelNeverStandsWhereOneConfirmed()
{
    const auto well = fixtures::well();
    for (const QSize size : {QSize(952, 604), QSize(1088, 704), QSize(2328, 1336)}) {
        Bench bench;
        place(bench.view, size);
        RunningView view(clockAt(well->takenUtc), well->fleet);
        view.showOperation({fixtures::runningBefore(*well), true});
        place(view, size);
        const auto in = [](QWidget &window, QWidget *part) { return QRect(part->mapTo(&window, QPoint()), part->size()); };
        const QRect confirm = in(bench.view, bench.view.confirmBar()->button());
        QVERIFY(!confirm.intersects(in(view, view.runBar()->cancelButton())));
    }
}

void OperateTest::anUnfinishedOneIsDecidedAbout()
{
    const auto well = fixtures::well();
    RunningView view(clockAt(well->takenUtc), well->fleet);
    view.showOperation({fixtures::runningBefore(*well), false});
    place(view, {1088, 704});
    QSignalSpy resumed(&view, &RunningView::resumeAsked);
    QSignalSpy undone(&view, &RunningView::undoAsked);
    QSignalSpy abandoned(&view, &RunningView::abandonAsked);
    view.runBar()->resumeButton()->click();
    view.runBar()->undoButton()->click();
    view.runBar()->abandonButton()->click();
    QCOMPARE(resumed.count() + undone.count(), 2);
    QCOMPARE(abandoned.count(), 0);
    view.abandonBar()->backButton()->click();
    QVERIFY(view.runBar()->isVisible());
    view.showOperation({fixtures::runningAfter(*well), false});
    QVERIFY(view.runBar()->resumeButton()->isVisible());
    QVERIFY(!view.runBar()->undoButton()->isVisible()); // it can only go forward
    view.setMayAct(false);
    QVERIFY(!view.runBar()->resumeButton()->isVisible());
}

/// Another machine's too: by its name and a reason, in a bar of its own that says what is left undone.
void OperateTest::abandoningIsConfirmed()
{
    const auto well = fixtures::well();
    RunningView view(clockAt(well->takenUtc), well->fleet);
    view.abandonBar()->setDeafFor(0);
    const OperationSeen seen{fixtures::runningBefore(*well), false, "desk-8"};
    view.showOperation(seen);
    place(view, {1088, 704});
    QSignalSpy abandoned(&view, &RunningView::abandonAsked);
    view.runBar()->abandonButton()->click();
    auto *bar = view.abandonBar();
    QVERIFY(bar->isVisible());
    QVERIFY(!view.runBar()->isVisible());
    QVERIFY2(bar->sentence().contains(QStringLiteral("begun on desk-8")), qPrintable(bar->sentence()));
    QVERIFY2(bar->sentence().contains(QStringLiteral("Writes on u1 were held")), qPrintable(bar->sentence()));
    QVERIFY(!bar->arming().isArmed);
    bar->name()->setText(QStringLiteral("u1"));
    QCOMPARE(bar->arming().missing, QStringLiteral("Give a reason"));
    bar->reason()->setText(QStringLiteral("moved by hand"));
    view.showOperation(seen); // its journal is read again each second
    QCOMPARE(bar->name()->text(), QStringLiteral("u1"));
    QTest::keyClick(bar->reason(), Qt::Key_Escape);
    QVERIFY(view.runBar()->isVisible());
    QCOMPARE(abandoned.count(), 0);
    view.runBar()->abandonButton()->click();
    QVERIFY(bar->name()->text().isEmpty()); // what was entered was for the time before
    bar->name()->setText(QStringLiteral("u1"));
    bar->reason()->setText(QStringLiteral("moved by hand"));
    bar->button()->click();
    QCOMPARE(abandoned.count(), 1);
    QCOMPARE(abandoned.front().at(1).value<std::string>(), std::string("moved by hand"));
    QVERIFY(view.runBar()->isVisible());
    // Gone on with elsewhere meanwhile: there is nothing to leave any more.
    view.runBar()->abandonButton()->click();
    view.showOperation({seen.operation, true, "desk-8"});
    QVERIFY(!bar->isVisible());
}

/// The command may fail: whoever knows that the machine is off says so before, by a tick and a reason of its own, and need not.
void OperateTest::aWordForWhenTheCommandFails()
{
    fixtures::World world(fixtures::stonithFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    world.killPrimary("u1");
    const Plan plan = planOf(world.run(8), failU1);
    const Step *step = ui::operate::promisedOf(plan);
    QVERIFY(step);
    QVERIFY(ui::operate::forceableOf(plan).empty());
    ArmingInput input;
    input.plan = &plan;
    input.name = QStringLiteral("u1");
    input.reason = QStringLiteral("the rack is dark");
    QVERIFY(ui::operate::armingOf(input).isArmed);
    QVERIFY(ui::operate::requestOf(input).forced.empty());
    input.forced[CheckId::OldPrimaryStopped] = {true, QStringLiteral(" ")};
    QCOMPARE(ui::operate::armingOf(input).missing, QStringLiteral("Your word needs its reason"));
    input.forced[CheckId::OldPrimaryStopped] = {true, QStringLiteral("I pulled its plug")};
    QVERIFY(ui::operate::armingOf(input).isArmed);
    QCOMPARE(ui::operate::requestOf(input).forced, (std::vector<execute::Forced>{{CheckId::OldPrimaryStopped, "I pulled its plug"}}));

    ui::operate::ConfirmBar bar;
    bar.showPlan(&plan, false);
    QVERIFY(!bar.sentence().contains(QStringLiteral("upon your word")));
    bar.setForced(CheckId::OldPrimaryStopped, true, QStringLiteral("I pulled its plug"));
    QVERIFY2(bar.sentence().contains(QStringLiteral("two servers take writes")), qPrintable(bar.sentence()));
    QVERIFY(!ui::operate::promisedOf(planOf(fixtures::incident(), failU1)));
}

void OperateTest::theClockTicksOnlyWhileWritesAreHeld()
{
    const auto well = fixtures::well();
    auto clock = clockAt(well->takenUtc);
    RunningView view(clock, well->fleet);
    const auto figure = [&] {
        const auto *outline = view.effect()->list()->outline();
        return plain(outline->rows()[static_cast<std::size_t>(outline->rowOf("held-clock"))].title);
    };
    view.showOperation({fixtures::runningBefore(*well), true});
    place(view, {1088, 704});
    QCOMPARE(figure(), QStringLiteral("0.21 s"));
    clock->advance(std::chrono::milliseconds(300));
    QTRY_COMPARE(figure(), QStringLiteral("0.51 s"));
    view.showOperation({fixtures::doneOperation(*well), false});
    QCOMPARE(figure(), QStringLiteral("118 ms"));
    clock->advance(std::chrono::seconds(30));
    view.showOperation({fixtures::doneOperation(*well), false});
    QCOMPARE(figure(), QStringLiteral("118 ms"));
    view.showOperation({fixtures::operationAt(*well, 1), true});
    QCOMPARE(figure(), QStringLiteral("0 s"));
}

void OperateTest::everySizeIsRight_data()
{
    QTest::addColumn<QString>("state");
    QTest::addColumn<QSize>("size");
    QTest::addColumn<int>("text");
    const std::vector<std::pair<const char *, QSize>> sizes{{"1024x700", {952, 604}}, {"1280x800", {1088, 704}}, {"2560x1440", {2328, 1336}}};
    for (const char *state : {"plan", "failover", "changed", "local", "refused", "running_before", "running_after", "done", "incomplete", "failed", "in_doubt", "unfinished", "rolled_back"}) {
        for (const auto &[name, size] : sizes) {
            for (const int text : {100, 150})
                if (tests::isLookedAt(size, text))
                    QTest::addRow("%s, %s, text %d", state, name, text) << QString::fromLatin1(state) << size << text;
        }
    }
}

void OperateTest::everySizeIsRight()
{
    QFETCH(QString, state);
    QFETCH(QSize, size);
    QFETCH(int, text);
    m_theme->setTextSize(text);
    const auto well = fixtures::well();
    for (const auto mode : {theme::Theme::Mode::Dark, theme::Theme::Mode::Light}) {
        if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
            continue;
        m_theme->setMode(mode);
        std::unique_ptr<ui::operate::OperateFrame> view;
        const auto all = moments();
        const auto moment = std::find_if(all.begin(), all.end(), [&](const Moment &one) { return state == QLatin1String(one.name); });
        if (moment != all.end()) {
            auto running = std::make_unique<RunningView>(clockAt(well->takenUtc), well->fleet);
            running->showOperation(moment->seen);
            view = std::move(running);
        } else {
            auto world = wellWorld(state == QLatin1String("local") ? fleet::Environment::Local : fleet::Environment::Production);
            auto plan = std::make_unique<PlanView>();
            plan->ask(state == QLatin1String("failover") ? failU1 : switchU1);
            plan->showSnapshot(state == QLatin1String("failover") ? fixtures::incident() : world.run(1));
            if (state == QLatin1String("refused"))
                plan->setRefusal(format::actingRefusal(*well->fleet, "shardlens_observer"));
            if (state == QLatin1String("changed")) {
                world.pauseReplay("u1-eu-west");
                world.run(2);
                plan->showSnapshot(world.run(1));
                QVERIFY(plan->watch().isChanged());
            }
            view = std::move(plan);
        }
        place(*view, size);
        for (int tab = 0; tab < (view->isInTabs() ? 3 : 1); ++tab) {
            if (view->isInTabs())
                view->tabs()->setCurrent(tab);
            QCoreApplication::processEvents();
            savePicture(*view, QStringLiteral("%1-%2-%3-%4%5").arg(state).arg(size.width()).arg(text).arg(theme::Theme::name(mode), view->isInTabs() ? QStringLiteral("-%1").arg(tab) : QString()));
            const QStringList faults = tests::faultsOf(*view);
            QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
        }
    }
    m_theme->setTextSize(100);
}

QTEST_MAIN(OperateTest)
#include "OperateTest.moc"
