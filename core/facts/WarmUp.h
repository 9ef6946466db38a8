// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/facts/Series.h"

#include <optional>

namespace shardlens::facts {

/// A cache that finds less than usual, as after a flush: how fast it comes back.
struct WarmUp {
    double hits = 0;                   ///< now, 0 to 1
    double usual = 0;                  ///< the median before
    std::optional<base::seconds> left; ///< until a hundredth of the usual is missing, at the present slope; nothing: it does not rise
    bool operator==(const WarmUp &) const = default;
};

/// Which of a pool's hit rates tells it: a granted lease is no hit, where clients say so.
[[nodiscard]] constexpr Measure hitMeasure(bool clientsTell) { return clientsTell ? Measure::CacheClientHitRatio : Measure::CacheHitRatio; }

/// From a pool's hit rate over the last minutes, and as it was earlier. Nothing while it is as usual to a twentieth, or where too little is
/// known. What is missing of the usual is taken to shrink by the same share each second, as it did since the lowest point. Pure.
[[nodiscard]] std::optional<WarmUp> warmUpOf(const Series &lately, const Series &earlier);
/// Of one series, whose last five minutes before `now` are lately. Nothing where it ends two minutes before that.
[[nodiscard]] std::optional<WarmUp> warmUpOf(const Series &series, Series earlier, base::UtcTime now);

} // namespace shardlens::facts
