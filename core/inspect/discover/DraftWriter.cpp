// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/DraftWriter.h"

#include "core/base/Iso8601.h"
#include "core/fleet/FleetFile.h"
#include "core/fleet/TomlText.h"

#include <algorithm>

namespace shardlens::inspect::discover {

namespace {

/// A server's own words in a comment stay on its line.
std::string oneLine(std::string text)
{
    for (char &letter : text) {
        if (static_cast<unsigned char>(letter) < 0x20 || letter == 0x7f)
            letter = ' ';
    }
    return text;
}

bool isGuess(const std::string &why)
{
    return why.starts_with("guess") || why.starts_with("made up");
}

std::string kindWord(Kind kind)
{
    switch (kind) {
    case Kind::Pgbouncer: return "pgbouncer";
    case Kind::Redis: return "redis";
    case Kind::Memcached: return "memcached";
    default: return "postgres";
    }
}

std::string versionOf(const Finding &finding)
{
    if (const auto *postgres = finding.as<PostgresTold>())
        return "Postgres " + std::to_string(postgres->versionNumber / 10000) + (postgres->inRecovery ? ", standby" : ", primary");
    if (const auto *redis = finding.as<RedisTold>())
        return "Redis " + redis->version +
               (redis->isPrimary ? ", primary" : ", replica of " + redis->primaryHost + ":" + std::to_string(redis->primaryPort));
    if (const auto *router = finding.as<RouterTold>())
        return "pgbouncer " + router->version + (router->poolMode.empty() ? "" : ", pool_mode " + router->poolMode);
    if (const auto *memcached = finding.as<MemcachedTold>())
        return "memcached " + memcached->version + ", " + std::to_string(memcached->items) + " items";
    return finding.recognisedBy;
}

} // namespace

DraftWriter::DraftWriter(const std::vector<Finding> &findings, const Login &login, const DraftWishes &wishes)
    : m_findings(findings), m_login(login), m_wishes(wishes), m_group(group(findings))
{
}

Draft DraftWriter::write()
{
    head();
    places();
    servers();
    clusters();
    tables();
    services();
    access();
    limits();
    remarkOthers();
    check();
    return std::move(m_draft);
}

void DraftWriter::heading(const std::string &words)
{
    m_draft.lines.push_back({});
    m_draft.lines.push_back({Sureness::Structure, words, {}});
}

void DraftWriter::value(const std::string &key, const std::string &written, const std::string &why)
{
    const auto sureness = isGuess(why) ? Sureness::Guess : Sureness::Told;
    m_draft.guesses += sureness == Sureness::Guess ? 1 : 0;
    m_draft.lines.push_back({sureness, key + " = " + written, oneLine(why)});
}

void DraftWriter::text(const std::string &key, const Reasoned &said)
{
    value(key, fleet::tomlQuoted(said.value), said.why);
}

void DraftWriter::list(const std::string &key, const std::vector<std::string> &texts, const std::string &why)
{
    std::string written;
    for (const std::string &one : texts)
        written += (written.empty() ? "" : ", ") + fleet::tomlQuoted(one);
    value(key, "[" + written + "]", why);
}

void DraftWriter::remark(const std::string &words)
{
    m_draft.lines.push_back({Sureness::Structure, "# " + oneLine(words), {}});
}

void DraftWriter::proposal(const std::string &line, const std::string &why)
{
    m_draft.lines.push_back({Sureness::Proposal, "# " + line, oneLine(why)});
}

std::vector<std::string> DraftWriter::namesOf(const std::vector<std::size_t> &servers) const
{
    std::vector<std::string> names;
    for (const std::size_t i : servers)
        names.push_back(m_group.servers[i].name.value);
    return names;
}

void DraftWriter::head()
{
    remark("A draft, made by asking " + std::to_string(m_findings.size()) + (m_findings.size() == 1 ? " address on " : " addresses on ") +
           base::isoUtc(m_wishes.now) + ". Nothing was changed on any server.");
    remark("Beside each line stands where it comes from. Look at the guesses first.");
    m_draft.lines.push_back({});
    text("fleet",
         m_wishes.fleetName.empty() ? Reasoned{"my-fleet", "guess: no server tells a fleet's name"} : Reasoned{m_wishes.fleetName, "said"});
    text("environment", m_wishes.environment.empty() ? Reasoned{"production", "guess: no server tells; the careful answer"}
                                                     : Reasoned{m_wishes.environment, "said"});
    text("own_region", {m_group.regions.front().value, "guess: where this console stands; the first region"});
    value("acting", "false", "look-only until you switch it on");
}

void DraftWriter::places()
{
    for (const Reasoned &region : m_group.regions) {
        heading("[[region]]");
        text("name", region);
    }
    for (const DraftHost &host : m_group.hosts) {
        heading("[[host]]");
        text("name", {host.name, "of the address " + host.address});
        const auto first = std::find_if(m_group.servers.begin(), m_group.servers.end(),
                                        [&](const DraftServer &server) { return server.host == host.name; });
        text("region", {host.region, first->region.why});
    }
}

void DraftWriter::servers()
{
    for (const DraftServer &server : m_group.servers) {
        const Finding &finding = m_findings[server.finding];
        heading("[[server]]");
        text("name", server.name);
        text("kind", {kindWord(finding.kind), versionOf(finding)});
        text("host", {server.host, "of its address"});
        std::string source = server.addressWhy;
        for (const std::string &other : server.alsoReachedAs)
            source += other == discover::text(server.address) ? std::string() : "; also reached as " + other;
        text("address", {discover::text(server.address), source});
        if (!server.replicationName.value.empty())
            text("replication_name", server.replicationName);
        if (!server.seenFrom.empty())
            m_draft.lines.push_back({Sureness::Structure, "[server.seen_from]", {}});
        for (const DraftServer::SeenFrom &seen : server.seenFrom)
            text(seen.region, {discover::text(seen.address), seen.why});
        ++m_draft.servers;
    }
}

void DraftWriter::clusters()
{
    for (const DraftPartition &partition : m_group.partitions) {
        const SchemaGroup &shards = partition.shards;
        heading("[[partition]]");
        text("name", partition.name);
        text("schema_pattern", {shards.pattern, std::to_string(shards.count) + " " + partition.why + ", numbers " +
                                                    std::to_string(shards.lowest) + " to " + std::to_string(shards.highest)});
        // Which numbers exist is told only by schemas from 0 on without a gap; else it stays undeclared.
        const bool isWhole = shards.lowest == 0 && shards.count == shards.highest + 1;
        if (isWhole && shards.highest < 8192)
            value("shards", std::to_string(shards.highest + 1),
                  "guess: every number from 0 to " + std::to_string(shards.highest) + " is there");
        else
            remark("shards is left out: " + std::to_string(shards.count) + " schemas were seen between " + std::to_string(shards.lowest) +
                   " and " + std::to_string(shards.highest));
        if (!shards.tables.empty())
            list("tables", shards.tables, "in at least half of these schemas");
    }
    for (const DraftCluster &cluster : m_group.clusters) {
        heading("[[cluster]]");
        text("name", cluster.name);
        const bool isDirectory = m_group.directory && &m_group.clusters[m_group.directory->cluster] == &cluster;
        if (!isDirectory)
            text("partition", {cluster.partition,
                               cluster.partition.empty() ? "it holds no numbered schemas" : "by its schemas " + cluster.shards->pattern});
        const DraftServer &first = m_group.servers[cluster.servers.front()];
        text("home", {first.region.value,
                      cluster.hasPrimary ? "its primary " + first.name.value + " stands there" : "guess: its primary did not answer"});
        text("database", cluster.database);
        list("servers", namesOf(cluster.servers), cluster.memberWhy);
        for (const std::string &other : cluster.leftOut)
            remark("left out: " + other);
    }
}

void DraftWriter::tables()
{
    if (const auto &directory = m_group.directory) {
        heading("[directory]");
        text("cluster", {m_group.clusters[directory->cluster].name.value, "it holds a table shard_map of partition, shard, cluster"});
        text("database", {directory->database, "there"});
        text("schema", {directory->name, "there"});
        for (const std::string &cluster : directory->unknownClusters)
            remark("it declares shards on a cluster " + cluster +
                   ", which is not in this draft: name it so, or its shards count as missing");
    } else {
        m_draft.lines.push_back({});
        remark("No [directory]: no database has a table shard_map. The declared shard map stays unknown.");
    }
    if (const auto &heartbeat = m_group.heartbeat) {
        heading("[heartbeat]");
        text("table", {heartbeat->name, "seen in " + heartbeat->database + " of " + m_group.clusters[heartbeat->cluster].name.value});
    } else {
        remark("No [heartbeat]: no table of region, at, sequence was seen. Lag in time is Postgres's own.");
    }
}

void DraftWriter::services()
{
    for (const DraftRouter &router : m_group.routers) {
        const DraftServer &server = m_group.servers[router.server];
        if (router.isSecond) {
            m_draft.lines.push_back({});
            remark("No [[router]] for " + server.name.value + ": a region has one, and " + server.region.value +
                   " has it already. Move its host to a region of its own.");
            continue;
        }
        heading("[[router]]");
        text("server", {server.name.value, "its admin console answers"});
        text("region", server.region);
        text("primary_database", router.primaryPattern);
        text("read_database", router.readPattern);
        for (const std::string &other : router.leftOut)
            remark("left out: " + other);
    }
    std::vector<std::string> guarded;
    for (const std::size_t i : m_group.guards) {
        const std::string &region = m_findings[i].as<GuardTold>()->region;
        if (std::find(guarded.begin(), guarded.end(), region) != guarded.end())
            continue;
        guarded.push_back(region);
        heading("[[guard]]");
        text("region", {region, "told by the guard itself"});
        text("address", {discover::text(m_findings[i].address.endpoint), m_findings[i].address.source});
    }
    for (const DraftRedisGroup &group : m_group.redisGroups) {
        const DraftServer &first = m_group.servers[group.servers.front()];
        heading("[[redis_group]]");
        text("name", group.name);
        text("role", group.role);
        text("home", {first.region.value,
                      group.hasPrimary ? "its primary " + first.name.value + " stands there" : "guess: its primary did not answer"});
        list("servers", namesOf(group.servers), group.memberWhy);
    }
    for (const DraftPool &pool : m_group.pools) {
        heading("[[pool]]");
        text("name", {pool.name, "made up"});
        text("region", {pool.region, "where its servers stand"});
        list("servers", namesOf(pool.servers), "guess: a memcached knows no pool; all of the region are taken as one");
        text("hashing", {"ketama", "guess: only clients know; modulo is the other"});
    }
}

void DraftWriter::access()
{
    heading("[access]");
    text("observer", {m_login.user, m_login.userFrom});
    if (!m_login.redisUser.empty())
        text("redis_user", {m_login.redisUser, "said"});
    const auto secret = [](const fleet::SecretSource &source) { return std::string(fleet::name(source.kind)) + ":" + source.where; };
    if (m_login.redisSecret.kind != fleet::SecretSource::Kind::None)
        text("redis_secret", {secret(m_login.redisSecret), m_login.redisSecretFrom});
    text("tls", {std::string(fleet::name(m_login.tls.mode)), m_login.tlsFrom});
    if (!m_login.tls.caFile.empty())
        text("tls_ca", {m_login.tls.caFile, "said"});
    heading("[[database_user]]");
    text("name", {m_login.user, m_login.userFrom});
    text("role", {"observer", "what is asked needs no more"});
    if (m_login.secret.kind != fleet::SecretSource::Kind::None)
        text("secret", {secret(m_login.secret), m_login.secretFrom});
}

void DraftWriter::remarkOthers()
{
    for (const Finding &finding : m_findings) {
        const bool isIn = !std::holds_alternative<std::monostate>(finding.told);
        const bool isNoNews = finding.address.isHostOnly && finding.trouble && finding.trouble->code == base::ErrorCode::Refused;
        if (!isIn && !isNoNews) {
            const std::string kind =
                finding.kind == Kind::Silent || finding.kind == Kind::Foreign ? "" : kindWord(finding.kind) + " that did not let us in: ";
            m_draft.unanswered.push_back(
                {discover::text(finding.address.endpoint), kind + (finding.trouble ? finding.trouble->message : "no answer")});
        }
        for (const Address &address : mentionedBy(finding)) {
            const auto isAsked = [&](const Finding &other) { return other.address.endpoint == address.endpoint; };
            const auto isListed = [&](const Address &other) { return other.endpoint == address.endpoint; };
            if (std::none_of(m_findings.begin(), m_findings.end(), isAsked) &&
                std::none_of(m_draft.wouldDial.begin(), m_draft.wouldDial.end(), isListed))
                m_draft.wouldDial.push_back(address);
        }
    }
    if (!m_draft.unanswered.empty() || !m_draft.wouldDial.empty())
        m_draft.lines.push_back({});
    for (const Remark &one : m_draft.unanswered)
        remark("not in this draft: " + one.what + ": " + one.why);
    for (const Address &address : m_draft.wouldDial)
        remark("not asked: " + discover::text(address.endpoint) + " (" + address.source +
               (address.isPortGuessed ? "; its port is a guess" : "") + ")");
}

/// What was drafted must load; where it does not, that is said rather than found out later.
void DraftWriter::check()
{
    const auto reading = fleet::readFleetText(m_draft.toml(), "/draft.toml");
    if (reading)
        return;
    for (const fleet::Complaint &complaint : reading.error().complaints)
        m_draft.complaints.push_back(fleet::sentence(complaint, "the draft"));
}

std::string Draft::toml() const
{
    constexpr std::size_t evidenceFrom = 44;
    std::string out;
    for (const DraftLine &line : lines) {
        out += line.text;
        if (!line.evidence.empty())
            out += std::string(line.text.size() < evidenceFrom ? evidenceFrom - line.text.size() : 1, ' ') + "# " + line.evidence;
        out += '\n';
    }
    return out;
}

Draft draftFleet(const std::vector<Finding> &findings, const Login &login, const DraftWishes &wishes)
{
    return DraftWriter(findings, login, wishes).write();
}

} // namespace shardlens::inspect::discover
