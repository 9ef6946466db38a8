// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <string>

namespace shardlens::record {

/// Where this person's console keeps the history of the fleet of that name. The same for every program.
[[nodiscard]] QString historyPath(const std::string &fleetName);

} // namespace shardlens::record
