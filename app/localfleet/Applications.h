// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "core/base/Result.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::localfleet
{

/// `seed` and `traffic` as commands: progress on standard output, ended by SIGINT or SIGTERM. The seed and the traffic themselves are
/// rooms of their own, which know the fleet by its file alone, as any application does.
struct SeedRequest {
    std::optional<std::uint32_t> users;
    std::optional<std::uint32_t> media;
    std::optional<std::uint64_t> seed;
    std::string now; ///< as ids::parseMoment takes it; empty: the last full hour
};
[[nodiscard]] base::Result<void> seedFleet(const Ground &ground, const SeedRequest &request);

struct TrafficRequest {
    double rate = 50;                 ///< deeds a second, all regions together
    std::vector<std::string> regions; ///< empty: all
    std::uint32_t seconds = 0;        ///< 0: until stopped
    bool withoutLeases = false;       ///< plain look-aside reads
};
/// In this process, a line a second.
[[nodiscard]] base::Result<void> runTraffic(const Ground &ground, const TrafficRequest &request);
/// In a process of its own that `status` lists as traffic and `down` ends. One a fleet: another rate replaces it. Returns once it works;
/// an error of it quotes what it said last.
[[nodiscard]] base::Result<void> startTraffic(const Ground &ground, const TrafficRequest &request);
[[nodiscard]] base::Result<void> stopTraffic(const Ground &ground);

} // namespace shardlens::localfleet
