// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

namespace shardlens::ctl {

/// What the command line asks for: a move, or a smaller act. Errors: NotFound, BadInput, with a sentence.
[[nodiscard]] base::Result<operate::Intent> intentOf(const Options &options, const fleet::Fleet &fleet);

/// A smaller act: its plan, or the act itself. What `backend terminate` would end is looked at first, and shown.
[[nodiscard]] Exit doSmallAct(const Options &options);

} // namespace shardlens::ctl
