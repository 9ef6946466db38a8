// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/memcached/Session.h"
#include "core/clients/wire/Wait.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::cacheflow {

/// A key that a member's crawler told.
struct WalkedKey {
    std::string key;              ///< as applications spell it
    std::int64_t lastAccess = 0;  ///< seconds since 1970, by the member's host
    bool wasFetched = false;
    std::uint64_t bytes = 0;      ///< of the whole item there, its header too
    bool operator==(const WalkedKey &) const = default;
};

/// The first keys of a walk of the member (`lru_crawler metadump hash`: old and new items alike; before memcached 1.6.9 by class, the
/// oldest first). One walk at a time a server; this one ends with its connection. Blocks, at most `patience`. Errors: Rejected (another
/// walks, or the crawler is off), TimedOut, Cancelled, and those of the connection.
[[nodiscard]] base::Result<std::vector<WalkedKey>> walkKeys(const memcached::Member &member, std::size_t atMost, base::milliseconds patience,
                                                            const wire::Interrupt *stop = nullptr);

/// A line of metadump; nothing where it is none. Pure.
[[nodiscard]] std::optional<WalkedKey> walkedKeyIn(std::string_view line);

} // namespace shardlens::cacheflow
