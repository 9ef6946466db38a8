// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Exit.h"
#include "app/shardlensctl/Options.h"
#include "core/base/Clock.h"

#include <optional>
#include <string>

namespace shardlens::ctl {

/// events: what the console kept (--since), then what changes while this program looks.
[[nodiscard]] Exit tellEvents(const Options &options);
/// timeline: what ran and ended, who was on it, what changed, as text to paste.
[[nodiscard]] Exit showTimeline(const Options &options);

/// "2026-11-28T03:00:00Z", or "90s", "30min", "2h", "1d" before now. Nothing if it is neither.
[[nodiscard]] std::optional<base::UtcTime> momentOf(const std::string &words, base::UtcTime now);

} // namespace shardlens::ctl
