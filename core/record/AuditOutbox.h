// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/facts/OwedAudit.h"
#include "core/fleet/Fleet.h"

#include <QString>

#include <functional>
#include <optional>
#include <vector>

namespace shardlens::record {

/// Where rows that the directory's audit log could not be given wait for it: $XDG_STATE_HOME/shardlens/audit/<fleetFileName>.owed.jsonl,
/// beside the heads. The same for every program. A line a row, only ever added to: one that the log took is struck by a line more, and all
/// that is struck goes at once. Lines that are damaged are set aside in <file>.damaged. Several processes and threads may at once.
[[nodiscard]] QString auditOutboxPath(const fleet::Fleet &fleet);

constexpr std::size_t owedAuditMost = 2000; ///< rows that wait

/// Keeps a row, on disk when it returns. Errors: Rejected where as many wait as may; Io.
[[nodiscard]] base::Result<void> oweAudit(const QString &path, const facts::OwedAudit &row);

/// What waits. A value.
struct OwedAudits {
    std::vector<facts::OwedAudit> rows; ///< in the order in which they came
    std::size_t damaged = 0;            ///< lines that say nothing that could be written
    QString setAside;                   ///< where such lines lie that were found before; empty: there are none
    bool operator==(const OwedAudits &) const = default;
};
/// None where there is no file. Changes nothing. Errors: Io.
[[nodiscard]] base::Result<OwedAudits> owedAudits(const QString &path);

/// Gives the log one row; a row that it has already is well, too.
using WriteOwedAudit = std::function<base::Result<void>(const facts::OwedAudit &row)>;

/// What came of handing over.
struct AuditHandOver {
    std::size_t written = 0;
    std::size_t waiting = 0;
    std::size_t damaged = 0; ///< lines that were set aside now
    QString setAside;        ///< where they lie; empty: there are none
    std::optional<base::Error> trouble = {}; ///< why not all were written
    bool operator==(const AuditHandOver &) const = default;
};
/// Has each row that waits written, in their order, and strikes it: on disk, before the next. Ends with the first that the directory does
/// not take for itself; one whose contents it refuses keeps no other waiting. Nothing is written where another process does it just now.
/// Errors: Io.
[[nodiscard]] base::Result<AuditHandOver> handOverAudits(const QString &path, const WriteOwedAudit &write);

} // namespace shardlens::record
