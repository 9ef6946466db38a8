// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/theme/ColourRole.h"

#include <QPalette>
#include <QRectF>
#include <QString>

#include <array>
#include <optional>

class QPainter;

namespace shardlens::ui::charts {

/// The four places where bytes wait between primary and standby: not sent, sent and not written, written and not flushed,
/// flushed and not replayed.
inline constexpr int kStages = 4;

struct StageBar {
    std::array<std::optional<double>, kStages> bytes; ///< empty = not known
    double full = 1;                                  ///< bytes of the whole width
    bool isOld = false;

    [[nodiscard]] bool isKnown() const;
};

[[nodiscard]] theme::ColourRole stageColour(int stage);
[[nodiscard]] QString stageName(int stage);

/// One bar on a base line, 12 px high in the middle of `area`. A stage that holds anything is at least 1 px wide; what is not
/// known is hatched. Restores the painter.
void paintStageBar(QPainter &painter, const QRectF &area, const StageBar &bar, const QPalette &palette);

} // namespace shardlens::ui::charts
