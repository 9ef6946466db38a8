// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Units.h"

#include <array>

namespace shardlens::fleet {

/// When a number becomes a problem. All from the fleet file's [thresholds], with these defaults.
struct Thresholds {
    base::milliseconds interval{1000};      ///< how often every server is asked
    base::milliseconds deadline{1000};      ///< an answer later than this is late
    base::milliseconds downAfter{3000};     ///< refused, or no answer for so long: down
    base::seconds shardMapInterval{60};     ///< how often the catalogs are read for the observed shard map

    /// Lower edges of lag levels 2 to 5; under the first is level 1.
    std::array<base::milliseconds, 4> lagTime{base::milliseconds(100), base::milliseconds(1000), base::milliseconds(5000), base::milliseconds(30000)};
    std::array<base::Bytes, 4> lagBytes{base::Bytes{1 << 20}, base::Bytes{16 << 20}, base::Bytes{256 << 20}, base::Bytes{1LL << 30}};

    double slowFactor = 3.0;                         ///< slow: over this many times the usual latency
    base::milliseconds slowFloor{50};                ///< and at least so slow
    double slotWarnShare = 0.5;                      ///< of max_slot_wal_keep_size kept for a standby that does not stream
    base::Bytes slotWarnBytes{1LL << 30};            ///< the same where no limit is set
    base::milliseconds clockSkew{500};               ///< a server's clock further off than this is told
    base::seconds longTransaction{60};
    double connectionsShare = 0.9;                   ///< of max_connections
    double redisMemoryShare = 0.9;                   ///< of maxmemory

    bool operator==(const Thresholds &) const = default;
};

} // namespace shardlens::fleet
