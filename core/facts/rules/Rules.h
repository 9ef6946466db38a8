// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"
#include "core/facts/derive/Population.h"

#include <vector>

namespace shardlens::facts::rules {

/// All that the health rules find in a snapshot, unfolded and unordered: pure, one family of rules a source file.
[[nodiscard]] std::vector<Problem> judge(const Snapshot &snapshot, const derive::Population &population);

/// Symptoms folded under their causes.
[[nodiscard]] std::vector<Problem> fold(std::vector<Problem> problems, const Snapshot &snapshot);

/// What is expected of an evacuated region folded under that, and no graver than a warning.
[[nodiscard]] std::vector<Problem> foldExpected(std::vector<Problem> problems, const Snapshot &snapshot);

/// Worst first: what people feel of it, then severity, then shards, then age.
void order(std::vector<Problem> &problems);

} // namespace shardlens::facts::rules
