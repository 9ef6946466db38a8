// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// id decode and id encode. Both take the bit layout of the fleet file where one is named, else the usual one.
[[nodiscard]] Exit decodeIds(const Options &options);
[[nodiscard]] Exit encodeId(const Options &options);

} // namespace shardlens::ctl
