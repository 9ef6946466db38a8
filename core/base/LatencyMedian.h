// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace shardlens::base {

/// The median of the latencies of one thing that is asked each second, over the last hour, of at most 512 of them: as time goes
/// by fewer are kept, until each stands for eight. One thread.
class LatencyMedian
{
public:
    void add(microseconds latency);

    /// What was usual before these came: as if it had been so for an hour, so that half an hour of others outweighs it. Without
    /// effect once it knows more than a few minutes of its own.
    void restore(microseconds usual);

    /// Nothing before 30 latencies came, or restore().
    [[nodiscard]] std::optional<microseconds> usual() const { return m_usual; }

private:
    std::vector<std::uint32_t> m_kept; ///< a ring once the stride is at its longest
    std::size_t m_next = 0;
    std::uint32_t m_stride = 1;
    std::uint32_t m_skipped = 0;
    std::uint32_t m_sinceMedian = 0;
    std::optional<microseconds> m_usual;
};

} // namespace shardlens::base
