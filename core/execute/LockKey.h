// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

namespace shardlens::execute {

/// The session advisory lock that an operation holds on a cluster's members: pg_try_advisory_lock(lockClass, lockObject), the two
/// integers form. One cluster a server, so one lock is enough.
inline constexpr std::int32_t lockClass = 0x53484c4e; // "SHLN"
inline constexpr std::int32_t lockObject = 1;

/// The application_name of an operation's sessions: how others know whose they are.
[[nodiscard]] inline std::string sessionNameOf(const std::string &operation)
{
    return "shardlens-executor " + operation;
}

} // namespace shardlens::execute
