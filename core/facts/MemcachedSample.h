// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Units.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <string>

namespace shardlens::facts {

using base::Bytes;

/// All that one `stats` told, with the oldest victim of `stats items`.
struct MemcachedSample {
    std::string version;
    std::int64_t processId = 0; ///< with uptime: tells a restart from a server that came back with its memory
    std::chrono::seconds uptime{0};
    std::int64_t gets = 0; ///< cmd_get, since start
    std::int64_t getHits = 0;
    std::int64_t getMisses = 0;
    std::int64_t sets = 0;
    std::int64_t deleteHits = 0;
    std::int64_t deleteMisses = 0;
    std::int64_t casBadValue = 0;
    std::int64_t evictions = 0;
    std::int64_t expiredUnfetched = 0;
    std::int64_t evictedUnfetched = 0;
    std::int64_t items = 0;
    std::int64_t flushes = 0; ///< cmd_flush: items so forgotten are still counted until somebody asks for them
    Bytes used;  ///< bytes
    Bytes limit; ///< limit_maxbytes
    std::int32_t connections = 0;
    std::int32_t maxConnections = 0;
    std::int64_t rejectedConnections = 0;
    std::int64_t listenDisabled = 0; ///< listen_disabled_num
    Known<std::chrono::seconds> victimAge = notAsked<std::chrono::seconds>(); ///< evicted_time; NoValue if nothing was evicted

    bool operator==(const MemcachedSample &) const = default;
};

struct MemcachedRates {
    Known<double> getsPerSecond = notAsked<double>();
    Known<double> setsPerSecond = notAsked<double>();
    Known<double> hitRatio = notAsked<double>(); ///< 0 to 1 since the previous sample, as memcached counts it; NoValue without a get
    Known<double> missesPerSecond = notAsked<double>();
    Known<double> evictionsPerSecond = notAsked<double>();
    Known<double> refusalsPerSecond = notAsked<double>(); ///< connections turned away, and times that it stopped listening
    bool operator==(const MemcachedRates &) const = default;
};

} // namespace shardlens::facts
