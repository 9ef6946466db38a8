// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/base/Clock.h"

#include <optional>
#include <string>

namespace shardlens::ctl {

/// "2026-11-28T03:00:00Z", or "30min", "2h", "1d" from now on. Nothing if it is neither.
[[nodiscard]] std::optional<base::UtcTime> momentToCome(const std::string &words, base::UtcTime now);

/// maintenance list: what is marked, by whom, why and until when.
[[nodiscard]] Exit listMarks(const Options &options);
/// maintenance mark, lift: of a server or host, for every console to see.
[[nodiscard]] Exit changeMark(const Options &options);

} // namespace shardlens::ctl
