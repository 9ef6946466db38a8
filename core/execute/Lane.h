// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Braces.h"
#include "core/execute/Hands.h"
#include "core/execute/Pace.h"

#include <functional>

namespace shardlens::execute {

/// The commands of a step that are carried out one after the other: those of one of its targets, or all of a step with one.
struct Lane {
    std::vector<operate::Command> preconditions;
    std::vector<operate::Command> commands;
    std::vector<operate::Command> verifications;

    [[nodiscard]] std::string byHand() const; ///< what a person has to do of it; empty: nothing
};

[[nodiscard]] std::vector<Lane> lanesOf(const operate::Step &step);
/// What takes a step back, each lane with how that is seen.
[[nodiscard]] std::vector<Lane> undoLanesOf(const operate::Step &step);
/// What a lane's first commands only read, to be written down before the others change it; the lane is left with the rest. Empty
/// where nothing is changed after a reading.
[[nodiscard]] Lane takeReadings(Lane &lane);

/// Until when what is waited for.
struct LaneLimits {
    base::Instant preconditions; ///< they hold by then
    base::Instant all;
    std::function<bool()> isStopped; ///< asked while it waits; any thread
    std::function<void(const std::string &)> heard = {}; ///< how far something is that takes long; any thread
    std::optional<base::microseconds> each = {}; ///< a call that takes longer is tried again, so that it is asked whether all is stopped
};

struct LaneResult {
    Words kept;
    std::optional<base::Error> error; ///< nothing: the verifications hold
    bool isContradicted = false;      ///< a verification was answered, and does not hold
    bool isOutOfTime = false;         ///< it was tried until no time was left
    bool isBegun = false;             ///< where it failed, its preconditions had held
    std::optional<operate::HostAct> failedDeed; ///< on a host, that was answered with an error
    bool mayBeRepeated = false;       ///< a guard's command was lost, or its answer, or what is in use may be free: all again may succeed. A session that is lost stays so
};

/// Carries a lane out once: as many of its commands in one batch as go to the same server, preconditions asked again until they hold,
/// verifications likewise. A command whose answer was lost is not sent again: what its lane's verifications say decides. Several
/// threads may each carry one out, with different servers.
[[nodiscard]] LaneResult carryOut(const Lane &lane, const LaneLimits &limits, Words words, Hands &hands, Pace &pace, const base::Clock &clock);

/// A link, a deadline: what may be otherwise the next time. Not what the server refused.
[[nodiscard]] bool isTransient(const base::Error &error);

} // namespace shardlens::execute
