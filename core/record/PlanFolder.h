// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <QString>

#include <string>
#include <vector>

namespace shardlens::record {

/// Where this person's saved plans of the fleet lie, a file each: $XDG_STATE_HOME/shardlens/plans/<fleetFileName>.
[[nodiscard]] QString plansFolder(const fleet::Fleet &fleet);

/// Writes one whole, in place of one of that name. Errors: BadInput for a name that is no file's, Io.
[[nodiscard]] base::Result<void> savePlan(const QString &folder, const std::string &name, const std::string &text);
/// Errors: NotFound, BadInput, Io.
[[nodiscard]] base::Result<std::string> readPlan(const QString &folder, const std::string &name);
[[nodiscard]] base::Result<void> removePlan(const QString &folder, const std::string &name);
[[nodiscard]] std::vector<std::string> plansIn(const QString &folder); ///< names, in their order

} // namespace shardlens::record
