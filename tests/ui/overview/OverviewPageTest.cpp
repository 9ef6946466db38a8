// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/World.h"
#include "tests/ui/Geometry.h"
#include "tests/ui/PageBench.h"
#include "ui/models/ServingModel.h"
#include "ui/pages/overview/EventsPanel.h"
#include "ui/pages/overview/HeadlineRow.h"
#include "ui/pages/overview/OverviewPage.h"
#include "ui/pages/overview/ProblemDelegate.h"
#include "ui/pages/overview/ProblemDetails.h"
#include "ui/pages/overview/ProblemListView.h"
#include "ui/pages/overview/ProblemsPanel.h"
#include "ui/pages/overview/QuietPopup.h"
#include "ui/pages/overview/RegionsPanel.h"
#include "ui/pages/overview/ServingPanel.h"
#include "ui/pages/overview/ShapeLegend.h"
#include "ui/pages/overview/TrafficCharts.h"
#include "ui/pages/overview/TrafficFigures.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Text.h"

#include <QClipboard>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

#include <cmath>

using namespace shardlens;
using namespace shardlens::ui;
using pages::OverviewPage;

class OverviewPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static std::unique_ptr<OverviewPage> pageOf(const facts::SnapshotPtr &snapshot, QSize size, const observe::History *history = nullptr)
    {
        return tests::pageOf<OverviewPage>(snapshot, size, history);
    }

    /// What the headline of a state begins with.
    static QString headlineOf(const QString &state)
    {
        static const std::map<QString, const char *> words{
            {QStringLiteral("well"), "All 12 write paths and 12 read paths work."},
            {QStringLiteral("incident"), "Writes fail on u1: 512 of 1,024 users shards, about 50 % of users. Reads work."},
            {QStringLiteral("lagging"), "u1-us-west is 8.62 s behind."},
            {QStringLiteral("slow"), "eu-west is slow, not dead."},
            {QStringLiteral("partly-down"), "us-west is not known from here: 11 of 33 servers silent for 14 s. us-east and eu-west write and read."},
            {QStringLiteral("asking"), "Asking 33 servers."},
            {QStringLiteral("all-down"), "No server answers. Only this machine may be cut off."},
            {QStringLiteral("slept"), "This console slept 42 min. Reading again."},
            {QStringLiteral("look-only"), "Writes fail on u1: 512 of 1,024 users shards, about 50 % of users. Reads work."},
            {QStringLiteral("no-rights"), "Writes fail on u1: 512 of 1,024 users shards, about 50 % of users. Reads work."}};
        const auto known = words.find(state);
        return known == words.end() ? QString() : QString::fromUtf8(known->second);
    }

    static QList<QWidget *> partsOf(const OverviewPage &page)
    {
        return {page.headline(), page.problems(), page.serving(), page.regions(), page.traffic(), page.events()};
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void everyStateLooksRight_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<QString>("sizeName");
        for (const auto &[name, snapshot] : tests::states())
            for (const auto &size : tests::pageSizes)
                QTest::addRow("%s at %s", name, size.name) << QString::fromLatin1(name) << size.size << QString::fromLatin1(size.name);
    }
    void everyStateLooksRight()
    {
        QFETCH(QString, state);
        QFETCH(QSize, size);
        QFETCH(QString, sizeName);
        const auto snapshot = tests::stateNamed(state);
        const auto history = tests::historyOf(snapshot);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            const auto page = pageOf(snapshot, size, history.get());
            QCoreApplication::processEvents();
            QCOMPARE(tests::cutNumbers(*page).join(QLatin1Char('\n')), QString());
            QCOMPARE(tests::overlaps(partsOf(*page)).join(QLatin1Char('\n')), QString());
            QCOMPARE(tests::drawingFaults(page->regions()->view()->picture()).join(QLatin1Char('\n')), QString());
            QString sentence = page->headline()->sentence();
            sentence.replace(QChar(0x202F), QLatin1Char(' '));
            QVERIFY2(!sentence.isEmpty() && sentence.startsWith(headlineOf(state)), qPrintable(sentence));
            if (state != QLatin1String("well")) // in whatever words: what is not well is never told as well
                QVERIFY2(!sentence.startsWith(headlineOf(QStringLiteral("well"))), qPrintable(sentence));
            const QFontMetrics body(theme::font(theme::FontRole::Body));
            for (const auto &row : page->problems()->model()->rows()) // a button's words are never cut
                QVERIFY2(body.horizontalAdvance(row.text.button) + 8 <= pages::ProblemDelegate::buttonIn(QRect(0, 0, 600, 50)).width(), qPrintable(row.text.button));
            tests::savePicture(*page, QStringLiteral("overview-%1-%2-%3").arg(state, sizeName, theme::Theme::name(mode)));
        }
        m_theme->setMode(theme::Theme::Mode::Light);
    }

    void theDefaultFleetNeedsNoScrollingAt1280()
    {
        for (const auto &[name, snapshot] : tests::states()) {
            const auto page = pageOf(snapshot, {1088, 704});
            for (const auto *part : partsOf(*page))
                QVERIFY2(part->geometry().bottom() < 704 && part->geometry().right() < 1088, name);
            QVERIFY2(page->regions()->view()->picture().layout.detail >= charts::CardDetail::Compact, name);
            QVERIFY2(page->regions()->view()->picture().layout.size.height() <= page->regions()->view()->height() + 1, name);
        }
    }

    void noProblemsShrinkToOneLineAndTheDrawingGrows()
    {
        const auto well = pageOf(fixtures::well(), {1088, 704});
        QCOMPARE(well->problems()->height(), well->problems()->oneLineHeight());
        QCOMPARE(well->regions()->view()->picture().layout.detail, charts::CardDetail::Normal);
        const auto incident = pageOf(fixtures::incident(), {1088, 704});
        QVERIFY(incident->problems()->height() > 200);
        QCOMPARE(incident->regions()->view()->picture().layout.detail, charts::CardDetail::Compact);
    }

    void largeTextStillFits()
    {
        m_theme->setTextSize(150);
        const auto normalAgain = qScopeGuard([this] { m_theme->setTextSize(100); });
        for (const auto &[name, snapshot] : tests::states()) {
            const auto page = pageOf(snapshot, {1800, 1100});
            QVERIFY2(tests::overlaps(partsOf(*page)).isEmpty(), name);
            QCOMPARE(tests::drawingFaults(page->regions()->view()->picture()).join(QLatin1Char('\n')), QString());
        }
    }

    void rowsStayUnderThePointerThroughChurn()
    {
        fixtures::Churn churn;
        auto snapshot = churn.next();
        for (int i = 0; i < fixtures::Churn::ticks / 2 && snapshot->problems.size() < 2; ++i)
            snapshot = churn.next();
        const auto page = pageOf(snapshot, {1088, 704});
        page->regions()->view()->setFocus(); // only the pointer holds the list
        auto *list = page->problems()->list();
        auto *model = page->problems()->model();
        QVERIFY2(model->rowCount() >= 1, "the churn begins with a problem");
        QEnterEvent enter(QPointF(50, 20), QPointF(50, 20), QPointF(50, 20));
        QCoreApplication::sendEvent(list, &enter);
        QVERIFY(model->isHeld());
        std::vector<std::string> before;
        for (const auto &row : model->rows())
            before.push_back(row.id);
        const auto where = list->visualRect(model->index(0, 0)).translated(list->mapTo(page.get(), QPoint()));
        int waited = 0;
        for (int tick = 0; tick < fixtures::Churn::ticks / 2; ++tick) {
            page->showSnapshot(churn.next());
            std::vector<std::string> now;
            for (const auto &row : model->rows())
                now.push_back(row.id);
            QCOMPARE(now, before);
            QCOMPARE(list->visualRect(model->index(0, 0)).translated(list->mapTo(page.get(), QPoint())), where);
            waited = std::max(waited, model->waiting());
        }
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(list, &leave);
        QVERIFY(!model->isHeld());
        QCOMPARE(model->waiting(), 0);
    }

    void enterOpensARowAndThenPressesItsButton()
    {
        const auto page = pageOf(fixtures::lagging(), {1088, 704});
        auto *list = page->problems()->list();
        QVERIFY(list->openedId().empty());
        list->setFocus();
        list->setCurrentIndex(list->model()->index(0, 0));
        QSignalSpy opened(page.get(), &pages::Page::openRequested);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(list->openedId(), page->problems()->model()->rows().front().id);
        QVERIFY(list->sizeHintForRow(0) > theme::scaled(pages::ProblemListView::kRow));
        QCOMPARE(opened.size(), 0);
        QTest::keyClick(list, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.front().front().toString(), QStringLiteral("replication"));
        QTest::keyClick(list, Qt::Key_Escape);
        QVERIFY(list->openedId().empty());
    }

    void anOpenedRowTellsBacklogAndPrice()
    {
        const auto page = pageOf(fixtures::lagging(), {1088, 704});
        auto *list = page->problems()->list();
        auto *model = page->problems()->model();
        QVERIFY(model->rows().front().backlogs.isEmpty());
        list->open(model->rows().front().id);
        tests::settle(*page);
        const auto row = model->rows().front();
        QCOMPARE(row.backlogs.size(), 1);
        QCOMPARE(row.prices.size(), 1);
        auto silent = row;
        silent.backlogs.clear();
        silent.prices.clear();
        const qreal width = pages::ProblemDelegate::detailsWidth(list->viewport()->width());
        const pages::ProblemDetails details(row, list->now(), width);
        QVERIFY(details.height() > pages::ProblemDetails(silent, list->now(), width).height());
        // The row is as high as what it tells.
        QCOMPARE(list->sizeHintForRow(0), theme::scaled(pages::ProblemListView::kRow) + int(std::ceil(details.height())));
        // Lines wrap: narrower is higher, never cut.
        QVERIFY(pages::ProblemDetails(row, list->now(), width / 2).height() > details.height());
        list->open({});
        QVERIFY(model->rows().front().backlogs.isEmpty());
    }

    void whatOpenedItselfIsAlwaysTheWorst()
    {
        const auto page = pageOf(fixtures::lagging(), {2328, 1336});
        auto *list = page->problems()->list();
        const std::string before = list->openedId();
        QCOMPARE(before, page->problems()->model()->rows().front().id);
        page->showSnapshot(fixtures::incident());
        tests::settle(*page);
        QVERIFY(before != page->problems()->model()->rows().front().id);
        QCOMPARE(list->openedId(), page->problems()->model()->rows().front().id);
        QCOMPARE(page->problems()->subject()->id, list->openedId());
        // What a person opened stays, and so does what a person closed.
        list->open({});
        page->showSnapshot(fixtures::lagging());
        tests::settle(*page);
        QVERIFY(list->openedId().empty());
    }

    void theTableOfTheDrawingShowsEveryWordThatCameLater()
    {
        const auto page = pageOf(fixtures::asking(), {1088, 704});
        page->toggleTable();
        page->showSnapshot(fixtures::well());
        tests::settle(*page);
        const QTableView *table = page->regions()->table();
        QVERIFY(table->isVisible());
        for (int column = 0; column < table->model()->columnCount(); ++column)
            QVERIFY2(table->columnWidth(column) >= static_cast<const QAbstractItemView *>(table)->sizeHintForColumn(column), qPrintable(table->model()->headerData(column, Qt::Horizontal).toString()));
        QCOMPARE(page->regions()->note(), QString());
    }

    void aListThatHasTheRoomHasNoBar_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::newRow("narrow") << QSize(928, 604);
        QTest::newRow("wide") << QSize(2328, 1336);
    }
    void aListThatHasTheRoomHasNoBar()
    {
        QFETCH(QSize, size);
        for (const int text : {100, 150}) {
            m_theme->setTextSize(text);
            const auto page = pageOf(fixtures::incident(), size);
            page->problems()->list()->open({});
            tests::settle(*page);
            QCOMPARE(page->problems()->list()->verticalScrollBar()->maximum(), 0);
        }
        m_theme->setTextSize(100);
    }

    void aProblemWithoutAPageOfItsOwnCopiesItsEvidence()
    {
        const auto page = pageOf(fixtures::partlyDown(), {1088, 704});
        auto *model = page->problems()->model();
        for (int row = 0; row < model->rowCount(); ++row) {
            const auto &shown = model->rows()[static_cast<std::size_t>(row)];
            if (shown.endedAt || shown.text.button != QStringLiteral("Copy evidence"))
                continue;
            QGuiApplication::clipboard()->clear();
            Q_EMIT page->problems()->list()->pressed(shown);
            QVERIFY(QGuiApplication::clipboard()->text().contains(shown.text.sentence));
            return;
        }
        QFAIL("the fixture has a problem that no page shows");
    }

    void aLostRegionLeadsToItsEvacuation()
    {
        fixtures::World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
        world.run(10);
        for (const fleet::Server &server : fixtures::defaultFleet()->servers) {
            if (server.region.text() == "eu-west") // us-east is ours
                world.silence(server.id.text(), base::ErrorCode::Refused, "connection refused");
        }
        for (const char *cluster : {"u2", "m2", "mediamap"})
            world.killPrimary(cluster);
        const facts::SnapshotPtr shown = world.run(10);
        const auto page = pageOf(shown, {1088, 704});
        QSignalSpy asked(page.get(), &pages::Page::campaignPlanRequested);
        for (const auto &row : page->problems()->model()->rows()) {
            if (row.problem.rule != facts::Rule::RegionSilent)
                continue;
            QVERIFY2(row.text.button == QStringLiteral("Evacuate…"), qPrintable(row.text.sentence));
            Q_EMIT page->problems()->list()->pressed(row);
        }
        QCOMPARE(asked.size(), 1);
        const auto goal = asked.front().front().value<campaign::Goal>();
        QCOMPARE(int(goal.aim), int(campaign::Aim::Evacuate));
        QCOMPARE(goal.subject, std::string("eu-west"));
    }

    /// How many people are hit is read in every window, at every text size: no form of the sentence is cut.
    void theHeadlineFits_data()
    {
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("text");
        for (const int text : {100, 150}) {
            for (const auto &size : tests::pageSizes)
                QTest::addRow("%s at %d %%", size.name, text) << size.size << text;
        }
    }
    void theHeadlineFits()
    {
        QFETCH(QSize, size);
        QFETCH(int, text);
        m_theme->setTextSize(text);
        for (const auto &[name, snapshot] : tests::states()) {
            const auto page = pageOf(snapshot, size);
            QVERIFY2(!page->headline()->shownSentence().contains(QChar(0x2026)), qPrintable(QString::fromLatin1(name) + QStringLiteral(": ") + page->headline()->shownSentence()));
        }
        const auto page = pageOf(fixtures::incident(), size);
        QVERIFY2(page->headline()->shownSentence().contains(QStringLiteral("of users")), qPrintable(page->headline()->shownSentence()));
        m_theme->setTextSize(100);
    }

    /// A snapshot in which the directory was read, and `you` may write into it unless something keeps them from it.
    static facts::SnapshotPtr withDesk(std::optional<facts::Claim::Kind> kind = {}, const char *by = "oncall1", facts::ClaimRefusal refusal = facts::ClaimRefusal::None)
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::incident());
        auto shared = std::make_shared<facts::Shared>();
        shared->readAt = snapshot->takenAt;
        shared->readUtc = snapshot->takenUtc;
        shared->you = "oncall1";
        shared->whoMay = {"oncall1"};
        shared->refusal = refusal;
        shared->consoles = {{"x", {"oncall2", "", ""}, base::RegionName("us-west"), 30, 33, {base::ServerId("u1-us-east")}, std::chrono::seconds(1), false}};
        if (kind)
            shared->claims = {{*kind, snapshot->problems.front().id(), {by, "", ""}, "kernel upgrade", snapshot->takenUtc - std::chrono::seconds(5), snapshot->takenUtc + std::chrono::minutes(30), false}};
        snapshot->shared = shared;
        return snapshot;
    }

    void whoIsOnItStandsInTheTitle_data()
    {
        using Kind = facts::Claim::Kind;
        using Refusal = facts::ClaimRefusal;
        QTest::addColumn<facts::SnapshotPtr>("snapshot");
        QTest::addColumn<QString>("words");
        QTest::addColumn<QString>("button");
        QTest::newRow("nobody yet") << withDesk() << "nobody is on u1 yet" << "I'm on it";
        auto everywhere = std::make_shared<facts::Snapshot>(*withDesk());
        everywhere->problems.front().place = {};
        QTest::newRow("of what has no name of its own") << facts::SnapshotPtr(everywhere) << "nobody is on it yet" << "I'm on it";
        QTest::newRow("you") << withDesk(Kind::Claimed) << "oncall1 is on it" << "Leave it";
        QTest::newRow("another may be relieved") << withDesk(Kind::Claimed, "oncall2") << "oncall2 is on it" << "I'm on it";
        QTest::newRow("who may not sees who is on it") << withDesk(Kind::Claimed, "oncall2", Refusal::Role) << "oncall2 is on it" << "";
        QTest::newRow("a directory that nobody asks") << fixtures::incident() << "" << "";
    }
    void whoIsOnItStandsInTheTitle()
    {
        QFETCH(facts::SnapshotPtr, snapshot);
        QFETCH(QString, words);
        QFETCH(QString, button);
        const auto page = pageOf(snapshot, {1088, 704});
        QCOMPARE(page->problems()->onIt()->text(), words);
        auto *claim = page->problems()->claimButton();
        QCOMPARE(claim->isVisibleTo(page.get()) ? claim->text() : QString(), button);
        QVERIFY(!page->problems()->onIt()->isElided());
    }

    /// The row that the page itself had opened stays the current one of the list; nobody chose it.
    void whoIsOnItIsSaidOfTheWorstUnlessAPersonChose()
    {
        auto two = std::make_shared<facts::Snapshot>(*withDesk());
        facts::Problem lesser = two->problems.front();
        lesser.severity = facts::Severity::Warning;
        lesser.place = {};
        two->problems.push_back(std::move(lesser));
        const auto page = pageOf(two, {1088, 704});
        auto *panel = page->problems();
        auto *list = panel->list();
        auto *model = panel->model();
        QCOMPARE(model->running(), 2);
        const QString ofTheWorst = panel->onIt()->text();
        QCOMPARE(ofTheWorst, QStringLiteral("nobody is on u1 yet"));
        list->clearFocus();
        list->setCurrentIndex(model->index(1, 0));
        QCOMPARE(panel->onIt()->text(), ofTheWorst);
        QSignalSpy asked(panel, &pages::ProblemsPanel::asked);
        panel->claimButton()->click();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().at(0).value<models::ProblemRow>().id, model->rows().front().id);
    }

    void aProblemThatComesInUnderTheButtonIsNotClaimed()
    {
        const auto one = withDesk();
        const auto page = pageOf(one, {1088, 704});
        auto *panel = page->problems();
        const std::string read = panel->subject()->id;
        auto two = std::make_shared<facts::Snapshot>(*one);
        facts::Problem worse = two->problems.front();
        worse.place.cluster = base::ClusterName("m1");
        two->problems.insert(two->problems.begin(), worse);
        two->problems.erase(two->problems.begin() + 1); // and the other is over
        QSignalSpy asked(panel, &pages::ProblemsPanel::asked);
        panel->claimButton()->click();
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().at(0).value<models::ProblemRow>().id, read);
        panel->list()->clearFocus(); // nothing would come in while it is read
        page->showSnapshot(two);
        QVERIFY(panel->subject() && panel->subject()->id != read);
        panel->claimButton()->click(); // meant for what stood there
        QCOMPARE(asked.size(), 1);
        panel->setDeafFor(0);
        panel->claimButton()->click();
        QCOMPARE(asked.size(), 2);
        QCOMPARE(asked.back().at(0).value<models::ProblemRow>().id, worse.id());
    }

    void actionsOfAnOpenedRow()
    {
        const auto page = pageOf(withDesk(facts::Claim::Kind::Quieted), {1088, 704});
        auto *list = page->problems()->list();
        auto *model = page->problems()->model();
        QVERIFY(model->rows().front().text.line2.startsWith(QStringLiteral("Quiet until 03:44Z by oncall1: kernel upgrade")));
        list->open(model->rows().front().id);
        QCoreApplication::processEvents();
        QVERIFY(list->actionRect(model->index(0, 0), pages::ProblemAction::Quiet).isNull()); // it is quiet already
        QVERIFY(!list->actionRect(model->index(0, 0), pages::ProblemAction::Claim).isNull());
        QSignalSpy asked(page->problems(), &pages::ProblemsPanel::asked);
        const QRect unquiet = list->actionRect(model->index(0, 0), pages::ProblemAction::Unquiet);
        QVERIFY(unquiet.height() >= 24);
        list->scrollTo(model->index(0, 0), QAbstractItemView::PositionAtBottom);
        QTest::mouseClick(list->viewport(), Qt::LeftButton, {}, list->actionRect(model->index(0, 0), pages::ProblemAction::Unquiet).center());
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked.front().at(1).value<pages::ProblemAction>(), pages::ProblemAction::Unquiet);
        QGuiApplication::clipboard()->clear();
        Q_EMIT list->asked(model->rows().front(), pages::ProblemAction::CopyTimeline);
        QVERIFY2(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("Incident timeline of ")), qPrintable(QGuiApplication::clipboard()->text()));
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            QCoreApplication::processEvents();
            tests::savePicture(*page, QStringLiteral("overview-quiet-%1").arg(theme::Theme::name(mode)));
        }
        m_theme->setMode(theme::Theme::Mode::Light);
    }

    void aQuietNeedsAReason()
    {
        pages::QuietPopup popup("id", QStringLiteral("u1 takes no writes"), nullptr);
        popup.setAttribute(Qt::WA_DeleteOnClose, false);
        QSignalSpy chosen(&popup, &pages::QuietPopup::chosen);
        QVERIFY(!popup.button()->isEnabled());
        QTest::keyClick(popup.reason(), Qt::Key_Return);
        QCOMPARE(chosen.size(), 0);
        popup.reason()->setText(QStringLiteral("kernel upgrade"));
        QVERIFY(popup.button()->isEnabled());
        QTest::mouseClick(popup.button(), Qt::LeftButton);
        QCOMPARE(chosen.size(), 1);
        QCOMPARE(chosen.front().at(1).toString(), QStringLiteral("kernel upgrade"));
    }

    void aSumNeverCountsWhatIsNotKnownAsNothing()
    {
        const auto writes = pages::writesFigure(*fixtures::partlyDown(), nullptr);
        QVERIFY2(writes.now.startsWith(QChar(0x2265)), qPrintable(writes.now));
        QCOMPARE(writes.missing, QStringLiteral("1 of 3 not known"));
        QCOMPARE(writes.was, QString());
        QCOMPARE(pages::writesFigure(*fixtures::allDown(), nullptr).now, QStringLiteral("not known"));
        QCOMPARE(pages::writesFigure(*fixtures::asking(), nullptr).now, QStringLiteral("not known"));
        QCOMPARE(pages::lagFigure(*fixtures::incident(), nullptr).missing, QStringLiteral("2 of 10 not known"));
        QCOMPARE(pages::waitingFigure(*fixtures::well(), nullptr).now, QStringLiteral("0"));
    }

    void wasIsAnHourAgoOrSaysWhen()
    {
        const auto snapshot = fixtures::well(); // 10:42:07Z
        const auto young = tests::historyOf(snapshot); // 25 min of it
        for (const auto &figure : {pages::writesFigure(*snapshot, young.get()), pages::lagFigure(*snapshot, young.get()), pages::waitingFigure(*snapshot, young.get())}) {
            QVERIFY(figure.was.startsWith(QStringLiteral("was ")));
            QCOMPARE(figure.wasAt, QStringLiteral("at 10:17Z"));
        }
        observe::History old;
        for (const int ago : {3610, 3605, 3600, 3595, 0}) {
            auto moment = *snapshot;
            moment.takenUtc = snapshot->takenUtc - std::chrono::seconds(ago);
            old.record(moment);
        }
        const auto writes = pages::writesFigure(*snapshot, &old);
        QVERIFY(writes.was.startsWith(QStringLiteral("was ")));
        QCOMPARE(writes.wasAt, QString());
        QCOMPARE(pages::writesFigure(*snapshot, nullptr).wasAt, QString());
    }

    /// "Writes u1: ! fails 33 s | ! fails 33 s | …", a row a line.
    static QStringList servingOf(const facts::SnapshotPtr &snapshot)
    {
        models::ServingModel model;
        model.showSnapshot(*snapshot);
        QStringList lines;
        for (int row = 0; row < model.rowCount(); ++row) {
            QStringList cells;
            for (int column = 1; column < model.columnCount(); ++column)
                cells << model.index(row, column).data().toString().replace(QChar(0x202F), QLatin1Char(' '));
            lines << model.index(row, 0).data().toString() + QStringLiteral(": ") + cells.join(QStringLiteral(" | "));
        }
        return lines;
    }

    void servingCellsReadAsMeant()
    {
        const QStringList incident = servingOf(fixtures::incident());
        QCOMPARE(incident.size(), 9);
        QVERIFY2(incident.front().startsWith(QStringLiteral("Writes u1: fails 3")), qPrintable(incident.join(QLatin1Char('\n'))));
        QVERIFY2(incident.filter(QStringLiteral("Writes u2")).front().contains(QStringLiteral(" ms")), qPrintable(incident.join(QLatin1Char('\n'))));
        QVERIFY2(incident.filter(QStringLiteral("Reads, worst")).size() == 1, qPrintable(incident.join(QLatin1Char('\n'))));
        const QStringList slow = servingOf(fixtures::slowRegion()).filter(QStringLiteral("Writes u2"));
        QVERIFY2(slow.front().contains(QStringLiteral("was 8")), qPrintable(slow.front()));
        const QStringList partly = servingOf(fixtures::partlyDown());
        QVERIFY2(partly.last().contains(QStringLiteral("1 of 2 work")), qPrintable(partly.last()));
        QVERIFY2(partly.front().contains(QStringLiteral(" 15 s |")), qPrintable(partly.front())); // the last answer came 0.6 s before the silence
    }

    /// A group whose primary answers proves no write, and no dot says that it does.
    void aDotIsWhatItsLegendSays()
    {
        const auto page = pageOf(fixtures::well(), {1088, 704});
        const auto *legend = page->serving()->findChild<pages::ShapeLegend *>();
        QVERIFY(legend);
        QCOMPARE(legend->toolTip(), QStringLiteral("write committed, read answered, inferred"));
        models::ServingModel model;
        model.showSnapshot(*fixtures::well());
        int groups = 0;
        for (const auto &row : model.rows()) {
            if (row.name != QLatin1String("Feeds"))
                continue;
            for (const auto &cell : row.cells) {
                if (!cell)
                    continue;
                ++groups;
                QCOMPARE(int(cell->look), int(ui::format::ServingCellText::Look::Inferred));
                QVERIFY2(cell->detail.contains(QStringLiteral("No write was tried.")) && !cell->detail.contains(QStringLiteral("nobody waits")), qPrintable(cell->detail));
            }
        }
        QVERIFY(groups > 0);
    }

    void wellClustersFoldOverTenRows()
    {
        const QStringList rows = servingOf(fixtures::big());
        QVERIFY2(rows.size() <= 10, qPrintable(rows.join(QLatin1Char('\n'))));
        QVERIFY2(rows.front().startsWith(QStringLiteral("Writes users, 64 of 64")), qPrintable(rows.front()));
    }

    void servingIsReachedByKeysAndCopied()
    {
        const auto page = pageOf(fixtures::incident(), {1088, 704});
        auto *table = page->serving()->table();
        table->setFocus();
        table->setCurrentIndex(table->model()->index(0, 1));
        QVERIFY(table->model()->index(0, 1).data(Qt::AccessibleTextRole).toString().startsWith(QStringLiteral("Writes u1 from us-east: fails")));
        QTest::keyClick(table, Qt::Key_C, Qt::ControlModifier);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("Writes u1\tfails")));
        QSignalSpy opened(page.get(), &pages::Page::openRequested);
        QTest::keyClick(table, Qt::Key_Return);
        QCOMPARE(opened.size(), 1);
        QCOMPARE(opened.front().front().toString(), QStringLiteral("replication"));
        QVERIFY(page->asCsv().startsWith(QStringLiteral("what,region,verdict")));
    }

    void eventsTakeTheDrawingsPlaceWhenAskedFor()
    {
        const auto page = pageOf(fixtures::incident(), {1088, 704});
        QVERIFY(page->regions()->isVisible() && !page->events()->isVisible());
        page->setShowsEvents(true);
        QVERIFY(!page->regions()->isVisible() && page->events()->isVisible());
        QVERIFY(page->events()->model()->rowCount() >= 2);
        QCOMPARE(page->events()->geometry(), page->regions()->geometry());
        const auto wide = pageOf(fixtures::incident(), {2328, 1336});
        // What the inspector takes, it takes from the middle: the columns beside it keep their width.
        const auto inspected = pageOf(fixtures::incident(), {1908, 1336});
        QVERIFY(std::abs(inspected->problems()->width() - wide->problems()->width()) <= 4);
        QVERIFY(std::abs(inspected->serving()->width() - wide->serving()->width()) <= 4);
        QVERIFY(inspected->regions()->width() >= 600);
        QVERIFY(wide->regions()->isVisible() && wide->events()->isVisible());
    }

    void eventsStayUnderThePointer()
    {
        fixtures::Churn churn;
        const auto page = pageOf(churn.next(), {2328, 1336});
        for (int i = 0; i < 40; ++i)
            page->showSnapshot(churn.next());
        auto *table = page->events()->table();
        auto *model = page->events()->model();
        const int rows = model->rowCount();
        QVERIFY(rows > 0);
        const QString first = model->index(0, 2).data().toString();
        QEnterEvent enter(QPointF(50, 20), QPointF(50, 20), QPointF(50, 20));
        QCoreApplication::sendEvent(table, &enter);
        for (int i = 40; i < fixtures::Churn::ticks - 1; ++i) {
            page->showSnapshot(churn.next());
            QCOMPARE(model->index(0, 2).data().toString(), first);
        }
        QVERIFY(model->waiting() > 0);
        QEvent leave(QEvent::Leave);
        QCoreApplication::sendEvent(table, &leave);
        QVERIFY(model->rowCount() > rows);
        QCOMPARE(model->waiting(), 0);
    }

    void aHiddenPageOnlyKeepsTheSnapshot()
    {
        OverviewPage page({fixtures::well()->fleet, nullptr, std::make_shared<base::SystemClock>()});
        page.resize(1088, 704);
        page.showSnapshot(fixtures::incident());
        QCOMPARE(page.problems()->model()->rowCount(), 0);
        page.show();
        QVERIFY(page.problems()->model()->rowCount() > 0);
        QVERIFY(page.hasLiveData());
    }

    void nothingIsLiveBeforeTheFirstAnswer() { QVERIFY(!pageOf(fixtures::asking(), {1088, 704})->hasLiveData()); }

    void aSubjectIsBroughtIntoSight()
    {
        const auto page = pageOf(fixtures::well(), {1088, 704});
        QVERIFY(page->select(base::ClusterName("u2")));
        QCOMPARE(page->regions()->view()->selected(), charts::TopologyKey(base::ServerId("u2-eu-west")));
        QVERIFY(page->select(base::PoolName("cache-us-west")));
        QVERIFY(!page->select(base::ServerId("nobody")));
        QCOMPARE(page->viewState().value(QStringLiteral("table")).toBool(), false);
        page->toggleTable();
        const auto state = page->viewState();
        const auto other = pageOf(fixtures::well(), {1088, 704});
        other->restoreViewState(state);
        QVERIFY(other->regions()->isTable());
        const auto csv = page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
        QCOMPARE(csv.size(), qsizetype(page->regions()->view()->picture().graph.nodes.size()) + 1);
    }
};

QTEST_MAIN(OverviewPageTest)
#include "OverviewPageTest.moc"
