// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Doors.h"

#include "core/clients/secrets/Secrets.h"

#include <algorithm>

namespace shardlens::seed
{

using base::Error;
using base::ErrorCode;
using base::Result;

namespace
{

constexpr base::milliseconds connectDeadline{5000};

} // namespace

Result<postgres::Session> openPrimary(const fleet::Fleet &fleet, const fleet::Cluster &cluster, fleet::Role role, const Stop &stop)
{
    const auto *user = fleet.access.firstWith(role);
    if (!user)
        return base::fail(ErrorCode::NotFound, "the fleet file names no database user for this");
    Error last{ErrorCode::WrongServer, "no member of " + cluster.name.text() + " is a primary", {}, {}, base::Effect::None};
    for (const auto &id : cluster.servers) {
        const auto *server = fleet.server(id);
        if (!server)
            continue;
        const fleet::Endpoint &endpoint = server->address.own;
        const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, cluster.database, user->name});
        if (!secret)
            return base::fail(secret.error());
        postgres::SessionOptions options;
        options.tls = fleet.access.tls;
        options.applicationName = "shardlens-seed";
        auto session =
            postgres::Session::connect({id.text(), endpoint, cluster.database, user->name}, *secret, options, connectDeadline, stop);
        if (!session) {
            last = session.error();
            continue;
        }
        const auto standby = session->exec("select pg_is_in_recovery()", connectDeadline);
        if (standby && standby->first() == "f")
            return session;
        if (!standby)
            last = standby.error();
    }
    return base::fail(last);
}

Result<redis::Session> openRedisPrimary(const fleet::Fleet &fleet, const fleet::RedisGroup &group, const Stop &stop)
{
    const auto secret = secrets::resolve(fleet.access.redisSecret, {});
    if (!secret)
        return base::fail(secret.error());
    Error last{ErrorCode::WrongServer, "no member of " + group.name.text() + " is a primary", {}, {}, base::Effect::None};
    for (const auto &id : group.servers) {
        const auto *server = fleet.server(id);
        if (!server)
            continue;
        auto session = redis::Session::connect({id.text(), server->address.own, fleet.access.redisUser}, *secret, connectDeadline, stop);
        if (!session) {
            last = session.error();
            continue;
        }
        const auto role = session->command({"ROLE"}, connectDeadline);
        if (role && !role->items.empty() && role->items.front().text == "master")
            return session;
        if (!role)
            last = role.error();
    }
    return base::fail(last);
}

const fleet::RedisGroup *groupWith(const fleet::Fleet &fleet, fleet::RedisRole role)
{
    const auto found =
        std::find_if(fleet.redisGroups.begin(), fleet.redisGroups.end(), [&](const auto &group) { return group.role == role; });
    return found == fleet.redisGroups.end() ? nullptr : &*found;
}

std::string redisKey(const fleet::Fleet &fleet, const std::string &pattern, const std::string &fallback, const std::string &word,
                     const std::string &value)
{
    const auto found = fleet.keys.redis.find(pattern);
    return fleet::expand(found == fleet.keys.redis.end() ? fallback : found->second, word, value);
}

} // namespace shardlens::seed
