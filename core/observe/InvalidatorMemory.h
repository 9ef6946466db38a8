// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/LatencyMedian.h"
#include "core/facts/InvalidatorReport.h"

#include <deque>
#include <map>
#include <utility>

namespace shardlens::observe {

/// What one invalidator's answers tell only together: how fast it delivers, and what lag is usual. One thread.
class InvalidatorMemory
{
public:
    static constexpr base::seconds window{10}; ///< of the rate

    /// Completes a report that was just filled.
    void note(facts::InvalidatorReport &report, base::Instant now);

private:
    struct Followed {
        std::deque<std::pair<base::Instant, std::uint64_t>> rows; ///< over the window
        base::LatencyMedian lags;
    };
    std::map<base::ClusterName, Followed> m_clusters;
};

} // namespace shardlens::observe
