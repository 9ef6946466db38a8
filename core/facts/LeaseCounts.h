// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

namespace shardlens::facts {

/// What became of reads by leases, counted by the clients: memcached itself counts no leases. A value.
struct LeaseCounts {
    /// Upper edges of the waits, in milliseconds; the last bucket holds what waited longer.
    static constexpr std::array<std::uint32_t, 9> waitEdges{2, 5, 10, 20, 50, 100, 200, 500, 1000};

    std::uint64_t hits = 0;                                  ///< a value that nobody called stale
    std::uint64_t granted = 0;                               ///< the right to fill was won: a read of the database
    std::uint64_t filled = 0;                                ///< and the value was stored
    std::uint64_t lost = 0;                                  ///< and the fill was refused: deleted, evicted, or the connection was gone
    std::uint64_t tooLarge = 0;                              ///< and the server takes no value so large
    std::uint64_t givenBack = 0;                             ///< and nothing was found to fill
    std::uint64_t waited = 0;                                ///< reads that waited for another's fill, however it ended
    std::uint64_t staleServed = 0;                           ///< reads that took the stale value while another filled
    std::uint64_t gaveUp = 0;                                ///< waited as long as allowed: a read of the database that fills nothing
    std::uint64_t failed = 0;                                ///< the member did not answer, or is not trusted yet: a read of the database
    std::array<std::uint64_t, waitEdges.size() + 1> waits{}; ///< of those that waited, by how long

    void noteWait(base::microseconds waited);
    LeaseCounts &operator+=(const LeaseCounts &other);
    LeaseCounts &operator-=(const LeaseCounts &other);
    bool operator==(const LeaseCounts &) const = default;

    [[nodiscard]] std::uint64_t reads() const { return hits + granted + staleServed + gaveUp + failed; }
    [[nodiscard]] std::uint64_t databaseReads() const { return granted + gaveUp + failed; }
    /// Reads that would have gone to the database without leases: those that waited and were then served, and those served stale.
    [[nodiscard]] std::uint64_t readsSaved() const { return staleServed + (waited > gaveUp ? waited - gaveUp : 0); }
};

/// The counters by the names that StatsD datagrams and JSON carry: hits, granted, … and wait_le_2 … wait_more.
struct LeaseCounter {
    std::string_view name;
    std::uint64_t LeaseCounts::*member;
};
[[nodiscard]] std::span<const LeaseCounter> leaseCounters();
[[nodiscard]] std::string_view waitBucketName(std::size_t bucket);

} // namespace shardlens::facts
