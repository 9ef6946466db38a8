// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

namespace shardlens::guard
{

/// What /proc tells of a Postgres server by its data directory, in which all of its processes work. Needs the rights of the servers'
/// owner. Any thread.
class PostgresProcess
{
public:
    /// Errors: NotFound (no data directory), NoRights (somebody else's: whether a server runs could not be told).
    [[nodiscard]] static base::Result<PostgresProcess> at(const std::string &directory);

    [[nodiscard]] std::vector<pid_t> all() const;          ///< its processes; empty: provably stopped
    [[nodiscard]] std::optional<pid_t> postmaster() const; ///< the one that the others are children of
    [[nodiscard]] bool isFrozen() const;                   ///< one of them is stopped by SIGSTOP
    [[nodiscard]] bool isReady() const;                    ///< takes connections, by the last line of its lock file
    [[nodiscard]] std::string version() const;             ///< PG_VERSION: "15"
    [[nodiscard]] const std::filesystem::path &directory() const { return m_directory; } ///< without links in it

    /// The postmaster first, so that it starts no other; then all, also frozen ones, which do nothing more before they end.
    void killAll() const;
    /// Lock files, the data's and the unix socket's, whose number belongs by now to a process of somebody else, or to a dead one that
    /// nobody has buried yet, would keep the server from starting.
    void removeForeignLocks() const;

private:
    explicit PostgresProcess(std::filesystem::path directory) : m_directory(std::move(directory)) {}
    std::filesystem::path m_directory;
};

/// What a process runs, and where it writes its errors to, if that is a file.
[[nodiscard]] std::optional<std::filesystem::path> programOf(pid_t pid);
[[nodiscard]] std::optional<std::filesystem::path> errorFileOf(pid_t pid);

} // namespace shardlens::guard
