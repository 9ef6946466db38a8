// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Operation.h"
#include "core/facts/Snapshot.h"

namespace shardlens::execute {

/// Whether a move may still go on, by a second look: what its own plan rested on may be days old where it broke off before its point of no
/// return and is begun anew, and a while where it has come to hold writes only now.
/// `plan`: made of `seen` for the operation's intent. What the operation did itself stands against nothing, and what was forced when it
/// began is forced still, with one exception: no failover goes on while its old primary answers as one, as what that has acknowledged
/// since would be lost. Of smaller acts each step looks itself: they always may.
/// Errors: Rejected, with why.
[[nodiscard]] base::Result<void> judgeAnew(const Operation &operation, const facts::Snapshot &seen, const base::Result<operate::Plan> &plan);

} // namespace shardlens::execute
