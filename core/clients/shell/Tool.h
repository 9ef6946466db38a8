// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <atomic>
#include <map>
#include <mutex>
#include <string>
#include <sys/types.h>
#include <vector>

namespace shardlens::shell {

/// Of a tool that runs long, from another thread.
class ToolWatch
{
public:
    void stop() { m_isStopped = true; } ///< it and its children are killed
    [[nodiscard]] bool isStopped() const { return m_isStopped; }
    [[nodiscard]] std::string lastLine() const; ///< that it wrote so far
    void hear(const std::string &text);

private:
    std::atomic<bool> m_isStopped{false};
    mutable std::mutex m_mutex;
    std::string m_text;
};

struct ToolOutput {
    int exitCode = -1; ///< 128 + signal when it was killed
    std::string text;  ///< what it wrote to standard output and error
};

/// What a program gets besides its arguments.
struct ToolSetting {
    std::map<std::string, std::string> variables = {}; ///< of its environment, beside or instead of the caller's
    std::string input = {};                            ///< its standard input; empty: none
};

/// Runs a program and waits for it; at the deadline it and its children are killed. The caller's PG… variables
/// are not passed on: they must not lead a tool to another server. Of what it writes the last megabyte is kept. Any thread. Errors: Io (it
/// cannot be started), TimedOut, Cancelled (by `watch`).
[[nodiscard]] base::Result<ToolOutput> runTool(const std::vector<std::string> &arguments, base::Instant deadline,
                                               ToolWatch *watch = nullptr, const ToolSetting &setting = {});

/// Begins a program that writes to `output`, and answers its process: whoever calls waits for it. As runTool().
[[nodiscard]] base::Result<pid_t> startTool(const std::vector<std::string> &arguments, int output, const ToolSetting &setting = {});
/// Processes of a program called so, one of whose arguments is this one: those that a guard before this one began.
[[nodiscard]] std::vector<pid_t> toolsWith(const std::string &program, const std::string &argument);

/// The last lines, for an error's message.
[[nodiscard]] std::string endOf(const std::string &text);

} // namespace shardlens::shell
