// SPDX-License-Identifier: GPL-3.0-or-later
// SHARDLENS_PICTURES names a folder that a picture of each state is written to.
#include "ui/pages/feeds/FeedsPage.h"
#include "tests/ui/Sweep.h"
#include "tests/ui/Warnings.h"
#include "tests/ui/lookup/LookupBench.h"
#include "ui/models/Roles.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/OutlineModel.h"
#include "ui/operate/OutlineView.h"
#include "ui/pages/CellDelegate.h"
#include "ui/pages/feeds/FeedModel.h"
#include "ui/pages/feeds/FeedTable.h"
#include "ui/pages/lookup/LookupBar.h"
#include "ui/pages/lookup/VerdictPanel.h"
#include "ui/pages/mend/MendView.h"
#include "ui/theme/Type.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QAbstractItemModelTester>
#include <QClipboard>
#include <QElapsedTimer>
#include <QGuiApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::FeedModel;
using pages::FeedsPage;
namespace look = inspect::lookup;

using Bench = tests::LookupBench<FeedsPage>;

class FeedsPageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static void show(Bench &bench, std::uint32_t count = 120, std::int64_t length = 0)
    {
        bench.page->lookUp(QString::number(fixtures::kOwner));
        bench.questions.answer(fixtures::feedPage(count, 0, length));
        tests::settle(*bench.page);
    }
    static void explain(Bench &bench, const look::FeedExplanation &explanation)
    {
        bench.page->explain(QString::number(fixtures::kPhoto));
        bench.questions.answer(explanation);
    }
    static void compare(Bench &bench)
    {
        bench.page->compareButton()->click();
        for (const char *region : {"us-east", "us-west", "eu-west"})
            bench.questions.answer(fixtures::comparedFeed(region, std::string(region) != "us-west"));
        tests::settle(*bench.page);
    }
    /// Types the name and a reason, and presses the button by its keys.
    static void confirm(FeedsPage &page)
    {
        auto *bar = page.mendView()->confirmBar();
        bar->setDeafFor(0);
        bar->name()->setText(QString::number(fixtures::kOwner));
        bar->reason()->setText(QStringLiteral("a ticket"));
        bar->button()->click();
    }
    static QString cell(const FeedModel &model, int row, int column) { return model.index(row, column).data().toString(); }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }
    void init() { tests::failOnUnexpectedWarnings(); }

    void everyStateIsDrawnWhole_data()
    {
        QTest::addColumn<QString>("state");
        QTest::addColumn<QSize>("size");
        QTest::addColumn<int>("text");
        for (const char *name : {"empty", "asking", "garbage", "no-rights", "feed", "why", "partly-down", "none", "mend", "mend-refused", "mended"}) {
            for (const auto &size : tests::pageSizes) {
                for (const int text : {100, 150})
                    if (tests::isLookedAt(size.size, text))
                        QTest::addRow("%s at %s, text %d", name, size.name, text) << QString::fromLatin1(name) << size.size << text;
            }
        }
    }
    void everyStateIsDrawnWhole()
    {
        QFETCH(QString, state);
        QFETCH(QSize, size);
        QFETCH(int, text);
        m_theme->setTextSize(text);
        for (const auto mode : {theme::Theme::Mode::Light, theme::Theme::Mode::Dark}) {
            if (mode == theme::Theme::Mode::Light && !tests::areBothThemesLookedAt())
                continue;
            m_theme->setMode(mode);
            Bench bench(size, state.startsWith(QLatin1String("mend")));
            FeedsPage &page = *bench.page;
            page.bar()->caseField()->setText(QStringLiteral("48213"));
            if (state == QLatin1String("asking")) {
                page.lookUp(QString::number(fixtures::kOwner));
            } else if (state == QLatin1String("garbage")) {
                page.lookUp(QStringLiteral("?!"));
            } else if (state == QLatin1String("no-rights")) {
                page.lookUp(QString::number(fixtures::kOwner));
                bench.questions.refuse<look::FeedPage>(
                    {base::ErrorCode::NoRights, "looker has the role observer", {}, {}, base::Effect::None});
            } else if (state == QLatin1String("feed")) {
                show(bench);
            } else if (state == QLatin1String("why")) {
                show(bench, 500, 10000);
                explain(bench, fixtures::notFollowed());
                compare(bench);
            } else if (state == QLatin1String("partly-down")) {
                look::FeedPage half = fixtures::feedPage(120);
                for (std::size_t i = 0; i < half.entries.size(); i += 3) {
                    half.entries[i].isResolved = false;
                    half.entries[i].owner = 0;
                    half.entries[i].caption = {};
                }
                half.troubles = {
                    {base::ServerId("m1-us-east"), {base::ErrorCode::TimedOut, "no answer in 1.0 s", {}, {}, base::Effect::None}}};
                page.lookUp(QString::number(fixtures::kOwner));
                bench.questions.answer(half);
            } else if (state.startsWith(QLatin1String("mend"))) {
                show(bench);
                page.rebuildButton()->click();
                bench.questions.answer(fixtures::feedMend(state != QLatin1String("mend-refused")));
                if (state == QLatin1String("mended")) {
                    confirm(page);
                    bench.questions.answer(mend::Done{"feed-20261121-141230-4f2a", 4114, 120, 0});
                }
            } else if (state == QLatin1String("none")) {
                page.lookUp(QString::number(fixtures::kOwner));
                bench.questions.answer(fixtures::feedPage(0));
            }
            tests::settle(page);
            tests::savePicture(page, QStringLiteral("feeds-%1-%2x%3-%4-%5")
                                         .arg(state)
                                         .arg(size.width())
                                         .arg(size.height())
                                         .arg(text)
                                         .arg(theme::Theme::name(mode)));
            const QStringList faults = tests::faultsOf(page);
            QVERIFY2(faults.isEmpty(), qPrintable(QStringLiteral("\n  ") + faults.join(QStringLiteral("\n  "))));
        }
        m_theme->setTextSize(100);
    }

    /// The caption has the width that nothing else needs, and is cut at its end.
    void captionsHaveTheFreeWidth()
    {
        Bench bench({1088, 704});
        look::FeedPage page = fixtures::feedPage(45);
        for (look::FeedEntry &entry : page.entries) {
            entry.marks.clear();
            entry.isResolved = true;
            entry.caption = {false, std::string("Half a day of walking for this view, with a friend and two dogs, and no filter #travel")};
        }
        bench.page->lookUp(QString::number(fixtures::kOwner));
        bench.questions.answer(page);
        tests::settle(*bench.page);
        const auto *table = bench.page->table();
        QVERIFY(table->isColumnHidden(FeedModel::Marks));
        QVERIFY2(table->columnWidth(FeedModel::Caption) >= 180, qPrintable(QString::number(table->columnWidth(FeedModel::Caption))));
        const QFontMetrics metrics(theme::font(theme::FontRole::Body));
        const QString shown = pages::CellDelegate::shownText(bench.page->model()->index(0, FeedModel::Caption), metrics, table->columnWidth(FeedModel::Caption) - 16);
        QVERIFY2(shown.startsWith(QStringLiteral("Half a day of walking")) && shown.endsWith(QChar(0x2026)), qPrintable(shown));
        page.entries[3].marks = {look::Mark::Deleted};
        bench.page->lookUp(QString::number(fixtures::kOwner));
        bench.questions.answer(page);
        tests::settle(*bench.page);
        QVERIFY(!table->isColumnHidden(FeedModel::Marks));
    }

    void entriesTellWhatTheyAre()
    {
        Bench bench;
        show(bench);
        const FeedModel &model = *bench.page->model();
        QAbstractItemModelTester tester(bench.page->model(), QAbstractItemModelTester::FailureReportingMode::QtTest);
        QCOMPARE(model.rowCount(), 120);
        QCOMPARE(cell(model, 0, FeedModel::Position), QStringLiteral("1"));
        QCOMPARE(cell(model, 0, FeedModel::Media), QString::number(fixtures::kPhoto));
        QCOMPARE(cell(model, 0, FeedModel::Owner), QString::number(fixtures::kOwner));
        QVERIFY2(cell(model, 0, FeedModel::Posted).contains(QStringLiteral("ago")), qPrintable(cell(model, 0, FeedModel::Posted)));
        QVERIFY(cell(model, 0, FeedModel::Caption).startsWith(QStringLiteral("Evening")));
        QCOMPARE(cell(model, 3, FeedModel::Caption), QStringLiteral("masked"));
        QCOMPARE(cell(model, 10, FeedModel::Marks), QStringLiteral("no such photo"));
        QCOMPARE(cell(model, 60, FeedModel::Marks), QStringLiteral("deleted"));
        QCOMPARE(cell(model, 110, FeedModel::Marks), QStringLiteral("not followed"));
        QVERIFY(cell(model, 0, FeedModel::Marks).isEmpty());
        QCOMPARE(model.index(10, FeedModel::Marks).data(models::ShapeRole).toInt(), static_cast<int>(theme::Shape::Triangle));
        QVERIFY2(bench.page->verdict()->sentence().contains(QStringLiteral("3 are amiss")), qPrintable(bench.page->verdict()->sentence()));
        QCOMPARE(bench.page->asCsv().count(QStringLiteral("\r\n")), 121);
    }

    void agesGoOn()
    {
        Bench bench;
        show(bench);
        const QString before = cell(*bench.page->model(), 0, FeedModel::Posted);
        bench.clock->advance(std::chrono::minutes(5));
        bench.page->showSnapshot(bench.snapshot);
        QVERIFY(cell(*bench.page->model(), 0, FeedModel::Posted) != before);
    }

    void theNextStretchIsAskedForNearTheEnd()
    {
        Bench bench;
        show(bench, FeedsPage::kPage, 1200);
        QCOMPARE(bench.questions.asked.size(), std::size_t(1));
        auto *bar = bench.page->table()->verticalScrollBar();
        bar->setValue(bar->maximum());
        QCOMPARE(bench.questions.asked.size(), std::size_t(2));
        const auto *question = bench.questions.newest<look::FeedQuestion>();
        QCOMPARE(question->offset, FeedsPage::kPage);
        const int kept = bar->value();
        bench.questions.answer(fixtures::feedPage(700, FeedsPage::kPage, 1200));
        tests::settle(*bench.page);
        QCOMPARE(bench.page->model()->rowCount(), 1200);
        QCOMPARE(bar->value(), kept); // what was read stays under the eye
        bar->setValue(bar->maximum());
        QCOMPARE(bench.questions.asked.size(), std::size_t(2)); // there is no more
    }

    void tenThousandEntriesScrollSmoothly()
    {
        Bench bench;
        show(bench, 10000);
        auto *bar = bench.page->table()->verticalScrollBar();
        QVERIFY(bar->maximum() > 200000);
        constexpr int frames = 60;
        QElapsedTimer timer;
        timer.start();
        for (int i = 1; i <= frames; ++i) {
            bar->setValue(bar->maximum() * static_cast<qint64>(i) / frames);
            bench.page->table()->viewport()->repaint();
        }
        const double each = static_cast<double>(timer.nsecsElapsed()) / 1e6 / frames;
        qInfo("one frame of 10,000 entries: %.2f ms", each);
        QVERIFY2(each < 50, qPrintable(QStringLiteral("%1 ms a frame").arg(each))); // some 3 ms; never what 10,000 rows would take
    }

    void theFirstStepThatFailsIsTheCause()
    {
        Bench bench;
        show(bench);
        explain(bench, fixtures::notFollowed());
        const auto *question = bench.questions.newest<pages::ExplainQuestion>();
        QVERIFY(question);
        QCOMPARE(question->user, fixtures::kOwner);
        QCOMPARE(question->media, fixtures::kPhoto);
        const auto &rows = bench.page->why()->list()->outline()->rows();
        QCOMPARE(rows.size(), std::size_t(10));
        QCOMPARE(rows[0].title, QStringLiteral("It is not in the feed: the user does not follow the owner."));
        for (std::size_t i = 1; i < rows.size(); ++i)
            QCOMPARE(rows[i].ground, i == 4 ? ui::operate::OutlineRow::Ground::Warning : ui::operate::OutlineRow::Ground::None);
        QCOMPARE(rows[4].shape, theme::Shape::Triangle);
        QVERIFY(rows[5].isQuiet);
        auto leftBehind = fixtures::notFollowed(); // unfollowed, and still there
        for (auto &step : leftBehind.steps) {
            if (step.step == look::FeedStep::InFeed)
                step.result = look::StepResult::Holds;
        }
        explain(bench, leftBehind);
        QCOMPARE(bench.page->why()->list()->outline()->rows()[0].title, QStringLiteral("It is in the feed, though the user does not follow the owner."));
        explain(bench, fixtures::inFeed());
        QCOMPARE(bench.page->why()->list()->outline()->rows()[0].title, QStringLiteral("It is in the feed, in every region."));
    }

    void regionsAreComparedOneAfterTheOther()
    {
        Bench bench;
        show(bench);
        compare(bench);
        const auto *model = bench.page->compared()->list()->outline();
        QCOMPARE(model->rowCount(), 3);
        QCOMPARE(model->rows()[0].second, QStringLiteral("as it should be"));
        QCOMPARE(model->rows()[1].second, QStringLiteral("2 missing, 1 out of order"));
        QCOMPARE(model->rows()[1].ground, ui::operate::OutlineRow::Ground::Warning);
        bench.page->compared()->list()->setOpen("us-west", true);
        QCOMPARE(model->rowCount(), 6);
        QVERIFY(bench.page->compareButton()->isEnabled());
    }

    void aFeedIsRebuiltAsItsPlanSays()
    {
        Bench bench({1088, 704}, true);
        show(bench);
        FeedsPage &page = *bench.page;
        QVERIFY(page.rebuildButton()->isVisible());
        page.rebuildButton()->click();
        const auto *question = bench.questions.newest<pages::MendQuestion>();
        QVERIFY(question);
        QCOMPARE(question->intent.user, fixtures::kOwner);
        QVERIFY(page.mendView()->isVisible());
        QVERIFY(page.mendView()->isAncestorOf(QApplication::focusWidget()));
        bench.questions.answer(fixtures::feedMend());
        tests::settle(page);
        QCOMPARE(page.mendView()->title(), QStringLiteral("Rebuild the feed of user %1").arg(fixtures::kOwner));
        const auto &changes = page.mendView()->changes()->list()->outline()->rows();
        QCOMPARE(changes.size(), std::size_t(4));
        QCOMPARE(changes[0].second, QStringLiteral("added at place 4"));
        QVERIFY2(page.mendView()->asText().contains(QStringLiteral("removed 17 from place 41")), qPrintable(page.mendView()->asText()));
        auto *bar = page.mendView()->confirmBar();
        QVERIFY2(bar->sentence().contains(QStringLiteral("2 added, 1 removed, 1 moved")), qPrintable(bar->sentence()));
        QVERIFY(!bar->button()->isEnabled());
        confirm(page);
        const auto *order = bench.questions.newest<pages::MendOrder>();
        QVERIFY(order);
        QVERIFY(order->plan == fixtures::feedMend());
        QCOMPARE(order->reason, std::string("a ticket"));
        const std::size_t asked = bench.questions.asked.size();
        bar->button()->click(); // once only
        QCOMPARE(bench.questions.asked.size(), asked);
        bench.questions.answer(mend::Done{"feed-20261121-141230-4f2a", 4114, 120, 2});
        tests::settle(page);
        QVERIFY2(page.mendView()->bannerText().contains(QStringLiteral("2 pushed meanwhile and kept")), qPrintable(page.mendView()->bannerText()));
        QVERIFY(!bar->isVisible());
        QVERIFY(bench.questions.newest<look::FeedQuestion>()->offset == 0 && std::holds_alternative<look::FeedQuestion>(bench.questions.asked.back().question)); // read anew beneath
        page.mendView()->bannerButton()->click();
        QVERIFY(bench.questions.newest<pages::MendQuestion>()->undoes);
        QTest::keyClick(page.mendView(), Qt::Key_Escape);
        QVERIFY(!page.mendView()->isVisible());
    }

    void whatIsInTheWayOfARebuildIsSaid()
    {
        Bench bench({1088, 704}, true);
        show(bench);
        FeedsPage &page = *bench.page;
        page.rebuildButton()->click();
        bench.questions.answer(fixtures::feedMend(false));
        tests::settle(page);
        const auto &checks = page.mendView()->checks()->list()->outline()->rows();
        QCOMPARE(checks[0].title, QStringLiteral("The primary has the group’s newest term")); // what fails stands first
        QCOMPARE(checks[0].ground, ui::operate::OutlineRow::Ground::Warning);
        QCOMPARE(checks[1].kind, ui::operate::OutlineRow::Kind::Note);
        confirm(page);
        QVERIFY(!bench.questions.newest<pages::MendOrder>());
        page.mendView()->againButton()->click();
        bench.questions.answer(fixtures::feedMend());
        confirm(page);
        bench.questions.refuse<mend::Done>({base::ErrorCode::Unreachable, "the link broke", {}, "feeds-us-east", base::Effect::InDoubt});
        tests::settle(page);
        QVERIFY2(page.mendView()->bannerText().startsWith(QStringLiteral("Not known yet whether it was written")), qPrintable(page.mendView()->bannerText()));
        QVERIFY(!page.mendView()->confirmBar()->isVisible());
    }

    void whoMayNotActSeesNoButton()
    {
        Bench bench;
        show(bench);
        QVERIFY(!bench.page->rebuildButton()->isVisible()); // the fleet is looked at only
    }

    void aNameLeadsToItsFeed()
    {
        Bench bench;
        bench.page->lookUp(QStringLiteral("mara.k"));
        const auto *question = bench.questions.newest<look::Question>();
        QVERIFY(question);
        QVERIFY(!question->withRegions);
        bench.questions.answer(fixtures::account());
        const auto *feed = bench.questions.newest<look::FeedQuestion>();
        QVERIFY(feed);
        QCOMPARE(feed->user, fixtures::kOwner);
    }

    void anotherKindOrRegionIsReadAnew()
    {
        Bench bench;
        show(bench);
        bench.page->kinds()->setCurrent(1);
        QCOMPARE(bench.questions.newest<look::FeedQuestion>()->kind, look::FeedKind::Activity);
        bench.page->regions()->setCurrent(2);
        QCOMPARE(bench.questions.newest<look::FeedQuestion>()->region, base::RegionName("eu-west"));
        const auto stale = bench.questions.asked[1].number;
        bench.questions.board.tell(stale, base::Result<look::FeedPage>(fixtures::feedPage(7)));
        QCOMPARE(bench.page->model()->rowCount(), 120); // it was overtaken
    }

    void enterLooksAnEntryUp()
    {
        Bench bench;
        show(bench);
        QSignalSpy asked(bench.page.get(), &pages::Page::lookUpRequested);
        bench.page->table()->setCurrentIndex(bench.page->model()->index(2, 0));
        QTest::keyClick(bench.page->table(), Qt::Key_Return);
        QCOMPARE(asked.size(), 1);
        QCOMPARE(asked[0][0].toString(), QStringLiteral("lookup"));
        QCOMPARE(asked[0][1].toString(), QString::number(bench.page->model()->entries()[2].media));
        QTest::keySequence(bench.page->table(), QKeySequence::Copy);
        QVERIFY(QGuiApplication::clipboard()->text().startsWith(QStringLiteral("3\t")));
    }

    void aLinkLeadsBackAndAHiddenPageAsksNothing()
    {
        Bench bench;
        show(bench);
        explain(bench, fixtures::notFollowed());
        const QVariantMap state = bench.page->viewState();
        Bench other;
        other.page->hide();
        other.page->restoreViewState(state);
        QCOMPARE(other.questions.asked.size(), std::size_t(0));
        other.page->show();
        other.page->restoreViewState(state);
        QVERIFY(other.questions.newest<look::FeedQuestion>());
        QVERIFY(other.questions.newest<pages::ExplainQuestion>());
        QCOMPARE(other.page->viewState(), state);
    }
};

QTEST_MAIN(FeedsPageTest)
#include "FeedsPageTest.moc"
