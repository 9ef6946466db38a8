// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/FleetReader.h"

#include <algorithm>

namespace shardlens::fleet {

namespace {

constexpr const char *nameLetters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

std::size_t holesIn(const std::string &pattern)
{
    std::size_t count = 0;
    for (auto hole = holeOf(pattern, "shard"); hole; hole = holeOf(pattern, "shard", hole->at + hole->length))
        ++count;
    return count;
}

constexpr std::int64_t longestStonith = 600; // seconds in which nobody can write
constexpr const char *stonithForm = "the absolute path of a program, and its arguments: [\"/usr/local/sbin/turn-off\", \"{host}\"]";

/// Words of small letters in braces.
std::vector<std::string> placeholdersIn(const std::string &text)
{
    std::vector<std::string> words;
    for (std::size_t at = text.find('{'); at != std::string::npos; at = text.find('{', at + 1)) {
        const std::size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz_", at + 1);
        if (end != std::string::npos && end > at + 1 && text[end] == '}')
            words.push_back(text.substr(at + 1, end - at - 1));
    }
    return words;
}

} // namespace

FleetReader::FleetReader(const TomlNode &root, std::filesystem::path folder)
    : m_root(root, {}, {}, m_complaints), m_folder(std::move(folder))
{
}

tl::expected<Fleet, Complaints> FleetReader::read()
{
    readTop();
    readIds();
    collectNames();
    m_directory = m_root.table("directory");
    if (const auto own = m_root.reference("own_region", m_regions, false))
        m_fleet.ownRegion = RegionName(*own);
    readEach("region", [this](TableReader &in) { m_fleet.regions.push_back({RegionName(newName(in, m_regions))}); });
    readStonith();
    readEach("host", [this](TableReader &in) { readHost(in); });
    readEach("server", [this](TableReader &in) { readServer(in); });
    readEach("partition", [this](TableReader &in) { readPartition(in); });
    readEach("cluster", [this](TableReader &in) { readCluster(in); });
    readEach("redis_group", [this](TableReader &in) { readRedisGroup(in); });
    readEach("pool", [this](TableReader &in) { readPool(in); });
    readEach(
        "router", [this](TableReader &in) { readRouter(in); }, "server");
    readEach(
        "guard", [this](TableReader &in) { readGuard(in); }, "region");
    readEach(
        "invalidator", [this](TableReader &in) { readInvalidator(in); }, "region");
    readDirectory();
    readHeartbeat();
    readKeys();
    readQueries();
    readAccess();
    readEach("database_user", [this](TableReader &in) { readDatabaseUser(in); });
    readThresholds();
    m_root.finish();
    if (m_complaints.empty())
        return std::move(m_fleet);
    std::stable_sort(m_complaints.begin(), m_complaints.end(), [](const Complaint &a, const Complaint &b) { return a.line < b.line; });
    return tl::unexpected(std::move(m_complaints));
}

const std::vector<const TomlNode *> &FleetReader::section(const std::string &name)
{
    const auto found = m_sections.find(name);
    return found != m_sections.end() ? found->second : m_sections.emplace(name, m_root.tables(name)).first->second;
}

void FleetReader::collectNames()
{
    collect("region", m_regions);
    collect("host", m_hosts);
    collect("server", m_servers);
    collect("partition", m_partitions);
    collect("cluster", m_clusters);
    collect("redis_group", m_redisGroups);
    collect("pool", m_pools);
    collect("database_user", m_users);
}

void FleetReader::collect(const std::string &sectionName, DeclaredNames &into)
{
    for (const TomlNode *table : section(sectionName)) {
        const TomlNode *name = table->find("name");
        if (name && name->type == TomlNode::Type::String && !name->text.empty() && into.lineOf.try_emplace(name->text, name->line).second)
            into.names.push_back(name->text);
    }
}

void FleetReader::readEach(const std::string &sectionName, const ReadOne &readOne, const std::string &namedBy)
{
    const std::string kind = "[[" + sectionName + "]]";
    std::size_t number = 0;
    for (const TomlNode *table : section(sectionName)) {
        ++number;
        const TomlNode *name = table->find(namedBy);
        const bool named = name && name->type == TomlNode::Type::String && !name->text.empty();
        TableReader in(*table, kind, kind + " " + (named ? name->text : "number " + std::to_string(number)), m_complaints);
        readOne(in);
        in.finish();
    }
}

void FleetReader::readTop()
{
    m_fleet.name = m_root.requiredText("fleet", "the fleet's name").value_or("");
    m_fleet.id = m_root.text("id").value_or("");
    // Asked for even where it says nothing: a file without it is production, the careful answer.
    m_fleet.environment = m_root.choice("environment", Environment::Production).value_or(Environment::Production);
    m_fleet.madeByLocalfleet = m_root.boolean("made_by_localfleet").value_or(false);
    // A fleet that somebody else built is only looked at until its file, or a person, says otherwise.
    m_fleet.acting = m_root.boolean("acting").value_or(m_fleet.madeByLocalfleet);
    if (!m_root.has("region"))
        m_root.complain("region", "is missing", "at least one [[region]]");
}

void FleetReader::readIds()
{
    const TomlNode *table = m_root.table("ids");
    if (!table)
        return;
    TableReader in(*table, "[ids]", "[ids]", m_complaints);
    ids::IdLayout &layout = m_fleet.idLayout;
    layout.epochMs = in.integer("epoch_ms", 0, 253402300799999).value_or(layout.epochMs);
    layout.timeBits = static_cast<unsigned>(in.integer("time_bits", 1, 48).value_or(layout.timeBits));
    layout.shardBits = static_cast<unsigned>(in.integer("shard_bits", 1, 32).value_or(layout.shardBits));
    layout.sequenceBits = static_cast<unsigned>(in.integer("sequence_bits", 1, 32).value_or(layout.sequenceBits));
    const unsigned sum = layout.timeBits + layout.shardBits + layout.sequenceBits;
    if (sum > 64)
        in.complain("time_bits", "the three parts need " + std::to_string(sum) + " bits",
                    "time_bits + shard_bits + sequence_bits of at most 64");
    in.finish();
}

std::string FleetReader::newName(TableReader &in, const DeclaredNames &declared, bool anyLetters)
{
    const std::string letters = "a name of letters, digits, '-', '_' and '.'";
    const auto name = in.requiredText("name", letters);
    if (!name)
        return {};
    if (!anyLetters && name->find_first_not_of(nameLetters) != std::string::npos)
        in.complain("name", "'" + *name + "' holds other letters", letters);
    const int first = declared.lineOf.at(*name);
    if (first != in.line("name"))
        in.complain("name", "the " + declared.what + " '" + *name + "' is declared a second time; first on line " + std::to_string(first),
                    "a name of its own");
    return *name;
}

/// What turns off every host that says nothing else; stonith = [] in a host's table takes it out.
void FleetReader::readStonith()
{
    const TomlNode *table = m_root.table("stonith");
    if (!table)
        return;
    TableReader in(*table, "[stonith]", "[stonith]", m_complaints);
    if (!in.has("command"))
        in.complain("command", "is missing", stonithForm);
    m_stonith.command = stonithCommand(in, "command");
    m_stonith.within = base::seconds(in.integer("deadline_s", 1, longestStonith).value_or(m_stonith.within.count()));
    in.finish();
}

/// A program by its whole path, since a search path is another one's each time, and its arguments: no shell reads them.
std::vector<std::string> FleetReader::stonithCommand(TableReader &in, const std::string &key)
{
    std::vector<std::string> words;
    for (ListedText &item : in.texts(key, false).value_or(std::vector<ListedText>{})) {
        if (words.empty() && item.text.front() != '/')
            in.complain(key, "'" + item.text + "' is no absolute path", stonithForm, {}, item.line);
        for (const std::string &word : placeholdersIn(item.text)) {
            if (word != "host" && word != "server" && word != "cluster")
                in.complain(key, "'{" + word + "}' stands for nothing here", "{host}, {server} or {cluster}; the reason is in SHARDLENS_REASON", {}, item.line);
        }
        words.push_back(std::move(item.text));
    }
    return words;
}

/// A program and its arguments.
std::vector<std::string> FleetReader::command(TableReader &in, const std::string &key)
{
    std::vector<std::string> words;
    for (ListedText &item : in.texts(key, false).value_or(std::vector<ListedText>{}))
        words.push_back(std::move(item.text));
    return words;
}

void FleetReader::readHost(TableReader &in)
{
    Host host;
    host.name = HostName(newName(in, m_hosts));
    host.region = RegionName(in.reference("region", m_regions, true).value_or(""));
    host.reach.way = in.choice("reach", HostReach::Way::Ssh).value_or(HostReach::Way::None);
    host.reach.target = in.text("ssh_target").value_or("");
    host.reach.bastion = in.text("ssh_bastion").value_or("");
    const bool bySsh = host.reach.way == HostReach::Way::Ssh;
    if (bySsh && !in.has("ssh_target"))
        in.complain("ssh_target", "is missing, though reach is \"ssh\"", "user@host, or an alias of the ssh configuration");
    for (const char *key : {"ssh_target", "ssh_bastion", "ssh_options"}) {
        if (!bySsh && in.has(key))
            in.complain(key, "is used by reach = \"ssh\" only", "reach = \"ssh\" in this table");
    }
    // Else it would be read as an option.
    for (const auto &[key, text] : {std::pair("ssh_target", &host.reach.target), {"ssh_bastion", &host.reach.bastion}}) {
        if (text->starts_with('-'))
            in.complain(key, "'" + *text + "' is no host", "user@host, or an alias of the ssh configuration");
    }
    for (ListedText &option : in.texts("ssh_options", false).value_or(std::vector<ListedText>{})) {
        if (option.text.find('=') == std::string::npos || option.text.front() == '-')
            in.complain("ssh_options", "'" + option.text + "' is no option", "as in the ssh configuration, such as \"StrictHostKeyChecking=yes\"", {}, option.line);
        host.reach.options.push_back(std::move(option.text));
    }
    host.reach.runAs = command(in, "run_as");
    if (host.reach.way == HostReach::Way::None && in.has("run_as"))
        in.complain("run_as", "is used where the host is reached only", "reach = \"local\" or \"ssh\" in this table");
    host.stonith = m_stonith;
    if (in.has("stonith"))
        host.stonith.command = stonithCommand(in, "stonith");
    if (in.has("stonith_deadline_s"))
        host.stonith.within = base::seconds(in.integer("stonith_deadline_s", 1, longestStonith).value_or(host.stonith.within.count()));
    if (!host.stonith.isDeclared()) {
        if (in.has("stonith_deadline_s"))
            in.complain("stonith_deadline_s", "is the deadline of a command that is not there", "stonith = [\"/PATH/OF/THE/COMMAND\"] in this table, or [stonith]");
        host.stonith = {};
    }
    m_fleet.hosts.push_back(std::move(host));
}

void FleetReader::readServer(TableReader &in)
{
    Server server;
    server.id = ServerId(newName(in, m_servers));
    server.kind = in.choice("kind", ServerKind::Memcached, true).value_or(ServerKind::Postgres);
    server.host = HostName(in.reference("host", m_hosts, true).value_or(""));
    for (const Host &host : m_fleet.hosts) {
        if (host.name == server.host)
            server.region = host.region;
    }
    server.address.own = in.endpoint("address", true).value_or(Endpoint{});
    server.address.seenFrom = endpointsByRegion(in, "seen_from");
    server.replicationName = in.text("replication_name").value_or("");
    server.patroni = in.endpoint("patroni", false);
    server.repmgr = in.text("repmgr").value_or("");
    if (!server.repmgr.empty() && server.repmgr.front() != '/')
        in.complain("repmgr", "'" + server.repmgr + "' is no absolute path",
                    "its repmgr.conf on its own host, such as \"/etc/repmgr.conf\"");
    server.dataDirectory = in.text("data_directory").value_or("");
    server.configFile = in.text("config_file").value_or("");
    for (const auto &[key, path] : {std::pair("data_directory", &server.dataDirectory), {"config_file", &server.configFile}}) {
        if (!path->empty() && path->front() != '/')
            in.complain(key, "'" + *path + "' is no absolute path", "where it lies on the server's own host");
    }
    server.stopCommand = command(in, "stop_command");
    server.startCommand = command(in, "start_command");
    for (const char *key : {"replication_name", "patroni", "repmgr", "data_directory", "config_file", "stop_command", "start_command"}) {
        if (server.kind != ServerKind::Postgres && in.has(key))
            in.complain(key, "is used by postgres servers only", "no such key here");
    }
    // The same address in two regions may be two private networks; in one region it is a slip of the hand.
    for (const Server &other : m_fleet.servers) {
        if (server.address.own.port != 0 && other.address.own == server.address.own && other.region == server.region)
            in.complain("address", "is the address of " + other.id.text() + " too", "an address of its own");
    }
    m_fleet.servers.push_back(std::move(server));
}

void FleetReader::readPartition(TableReader &in)
{
    Partition partition;
    partition.name = PartitionName(newName(in, m_partitions));
    partition.schemaPattern = in.text("schema_pattern").value_or(partition.schemaPattern);
    if (holesIn(partition.schemaPattern) != 1)
        in.complain("schema_pattern", "'" + partition.schemaPattern + "' does not hold {shard} once",
                    "a schema's name with {shard} in place of the number, such as insta{shard}, or tenant_{shard:4} for tenant_0042");
    // A faulty [ids] has complained for itself; the number is then only kept sensible.
    const std::int64_t most = std::int64_t(1) << std::min(m_fleet.idLayout.shardBits, 31U);
    partition.shardCount = static_cast<std::uint32_t>(in.integer("shards", 1, most).value_or(0));
    for (ListedText &table : in.texts("tables", false).value_or(std::vector<ListedText>{}))
        partition.tables.push_back(std::move(table.text));
    m_fleet.partitions.push_back(std::move(partition));
}

void FleetReader::readCluster(TableReader &in)
{
    Cluster cluster;
    cluster.name = ClusterName(newName(in, m_clusters));
    const TomlNode *directoryCluster = m_directory ? m_directory->find("cluster") : nullptr;
    const bool isDirectory = directoryCluster && directoryCluster->text == cluster.name.text();
    if (!in.isEmptyText("partition")) // an empty one says: no logical shards here
        cluster.partition = PartitionName(in.reference("partition", m_partitions, false).value_or(""));
    if (!isDirectory && !in.has("partition"))
        in.complain("partition", "is missing", "the partition whose shards it holds, or \"\" for a cluster without any");
    if (isDirectory && in.has("partition"))
        in.complain("partition", "the [directory] cluster holds no partition", "no such key here, or another cluster in [directory]");
    cluster.home = RegionName(in.reference("home", m_regions, true).value_or(""));
    cluster.database = in.text("database").value_or(isDirectory ? "directory" : cluster.database);
    cluster.servers = members(in, ServerKind::Postgres);
    cluster.manager = in.choice("manager", Manager::Repmgr).value_or(Manager::None);
    cluster.repmgrDatabase = in.text("repmgr_database").value_or(cluster.repmgrDatabase);
    checkHome(in, cluster.home, cluster.servers);
    checkManager(in, cluster);
    m_fleet.clusters.push_back(std::move(cluster));
}

void FleetReader::readRedisGroup(TableReader &in)
{
    RedisGroup group;
    group.name = GroupName(newName(in, m_redisGroups));
    group.role = in.choice("role", RedisRole::Other, true).value_or(RedisRole::Other);
    group.home = RegionName(in.reference("home", m_regions, true).value_or(""));
    group.servers = members(in, ServerKind::Redis);
    group.stableAddress = endpointsByRegion(in, "stable_address");
    group.termKey = in.text("term_key").value_or("");
    group.stableSwitch = stableSwitch(in);
    readSentinels(in, group);
    if (m_fleet.cluster(ClusterName(group.name.text())))
        in.complain("name", group.name.text() + " is a cluster's name already", "a name that no cluster has: commands tell them apart by it");
    checkHome(in, group.home, group.servers);
    m_fleet.redisGroups.push_back(std::move(group));
}

/// Who is moved by Sentinels alone must say where those listen, and the other way round.
void FleetReader::readSentinels(TableReader &in, RedisGroup &group)
{
    group.manager = in.choice("manager", Manager::Sentinel).value_or(Manager::None);
    group.sentinelMaster = in.text("sentinel_master").value_or("");
    for (const ListedText &item : in.texts("sentinels", false).value_or(std::vector<ListedText>{})) {
        const auto endpoint = endpointOf(item.text);
        if (!endpoint)
            in.complain("sentinels", "'" + item.text + "' is not an address", "host:port, such as \"redis1.example:26379\"", {}, item.line);
        else if (std::find(group.sentinels.begin(), group.sentinels.end(), *endpoint) != group.sentinels.end())
            in.complain("sentinels", item.text + " stands here twice", "each Sentinel once", {}, item.line);
        else
            group.sentinels.push_back(*endpoint);
    }
    if (group.manager == Manager::Patroni || group.manager == Manager::Repmgr)
        in.complain("manager", std::string(name(group.manager)) + " manages Postgres", "none or sentinel");
    if (group.manager == Manager::Sentinel && !in.has("sentinels"))
        in.complain("manager", "nothing says where the Sentinels listen", "sentinels = [\"HOST:26379\", …]");
    if (group.manager != Manager::Sentinel && in.has("sentinels"))
        in.complain("sentinels", "the group does not say that Sentinels manage it", "manager = \"sentinel\"");
    if (group.manager != Manager::Sentinel && in.has("sentinel_master"))
        in.complain("sentinel_master", "the group does not say that Sentinels manage it", "manager = \"sentinel\"");
}

StableSwitch FleetReader::stableSwitch(TableReader &in)
{
    const auto text = in.text("stable_switch");
    if (!text)
        return {};
    for (const auto kind : {StableSwitch::Kind::Socket, StableSwitch::Kind::Program}) {
        const std::string start = std::string(name(kind)) + ":";
        if (text->starts_with(start + "/"))
            return {kind, text->substr(start.size())};
    }
    in.complain("stable_switch", *text, "socket:/ABSOLUTE/PATH or program:/ABSOLUTE/PATH");
    return {};
}

void FleetReader::readPool(TableReader &in)
{
    Pool pool;
    pool.name = PoolName(newName(in, m_pools));
    pool.region = RegionName(in.reference("region", m_regions, true).value_or(""));
    pool.hashing = in.choice("hashing", Hashing::Modulo).value_or(Hashing::Ketama);
    pool.servers = members(in, ServerKind::Memcached);
    for (const ServerId &id : pool.servers) {
        const Server *server = m_fleet.server(id);
        if (server && !pool.region.isEmpty() && !server->region.isEmpty() && server->region != pool.region)
            in.complain("servers", id.text() + " stands in " + server->region.text(),
                        "servers of the pool's own region, " + pool.region.text());
    }
    m_fleet.pools.push_back(std::move(pool));
}

/// The servers of a group: declared, of the right kind, and of no other group.
std::vector<ServerId> FleetReader::members(TableReader &in, ServerKind kind)
{
    const std::string kindName(name(kind));
    std::vector<ServerId> result;
    const auto listed = in.texts("servers", true);
    if (!listed)
        return result;
    if (listed->empty())
        in.complain("servers", "is empty", "at least one " + kindName + " server");
    for (const ListedText &item : *listed) {
        if (in.isUnknown("servers", item.text, m_servers, item.line))
            continue;
        const ServerId id(item.text);
        const Server *server = m_fleet.server(id);
        if (server && server->kind != kind)
            in.complain("servers", item.text + " is a " + std::string(name(server->kind)) + " server", kindName + " servers only", {},
                        item.line);
        const auto [owner, isNew] = m_memberOf.try_emplace(item.text, Owner{in.title(), in.line()});
        if (!isNew && owner->second.line == in.line())
            in.complain("servers", item.text + " stands here twice", "each server once", {}, item.line);
        else if (!isNew)
            in.complain("servers", item.text + " belongs to " + owner->second.title + " already", "each server in one group", {},
                        item.line);
        else
            result.push_back(id);
    }
    return result;
}

void FleetReader::checkHome(TableReader &in, const RegionName &home, const std::vector<ServerId> &servers)
{
    if (home.isEmpty() || servers.empty())
        return;
    const auto standsThere = [&](const ServerId &id) {
        const Server *server = m_fleet.server(id);
        return !server || server->region.isEmpty() || server->region == home; // what is not known has its own complaint
    };
    if (std::none_of(servers.begin(), servers.end(), standsThere))
        in.complain("home", "none of its servers stands in " + home.text(), "a region in which it has a server");
}

/// Who is moved by its manager alone must say how each member's is reached, and the other way round.
void FleetReader::checkManager(TableReader &in, const Cluster &cluster)
{
    for (const ServerId &id : cluster.servers) {
        const Server *server = m_fleet.server(id);
        if (!server || server->kind != ServerKind::Postgres)
            continue;
        if (cluster.manager == Manager::Patroni && !server->patroni)
            in.complain("manager", "nothing says where the Patroni of " + id.text() + " listens", "patroni = \"HOST:8008\" in [[server]] " + id.text());
        if (cluster.manager != Manager::Patroni && server->patroni)
            in.complain("manager", id.text() + " says where its Patroni listens, and the cluster not that it is managed", "manager = \"patroni\"");
        if (cluster.manager == Manager::Repmgr && server->repmgr.empty())
            in.complain("manager", "nothing names the repmgr.conf of " + id.text(),
                        "repmgr = \"/etc/repmgr.conf\" in [[server]] " + id.text());
        if (cluster.manager != Manager::Repmgr && !server->repmgr.empty())
            in.complain("manager", id.text() + " names its repmgr.conf, and the cluster not that it is managed", "manager = \"repmgr\"");
    }
    if (cluster.manager != Manager::Repmgr && in.has("repmgr_database"))
        in.complain("repmgr_database", "the cluster does not say that repmgr manages it", "manager = \"repmgr\"");
}

std::map<RegionName, Endpoint> FleetReader::endpointsByRegion(TableReader &in, const std::string &key)
{
    std::map<RegionName, Endpoint> result;
    const TomlNode *table = in.table(key);
    if (!table)
        return result;
    TableReader addresses(*table, "[" + key + "]", in.titleOf(key), m_complaints);
    for (const auto &[region, node] : table->entries) {
        const auto endpoint = addresses.endpoint(region, false);
        if (!addresses.isUnknown(region, region, m_regions, node.line) && endpoint)
            result.emplace(RegionName(region), *endpoint);
    }
    return result;
}

} // namespace shardlens::fleet
