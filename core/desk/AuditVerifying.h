// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/desk/Desk.h"
#include "core/facts/Audit.h"

#include <functional>
#include <vector>

namespace shardlens::desk {

/// Of a chain that was followed to its end.
[[nodiscard]] facts::AuditVerdict verdictOf(const facts::AuditChain &chain, const facts::HeadsHere &heads);

/// Told with the number of rows read so far, each thousand; false ends the reading.
using AuditProgress = std::function<bool(std::int64_t rows)>;

/// Follows the whole log's chain of hashes on the directory's primary, and compares it with the heads that this person's programs kept;
/// the end of a log that is whole is for the caller to keep as the next one. Blocks and fails as readAudit(); Cancelled where `goesOn` says
/// so.
[[nodiscard]] base::Result<facts::AuditVerdict> verifyAudit(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options,
                                                            const std::vector<facts::KeptHead> &kept, const AuditProgress &goesOn = {});

} // namespace shardlens::desk
