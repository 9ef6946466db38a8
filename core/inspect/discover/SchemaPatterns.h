// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/discover/Finding.h"

#include <string>
#include <vector>

namespace shardlens::inspect::discover {

struct Schema {
    std::string name;
    std::vector<std::string> tables; ///< oldest first
};

/// Groups schemas by what is left of their names when the last number is taken out: insta1341, tenant_0042, eu_7_data.
/// Two make a group. Numbers with zeros in front give a pattern with that many digits. Pure.
[[nodiscard]] std::vector<SchemaGroup> schemaGroups(const std::vector<Schema> &schemas);

} // namespace shardlens::inspect::discover
