// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/cacheflow/LeaseCounts.h"

#include <cstdint>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::invalidator {

/// What a region's applications said of their leases, a pool at a time. Any thread.
class LeaseTotals
{
public:
    struct Pool {
        cacheflow::ClientCounts counts; ///< since the start
        cacheflow::ClientCounts recent; ///< of the last `recentSeconds`
        double recentSeconds = 0;      ///< at most ten
        std::optional<base::Instant> heardAt;
    };

    void declare(const std::string &pool); ///< others are not counted
    void take(std::string_view datagram, base::Instant now);
    [[nodiscard]] std::map<std::string, Pool> pools(base::Instant now) const;
    [[nodiscard]] std::uint64_t datagrams() const;
    [[nodiscard]] std::uint64_t unread() const; ///< lines that could not be read

private:
    struct Step {
        base::Instant at; ///< the second's start
        cacheflow::ClientCounts before;
    };
    mutable std::mutex m_mutex;
    std::map<std::string, cacheflow::ClientCounts> m_counts;
    std::map<std::string, std::deque<Step>> m_steps;
    std::map<std::string, base::Instant> m_heard;
    std::uint64_t m_datagrams = 0;
    std::uint64_t m_unread = 0;
};

} // namespace shardlens::invalidator
