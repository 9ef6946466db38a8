// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// Runs a command that asks the fleet: observes for a moment, prints what it says of the snapshot, and ends; watch goes on
/// until it is interrupted. Needs a QCoreApplication.
[[nodiscard]] Exit runLive(const Options &options);

} // namespace shardlens::ctl
