// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/HeatPicture.h"

#include <QColor>
#include <QImage>
#include <QPalette>

namespace shardlens::ui::charts {

/// How one cell is to look.
struct HeatLook {
    HeatStep step;
    bool isStale = false;
    bool isDim = false;
    bool hasMarks = true; ///< cells too small for a mark go without
    bool isFlagged = false;
};

/// A cell's picture of `size` device pixels, at a device pixel ratio. GUI thread.
[[nodiscard]] QImage heatTile(const HeatLook &look, QSize size, double ratio, const QPalette &palette);

/// The ground of a cell, without mark or hatch; and the ink that is read on it.
[[nodiscard]] QColor heatGround(const HeatStep &step, const QPalette &palette);
[[nodiscard]] QColor heatInk(const HeatStep &step, const QPalette &palette);

} // namespace shardlens::ui::charts
