// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::memcached {
class MetaSession;
}

namespace shardlens::cacheflow {

/// What a member holds under a key.
struct ItemLook {
    enum class Lease : std::uint8_t {
        Absent,       ///< no item: no lease either
        StubHeld,     ///< an empty item that nobody filled: somebody holds the lease, or died with it; without taking wins also an
                      ///< empty value of a client that does not mark these
        ValueUnknown, ///< a value; whether it is marked stale is not seen without taking its win
        ValueGood,    ///< a value that is not stale; the three below only after a look that takes wins
        ValueStale,   ///< stale, and nobody had the win: it was taken, and given back
        ValueFilling, ///< stale, and somebody fills it
    };
    Lease lease = Lease::Absent;
    std::string flags; ///< W, X and Z as they were answered, a space between; only after a look that takes wins
    std::string value;
    std::uint64_t clientFlags = 0;
    std::uint64_t cas = 0;
    std::optional<base::seconds> expiresIn;  ///< nothing: never, or within two seconds: memcached says the same for both
    std::optional<base::seconds> lastAccess; ///< so long ago
    bool wasFetched = false;
    std::uint64_t itemBytes = 0; ///< as memcached counts it, with its header
};

/// Looks without touching a lease: `me`, which is not counted as a get, then `gets`, which counts one get and a hit and moves the
/// item up in its LRU. With `takesWins` also `mg`, which takes the right to fill a stale item where nobody has it; it is given back
/// at once, and a client that asked in between waited. Errors: as MetaSession's, BadInput for a key that cannot be, Rejected.
[[nodiscard]] base::Result<ItemLook> lookAt(memcached::MetaSession &session, std::string_view key, bool takesWins,
                                            base::milliseconds timeout);

} // namespace shardlens::cacheflow
