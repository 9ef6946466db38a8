// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Snapshots.h"
#include "tests/ui/Warnings.h"
#include "ui/charts/HeatGrid.h"
#include "ui/charts/HeatGridLegend.h"
#include "ui/models/ShardModel.h"
#include "ui/pages/shards/ShardGridArea.h"
#include "ui/pages/shards/ShardLine.h"
#include "ui/pages/shards/ShardTexts.h"
#include "ui/pages/shards/ShardsPage.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QLineEdit>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTableView>
#include <QTest>

using namespace shardlens;
using ui::pages::ShardMetric;
using ui::pages::ShardsPage;

namespace {

ui::pages::PageContext contextOf(const facts::SnapshotPtr &snapshot)
{
    return {snapshot->fleet, nullptr, nullptr};
}

} // namespace

class TestShardsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { tests::failOnUnexpectedWarnings(); }
    void initTestCase() { m_theme = std::make_unique<ui::theme::Theme>(*qApp); }
    void selectionIsOneInGridAndTable();
    void selectionStaysThroughChurn();
    void viewStateComesBack();
    void subjectsAreFound();
    void findDimsTheRest();
    void emptyPageSaysWhy();
    void titleTellsDrift();
    void clustersTableNeedsRoom();
    void noFieldOfTheLineRunsIntoAnother();
    void theLegendLeavesTheGridItsRoom();
    void pageRenders_data();
    void pageRenders();

private:
    std::unique_ptr<ui::theme::Theme> m_theme;
};

/// Beside the inspector the page is this narrow.
void TestShardsPage::noFieldOfTheLineRunsIntoAnother()
{
    const facts::SnapshotPtr snapshot = fixtures::well();
    for (const int width : {1088, 728, 560}) {
        ShardsPage page(contextOf(snapshot));
        page.resize(width, 704);
        page.show();
        page.showSnapshot(snapshot);
        QVERIFY(page.select(facts::ShardKey{base::PartitionName("media"), {341}}));
        QCoreApplication::processEvents();
        const auto *line = page.findChild<ui::pages::ShardLine *>();
        QVERIFY(line);
        const auto fields = line->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly);
        for (const QWidget *one : fields) {
            if (!one->isVisible())
                continue;
            QVERIFY2(line->rect().contains(one->geometry()), qPrintable(QString::number(width)));
            for (const QWidget *other : fields)
                QVERIFY2(other == one || !other->isVisible() || !other->geometry().intersects(one->geometry()), qPrintable(QString::number(width)));
        }
    }
}

void TestShardsPage::theLegendLeavesTheGridItsRoom()
{
    const facts::SnapshotPtr snapshot = fixtures::well();
    ShardsPage page(contextOf(snapshot));
    page.resize(1088, 704);
    page.show();
    page.showSnapshot(snapshot);
    page.restoreViewState({{QStringLiteral("metric"), QStringLiteral("size")}});
    QCoreApplication::processEvents();
    const auto *legend = page.findChild<ui::charts::HeatGridLegend *>();
    QVERIFY(legend);
    QVERIFY2(legend->sizeHint().width() <= legend->width(), qPrintable(QStringLiteral("%1 of %2").arg(legend->sizeHint().width()).arg(legend->width())));
}

void TestShardsPage::pageRenders_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<facts::SnapshotPtr>("snapshot");
    const std::pair<const char *, facts::SnapshotPtr> scenes[] = {{"well", fixtures::well()}, {"lagging", fixtures::lagging()}, {"asking", fixtures::asking()},
                                                                  {"drifted", fixtures::drifted()}, {"down", fixtures::allDown()}, {"partly", fixtures::partlyDown()},
                                                                  {"incident", fixtures::incident()}, {"big", fixtures::big()}};
    for (const auto &[name, snapshot] : scenes)
        QTest::newRow(name) << QString::fromLatin1(name) << snapshot;
}

/// With SHARDLENS_PICTURES=folder the pictures are kept for looking at.
void TestShardsPage::pageRenders()
{
    QFETCH(QString, name);
    QFETCH(facts::SnapshotPtr, snapshot);
    const QString folder = qEnvironmentVariable("SHARDLENS_PICTURES");
    // A page's room in windows of 1024x700, 1280x800, 1600x1000 and 2560x1440.
    const QSize rooms[] = {{952, 604}, {1088, 704}, {1408, 904}, {2328, 1336}};
    for (const auto mode : {ui::theme::Theme::Mode::Dark, ui::theme::Theme::Mode::Light}) {
        m_theme->setMode(mode);
        for (const QSize room : rooms) {
            for (int metric = 0; metric < ui::pages::kShardMetrics; ++metric) {
                // Every metric at one size, lag at all.
                if (room != rooms[1] && ShardMetric(metric) != ShardMetric::Lag && folder.isEmpty())
                    continue;
                ShardsPage page(contextOf(snapshot));
                page.resize(room);
                page.setMetric(ShardMetric(metric));
                page.showSnapshot(snapshot);
                page.select(facts::ShardKey{snapshot->fleet->partitions.back().name, {841}});
                page.show();
                QCoreApplication::processEvents();
                const QImage image = page.grab().toImage();
                QCOMPARE(image.size(), room);
                QVERIFY(image.pixelColor(room.width() - 1, room.height() - 1) == qApp->palette().color(QPalette::Window));
                if (!folder.isEmpty() && ShardMetric(metric) == ShardMetric::Lag) {
                    page.toggleTable();
                    QCoreApplication::processEvents();
                    page.grab().save(QStringLiteral("%1/%2-table-%3-%4.png").arg(folder, name, QString::number(room.width()), ui::theme::Theme::name(mode)));
                }
                if (!folder.isEmpty())
                    image.save(QStringLiteral("%1/%2-%3-%4-%5.png").arg(folder, name, ui::pages::shardMetricId(ShardMetric(metric)), QString::number(room.width()), ui::theme::Theme::name(mode)));
            }
        }
    }
}

void TestShardsPage::selectionIsOneInGridAndTable()
{
    const auto snapshot = fixtures::lagging();
    ShardsPage page(contextOf(snapshot));
    page.resize(1088, 704);
    page.showSnapshot(snapshot);
    page.show();
    const facts::ShardKey key{base::PartitionName("media"), {841}};
    QVERIFY(page.select(key));
    page.toggleTable();
    const auto *selection = page.table()->selectionModel();
    QCOMPARE(selection->selectedRows().size(), 1);
    QVERIFY(page.model()->keyAt(page.table()->currentIndex().row()) == key);
    // And back: what is chosen in the table is what the grid shows.
    page.table()->selectRow(0);
    const facts::ShardKey first = page.model()->keyAt(0);
    page.toggleTable();
    QCOMPARE(page.grid()->selection(), (std::set<quint64>{ui::pages::ShardHeat::idOf(*snapshot->fleet, first)}));
}

void TestShardsPage::selectionStaysThroughChurn()
{
    fixtures::Churn churn;
    auto snapshot = churn.next();
    ShardsPage page(contextOf(snapshot));
    page.resize(1088, 704);
    page.showSnapshot(snapshot);
    page.show();
    QVERIFY(page.select(base::ClusterName("u2")));
    const auto before = page.grid()->selection();
    QCOMPARE(before.size(), std::size_t(512));
    page.toggleTable();
    for (int tick = 1; tick < fixtures::Churn::ticks; ++tick) {
        page.showSnapshot(churn.next());
        QCOMPARE(page.grid()->selection(), before);
    }
    QCOMPARE(page.table()->selectionModel()->selectedRows().size(), 512);
}

void TestShardsPage::viewStateComesBack()
{
    const auto snapshot = fixtures::lagging();
    ShardsPage page(contextOf(snapshot));
    page.resize(1088, 704);
    page.showSnapshot(snapshot);
    page.show();
    page.restoreViewState({{QStringLiteral("metric"), QStringLiteral("size")}});
    page.setArrangement(ui::pages::ShardArrangement::ByRank);
    page.grid()->setZoomedPitch(20);
    QVERIFY(page.select(facts::ShardKey{base::PartitionName("users"), {77}}));
    QVariantMap state = page.viewState();
    state[QStringLiteral("steps")] = QStringLiteral("0,2");
    state[QStringLiteral("table")] = true;
    state[QStringLiteral("sort")] = QStringLiteral("5-");
    state[QStringLiteral("partition")] = QStringLiteral("users");

    // As the window does it: the state first, a snapshot later.
    ShardsPage other(contextOf(snapshot));
    other.resize(1088, 704);
    other.restoreViewState(state);
    other.showSnapshot(snapshot);
    other.show();
    QCOMPARE(other.viewState(), state);
    QVERIFY(other.showsTable());
    QCOMPARE(other.choice().steps, (std::set<int>{0, 2}));
    QVERIFY(other.model()->rowCount() > 0 && other.model()->rowCount() < 1024);
    other.restoreViewState({{QStringLiteral("metric"), QStringLiteral("nonsense")}, {QStringLiteral("selected"), QStringLiteral("x/y,/,users/abc")}});
    QVERIFY(other.grid()->selection().empty());
}

void TestShardsPage::subjectsAreFound()
{
    const auto snapshot = fixtures::well();
    ShardsPage page(contextOf(snapshot));
    page.showSnapshot(snapshot);
    QVERIFY(page.hasLiveData());
    QVERIFY(page.select(facts::ShardKey{base::PartitionName("media"), {1023}}));
    QVERIFY(!page.select(facts::ShardKey{base::PartitionName("media"), {1024}}));
    QVERIFY(!page.select(facts::ShardKey{base::PartitionName("nothing"), {1}}));
    QVERIFY(!page.select(base::ServerId("u1-us-east")));
    QVERIFY(!page.select(base::ClusterName("directory")));
    QSignalSpy opened(&page, &ui::pages::Page::openRequested);
    QVERIFY(page.select(facts::ShardKey{base::PartitionName("media"), {1023}}));
    QTest::keyClick(page.grid(), Qt::Key_Return);
    QCOMPARE(opened.value(0).value(0).toString(), QStringLiteral("replication"));
    QVERIFY(std::get<base::ClusterName>(opened[0][1].value<ui::pages::Subject>()) == base::ClusterName("m2"));
}

void TestShardsPage::findDimsTheRest()
{
    const auto snapshot = fixtures::well();
    ShardsPage page(contextOf(snapshot));
    page.resize(1088, 704);
    page.showSnapshot(snapshot);
    page.show();
    auto *find = page.findChild<QLineEdit *>();
    const auto lit = [&] {
        const auto &cells = page.grid()->picture().cells;
        return int(std::count_if(cells.begin(), cells.end(), [](const auto &cell) { return !cell.isDim; }));
    };
    const std::pair<const char *, int> rows[] = {{"", 2048}, {"841", 2}, {"insta841", 2}, {"insta841, media", 1}, {"u2", 512}, {"U2", 512}, {"84", 2 * 11}, {"nothing", 0}};
    for (const auto &[text, count] : rows) {
        find->setText(QLatin1String(text));
        QVERIFY2(lit() == count, (QByteArray(text) + " lights " + QByteArray::number(lit())).constData());
    }
    find->setText(QStringLiteral("insta841, media"));
    QTest::keyClick(find, Qt::Key_Return);
    QCOMPARE(*page.grid()->current(), ui::pages::ShardHeat::idOf(*snapshot->fleet, {base::PartitionName("media"), {841}}));
}

void TestShardsPage::emptyPageSaysWhy()
{
    const auto snapshot = fixtures::asking();
    ShardsPage page(contextOf(snapshot));
    page.resize(1088, 704);
    page.showSnapshot(snapshot);
    page.show();
    QVERIFY(!page.hasLiveData());
    QVERIFY(page.asCsv().isEmpty());
    const auto frame = ui::models::shardFrame(snapshot);
    QVERIFY2(ui::pages::emptyText(frame).startsWith(QStringLiteral("Asking the directory and 4 clusters")), qPrintable(ui::pages::emptyText(frame)));
    auto copy = std::make_shared<facts::Snapshot>(*snapshot);
    auto map = std::make_shared<facts::ShardMap>();
    map->declaredReadAt = facts::unknown(facts::WhyUnknown::NotConfigured, "directory");
    copy->shardMap = map;
    QVERIFY(ui::pages::emptyText(ui::models::shardFrame(copy)).contains(QStringLiteral("no directory in the fleet file")));
}

void TestShardsPage::titleTellsDrift()
{
    QCOMPARE(ui::pages::shardsSummary(ui::models::shardFrame(fixtures::well())), QStringLiteral("1,024 shards in each of 2 partitions, declared and observed agree"));
    QCOMPARE(ui::pages::shardsSummary(ui::models::shardFrame(fixtures::drifted())),
             QStringLiteral("1,024 media and 1,023 users shards, drift: 1 missing, 1 on two clusters, 2 on another cluster, 1 not declared"));
}

void TestShardsPage::clustersTableNeedsRoom()
{
    const auto snapshot = fixtures::lagging();
    ShardsPage page(contextOf(snapshot));
    page.resize(1048, 904);
    page.showSnapshot(snapshot);
    page.show();
    QCoreApplication::processEvents();
    auto *clusters = page.findChild<ui::pages::ShardGridArea *>()->clusters();
    QVERIFY(clusters->isVisible());
    QCOMPARE(page.grid()->layoutShown().pitch(), 16);
    page.resize(1088, 704);
    QCoreApplication::processEvents();
    QVERIFY(!clusters->isVisible());
    QCOMPARE(page.grid()->layoutShown().pitch(), 16);
    QCOMPARE(page.grid()->verticalScrollBar()->maximum(), 0);
}

QTEST_MAIN(TestShardsPage)
#include "test_shards_page.moc"
