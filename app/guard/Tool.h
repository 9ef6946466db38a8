// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <string>
#include <vector>

namespace shardlens::guard
{

struct ToolOutput {
    int exitCode = -1; ///< 128 + signal when it was killed
    std::string text;  ///< what it wrote to standard output and error
};

/// Runs a program with no standard input and waits for it; at the deadline it and its children are killed. The caller's PG… variables
/// are not passed on: they must not lead a tool to another server. Any thread. Errors: Io (it cannot be started), TimedOut.
[[nodiscard]] base::Result<ToolOutput> runTool(const std::vector<std::string> &arguments, base::Instant deadline);

/// The last lines, for an error's message.
[[nodiscard]] std::string endOf(const std::string &text);

} // namespace shardlens::guard
