// SPDX-License-Identifier: GPL-3.0-or-later
// What a tick costs the shards page: 8,192 shards in 64 clusters at 1920x1080. Each tick a twentieth of the shards have new
// figures and every cluster another lag. Baseline within the same run: the same picture painted whole, cell by cell with QPainter.
#include "tests/fixtures/Snapshots.h"
#include "ui/charts/HeatGrid.h"
#include "ui/charts/HeatTile.h"
#include "ui/models/ShardModel.h"
#include "ui/pages/shards/ShardHeat.h"
#include "ui/pages/shards/ShardsPage.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Theme.h"

#include <QApplication>
#include <QElapsedTimer>
#include <QPainter>
#include <QTableView>
#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace shardlens;
using ui::pages::ShardMetric;
using ui::pages::ShardsPage;

namespace {

constexpr int kTicks = 200;
constexpr QSize kRoom(1920 - 168 - 24, 1080 - 4 - 44 - 24 - 24); ///< the page of a 1920x1080 window

struct Times {
    std::vector<double> ms;
    void add(qint64 nanoseconds) { ms.push_back(double(nanoseconds) / 1e6); }
    [[nodiscard]] double at(double share) const
    {
        std::vector<double> sorted = ms;
        std::sort(sorted.begin(), sorted.end());
        return sorted[std::min(sorted.size() - 1, std::size_t(share * double(sorted.size())))];
    }
};

/// Ticks made beforehand, so that only the page is measured.
std::vector<facts::SnapshotPtr> ticks()
{
    std::vector<facts::SnapshotPtr> all{fixtures::big(64, 8192)};
    std::uint32_t random = 12345;
    const auto next = [&random] { return random = random * 1664525 + 1013904223; };
    for (int tick = 1; tick <= kTicks; ++tick) {
        auto copy = std::make_shared<facts::Snapshot>(*all.back());
        copy->tick += 1;
        copy->takenAt += base::seconds(1);
        copy->takenUtc += base::seconds(1);
        auto map = std::make_shared<facts::ShardMap>(*copy->shardMap);
        for (facts::Shard &shard : map->shards) {
            if (next() % 20 != 0)
                continue;
            shard.writesPerSecond = double(next() % 1200) / 100;
            shard.size = base::Bytes{std::int64_t(next() % (36 << 20))};
        }
        ++map->version;
        copy->shardMap = map;
        for (facts::ClusterFacts &cluster : copy->clusters) {
            for (facts::StandbyLag &lag : cluster.standbys)
                lag.time = base::microseconds(next() % 200'000);
        }
        all.push_back(copy);
    }
    return all;
}

void paintWhole(QImage &image, const ui::charts::HeatGrid &grid, const QPalette &palette)
{
    using Mark = ui::charts::HeatStep::Mark;
    image.fill(ui::theme::colour(ui::theme::ColourRole::Window, palette));
    QPainter painter(&image);
    const ui::charts::HeatPicture &picture = grid.picture();
    for (int cell = 0; cell < grid.layoutShown().cellCount(); ++cell) {
        const auto &step = picture.steps[picture.cells[std::size_t(cell)].step];
        const QRect box = grid.layoutShown().cell(cell);
        painter.fillRect(box, ui::charts::heatGround(step, palette));
        if (step.mark != Mark::None) {
            painter.setPen(ui::charts::heatInk(step, palette));
            painter.drawLine(box.bottomLeft(), box.topRight());
        }
    }
}

void print(const char *what, const Times &times, const char *limit)
{
    std::printf("| %-58s | %7.2f | %7.2f | %7.2f | %-10s |\n", what, times.at(0.5), times.at(0.99), times.at(1), limit);
}

} // namespace

class BenchGrid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aTick();
};

void BenchGrid::aTick()
{
    ui::theme::Theme theme(*qApp);
    theme.setMode(ui::theme::Theme::Mode::Dark);
    const std::vector<facts::SnapshotPtr> snapshots = ticks();
    ShardsPage page({snapshots.front()->fleet, nullptr, nullptr});
    page.resize(kRoom);

    QElapsedTimer clock;
    Times opened;
    Times lagTick;
    Times writesTick;
    Times tableTick;
    Times whole;
    clock.start();
    page.showSnapshot(snapshots.front());
    page.show();
    QVERIFY(QTest::qWaitForWindowExposed(&page));
    QCoreApplication::processEvents();
    page.grab();
    opened.add(clock.nsecsElapsed());

    QPixmap target(kRoom);
    const auto measure = [&](Times &times) {
        for (std::size_t tick = 1; tick < snapshots.size(); ++tick) {
            clock.start();
            page.showSnapshot(snapshots[tick]);
            page.render(&target, {}, {}, QWidget::DrawChildren | QWidget::DrawWindowBackground);
            times.add(clock.nsecsElapsed());
        }
    };
    measure(lagTick);
    page.setMetric(ShardMetric::Writes);
    const quint64 before = page.grid()->cellsDrawn();
    measure(writesTick);
    const double drawn = double(page.grid()->cellsDrawn() - before) / kTicks;

    QImage image(page.grid()->viewport()->size(), QImage::Format_RGB32);
    for (int round = 0; round < kTicks; ++round) {
        clock.start();
        paintWhole(image, *page.grid(), qApp->palette());
        whole.add(clock.nsecsElapsed());
    }
    Times cells;
    for (std::size_t tick = 1; tick < snapshots.size(); ++tick) {
        const auto frame = ui::models::shardFrame(snapshots[tick]);
        ui::pages::ShardHeat heat;
        ui::pages::ShardHeat::Choice choice;
        choice.metric = ShardMetric::Writes;
        auto picture = heat.picture(frame, choice, false);
        clock.start();
        page.grid()->setPicture(std::move(picture));
        page.grid()->viewport()->render(&target);
        cells.add(clock.nsecsElapsed());
    }

    ui::models::ShardModel model;
    QTableView view;
    view.setModel(&model);
    view.resize(kRoom);
    view.show();
    auto frame = std::make_shared<ui::models::ShardFrame>(ui::models::shardFrame(snapshots.front()));
    model.setFrame(frame);
    model.sort(ui::models::ShardModel::Writes, Qt::DescendingOrder);
    for (std::size_t tick = 1; tick < snapshots.size(); ++tick) {
        clock.start();
        frame = std::make_shared<ui::models::ShardFrame>(ui::models::shardFrame(snapshots[tick], frame.get()));
        model.setFrame(frame);
        tableTick.add(clock.nsecsElapsed());
    }

    std::printf("\n8,192 shards in 64 clusters, %d ticks, %dx%d page, ms\n", kTicks, kRoom.width(), kRoom.height());
    std::printf("| %-58s | %7s | %7s | %7s | %-10s |\n", "", "median", "p99", "worst", "limit p99");
    print("snapshot to painted page, lag (every cell may change)", lagTick, "16.7");
    print("snapshot to painted page, writes (1 in 20 changes)", writesTick, "16.7");
    print("of it: picture into grid, changed cells, painted", cells, "");
    print("baseline: the whole grid painted cell by cell", whole, "");
    print("table: diff and order of 8,192 rows, sorted by writes", tableTick, "5");
    print("page opened", opened, "150");
    std::printf("cells drawn a tick: %.0f of 8192; whole repaint / changed cells (median): %.1f times\n\n", drawn, whole.at(0.5) / cells.at(0.5));

    QVERIFY(drawn < 8192 / 4.0);
#if SHARDLENS_RELEASE
    QVERIFY2(lagTick.at(0.99) <= 16.7, "lag tick over 16.7 ms");
    QVERIFY2(writesTick.at(0.99) <= 16.7, "writes tick over 16.7 ms");
    QVERIFY2(tableTick.at(0.99) <= 5.0, "table refresh over 5 ms");
    QVERIFY2(opened.at(1) <= 150, "page opened in over 150 ms");
#endif
}

QTEST_MAIN(BenchGrid)
#include "bench_grid.moc"
