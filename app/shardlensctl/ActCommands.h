// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/execute/Operation.h"

#include <optional>
#include <string>

namespace shardlens::ctl {

/// Starts an executor for switchover or failover, and tells step by step what it does until it ends. Interrupted, it goes on without
/// being watched.
[[nodiscard]] Exit startAct(const Options &options);
/// operations resume, undo: an executor for one whose own is gone.
[[nodiscard]] Exit goOnWith(const Options &options);

/// "replay_lag=it will catch up"
[[nodiscard]] std::optional<execute::Forced> forcedFrom(const std::string &words);

} // namespace shardlens::ctl
