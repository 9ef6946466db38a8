// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// fleet check: every complaint of a fleet file, or what it declares.
[[nodiscard]] Exit checkFleet(const Options &options);

} // namespace shardlens::ctl
