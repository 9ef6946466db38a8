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
    /// With `mayBeTold` its standard input stays open for tell(), until this object is gone. Errors: NotFound (no such program), Io.
    [[nodiscard]] static base::Result<ExecutorProcess> start(const std::string &program, const std::vector<std::string> &arguments, const std::string &input, bool keepsErrors,
                                                             bool mayBeTold = false);
    ~ExecutorProcess();
    ExecutorProcess(ExecutorProcess &&other) noexcept;
    ExecutorProcess &operator=(ExecutorProcess &&other) noexcept;

    /// A last line, which ends its standard input. False: nobody reads it any more.
    [[nodiscard]] bool tell(const std::string &line);
    void endInput(); ///< nothing more is told: one that waits for the go-ahead ends
    /// Whole lines that it said since the last call. Does not wait.
    [[nodiscard]] std::vector<std::string> takeLines();
    /// Its exit code once it has ended, 128 + signal where it was killed; nothing while it runs. Does not wait.
    [[nodiscard]] std::optional<int> ended();
    [[nodiscard]] pid_t pid() const { return m_pid; }

private:
    ExecutorProcess(pid_t pid, int fd, int input) : m_pid(pid), m_fd(fd), m_input(input) {}
    pid_t m_pid = 0;
    int m_fd = -1;
    int m_input = -1;
    std::string m_unread;
    std::optional<int> m_ended;
};

/// What one that was started with --waits is told: begin as was asked for. In its place stands the whole request as it was confirmed.
inline constexpr auto goAhead = "go";

/// The executor that lies beside this program; what PATH has where none does.
[[nodiscard]] std::string executorProgram();

} // namespace shardlens::effects
