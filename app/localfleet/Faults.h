// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/FaultRecord.h"
#include "app/localfleet/Ground.h"
#include "app/localfleet/Progress.h"
#include "core/base/Result.h"

#include <string>
#include <vector>

namespace shardlens::localfleet
{

struct FaultKind {
    const char *name;
    bool isLink; ///< its target is a link between two regions, else a server
    const char *help;
};
[[nodiscard]] const std::vector<FaultKind> &faultKinds();

/// What a person asks for. Only what belongs to the kind is read.
struct FaultRequest {
    std::string kind{};
    std::string target{}; ///< a server; of a link: the region it comes from
    std::string to{};     ///< of a link
    bool oneWay = false;
    bool blackhole = false;        ///< link-cut: else a reset
    double latencyMs = 400;        ///< link-slow
    std::int64_t kibPerSecond = 0; ///< link-slow; 0 = no limit
    double clockOffset = -30;      ///< clock-off, in seconds
};

/// Breaks something, for real, and records it; the sentence says what was done. A fault that is in effect already stays. An error says why
/// where this machine denies the means: nothing is pretended.
[[nodiscard]] base::Result<std::string> inflict(const Ground &ground, const FaultRequest &request);

/// Mends one fault; one that is not in effect is mended.
[[nodiscard]] base::Result<void> heal(const Ground &ground, const FaultRequest &request, Progress &progress);
/// Mends all, newest first; goes on after an error and returns the first.
[[nodiscard]] base::Result<void> healAll(const Ground &ground, Progress &progress);

} // namespace shardlens::localfleet
