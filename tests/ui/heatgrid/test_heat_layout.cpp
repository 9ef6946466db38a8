// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatLayout.h"

#include <QSet>
#include <QTest>

using shardlens::ui::charts::HeatLayout;
using Sections = HeatLayout::Sections;
using Move = HeatLayout::Move;

namespace {

Sections blocks(int count, int cells)
{
    return {std::vector<int>(std::size_t(count), cells)};
}

HeatLayout::Metrics metricsFor(const Sections &sections)
{
    HeatLayout::Metrics metrics;
    if (sections.size() < 2)
        metrics.sectionTitle = 0;
    return metrics;
}

HeatLayout fit(const Sections &sections, QSize room)
{
    return HeatLayout::fit(sections, room, metricsFor(sections));
}

const Sections kDefaultFleet{{512, 512}, {512, 512}};

} // namespace

Q_DECLARE_METATYPE(Sections)

class TestHeatLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void columnsArePowersOfTwo_data();
    void columnsArePowersOfTwo();
    void pitchIsTheLargestThatFits_data();
    void pitchIsTheLargestThatFits();
    void everyCellIsHitAtItsMiddle();
    void blocksAndHeadersDoNotOverlap();
    void whatDoesNotFitScrollsDownwardsOnly();
    void keysLead_data();
    void keysLead();
    void emptyBlocksAreStepped();
    void pitchStepsStayInTheList();
};

void TestHeatLayout::columnsArePowersOfTwo_data()
{
    QTest::addColumn<int>("cells");
    QTest::addColumn<int>("columns");
    QTest::newRow("an empty block") << 0 << 1;
    QTest::newRow("one cell") << 1 << 2;
    QTest::newRow("128 cells: sqrt(256)") << 128 << 16;
    QTest::newRow("256 cells: over sqrt(512)") << 256 << 32;
    QTest::newRow("512 cells: sqrt(1024)") << 512 << 32;
    QTest::newRow("514 cells: two that moved do not widen the block") << 514 << 32;
    QTest::newRow("700 cells: the next power") << 700 << 64;
    QTest::newRow("8192 cells: sqrt(16384)") << 8192 << 128;
}

void TestHeatLayout::columnsArePowersOfTwo()
{
    QFETCH(int, cells);
    QTEST(HeatLayout::columnsFor(cells), "columns");
}

void TestHeatLayout::pitchIsTheLargestThatFits_data()
{
    QTest::addColumn<Sections>("sections");
    QTest::addColumn<QSize>("room");
    QTest::addColumn<int>("pitch");
    QTest::newRow("8,192 shards in 64 blocks on a page of 1280x800") << blocks(64, 128) << QSize(1088, 590) << 6;
    QTest::newRow("8,192 shards of two partitions, 32 blocks each") << Sections{std::vector<int>(32, 128), std::vector<int>(32, 128)} << QSize(1088, 590) << 6;
    QTest::newRow("the default fleet on a page of 1280x800") << kDefaultFleet << QSize(1088, 590) << 16;
    QTest::newRow("the default fleet beside the inspector at 1600x1000") << kDefaultFleet << QSize(1048, 590) << 16;
    QTest::newRow("the default fleet at 2560x1440") << kDefaultFleet << QSize(2328, 1200) << 28;
    QTest::newRow("the default fleet at 1024x700") << kDefaultFleet << QSize(952, 470) << 12;
    QTest::newRow("one cluster of 4 shards") << Sections{{4}} << QSize(1088, 590) << 28;
    QTest::newRow("12 clusters of 170 shards") << Sections{std::vector<int>(6, 170), std::vector<int>(6, 170)} << QSize(1088, 590) << 12;
}

void TestHeatLayout::pitchIsTheLargestThatFits()
{
    QFETCH(Sections, sections);
    QFETCH(QSize, room);
    QFETCH(int, pitch);
    const HeatLayout layout = fit(sections, room);
    QCOMPARE(layout.pitch(), pitch);
    QVERIFY2(layout.size().width() <= room.width() && layout.size().height() <= room.height(), "it scrolls");
    if (pitch < 28) {
        const HeatLayout next = HeatLayout::at(sections, room, metricsFor(sections), HeatLayout::pitchBeside(pitch, 1));
        QVERIFY2(next.size().width() > room.width() || next.size().height() > room.height(), "a larger pitch fits too");
    }
}

void TestHeatLayout::everyCellIsHitAtItsMiddle()
{
    const Sections sections{{512, 3, 0, 130}, {514, 512}};
    const HeatLayout layout = fit(sections, QSize(1088, 590));
    QCOMPARE(layout.cellCount(), 512 + 3 + 130 + 514 + 512);
    for (int cell = 0; cell < layout.cellCount(); ++cell) {
        QCOMPARE(layout.cellAt(layout.cell(cell).center()), cell);
        const int block = layout.blockOf(cell);
        QVERIFY(layout.outline(block).contains(layout.cell(cell)));
        QVERIFY(layout.firstCell(block) <= cell && cell < layout.firstCell(block) + layout.cellsIn(block));
    }
    QCOMPARE(layout.cellAt(QPoint(-1, 5)), -1);
    QCOMPARE(layout.cellAt(layout.header(0).center()), -1);
    QCOMPARE(layout.blockAt(layout.header(3).center()), 3);
    QCOMPARE(layout.blockOf(layout.cellCount()), -1);
    QVERIFY(layout.cell(-1).isEmpty());
}

void TestHeatLayout::blocksAndHeadersDoNotOverlap()
{
    for (const Sections &sections : {blocks(64, 128), kDefaultFleet, Sections{{1, 2, 3}, {700, 5}}}) {
        const HeatLayout layout = fit(sections, QSize(1088, 590));
        QList<QRect> taken;
        for (int block = 0; block < layout.blockCount(); ++block) {
            const QRect area = layout.header(block).united(layout.outline(block));
            for (const QRect &other : taken)
                QVERIFY(!area.intersects(other));
            taken << area;
        }
    }
}

void TestHeatLayout::whatDoesNotFitScrollsDownwardsOnly()
{
    const HeatLayout layout = fit(blocks(400, 128), QSize(952, 400));
    QCOMPARE(layout.pitch(), 6);
    QVERIFY(layout.size().height() > 400);
    QVERIFY(layout.size().width() <= 952);
}

void TestHeatLayout::keysLead_data()
{
    QTest::addColumn<int>("from");
    QTest::addColumn<int>("move");
    QTest::addColumn<int>("to");
    // u1 0..511 over u2 512..1023 on the left, m1 1024..1535 over m2 1536..2047 on the right; 32 columns.
    QTest::newRow("right within a row") << 0 << int(Move::Right) << 1;
    QTest::newRow("right from the row's end into the block beside it, same row") << 63 << int(Move::Right) << 1024 + 32;
    QTest::newRow("left at the page's edge stays") << 32 << int(Move::Left) << 32;
    QTest::newRow("left into the block beside it") << 1024 + 64 << int(Move::Left) << 95;
    QTest::newRow("down within a block") << 5 << int(Move::Down) << 37;
    QTest::newRow("down into the block below, same column") << 480 + 7 << int(Move::Down) << 512 + 7;
    QTest::newRow("up into the block above") << 512 + 7 << int(Move::Up) << 480 + 7;
    QTest::newRow("up at the top stays") << 3 << int(Move::Up) << 3;
    QTest::newRow("page down: same place in the next block") << 100 << int(Move::NextBlock) << 612;
    QTest::newRow("page up: same place in the block before") << 612 << int(Move::PreviousBlock) << 100;
    QTest::newRow("page down at the last block stays") << 1600 << int(Move::NextBlock) << 1600;
    QTest::newRow("home") << 45 << int(Move::RowStart) << 32;
    QTest::newRow("end") << 45 << int(Move::RowEnd) << 63;
    QTest::newRow("first of all") << 45 << int(Move::First) << 0;
    QTest::newRow("last of all") << 45 << int(Move::Last) << 2047;
}

void TestHeatLayout::keysLead()
{
    QFETCH(int, from);
    QFETCH(int, move);
    const HeatLayout layout = fit(kDefaultFleet, QSize(1088, 590));
    QTEST(layout.moved(from, Move(move)), "to");
}

void TestHeatLayout::emptyBlocksAreStepped()
{
    const HeatLayout layout = fit(Sections{{4, 0, 6}}, QSize(600, 300));
    QCOMPARE(layout.moved(3, Move::NextBlock), 7);
    QCOMPARE(layout.moved(9, Move::PreviousBlock), 3);
    // 6 cells in 4 columns: down from above the short row leads to its end.
    QCOMPARE(layout.moved(4 + 3, Move::Down), 9);
    QCOMPARE(layout.moved(42, Move::Left), 42);
}

void TestHeatLayout::pitchStepsStayInTheList()
{
    QCOMPARE(HeatLayout::pitchBeside(16, 1), 20);
    QCOMPARE(HeatLayout::pitchBeside(28, 1), 28);
    QCOMPARE(HeatLayout::pitchBeside(6, -1), 6);
    QCOMPARE(HeatLayout::pitchBeside(12, -2), 8);
}

QTEST_APPLESS_MAIN(TestHeatLayout)
#include "test_heat_layout.moc"
