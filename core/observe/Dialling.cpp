// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/Dialling.h"

#include "core/clients/memcached/MemberProbe.h"
#include "core/clients/memcached/MemcachedPoll.h"
#include "core/clients/pgbouncer/RouterPoll.h"
#include "core/clients/postgres/PostgresPoll.h"
#include "core/clients/redis/GroupProbe.h"
#include "core/clients/redis/RedisPoll.h"

namespace shardlens::observe {

namespace {

// The term's row lies beside the heartbeat's.
std::string termTable(const fleet::Fleet &fleet)
{
    const std::string beside = fleet.heartbeat ? fleet.heartbeat->table : std::string("shardlens.heartbeat");
    const auto dot = beside.find('.');
    return dot == std::string::npos ? std::string("term") : beside.substr(0, dot) + ".term";
}

std::string bucketPattern(const fleet::Fleet &fleet, const fleet::RedisGroup *group)
{
    if (group == nullptr || group->role != fleet::RedisRole::MediaMap)
        return {};
    const auto pattern = fleet.keys.redis.find("media_map");
    return pattern == fleet.keys.redis.end() ? std::string() : pattern->second;
}

} // namespace

Dialling::Dialling(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, std::shared_ptr<const Passwords> passwords,
                   std::shared_ptr<const base::Clock> clock, std::optional<base::milliseconds> seldom)
    : m_fleet(std::move(fleet)), m_from(from.isEmpty() ? m_fleet->ownRegion : std::move(from)), m_passwords(std::move(passwords)),
      m_clock(std::move(clock)), m_resolver(std::make_shared<clients::Resolver>()), m_seldom(seldom)
{
}

clients::PqTarget Dialling::target(const fleet::Server &server, const std::string &database, const std::string &user) const
{
    const auto &endpoint = server.address.from(m_from);
    return {endpoint, database, user, m_passwords->forDatabase(endpoint, database, user), m_fleet->access.tls};
}

clients::PqTarget Dialling::database(const fleet::Server &server, const std::string &database) const
{
    return target(server, database, m_fleet->access.observer);
}

std::unique_ptr<clients::PollClient> Dialling::clientFor(const fleet::Server &server, const std::shared_ptr<clients::EventLoop> &loop) const
{
    const auto &endpoint = server.address.from(m_from);
    switch (server.kind) {
    case fleet::ServerKind::Postgres: {
        const auto *cluster = m_fleet->clusterOf(server.id);
        clients::PostgresPoll::Options options;
        options.target = database(server, cluster == nullptr ? "postgres" : cluster->database);
        options.heartbeatTable = m_fleet->heartbeat ? m_fleet->heartbeat->table : std::string();
        options.termTable = termTable(*m_fleet);
        if (cluster != nullptr)
            options.partsFor = m_fleet->access;
        options.seldom = m_seldom;
        return std::make_unique<clients::PostgresPoll>(loop, m_resolver, std::move(options), m_clock);
    }
    case fleet::ServerKind::Pgbouncer:
        return std::make_unique<clients::RouterPoll>(loop, m_resolver, database(server, "pgbouncer"), m_clock,
                                                     m_seldom ? *m_seldom * 3 : base::milliseconds(base::seconds(60))); // with every third poll or so: it makes that one longer
    case fleet::ServerKind::Redis: {
        const auto *group = m_fleet->redisGroupOf(server.id);
        clients::RedisPoll::Options options{endpoint, m_fleet->access.redisUser, m_passwords->forRedis(),
                                            group == nullptr ? std::string() : group->termKey, bucketPattern(*m_fleet, group)};
        options.seldom = m_seldom.value_or(options.seldom);
        return std::make_unique<clients::RedisPoll>(loop, m_resolver, std::move(options), m_clock);
    }
    case fleet::ServerKind::Memcached: return std::make_unique<clients::MemcachedPoll>(loop, m_resolver, endpoint, m_clock);
    }
    return nullptr;
}

std::unique_ptr<clients::PollClient> Dialling::wayProbe(const fleet::Server &server, const std::string &databaseName,
                                                        const std::shared_ptr<clients::EventLoop> &loop, clients::WayProbe::Told told,
                                                        const std::string &user, const std::string &lock) const
{
    return std::make_unique<clients::WayProbe>(
        loop, m_resolver, target(server, databaseName, user.empty() ? m_fleet->access.observer : user), std::move(told), lock);
}

std::unique_ptr<clients::PollClient> Dialling::groupProbe(const fleet::Endpoint &endpoint, const std::shared_ptr<clients::EventLoop> &loop,
                                                          std::function<void(bool)> told) const
{
    return std::make_unique<clients::GroupProbe>(
        loop, m_resolver, clients::GroupProbe::Options{endpoint, m_fleet->access.redisUser, m_passwords->forRedis()}, std::move(told));
}

std::unique_ptr<clients::PollClient> Dialling::memberProbe(const fleet::Server &server,
                                                           const std::shared_ptr<clients::EventLoop> &loop) const
{
    return std::make_unique<clients::MemberProbe>(loop, m_resolver, server.address.from(m_from));
}

} // namespace shardlens::observe
