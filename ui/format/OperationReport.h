// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"

#include <QString>

namespace shardlens::ui::format {

/// An operation as plain text to paste: what, by whom, why, what came of it, how long writes were held, what was forced, each step
/// with its state and time, what is left. Times in UTC with date. `runs`: whoever carries it out is alive.
[[nodiscard]] QString operationReport(const execute::Operation &operation, bool runs);

} // namespace shardlens::ui::format
