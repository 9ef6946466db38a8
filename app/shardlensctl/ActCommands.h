// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// Starts an executor for switchover or failover, and tells step by step what it does until it ends. Interrupted, it goes on without
/// being watched.
[[nodiscard]] Exit startAct(const Options &options);
/// operations resume, undo: an executor for one whose own is gone.
[[nodiscard]] Exit goOnWith(const Options &options);

} // namespace shardlens::ctl
