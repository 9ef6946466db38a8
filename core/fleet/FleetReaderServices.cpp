// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/FleetReader.h"

#include <algorithm>
#include <cstdlib>
#include <limits>
#include <system_error>

namespace shardlens::fleet {

void FleetReader::readRouter(TableReader &in)
{
    Router router;
    if (const auto id = in.reference("server", m_servers, true))
        router.server = ServerId(*id);
    const Server *server = m_fleet.server(router.server);
    if (server && server->kind != ServerKind::Pgbouncer)
        in.complain("server", server->id.text() + " is a " + std::string(name(server->kind)) + " server", "a pgbouncer server");
    const auto isSame = [&](const Router &other) { return server && other.server == router.server; };
    if (std::any_of(m_fleet.routers.begin(), m_fleet.routers.end(), isSame))
        in.complain("server", server->id.text() + " is a router already", "each pgbouncer once");
    const auto region = in.reference("region", m_regions, false);
    router.region = region ? RegionName(*region) : server ? server->region : RegionName();
    if (!router.region.isEmpty() && m_fleet.routerOf(router.region))
        in.complain("region", "has the router " + m_fleet.routerOf(router.region)->server.text() + " already", "one router a region");
    router.primaryDatabase = in.text("primary_database").value_or(router.primaryDatabase);
    router.readDatabase = in.text("read_database").value_or(router.readDatabase);
    for (const char *key : {"primary_database", "read_database"}) {
        const std::string &pattern = key == std::string("primary_database") ? router.primaryDatabase : router.readDatabase;
        if (pattern.find("{cluster}") == std::string::npos)
            in.complain(key, "'" + pattern + "' does not hold {cluster}", "a database's name with {cluster} in place of the cluster's");
    }
    if (router.primaryDatabase == router.readDatabase)
        in.complain("read_database", "is the same as primary_database", "another name than for writes");
    m_fleet.routers.push_back(std::move(router));
}

void FleetReader::readGuard(TableReader &in)
{
    Guard guard;
    guard.region = RegionName(in.reference("region", m_regions, true).value_or(""));
    const auto sameRegion = [&](const Guard &other) { return !guard.region.isEmpty() && other.region == guard.region; };
    if (std::any_of(m_fleet.guards.begin(), m_fleet.guards.end(), sameRegion))
        in.complain("region", "has a guard already", "one guard a region");
    guard.address.own = in.endpoint("address", true).value_or(Endpoint{});
    guard.address.seenFrom = endpointsByRegion(in, "seen_from");
    m_fleet.guards.push_back(std::move(guard));
}

void FleetReader::readInvalidator(TableReader &in)
{
    Invalidator invalidator;
    invalidator.region = RegionName(in.reference("region", m_regions, true).value_or(""));
    if (!invalidator.region.isEmpty() && m_fleet.invalidatorOf(invalidator.region))
        in.complain("region", "has an invalidator already", "one invalidator a region");
    invalidator.address.own = in.endpoint("address", true).value_or(Endpoint{});
    invalidator.address.seenFrom = endpointsByRegion(in, "seen_from");
    invalidator.statsd = in.endpoint("statsd", false).value_or(Endpoint{});
    m_fleet.invalidators.push_back(std::move(invalidator));
}

void FleetReader::readDirectory()
{
    if (!m_directory)
        return;
    TableReader in(*m_directory, "[directory]", "[directory]", m_complaints);
    Directory directory;
    directory.cluster = ClusterName(in.reference("cluster", m_clusters, true).value_or(""));
    const Cluster *cluster = m_fleet.cluster(directory.cluster);
    directory.database = in.text("database").value_or(cluster ? cluster->database : directory.database);
    directory.schema = in.text("schema").value_or(directory.schema);
    in.finish();
    m_fleet.directory = std::move(directory);
}

void FleetReader::readHeartbeat()
{
    const TomlNode *table = m_root.table("heartbeat");
    if (!table)
        return;
    TableReader in(*table, "[heartbeat]", "[heartbeat]", m_complaints);
    Heartbeat heartbeat;
    heartbeat.table = in.text("table").value_or(heartbeat.table);
    heartbeat.interval = base::milliseconds(in.integer("interval_ms", 50, 60000).value_or(heartbeat.interval.count()));
    in.finish();
    m_fleet.heartbeat = std::move(heartbeat);
}

void FleetReader::readKeys()
{
    const TomlNode *table = m_root.table("keys");
    if (!table)
        return;
    TableReader in(*table, "[keys]", "[keys]", m_complaints);
    KeyPatterns &keys = m_fleet.keys;
    constexpr std::int64_t most = std::numeric_limits<std::int32_t>::max();
    keys.cached = patterns(in, "cached");
    keys.redis = patterns(in, "redis");
    keys.mediaMapBucket = static_cast<std::uint32_t>(in.integer("media_map_bucket", 1, most).value_or(keys.mediaMapBucket));
    keys.feedLength = static_cast<std::uint32_t>(in.integer("feed_length", 0, most).value_or(keys.feedLength));
    in.finish();
}

std::map<std::string, std::string> FleetReader::patterns(TableReader &keys, const std::string &section)
{
    std::map<std::string, std::string> result;
    const TomlNode *table = keys.table(section);
    if (!table)
        return result;
    const std::string title = "[keys." + section + "]";
    TableReader in(*table, title, title, m_complaints);
    for (const auto &[key, node] : table->entries) {
        const auto pattern = in.text(key);
        if (!pattern)
            continue;
        const auto open = pattern->find('{');
        if (open == std::string::npos || pattern->find('}', open) == std::string::npos)
            in.complain(key, "'" + *pattern + "' names one key, not a pattern",
                        "a key with {id}, {user}, {media}, {bucket} or {token} in it");
        result.emplace(key, *pattern);
    }
    return result;
}

void FleetReader::readAccess()
{
    const TomlNode *table = m_root.table("access");
    if (!table)
        return;
    TableReader in(*table, "[access]", "[access]", m_complaints);
    Access &access = m_fleet.access;
    access.observer = in.reference("observer", m_users, false).value_or("");
    access.invalidator = in.reference("invalidator", m_users, false).value_or("");
    access.redisUser = in.text("redis_user").value_or("");
    access.redisSecret = secret(in, "redis_secret");
    access.patroniUser = in.text("patroni_user").value_or("");
    access.patroniSecret = secret(in, "patroni_secret");
    access.sentinelUser = in.text("sentinel_user").value_or("");
    access.sentinelSecret = secret(in, "sentinel_secret");
    access.guardSecret = secret(in, "guard_secret");
    access.tls.mode = in.choice("tls", Tls::Mode::VerifyFull).value_or(access.tls.mode);
    if (const auto file = in.text("tls_ca"))
        access.tls.caFile = absolute(*file);
    in.finish();
}

void FleetReader::readDatabaseUser(TableReader &in)
{
    DatabaseUser user;
    user.name = newName(in, m_users, true);
    user.role = in.choice("role", Role::Ops, true).value_or(Role::Observer);
    user.secret = secret(in, "secret");
    m_fleet.access.users.push_back(std::move(user));
}

SecretSource FleetReader::secret(TableReader &in, const std::string &key)
{
    const auto written = in.text(key);
    if (!written)
        return {};
    const auto colon = written->find(':');
    const std::string word = written->substr(0, colon);
    const std::string where = colon == std::string::npos ? std::string() : written->substr(colon + 1);
    for (const auto kind : {SecretSource::Kind::Pgpass, SecretSource::Kind::Service, SecretSource::Kind::Environment,
                            SecretSource::Kind::File, SecretSource::Kind::Keychain}) {
        if (word != name(kind) || where.empty())
            continue;
        const bool isFile = kind == SecretSource::Kind::Pgpass || kind == SecretSource::Kind::File;
        return {kind, isFile ? absolute(where) : where};
    }
    // The value is not quoted in the complaint: it may be the secret itself.
    in.complain(key, "does not say where the secret is found (a fleet file never holds one)",
                "pgpass:FILE, service:NAME, env:NAME, file:FILE or keychain:NAME");
    return {};
}

std::string FleetReader::absolute(const std::string &path) const
{
    std::filesystem::path result(path);
    if (path == "~" || path.rfind("~/", 0) == 0) {
        const char *home = std::getenv("HOME");
        result = std::filesystem::path(home ? home : "/") / (path.size() > 2 ? path.substr(2) : std::string());
    }
    return (m_folder / result).lexically_normal().string();
}

void FleetReader::readThresholds()
{
    const TomlNode *table = m_root.table("thresholds");
    if (!table)
        return;
    TableReader in(*table, "[thresholds]", "[thresholds]", m_complaints);
    Thresholds &limits = m_fleet.thresholds;
    const auto milliseconds = [&](const char *key, base::milliseconds &limit, std::int64_t least) {
        limit = base::milliseconds(in.integer(key, least, 86400000).value_or(limit.count()));
    };
    milliseconds("interval_ms", limits.interval, 100);
    milliseconds("deadline_ms", limits.deadline, 10);
    milliseconds("down_after_ms", limits.downAfter, 100);
    milliseconds("slow_floor_ms", limits.slowFloor, 1);
    milliseconds("clock_skew_ms", limits.clockSkew, 1);
    limits.shardMapInterval = base::seconds(in.integer("shard_map_interval_s", 1, 86400).value_or(limits.shardMapInterval.count()));
    limits.longTransaction = base::seconds(in.integer("long_transaction_s", 1, 86400).value_or(limits.longTransaction.count()));
    if (const auto levels = in.integers("lag_time_ms", limits.lagTime.size(), 1))
        std::transform(levels->begin(), levels->end(), limits.lagTime.begin(),
                       [](std::int64_t level) { return base::milliseconds(level); });
    if (const auto levels = in.integers("lag_bytes", limits.lagBytes.size(), 1))
        std::transform(levels->begin(), levels->end(), limits.lagBytes.begin(), [](std::int64_t level) { return base::Bytes{level}; });
    limits.slotWarnBytes.count = in.integer("slot_warn_bytes", 1).value_or(limits.slotWarnBytes.count);
    limits.slowFactor = in.number("slow_factor", 1, 1000).value_or(limits.slowFactor);
    limits.slotWarnShare = in.number("slot_warn_share", 0, 1).value_or(limits.slotWarnShare);
    limits.connectionsShare = in.number("connections_share", 0, 1).value_or(limits.connectionsShare);
    limits.redisMemoryShare = in.number("redis_memory_share", 0, 1).value_or(limits.redisMemoryShare);
    if (limits.downAfter < limits.deadline)
        in.complain("down_after_ms", "is shorter than deadline_ms", "at least deadline_ms, " + std::to_string(limits.deadline.count()));
    in.finish();
}

} // namespace shardlens::fleet
