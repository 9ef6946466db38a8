// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/facts/ManagerReport.h"

#include <string>

namespace shardlens::repmgr {

/// The answer to facts::repmgrText, read into a report. Errors: Protocol, where it is no such answer, an empty one included (the database
/// lacks the extension); the report is as it was.
[[nodiscard]] base::Result<void> readNodes(facts::ManagerReport &into, const std::string &answer);

} // namespace shardlens::repmgr
