// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/facts/Audit.h"
#include "core/fleet/Fleet.h"

#include <QString>

#include <string>
#include <vector>

namespace shardlens::record {

/// Where this person keeps the heads of the audit log of the fleet: $XDG_STATE_HOME/shardlens/audit/<fleetFileName>.jsonl.
/// The same for every program.
[[nodiscard]] QString auditHeadsPath(const fleet::Fleet &fleet);

/// Adds a head, a line, on disk when it returns. Several processes may at once. Errors: Io.
[[nodiscard]] base::Result<void> keepAuditHead(const QString &path, const facts::KeptHead &kept);

/// All that were kept, in their order; none where there is no file. A line that broke off is passed over. Errors: Io, Protocol for any
/// other line that is no head.
[[nodiscard]] base::Result<std::vector<facts::KeptHead>> auditHeadsKept(const QString &path);

} // namespace shardlens::record
