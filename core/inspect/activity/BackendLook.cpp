// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/activity/BackendLook.h"

#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"

#include <cmath>
#include <cstdlib>

namespace shardlens::inspect {

namespace {

/// PostgreSQL 10 or newer.
constexpr const char *backendQuery =
    "SELECT to_char(backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"'), usename, datname, application_name, state, "
    "left(query, 400), "
    "backend_type, extract(epoch FROM clock_timestamp() - xact_start)::text FROM pg_stat_activity WHERE pid = $1::integer";

} // namespace

base::Result<std::optional<BackendSeen>> lookAtBackend(const fleet::Fleet &fleet, const base::RegionName &from,
                                                       const base::ServerId &server, std::int32_t pid,
                                                       const std::function<base::Result<std::string>(const std::string &entry)> &keychain,
                                                       base::milliseconds patience)
{
    const fleet::Server *declared = fleet.server(server);
    const fleet::Cluster *cluster = fleet.clusterOf(server);
    const fleet::DatabaseUser *observer = fleet.access.user(fleet.access.observer);
    if (!declared || !cluster || !observer)
        return base::fail(base::ErrorCode::NotFound, "the fleet has no Postgres server '" + server.text() + "', or no observing user");
    const fleet::Endpoint &endpoint = declared->address.from(from);
    auto secret = secrets::resolve(observer->secret, {endpoint.host, endpoint.port, cluster->database, observer->name}, keychain);
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = fleet.access.tls;
    options.readOnly = true;
    options.statementTimeout = patience;
    options.applicationName = "shardlens-look";
    auto session = postgres::Session::connect({server.text(), endpoint, cluster->database, observer->name}, *secret, options, patience);
    if (!session)
        return base::fail(session.error());
    const auto rows = session->exec(backendQuery, {std::to_string(pid)}, patience);
    if (!rows)
        return base::fail(rows.error());
    if (rows->isEmpty())
        return std::optional<BackendSeen>();
    const auto text = [&](std::size_t column) { return rows->at(0, column).value_or(""); };
    BackendSeen seen{pid, text(0), text(1), text(2), text(3), text(4), text(5), text(6) == "client backend", std::nullopt};
    if (const auto &age = rows->at(0, 7))
        seen.transactionAge = base::microseconds(std::llround(std::strtod(age->c_str(), nullptr) * 1e6));
    return std::optional(seen);
}

} // namespace shardlens::inspect
