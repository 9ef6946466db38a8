// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"

#include <QColor>
#include <QPalette>
#include <QRectF>

class QPainter;

namespace shardlens::ui::charts {

/// A small line without axes: zero at the bottom, half as much again as its maximum at the top (at least `least`, so that noise near
/// zero stays flat). Gaps stay gaps. Restores the painter.
void paintSparkline(QPainter &painter, const QRectF &area, const facts::Series &series, const QColor &colour, const QPalette &palette, double least = 0.1);

/// The same between two given ends, so that lines below each other can be compared; the ends are told elsewhere. `line` is the colour
/// and the dash as charts have them.
void paintSparkline(QPainter &painter, const QRectF &area, const facts::Series &series, int line, const QPalette &palette, double low, double high);

} // namespace shardlens::ui::charts
