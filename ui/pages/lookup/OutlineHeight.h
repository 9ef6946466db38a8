// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/operate/OutlineView.h"

namespace shardlens::ui::pages {

/// How high a panel of that width must be for all its rows in sight, whether it is shown yet or not.
[[nodiscard]] int outlineHeight(const operate::OutlinePanel &panel, int width);

} // namespace shardlens::ui::pages
