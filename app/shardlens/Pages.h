// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/shell/PageSpec.h"

#include <vector>

namespace shardlens::app {

/// The pages of this console, in the order of the rail.
[[nodiscard]] std::vector<ui::shell::PageSpec> pages();

} // namespace shardlens::app
