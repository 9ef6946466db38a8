// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/facts/PatroniReport.h"

#include <string>

namespace shardlens::patroni {

// Answers of a REST interface, read into a report. Errors: Protocol, where it is no such answer; the report is as it was.

[[nodiscard]] base::Result<void> readStatus(facts::PatroniReport &into, const std::string &answer);  ///< GET /patroni
[[nodiscard]] base::Result<void> readCluster(facts::PatroniReport &into, const std::string &answer); ///< GET /cluster
[[nodiscard]] base::Result<void> readConfig(facts::PatroniReport &into, const std::string &answer);  ///< GET /config

/// Who leads and how each member stands, a line each, as commands of plans expect it: "leader:node1", "paused:no",
/// "scheduled:no", "node2:replica running".
[[nodiscard]] std::string linesOf(const facts::PatroniReport &report);

} // namespace shardlens::patroni
