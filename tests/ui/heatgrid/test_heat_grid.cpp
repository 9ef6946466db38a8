// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/ui/Warnings.h"
#include "ui/charts/HeatGrid.h"
#include "ui/charts/HeatGridLegend.h"
#include "ui/charts/HeatTile.h"
#include "ui/theme/Colours.h"
#include "ui/theme/Theme.h"

#include <QAccessible>
#include <QApplication>
#include <QScrollBar>
#include <QSignalSpy>
#include <QTest>

using namespace shardlens::ui;
using namespace shardlens::ui::charts;
using theme::ColourRole;

namespace {

/// Two sections of two blocks of 512, as the default fleet has it.
HeatPicture pictureOf(int cellsInBlock = 512)
{
    HeatPicture picture;
    picture.sections = {{QStringLiteral("users"), {}}, {QStringLiteral("media"), {}}};
    picture.steps = {{ColourRole::LagFill1, HeatStep::Mark::None}, {ColourRole::LagFill4, HeatStep::Mark::Diagonal}, {ColourRole::LagFill5, HeatStep::Mark::Cross}, {ColourRole::UnknownFill, HeatStep::Mark::Hatch}};
    for (int block = 0; block < 4; ++block) {
        picture.blocks.push_back({block / 2, cellsInBlock, QStringLiteral("c%1").arg(block), QStringLiteral("primary us-east"), QStringLiteral("us-east"), QStringLiteral("worst 0.05 s"), ColourRole::Muted});
        for (int i = 0; i < cellsInBlock; ++i) {
            HeatCell cell;
            cell.number = quint32(block % 2 * cellsInBlock + i);
            cell.id = quint64(block / 2) << 32 | cell.number;
            picture.cells.push_back(cell);
        }
    }
    return picture;
}

QColor at(const QImage &image, const HeatGrid &grid, int cell, QPoint inside)
{
    const double ratio = image.devicePixelRatio();
    return image.pixelColor((QPointF(grid.cellRect(cell).topLeft() + inside) * ratio).toPoint());
}

} // namespace

class TestHeatGrid : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { m_theme = std::make_unique<theme::Theme>(*qApp); }
    void init();
    void cleanup() { m_grid.reset(); }

    void onlyChangedCellsAreDrawn();
    void anUnchangedPictureDrawsNothing();
    void aFlaggedCellHasACorner();
    void outerCellsHaveRoomForTheirRings();
    void stepsHaveTheirLooks();
    void themeChangeDrawsAllAnew();
    void arrowsMoveAndShiftExtends();
    void digitsJump();
    void problemsAreVisited();
    void plusMinusEqualZoom();
    void wheelZoomsAboutThePointer();
    void clickSelectsAndDoubleClickOpens();
    void selectionStaysWhenCellsComeAndGo();
    void cellsAreSpoken();
    void aScreenReaderFindsATable();
    void legendFiltersByClick();

private:
    std::unique_ptr<theme::Theme> m_theme;
    std::unique_ptr<HeatGrid> m_grid;
};

void TestHeatGrid::init()
{
    shardlens::tests::failOnUnexpectedWarnings();
    m_theme->setMode(theme::Theme::Mode::Dark);
    m_grid = std::make_unique<HeatGrid>();
    m_grid->resize(1088, 590);
    m_grid->setPicture(pictureOf());
    m_grid->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_grid.get()));
    m_grid->setFocus();
    m_grid->grab();
}

void TestHeatGrid::onlyChangedCellsAreDrawn()
{
    const quint64 before = m_grid->cellsDrawn();
    QVERIFY(before >= 2048);
    HeatPicture picture = pictureOf();
    for (const int cell : {3, 700, 2047})
        picture.cells[std::size_t(cell)].step = 1;
    m_grid->setPicture(picture);
    const QImage image = m_grid->grab().toImage();
    QCOMPARE(m_grid->cellsDrawn() - before, 3U);
    QCOMPARE(at(image, *m_grid, 700, {1, 1}), theme::colour(ColourRole::LagFill4, qApp->palette()));
    QCOMPARE(at(image, *m_grid, 701, {1, 1}), theme::colour(ColourRole::LagFill1, qApp->palette()));
}

void TestHeatGrid::anUnchangedPictureDrawsNothing()
{
    const quint64 before = m_grid->cellsDrawn();
    m_grid->setPicture(pictureOf());
    m_grid->grab();
    QCOMPARE(m_grid->cellsDrawn(), before);
    // A header's text is not a cell.
    HeatPicture picture = pictureOf();
    picture.blocks[1].value = QStringLiteral("worst 2.31 s");
    const QImage old = m_grid->grab().toImage();
    m_grid->setPicture(picture);
    QVERIFY(m_grid->grab().toImage() != old);
    QCOMPARE(m_grid->cellsDrawn(), before);
}

/// A problem of its own is told by a corner where the step does not tell it.
void TestHeatGrid::aFlaggedCellHasACorner()
{
    HeatPicture picture = pictureOf();
    picture.cells[5].isFlagged = true;
    const quint64 before = m_grid->cellsDrawn();
    m_grid->setPicture(picture);
    const QImage image = m_grid->grab().toImage();
    QCOMPARE(m_grid->cellsDrawn() - before, 1U);
    const int right = m_grid->cellRect(5).width() - 1;
    QCOMPARE(at(image, *m_grid, 5, {right, 0}), theme::colour(ColourRole::Text, qApp->palette()));
    QCOMPARE(at(image, *m_grid, 5, {1, right - 1}), at(image, *m_grid, 6, {1, right - 1})); // the rest is as its neighbour
    QVERIFY(at(image, *m_grid, 6, {right, 0}) != theme::colour(ColourRole::Text, qApp->palette()));
}

/// Rings are drawn up to 4 px round a cell: none is cut at an edge.
void TestHeatGrid::outerCellsHaveRoomForTheirRings()
{
    const QRect room = m_grid->viewport()->rect();
    QRect all;
    for (int cell = 0; cell < int(m_grid->picture().cells.size()); ++cell)
        all |= m_grid->cellRect(cell);
    QVERIFY(room.adjusted(3, 3, -3, -3).contains(all));
}

void TestHeatGrid::stepsHaveTheirLooks()
{
    HeatPicture picture = pictureOf();
    picture.cells[0].step = 1;
    picture.cells[1].step = 2;
    picture.cells[2].step = 3;
    picture.cells[3].isStale = true;
    picture.cells[4].isDim = true;
    m_grid->setPicture(picture);
    const QImage image = m_grid->grab().toImage();
    const auto colour = [](ColourRole role) { return theme::colour(role, qApp->palette()); };
    const QPoint middle(7, 7);
    QVERIFY2(at(image, *m_grid, 0, middle) != colour(ColourRole::LagFill4), "level 4 has a diagonal");
    QVERIFY2(at(image, *m_grid, 1, {2, 2}) != colour(ColourRole::LagFill5), "level 5 has a cross");
    QVERIFY2(at(image, *m_grid, 1, {7, 1}) == colour(ColourRole::LagFill5), "and its fill beside it");
    QCOMPARE(at(image, *m_grid, 2, {0, 0}), colour(ColourRole::UnknownFill));
    QCOMPARE(at(image, *m_grid, 2, {1, 1}), colour(ColourRole::Surface));
    QCOMPARE(at(image, *m_grid, 3, middle).rgb(), theme::blend(colour(ColourRole::LagFill1), colour(ColourRole::Window), 0.45).rgb());
    QCOMPARE(at(image, *m_grid, 3, {0, 0}), colour(ColourRole::Muted));
    const QColor dim = at(image, *m_grid, 4, middle);
    const QColor wanted = theme::blend(colour(ColourRole::LagFill1), colour(ColourRole::Window), 0.25);
    QVERIFY(std::abs(dim.red() - wanted.red()) <= 1 && std::abs(dim.green() - wanted.green()) <= 1 && std::abs(dim.blue() - wanted.blue()) <= 1);
}

void TestHeatGrid::themeChangeDrawsAllAnew()
{
    m_theme->setMode(theme::Theme::Mode::Light);
    QTRY_COMPARE(at(m_grid->grab().toImage(), *m_grid, 100, {5, 5}), theme::colour(ColourRole::LagFill1, theme::Appearance::Light));
}

void TestHeatGrid::arrowsMoveAndShiftExtends()
{
    QSignalSpy changed(m_grid.get(), &HeatGrid::selectionChanged);
    QTest::keyClick(m_grid.get(), Qt::Key_Right);
    QCOMPARE(*m_grid->current(), 0U);
    QTest::keyClick(m_grid.get(), Qt::Key_Down);
    QCOMPARE(*m_grid->current(), 32U);
    QTest::keyClick(m_grid.get(), Qt::Key_Right, Qt::ShiftModifier);
    QTest::keyClick(m_grid.get(), Qt::Key_Right, Qt::ShiftModifier);
    QCOMPARE(m_grid->selection(), (std::set<quint64>{32, 33, 34}));
    QTest::keyClick(m_grid.get(), Qt::Key_Left, Qt::ShiftModifier);
    QCOMPARE(m_grid->selection(), (std::set<quint64>{32, 33}));
    QTest::keyClick(m_grid.get(), Qt::Key_PageDown);
    QCOMPARE(*m_grid->current(), quint64(512 + 33));
    QCOMPARE(m_grid->selection().size(), 1U);
    QCOMPARE(changed.count(), 6);
    QSignalSpy copied(m_grid.get(), &HeatGrid::copyRequested);
    QTest::keyClick(m_grid.get(), Qt::Key_C, Qt::ControlModifier);
    QCOMPARE(copied.count(), 1);
    QSignalSpy opened(m_grid.get(), &HeatGrid::activated);
    QTest::keyClick(m_grid.get(), Qt::Key_Return);
    QCOMPARE(opened.value(0).value(0).toULongLong(), quint64(512 + 33));
}

void TestHeatGrid::digitsJump()
{
    QTest::keyClicks(m_grid.get(), QStringLiteral("841"));
    QCOMPARE(*m_grid->current(), 841U);
    // In the section where the keys are: media's shard of that number, not users'.
    m_grid->setSelection({1ULL << 32}, 1ULL << 32);
    m_grid->jumpToNumber(7);
    QCOMPARE(*m_grid->current(), 1ULL << 32 | 7);
    m_grid->jumpToNumber(99999);
    QCOMPARE(*m_grid->current(), 1ULL << 32 | 7);
}

void TestHeatGrid::problemsAreVisited()
{
    HeatPicture picture = pictureOf();
    picture.cells[40].problem = 2;
    for (std::size_t i = 1536; i < 2048; ++i)
        picture.cells[i].problem = 1;
    m_grid->setPicture(picture);
    QTest::keyClick(m_grid.get(), Qt::Key_N);
    QCOMPARE(m_grid->cellOf(*m_grid->current()), 40);
    QTest::keyClick(m_grid.get(), Qt::Key_N);
    QCOMPARE(m_grid->cellOf(*m_grid->current()), 1536);
    QTest::keyClick(m_grid.get(), Qt::Key_N);
    QVERIFY2(m_grid->cellOf(*m_grid->current()) == 40, "a block's shared problem counts once");
    QTest::keyClick(m_grid.get(), Qt::Key_N, Qt::ShiftModifier);
    QCOMPARE(m_grid->cellOf(*m_grid->current()), 1536);
}

void TestHeatGrid::plusMinusEqualZoom()
{
    QCOMPARE(m_grid->layoutShown().pitch(), 16);
    QTest::keyClicks(m_grid.get(), QStringLiteral("++"));
    QCOMPARE(m_grid->layoutShown().pitch(), 28);
    QVERIFY(m_grid->verticalScrollBar()->maximum() > 0);
    QTest::keyClicks(m_grid.get(), QStringLiteral("-"));
    QCOMPARE(m_grid->layoutShown().pitch(), 20);
    QTest::keyClicks(m_grid.get(), QStringLiteral("="));
    QCOMPARE(m_grid->layoutShown().pitch(), 16);
    QCOMPARE(m_grid->verticalScrollBar()->maximum(), 0);
}

void TestHeatGrid::wheelZoomsAboutThePointer()
{
    const int cell = 512 + 300;
    const QPoint pointer = m_grid->layoutShown().cell(cell).center();
    for (int notch = 0; notch < 2; ++notch) {
        QWheelEvent wheel(pointer, m_grid->viewport()->mapToGlobal(pointer), {}, {0, 120}, Qt::NoButton, Qt::ControlModifier, Qt::NoScrollPhase, false);
        QApplication::sendEvent(m_grid->viewport(), &wheel);
    }
    QCOMPARE(m_grid->layoutShown().pitch(), 28);
    const QPoint offset(m_grid->horizontalScrollBar()->value(), m_grid->verticalScrollBar()->value());
    // Sideways as far as there is something to scroll: at this pitch all columns are in sight, so the row is what stays.
    QCOMPARE(offset.x(), 0);
    const int under = m_grid->layoutShown().cellAt(pointer + offset);
    QCOMPARE(m_grid->layoutShown().cell(under).top(), m_grid->layoutShown().cell(cell).top());
}

void TestHeatGrid::clickSelectsAndDoubleClickOpens()
{
    QSignalSpy hovered(m_grid.get(), &HeatGrid::hoverChanged);
    const auto middle = [&](int cell) { return m_grid->layoutShown().cell(cell).center(); };
    QTest::mouseMove(m_grid->viewport(), middle(10));
    QTRY_COMPARE(m_grid->hovered().value_or(99), 10U);
    QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, {}, middle(10));
    QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, Qt::ControlModifier, middle(600));
    QCOMPARE(m_grid->selection(), (std::set<quint64>{10, 600}));
    QTest::mouseClick(m_grid->viewport(), Qt::LeftButton, Qt::ControlModifier, middle(600));
    QCOMPARE(m_grid->selection(), (std::set<quint64>{10}));
    QSignalSpy opened(m_grid.get(), &HeatGrid::activated);
    QTest::mouseDClick(m_grid->viewport(), Qt::LeftButton, {}, middle(20));
    QCOMPARE(opened.count(), 1);
}

void TestHeatGrid::selectionStaysWhenCellsComeAndGo()
{
    m_grid->setSelection({5, 6, 700}, 700);
    m_grid->setPicture(pictureOf(16));
    QCOMPARE(m_grid->cellOf(700), -1);
    QCOMPARE(m_grid->selection(), (std::set<quint64>{5, 6, 700}));
    m_grid->setPicture(pictureOf());
    QCOMPARE(*m_grid->current(), 700U);
    QCOMPARE(m_grid->cellOf(700), 700);
}

void TestHeatGrid::cellsAreSpoken()
{
    m_grid->setDescriber([](quint64 id) { return QStringLiteral("insta%1, media, lag 0.08 seconds").arg(id & 0xffffffff); });
    QCOMPARE(m_grid->describe(m_grid->cellOf(1ULL << 32 | 411)), QStringLiteral("insta411, media, lag 0.08 seconds, 412 of 512"));
    QCOMPARE(m_grid->describe(-1), QString());
}

void TestHeatGrid::legendFiltersByClick()
{
    HeatGridLegend legend;
    legend.setEntries({{{ColourRole::LagFill1, HeatStep::Mark::None}, false, QStringLiteral("under 0.1 s"), 1024}, {{ColourRole::LagFill4, HeatStep::Mark::Diagonal}, false, QStringLiteral("5 to 30"), 512}}, 2048);
    legend.resize(legend.sizeHint());
    legend.show();
    QSignalSpy chosen(&legend, &HeatGridLegend::chosenChanged);
    const auto buttons = legend.findChildren<QAbstractButton *>();
    QCOMPARE(buttons.size(), 2);
    const QRect place = buttons[1]->geometry();
    buttons[1]->click();
    QCOMPARE(chosen.count(), 1);
    QCOMPARE(legend.chosen(), std::set<int>{1});
    QCOMPARE(buttons[1]->accessibleName(), QStringLiteral("5 to 30, 512"));
    // Counts change each tick; nothing moves.
    legend.setEntries({{{ColourRole::LagFill1, HeatStep::Mark::None}, false, QStringLiteral("under 0.1 s"), 8}, {{ColourRole::LagFill4, HeatStep::Mark::Diagonal}, false, QStringLiteral("5 to 30"), 1528}}, 2048);
    QCOMPARE(buttons[1]->geometry(), place);
    QCOMPARE(legend.chosen(), std::set<int>{1});
    QTest::keyClick(buttons[1], Qt::Key_Space);
    QVERIFY(legend.chosen().empty());
}

void TestHeatGrid::aScreenReaderFindsATable()
{
    m_grid->setDescriber([](quint64 id) { return QStringLiteral("insta%1, lag 0.08 seconds").arg(quint32(id)); });
    auto *table = QAccessible::queryAccessibleInterface(m_grid.get());
    QVERIFY(table && table->tableInterface());
    QCOMPARE(table->role(), QAccessible::Table);
    QCOMPARE(table->tableInterface()->rowCount(), 2048);
    QCOMPARE(table->tableInterface()->columnCount(), 1);
    auto *cell = table->tableInterface()->cellAt(411, 0);
    QVERIFY(cell && cell->isValid());
    QCOMPARE(cell->text(QAccessible::Name), QStringLiteral("insta411, lag 0.08 seconds, 412 of 512"));
    QCOMPARE(cell, table->child(411));
    QCOMPARE(table->indexOfChild(cell), 411);
    QCOMPARE(cell->parent(), table);
    const QPoint middle = cell->rect().center();
    QCOMPARE(table->childAt(middle.x(), middle.y()), cell);
    QVERIFY(!cell->state().selected);
    QVERIFY(table->tableInterface()->selectRow(411));
    QVERIFY(cell->state().selected);
    QCOMPARE(table->tableInterface()->selectedRows(), QList<int>{411});
    QCOMPARE(m_grid->current(), m_grid->picture().cells[411].id);
    QVERIFY(!table->tableInterface()->cellAt(2048, 0));
    m_grid->setPicture(pictureOf(100)); // fewer cells: the old one is told to be gone
    QVERIFY(!cell->isValid());
}

QTEST_MAIN(TestHeatGrid)
#include "test_heat_grid.moc"
