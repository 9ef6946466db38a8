// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::execute {

/// The session advisory lock that an operation holds on a cluster's members: pg_try_advisory_lock(lockClass, lockObject), the two
/// integers form. One cluster a server, so one lock is enough.
inline constexpr std::int32_t lockClass = 0x53484c4e; // "SHLN"
inline constexpr std::int32_t lockObject = 1;

/// How every executor's application_name begins.
inline constexpr const char *sessionPrefix = "shardlens-executor ";

/// The application_name of an operation's sessions: how others know whose they are. With its number, so that who ends the sessions of
/// one that fell silent spares those of whoever took it up again. Postgres keeps 63 bytes.
[[nodiscard]] inline std::string sessionNameOf(const std::string &operation, std::int64_t number)
{
    return (sessionPrefix + std::to_string(number) + " " + operation).substr(0, 63);
}

/// Redis has no advisory locks. What stands for one: a session that listens to a channel of the group, named after the operation.
/// Whoever wants the lock listens first and then asks who else listens; where somebody does, both or the later one step back, so that
/// never two hold it. It ends with its session, needs no write, and so works on replicas too.
[[nodiscard]] inline std::string lockChannelStart(const std::string &group)
{
    return "shardlens:operation:" + group + ":";
}

/// The name of an operation's sessions on a Redis server, where names hold no blanks: "shardlens-executor:NUMBER:ID".
[[nodiscard]] inline std::string redisSessionNameOf(const std::string &operation, std::int64_t number)
{
    return "shardlens-executor:" + std::to_string(number) + ":" + operation;
}

/// Ids of the clients in CLIENT LIST's answer that are sessions of that operation, whoever carried it out, but for `own`.
[[nodiscard]] std::vector<std::string> sessionsOf(const std::string &clientList, const std::string &operation, const std::string &own);

} // namespace shardlens::execute
