// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Name.h"
#include "core/execute/Operation.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::campaign {

/// What many moves together are for.
enum class Aim : std::uint8_t {
    Evacuate, ///< a region: no primary is left there, and it is marked evacuated
    Return,   ///< to a region: the mark is lifted, and what is homed there moves back as far as it can
    HostDown, ///< no primary is left on a host, and it is marked for maintenance
    HostUp,   ///< a host's servers are seen to stand by again, and its mark is lifted
};

struct Goal {
    Aim aim = Aim::Evacuate;
    std::string subject; ///< the region's or host's name, which a person types
    bool operator==(const Goal &) const = default;
};

/// How it is gone about.
struct Options {
    unsigned atOnce = 2;    ///< moves of a wave; the first wave, the canary, is one alone
    unsigned stopAfter = 1; ///< no further wave once so many moves failed; 0: never for that
    base::RegionName toRegion;           ///< Evacuate: where to, as far as a candidate there is eligible; empty: the best, wherever
    std::optional<base::UtcTime> until;  ///< HostDown: the mark's end
    bool bringsHome = false;             ///< HostUp: what is homed there moves back too; else the way home is only offered
    std::vector<execute::Forced> forced; ///< checks that every move goes on in spite of, where they may be forced
    bool operator==(const Options &) const = default;
};

[[nodiscard]] inline bool isOfRegion(Aim aim)
{
    return aim == Aim::Evacuate || aim == Aim::Return;
}

[[nodiscard]] std::string_view name(Aim aim); ///< evacuate, return, host_down, host_up
[[nodiscard]] std::optional<Aim> aimNamed(std::string_view name);

} // namespace shardlens::campaign
