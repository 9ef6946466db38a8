// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"

#include <QString>

namespace shardlens::record {

/// What this person's things of a fleet are called on this machine: its name, and behind an @ its id where it has one, so that two fleets
/// of one name are kept apart. A file's name: what is not a letter, a digit, '-', '_' or '~' is encoded.
[[nodiscard]] QString fleetFileName(const fleet::Fleet &fleet);

/// Where this person's `things` ("operations", "plans") of a fleet lie: $XDG_STATE_HOME/shardlens/<things>/<fleetFileName>. The same for
/// every program; nothing is made.
[[nodiscard]] QString fleetFolder(const char *things, const fleet::Fleet &fleet);

} // namespace shardlens::record
