// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Fenced.h"

namespace shardlens::facts {

namespace {

bool isPrimary(const Snapshot &snapshot, const base::ServerId &server)
{
    const fleet::Cluster *cluster = snapshot.fleet->clusterOf(server);
    const fleet::RedisGroup *group = snapshot.fleet->redisGroupOf(server);
    const ClusterFacts *ofCluster = cluster ? snapshot.cluster(cluster->name) : nullptr;
    const RedisGroupFacts *ofGroup = group ? snapshot.redisGroup(group->name) : nullptr;
    return (ofCluster && ofCluster->primary && *ofCluster->primary == server) || (ofGroup && ofGroup->primary && *ofGroup->primary == server);
}

bool followedSince(const Snapshot &snapshot, const base::ServerId &server, UtcTime at)
{
    const Observation *seen = snapshot.observation(server);
    if (!seen || !seen->sampledAt || seen->sampledUtc <= at)
        return false;
    if (const PostgresSample *postgres = seen->postgres())
        return postgres->inRecovery;
    const RedisSample *redis = seen->redis();
    return redis && !redis->isPrimary;
}

} // namespace

std::optional<Fenced> fencedBy(const Snapshot &snapshot, const base::ServerId &server)
{
    std::optional<Fenced> newest;
    for (const GuardReport &guard : snapshot.guards) {
        const auto found = guard.fenced.find(server);
        if (found != guard.fenced.end() && (!newest || found->second.at > newest->fence.at))
            newest = Fenced{guard.region, found->second};
    }
    if (!newest || isPrimary(snapshot, server) || followedSince(snapshot, server, newest->fence.at))
        return std::nullopt;
    return newest;
}

} // namespace shardlens::facts
