// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/desk/Desk.h"
#include "core/facts/Audit.h"
#include "core/record/AuditHeads.h"

#include <QString>

#include <functional>

namespace shardlens::desk {

/// Of a chain that was followed to its end.
[[nodiscard]] facts::AuditVerdict verdictOf(const facts::AuditChain &chain, const record::HeadsHere &heads);

/// Told with the number of rows read so far, each thousand; false ends the reading.
using AuditProgress = std::function<bool(std::int64_t rows)>;

/// Follows the whole log's chain of hashes on the directory's primary, and compares it with the heads that this person's programs kept at
/// `headsPath`; the end of a log that is whole is kept there as the next one. Blocks and fails as readAudit(); Cancelled where `goesOn`
/// says so.
[[nodiscard]] base::Result<facts::AuditVerdict> verifyAudit(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options,
                                                            const QString &headsPath, const AuditProgress &goesOn = {});

} // namespace shardlens::desk
