// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::traffic
{

/// What applications do.
enum class Deed : std::uint8_t { ReadFeed, Like, Comment, Follow, Post, LogIn };
inline constexpr std::size_t deedCount = 6;
[[nodiscard]] std::string_view name(Deed deed); ///< feed, like, comment, follow, post, login

struct Options {
    double rate = 50;                      ///< deeds a second, all regions together
    std::vector<base::RegionName> regions; ///< where applications run; empty = every region
    base::seconds duration{0};             ///< 0 = until stopped
    std::uint64_t seed = 0;                ///< 0 = another one each time
    base::seconds cacheTtl{300};
    bool usesLeases = true; ///< else plain get and set: what comes of it can be compared
};

/// What was done in one interval.
struct Interval {
    base::seconds since{0}; ///< from the start of the traffic to this interval's end
    double length = 1;      ///< seconds
    std::array<std::uint64_t, deedCount> done{};
    std::array<std::uint64_t, deedCount> failed{};
    std::uint64_t cacheHits = 0;
    std::uint64_t cacheMisses = 0;
    std::uint64_t fannedOut = 0; ///< feed entries pushed
    std::uint64_t mainErrorCount = 0;
    std::string mainError; ///< the commonest failure, with its server; empty if none

    [[nodiscard]] std::uint64_t doneInAll() const;
    [[nodiscard]] std::uint64_t failedInAll() const;
};
/// Called in the calling thread about once a second.
using IntervalCallback = std::function<void(const Interval &)>;

/// Lets applications of several regions work on a seeded fleet through their own region's router, stable addresses and pool:
/// posts with fan-out and media-map writes, likes, comments, follows, logins, feeds read through the cache (look-aside: JSON
/// with the row's version and time, a TTL, filled by leases). What changes a cached row writes the outbox in the same transaction,
/// and the region's invalidator deletes; where none is declared the writer does, in its own region, and outboxes are pruned after
/// an hour. Failures are counted, connections made again: it goes on until
/// `stop` is raised or the duration is over. Answers the sum. Errors: NotFound when the fleet is not seeded or declares too
/// little; Unreachable and the like when not even the directory can be read at the start.
[[nodiscard]] base::Result<Interval> run(const fleet::Fleet &fleet, const Options &options, const IntervalCallback &each,
                                         std::shared_ptr<wire::Interrupt> stop);

/// One line for a person: "  12 s   49.0/s  feed 24.0 like 15.0 …  cache 91 %  0 failed".
[[nodiscard]] std::string sentence(const Interval &interval);

} // namespace shardlens::traffic
