// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/FakeFleet.h"

#include <algorithm>

namespace shardlens::fakes {

namespace {

std::string member(const std::string &name, int index)
{
    return name + "-" + (index < 26 ? std::string(1, static_cast<char>('a' + index)) : std::to_string(index));
}

} // namespace

FakeFleet::FakeFleet(Play play) : m_peers(play == Play::Here ? std::make_unique<FakePeers>() : nullptr)
{
    m_fleet.name = "scripted";
    m_fleet.environment = fleet::Environment::Local;
    m_fleet.ownRegion = fleet::RegionName("us-east");
    m_fleet.regions = {{m_fleet.ownRegion}};
    m_fleet.hosts = {{fleet::HostName("loopback"), m_fleet.ownRegion, {}}};
    m_fleet.heartbeat = fleet::Heartbeat{};
    m_fleet.access.observer = "observer";
    m_fleet.access.users = {{"observer", fleet::Role::Observer, {}}};
    m_fleet.keys.redis["media_map"] = "mediamap:{bucket}";
    fleet::Partition partition;
    partition.name = fleet::PartitionName("users");
    partition.shardCount = 16;
    m_fleet.partitions = {partition};
}

void FakeFleet::declare(const std::string &name, fleet::ServerKind kind, FakePeer::MakeDialect makeDialect)
{
    std::uint16_t port = 0;
    if (m_peers) {
        auto &peer = m_peers->add(std::move(makeDialect));
        port = peer.port();
        m_byName[name] = &peer;
    }
    m_fleet.servers.push_back({fleet::ServerId(name), kind, fleet::HostName("loopback"), m_fleet.ownRegion, {{"127.0.0.1", port}, {}}});
}

std::vector<std::uint16_t> FakeFleet::ports() const
{
    std::vector<std::uint16_t> ports;
    for (const auto &server : m_fleet.servers)
        ports.push_back(server.address.own.port);
    return ports;
}

void FakeFleet::setPorts(const std::vector<std::uint16_t> &ports)
{
    for (std::size_t i = 0; i < ports.size(); ++i)
        m_fleet.servers.at(i).address.own.port = ports[i];
}

void FakeFleet::addCluster(const std::string &name, int standbys)
{
    fleet::Cluster cluster;
    cluster.name = fleet::ClusterName(name);
    cluster.partition = m_fleet.partitions.front().name;
    cluster.home = m_fleet.ownRegion;
    const auto identifier = 7000000000000000001ULL + m_fleet.clusters.size();
    for (int i = 0; i <= standbys; ++i) {
        const auto server = member(name, i);
        auto script = std::make_shared<PostgresScript>();
        script->systemIdentifier = identifier;
        script->standby = i > 0;
        m_postgres[server] = script;
        declare(server, fleet::ServerKind::Postgres, [script] { return std::make_unique<PostgresDialect>(script); });
        cluster.servers.emplace_back(server);
    }
    m_fleet.clusters.push_back(std::move(cluster));
}

void FakeFleet::addRouter(const std::string &name, const std::string &region)
{
    auto script = std::make_shared<PgbouncerScript>();
    for (const auto &cluster : m_fleet.clusters)
        script->databases.push_back({cluster.name.text(), "127.0.0.1", m_fleet.server(cluster.servers.front())->address.own.port, false});
    m_pgbouncer[name] = script;
    declare(name, fleet::ServerKind::Pgbouncer, [script] { return std::make_unique<PgbouncerDialect>(script); });
    fleet::Router router;
    router.server = fleet::ServerId(name);
    router.region = region.empty() ? m_fleet.ownRegion : fleet::RegionName(region);
    m_fleet.servers.back().region = router.region;
    if (std::none_of(m_fleet.regions.begin(), m_fleet.regions.end(), [&](const auto &one) { return one.name == router.region; }))
        m_fleet.regions.push_back({router.region});
    m_fleet.routers.push_back(std::move(router));
}

void FakeFleet::addRedisGroup(const std::string &name, int replicas, fleet::RedisRole role)
{
    fleet::RedisGroup group;
    group.name = fleet::GroupName(name);
    group.role = role;
    group.home = m_fleet.ownRegion;
    group.termKey = "shardlens:term";
    for (int i = 0; i <= replicas; ++i) {
        const auto server = member(name, i);
        auto script = std::make_shared<RedisScript>();
        script->primary = i == 0;
        script->runId[0] = static_cast<char>('a' + i % 6);
        m_redis[server] = script;
        declare(server, fleet::ServerKind::Redis, [script] { return std::make_unique<RedisDialect>(script); });
        group.servers.emplace_back(server);
    }
    m_fleet.redisGroups.push_back(std::move(group));
}

void FakeFleet::addPool(const std::string &name, int servers)
{
    fleet::Pool pool;
    pool.name = fleet::PoolName(name);
    pool.region = m_fleet.ownRegion;
    for (int i = 1; i <= servers; ++i) {
        const auto server = name + "-" + std::to_string(i);
        auto script = std::make_shared<MemcachedScript>();
        m_memcached[server] = script;
        declare(server, fleet::ServerKind::Memcached, [script] { return std::make_unique<MemcachedDialect>(script); });
        pool.servers.emplace_back(server);
    }
    m_fleet.pools.push_back(std::move(pool));
}

} // namespace shardlens::fakes
