// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "app/localfleet/Process.h"

#include <optional>
#include <string>

namespace shardlens::localfleet
{

/// Every kind of server, handled alike: configured, started, seen ready, stopped.
namespace servers
{

/// Writes the configuration where there is none; what an operation has changed since stays.
[[nodiscard]] base::Result<void> configure(const Ground &ground, const Instance &server);
/// Starts it if it does not run. A clock-off fault that is recorded for it goes on.
[[nodiscard]] base::Result<void> start(const Ground &ground, const Instance &server);
[[nodiscard]] bool isReady(const Ground &ground, const Instance &server);
/// An error with the end of its log if it is not ready in time or has ended.
[[nodiscard]] base::Result<void> waitReady(const Ground &ground, const Instance &server, base::milliseconds deadline);
/// In good order, else by force; frozen ones too. Nothing of it is left when this returns well.
[[nodiscard]] base::Result<void> stop(const Ground &ground, const Instance &server, base::milliseconds patience);
/// The stop signal alone, so that many stop at the same time.
void askToStop(const Ground &ground, const Instance &server);
[[nodiscard]] std::optional<ProcessId> process(const Ground &ground, const std::string &id);
/// All its processes: a Postgres server has many.
[[nodiscard]] std::vector<pid_t> processes(const Ground &ground, const Instance &server);

} // namespace servers

namespace redis
{

/// One command, answered by one line or one bulk string; an error answer is an error.
[[nodiscard]] base::Result<std::string> command(const Ground &ground, const Instance &server, const std::vector<std::string> &words,
                                                base::milliseconds deadline = base::seconds(2));
/// "master" or "slave", link "up" and the like: the fields of INFO replication.
[[nodiscard]] base::Result<Settings> info(const Ground &ground, const Instance &server, const std::string &section);

} // namespace redis

} // namespace shardlens::localfleet
