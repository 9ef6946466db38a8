// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QSize>
#include <QStringList>

class QWidget;

namespace shardlens::tests {

/// What a designer would have to straighten in a window as it stands: texts that are cut, numbers that are elided, texts that run into
/// each other, columns that have no room. A sentence each, with the widget, the text and by how much; empty when all is well.
[[nodiscard]] QStringList faultsOf(QWidget &window);

/// All texts that can be seen in it, as they were painted; a narrow no-break space is a space.
[[nodiscard]] QStringList textsIn(QWidget &window);

/// Every size, text size and theme is looked at in the full tier (SHARDLENS_EVERY_SIZE); in the quick one the tightest and the widest,
/// in one theme: a theme changes no layout.
[[nodiscard]] bool isLookedAt(QSize page, int text);
[[nodiscard]] bool areBothThemesLookedAt();

} // namespace shardlens::tests
