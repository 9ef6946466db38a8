// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/facts/ManagerReport.h"

#include <string>

namespace shardlens::patroni {

// Answers of a REST interface, read into a report. Errors: Protocol, where it is no such answer; the report is as it was.

[[nodiscard]] base::Result<void> readStatus(facts::ManagerReport &into, const std::string &answer);  ///< GET /patroni
[[nodiscard]] base::Result<void> readCluster(facts::ManagerReport &into, const std::string &answer); ///< GET /cluster
[[nodiscard]] base::Result<void> readConfig(facts::ManagerReport &into, const std::string &answer);  ///< GET /config

} // namespace shardlens::patroni
