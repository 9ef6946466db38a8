// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ColourRole.h"

#include <QString>

#include <vector>

namespace shardlens::ui::charts {

/// How a step of the scale is drawn.
struct HeatStep {
    enum class Mark : std::uint8_t { None, Diagonal, Cross, Hatch };
    theme::ColourRole fill = theme::ColourRole::Heat1;
    Mark mark = Mark::None; ///< Diagonal and Cross from pitch 10 on; Hatch is not known, on the surface
    bool operator==(const HeatStep &) const = default;
};

/// One cell. 16 bytes: there are thousands.
struct HeatCell {
    quint64 id = 0;         ///< stable from picture to picture
    quint32 number = 0;     ///< printed at pitch 28, jumped to by digits
    std::uint16_t step = 0; ///< index in HeatPicture::steps
    bool isStale : 1 = false;
    bool isDim : 1 = false; ///< not found, or filtered out by the legend
    bool isFlagged : 1 = false; ///< a corner tells that it has a problem of its own, where its step does not
    std::uint8_t problem : 2 = 0; ///< 0 none; 1 shares its block's problem; 2 has one of its own

    [[nodiscard]] bool looksLike(const HeatCell &other) const
    {
        return step == other.step && isStale == other.isStale && isDim == other.isDim && isFlagged == other.isFlagged && number == other.number;
    }
};

/// A run of cells under one header.
struct HeatBlock {
    int section = 0;
    int cells = 0;
    QString name;
    QString note;      ///< muted: primary's region and count
    QString shortNote; ///< where the note has no room
    QString value;     ///< at the right end: the block's own reading
    theme::ColourRole valueColour = theme::ColourRole::Muted;
    bool operator==(const HeatBlock &) const = default;
};

struct HeatSection {
    QString title;
    QString note;
    bool operator==(const HeatSection &) const = default;
};

/// All that a heat grid shows: blocks in order by section, and their cells in the same order.
struct HeatPicture {
    std::vector<HeatSection> sections;
    std::vector<HeatBlock> blocks;
    std::vector<HeatCell> cells;
    std::vector<HeatStep> steps;
};

} // namespace shardlens::ui::charts
