// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Error.h"
#include "core/facts/Audit.h"

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

} // namespace shardlens::ui::format
