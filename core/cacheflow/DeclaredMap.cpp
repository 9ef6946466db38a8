// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/cacheflow/RegionRows.h"
#include "core/clients/secrets/Secrets.h"

#include <charconv>

namespace shardlens::cacheflow {

namespace {

constexpr base::milliseconds declaredMapPatience{3000};

} // namespace

base::Result<DeclaredMap> declaredMap(const fleet::Fleet &fleet, const std::string &userName,
                                      const std::function<base::Result<std::string>(const std::string &entry)> &keychain)
{
    if (!fleet.directory)
        return base::fail(base::ErrorCode::NotFound, "the fleet file names no directory, and so no shard map");
    const fleet::DatabaseUser *user = fleet.access.user(userName);
    const fleet::Cluster *cluster = fleet.cluster(fleet.directory->cluster);
    if (!user || !cluster)
        return base::fail(base::ErrorCode::NotFound, "the fleet file names no user to read the shard map as");
    base::Error last{base::ErrorCode::Unreachable, "the directory has no members", {}, {}, base::Effect::None};
    for (const base::ServerId &id : cluster->servers) {
        const fleet::Endpoint &endpoint = fleet.server(id)->address.from(fleet.ownRegion);
        const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, fleet.directory->database, user->name},
                                             keychain);
        if (!secret)
            return base::fail(secret.error());
        postgres::SessionOptions options;
        options.tls = fleet.access.tls;
        options.readOnly = true;
        auto session =
            postgres::Session::connect({id.text(), endpoint, fleet.directory->database, user->name}, *secret, options, declaredMapPatience);
        const auto rows =
            session ? session->exec("SELECT partition, shard::text, cluster FROM " + fleet.directory->schema + ".shard_map", declaredMapPatience)
                    : base::Result<postgres::Rows>(base::fail(session.error()));
        if (!rows) {
            last = rows.error();
            continue;
        }
        DeclaredMap map;
        for (const auto &row : rows->rows) {
            std::uint32_t shard = 0;
            const std::string text = row[1].value_or("");
            std::from_chars(text.data(), text.data() + text.size(), shard);
            map[row[0].value_or("")][shard] = row[2].value_or("");
        }
        return map;
    }
    return base::fail(last);
}

} // namespace shardlens::cacheflow
