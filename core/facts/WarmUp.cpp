// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/WarmUp.h"

#include <algorithm>
#include <cmath>

namespace shardlens::facts {

namespace {

constexpr double coldBelow = 0.05;   ///< of the usual, missing
constexpr double warmWithin = 0.01;
constexpr std::size_t leastPoints = 6;
constexpr base::seconds coldLately{300};
constexpr base::seconds oldestNewest{120}; ///< a console writes what it keeps each minute
constexpr double longestTold = 86'400; ///< seconds: more is no estimate

Series known(const Series &series)
{
    Series points;
    std::copy_if(series.begin(), series.end(), std::back_inserter(points), [](const SeriesPoint &point) { return point.count > 0; });
    return points;
}

/// Of ln(missing) over seconds, by least squares; nothing where it cannot be told.
std::optional<double> decay(const Series &points, double usual)
{
    double n = 0;
    double sumX = 0;
    double sumY = 0;
    double sumXX = 0;
    double sumXY = 0;
    for (const SeriesPoint &point : points) {
        const double missing = usual - point.mean;
        if (missing <= 0)
            continue;
        const double x = std::chrono::duration<double>(point.at - points.front().at).count();
        const double y = std::log(missing);
        n += 1;
        sumX += x;
        sumY += y;
        sumXX += x * x;
        sumXY += x * y;
    }
    const double spread = n * sumXX - sumX * sumX;
    return n < static_cast<double>(leastPoints) / 2 || spread <= 0 ? std::nullopt : std::optional((n * sumXY - sumX * sumY) / spread);
}

} // namespace

std::optional<WarmUp> warmUpOf(const Series &lately, const Series &earlier)
{
    const Series points = known(lately);
    Series before = known(earlier);
    if (points.size() < leastPoints || before.size() < leastPoints)
        return std::nullopt;
    const auto middle = before.begin() + static_cast<std::ptrdiff_t>(before.size() / 2);
    std::nth_element(before.begin(), middle, before.end(), [](const SeriesPoint &a, const SeriesPoint &b) { return a.mean < b.mean; });
    WarmUp warmUp{points.back().mean, middle->mean, std::nullopt};
    if (warmUp.hits >= warmUp.usual - coldBelow)
        return std::nullopt;
    const auto lowest = std::min_element(points.begin(), points.end(), [](const SeriesPoint &a, const SeriesPoint &b) { return a.mean < b.mean; });
    const auto slope = decay(Series(lowest, points.end()), warmUp.usual);
    if (!slope || *slope >= 0)
        return warmUp;
    const double seconds = std::log((warmUp.usual - warmUp.hits) / warmWithin) / -*slope;
    if (seconds <= longestTold)
        warmUp.left = base::seconds(static_cast<std::int64_t>(std::ceil(seconds)));
    return warmUp;
}

std::optional<WarmUp> warmUpOf(const Series &series, Series earlier, base::UtcTime now)
{
    const Series points = known(series);
    if (points.empty() || points.back().at < now - oldestNewest)
        return std::nullopt;
    const auto lately = std::partition_point(points.begin(), points.end(), [&](const SeriesPoint &point) { return point.at < now - coldLately; });
    earlier.insert(earlier.end(), points.begin(), lately);
    return warmUpOf({lately, points.end()}, earlier);
}

} // namespace shardlens::facts
