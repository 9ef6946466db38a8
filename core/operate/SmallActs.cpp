// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/SmallActs.h"

namespace shardlens::operate {

using base::ErrorCode;

base::Result<SmallAct> routerAct(const fleet::Fleet &fleet, Act act, const std::string &router, const std::string &database,
                                 const base::ServerId &to)
{
    const fleet::Router *chosen = nullptr;
    std::string names;
    for (const fleet::Router &one : fleet.routers) {
        names += (names.empty() ? "" : ", ") + one.server.text();
        if (one.server.text() == router || one.region.text() == router || (router.empty() && fleet.routers.size() == 1))
            chosen = &one;
    }
    if (!chosen && router.empty())
        return base::fail(ErrorCode::BadInput, "say which router: " + names);
    if (!chosen)
        return base::fail(ErrorCode::NotFound, "the fleet has no router '" + router + "'; it has " + names);
    for (const fleet::Cluster &cluster : fleet.clusters) {
        for (const std::string &pattern : {chosen->primaryDatabase, chosen->readDatabase}) {
            if (fleet::expand(pattern, "cluster", cluster.name.text()) == database)
                return SmallAct{act, cluster.name, chosen->server, database, to, {}};
        }
    }
    return base::fail(ErrorCode::NotFound, "no cluster is reached through a router's database '" + database + "'");
}

base::Result<SmallAct> serverAct(const fleet::Fleet &fleet, Act act, const base::ServerId &server, const std::string &object,
                                 const base::ServerId &to)
{
    const fleet::Cluster *cluster = fleet.clusterOf(server);
    if (!cluster)
        return base::fail(ErrorCode::NotFound, "the fleet has no Postgres server '" + server.text() + "'");
    return SmallAct{act, cluster->name, server, object, to, {}};
}

} // namespace shardlens::operate
