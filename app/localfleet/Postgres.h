// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "app/localfleet/Process.h"

#include <string>

namespace shardlens::localfleet
{

/// The Postgres servers of a fleet: made, configured, asked. Thread-safe for different clusters.
namespace postgres
{

[[nodiscard]] bool isMade(const Ground &ground, const Instance &server);
/// Makes the data of a whole new cluster: one initdb, users and database, slots, and a copy a standby. Nothing runs yet.
/// An unfinished earlier try is thrown away.
[[nodiscard]] base::Result<void> makeCluster(const Ground &ground, const std::string &cluster);
/// Makes one standby anew from its running primary.
[[nodiscard]] base::Result<void> rebuildStandby(const Ground &ground, const Instance &standby, const Instance &primary);

/// Writes its configuration where it has none.
[[nodiscard]] base::Result<void> configure(const Ground &ground, const Instance &server);
[[nodiscard]] base::Result<Command> startCommand(const Ground &ground, const Instance &server);
/// What a server that a crash left behind keeps from starting: a lock file, or children of a dead postmaster.
[[nodiscard]] base::Result<void> clearRemains(const Ground &ground, const Instance &server);
/// Notes which shared memory a running server holds, before it is killed or in case it will be.
void noteSharedMemory(const Ground &ground, const Instance &server);
/// Gives back what a server that was killed has left in the kernel; its own next start would do that, but there may be none.
/// Nothing while a process of it runs, or after an orderly end.
void releaseSharedMemory(const Ground &ground, const Instance &server);
/// True once it takes connections, by the last line of its lock file.
[[nodiscard]] bool isReady(const Ground &ground, const Instance &server);

/// Runs SQL as the superuser over the unix socket: rows as lines, columns separated by |.
[[nodiscard]] base::Result<std::string> query(const Ground &ground, const Instance &server, const std::string &database,
                                              const std::string &sql, base::milliseconds deadline = base::seconds(10));
/// Runs a text of many statements as one transaction.
[[nodiscard]] base::Result<void> runSql(const Ground &ground, const Instance &server, const std::string &database, const std::string &sql,
                                        base::milliseconds deadline = base::seconds(60));
/// The running member that is not in recovery; with two, the one that isFirstPrimary.
[[nodiscard]] base::Result<Instance> primaryOf(const Ground &ground, const std::string &cluster);
/// How many standbys stream from it now.
[[nodiscard]] base::Result<std::size_t> streamingFrom(const Ground &ground, const Instance &primary);

} // namespace postgres

} // namespace shardlens::localfleet
