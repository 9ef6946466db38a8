// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Places.h"

#include "core/inspect/lookup/Sql.h"

#include <algorithm>
#include <charconv>

namespace shardlens::inspect::lookup {

namespace {

constexpr base::seconds mapLasts{60};

std::uint32_t toShard(std::string_view text)
{
    std::uint32_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

} // namespace

const fleet::Partition *Places::partitionOf(fleet::RowKind kind) const
{
    const std::string &table = m_fleet.queries.of(kind).table;
    for (const fleet::Partition &partition : m_fleet.partitions) {
        if (std::find(partition.tables.begin(), partition.tables.end(), table) != partition.tables.end())
            return &partition;
    }
    return nullptr;
}

bool Places::isInRange(const fleet::Partition &partition, base::ShardNumber shard) const
{
    return partition.shardCount == 0 || shard.value < partition.shardCount;
}

bool Places::isFresh() const
{
    return m_readAt && std::chrono::steady_clock::now() - *m_readAt < mapLasts;
}

void Places::askFor(Round &round)
{
    if (!m_fleet.directory || isFresh())
        return;
    const fleet::Cluster *cluster = m_fleet.cluster(m_fleet.directory->cluster);
    if (!cluster)
        return;
    // One member; a cluster's row a line, so that a map of thousands is a few rows. Where it does not answer, the next call asks another.
    std::vector<ServerId> members = nearestFirst(m_fleet, *cluster, m_links.ground().from);
    const ServerId chosen = members.empty() ? ServerId() : members.front();
    const std::string sql = "select partition, cluster, string_agg(shard::text, ',') from " + quotedName(m_fleet.directory->schema) +
                            ".shard_map group by 1, 2";
    round.ask(chosen, [this, sql, database = m_fleet.directory->database](Link &link) -> base::Result<void> {
        const auto rows = link.query(database, sql, {});
        if (!rows)
            return base::fail(rows.error());
        Map map;
        for (const auto &row : rows->rows) {
            const std::string shards = row.at(2).value_or("");
            for (std::size_t at = 0; at < shards.size();) {
                const std::size_t end = std::min(shards.find(',', at), shards.size());
                map[{row.at(0).value_or(""), toShard(std::string_view(shards).substr(at, end - at))}] = row.at(1).value_or("");
                at = end + 1;
            }
        }
        m_arriving = std::move(map);
        return {};
    });
}

void Places::settle()
{
    if (!m_arriving)
        return;
    m_map = std::move(*m_arriving);
    m_arriving.reset();
    m_readAt = std::chrono::steady_clock::now();
}

std::string Places::schemaOf(const fleet::Partition &partition, base::ShardNumber shard) const
{
    return fleet::expand(partition.schemaPattern, "shard", std::to_string(shard.value));
}

std::optional<Home> Places::home(const fleet::Partition &partition, base::ShardNumber shard) const
{
    const auto found = m_map.find({partition.name.text(), shard.value});
    const fleet::Cluster *cluster = found == m_map.end() ? nullptr : m_fleet.cluster(ClusterName(found->second));
    if (!cluster)
        return std::nullopt;
    return Home{&partition, cluster, schemaOf(partition, shard)};
}

std::optional<Home> Places::find(const fleet::Partition &partition, base::ShardNumber shard, Rounds &rounds)
{
    const std::string schema = schemaOf(partition, shard);
    std::vector<const fleet::Cluster *> clusters;
    for (const fleet::Cluster &cluster : m_fleet.clusters) {
        if (cluster.partition == partition.name)
            clusters.push_back(&cluster);
    }
    std::vector<char> hasIt(clusters.size(), 0);
    Round round(m_links, Stage::Place);
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        // Every member: one that is silent must not make a shard of another's seem to be nowhere.
        for (const ServerId &member : clusters[i]->servers) {
            round.ask(member, [&mine = hasIt[i], schema, database = clusters[i]->database](Link &link) -> base::Result<void> {
                const auto rows = link.query(database, "select 1 from pg_namespace where nspname = $1", {schema});
                if (!rows)
                    return base::fail(rows.error());
                if (!rows->isEmpty())
                    std::atomic_ref<char>(mine).store(1);
                return {};
            });
        }
    }
    round.run(rounds);
    for (std::size_t i = 0; i < clusters.size(); ++i) {
        if (hasIt[i])
            return Home{&partition, clusters[i], schema};
    }
    return std::nullopt;
}

std::vector<ServerId> nearestFirst(const fleet::Fleet &fleet, const fleet::Cluster &cluster, const RegionName &from)
{
    std::vector<ServerId> members = cluster.servers;
    const auto rank = [&](const ServerId &id) {
        const fleet::Server *server = fleet.server(id);
        return !server ? 3 : server->region == from ? 0 : server->region == cluster.home ? 1 : 2;
    };
    std::stable_sort(members.begin(), members.end(), [&](const ServerId &a, const ServerId &b) { return rank(a) < rank(b); });
    return members;
}

ServerId likelyPrimary(Links &links, const fleet::Cluster &cluster)
{
    const fleet::Fleet &fleet = *links.ground().fleet;
    ServerId atHome;
    for (const ServerId &id : cluster.servers) {
        const Link *link = links.of(id);
        if (link && link->isPrimary().value_or(false))
            return id;
        const fleet::Server *server = fleet.server(id);
        if (server && server->region == cluster.home && atHome.isEmpty())
            atHome = id;
    }
    return atHome.isEmpty() && !cluster.servers.empty() ? cluster.servers.front() : atHome;
}

} // namespace shardlens::inspect::lookup
