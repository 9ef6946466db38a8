// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/discover/Grouper.h"

#include <algorithm>

namespace shardlens::inspect::discover {

std::optional<std::size_t> Grouper::clusterOf(std::size_t server) const
{
    for (std::size_t i = 0; i < m_out.clusters.size(); ++i) {
        const auto &servers = m_out.clusters[i].servers;
        if (std::find(servers.begin(), servers.end(), server) != servers.end())
            return i;
    }
    return std::nullopt;
}

/// One system identifier is one cluster; without the right to read it, whom a standby receives from tells.
void Grouper::formClusters()
{
    std::map<std::string, std::size_t> byIdentifier;
    std::vector<std::size_t> unidentified;
    for (std::size_t i = 0; i < m_out.servers.size(); ++i) {
        const auto *postgres = of(i).as<PostgresTold>();
        if (!postgres)
            continue;
        if (postgres->systemIdentifier.empty()) {
            unidentified.push_back(i);
            continue;
        }
        const auto [place, isNew] = byIdentifier.try_emplace(postgres->systemIdentifier, m_out.clusters.size());
        if (isNew) {
            m_out.clusters.emplace_back();
            m_out.clusters.back().memberWhy = "system identifier " + postgres->systemIdentifier;
        }
        m_out.clusters[place->second].servers.push_back(i);
    }
    // Primaries first, so that their standbys find them.
    std::stable_partition(unidentified.begin(), unidentified.end(), [&](std::size_t i) { return !of(i).as<PostgresTold>()->inRecovery; });
    for (const std::size_t i : unidentified) {
        const auto *postgres = of(i).as<PostgresTold>();
        const auto upstream = postgres->receiver ? serverAt(postgres->receiver->host, postgres->receiver->port, of(i)) : std::nullopt;
        const auto cluster = upstream ? clusterOf(*upstream) : std::nullopt;
        if (cluster) {
            m_out.clusters[*cluster].servers.push_back(i);
            continue;
        }
        m_out.clusters.emplace_back();
        m_out.clusters.back().servers.push_back(i);
        m_out.clusters.back().memberWhy = "its system identifier may not be read; members by pg_stat_wal_receiver";
    }
    for (DraftCluster &cluster : m_out.clusters) {
        const auto primary = std::stable_partition(cluster.servers.begin(), cluster.servers.end(),
                                                   [&](std::size_t i) { return !of(i).as<PostgresTold>()->inRecovery; });
        cluster.hasPrimary = primary != cluster.servers.begin();
    }
}

Grouper::Ways Grouper::waysTo(std::size_t cluster, const RouterTold &router, const Finding &teller) const
{
    Ways ways;
    for (const RouterTarget &target : router.targets) {
        const auto server = serverAt(target.host, target.port, teller);
        if (!server || clusterOf(*server) != cluster)
            continue;
        const bool isPrimary = !of(*server).as<PostgresTold>()->inRecovery;
        (isPrimary ? ways.toPrimary : ways.toStandby).push_back(target.name);
    }
    const auto shorterFirst = [](const std::string &a, const std::string &b) { return a.size() != b.size() ? a.size() < b.size() : a < b; };
    std::sort(ways.toPrimary.begin(), ways.toPrimary.end(), shorterFirst);
    std::sort(ways.toStandby.begin(), ways.toStandby.end(), shorterFirst);
    return ways;
}

/// What its members' own names share.
std::string Grouper::sharedName(const DraftCluster &cluster) const
{
    std::vector<std::string> names;
    for (const std::size_t i : cluster.servers) {
        if (const std::string &name = of(i).as<PostgresTold>()->clusterName; !name.empty())
            names.push_back(name);
    }
    if (names.size() == 1 && cluster.servers.size() == 1) {
        const std::string &region = m_out.servers[cluster.servers.front()].region.value;
        const bool tells = names.front().size() > region.size() + 1 && names.front().ends_with("-" + region);
        return tells ? names.front().substr(0, names.front().size() - region.size() - 1) : names.front();
    }
    return names.size() == cluster.servers.size() ? nameOf(sharedBeginning(names)) : std::string();
}

/// As routers call it, so that their databases fit a pattern; else what the members' names share; else a number.
void Grouper::nameClusters()
{
    std::set<std::string> taken;
    for (std::size_t i = 0; i < m_out.clusters.size(); ++i) {
        DraftCluster &cluster = m_out.clusters[i];
        for (std::size_t r = 0; r < m_out.servers.size() && cluster.name.value.empty(); ++r) {
            const auto *router = of(r).as<RouterTold>();
            const Ways ways = router ? waysTo(i, *router, of(r)) : Ways();
            if (ways.toPrimary.empty())
                continue;
            std::string name = ways.toPrimary.front();
            // "u1_rw" and "u1_ro" are of "u1"; "u1" and "u1_read" are, too.
            if (!ways.toStandby.empty() && ways.toStandby.front().find(name) == std::string::npos)
                name = sharedBeginning({name, ways.toStandby.front()});
            if (!name.empty() && nameOf(name) == name && !taken.contains(name))
                cluster.name = {name, "database " + ways.toPrimary.front() + " of the router at " + text(of(r).address.endpoint) +
                                          " leads to its primary"};
        }
        if (cluster.name.value.empty()) {
            const std::string shared = sharedName(cluster);
            if (!shared.empty() && !taken.contains(shared))
                cluster.name = {shared, "what its members' cluster_name share"};
        }
        for (int number = 1; cluster.name.value.empty(); ++number) {
            if (const std::string name = "pg" + std::to_string(number); !taken.contains(name))
                cluster.name = {name, "made up: no setting and no router names it"};
        }
        taken.insert(cluster.name.value);
    }
}

/// The first member that could be looked into tells: the primary, if it answered. The largest group of schemas is taken.
void Grouper::chooseShards()
{
    for (DraftCluster &cluster : m_out.clusters) {
        const PostgresTold *teller = nullptr;
        const Finding *finding = nullptr;
        for (const std::size_t i : cluster.servers) {
            const auto *postgres = of(i).as<PostgresTold>();
            if (teller == nullptr && !postgres->databases.empty()) {
                teller = postgres;
                finding = &of(i);
            }
        }
        if (teller == nullptr) {
            cluster.database = {"postgres", "guess: no database could be listed"};
            continue;
        }
        const std::string where = text(finding->address.endpoint);
        for (const Database &database : teller->databases) {
            for (const SchemaGroup &shards : database.schemas) {
                const bool isMore = !cluster.shards || shards.count > cluster.shards->count;
                if (isMore && cluster.shards)
                    cluster.leftOut.push_back(std::to_string(cluster.shards->count) + " schemas " + cluster.shards->pattern + " in " +
                                              cluster.database.value);
                if (isMore) {
                    cluster.shards = shards;
                    cluster.database = {database.name, std::to_string(shards.count) + " schemas " + shards.first + " to " + shards.last +
                                                           " there, seen on " + where};
                } else {
                    cluster.leftOut.push_back(std::to_string(shards.count) + " schemas " + shards.pattern + " in " + database.name);
                }
            }
            if (!database.trouble.empty())
                cluster.leftOut.push_back("database " + database.name + " was not looked into: " + database.trouble);
        }
        if (cluster.shards)
            continue;
        std::string chosen;
        for (const Database &database : teller->databases) {
            if (chosen.empty() || chosen == "postgres" || !database.directorySchema.empty())
                chosen = database.name;
        }
        cluster.database = {chosen, "no numbered schemas in any of " + std::to_string(teller->databases.size()) + " databases of " + where};
    }
}

/// Clusters whose schemas follow one pattern and hold the same tables share a partition.
void Grouper::formPartitions()
{
    std::vector<std::vector<std::size_t>> members; ///< of each partition: its clusters
    for (std::size_t c = 0; c < m_out.clusters.size(); ++c) {
        const DraftCluster &cluster = m_out.clusters[c];
        if (!cluster.shards)
            continue;
        const auto same = std::find_if(m_out.partitions.begin(), m_out.partitions.end(), [&](const DraftPartition &partition) {
            return partition.shards.pattern == cluster.shards->pattern && partition.shards.tables == cluster.shards->tables;
        });
        if (same == m_out.partitions.end()) {
            m_out.partitions.push_back({{}, *cluster.shards, "schemas of " + cluster.name.value});
            members.push_back({c});
            continue;
        }
        same->shards.lowest = std::min(same->shards.lowest, cluster.shards->lowest);
        same->shards.highest = std::max(same->shards.highest, cluster.shards->highest);
        same->shards.count += cluster.shards->count;
        same->why += ", " + cluster.name.value;
        members[static_cast<std::size_t>(same - m_out.partitions.begin())].push_back(c);
    }
    for (std::size_t p = 0; p < m_out.partitions.size(); ++p) {
        m_out.partitions[p].name = partitionName(p, members[p]);
        for (const std::size_t c : members[p])
            m_out.clusters[c].partition = m_out.partitions[p].name.value;
    }
}

/// As the directory calls what it declares on these clusters; else what its schemas' names begin with; else, where another
/// partition follows the same pattern, its first table.
Reasoned Grouper::partitionName(std::size_t partition, const std::vector<std::size_t> &clusters) const
{
    const SchemaGroup &shards = m_out.partitions[partition].shards;
    const auto isTaken = [&](const std::string &name) {
        return std::any_of(m_out.partitions.begin(), m_out.partitions.end(),
                           [&](const DraftPartition &other) { return other.name.value == name; });
    };
    for (const std::size_t c : clusters) {
        const auto declared = m_declared.find(m_out.clusters[c].name.value);
        if (declared != m_declared.end() && nameOf(declared->second) == declared->second && !isTaken(declared->second))
            return {declared->second, "so the directory calls the shards of " + declared->first};
    }
    const auto sharesPattern = std::count_if(m_out.partitions.begin(), m_out.partitions.end(),
                                             [&](const DraftPartition &other) { return other.shards.pattern == shards.pattern; }) > 1;
    std::string stem = shards.pattern.substr(0, shards.pattern.find('{'));
    while (!stem.empty() && std::string_view("-_.").find(stem.back()) != std::string_view::npos)
        stem.pop_back();
    if (stem.empty())
        stem = "shards";
    const std::string wanted = nameOf(sharesPattern && !shards.tables.empty() ? shards.tables.front() : stem);
    std::string name = wanted;
    for (int number = 2; isTaken(name); ++number)
        name = wanted + std::to_string(number);
    return {name, "guess: from the schemas' names and tables"};
}

void Grouper::readDeclared()
{
    for (std::size_t i = 0; i < m_out.servers.size(); ++i) {
        const auto *postgres = of(i).as<PostgresTold>();
        for (const Database &database : postgres ? postgres->databases : std::vector<Database>()) {
            for (const auto &[cluster, partition] : database.declared)
                m_declared.emplace(cluster, partition);
        }
    }
}

void Grouper::findTables()
{
    for (std::size_t i = 0; i < m_out.clusters.size(); ++i) {
        for (const std::size_t server : m_out.clusters[i].servers) {
            for (const Database &database : of(server).as<PostgresTold>()->databases) {
                // The cluster of the directory holds no partition, by the fleet file's own rule.
                if (!m_out.directory && !database.directorySchema.empty() && !m_out.clusters[i].shards)
                    m_out.directory = DraftTable{i, database.name, database.directorySchema, {}};
                if (!m_out.heartbeat && !database.heartbeatTable.empty())
                    m_out.heartbeat = DraftTable{i, database.name, database.heartbeatTable, {}};
            }
        }
    }
    for (const auto &[cluster, partition] : m_declared) {
        const bool isThere = std::any_of(m_out.clusters.begin(), m_out.clusters.end(),
                                         [&, name = cluster](const DraftCluster &one) { return one.name.value == name; });
        if (m_out.directory && !isThere)
            m_out.directory->unknownClusters.push_back(cluster);
    }
}

} // namespace shardlens::inspect::discover
