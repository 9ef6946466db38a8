// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "ui/shell/PageSpec.h"

#include <vector>

namespace shardlens::app {

/// The pages of a console on this fleet, in the order of the rail: only of what the fleet has.
[[nodiscard]] std::vector<ui::shell::PageSpec> pages(const fleet::Fleet &fleet);

} // namespace shardlens::app
