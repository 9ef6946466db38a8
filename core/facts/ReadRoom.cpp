// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/ReadRoom.h"

#include <algorithm>

namespace shardlens::facts {

Known<ReadRoom> readRoomOf(const Snapshot &snapshot, const base::RegionName &region)
{
    const auto router = std::find_if(snapshot.routers.begin(), snapshot.routers.end(), [&](const RouterFacts &one) { return one.region == region; });
    if (router == snapshot.routers.end())
        return unknown(WhyUnknown::NotConfigured, "router");
    ReadRoom room;
    for (const RouterTarget &target : router->targets) {
        if (!target.forReads)
            continue;
        room.waiting += target.waiting;
        const Observation *observation = target.leadsTo ? snapshot.observation(*target.leadsTo) : nullptr;
        const PostgresSample *sample = observation ? observation->postgres() : nullptr;
        if (!sample || !sample->connections || freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) != Freshness::Fresh)
            continue;
        const auto &counts = *sample->connections;
        const std::int32_t most = counts.max - counts.reserved;
        const bool isFuller = room.most == 0 || std::int64_t(counts.total) * room.most > std::int64_t(room.connections) * most;
        if (most > 0 && isFuller) {
            room.fullest = *target.leadsTo;
            room.connections = counts.total;
            room.most = most;
            room.active = counts.active;
        }
    }
    if (room.most == 0)
        return unknown(WhyUnknown::ServerSilent, "the read databases of " + region.text());
    return room;
}

} // namespace shardlens::facts
