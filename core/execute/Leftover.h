// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/fleet/Fleet.h"

#include <optional>

namespace shardlens::execute {

/// The smaller act that does what this step of a move left undone. Nothing where no act does it: what was only to be seen, what a
/// person or the manager does.
[[nodiscard]] std::optional<operate::SmallAct> remedyOf(const Operation &operation, const operate::Step &step, const fleet::Fleet &fleet);

/// It is done, and can be taken back all the same: a preparation, of which what it made bears its name.
[[nodiscard]] bool canBeTakenBack(const Operation &operation);

} // namespace shardlens::execute
