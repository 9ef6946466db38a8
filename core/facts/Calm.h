// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

namespace shardlens::facts {

/// The maintenance mark under which a problem calls nobody: it is about a marked server, nobody feels it, and what it leaves is still
/// redundant. Nothing: it calls, as ever. A mark that is overdue calms nothing.
[[nodiscard]] const Mark *calmedBy(const Problem &problem, const Snapshot &snapshot);

} // namespace shardlens::facts
