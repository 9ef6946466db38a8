// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "app/localfleet/Process.h"

#include <set>
#include <string>

namespace shardlens::localfleet
{

/// The Postgres servers of a fleet: made, configured, asked. Thread-safe for different clusters.
namespace postgres
{

/// The text of the schema that was applied to a cluster.
[[nodiscard]] std::filesystem::path schemaMark(const Ground &ground, const std::string &cluster);
[[nodiscard]] bool isMade(const Ground &ground, const Instance &server);
/// True where the data on disk are a standby's: it starts as one.
[[nodiscard]] bool isStandbyOnDisk(const Ground &ground, const Instance &server);
/// True where a cluster is to be made: no member has data, or a makeCluster was broken off half-way, before anything of it ever ran.
/// Never because one member's data are missing, whoever was made as the primary: the others may hold all that was written since.
[[nodiscard]] bool isToBeMade(const Ground &ground, const std::string &cluster);
/// Makes the data of a whole new cluster: one initdb, users and database, slots, and a copy a standby. Nothing runs yet.
/// An unfinished earlier try is thrown away; only to be called where isToBeMade().
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
/// The same, by the names that they give: a standby's is its server's.
[[nodiscard]] base::Result<std::set<std::string>> namesStreamingFrom(const Ground &ground, const Instance &primary);

} // namespace postgres

} // namespace shardlens::localfleet
