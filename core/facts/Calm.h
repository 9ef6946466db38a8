// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

namespace shardlens::facts {

/// The mark under which a problem calls nobody: it is about a marked server or region, nobody feels it, and what it leaves is still
/// redundant. Nothing: it calls, as ever. A mark that is overdue calms nothing. Of an evacuated region: what is felt in that region alone
/// is calm too, for people were sent elsewhere; log that is kept for its servers is not, for a disk elsewhere fills with it.
[[nodiscard]] const Mark *calmedBy(const Problem &problem, const Snapshot &snapshot);

} // namespace shardlens::facts
