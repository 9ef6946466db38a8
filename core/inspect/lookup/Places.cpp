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
    // One member; the others where it does not answer.
    m_others = nearestFirst(m_fleet, *cluster, m_links.ground().from);
    if (m_others.empty())
        return;
    ask(round, m_others.front());
    m_others.erase(m_others.begin());
}

void Places::ask(Round &round, const ServerId &member)
{
    // A cluster's row a line, so that a map of thousands is a few rows.
    const std::string sql = "select partition, cluster, string_agg(shard::text, ',') from " + quotedName(m_fleet.directory->schema) +
                            ".shard_map group by 1, 2";
    m_arriving.emplace_back();
    round.ask(member, [&into = m_arriving.back(), sql, database = m_fleet.directory->database](Link &link) -> base::Result<void> {
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
        into = std::move(map);
        return {};
    });
}

void Places::settle(Rounds &rounds)
{
    const auto isTold = [](const std::optional<Map> &map) { return map.has_value(); };
    // A process that makes one look-up has no later call that would ask another member.
    if (!m_others.empty() && std::none_of(m_arriving.begin(), m_arriving.end(), isTold)) {
        Round round(m_links, Stage::Place);
        for (const ServerId &member : m_others)
            ask(round, member);
        round.run(rounds);
    }
    const auto told = std::find_if(m_arriving.begin(), m_arriving.end(), isTold);
    if (told != m_arriving.end()) {
        m_map = std::move(**told);
        m_readAt = std::chrono::steady_clock::now();
    }
    m_arriving.clear();
    m_others.clear();
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

base::Result<std::optional<Home>> Places::find(const fleet::Partition &partition, base::ShardNumber shard, Rounds &rounds)
{
    const FoundHomes found = findAll(partition, {shard.value}, rounds);
    if (const auto home = found.homes.find(shard.value); home != found.homes.end())
        return std::optional(home->second);
    if (found.silence)
        return base::fail(*found.silence);
    return std::optional<Home>();
}

FoundHomes Places::findAll(const fleet::Partition &partition, const std::set<std::uint32_t> &shards, Rounds &rounds)
{
    struct Asked {
        const fleet::Cluster *cluster;
        base::Result<std::set<std::string>> schemas;
    };
    std::string names = "{";
    for (const std::uint32_t shard : shards)
        names += (names.size() > 1 ? "," : "") + quotedName(schemaOf(partition, base::ShardNumber{shard}));
    names += "}";
    std::deque<Asked> all; // a deque: jobs keep references
    Round round(m_links, Stage::Place);
    for (const fleet::Cluster &cluster : m_fleet.clusters) {
        if (cluster.partition != partition.name)
            continue;
        // Every member: one that is silent must not make a shard of another's seem to be nowhere.
        for (const ServerId &member : cluster.servers) {
            all.push_back({&cluster, base::fail(base::ErrorCode::NotFound, "the fleet has no such server", member.text())});
            round.ask(member, [&mine = all.back().schemas, names, database = cluster.database](Link &link) -> base::Result<void> {
                const auto rows = link.query(database, "select nspname from pg_namespace where nspname = any($1::text[])", {names});
                if (!rows) {
                    mine = base::fail(rows.error());
                    return base::fail(rows.error());
                }
                mine = std::set<std::string>();
                for (const auto &row : rows->rows)
                    mine->insert(row.front().value_or(""));
                return {};
            });
        }
    }
    round.run(rounds);
    FoundHomes found;
    std::map<const fleet::Cluster *, bool> isHeard;
    for (const Asked &asked : all) {
        isHeard[asked.cluster] |= asked.schemas.has_value();
        for (const std::uint32_t shard : shards) {
            const std::string schema = schemaOf(partition, base::ShardNumber{shard});
            if (asked.schemas && asked.schemas->contains(schema))
                found.homes.try_emplace(shard, Home{&partition, asked.cluster, schema});
        }
    }
    for (const Asked &asked : all) {
        if (!isHeard[asked.cluster])
            found.silence = asked.schemas.error();
    }
    return found;
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
