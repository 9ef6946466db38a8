// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/LatencyMedian.h"

#include <algorithm>

namespace shardlens::base {

namespace {

constexpr std::size_t most = 512;
constexpr std::uint32_t longestStride = 8; // 512 * 8 s is a little over an hour at one answer a second
constexpr std::size_t fewest = 30;
constexpr std::uint32_t medianEvery = 8;

std::uint32_t keptAs(microseconds latency)
{
    return static_cast<std::uint32_t>(std::clamp<std::int64_t>(latency.count(), 0, UINT32_MAX));
}

} // namespace

void LatencyMedian::restore(microseconds usual)
{
    if (m_stride > 1)
        return;
    m_kept.assign(most, keptAs(usual));
    m_next = 0;
    m_stride = longestStride;
    m_skipped = 0;
    m_sinceMedian = 0;
    m_usual = usual;
}

void LatencyMedian::add(microseconds latency)
{
    if (++m_skipped < m_stride)
        return;
    m_skipped = 0;
    const auto value = keptAs(latency);
    if (m_kept.size() == most && m_stride < longestStride) {
        // Every other one goes, and from now on every other one comes.
        for (std::size_t i = 0; i < most / 2; ++i)
            m_kept[i] = m_kept[2 * i];
        m_kept.resize(most / 2);
        m_stride *= 2;
    }
    if (m_kept.size() < most) {
        m_kept.push_back(value);
    } else {
        m_kept[m_next] = value;
        m_next = (m_next + 1) % most;
    }
    if (m_kept.size() < fewest || (m_usual && ++m_sinceMedian < medianEvery))
        return;
    m_sinceMedian = 0;
    auto sorted = m_kept;
    const auto middle = sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    m_usual = microseconds(*middle);
}

} // namespace shardlens::base
