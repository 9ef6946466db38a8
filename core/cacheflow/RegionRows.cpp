// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/RegionRows.h"

#include "core/clients/secrets/Secrets.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace shardlens::cacheflow {

using base::ErrorCode;
using base::Result;

namespace {

base::PartitionName partitionOf(const CachedEntity &entity)
{
    return base::PartitionName(entity.kind == "user" ? "users" : "media");
}

RowVersion rowVersionIn(const postgres::Value &version, const postgres::Value &age)
{
    RowVersion row;
    double seconds = 0;
    const std::string number = version.value_or("");
    const std::string time = age.value_or("");
    std::from_chars(number.data(), number.data() + number.size(), row.version);
    std::from_chars(time.data(), time.data() + time.size(), seconds);
    row.age = base::microseconds(std::llround(std::max(seconds, 0.0) * 1e6));
    return row;
}

} // namespace

RegionRows::RegionRows(const fleet::Fleet &fleet, base::RegionName region, const DeclaredMap &map, const fleet::DatabaseUser &user, Options options)
    : m_fleet(fleet), m_region(std::move(region)), m_map(map), m_user(user), m_options(std::move(options))
{
}

Result<std::string> RegionRows::clusterOf(const CachedEntity &entity) const
{
    const fleet::Partition *partition = m_fleet.partition(partitionOf(entity));
    if (!partition)
        return base::fail(ErrorCode::NotFound, "the fleet declares no partition for " + entity.kind);
    const auto shard = shardOf(m_fleet.idLayout, entity.id);
    const auto shards = m_map.find(partition->name.text());
    if (shards != m_map.end()) {
        if (const auto cluster = shards->second.find(shard); cluster != shards->second.end())
            return cluster->second;
    }
    return base::fail(ErrorCode::NotFound, "the declared map has no shard " + std::to_string(shard));
}

Result<postgres::Session *> RegionRows::session(const std::string &cluster)
{
    auto &session = m_sessions[cluster];
    if (session && session->isOpen())
        return &*session;
    const auto *router = m_fleet.routerOf(m_region);
    const auto *server = router ? m_fleet.server(router->server) : nullptr;
    if (!server)
        return base::fail(ErrorCode::NotFound, "no router is declared in " + m_region.text());
    const std::string database = fleet::expand(router->readDatabase, "cluster", cluster);
    const fleet::Endpoint &endpoint = server->address.from(m_fleet.ownRegion);
    const auto secret = secrets::resolve(m_user.secret, {endpoint.host, endpoint.port, database, m_user.name}, m_options.keychain);
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions with;
    with.tls = m_fleet.access.tls;
    with.throughRouter = true;
    auto opened = postgres::Session::connect({server->id.text() + "/" + database, endpoint, database, m_user.name}, *secret, with,
                                             m_options.deadline, m_options.stop);
    if (!opened)
        return base::fail(opened.error());
    session = std::move(*opened);
    return &*session;
}

void RegionRows::ask(const std::string &cluster, const std::vector<std::pair<std::string, CachedEntity>> &keys, Read &into)
{
    std::string statement;
    std::map<std::string, std::string> keyOf; // kind and ID -> key
    for (const auto &[key, entity] : keys) {
        const fleet::Partition *partition = m_fleet.partition(partitionOf(entity));
        const std::string schema = fleet::expand(partition->schemaPattern, "shard", std::to_string(shardOf(m_fleet.idLayout, entity.id)));
        statement += statement.empty() ? "" : " UNION ALL ";
        statement += "SELECT '" + entity.kind + " " + std::to_string(entity.id) + "', version, extract(epoch FROM clock_timestamp() - updated_at) FROM " +
                     schema + (entity.kind == "user" ? ".users" : ".media") + " WHERE id = " + std::to_string(entity.id);
        keyOf[entity.kind + " " + std::to_string(entity.id)] = key;
    }
    auto open = session(cluster);
    const auto rows = open ? (*open)->exec(statement, m_options.deadline) : Result<postgres::Rows>(base::fail(open.error()));
    if (!rows) {
        for (const auto &[key, entity] : keys)
            into.unread.emplace(key, rows.error());
        return;
    }
    for (const auto &row : rows->rows) {
        if (const auto key = keyOf.find(row.at(0).value_or("")); key != keyOf.end())
            into.rows.emplace(key->second, rowVersionIn(row.at(1), row.at(2)));
    }
}

RegionRows::Read RegionRows::read(const std::vector<std::string> &keys)
{
    Read found;
    std::map<std::string, std::vector<std::pair<std::string, CachedEntity>>> byCluster;
    for (const std::string &key : keys) {
        const auto entity = entityOf(m_fleet.keys, key);
        if (!entity) {
            found.unread.emplace(key, base::Error{ErrorCode::BadInput, "no pattern of the fleet file fits the key", {}, {}, base::Effect::None});
            continue;
        }
        const auto cluster = clusterOf(*entity);
        if (cluster)
            byCluster[*cluster].emplace_back(key, *entity);
        else
            found.unread.emplace(key, cluster.error());
    }
    for (const auto &[cluster, asked] : byCluster)
        ask(cluster, asked, found);
    return found;
}

} // namespace shardlens::cacheflow
