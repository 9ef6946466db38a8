// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/FaultRecord.h"
#include "app/localfleet/Ground.h"
#include "app/localfleet/relay/RelayPlan.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::localfleet
{

/// One process of the fleet as it is now.
struct ProcessStatus {
    std::string id;
    std::string kind;   ///< postgres, pgbouncer, redis, memcached, relay, guard, helper
    std::string region; ///< empty for the relay and helpers
    std::string host;
    std::uint16_t port = 0;
    std::string state; ///< running, starting, stopped (not there), frozen
    std::string role;  ///< primary, standby, replica; empty where there is none, "unknown" when it does not tell
    pid_t pid = 0;
    std::optional<std::int64_t> proportionalBytes; ///< of all its processes; only when asked for
};

struct FleetStatus {
    std::string directory;
    std::string fleetFile;
    std::vector<ProcessStatus> processes;
    std::vector<faults::Record> faults;
    bool relayAnswers = false;
    RelayPlan relay;
};

/// Asks every process. Takes a few hundred milliseconds, up to a second a frozen server.
[[nodiscard]] FleetStatus observe(const Ground &ground, bool withMemory);

[[nodiscard]] std::string asText(const FleetStatus &status);
/// One JSON object; keys are snake_case and stay.
[[nodiscard]] std::string asJson(const FleetStatus &status);

} // namespace shardlens::localfleet
