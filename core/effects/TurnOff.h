// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"
#include "core/operate/Plan.h"

#include <string>

namespace shardlens::effects {

/// Of whom the command that turns a host off is told.
struct TurnOffOrder {
    std::string operation;
    std::string reason;
};

/// Runs the command by which the fleet file turns the host of `command.on` off, with no shell, and no secret, between; what it is to know
/// stands in its environment (SHARDLENS_HOST, _SERVER, _CLUSTER, _ADDRESS, _OPERATION, _REASON). Answers the last of what it wrote, then
/// operate::turnedOff on a line of its own. Blocks until it ended or was killed, at its own deadline or at `deadline`; any thread. Errors:
/// Rejected (it ended otherwise than with 0; it is not the command that the plan showed: then it was not run), TimedOut, Io. That it may have
/// turned the machine off all the same is never told as a proof.
[[nodiscard]] base::Result<std::string> turnOff(const fleet::Fleet &fleet, const operate::Command &command, const TurnOffOrder &order,
                                                base::Instant deadline);

} // namespace shardlens::effects
