// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <QStringList>

namespace shardlens::ui::format {

/// What the move that a slow or lagging cluster tempts to would cost now, by the checks that its plan has: "A switchover of u1 now would
/// hold writes for about 6.12 s (limit 1.00 s): not offered." A line a cluster whose primary answers, at most three, then "and 4 more";
/// empty for other problems, and before all that a plan rests on was read. It makes plans: for the problem that is read, not for a list.
[[nodiscard]] QStringList movePrices(const facts::Problem &problem, const facts::Snapshot &snapshot);

} // namespace shardlens::ui::format
