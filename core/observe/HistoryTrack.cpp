// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/HistoryTrack.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace shardlens::observe {

namespace {

constexpr double gap = std::numeric_limits<double>::quiet_NaN();

std::size_t slotOf(std::int64_t index, std::int64_t size)
{
    return static_cast<std::size_t>(index % size);
}

} // namespace

void HistoryTrack::add(std::int64_t second, double value)
{
    if (m_seconds.empty()) {
        m_seconds.assign(secondsKept, gap);
        m_steps.assign(stepsKept, Step());
        m_newest = second - 1;
    }
    // The rings hold what was a round earlier: the steps passed over since the last value become gaps.
    const std::int64_t firstNew = std::max(m_newest + 1, second - secondsKept + 1);
    for (std::int64_t i = firstNew; i <= second; ++i)
        m_seconds[slotOf(i, secondsKept)] = gap;
    const std::int64_t step = second / stepSeconds;
    const std::int64_t firstNewStep = std::max(m_newest / stepSeconds + 1, step - stepsKept + 1);
    for (std::int64_t i = firstNewStep; i <= step; ++i)
        m_steps[slotOf(i, stepsKept)] = Step();
    m_newest = std::max(m_newest, second);

    m_seconds[slotOf(second, secondsKept)] = value;
    Step &into = m_steps[slotOf(step, stepsKept)];
    const auto narrow = static_cast<float>(value);
    into.min = into.count == 0 ? narrow : std::min(into.min, narrow);
    into.max = into.count == 0 ? narrow : std::max(into.max, narrow);
    ++into.count;
    into.mean += (narrow - into.mean) / static_cast<float>(into.count);
}

void HistoryTrack::forgetAfter(std::int64_t second)
{
    if (m_seconds.empty() || m_newest <= second)
        return;
    for (std::int64_t i = std::max(second + 1, m_newest - secondsKept + 1); i <= m_newest; ++i)
        m_seconds[slotOf(i, secondsKept)] = gap;
    for (std::int64_t i = std::max((second + 1) / stepSeconds, m_newest / stepSeconds - stepsKept + 1); i <= m_newest / stepSeconds; ++i)
        m_steps[slotOf(i, stepsKept)] = Step();
    m_newest = second;
}

void HistoryTrack::restore(std::int64_t index, const Step &step)
{
    if (m_seconds.empty()) {
        m_seconds.assign(secondsKept, gap);
        m_steps.assign(stepsKept, Step());
    }
    const std::int64_t last = m_newest / stepSeconds;
    if (m_newest > 0 && index <= last - stepsKept)
        return;
    if (index > last) {
        for (std::int64_t i = std::max(last + 1, index - stepsKept + 1); i <= index; ++i)
            m_steps[slotOf(i, stepsKept)] = Step();
        for (std::int64_t i = std::max(m_newest + 1, (index + 1) * stepSeconds - secondsKept); i < (index + 1) * stepSeconds; ++i)
            m_seconds[slotOf(i, secondsKept)] = gap;
        m_newest = (index + 1) * stepSeconds - 1;
    }
    if (Step &into = m_steps[slotOf(index, stepsKept)]; into.count == 0)
        into = step;
}

std::optional<double> HistoryTrack::at(std::int64_t second) const
{
    if (m_seconds.empty() || second > m_newest || second <= m_newest - secondsKept)
        return std::nullopt;
    const double value = m_seconds[slotOf(second, secondsKept)];
    return std::isnan(value) ? std::nullopt : std::optional(value);
}

HistoryTrack::Step HistoryTrack::step(std::int64_t index) const
{
    const std::int64_t last = m_newest / stepSeconds;
    if (m_steps.empty() || index > last || index <= last - stepsKept)
        return {};
    return m_steps[slotOf(index, stepsKept)];
}

} // namespace shardlens::observe
