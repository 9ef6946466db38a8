// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Series.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace shardlens::observe {

/// One measured thing over the last hour: the last 300 seconds one by one, then steps of 10 s as min, mean and max. About 8 KiB.
/// Times are whole seconds since the Unix epoch; what is not written is a gap. One thread.
class HistoryTrack
{
public:
    static constexpr std::int64_t secondsKept = 300;
    static constexpr std::int64_t stepSeconds = 10;
    static constexpr std::int64_t stepsKept = 364; ///< an hour, and the step of an hour ago that "was" needs

    struct Step {
        float min = 0;
        float mean = 0;
        float max = 0;
        std::uint32_t count = 0;
    };

    void add(std::int64_t second, double value);
    /// Forgets what lies behind `second`: the clock was set back.
    void forgetAfter(std::int64_t second);

    /// Fills a step in which nothing was observed yet; index = second / 10. One older than is kept is let go.
    void restore(std::int64_t index, const Step &step);

    [[nodiscard]] std::optional<double> at(std::int64_t second) const;
    [[nodiscard]] Step step(std::int64_t index) const; ///< index = second / 10; count 0 = gap
    [[nodiscard]] std::int64_t newest() const { return m_newest; }

private:
    std::vector<double> m_seconds;
    std::vector<Step> m_steps;
    std::int64_t m_newest = 0; ///< 0 = empty
};

} // namespace shardlens::observe
