// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Problem.h"
#include "core/fleet/Fleet.h"
#include "ui/theme/ColourRole.h"

#include <QColor>
#include <QPalette>

namespace shardlens::ui::theme {

enum class Appearance : std::uint8_t { Light, Dark };

/// The appearance a palette belongs to, by the lightness of its window ground. Any thread.
[[nodiscard]] Appearance appearanceOf(const QPalette &palette);

/// A role's colour. Widgets pass their own palette while they paint, so a change of theme needs no bookkeeping of theirs:
/// it reaches them as QEvent::PaletteChange, which repaints. Whoever keeps a colour or an image re-reads it on that event.
[[nodiscard]] QColor colour(ColourRole role, Appearance appearance);
[[nodiscard]] QColor colour(ColourRole role, const QPalette &palette);

/// The application's palette: every role for Active, Inactive and Disabled.
[[nodiscard]] QPalette paletteOf(Appearance appearance);

[[nodiscard]] ColourRole lagFill(int level); ///< level 1 to 5
[[nodiscard]] ColourRole lagEdge(int level);
[[nodiscard]] ColourRole heatStep(int step);   ///< step 0 to 6
[[nodiscard]] ColourRole series(int index);    ///< any index; six colours, then from the first again
[[nodiscard]] ColourRole environmentRole(fleet::Environment environment);

/// A region's place in the fleet file is its series index, everywhere; -1 if the fleet has no such region.
[[nodiscard]] int regionIndex(const fleet::Fleet &fleet, const base::RegionName &region);

/// What a severity paints with.
struct SeverityColours {
    ColourRole fill;
    ColourRole text;
    ColourRole ground;
};
[[nodiscard]] SeverityColours coloursOf(facts::Severity severity);

/// `over` laid on `under` with the given opacity (0 to 1).
[[nodiscard]] QColor blend(const QColor &over, const QColor &under, double opacity);

/// WCAG 2 contrast ratio, 1 to 21.
[[nodiscard]] double contrast(const QColor &a, const QColor &b);

} // namespace shardlens::ui::theme
