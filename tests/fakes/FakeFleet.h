// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Fleet.h"
#include "tests/fakes/FakeCaches.h"
#include "tests/fakes/FakePostgres.h"

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace shardlens::fakes {

/// A fleet whose servers are scripted: one region, clusters of a primary and standbys, routers, Redis, memcached.
/// Build it with the add...() calls, then take fleet().
class FakeFleet
{
public:
    enum class Play { Here, Elsewhere };
    /// Elsewhere: nothing listens here; the same calls in another process play it, and ports() carries over where.
    explicit FakeFleet(Play play = Play::Here);

    /// A cluster `name` with a primary "<name>-a" and standbys "<name>-b", "<name>-c", … of one system identifier.
    void addCluster(const std::string &name, int standbys);
    /// With one database a cluster added before; of our own region, or of the one named, which is then declared too.
    void addRouter(const std::string &name, const std::string &region = {});
    void addRedisGroup(const std::string &name, int replicas, fleet::RedisRole role = fleet::RedisRole::Feeds); ///< "<name>-a" is the primary
    void addPool(const std::string &name, int servers);         ///< "<name>-1", …

    [[nodiscard]] std::vector<std::uint16_t> ports() const; ///< of the servers, as declared
    void setPorts(const std::vector<std::uint16_t> &ports);

    [[nodiscard]] fleet::Fleet &declared() { return m_fleet; }
    [[nodiscard]] std::shared_ptr<const fleet::Fleet> fleet() const { return std::make_shared<const fleet::Fleet>(m_fleet); }
    [[nodiscard]] FakePeer &peer(const std::string &server) { return *m_byName.at(server); }
    [[nodiscard]] PostgresScript &postgres(const std::string &server) { return *m_postgres.at(server); }
    [[nodiscard]] RedisScript &redis(const std::string &server) { return *m_redis.at(server); }
    [[nodiscard]] MemcachedScript &memcached(const std::string &server) { return *m_memcached.at(server); }
    [[nodiscard]] PgbouncerScript &pgbouncer(const std::string &server) { return *m_pgbouncer.at(server); }

private:
    void declare(const std::string &name, fleet::ServerKind kind, FakePeer::MakeDialect makeDialect);

    fleet::Fleet m_fleet;
    std::map<std::string, std::shared_ptr<PostgresScript>> m_postgres;
    std::map<std::string, std::shared_ptr<RedisScript>> m_redis;
    std::map<std::string, std::shared_ptr<MemcachedScript>> m_memcached;
    std::map<std::string, std::shared_ptr<PgbouncerScript>> m_pgbouncer;
    std::map<std::string, FakePeer *> m_byName;
    std::unique_ptr<FakePeers> m_peers;
};

} // namespace shardlens::fakes
