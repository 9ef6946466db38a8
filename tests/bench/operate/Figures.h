// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"

#include <algorithm>
#include <cstdio>
#include <vector>

namespace shardlens::bench {

[[nodiscard]] inline double milliseconds(base::microseconds time)
{
    return static_cast<double>(time.count()) / 1000;
}

[[nodiscard]] inline double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

[[nodiscard]] inline double worst(const std::vector<double> &values)
{
    return values.empty() ? 0 : *std::max_element(values.begin(), values.end());
}

/// What a machine that does nothing else would take, or close to it.
[[nodiscard]] inline double best(const std::vector<double> &values)
{
    return values.empty() ? 0 : *std::min_element(values.begin(), values.end());
}

inline void printHead(const char *what)
{
    std::printf("%-48s %8s %8s %8s %8s\n", what, "median", "worst", "best", "runs");
}

inline void printRow(const char *what, const std::vector<double> &values)
{
    std::printf("%-48s %8.1f %8.1f %8.1f %8zu\n", what, median(values), worst(values), best(values), values.size());
}

} // namespace shardlens::bench
