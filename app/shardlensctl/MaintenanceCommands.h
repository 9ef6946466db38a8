// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"

namespace shardlens::ctl {

/// maintenance list: what is marked, by whom, why and until when.
[[nodiscard]] Exit listMarks(const Options &options);
/// maintenance mark, lift: of a server or host, for every console to see.
[[nodiscard]] Exit changeMark(const Options &options);

} // namespace shardlens::ctl
