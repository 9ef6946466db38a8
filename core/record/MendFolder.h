// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <QString>

namespace shardlens::record {

/// Where this person's mends of the fleet are written down: $XDG_STATE_HOME/shardlens/mends/<fleetFileName>, a journal each
/// as OperationJournal.h has them. The same for every program.
[[nodiscard]] QString mendsFolder(const fleet::Fleet &fleet);

} // namespace shardlens::record
