// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/Options.h"
#include "core/desk/AuditReading.h"
#include "core/facts/Audit.h"

namespace shardlens::ctl {

/// How the audit log is read: as the person's own database user.
[[nodiscard]] desk::DeskOptions auditDesk(const fleet::Fleet &fleet, const Options &options);

/// audit list: the directory's log, newest first.
[[nodiscard]] Exit listAudit(const Options &options);
/// audit verify: follows its chain of hashes, and compares it with the heads that this person's programs kept.
[[nodiscard]] Exit verifyAudit(const Options &options);
/// audit export: every row as a line of JSON with what its hash was made of, so that others can verify it without the directory.
[[nodiscard]] Exit exportAudit(const Options &options);

/// What verify says.
[[nodiscard]] Answer auditAnswer(const facts::AuditVerdict &verdict, bool json);

} // namespace shardlens::ctl
