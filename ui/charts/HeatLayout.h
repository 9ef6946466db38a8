// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QPoint>
#include <QRect>
#include <QSize>

#include <array>
#include <vector>

namespace shardlens::ui::charts {

/// Where the cells of a heat grid lie: sections (a partition each) of blocks (a cluster each) of square cells. Pure geometry in
/// device-independent px, no paint. Cells are numbered through all blocks in order: block b holds firstCell(b) .. firstCell(b + 1) - 1.
class HeatLayout
{
public:
    /// Distance from one cell to the next: the cell and a 1 px gap.
    static constexpr std::array<int, 7> kPitches{6, 8, 10, 12, 16, 20, 28};

    /// Heights and gaps, at the text size in use.
    struct Metrics {
        int sectionTitle = 18; ///< 0 where one section needs no title
        int header = 10;       ///< of a block
        int headerGap = 3;     ///< header to outline
        int blockGap = 8;
        int sectionGap = 16;
        int minBlockWidth = 84; ///< so that a header can name its cluster
        bool operator==(const Metrics &) const = default;
    };

    /// Cells of each block of each section.
    using Sections = std::vector<std::vector<int>>;

    enum class Move { Left, Right, Up, Down, NextBlock, PreviousBlock, RowStart, RowEnd, First, Last };

    HeatLayout() = default;

    /// At the largest pitch whose content fits `room`; if none does, at the smallest, with a content higher than the room.
    [[nodiscard]] static HeatLayout fit(const Sections &sections, QSize room, const Metrics &metrics);
    /// At a given pitch (zoomed), side by side or stacked as it fits best.
    [[nodiscard]] static HeatLayout at(const Sections &sections, QSize room, const Metrics &metrics, int pitch);

    /// Columns of a block of n cells: the smallest power of two that is at least sqrt(2n), or hardly less.
    [[nodiscard]] static int columnsFor(int cells);
    /// The pitch `steps` further up (or down) the list, within it.
    [[nodiscard]] static int pitchBeside(int pitch, int steps);

    [[nodiscard]] int pitch() const { return m_pitch; }
    [[nodiscard]] bool isStacked() const { return m_stacked; }
    [[nodiscard]] QSize size() const { return m_size; } ///< of the content; may exceed the room
    [[nodiscard]] int sectionCount() const { return int(m_sections.size()); }
    [[nodiscard]] int blockCount() const { return int(m_blocks.size()); }
    [[nodiscard]] int cellCount() const { return m_blocks.empty() ? 0 : m_blocks.back().first + m_blocks.back().cells; }

    [[nodiscard]] QRect sectionTitle(int section) const { return m_sections[std::size_t(section)].title; }
    [[nodiscard]] int sectionOf(int block) const { return m_blocks[std::size_t(block)].section; }
    [[nodiscard]] QRect header(int block) const { return m_blocks[std::size_t(block)].header; }
    [[nodiscard]] QRect outline(int block) const { return m_blocks[std::size_t(block)].outline; } ///< 1 px line lies on its edge
    [[nodiscard]] int firstCell(int block) const { return m_blocks[std::size_t(block)].first; }
    [[nodiscard]] int cellsIn(int block) const { return m_blocks[std::size_t(block)].cells; }
    [[nodiscard]] int blockOf(int cell) const;   ///< -1 if there is no such cell
    [[nodiscard]] QRect cell(int cell) const;    ///< without its gap; empty if there is no such cell
    [[nodiscard]] int cellAt(QPoint point) const; ///< the gap belongs to the cell left of it; -1 outside
    [[nodiscard]] int blockAt(QPoint point) const; ///< outline or header; -1 outside

    /// The cell that a key leads to; `cell` itself where there is none further.
    [[nodiscard]] int moved(int cell, Move move) const;

private:
    struct Block {
        int section = 0;
        int first = 0;
        int cells = 0;
        int columns = 1;
        QRect header;
        QRect outline;
    };
    struct Section {
        QRect title;
    };

    void place(const Sections &sections, QSize room, const Metrics &metrics, int pitch, bool stacked);
    void placeSection(const std::vector<int> &sizes, int section, const QRect &room, const Metrics &metrics);
    [[nodiscard]] QPoint origin(const Block &block) const { return block.outline.topLeft() + QPoint(1, 1); }
    [[nodiscard]] int beside(int cell, int dx, int dy) const;
    [[nodiscard]] int intoNextBlock(int cell, int step) const;

    std::vector<Section> m_sections;
    std::vector<Block> m_blocks;
    int m_pitch = kPitches.front();
    bool m_stacked = false;
    QSize m_size;
};

} // namespace shardlens::ui::charts
