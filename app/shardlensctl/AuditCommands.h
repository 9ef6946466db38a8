// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/shardlensctl/Answer.h"
#include "app/shardlensctl/Options.h"
#include "core/desk/AuditReading.h"
#include "core/facts/Audit.h"
#include "core/record/AuditHeads.h"

namespace shardlens::ctl {

/// How the audit log is read: as the person's own database user.
[[nodiscard]] desk::DeskOptions auditDesk(const fleet::Fleet &fleet, const Options &options);

/// audit list: the directory's log, newest first.
[[nodiscard]] Exit listAudit(const Options &options);
/// audit verify: follows its chain of hashes, and compares it with the heads that this person's programs kept.
[[nodiscard]] Exit verifyAudit(const Options &options);
/// audit export: every row as a line of JSON with what its hash was made of, so that others can verify it without the directory.
[[nodiscard]] Exit exportAudit(const Options &options);

/// The heads that were kept here: of this directory, or of an unknown one, and how many are of others.
struct HeadsHere {
    std::vector<facts::AuditHead> own;
    std::size_t ofOthers = 0;
    bool isNew = false; ///< all that name a directory name another one: this one was never verified here
};
/// `directory`: the system identifier of the one that is read; empty where that is not known, and no head is left out then.
[[nodiscard]] HeadsHere headsOf(const std::vector<record::KeptHead> &kept, const std::string &directory);

/// What verify says of a chain that was followed to its end.
[[nodiscard]] Answer auditVerdict(const facts::AuditChain &chain, const HeadsHere &heads, bool json);

} // namespace shardlens::ctl
