// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/discover/Finding.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::inspect::discover {

/// Something said in the draft, and why.
struct Reasoned {
    std::string value;
    std::string why;
};

struct DraftServer {
    std::size_t finding = 0; ///< in the list of findings
    Reasoned name;
    Reasoned replicationName; ///< only where it differs from the name
    Reasoned region;
    std::string host;        ///< name of its [[host]]
    fleet::Endpoint address; ///< as seen in its own region
    std::string addressWhy;
    struct SeenFrom {
        std::string region;
        fleet::Endpoint address;
        std::string why;
    };
    std::vector<SeenFrom> seenFrom; ///< where servers of another region dial another address
    std::vector<std::string> alsoReachedAs;
};

struct DraftHost {
    std::string name;
    std::string region;
    std::string address;
};

struct DraftCluster {
    Reasoned name;
    std::vector<std::size_t> servers; ///< in `servers`, the primary first
    std::string memberWhy;            ///< "all have system identifier 73…"
    bool hasPrimary = false;
    Reasoned database;
    std::optional<SchemaGroup> shards;
    std::string partition;            ///< empty: no logical shards
    std::vector<std::string> leftOut; ///< what else was seen and does not fit
};

struct DraftPartition {
    Reasoned name;
    SchemaGroup shards; ///< lowest and highest over all its clusters
    std::string why;
};

struct DraftRouter {
    std::size_t server = 0;
    Reasoned primaryPattern;
    Reasoned readPattern;
    bool isSecond = false;            ///< its region has one already
    std::vector<std::string> leftOut; ///< databases that fit no pattern, or lead somewhere unknown
};

struct DraftRedisGroup {
    Reasoned name;
    Reasoned role;
    std::vector<std::size_t> servers;
    std::string memberWhy;
    bool hasPrimary = false;
};

struct DraftPool {
    std::string name;
    std::string region;
    std::vector<std::size_t> servers;
};

struct DraftTable {
    std::size_t cluster = 0;
    std::string database;
    std::string name;                         ///< the directory's schema, the heartbeat's table
    std::vector<std::string> unknownClusters; ///< that the directory names and the draft does not
};

/// How the answers hang together: who is one server under two addresses, who belongs to whom, what things are called.
struct Grouping {
    std::vector<Reasoned> regions;
    std::vector<DraftHost> hosts;
    std::vector<DraftServer> servers;
    std::vector<DraftCluster> clusters;
    std::vector<DraftPartition> partitions;
    std::vector<DraftRouter> routers;
    std::vector<DraftRedisGroup> redisGroups;
    std::vector<DraftPool> pools;
    std::vector<std::size_t> guards; ///< findings
    std::optional<DraftTable> directory;
    std::optional<DraftTable> heartbeat;
};

/// Pure. Findings keep their order: the draft's servers stand as they were named.
[[nodiscard]] Grouping group(const std::vector<Finding> &findings);

/// Letters that a fleet file's names may hold; others become '-'.
[[nodiscard]] std::string nameOf(const std::string &text);

} // namespace shardlens::inspect::discover
