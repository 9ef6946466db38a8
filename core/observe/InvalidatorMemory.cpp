// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/InvalidatorMemory.h"

namespace shardlens::observe {

void InvalidatorMemory::note(facts::InvalidatorReport &report, base::Instant now)
{
    for (auto &[cluster, outbox] : report.clusters) {
        Followed &known = m_clusters[cluster];
        if (!known.rows.empty() && outbox.rows < known.rows.back().second) { // it was started anew
            known.rows.clear();
            outbox.rowsPerSecond = facts::unknown(facts::WhyUnknown::Reset);
        }
        known.rows.emplace_back(now, outbox.rows);
        while (known.rows.size() > 2 && now - known.rows.front().first > window)
            known.rows.pop_front();
        const std::chrono::duration<double> apart = now - known.rows.front().first;
        if (apart.count() > 0)
            outbox.rowsPerSecond = static_cast<double>(outbox.rows - known.rows.front().second) / apart.count();
        if (outbox.lagP99)
            known.lags.add(*outbox.lagP99);
        outbox.usualLag = known.lags.usual();
    }
}

} // namespace shardlens::observe
