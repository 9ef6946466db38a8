// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Readiness.h"

#include <string>

namespace shardlens::ctl {

/// One object without a line's end; keys in snake_case that stay, as those of `JsonFacts.h`.
[[nodiscard]] std::string jsonOf(const operate::Plan &plan);
[[nodiscard]] std::string jsonOf(const operate::Readiness &readiness, const facts::Snapshot &snapshot);

} // namespace shardlens::ctl
