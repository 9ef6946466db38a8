// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// plans save: plans as --plan does, and puts the plan aside under a name. plans open: plans it anew, and tells what differs since.
[[nodiscard]] Exit saveThePlan(const Options &options);
[[nodiscard]] Exit openThePlan(const Options &options);
[[nodiscard]] Exit listThePlans(const Options &options);
[[nodiscard]] Exit removeThePlan(const Options &options);

} // namespace shardlens::ctl
