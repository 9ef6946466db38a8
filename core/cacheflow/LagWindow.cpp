// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/LagWindow.h"

#include <algorithm>

namespace shardlens::cacheflow {

void LagWindow::note(base::Instant now, const std::vector<base::microseconds> &rows)
{
    while (!m_seen.empty() && now - m_seen.front().at > window)
        m_seen.pop_front();
    const std::size_t step = std::max<std::size_t>(1, rows.size() / mostPerPage);
    for (std::size_t i = 0; i < rows.size(); i += step)
        m_seen.push_back({now, rows[i]});
}

std::optional<base::microseconds> LagWindow::share(base::Instant now, double quantile) const
{
    std::vector<base::microseconds> lags;
    for (const One &one : m_seen) {
        if (now - one.at <= window)
            lags.push_back(one.lag);
    }
    if (lags.empty())
        return std::nullopt;
    const auto at = std::min(static_cast<std::size_t>(quantile * static_cast<double>(lags.size())), lags.size() - 1);
    std::nth_element(lags.begin(), lags.begin() + static_cast<std::ptrdiff_t>(at), lags.end());
    return lags[at];
}

} // namespace shardlens::cacheflow
