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

/// A head, and whose log's it is.
struct KeptHead {
    facts::AuditHead head;
    std::string directory; ///< the system identifier of the directory's cluster; empty where it was not known
    bool operator==(const KeptHead &) const = default;
};

/// Adds a head, a line, on disk when it returns. Several processes may at once. Errors: Io.
[[nodiscard]] base::Result<void> keepAuditHead(const QString &path, const KeptHead &kept);

/// All that were kept, in their order; none where there is no file. A line that broke off is passed over. Errors: Io, Protocol for any
/// other line that is no head.
[[nodiscard]] base::Result<std::vector<KeptHead>> auditHeadsKept(const QString &path);

/// The heads that were kept here: of this directory, or of an unknown one, and how many are of others.
struct HeadsHere {
    std::vector<facts::AuditHead> own;
    std::size_t ofOthers = 0;
    bool isNew = false; ///< all that name a directory name another one: this one was never verified here
};
/// `directory`: the system identifier of the one that is read; empty where that is not known, and no head is left out then.
[[nodiscard]] HeadsHere headsOf(const std::vector<KeptHead> &kept, const std::string &directory);

} // namespace shardlens::record
