// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace shardlens::effects {

/// An executor that this program started. It outlives this program, and this object: nothing here ends it. One thread.
class ExecutorProcess
{
public:
    /// `program` with `arguments`; `input` is all of its standard input. Its standard error goes to /dev/null unless `keepsErrors`.
    /// Errors: NotFound (no such program), Io.
    [[nodiscard]] static base::Result<ExecutorProcess> start(const std::string &program, const std::vector<std::string> &arguments, const std::string &input, bool keepsErrors);
    ~ExecutorProcess();
    ExecutorProcess(ExecutorProcess &&other) noexcept;
    ExecutorProcess &operator=(ExecutorProcess &&other) noexcept;

    /// Whole lines that it said since the last call. Does not wait.
    [[nodiscard]] std::vector<std::string> takeLines();
    /// Its exit code once it has ended, 128 + signal where it was killed; nothing while it runs. Does not wait.
    [[nodiscard]] std::optional<int> ended();
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    ExecutorProcess(pid_t pid, int fd) : m_pid(pid), m_fd(fd) {}
    pid_t m_pid = 0;
    int m_fd = -1;
    std::string m_unread;
    std::optional<int> m_ended;
};

/// The executor that lies beside this program; what PATH has where none does.
[[nodiscard]] std::string executorProgram();

} // namespace shardlens::effects
