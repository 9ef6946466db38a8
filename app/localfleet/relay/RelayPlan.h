// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace shardlens::localfleet
{

/// What happens to packets that travel a link, in its one direction.
enum class Cut : std::uint8_t {
    None,
    Reset,     ///< refused: whoever sends is told at once that the connection is gone
    Blackhole, ///< swallowed: nobody is told anything; what was on its way arrives when the link is healed
};

/// The way from one region to another; the way back is a link of its own.
struct Link {
    base::microseconds latency{0};   ///< one way
    std::int64_t bytesPerSecond = 0; ///< shared by all connections; 0 = no limit
    Cut cut = Cut::None;
    bool operator==(const Link &) const = default;
};

/// One loopback port that stands for a server as seen from a region.
struct Listener {
    std::string name; ///< "u1-us-east@eu-west", or "feeds@eu-west" for a stable address
    std::uint16_t port = 0;
    std::string viewer; ///< whose traffic comes in here
    std::string target; ///< the server that it leads to
    bool operator==(const Listener &) const = default;
};

/// Everything the relay does: kept in a file that it rewrites at each change, so that cuts and pointings survive a restart.
struct RelayPlan {
    struct Target {
        std::string region;
        std::uint16_t port = 0;
        bool operator==(const Target &) const = default;
    };
    using Way = std::pair<std::string, std::string>; ///< from region, to region

    std::map<std::string, Target> targets;
    std::vector<Listener> listeners;
    std::map<Way, Link> links; ///< none within a region: that is no link

    bool operator==(const RelayPlan &) const = default;
};

[[nodiscard]] std::string print(const RelayPlan &plan);
/// Errors quote the line that makes no sense.
[[nodiscard]] base::Result<RelayPlan> parseRelayPlan(std::string_view text);

[[nodiscard]] std::string_view name(Cut cut); ///< none, reset, blackhole
[[nodiscard]] base::Result<Cut> cutNamed(std::string_view text);
[[nodiscard]] std::string print(const RelayPlan::Way &way, const Link &link); ///< "link us-east eu-west 44000 0 none"

} // namespace shardlens::localfleet
