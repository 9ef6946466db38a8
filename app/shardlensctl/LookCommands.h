// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// lookup, trace, feed, graph, mediamap. Well: found, and nothing is amiss. Problem: a disagreement, nothing found, or refused.
Exit runLook(const Options &options);

} // namespace shardlens::ctl
