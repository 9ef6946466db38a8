// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Describe.h"

#include "app/localfleet/Repmgr.h"
#include "app/localfleet/Sentinel.h"

#include <set>

namespace shardlens::localfleet
{

namespace
{

fleet::Address addressOf(const Ground &ground, const std::string &name, const std::string &region)
{
    fleet::Address address;
    address.own = {"127.0.0.1", ground.ports.of(name)};
    for (const std::string &viewer : ground.shape.regions) {
        if (viewer != region)
            address.seenFrom[fleet::RegionName(viewer)] = {"127.0.0.1", ground.ports.of(name + "@" + viewer)};
    }
    return address;
}

void describeServers(const Ground &ground, fleet::Fleet &fleet)
{
    std::set<std::string> hosts;
    for (const Instance &server : ground.servers) {
        if (hosts.insert(server.host).second)
            fleet.hosts.push_back({fleet::HostName(server.host), fleet::RegionName(server.region), {fleet::HostReach::Way::Local, {}, {}}});
        fleet.servers.push_back({fleet::ServerId(server.id), server.kind, fleet::HostName(server.host), fleet::RegionName(server.region),
                                 addressOf(ground, server.id, server.region)});
        if (!server.group.empty() && server.group == ground.shape.patroni)
            fleet.servers.back().patroni = fleet::Endpoint{"127.0.0.1", ground.ports.of("patroni-" + server.id)};
        if (repmgr::isUnder(ground, server))
            fleet.servers.back().repmgr = repmgr::configFile(ground, server).string();
        if (server.kind == fleet::ServerKind::Pgbouncer)
            fleet.routers.push_back({fleet::ServerId(server.id), fleet::RegionName(server.region), "{cluster}", "{cluster}_read"});
    }
    for (const std::string &region : ground.shape.regions) {
        fleet.regions.push_back({fleet::RegionName(region)});
        fleet.guards.push_back({fleet::RegionName(region), addressOf(ground, "guard-" + region, region)});
        fleet.invalidators.push_back(
            {fleet::RegionName(region), addressOf(ground, "invalidator-" + region, region), {"127.0.0.1", ground.ports.of("statsd-" + region)}});
    }
}

std::vector<fleet::ServerId> idsOf(const Ground &ground, const std::string &group)
{
    std::vector<fleet::ServerId> ids;
    for (const Instance &member : ground.members(group))
        ids.emplace_back(member.id);
    return ids;
}

void describeGroups(const Ground &ground, fleet::Fleet &fleet)
{
    fleet.partitions.push_back({fleet::PartitionName("users"),
                                "insta{shard}",
                                ground.shape.shards,
                                {"users", "follows", "followers", "liked_by_user", "deleted"}});
    fleet.partitions.push_back(
        {fleet::PartitionName("media"), "insta{shard}", ground.shape.shards, {"media", "likes", "comments", "deleted"}});
    for (const Group &cluster : clusters(ground.shape))
        fleet.clusters.push_back({fleet::ClusterName(cluster.name), fleet::PartitionName(cluster.partition),
                                  fleet::RegionName(cluster.home), idsOf(ground, cluster.name), cluster.database,
                                  cluster.name == ground.shape.patroni  ? fleet::Manager::Patroni
                                  : cluster.name == ground.shape.repmgr ? fleet::Manager::Repmgr
                                                                        : fleet::Manager::None});
    for (const Group &group : redisGroups(ground.shape)) {
        fleet::RedisGroup described{fleet::GroupName(group.name), group.role, fleet::RegionName(group.home),
                                    idsOf(ground, group.name),    {},         "shardlens:term",
                                    {fleet::StableSwitch::Kind::Socket, ground.home.relaySocket().string()}};
        for (const std::string &viewer : ground.shape.regions)
            described.stableAddress[fleet::RegionName(viewer)] = {"127.0.0.1", ground.ports.of(group.name + "@" + viewer)};
        if (group.name == ground.shape.sentinel) {
            described.manager = fleet::Manager::Sentinel;
            for (const std::string &name : sentinel::names())
                described.sentinels.push_back({"127.0.0.1", ground.ports.of(name)});
        }
        fleet.redisGroups.push_back(std::move(described));
    }
    for (const std::string &region : ground.shape.regions)
        fleet.pools.push_back(
            {fleet::PoolName("cache-" + region), fleet::RegionName(region), idsOf(ground, "cache-" + region), fleet::Hashing::Ketama});
}

fleet::Access describeAccess(const Ground &ground)
{
    using Kind = fleet::SecretSource::Kind;
    fleet::Access access;
    const auto append = [&](const char *name, fleet::Role role) {
        access.users.push_back({name, role, {Kind::Pgpass, Secrets::pgpass(ground.home, name).string()}});
    };
    append(user::observer, fleet::Role::Observer);
    append(user::application, fleet::Role::Application);
    append(user::support, fleet::Role::Support);
    append(user::operation, fleet::Role::Ops);
    append(user::invalidation, fleet::Role::Observer);
    access.invalidator = user::invalidation;
    access.observer = user::observer;
    access.redisSecret = {Kind::File, Secrets::redisFile(ground.home).string()};
    if (!ground.shape.sentinel.empty())
        access.sentinelSecret = access.redisSecret;
    access.guardSecret = {Kind::File, Secrets::guardFile(ground.home).string()};
    access.tls.mode = fleet::Tls::Mode::Disable; // nothing leaves the loopback interface
    return access;
}

fleet::KeyPatterns keyPatterns()
{
    fleet::KeyPatterns keys;
    keys.cached = {{"user", "u:{id}"}, {"media", "m:{id}"}};
    keys.redis = {{"main_feed", "feed:{user}"},
                  {"activity_feed", "activity:{user}"},
                  {"media_map", "mediamap:{bucket}"},
                  {"session", "session:{token}"}};
    keys.mediaMapBucket = 1000;
    keys.feedLength = 500;
    return keys;
}

} // namespace

fleet::Fleet describe(const Ground &ground)
{
    fleet::Fleet fleet;
    fleet.name = "local";
    fleet.id = ground.id;
    fleet.environment = fleet::Environment::Local;
    fleet.ownRegion = fleet::RegionName(ground.shape.regions.front());
    fleet.madeByLocalfleet = true;
    fleet.acting = true;
    describeServers(ground, fleet);
    describeGroups(ground, fleet);
    fleet.directory = fleet::Directory{fleet::ClusterName("directory"), "directory", "directory"};
    fleet.heartbeat = fleet::Heartbeat{};
    fleet.keys = keyPatterns();
    fleet.access = describeAccess(ground);
    return fleet;
}

RelayPlan relayPlan(const Ground &ground)
{
    RelayPlan plan;
    const auto append = [&](const std::string &name, const std::string &region) {
        plan.targets[name] = {region, ground.ports.of(name)};
        for (const std::string &viewer : ground.shape.regions) {
            if (viewer != region)
                plan.listeners.push_back({name + "@" + viewer, ground.ports.of(name + "@" + viewer), viewer, name});
        }
    };
    for (const Instance &server : ground.servers)
        append(server.id, server.region);
    for (const std::string &region : ground.shape.regions)
        append("guard-" + region, region);
    for (const std::string &region : ground.shape.regions)
        append("invalidator-" + region, region);
    for (const Group &group : redisGroups(ground.shape)) {
        for (const std::string &viewer : ground.shape.regions)
            plan.listeners.push_back(
                {group.name + "@" + viewer, ground.ports.of(group.name + "@" + viewer), viewer, group.name + "-" + group.home});
    }
    for (const std::string &from : ground.shape.regions) {
        for (const std::string &to : ground.shape.regions) {
            if (from != to)
                plan.links[{from, to}] = {base::microseconds(static_cast<std::int64_t>(latencyMs(ground.shape, from, to) * 1000)), 0,
                                          Cut::None};
        }
    }
    return plan;
}

} // namespace shardlens::localfleet
