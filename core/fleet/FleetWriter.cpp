// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/FleetFile.h"
#include "core/fleet/TomlText.h"

#include <charconv>

namespace shardlens::fleet {

namespace {

std::string secretText(const SecretSource &secret)
{
    return std::string(name(secret.kind)) + ":" + secret.where;
}

/// Writes one line a key. A key that says no more than its default is written too: the file then shows what holds.
class Writer
{
public:
    void header(const std::string &heading) { m_out += "\n" + heading + "\n"; }
    void value(const std::string &key, const std::string &text) { line(key, tomlQuoted(text)); }
    void value(const std::string &key, std::string_view text) { line(key, tomlQuoted(text)); }
    void value(const std::string &key, const char *text) { line(key, tomlQuoted(text)); }
    void value(const std::string &key, bool is) { line(key, is ? "true" : "false"); }
    void value(const std::string &key, std::int64_t number) { line(key, std::to_string(number)); }
    void value(const std::string &key, double number);
    void unlessEmpty(const std::string &key, const std::string &text)
    {
        if (!text.empty())
            value(key, text);
    }
    void list(const std::string &key, const std::vector<std::string> &texts);
    void unlessEmpty(const std::string &key, const std::vector<std::string> &texts)
    {
        if (!texts.empty())
            list(key, texts);
    }
    template <class Numbers>
    void numbers(const std::string &key, const Numbers &numbers);
    void endpoints(const std::string &heading, const std::map<RegionName, Endpoint> &endpoints);
    void servers(const std::vector<ServerId> &ids);
    [[nodiscard]] std::string take() { return std::move(m_out); }

private:
    static std::string keyText(const std::string &key);
    void line(const std::string &key, const std::string &written) { m_out += keyText(key) + " = " + written + "\n"; }
    std::string m_out;
};

std::string Writer::keyText(const std::string &key)
{
    constexpr const char *bareLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_";
    return key.empty() || key.find_first_not_of(bareLetters) != std::string::npos ? tomlQuoted(key) : key;
}

void Writer::value(const std::string &key, double number)
{
    char text[64];
    const auto [end, error] = std::to_chars(text, text + sizeof text, number); // the shortest text that reads back the same
    std::string written(text, error == std::errc() ? end : text);
    if (written.find_first_of(".e") == std::string::npos)
        written += ".0";
    line(key, written);
}

void Writer::list(const std::string &key, const std::vector<std::string> &texts)
{
    std::string written;
    for (const std::string &text : texts)
        written += (written.empty() ? "" : ", ") + tomlQuoted(text);
    line(key, "[" + written + "]");
}

template <class Numbers>
void Writer::numbers(const std::string &key, const Numbers &numbers)
{
    std::string written;
    for (const auto &number : numbers)
        written += (written.empty() ? "" : ", ") + std::to_string(number.count());
    line(key, "[" + written + "]");
}

void Writer::endpoints(const std::string &heading, const std::map<RegionName, Endpoint> &endpoints)
{
    if (endpoints.empty())
        return;
    m_out += heading + "\n";
    for (const auto &[region, endpoint] : endpoints)
        value(region.text(), textOf(endpoint));
}

void Writer::servers(const std::vector<ServerId> &ids)
{
    std::vector<std::string> names;
    for (const ServerId &id : ids)
        names.push_back(id.text());
    list("servers", names);
}

void writeTop(Writer &out, const Fleet &fleet)
{
    out.value("fleet", fleet.name);
    out.unlessEmpty("id", fleet.id);
    out.value("environment", name(fleet.environment));
    out.unlessEmpty("own_region", fleet.ownRegion.text());
    if (fleet.madeByLocalfleet)
        out.value("made_by_localfleet", true);
    out.value("acting", fleet.acting);
    out.header("[ids]");
    out.value("epoch_ms", fleet.idLayout.epochMs);
    out.value("time_bits", std::int64_t(fleet.idLayout.timeBits));
    out.value("shard_bits", std::int64_t(fleet.idLayout.shardBits));
    out.value("sequence_bits", std::int64_t(fleet.idLayout.sequenceBits));
}

void writeServers(Writer &out, const Fleet &fleet)
{
    for (const Region &region : fleet.regions) {
        out.header("[[region]]");
        out.value("name", region.name.text());
    }
    for (const Host &host : fleet.hosts) {
        out.header("[[host]]");
        out.value("name", host.name.text());
        out.value("region", host.region.text());
        out.value("reach", name(host.reach.way));
        out.unlessEmpty("ssh_target", host.reach.target);
        out.unlessEmpty("ssh_bastion", host.reach.bastion);
        out.unlessEmpty("ssh_options", host.reach.options);
        out.unlessEmpty("run_as", host.reach.runAs);
        if (host.stonith.isDeclared()) {
            out.list("stonith", host.stonith.command);
            out.value("stonith_deadline_s", std::int64_t(host.stonith.within.count()));
        }
    }
    for (const Server &server : fleet.servers) {
        out.header("[[server]]");
        out.value("name", server.id.text());
        out.value("kind", name(server.kind));
        out.value("host", server.host.text());
        out.value("address", textOf(server.address.own));
        out.unlessEmpty("replication_name", server.replicationName);
        if (server.patroni)
            out.value("patroni", textOf(*server.patroni));
        out.unlessEmpty("repmgr", server.repmgr);
        out.unlessEmpty("data_directory", server.dataDirectory);
        out.unlessEmpty("config_file", server.configFile);
        out.unlessEmpty("stop_command", server.stopCommand);
        out.unlessEmpty("start_command", server.startCommand);
        out.endpoints("[server.seen_from]", server.address.seenFrom);
    }
}

void writeClusters(Writer &out, const Fleet &fleet)
{
    for (const Partition &partition : fleet.partitions) {
        out.header("[[partition]]");
        out.value("name", partition.name.text());
        out.value("schema_pattern", partition.schemaPattern);
        if (partition.shardCount > 0)
            out.value("shards", std::int64_t(partition.shardCount));
        if (!partition.tables.empty())
            out.list("tables", partition.tables);
    }
    for (const Cluster &cluster : fleet.clusters) {
        out.header("[[cluster]]");
        out.value("name", cluster.name.text());
        if (!fleet.directory || fleet.directory->cluster != cluster.name || !cluster.partition.isEmpty())
            out.value("partition", cluster.partition.text());
        out.value("home", cluster.home.text());
        out.value("database", cluster.database);
        out.servers(cluster.servers);
        if (cluster.manager != Manager::None)
            out.value("manager", name(cluster.manager));
        if (cluster.manager == Manager::Repmgr)
            out.value("repmgr_database", cluster.repmgrDatabase);
    }
    if (fleet.directory) {
        out.header("[directory]");
        out.value("cluster", fleet.directory->cluster.text());
        out.value("database", fleet.directory->database);
        out.value("schema", fleet.directory->schema);
    }
    if (fleet.heartbeat) {
        out.header("[heartbeat]");
        out.value("table", fleet.heartbeat->table);
        out.value("interval_ms", std::int64_t(fleet.heartbeat->interval.count()));
    }
}

void writeServices(Writer &out, const Fleet &fleet)
{
    for (const Router &router : fleet.routers) {
        out.header("[[router]]");
        out.value("server", router.server.text());
        out.value("region", router.region.text());
        out.value("primary_database", router.primaryDatabase);
        out.value("read_database", router.readDatabase);
    }
    for (const Guard &guard : fleet.guards) {
        out.header("[[guard]]");
        out.value("region", guard.region.text());
        out.value("address", textOf(guard.address.own));
        out.endpoints("[guard.seen_from]", guard.address.seenFrom);
    }
    for (const Invalidator &invalidator : fleet.invalidators) {
        out.header("[[invalidator]]");
        out.value("region", invalidator.region.text());
        out.value("address", textOf(invalidator.address.own));
        if (invalidator.statsd.port != 0)
            out.value("statsd", textOf(invalidator.statsd));
        out.endpoints("[invalidator.seen_from]", invalidator.address.seenFrom);
    }
    for (const RedisGroup &group : fleet.redisGroups) {
        out.header("[[redis_group]]");
        out.value("name", group.name.text());
        out.value("role", name(group.role));
        out.value("home", group.home.text());
        out.servers(group.servers);
        out.unlessEmpty("term_key", group.termKey);
        if (group.stableSwitch.kind != StableSwitch::Kind::None)
            out.value("stable_switch", std::string(name(group.stableSwitch.kind)) + ":" + group.stableSwitch.path);
        if (group.manager != Manager::None) {
            std::vector<std::string> sentinels;
            for (const Endpoint &sentinel : group.sentinels)
                sentinels.push_back(textOf(sentinel));
            out.value("manager", name(group.manager));
            out.list("sentinels", sentinels);
            out.unlessEmpty("sentinel_master", group.sentinelMaster);
        }
        out.endpoints("[redis_group.stable_address]", group.stableAddress);
    }
    for (const Pool &pool : fleet.pools) {
        out.header("[[pool]]");
        out.value("name", pool.name.text());
        out.value("region", pool.region.text());
        out.servers(pool.servers);
        out.value("hashing", name(pool.hashing));
    }
}

void writeKeys(Writer &out, const KeyPatterns &keys)
{
    out.header("[keys]");
    out.value("media_map_bucket", std::int64_t(keys.mediaMapBucket));
    out.value("feed_length", std::int64_t(keys.feedLength));
    if (!keys.cached.empty())
        out.header("[keys.cached]");
    for (const auto &[key, pattern] : keys.cached)
        out.value(key, pattern);
    if (!keys.redis.empty())
        out.header("[keys.redis]");
    for (const auto &[key, pattern] : keys.redis)
        out.value(key, pattern);
}

/// What is called otherwise than usual.
void writeQueries(Writer &out, const Queries &queries)
{
    const Queries usual;
    for (std::size_t i = 0; i < rowKinds; ++i) {
        const auto kind = static_cast<RowKind>(i);
        const RowSource &mine = queries.of(kind);
        const RowSource &theirs = usual.of(kind);
        const bool isPersonalOwn = kind == RowKind::Users && queries.personal() != usual.personal();
        if (mine == theirs && !isPersonalOwn)
            continue;
        out.header("[queries." + std::string(name(kind)) + "]");
        if (mine.table.empty()) {
            out.value("table", std::string());
            continue;
        }
        if (mine.table != theirs.table)
            out.value("table", mine.table);
        if (mine.rows != theirs.rows)
            out.value("rows", mine.rows);
        if (isPersonalOwn) {
            out.list("personal", queries.personal().names);
            out.value("personal_rows", queries.personal().rows);
        }
        for (const auto &[column, expression] : mine.columns) {
            const auto usualExpression = theirs.columns.find(column);
            if (usualExpression == theirs.columns.end() ? column != expression : usualExpression->second != expression)
                out.value(column, expression);
        }
    }
}

void writeAccess(Writer &out, const Access &access)
{
    out.header("[access]");
    out.unlessEmpty("observer", access.observer);
    out.unlessEmpty("invalidator", access.invalidator);
    out.unlessEmpty("redis_user", access.redisUser);
    if (access.redisSecret.kind != SecretSource::Kind::None)
        out.value("redis_secret", secretText(access.redisSecret));
    out.unlessEmpty("patroni_user", access.patroniUser);
    if (access.patroniSecret.kind != SecretSource::Kind::None)
        out.value("patroni_secret", secretText(access.patroniSecret));
    out.unlessEmpty("sentinel_user", access.sentinelUser);
    if (access.sentinelSecret.kind != SecretSource::Kind::None)
        out.value("sentinel_secret", secretText(access.sentinelSecret));
    if (access.guardSecret.kind != SecretSource::Kind::None)
        out.value("guard_secret", secretText(access.guardSecret));
    out.value("tls", name(access.tls.mode));
    out.unlessEmpty("tls_ca", access.tls.caFile);
    for (const DatabaseUser &user : access.users) {
        out.header("[[database_user]]");
        out.value("name", user.name);
        out.value("role", name(user.role));
        if (user.secret.kind != SecretSource::Kind::None)
            out.value("secret", secretText(user.secret));
    }
}

void writeThresholds(Writer &out, const Thresholds &limits)
{
    out.header("[thresholds]");
    out.value("interval_ms", std::int64_t(limits.interval.count()));
    out.value("deadline_ms", std::int64_t(limits.deadline.count()));
    out.value("down_after_ms", std::int64_t(limits.downAfter.count()));
    out.value("shard_map_interval_s", std::int64_t(limits.shardMapInterval.count()));
    out.numbers("lag_time_ms", limits.lagTime);
    struct ByteCount {
        std::int64_t bytes;
        [[nodiscard]] std::int64_t count() const { return bytes; }
    };
    std::vector<ByteCount> lagBytes;
    for (const base::Bytes &level : limits.lagBytes)
        lagBytes.push_back({level.count});
    out.numbers("lag_bytes", lagBytes);
    out.value("slow_factor", limits.slowFactor);
    out.value("slow_floor_ms", std::int64_t(limits.slowFloor.count()));
    out.value("slot_warn_share", limits.slotWarnShare);
    out.value("slot_warn_bytes", limits.slotWarnBytes.count);
    out.value("clock_skew_ms", std::int64_t(limits.clockSkew.count()));
    out.value("long_transaction_s", std::int64_t(limits.longTransaction.count()));
    out.value("connections_share", limits.connectionsShare);
    out.value("redis_memory_share", limits.redisMemoryShare);
}

} // namespace

std::string toToml(const Fleet &fleet)
{
    Writer out;
    writeTop(out, fleet);
    writeServers(out, fleet);
    writeClusters(out, fleet);
    writeServices(out, fleet);
    writeKeys(out, fleet.keys);
    writeQueries(out, fleet.queries);
    writeAccess(out, fleet.access);
    writeThresholds(out, fleet.thresholds);
    return out.take();
}

} // namespace shardlens::fleet
