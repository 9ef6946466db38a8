// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

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

} // namespace shardlens::execute
