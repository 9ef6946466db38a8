// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/WarmView.h"
#include "tests/fixtures/Snapshots.h"
#include "tests/ui/Geometry.h"
#include "tests/ui/PageBench.h"
#include "tests/ui/Sweep.h"
#include "ui/operate/ConfirmBar.h"
#include "ui/operate/RefusalBar.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/CachePage.h"
#include "ui/pages/cache/WarmRows.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QLineEdit>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::CachePage;

namespace {

/// Who answers the board: keeps what was asked.
struct Desk {
    pages::CacheBoard caches;
    QObject answering;
    std::vector<pages::WarmAsk> plans;
    std::vector<std::pair<pages::WarmPlanned, std::string>> warmed;
    int stops = 0;

    Desk()
    {
        QObject::connect(&caches, &pages::CacheBoard::watchAsked, &answering, [] {});
        QObject::connect(&caches, &pages::CacheBoard::warmPlanAsked, &answering, [this](const auto &ask) { plans.push_back(ask); });
        QObject::connect(&caches, &pages::CacheBoard::warmAsked, &answering,
                         [this](const auto &planned, const std::string &reason) { warmed.emplace_back(planned, reason); });
        QObject::connect(&caches, &pages::CacheBoard::warmStopAsked, &answering, [this] { ++stops; });
    }
};

facts::SnapshotPtr snapshotWith(facts::ClaimRefusal refusal, fleet::Environment environment = fleet::Environment::Production)
{
    auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
    auto fleet = std::make_shared<fleet::Fleet>(*snapshot->fleet);
    fleet->environment = environment;
    snapshot->fleet = fleet;
    auto shared = std::make_shared<facts::Shared>();
    shared->refusal = refusal;
    shared->you = refusal == facts::ClaimRefusal::Role ? "helpdesk" : "oncall1";
    shared->whoMay = {"oncall1"};
    snapshot->shared = shared;
    return snapshot;
}

std::unique_ptr<CachePage> pageWith(Desk &desk, const facts::SnapshotPtr &snapshot, QSize size = {1088, 704})
{
    pages::PageContext context{snapshot->fleet, nullptr, std::make_shared<base::SystemClock>()};
    context.caches = &desk.caches;
    auto page = std::make_unique<CachePage>(context);
    page->setAutoFillBackground(true);
    page->resize(size);
    page->showSnapshot(snapshot);
    page->showView(CachePage::Warm);
    page->show();
    tests::settle(*page);
    return page;
}

cacheflow::WarmPlan planOf()
{
    return {base::PoolName("cache-us-west"),
            base::PoolName("cache-us-east"),
            std::vector<std::string>(1200, "u:1"),
            5000,
            40,
            60,
            3700,
            {},
            3 << 20};
}

} // namespace

class WarmViewTest : public QObject
{
    Q_OBJECT

    std::unique_ptr<theme::Theme> m_theme;

    static QString plain(QString text) { return text.replace(QChar(0x202F), QLatin1Char(' ')); }
    static QString cell(const pages::WarmView &view, const char *row, const char *column)
    {
        const auto *facts = view.rows()->table()->facts();
        return plain(
            facts->data(facts->index(facts->rowOf(row), facts->columnOf(QString::fromLatin1(column))), Qt::DisplayRole).toString());
    }
    /// us-east is to be filled from us-west, and the plan was told.
    static void plan(Desk &desk, CachePage &page)
    {
        page.warmView()->setTarget(base::RegionName("us-east"));
        page.warmView()->source()->setCurrent(static_cast<int>(page.warmView()->source()->choices().indexOf(QStringLiteral("us-west"))));
        page.warmView()->button()->click();
        desk.caches.tellWarmPlan({desk.plans.back(), planOf()});
        tests::settle(page);
    }
    static void confirm(CachePage &page)
    {
        auto *bar = page.warmView()->confirm();
        bar->setDeafFor(0);
        bar->name()->setText(QStringLiteral("us-east"));
        bar->reason()->setText(QStringLiteral("flushed by mistake"));
        tests::settle(page);
        bar->button()->click();
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void nothingIsAskedBeforeSomebodyAsks()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        QVERIFY(desk.plans.empty() && page->warmView()->explained()->isVisible() && !page->warmView()->rows()->isVisible());
        page->warmView()->source()->setCurrent(page->warmView()->target()->current());
        QVERIFY2(!page->warmView()->button()->isEnabled(), "a region is not filled from itself");
        QVERIFY(page->warmView()->explained()->text().contains(QStringLiteral("A region is not filled from itself.")));
    }

    void thePlanIsShownWithWhatItCosts()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        plan(desk, *page);
        QCOMPARE(desk.plans.size(), std::size_t(1));
        QVERIFY((desk.plans.front() == pages::WarmAsk{base::RegionName("us-west"), base::RegionName("us-east"), 10'000, 200}));
        auto *view = page->warmView();
        QCOMPARE(cell(*view, "keys", "plan"), QStringLiteral("1,200"));
        QCOMPARE(cell(*view, "bytes", "plan"), QStringLiteral("3.00 MiB"));
        QCOMPARE(cell(*view, "time", "plan"), QStringLiteral("about 6.0 s at 200 /s"));
        QCOMPARE(cell(*view, "hold_off", "plan"), QStringLiteral("at most 10 s a key"));
        QCOMPARE(cell(*view, "there", "plan"), QStringLiteral("3,700"));
        QVERIFY(view->confirm()->isVisible() && !view->stopButton()->isVisible());
        QVERIFY2(plain(view->confirm()->sentence())
                     .contains(QStringLiteral("Fill 1,200 keys of cache-us-east from cache-us-west, about 6.0 s at 200 /s.")),
                 qPrintable(view->confirm()->sentence()));
        QVERIFY(!view->confirm()->arming().isArmed);
        view->rate()->setCurrent(0); // another choice is another plan
        QVERIFY(!view->rows()->isVisible() && !view->confirm()->isVisible());
    }

    void itRunsWithProgressAndIsStopped()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        plan(desk, *page);
        confirm(*page);
        QCOMPARE(desk.warmed.size(), std::size_t(1));
        QCOMPARE(desk.warmed.front().second, std::string("flushed by mistake"));
        auto *view = page->warmView();
        QVERIFY(view->stopButton()->isVisible() && !view->confirm()->isVisible() && !view->button()->isEnabled() &&
                !view->target()->isEnabled());
        cacheflow::Warmed soFar;
        soFar.tried = 400;
        soFar.filled = 390;
        soFar.differs = 10;
        desk.caches.tellWarm(soFar);
        QCOMPARE(cell(*view, "keys", "done"), QStringLiteral("400"));
        QCOMPARE(cell(*view, "filled", "done"), QStringLiteral("390"));
        QCOMPARE(cell(*view, "time", "done"), QStringLiteral("about 4.0 s left"));
        view->stopButton()->click();
        QCOMPARE(desk.stops, 1);
        soFar.isCancelled = true;
        desk.caches.tellWarmEnd(cacheflow::WarmEnd{soFar, std::nullopt});
        tests::settle(*page);
        QVERIFY(!view->stopButton()->isVisible() && view->button()->isEnabled());
        QCOMPARE(cell(*view, "differs", "done"), QStringLiteral("10"));
        QCOMPARE(plain(pages::warmedText(soFar)),
                 QStringLiteral("390 of 400 filled, 10 not of their row’s version; ended before the rest."));
    }

    void whatCouldNotBeRecordedIsNotBegun()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        plan(desk, *page);
        confirm(*page);
        desk.caches.tellWarmEnd(base::fail(base::ErrorCode::Unreachable, "the directory does not answer"));
        tests::settle(*page);
        QVERIFY(page->warmView()->confirm()->isVisible());
        QVERIFY2(page->warmView()->confirm()->sentence().contains(QStringLiteral("Nothing was filled: the directory does not answer")),
                 qPrintable(page->warmView()->confirm()->sentence()));
    }

    void whoMayNotIsTold()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::Role));
        plan(desk, *page);
        QVERIFY(page->warmView()->refuses()->isVisible() && !page->warmView()->confirm()->isVisible());
    }

    void aPlanThatFailsSaysWhy()
    {
        Desk desk;
        const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
        page->warmView()->button()->click();
        desk.caches.tellWarmPlan({desk.plans.back(), base::fail(base::ErrorCode::NotFound, "There is no pool in a region 'mars'.")});
        QVERIFY(page->warmView()->explained()->text().contains(QStringLiteral("no pool in a region")));
        QVERIFY(page->warmView()->button()->isEnabled());
    }

    void everythingHasItsPlace()
    {
        for (const auto &[name, size] : tests::pageSizes) {
            Desk desk;
            const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None), size);
            const auto look = [&](const char *state) {
                tests::settle(*page);
                QList<QWidget *> parts;
                for (auto *part : page->warmView()->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly))
                    parts << part;
                const QStringList faults = tests::overlaps(parts) + tests::faultsOf(*page);
                QVERIFY2(
                    faults.isEmpty(),
                    qPrintable(
                        QStringLiteral("%1, %2: %3").arg(QLatin1String(name), QLatin1String(state), faults.join(QLatin1String("\n")))));
            };
            look("nothing planned");
            plan(desk, *page);
            look("a plan");
            confirm(*page);
            desk.caches.tellWarm({400, 390, 0, 0, 10, 0, 0, std::nullopt, false});
            look("being filled");
            desk.caches.tellWarmEnd(cacheflow::WarmEnd{{1200, 1100, 40, 30, 10, 10, 10, std::nullopt, false}, std::nullopt});
            look("over");
        }
    }

    void pictures()
    {
        if (qEnvironmentVariableIsEmpty("SHARDLENS_PICTURES"))
            return; // nobody wants them
        for (const bool dark : {true, false}) {
            m_theme->setMode(dark ? theme::Theme::Mode::Dark : theme::Theme::Mode::Light);
            const QString tone = dark ? QStringLiteral("dark") : QStringLiteral("light");
            Desk desk;
            const auto page = pageWith(desk, snapshotWith(facts::ClaimRefusal::None));
            tests::savePicture(*page, QStringLiteral("cache-warm-none-") + tone);
            plan(desk, *page);
            tests::savePicture(*page, QStringLiteral("cache-warm-plan-") + tone);
            confirm(*page);
            desk.caches.tellWarm({400, 390, 0, 0, 10, 0, 0, std::nullopt, false});
            tests::settle(*page);
            tests::savePicture(*page, QStringLiteral("cache-warm-filling-") + tone);
        }
    }

    void oneRegionHasNoSuchView()
    {
        Desk desk;
        auto snapshot = std::make_shared<facts::Snapshot>(*snapshotWith(facts::ClaimRefusal::None));
        auto fleet = std::make_shared<fleet::Fleet>(*snapshot->fleet);
        std::erase_if(fleet->pools, [](const fleet::Pool &pool) { return pool.region.text() != "us-east"; });
        snapshot->fleet = fleet;
        pages::PageContext context{snapshot->fleet, nullptr, std::make_shared<base::SystemClock>()};
        context.caches = &desk.caches;
        const CachePage page(context);
        QVERIFY(!page.warmView());
    }
};

QTEST_MAIN(WarmViewTest)
#include "WarmViewTest.moc"
