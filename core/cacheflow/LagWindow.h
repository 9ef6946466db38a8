// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstdint>
#include <deque>
#include <optional>
#include <vector>

namespace shardlens::cacheflow {

/// How long rows took from their transaction's start to their delivered delete, over the last ten seconds; a sample of each page. A value.
class LagWindow
{
public:
    static constexpr base::seconds window{10};
    static constexpr std::size_t mostPerPage = 64;

    /// `rows`: the page's lags at the moment that it was delivered.
    void note(base::Instant now, const std::vector<base::microseconds> &rows);
    [[nodiscard]] std::optional<base::microseconds> share(base::Instant now, double quantile) const; ///< 0.5, 0.99; 1 = the longest

private:
    struct One {
        base::Instant at;
        base::microseconds lag;
    };
    std::deque<One> m_seen;
};

} // namespace shardlens::cacheflow
