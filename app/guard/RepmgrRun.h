// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <string>
#include <sys/types.h>
#include <vector>

namespace shardlens::guard {

/// The last repmgr that was begun for one server of this host. It may run for minutes, and goes on when this guard ends: half a switchover
/// must not depend on who began it; whoever replaces this guard finds it by its configuration file. One thread at a time.
class RepmgrRun
{
public:
    /// `log`: what it writes, from its beginning; made anew by each.
    explicit RepmgrRun(std::filesystem::path log) : m_log(std::move(log)) {}

    /// Answers "begun" at once. Errors: Rejected (one is under way with this configuration), Unavailable (no such program), Io; nothing
    /// was begun then.
    [[nodiscard]] base::Result<std::string> begin(const std::filesystem::path &program, const std::string &config,
                                                  const std::vector<std::string> &words);
    /// "so far: …" with its last line, "ended", "failed: …" with its exit code and last lines, "none".
    [[nodiscard]] std::string state(const std::string &config);

private:
    void reap();
    [[nodiscard]] std::string written() const;

    std::filesystem::path m_log;
    pid_t m_pid = 0;     ///< while it runs
    int m_exitCode = -1; ///< of the last that ended here; -1: none did
};

} // namespace shardlens::guard
