// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/desk/Desk.h"
#include "core/facts/Audit.h"

#include <cstdint>
#include <functional>
#include <optional>

namespace shardlens::desk {

/// Which rows of the audit log.
struct AuditQuery {
    std::optional<base::UtcTime> since; ///< by the directory's clock
    std::int64_t after = 0;             ///< only rows of higher numbers
    std::int64_t limit = 0;             ///< the newest so many; 0: all
    bool isFromPrimary = false;         ///< not from a standby, which may lack the newest
};

/// Takes a row; false: no more of them.
using TakeAuditRow = std::function<bool(const facts::AuditRow &row)>;

/// Hands the rows over in the order of their numbers, read a thousand at a time as the person's database user: it needs SELECT on the
/// log. Blocks; each step ends within options.patience. Errors: as readOnce(); rows that were handed over before one hold.
[[nodiscard]] base::Result<void> readAudit(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options,
                                           const AuditQuery &query, const TakeAuditRow &take);

/// The system identifier of the directory's primary: another one's log is another log. Blocks and fails as readAudit().
[[nodiscard]] base::Result<std::string> directoryIdentity(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options);

/// SHA-256 over the hash before (hexadecimal; empty for the first row) and the contents, hexadecimal.
[[nodiscard]] std::string auditHash(const std::string &previousHash, const std::string &hashed);

} // namespace shardlens::desk
