// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Readiness.h"

#include <string>

namespace shardlens::operate {

/// A plan as text: checks, candidates, steps with every command; to be compared whole.
[[nodiscard]] std::string dump(const Plan &plan);
/// A line a cluster, and one for each check that did not pass.
[[nodiscard]] std::string dump(const Readiness &readiness);
[[nodiscard]] std::string dump(const Check &check);

} // namespace shardlens::operate
