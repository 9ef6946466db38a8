// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/GuardReach.h"

#include <algorithm>

namespace shardlens::operate {

namespace {

/// From its start on: the guard's next look, and this console's next look at the guard, each within a second; and what clocks differ by.
constexpr base::seconds foundWithin{3};

/// A Postgres that answers, and was started moments ago.
bool isJustStarted(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    const facts::Observation *observation = snapshot.observation(server);
    const facts::PostgresSample *sample = observation && observation->reach.state == facts::ReachState::Answering ? observation->postgres() : nullptr;
    return sample && snapshot.takenUtc - sample->startedAt < foundWithin;
}

} // namespace

GuardReach guardReach(const facts::Snapshot &snapshot, const base::RegionName &region, const base::ServerId &server)
{
    const auto guard = std::find_if(snapshot.guards.begin(), snapshot.guards.end(), [&](const facts::GuardReport &one) { return one.region == region; });
    if (guard == snapshot.guards.end())
        return GuardReach::NoGuard;
    if (guard->reach.state != facts::ReachState::Answering || !guard->reachable || !guard->reachable->contains(server))
        return GuardReach::Silent;
    if (guard->reachable->at(server))
        return GuardReach::Reaches;
    return isJustStarted(snapshot, server) ? GuardReach::NotYet : GuardReach::Cut;
}

} // namespace shardlens::operate
