// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// `history`: what consoles of this person kept of the fleet in the last 24 hours; asks no server. Problem: none is kept.
[[nodiscard]] Exit showHistory(const Options &options);

} // namespace shardlens::ctl
