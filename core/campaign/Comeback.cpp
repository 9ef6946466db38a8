// SPDX-License-Identifier: GPL-3.0-or-later
// What becomes of servers that come back.
#include "core/campaign/Planning.h"

#include <algorithm>

namespace shardlens::campaign {

namespace {

using base::ServerId;

const facts::StandbyLag *lagIn(const std::vector<facts::StandbyLag> &standbys, const ServerId &id)
{
    const auto found = std::find_if(standbys.begin(), standbys.end(), [&](const facts::StandbyLag &lag) { return lag.standby == id; });
    return found == standbys.end() ? nullptr : &*found;
}

/// The primary removed log that the standby lacks.
bool isLogLost(const Ground &ground, const facts::ClusterFacts &facts, const ServerId &server)
{
    const facts::Observation *primary = facts.primary ? ground.snapshot.observation(*facts.primary) : nullptr;
    const facts::Observation *observation = ground.snapshot.observation(server);
    const facts::PostgresSample *said = primary ? primary->postgres() : nullptr;
    const facts::PostgresSample *own = observation ? observation->postgres() : nullptr;
    if (!said || !said->slots || !own || !own->receiver || !*own->receiver)
        return false;
    return std::any_of(said->slots->begin(), said->slots->end(),
                       [&](const facts::SlotRow &slot) { return slot.name == (**own->receiver).slotName && slot.walStatus == "lost"; });
}

Comeback ofStandby(const Ground &ground, const facts::StandbyLag &lag)
{
    if (lag.state == facts::StandbyState::Streaming)
        return lagLevel(lag, ground.fleet().thresholds).value_or(1) < 3 ? Comeback::Now : Comeback::CatchUp;
    return Comeback::CatchUp;
}

ServerBack back(const Ground &ground, const fleet::Server &server)
{
    ServerBack one;
    one.server = server.id;
    const facts::Observation *observation = ground.snapshot.observation(server.id);
    if (!observation || observation->reach.state != facts::ReachState::Answering)
        return one;
    one.comeback = Comeback::Now;
    if (const fleet::Cluster *cluster = ground.fleet().clusterOf(server.id)) {
        const facts::ClusterFacts *facts = ground.snapshot.cluster(cluster->name);
        const facts::StandbyLag *lag = facts ? lagIn(facts->standbys, server.id) : nullptr;
        one.comeback = comebackOf(ground, *cluster, server.id, one.detail);
        if (lag)
            one.behind = lag->behind;
    } else if (const fleet::RedisGroup *group = ground.fleet().redisGroupOf(server.id)) {
        const facts::RedisGroupFacts *facts = ground.snapshot.redisGroup(group->name);
        const facts::StandbyLag *lag = facts ? lagIn(facts->replicas, server.id) : nullptr;
        if (lag) {
            one.comeback = ofStandby(ground, *lag);
            one.behind = lag->behind;
            one.detail = facts::name(lag->state);
        }
    }
    return one;
}

} // namespace

Comeback comebackOf(const Ground &ground, const fleet::Cluster &cluster, const ServerId &server, std::string &detail)
{
    const facts::Observation *observation = ground.snapshot.observation(server);
    const facts::ClusterFacts *facts = ground.snapshot.cluster(cluster.name);
    if (!facts || !observation || observation->reach.state != facts::ReachState::Answering || !observation->postgres())
        return Comeback::Silent;
    if (facts->primary && *facts->primary == server)
        return Comeback::Now;
    if (!observation->postgres()->inRecovery) {
        detail = "writable";
        return Comeback::Rebuild;
    }
    const facts::StandbyLag *lag = lagIn(facts->standbys, server);
    if (!lag)
        return Comeback::Silent;
    detail = facts::name(lag->state);
    const auto &timeline = observation->postgres()->timeline;
    const bool isPast = timeline && facts->timeline && *timeline > *facts->timeline; // it lived on by itself
    if (lag->state == facts::StandbyState::Diverged || isPast) {
        detail = facts::name(facts::StandbyState::Diverged);
        return Comeback::Rebuild;
    }
    if (isLogLost(ground, *facts, server)) {
        detail = "log_removed";
        return Comeback::Rebuild;
    }
    return ofStandby(ground, *lag);
}

std::vector<ServerBack> serversBack(const Ground &ground)
{
    std::vector<ServerBack> all;
    for (const fleet::Server &server : ground.fleet().servers) {
        if (ground.comesBack() && ground.isThere(server.id))
            all.push_back(back(ground, server));
    }
    return all;
}

} // namespace shardlens::campaign
