// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Audit.h"
#include "core/fleet/Fleet.h"
#include "ui/models/FactRow.h"
#include "ui/operate/OutlineRow.h"

#include <QString>

#include <set>
#include <string>
#include <vector>

namespace shardlens::ui::pages {

/// Which entries are shown: those of these people, and of these deeds; an empty set lets all pass.
struct AuditChoice {
    std::set<std::string> people; ///< database users
    std::set<std::string> deeds;  ///< see deedOf()
    bool operator==(const AuditChoice &) const = default;

    [[nodiscard]] bool takes(const facts::AuditRow &row) const;
};

/// What was done, without its stage: "switchover begun" and "switchover ended" are both of "switchover".
[[nodiscard]] std::string deedOf(const facts::AuditRow &row);
[[nodiscard]] QString deedText(const std::string &deed); ///< "cache_delete" reads "cache delete"

/// Room is kept for the names of the fleet’s database users.
[[nodiscard]] std::vector<models::FactColumn> auditColumns(const fleet::Fleet &fleet);
/// Newest first; ids are the rows' numbers.
[[nodiscard]] std::vector<models::FactRow> auditRows(const std::vector<facts::AuditRow> &rows, const AuditChoice &choice);
/// All that an entry says, and whether its hash is that of what it says.
[[nodiscard]] operate::OutlineRows auditDetails(const facts::AuditRow &row);
/// Every field of the entries that are shown, newest first.
[[nodiscard]] QString auditCsv(const std::vector<facts::AuditRow> &rows, const AuditChoice &choice);
/// The operation that an entry tells of; empty if none.
[[nodiscard]] std::string operationIn(const facts::AuditRow &row);

} // namespace shardlens::ui::pages
