// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/discover/Grouping.h"

#include <set>

namespace shardlens::inspect::discover {

/// Builds a Grouping step by step. Used once.
class Grouper
{
public:
    explicit Grouper(const std::vector<Finding> &findings) : m_findings(findings) {}
    [[nodiscard]] Grouping run();

private:
    // GroupServers.cpp: which findings are one server, where they stand, what they are called
    void takeServers();
    void placeInRegions();
    void chooseAddresses();
    void nameServers();
    void nameHosts();

    // GroupClusters.cpp: Postgres
    void formClusters();
    void nameClusters();
    void chooseShards();
    void readDeclared();
    void formPartitions();
    void findTables();

    // GroupServices.cpp: routers, Redis, memcached
    void formRouters();
    void formRedisGroups();
    void formPools();

    [[nodiscard]] const Finding &of(std::size_t server) const { return m_findings[m_out.servers[server].finding]; }
    [[nodiscard]] std::optional<std::size_t> serverAt(const std::string &host, int port, const Finding &teller) const;
    [[nodiscard]] std::optional<std::size_t> clusterOf(std::size_t server) const;
    [[nodiscard]] std::string freeName(const std::string &wanted, const std::string &otherwise);
    /// A router's databases that lead to a cluster, by whether they lead to its primary.
    struct Ways {
        std::vector<std::string> toPrimary;
        std::vector<std::string> toStandby;
    };
    [[nodiscard]] Ways waysTo(std::size_t cluster, const RouterTold &router, const Finding &teller) const;
    [[nodiscard]] std::string sharedName(const DraftCluster &cluster) const;
    [[nodiscard]] Reasoned partitionName(std::size_t partition, const std::vector<std::size_t> &clusters) const;

    const std::vector<Finding> &m_findings;
    Grouping m_out;
    std::map<std::string, std::string> m_declared;           ///< cluster -> partition, as a directory pairs them
    std::set<std::string> m_taken;                           ///< names of servers
    std::map<std::pair<std::string, int>, std::size_t> m_at; ///< host as written or numeric, and port -> server
};

/// The longest beginning that all share, cut back to before a separator.
[[nodiscard]] std::string sharedBeginning(const std::vector<std::string> &texts);

} // namespace shardlens::inspect::discover
