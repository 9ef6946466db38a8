// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/Options.h"
#include "core/execute/Operation.h"
#include "core/execute/PastRuns.h"

namespace shardlens::ctl {

/// operations list, show, cancel, abandon: what this person's journals tell, and the directory's copies of others'.
[[nodiscard]] Exit listOperations(const Options &options);
[[nodiscard]] Exit showOperation(const Options &options);
[[nodiscard]] Exit cancelOperation(const Options &options);
[[nodiscard]] Exit abandonOperation(const Options &options);

/// One operation as an object: what its report tells, with the steps. `runs`: its executor lives. `isHere`: its journal is this machine's.
[[nodiscard]] std::string jsonOf(const execute::Operation &operation, bool runs, bool isHere = true);
/// "Done.", "Done, 2 things left: …", "Rolled back: …", as a person is told; of one without an outcome whether it runs or broke off.
[[nodiscard]] QString outcomeText(const execute::Operation &operation, bool runs);
[[nodiscard]] Exit exitOf(const execute::Operation &operation);

/// The newest moves of this kind, of all clusters and groups, as this person's journals of the fleet tell.
[[nodiscard]] std::vector<execute::Operation> pastOperations(const fleet::Fleet &fleet, operate::Act act);

} // namespace shardlens::ctl
