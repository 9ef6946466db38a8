// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

namespace shardlens::record {

/// Where this person's mends of the fleet of that name are written down: $XDG_STATE_HOME/shardlens/mends/<fleet name>, a journal each
/// as OperationJournal.h has them. The same for every program.
[[nodiscard]] QString mendsFolder(const std::string &fleetName);

} // namespace shardlens::record
