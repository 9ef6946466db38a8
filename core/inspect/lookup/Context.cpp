// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Context.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

ServerId PoolHash::memberOf(const fleet::Pool &pool, const std::string &key)
{
    if (pool.servers.empty())
        return {};
    auto found = m_pools.find(pool.name.text());
    if (found == m_pools.end()) {
        std::vector<memcached::Member> members;
        for (const ServerId &id : pool.servers) {
            // Points on the ring are made of addresses: those that the region's own applications dial, not ours.
            if (const fleet::Server *server = m_fleet.server(id))
                members.push_back({id.text(), server->address.from(pool.region)});
        }
        auto session = memcached::Session::open(members, pool.hashing, base::milliseconds(1000));
        if (!session)
            return {};
        found = m_pools.emplace(pool.name.text(), std::move(*session)).first;
    }
    const std::size_t member = found->second.memberOf(key);
    return member < pool.servers.size() ? pool.servers[member] : ServerId();
}

bool isNoSuchShard(const base::Error &error)
{
    return error.sqlState == "3F000" || error.sqlState == "42P01";
}

base::Result<postgres::Rows> queryPersonal(Link &link, const std::string &database, const char *function, const Sql &sql, const Sql &other)
{
    const auto ask = [&](const Sql &question) { return [&link, &database, &question] { return link.query(database, question.text, question.parameters); }; };
    return other.text.empty() ? ask(sql)() : byFunctionOrElse<postgres::Rows>(link, database, function, ask(sql), ask(other));
}

bool readsByFunction(const Context &context)
{
    return context.ground->person.role == fleet::Role::Support;
}

facts::Unknown whyUnknown(const base::Error &error)
{
    if (error.code == base::ErrorCode::NoRights)
        return {facts::WhyUnknown::NoRights, error.message};
    if (error.code == base::ErrorCode::Protocol || error.code == base::ErrorCode::Rejected)
        return {facts::WhyUnknown::Unreadable, error.message};
    return {facts::WhyUnknown::ServerSilent, error.server};
}

facts::Unknown whySilent(const Rounds &rounds, const ServerId &server)
{
    const auto found =
        std::find_if(rounds.troubles.begin(), rounds.troubles.end(), [&](const Trouble &trouble) { return trouble.server == server; });
    return found == rounds.troubles.end() ? facts::Unknown{facts::WhyUnknown::ServerSilent, server.text()} : whyUnknown(found->error);
}

} // namespace shardlens::inspect::lookup
