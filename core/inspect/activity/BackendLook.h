// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <optional>
#include <string>

namespace shardlens::inspect {

/// A row of pg_stat_activity. What the observing user may not see is empty.
struct BackendSeen {
    std::int32_t pid = 0;
    std::string began; ///< backend_start, ISO 8601 UTC with microseconds: with the pid it is this backend's alone
    std::string user;
    std::string database;
    std::string application;
    std::string state;    ///< active, idle in transaction, …
    std::string query;    ///< the newest one's first letters; may hold personal data: shown, never kept
    bool isClient = true; ///< not a server's own process, a wal sender or the like
    std::optional<base::microseconds> transactionAge;
    bool operator==(const BackendSeen &) const = default;
};

/// Looks once, as the fleet's observer; blocks, each step at most `patience`. Nothing: no backend has that pid. Errors: NotFound for a
/// server that is not declared, and Session's.
[[nodiscard]] base::Result<std::optional<BackendSeen>>
lookAtBackend(const fleet::Fleet &fleet, const base::RegionName &from, const base::ServerId &server, std::int32_t pid,
              const std::function<base::Result<std::string>(const std::string &entry)> &keychain, base::milliseconds patience);

} // namespace shardlens::inspect
