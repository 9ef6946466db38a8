// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <sys/types.h>
#include <utility>
#include <vector>

namespace shardlens::localfleet
{

/// A process that cannot be mistaken for a later one of the same number.
struct ProcessId {
    pid_t pid = 0;
    std::uint64_t startTime = 0; ///< clock ticks since boot, from /proc/PID/stat
    bool operator==(const ProcessId &) const = default;
};

struct Command {
    std::vector<std::string> arguments;                           ///< arguments[0] is the program's full path
    std::vector<std::pair<std::string, std::string>> environment; ///< added to this program's
    std::string input;                                            ///< its standard input
    int programFd = -1; ///< the opened program, where the owner may not reach its path; see ownProgram()
};

struct Output {
    int exitCode = -1; ///< 128 + signal when it was killed
    std::string text;  ///< standard output, then what it wrote to standard error mixed in
};

/// Runs a program as the fleet's owner and waits for it; kills it at the deadline. Thread-safe.
[[nodiscard]] base::Result<Output> run(const Command &command, base::milliseconds deadline = base::seconds(60));
/// The same; an exit code other than 0 is an error that quotes the end of what it said.
[[nodiscard]] base::Result<std::string> runOrFail(const Command &command, base::milliseconds deadline = base::seconds(60));

/// Starts a server that outlives this program: own session, output appended to `log`, in whose directory it works, and its process
/// written to `pidFile`.
/// Returns when the program runs; an error if it cannot be executed.
[[nodiscard]] base::Result<ProcessId> startDaemon(const Command &command, const std::filesystem::path &log,
                                                  const std::filesystem::path &pidFile);

/// The process recorded in a pid file, if it is still that very process.
[[nodiscard]] std::optional<ProcessId> recorded(const std::filesystem::path &pidFile);
[[nodiscard]] std::optional<ProcessId> processOf(pid_t pid);
[[nodiscard]] bool isAlive(const ProcessId &process);   ///< zombies are not
[[nodiscard]] bool isStopped(const ProcessId &process); ///< by SIGSTOP
/// Processes whose working directory is `directory`: all of a Postgres server's, which work in its data directory.
[[nodiscard]] std::vector<pid_t> processesIn(const std::filesystem::path &directory);
/// Proportional set size in bytes; nothing where /proc does not tell.
[[nodiscard]] std::optional<std::int64_t> proportionalSize(pid_t pid);
/// Waits until the condition holds, asking every few milliseconds.
template <class Condition>
[[nodiscard]] bool waitUntil(Condition &&holds, base::milliseconds deadline, base::milliseconds step = base::milliseconds(10));
void pause(base::milliseconds time);

/// Sends `gentle`, waits, then SIGKILL; true when it has ended. Thaws it first.
bool stop(const ProcessId &process, int gentle, base::milliseconds patience);

template <class Condition>
bool waitUntil(Condition &&holds, base::milliseconds deadline, base::milliseconds step)
{
    const auto end = std::chrono::steady_clock::now() + deadline;
    while (!holds()) {
        if (std::chrono::steady_clock::now() >= end)
            return false;
        pause(step);
    }
    return true;
}

/// One of Shardlens's own programs, which lies beside this one. It may lie where only root can reach it (a clone in /root), so it is
/// opened here and now, and started from its open file. Main thread.
[[nodiscard]] base::Result<Command> ownProgram(const std::string &name);

/// A program of Debian's packages, by the places they install it to; nothing if it is not installed.
[[nodiscard]] std::optional<std::string> findProgram(const std::string &name);
/// The same, as an error that names the package.
[[nodiscard]] base::Result<std::string> needProgram(const std::string &name, const std::string &package);

} // namespace shardlens::localfleet
