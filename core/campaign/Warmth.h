// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::campaign {

/// How much a pool finds of what it is asked, against what it found before users were sent there. Shares from 0 to 1.
struct PoolWarmth {
    base::PoolName pool;
    base::RegionName region;
    bool isByClients = false;     ///< as its clients count, for whom a granted lease is no hit; else as memcached counts
    std::optional<double> before; ///< nothing: nobody read there, and nothing can be compared
    std::optional<double> now;    ///< the mean of the last ten looks; nothing: not looked at yet, or nobody reads
    bool operator==(const PoolWarmth &) const = default;
    /// It finds as much as before, to a twentieth; or nothing can be compared.
    [[nodiscard]] bool isWarm() const;
};

/// The look at the pools after the last wave.
enum class Watch : std::uint8_t {
    None, ///< not yet, or there is nothing to compare
    Watching,
    Warm,
    Stopped, ///< by a person, who waits no longer: nothing failed
    Cold,    ///< they were not warm within the driver's patience
};

/// The pools of all regions but that one, as they are now.
[[nodiscard]] std::vector<PoolWarmth> poolsOutside(const facts::Snapshot &snapshot, const base::RegionName &region);
/// What the snapshot tells of that pool, counted as `pool` is; nothing where nobody reads, or it is not known.
[[nodiscard]] std::optional<double> hitShare(const facts::Snapshot &snapshot, const PoolWarmth &pool);

[[nodiscard]] std::string_view name(Watch watch); ///< none, watching, warm, stopped, cold

} // namespace shardlens::campaign
