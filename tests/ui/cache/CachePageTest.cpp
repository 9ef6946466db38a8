// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/PageBench.h"
#include "ui/models/Roles.h"
#include "ui/pages/RowsPanel.h"
#include "ui/pages/cache/CacheBoard.h"
#include "ui/pages/cache/CachePage.h"
#include "ui/pages/cache/CacheRows.h"
#include "ui/pages/cache/FlowRows.h"
#include "ui/pages/cache/FlowView.h"
#include "ui/pages/cache/HotKeysView.h"
#include "ui/pages/cache/MemoryView.h"
#include "ui/pages/cache/PublishPopup.h"
#include "ui/theme/widgets/FlatButton.h"
#include "ui/theme/widgets/Paragraph.h"
#include "ui/theme/widgets/SegmentedControl.h"

#include <QAbstractItemModelTester>
#include <QHeaderView>
#include <QLineEdit>
#include <QScrollBar>
#include <QtTest>

using namespace shardlens;
using namespace shardlens::ui;
using pages::CachePage;

class CachePageTest : public QObject
{
    Q_OBJECT

private:
    std::unique_ptr<theme::Theme> m_theme;

    static QString plain(QString text) { return text.replace(QChar(0x202F), QLatin1Char(' ')); }

    static QString text(const pages::RowsPanel &panel, const char *row, const char *column, int role = Qt::DisplayRole)
    {
        const auto *facts = panel.table()->facts();
        return plain(facts->data(facts->index(facts->rowOf(row), facts->columnOf(QString::fromLatin1(column))), role).toString());
    }

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }

    void aRowAPoolAndARowAServer()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QCOMPARE(page->pools()->table()->facts()->rowCount(), 3);
        QCOMPARE(page->servers()->table()->facts()->rowCount(), 6);
        QCOMPARE(text(*page->pools(), "cache-us-east", "answering"), QStringLiteral("2 of 2 answer"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "hit_ratio").left(4), QStringLiteral("98.6"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "used_bytes"), QStringLiteral("602 MiB of 1.00 GiB"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "items"), QStringLiteral("824,000"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "connections"), QStringLiteral("84 of 2,048"));
        QCOMPARE(text(*page->servers(), "cache-us-east-1", "process"), QStringLiteral("2900")); // an identifier: not grouped
        QCOMPARE(text(*page->servers(), "cache-us-east-1", "state"), QStringLiteral("answers"));
        QVERIFY(text(*page->servers(), "cache-us-east-1", "uptime_seconds").startsWith(QStringLiteral("2 d ")));
    }

    void aSumNeverCountsWhatIsNotKnownAsNothing()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::partlyDown(), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-eu-west", "answering"), QStringLiteral("1 of 2 answer"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "used_bytes"), QStringLiteral("≥ 301 MiB of 512 MiB (1 of 2 unknown)"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "items"), QStringLiteral("≥ 412,000 (1 of 2 unknown)"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "items", models::BriefRole), QStringLiteral("≥ 412,000"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "gets_per_second").left(7), QStringLiteral("unknown"));
        QVERIFY(plain(pages::cacheSummary(*fixtures::partlyDown())).endsWith(QStringLiteral("≥ 903 MiB of 1.50 GiB used (3 of 6 unknown)")));
        QVERIFY(plain(pages::cacheSummary(*fixtures::allDown())).endsWith(QStringLiteral("memory not known")));
        QVERIFY(text(*page->servers(), "cache-eu-west-1", "state").startsWith(QStringLiteral("down 41 s: connection refused")));
        QCOMPARE(text(*page->servers(), "cache-eu-west-1", "used_bytes"), QStringLiteral("301 MiB of 512 MiB")); // the last value, drawn old
        QCOMPARE(text(*page->servers(), "cache-eu-west-1", "used_bytes", models::StaleRole), QStringLiteral("true"));
    }

    void noGetsIsADashAndNotNought()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::servicesTroubled(), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-us-west", "hit_ratio"), QStringLiteral("-"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "hit_ratio", Qt::ToolTipRole), QStringLiteral("no gets"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "hit_ratio", Qt::AccessibleTextRole), QStringLiteral("Hit rate no gets"));
        QCOMPARE(text(*page->pools(), "cache-us-west", "gets_per_second"), QStringLiteral("0 /s"));
        QCOMPARE(text(*page->pools(), "cache-eu-west", "victim_age_seconds"), QStringLiteral("41.0 s"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "victim_age_seconds"), QStringLiteral("-"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "victim_age_seconds", Qt::ToolTipRole), QStringLiteral("nothing was evicted"));
    }

    void askingIsSaid()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::asking(), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-us-east", "answering"), QStringLiteral("asking, 0.8 s"));
        QCOMPARE(text(*page->pools(), "cache-us-east", "gets_per_second", models::BriefRole), QStringLiteral("…"));
        QVERIFY(!page->hasLiveData());
    }

    void linesShareAnAxisThatSeldomChanges()
    {
        const auto line = [](double a, double b) { return facts::Series{{{}, a, a, a, 1}, {{}, b, b, b, 1}, {{}, 0, 0, 0, 0}}; };
        const auto span = pages::spanOf({line(0.9861, 0.9844), line(0.9771, 0.9852)});
        QVERIFY(span.low <= 0.9771 && span.high >= 0.9861);
        QVERIFY(span.high - span.low < 0.03);
        const auto nearly = pages::spanOf({line(0.9862, 0.9845), line(0.9772, 0.9853)});
        QCOMPARE(nearly.low, span.low);
        QCOMPARE(nearly.high, span.high);
        const auto all = pages::spanOf({line(1.0, 0.9999)});
        QVERIFY(all.high <= 1.0 + 1e-9);
        const auto none = pages::spanOf({{}});
        QCOMPARE(none.low, 0.0);
        QCOMPARE(none.high, 1.0);
    }

    void subjectsAreFound()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QVERIFY(page->select(base::ServerId("cache-eu-west-2")));
        QCOMPARE(page->servers()->table()->currentId(), std::string("cache-eu-west-2"));
        QCOMPARE(page->pools()->table()->currentId(), std::string("cache-eu-west"));
        QVERIFY(page->select(base::PoolName("cache-us-west")));
        QCOMPARE(page->servers()->table()->currentId(), std::string("cache-us-west-1"));
        QVERIFY(!page->select(base::GroupName("feeds")));
        const auto other = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        page->findChild<QLineEdit *>()->setText(QStringLiteral("us-west"));
        other->restoreViewState(page->viewState());
        QCOMPARE(other->servers()->table()->ordered()->rowCount(), 2);
        QCOMPARE(other->servers()->table()->currentId(), std::string("cache-us-west-1"));
    }

    void theInspectorHearsWhatWasChosenLast()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QSignalSpy changed(page.get(), &pages::Page::selectionChanged);
        QVERIFY(std::holds_alternative<std::monostate>(page->selection()));
        page->select(base::ServerId("cache-eu-west-2"));
        QVERIFY(page->selection() == pages::Subject(base::ServerId("cache-eu-west-2")));
        page->select(base::PoolName("cache-us-west"));
        QVERIFY(page->selection() == pages::Subject(base::PoolName("cache-us-west")));
        QVERIFY(changed.count() >= 2);
        page->servers()->table()->choose("cache-us-east-1");
        QVERIFY(page->selection() == pages::Subject(base::ServerId("cache-us-east-1")));
        QSignalSpy inspect(page.get(), &pages::Page::inspectRequested);
        QTest::keyClick(page->servers()->table(), Qt::Key_Return);
        QCOMPARE(inspect.count(), 1);
        QVERIFY(inspect.first().first().value<pages::Subject>() == pages::Subject(base::ServerId("cache-us-east-1")));
    }

    void bothHitRatesStandSideBySide()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-us-east", "client_hit_ratio"), QStringLiteral("97.92 %"));
        const QString why = plain(page->flowView()->why()->text());
        QVERIFY2(why.startsWith(QStringLiteral("Why two hit rates: memcached counts a lease as a hit")) && why.contains(QStringLiteral("2.2 % of all reads did.")), qPrintable(why));
    }

    void aColdPoolIsSaidWithItsSlope()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        for (auto &pool : snapshot->pools) {
            if (pool.name == base::PoolName("cache-us-west"))
                pool.clientHitRatio = 0.4;
        }
        const auto history = tests::historyOf(facts::SnapshotPtr(snapshot));
        const auto page = tests::pageOf<CachePage>(facts::SnapshotPtr(snapshot), {1088, 704}, history.get());
        const QString why = plain(page->flowView()->why()->text());
        QVERIFY2(why.startsWith(QStringLiteral("cache-us-west is cold: 40.00 % of its reads find something, usually 97.")), qPrintable(why));
        QVERIFY2(why.contains(QStringLiteral("it does not rise now. About ")) && why.contains(QStringLiteral("the fullest of its read databases, ")) && !why.contains(QStringLiteral("cache-us-east is cold")), qPrintable(why));
    }

    void leasesAreToldAPoolAColumn()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        const auto &leases = *page->flowView()->leases();
        QCOMPARE(leases.table()->verticalScrollBar()->maximum(), 0); // every row is in sight
        QCOMPARE(leases.table()->facts()->rowCount(), 9);
        QCOMPARE(text(leases, "herd", "cache-us-east"), QStringLiteral("up to 10"));
        QCOMPARE(text(leases, "granted", "cache-us-east"), QStringLiteral("379 /s"));
        QCOMPARE(text(leases, "gave_up", "cache-eu-west"), QStringLiteral("0 /s"));
        QVERIFY(leases.note().startsWith(QStringLiteral("as clients publish them")));
        const auto reads = pages::savedReads(*fixtures::well());
        QCOMPARE(reads.known, 3);
        QVERIFY(reads.saved > 300 && reads.happen > 1000);
    }

    void waitsForAFillAreToldByHowLong()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        for (auto &report : snapshot->invalidators) {
            for (auto &[pool, leases] : report.leases) {
                if (pool == base::PoolName("cache-us-east"))
                    leases.counts.waits = {10, 40, 30, 10, 5, 3, 2, 0, 0, 0};
                else if (pool == base::PoolName("cache-us-west"))
                    leases.counts.waits = {0, 0, 0, 0, 0, 0, 0, 0, 1, 1};
                else
                    leases.counts.waits = {};
            }
        }
        const auto page = tests::pageOf<CachePage>(facts::SnapshotPtr(snapshot), {1088, 704});
        const auto &leases = *page->flowView()->leases();
        QCOMPARE(text(leases, "waits", "cache-us-east"), QStringLiteral("≤ 5.0 ms, ≤ 200 ms"));
        QCOMPARE(text(leases, "waits", "cache-us-east", models::BriefRole), QStringLiteral("≤ 200 ms"));
        const QString tip = text(leases, "waits", "cache-us-east", Qt::ToolTipRole);
        QVERIFY2(tip.contains(QStringLiteral("≤ 20 ms: 10.0 %")), qPrintable(tip));
        QCOMPARE(text(leases, "waits", "cache-us-west"), QStringLiteral("≤ 1.00 s, > 1.00 s"));
        QCOMPARE(text(leases, "waits", "cache-eu-west"), QStringLiteral("-"));
    }

    void aRegionWhoseClientsPublishNothingIsNamedWithHowTo()
    {
        const auto all = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        QVERIFY(!all->flowView()->lack()->isVisible() && !all->flowView()->howTo()->isVisible());
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        auto fleet = std::make_shared<fleet::Fleet>(*snapshot->fleet);
        for (auto &invalidator : fleet->invalidators)
            invalidator.statsd = {"db1.example", 8125};
        snapshot->fleet = fleet;
        for (auto &report : snapshot->invalidators) {
            if (report.region != base::RegionName("eu-west"))
                continue;
            report.startedUtc = fixtures::at(2, 14, 0);
            report.leases.clear();
        }
        const auto page = tests::pageOf<CachePage>(facts::SnapshotPtr(snapshot), {1088, 704});
        auto *flow = page->flowView();
        QVERIFY(flow->lack()->isVisible() && flow->howTo()->isVisible());
        QCOMPARE(plain(flow->lack()->text()), QStringLiteral("No lease statistics for eu-west. No client there has published any since 02:14Z."));
        QVERIFY(flow->leases()->height() > all->flowView()->leases()->height()); // the table keeps its room
        flow->howTo()->click();
        auto *popup = flow->findChild<pages::PublishPopup *>();
        QVERIFY(popup);
        const QString said = popup->accessibleDescription();
        QVERIFY2(said.contains(QStringLiteral("cache-eu-west: db1.example:8125")) && !said.contains(QStringLiteral("cache-us-east")), qPrintable(said));
        QVERIFY2(said.contains(QStringLiteral("printf 'shardlens.lease.cache-eu-west.granted:3|c\\nshardlens.lease.cache-eu-west.wait:4.2|ms' > /dev/udp/db1.example/8125")), qPrintable(said));
        popup->close();
        // Since the last that was heard, where something was.
        for (auto &report : snapshot->invalidators) {
            if (report.region == base::RegionName("eu-west"))
                report.leases[base::PoolName("cache-eu-west")].heardAt = snapshot->takenAt - std::chrono::minutes(2);
        }
        QCOMPARE(pages::silentPools(*snapshot).since, QStringLiteral("No client there has published any since 10:40Z."));
    }

    void deletesAreToldARegionARow()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        const auto &regions = *page->flowView()->regions();
        QCOMPARE(regions.table()->facts()->rowCount(), 3);
        QCOMPARE(text(regions, "eu-west", "state"), QStringLiteral("follows"));
        QCOMPARE(text(regions, "eu-west", "waiting"), QStringLiteral("0"));
        QCOMPARE(text(regions, "eu-west", "members"), QStringLiteral("2 of 2"));
        QCOMPARE(text(regions, "eu-west", "stale_share"), QStringLiteral("none"));
        QVERIFY(page->flowView()->remark()->text().isEmpty());
    }

    void anInvalidatorThatIsDownIsSaidWhereItsCachesAre()
    {
        const auto snapshot = fixtures::cachesTroubled();
        const auto page = tests::pageOf<CachePage>(snapshot, {1088, 704});
        const auto &regions = *page->flowView()->regions();
        QVERIFY2(text(regions, "us-west", "state").startsWith(QStringLiteral("down ")), qPrintable(text(regions, "us-west", "state")));
        QCOMPARE(text(regions, "us-west", "waiting", models::StaleRole), QStringLiteral("true"));
        QCOMPARE(text(regions, "eu-west", "members"), QStringLiteral("1 of 2"));
        QVERIFY(text(regions, "eu-west", "members", Qt::ToolTipRole).contains(QStringLiteral("1,190 deletes are owed to it")));
        QCOMPARE(text(regions, "eu-west", "stale_share"), QStringLiteral("0.4 %"));
        QVERIFY2(page->flowView()->remark()->text().contains(QStringLiteral("us-west")), qPrintable(page->flowView()->remark()->text()));
        QCOMPARE(text(*page->flowView()->leases(), "granted", "cache-us-west", models::StaleRole), QStringLiteral("true"));
    }

    void withoutInvalidatorsItSaysWhatIsNotKnown()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        auto fleet = std::make_shared<fleet::Fleet>(*snapshot->fleet);
        fleet->invalidators.clear();
        snapshot->fleet = fleet;
        snapshot->invalidators.clear();
        for (auto &pool : snapshot->pools)
            pool.clientHitRatio = facts::unknown(facts::WhyUnknown::NotConfigured, "invalidator");
        const auto page = tests::pageOf<CachePage>(facts::SnapshotPtr(snapshot), {1088, 704});
        QCOMPARE(text(*page->pools(), "cache-us-east", "client_hit_ratio"), QStringLiteral("-"));
        QCOMPARE(text(*page->flowView()->regions(), "us-east", "state"), QStringLiteral("none is declared"));
        QVERIFY(page->flowView()->why()->text().contains(QStringLiteral("[[invalidator]]")));
        QCOMPARE(page->flowView()->leases()->note(), QStringLiteral("no invalidator is declared"));
    }

    void slabClassesTellTheirWaste()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        page->showView(CachePage::Memory);
        const auto &slabs = *page->memoryView()->slabs();
        QCOMPARE(slabs.table()->facts()->rowCount(), 5);
        QCOMPARE(text(slabs, "8", "chunk_bytes"), QStringLiteral("480 B"));
        QVERIFY2(plain(slabs.note()).endsWith(QStringLiteral("held is waste")), qPrintable(slabs.note()));
        QVERIFY(text(*page->memoryView()->misses(), "cache-us-east-1", "expired_per_second").endsWith(QStringLiteral("/s")));
        page->select(base::ServerId("cache-eu-west-2"));
        QCOMPARE(page->memoryView()->misses()->table()->currentId(), std::string("cache-eu-west-2"));
        QCOMPARE(page->view(), CachePage::Memory);
    }

    void everyModelKeepsItsContract()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        std::vector<std::unique_ptr<QAbstractItemModelTester>> testers;
        for (const auto *panel : {page->pools(), page->servers(), page->flowView()->leases(), page->flowView()->regions(), page->memoryView()->misses(), page->memoryView()->slabs()})
            testers.push_back(std::make_unique<QAbstractItemModelTester>(panel->table()->facts(), QAbstractItemModelTester::FailureReportingMode::QtTest));
        for (const auto &[name, snapshot] : tests::states())
            page->showSnapshot(snapshot);
        page->showSnapshot(fixtures::cachesTroubled());
    }

    void hotKeysAreWatchedWhenAsked()
    {
        pages::CacheBoard board;
        const auto snapshot = fixtures::well();
        pages::PageContext context{snapshot->fleet, nullptr, std::make_shared<base::SystemClock>()};
        context.caches = &board;
        QSignalSpy asked(&board, &pages::CacheBoard::watchAsked);
        CachePage page(context);
        page.resize(1088, 704);
        page.showSnapshot(snapshot);
        page.showView(CachePage::HotKeys);
        page.show();
        tests::settle(page);
        auto *view = page.hotKeysView();
        view->button()->click();
        QCOMPARE(asked.count(), 1);
        QCOMPARE(asked.back().at(2).value<std::uint32_t>(), std::uint32_t(1)); // all reads, unless somebody chose
        QVERIFY(view->samples()->isVisible() && !view->samples()->isEnabled());
        QCOMPARE(view->button()->text(), QStringLiteral("Stop"));
        cacheflow::HotKeysReport report;
        report.counted = std::chrono::seconds(10);
        report.members.resize(2);
        report.members[0].server = "cache-us-east-1";
        report.members[0].bytes = 1 << 20;
        report.members[0].keys.lines = 10000;
        report.members[0].keys.gets = 9000;
        report.members[0].keys.misses = 90;
        report.members[0].keys.top = {{"u:1170554377968796121", 4500, 0}, {"nothing known", 30, 2}};
        report.members[0].keys.missed = {{"u:1170554377968796121", 80, 0}};
        report.members[0].keys.herds = {{"u:1170554377968796121", 38, 51, 80}};
        report.members[1].server = "cache-us-east-2";
        report.members[1].error = base::Error{base::ErrorCode::Refused, "connection refused", {}, {}, base::Effect::None};
        report.isOver = true;
        board.tellHotKeys(base::RegionName("us-east"), report);
        QCOMPARE(view->button()->text(), QStringLiteral("Watch"));
        QCOMPARE(text(*view->read(), "u:1170554377968796121", "per_second"), QStringLiteral("450 /s"));
        QCOMPARE(text(*view->read(), "u:1170554377968796121", "share"), QStringLiteral("50 %"));
        QCOMPARE(text(*view->read(), "u:1170554377968796121", "owner"), QStringLiteral("a user, shard 1776"));
        QCOMPARE(text(*view->read(), "nothing known", "owner"), QStringLiteral("-"));
        QCOMPARE(text(*view->herds(), "u:1170554377968796121", "clients"), QStringLiteral("38"));
        QVERIFY2(plain(view->summary()).contains(QStringLiteral("cache-us-east-2 is not watched: connection refused")), qPrintable(view->summary()));
        tests::settle(page);
        tests::savePicture(page, QStringLiteral("cache-hot-keys"));
        view->samples()->setCurrent(1);
        view->button()->click();
        QCOMPARE(asked.back().at(2).value<std::uint32_t>(), std::uint32_t(10));
        report.members[0].keys.sampledOneOf = 10;
        report.members[0].keys.top.front().count = 450;
        board.tellHotKeys(base::RegionName("us-east"), report);
        QCOMPARE(text(*view->read(), "u:1170554377968796121", "per_second"), QStringLiteral("450 /s"));
        QVERIFY2(plain(view->summary()).contains(QStringLiteral("9,000 reads (one of 10 ranked)")), qPrintable(view->summary()));
    }

    void eachPoolsStalenessIsToldWhereThereAreSeveral()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        for (auto &report : snapshot->invalidators) {
            if (report.region != base::RegionName("eu-west"))
                continue;
            report.poolStaleness[base::PoolName("cache-users")].compared = 100;
            report.poolStaleness[base::PoolName("cache-users")].stale = 3;
        }
        const auto tipIn = [&] {
            const auto page = tests::pageOf<CachePage>(snapshot, {1088, 704});
            return text(*page->flowView()->regions(), "eu-west", "stale_share", Qt::ToolTipRole);
        };
        QVERIFY2(!tipIn().contains(QStringLiteral("cache-users")), qPrintable(tipIn())); // its figures are the region's
        for (auto &report : snapshot->invalidators) {
            if (report.region == base::RegionName("eu-west"))
                report.poolStaleness[base::PoolName("cache-media")].compared = 1200;
        }
        const QString several = tipIn();
        QVERIFY2(several.contains(QStringLiteral("\ncache-media: 0 of 1,200 stale\ncache-users: 3 of 100 stale")), qPrintable(QStringLiteral("[%1]").arg(several)));
    }

    void stalenessIsMeasuredWhenAsked()
    {
        pages::CacheBoard board;
        QSignalSpy asked(&board, &pages::CacheBoard::measureAsked);
        QObject answering;
        QObject::connect(&board, &pages::CacheBoard::watchAsked, &answering, [] {}); // somebody answers
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::well());
        for (auto &report : snapshot->invalidators)
            report.staleness = facts::unknown(facts::WhyUnknown::NoValue);
        pages::PageContext context{snapshot->fleet, nullptr, std::make_shared<base::SystemClock>()};
        context.caches = &board;
        CachePage page(context);
        page.resize(1088, 704);
        page.showSnapshot(snapshot);
        page.show();
        tests::settle(page);
        const auto &regions = *page.flowView()->regions();
        QCOMPARE(text(regions, "eu-west", "stale_share"), QStringLiteral("-"));
        QCOMPARE(text(regions, "eu-west", "stale_share", Qt::ToolTipRole), QStringLiteral("not measured yet"));
        QVERIFY(page.flowView()->measure()->isVisible());
        page.flowView()->measure()->click();
        QCOMPARE(asked.count(), 1);
        QVERIFY(!page.flowView()->measure()->isEnabled());
        facts::MeasuredStaleness found;
        found.at = snapshot->takenAt;
        found.compared = 200;
        found.stale = 3;
        found.oldest = std::chrono::seconds(9);
        board.tellStaleness(base::RegionName("eu-west"), found);
        board.tellStaleness(base::RegionName("us-west"), facts::unknown(facts::WhyUnknown::Unreadable, "permission denied"));
        board.tellMeasured();
        QCOMPARE(text(regions, "eu-west", "stale_share"), QStringLiteral("1.5 %"));
        QVERIFY2(text(regions, "us-west", "stale_share").contains(QStringLiteral("permission denied")), qPrintable(text(regions, "us-west", "stale_share")));
        QVERIFY(page.flowView()->measure()->isEnabled());
        tests::savePicture(page, QStringLiteral("cache-measured"));
    }

    void pictures()
    {
        if (qEnvironmentVariableIsEmpty("SHARDLENS_PICTURES"))
            return; // nobody wants them
        for (const auto appearance : {theme::Appearance::Light, theme::Appearance::Dark}) {
            m_theme->setMode(appearance == theme::Appearance::Light ? theme::Theme::Mode::Light : theme::Theme::Mode::Dark);
            const QString tone = appearance == theme::Appearance::Light ? QStringLiteral("light") : QStringLiteral("dark");
            for (const auto &[name, size] : tests::pageSizes) {
                const std::vector<std::pair<const char *, facts::SnapshotPtr>> shown{{"well", fixtures::well()}, {"troubled", fixtures::cachesTroubled()}, {"asking", fixtures::asking()}};
                for (const auto &[state, snapshot] : shown) {
                    const auto history = tests::historyOf(snapshot);
                    const auto page = tests::pageOf<CachePage>(snapshot, size, history.get());
                    for (const auto view : {CachePage::Flow, CachePage::Servers, CachePage::Memory, CachePage::HotKeys, CachePage::Key}) {
                        page->showView(view);
                        tests::settle(*page);
                        tests::savePicture(*page, QStringLiteral("cache-%1-%2-%3-%4").arg(view).arg(QLatin1String(state), QLatin1String(name), tone));
                    }
                }
            }
        }
    }

    void theExportIsRaw()
    {
        const auto page = tests::pageOf<CachePage>(fixtures::well(), {1088, 704});
        const QStringList lines = page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts);
        QCOMPARE(lines.size(), 7);
        QVERIFY(lines.first().startsWith(QStringLiteral("at,server,pool,state,hit_ratio,")));
        QVERIFY(lines[1].contains(QString::number(301LL << 20)));
        page->pools()->table()->setFocus();
        page->activateWindow();
        QTRY_VERIFY(page->pools()->table()->hasFocus());
        QCOMPARE(page->asCsv().split(QStringLiteral("\r\n"), Qt::SkipEmptyParts).size(), qsizetype(4));
    }
};

QTEST_MAIN(CachePageTest)
#include "CachePageTest.moc"
