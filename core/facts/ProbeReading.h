// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/facts/Reach.h"

#include <compare>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::facts {

/// Which way of serving a probe goes.
struct ProbeKey {
    enum class Way : std::uint8_t {
        Writes, ///< a router's primary database; subject: the cluster
        Reads,  ///< a router's read database; subject: the cluster
        Group,  ///< a region's stable address; subject: the Redis group
        Cache,  ///< a pool's member; subject: the server
    };
    Way way = Way::Reads;
    base::RegionName region;
    std::string subject;

    auto operator<=>(const ProbeKey &) const = default;
};

/// What one probe found, on the observer's clock.
struct ProbeReading {
    base::RegionName from;        ///< where it was asked from
    Reach reach;                  ///< of the question through that way
    microseconds every{0};        ///< how often it asks; 0 = each interval
    std::optional<bool> writable; ///< Writes, Group: what it leads to says that it takes writes; nothing before the first answer

    bool operator==(const ProbeReading &) const = default;
};

[[nodiscard]] std::string_view name(ProbeKey::Way way); ///< writes, reads, group, cache

using ProbeReadings = std::map<ProbeKey, ProbeReading>;

} // namespace shardlens::facts
