// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Lag.h"

#include <algorithm>

namespace shardlens::facts {

namespace {

template <class Value, class Edges>
int levelOf(Value value, const Edges &edges)
{
    return 1 + static_cast<int>(std::count_if(edges.begin(), edges.end(), [&](const auto &edge) { return value >= edge; }));
}

} // namespace

int lagLevel(microseconds time, const fleet::Thresholds &thresholds)
{
    return levelOf(time, thresholds.lagTime);
}

int lagLevel(Bytes behind, const fleet::Thresholds &thresholds)
{
    return levelOf(behind, thresholds.lagBytes);
}

std::optional<int> lagLevel(const StandbyLag &lag, const fleet::Thresholds &thresholds)
{
    std::optional<int> level;
    if (lag.time)
        level = lagLevel(*lag.time, thresholds);
    if (lag.behind)
        level = std::max(level.value_or(1), lagLevel(*lag.behind, thresholds));
    return level;
}

} // namespace shardlens::facts
