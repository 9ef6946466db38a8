// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <QString>

namespace shardlens::record {

/// Where this person's console keeps the history of the fleet. The same for every program.
[[nodiscard]] QString historyPath(const fleet::Fleet &fleet);

} // namespace shardlens::record
