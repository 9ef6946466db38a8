// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/HeatLayout.h"

#include <algorithm>
#include <cstdlib>

namespace shardlens::ui::charts {

int HeatLayout::columnsFor(int cells)
{
    // A quarter more is let pass: two shards moved onto a cluster of 512 must not make its block twice as wide and all cells smaller.
    int columns = 1;
    while (columns * columns * 5 < 2 * cells * 4)
        columns *= 2;
    return columns;
}

int HeatLayout::pitchBeside(int pitch, int steps)
{
    const auto at = std::find(kPitches.begin(), kPitches.end(), pitch);
    const int index = at == kPitches.end() ? 0 : int(at - kPitches.begin());
    return kPitches[std::size_t(std::clamp(index + steps, 0, int(kPitches.size()) - 1))];
}

HeatLayout HeatLayout::fit(const Sections &sections, QSize room, const Metrics &metrics)
{
    for (auto pitch = kPitches.rbegin(); pitch != kPitches.rend(); ++pitch) {
        const HeatLayout layout = at(sections, room, metrics, *pitch);
        if (layout.m_size.width() <= room.width() && layout.m_size.height() <= room.height())
            return layout;
    }
    return at(sections, room, metrics, kPitches.front());
}

HeatLayout HeatLayout::at(const Sections &sections, QSize room, const Metrics &metrics, int pitch)
{
    HeatLayout beside;
    beside.place(sections, room, metrics, pitch, false);
    if (sections.size() < 2)
        return beside;
    const auto fits = [&](const HeatLayout &layout) {
        return layout.m_size.width() <= room.width() && layout.m_size.height() <= room.height();
    };
    if (fits(beside))
        return beside;
    HeatLayout stacked;
    stacked.place(sections, room, metrics, pitch, true);
    // Neither fits: scroll downwards only, if that is possible at all.
    return fits(stacked) || beside.m_size.width() > room.width() ? stacked : beside;
}

void HeatLayout::place(const Sections &sections, QSize room, const Metrics &metrics, int pitch, bool stacked)
{
    m_pitch = pitch;
    m_stacked = stacked;
    const int count = std::max(1, int(sections.size()));
    const int width = stacked ? room.width() : (room.width() - (count - 1) * metrics.sectionGap) / count;
    QPoint corner(0, 0);
    for (int section = 0; section < int(sections.size()); ++section) {
        placeSection(sections[std::size_t(section)], section, QRect(corner, QSize(width, metrics.sectionTitle)), metrics);
        if (stacked)
            corner.setY(m_size.height() + metrics.blockGap + 2);
        else
            corner.setX(std::max((section + 1) * (width + metrics.sectionGap), m_size.width() + metrics.sectionGap));
    }
}

/// Blocks lie in rows of slots of one width, so that the columns of blocks align; as few rows as there is width for, evenly filled.
void HeatLayout::placeSection(const std::vector<int> &sizes, int section, const QRect &room, const Metrics &metrics)
{
    m_sections.push_back({room});
    int slot = metrics.minBlockWidth;
    for (const int size : sizes)
        slot = std::max(slot, columnsFor(size) * m_pitch + 1);
    const int count = int(sizes.size());
    const int most = std::max(1, (room.width() + metrics.blockGap) / (slot + metrics.blockGap));
    const int rows = (count + most - 1) / most;
    const int perRow = rows == 0 ? 1 : (count + rows - 1) / rows;

    int top = room.top() + metrics.sectionTitle;
    int lowest = top;
    for (int i = 0; i < count; ++i) {
        if (i > 0 && i % perRow == 0)
            top = lowest + metrics.blockGap;
        Block block;
        block.section = section;
        block.first = cellCount();
        block.cells = sizes[std::size_t(i)];
        block.columns = columnsFor(block.cells);
        const int lines = (block.cells + block.columns - 1) / block.columns;
        const int left = room.left() + (i % perRow) * (slot + metrics.blockGap);
        block.header = QRect(left, top, std::max(metrics.minBlockWidth, block.columns * m_pitch + 1), metrics.header);
        block.outline = QRect(left, top + metrics.header + metrics.headerGap, block.columns * m_pitch + 1, std::max(1, lines) * m_pitch + 1);
        lowest = std::max(lowest, block.outline.y() + block.outline.height());
        m_size = m_size.expandedTo(QSize(left + block.header.width(), lowest));
        m_blocks.push_back(block);
    }
    m_size = m_size.expandedTo(QSize(0, lowest));
}

int HeatLayout::blockOf(int cell) const
{
    if (cell < 0 || cell >= cellCount())
        return -1;
    const auto after = std::upper_bound(m_blocks.begin(), m_blocks.end(), cell, [](int wanted, const Block &block) { return wanted < block.first; });
    return int(after - m_blocks.begin()) - 1;
}

QRect HeatLayout::cell(int cell) const
{
    const int index = blockOf(cell);
    if (index < 0)
        return {};
    const Block &block = m_blocks[std::size_t(index)];
    const int at = cell - block.first;
    return QRect(origin(block) + QPoint(at % block.columns, at / block.columns) * m_pitch, QSize(m_pitch - 1, m_pitch - 1));
}

int HeatLayout::cellAt(QPoint point) const
{
    for (const Block &block : m_blocks) {
        const QPoint inside = point - origin(block);
        if (inside.x() < 0 || inside.y() < 0)
            continue;
        const int column = inside.x() / m_pitch;
        const int at = inside.y() / m_pitch * block.columns + column;
        if (column < block.columns && at < block.cells)
            return block.first + at;
    }
    return -1;
}

int HeatLayout::blockAt(QPoint point) const
{
    for (int i = 0; i < blockCount(); ++i) {
        if (m_blocks[std::size_t(i)].outline.contains(point) || m_blocks[std::size_t(i)].header.contains(point))
            return i;
    }
    return -1;
}

int HeatLayout::moved(int cell, Move move) const
{
    const int index = blockOf(cell);
    if (index < 0)
        return cell;
    const Block &block = m_blocks[std::size_t(index)];
    const int at = cell - block.first;
    const int column = at % block.columns;
    switch (move) {
    case Move::Left: return column > 0 ? cell - 1 : beside(cell, -1, 0);
    case Move::Right: return column + 1 < block.columns && at + 1 < block.cells ? cell + 1 : beside(cell, 1, 0);
    case Move::Up: return at >= block.columns ? cell - block.columns : beside(cell, 0, -1);
    case Move::Down:
        if (at + block.columns < block.cells)
            return cell + block.columns;
        // A short last row: the one above it leads to its end.
        if (at / block.columns < (block.cells - 1) / block.columns)
            return block.first + block.cells - 1;
        return beside(cell, 0, 1);
    case Move::NextBlock: return intoNextBlock(cell, 1);
    case Move::PreviousBlock: return intoNextBlock(cell, -1);
    case Move::RowStart: return cell - column;
    case Move::RowEnd: return std::min(cell - column + block.columns, block.first + block.cells) - 1;
    case Move::First: return 0;
    case Move::Last: return cellCount() - 1;
    }
    return cell;
}

/// The nearest cell in a direction, in another block: what an eye that follows the row or column meets next.
int HeatLayout::beside(int cell, int dx, int dy) const
{
    const QRect from = this->cell(cell);
    const QPoint centre = from.center();
    const Block *best = nullptr;
    int bestDistance = 0;
    for (const Block &block : m_blocks) {
        if (block.cells == 0)
            continue;
        const QRect &to = block.outline;
        const bool inLine = dx != 0 ? to.top() <= centre.y() && centre.y() <= to.bottom() : to.left() <= centre.x() && centre.x() <= to.right();
        const int distance = dx > 0 ? to.left() - from.right() : dx < 0 ? from.left() - to.right() : dy > 0 ? to.top() - from.bottom() : from.top() - to.bottom();
        if (inLine && distance >= 0 && (!best || distance < bestDistance)) {
            best = &block;
            bestDistance = distance;
        }
    }
    if (!best)
        return cell;
    const QPoint inside = centre - origin(*best);
    const int lines = (best->cells + best->columns - 1) / best->columns;
    const int column = dx > 0 ? 0 : dx < 0 ? best->columns - 1 : std::clamp(inside.x() / m_pitch, 0, best->columns - 1);
    const int line = dy > 0 ? 0 : dy < 0 ? lines - 1 : std::clamp(inside.y() / m_pitch, 0, lines - 1);
    return best->first + std::min(line * best->columns + column, best->cells - 1);
}

/// The same place in the next block that has cells.
int HeatLayout::intoNextBlock(int cell, int step) const
{
    const int from = blockOf(cell);
    const int at = cell - m_blocks[std::size_t(from)].first;
    for (int i = from + step; i >= 0 && i < blockCount(); i += step) {
        const Block &block = m_blocks[std::size_t(i)];
        if (block.cells > 0)
            return block.first + std::min(at, block.cells - 1);
    }
    return cell;
}

} // namespace shardlens::ui::charts
