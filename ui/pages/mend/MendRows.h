// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/mend/Plan.h"
#include "ui/operate/OutlineRow.h"

namespace shardlens::ui::pages {

/// Checks that do not pass first, each with what can be done; then those that do; then what is sent.
[[nodiscard]] operate::OutlineRows mendCheckRows(const mend::Plan &plan);
/// What is written otherwise, a row a change, as many as are shown.
[[nodiscard]] operate::OutlineRows mendChangeRows(const mend::Plan &plan);

} // namespace shardlens::ui::pages
