// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Problem.h"
#include "core/facts/Snapshot.h"
#include "ui/theme/ColourRole.h"

#include <QPalette>
#include <QRectF>

class QPainter;

namespace shardlens::ui::theme {

/// The marks that stand beside words, drawn and not typed, because fonts lack them. Colour is never the only signal: each differs in form.
enum class Shape : std::uint8_t {
    None,
    Diamond,     ///< critical, with an exclamation mark
    Triangle,    ///< warning, with an exclamation mark
    Dot,         ///< well
    Ring,        ///< well, inferred
    DashedRing,  ///< unknown, with a question mark
    Clock,       ///< stale
    Wrench,      ///< maintenance
    Chevron,     ///< running
    Ellipsis,    ///< asking
    Cross,       ///< broken
    SmallDiamond,  ///< an event: a role or a restart; hollow
    SmallTriangle, ///< an event: a setting or a router; points down
    ArrowUp,
    ArrowDown,
    ArrowRight,
    ExpandRight, ///< folded, opens
    ExpandDown,  ///< opened, folds
    Lock,        ///< masked, or recorded before it is seen
    NotEqual,    ///< differs from the others
    Stop,        ///< this blocks, or failed: an octagon with a bar, in the colour of text; red says that people are hit now
};

/// Paints a shape centred in `box`, a square of about 14 px; a Dot takes 8 of the 14. Restores the painter.
void paintShape(QPainter &painter, Shape shape, const QRectF &box, const QPalette &palette);
/// The same in one given colour: chart marks, ended problems, counts of zero.
void paintShape(QPainter &painter, Shape shape, const QRectF &box, const QColor &fill, const QColor &mark);

[[nodiscard]] Shape shapeOf(facts::Severity severity);
/// Fresh is well, stale the clock, asking the ellipsis, down the diamond.
[[nodiscard]] Shape shapeOf(facts::Freshness freshness);

/// The hatch of what is not known: 45 degrees, pitch 4, in `role` on what is there already.
void paintHatch(QPainter &painter, const QRectF &area, const QPalette &palette, ColourRole role = ColourRole::UnknownFill);

/// The dotted underline of an old value.
void paintStaleUnderline(QPainter &painter, const QPointF &from, const QPointF &to, const QPalette &palette);

} // namespace shardlens::ui::theme
