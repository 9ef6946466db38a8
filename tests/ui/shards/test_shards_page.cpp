// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fixtures/Snapshots.h"
#include "tests/ui/Warnings.h"
#include "ui/charts/HeatGrid.h"
#include "ui/models/ShardModel.h"
#include "ui/pages/shards/ShardsPage.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QDir>
#include <QtTest>

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
    void pageRenders_data();
    void pageRenders();

private:
    std::unique_ptr<ui::theme::Theme> m_theme;
};

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

QTEST_MAIN(TestShardsPage)
#include "test_shards_page.moc"
