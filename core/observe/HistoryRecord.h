// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"
#include "core/facts/Snapshot.h"

#include <functional>
#include <string>

namespace shardlens::observe {

/// Hands over each value of a snapshot that may be kept: known, and told by servers that answer now. A value that is old,
/// unknown or of a silent server is not handed over, so that it becomes a gap.
void eachValue(const facts::Snapshot &snapshot, const std::function<void(facts::Measure, const std::string &subject, double value)> &keep);

} // namespace shardlens::observe
