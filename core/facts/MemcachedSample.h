// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Units.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::facts {

using base::Bytes;

/// A slab class: items of about one size. Of `stats slabs` and `stats items`.
struct SlabClass {
    std::int32_t number = 0;
    Bytes chunk;                             ///< what an item of it takes, whatever its own size
    std::int64_t pages = 0;
    std::int64_t usedChunks = 0;
    std::int64_t freeChunks = 0;
    std::int64_t items = 0;
    Bytes requested;                         ///< what its items need; less than usedChunks * chunk
    std::int64_t evicted = 0;                ///< since start
    Known<std::chrono::seconds> victimAge = notAsked<std::chrono::seconds>(); ///< NoValue if it evicted nothing
    std::chrono::seconds oldest{0};          ///< the age of its oldest item
    bool operator==(const SlabClass &) const = default;

    [[nodiscard]] Bytes held() const { return {(usedChunks + freeChunks) * chunk.count}; }
    [[nodiscard]] Bytes waste() const { return {held().count > requested.count ? held().count - requested.count : 0}; }
};

/// All that one `stats` told, with `stats items` and `stats slabs` of at most 10 s ago.
struct MemcachedSample {
    std::string version;
    std::int64_t processId = 0; ///< with uptime: tells a restart from a server that came back with its memory
    std::chrono::seconds uptime{0};
    std::int64_t gets = 0; ///< cmd_get, since start
    std::int64_t getHits = 0;
    std::int64_t getMisses = 0;
    std::int64_t getExpired = 0; ///< of the misses: it was there, and its time was over
    std::int64_t getFlushed = 0; ///< of the misses: it was there, and flushed
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
    std::vector<SlabClass> slabs; ///< by number; empty until they were read once

    bool operator==(const MemcachedSample &) const = default;
};

struct MemcachedRates {
    Known<double> getsPerSecond = notAsked<double>();
    Known<double> setsPerSecond = notAsked<double>();
    Known<double> hitRatio = notAsked<double>(); ///< 0 to 1 since the previous sample, as memcached counts it; NoValue without a get
    Known<double> missesPerSecond = notAsked<double>();
    Known<double> evictionsPerSecond = notAsked<double>();
    Known<double> refusalsPerSecond = notAsked<double>(); ///< connections turned away, and times that it stopped listening
    Known<double> expiredPerSecond = notAsked<double>();  ///< of the misses: its time was over
    Known<double> flushedPerSecond = notAsked<double>();  ///< of the misses: flushed
    Known<double> refusedFillsPerSecond = notAsked<double>(); ///< cas_badval: the item had changed; leases lost to a delete are among them
    bool operator==(const MemcachedRates &) const = default;
};

} // namespace shardlens::facts
