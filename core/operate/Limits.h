// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Units.h"

#include <cstdint>

namespace shardlens::operate {

/// From where on a reading speaks against a move. What the fleet file's thresholds tell (lag, long transactions, clocks) is taken
/// from there: lag of level 3 fails.
struct Limits {
    base::milliseconds pause{1000};          ///< expected pause of writes: more is not offered
    base::milliseconds pausePatience{2000};  ///< a router that does not pause within it is resumed
    base::milliseconds queuePatience{15000}; ///< who asks through a router just resumed waits for those who waited longer
    base::milliseconds transaction{1000};    ///< a transaction open for longer than this may hold the pause up
    base::milliseconds loginRetry{1000};     ///< a router dials a server that refused it only so much later
    std::int64_t archiveWarn = 16;           ///< segments not archived yet
    std::int64_t archiveMost = 128;
    base::seconds warming{60};               ///< so long is a candidate's cache warmed
    base::Bytes warmed{2LL << 30};           ///< so much of it at most, and three quarters of its shared_buffers
    base::seconds recentMove{600};
    double diskShare = 0.05;                 ///< less of the candidate's disk free than this is warned of
    int diskLogs = 2;                        ///< room for fewer than so many times its max_wal_size fails
    base::seconds diskAge{300};              ///< a reading that is older tells nothing
};

} // namespace shardlens::operate
