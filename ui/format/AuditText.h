// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/facts/Audit.h"
#include "core/facts/OwedAudit.h"

#include <QString>
#include <QStringList>

#include <string>

namespace shardlens::ui::format {

/// "Row 12 was edited: its hash is not that of what it says."
[[nodiscard]] QString auditFlawText(const facts::AuditFlaw &flaw);
/// A sentence a flaw, then what is true of the whole.
[[nodiscard]] QStringList auditVerdictText(const facts::AuditVerdict &verdict);
/// For a title: "unbroken, 4,112 entries", "not as it was written: 2 places".
[[nodiscard]] QString auditStateText(const facts::AuditVerdict &verdict);
/// Why the log could not be read, and what to do. `you`: the database user that it was read as.
[[nodiscard]] QString auditTroubleText(const base::Error &error, const std::string &you);

/// What of this machine's rows waits for the log, a sentence each: how many, and why; how many were `written` just now; where damaged ones
/// lie. None where there is nothing to tell. `you`: the database user that they are written as.
[[nodiscard]] QStringList auditWaitingText(const facts::AuditWaiting &waiting, std::size_t written, const std::string &you);
/// "2026-11-28 03:00:00Z, written later as shardlens_operator"; empty where the row was written at once.
[[nodiscard]] QString writtenLaterText(const facts::AuditRow &row);

} // namespace shardlens::ui::format
