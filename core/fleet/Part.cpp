// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/Part.h"

#include <set>

namespace shardlens::fleet {

Fleet partOf(const Fleet &fleet, const std::string &subject)
{
    Fleet part = fleet;
    std::erase_if(part.clusters, [&](const Cluster &one) { return one.name.text() != subject && !(fleet.directory && fleet.directory->cluster == one.name); });
    std::erase_if(part.redisGroups, [&](const RedisGroup &one) { return one.name.text() != subject; });
    part.pools.clear();
    part.invalidators.clear();
    std::set<ServerId> kept;
    for (const Cluster &cluster : part.clusters)
        kept.insert(cluster.servers.begin(), cluster.servers.end());
    for (const RedisGroup &group : part.redisGroups)
        kept.insert(group.servers.begin(), group.servers.end());
    for (const Router &router : part.routers)
        kept.insert(router.server);
    std::erase_if(part.servers, [&](const Server &one) { return !kept.contains(one.id); });
    return part;
}

} // namespace shardlens::fleet
