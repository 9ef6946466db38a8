// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/facts/Snapshot.h"

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace shardlens::ui::charts {

/// What a card stands for. A partition stands for its well clusters where a fleet has too many rows.
using TopologyKey = std::variant<std::monostate, base::ServerId, base::PoolName, base::PartitionName>;

enum class NodeRole : std::uint8_t { Router, Primary, Standby, Replica, Member, Pool, Fold };

/// How a card is drawn, before any problem colours it.
enum class NodeState : std::uint8_t { Asking, Fresh, Stale, Unknown, Down };

/// One card. Raw facts: words and colours are the painter's.
struct TopologyNode {
    TopologyKey key;
    std::string name;
    base::ClusterName cluster;   ///< of a Postgres server
    base::GroupName group;       ///< of a Redis server
    int row = 0;
    int lane = 0;                ///< several members of one row in one region stand below each other
    int column = 0;
    NodeRole role = NodeRole::Member;
    NodeState state = NodeState::Asking;
    std::optional<facts::Severity> severity; ///< of the worst problem placed here
    facts::Unknown why;                      ///< of Unknown
    facts::Reach reach;
    std::optional<facts::microseconds> age;  ///< of the newest answer
    std::optional<facts::microseconds> silentFor; ///< since the first request without an answer; Asking and Down

    facts::Known<double> perSecond = facts::notAsked<double>(); ///< commits, commands or transactions
    facts::Known<double> walBytesPerSecond = facts::notAsked<double>();
    std::optional<facts::StandbyLag> lag;    ///< standbys and replicas
    std::optional<int> lagLevel;             ///< 1 to 5
    std::optional<facts::microseconds> lostFor; ///< since its receiver last heard the sender, where it does not stream
    facts::Known<std::int32_t> waiting = facts::notAsked<std::int32_t>(); ///< routers
    int targetsRight = 0;                    ///< routers: databases that lead where they should
    int targetsKnown = 0;
    int targets = 0;
    int answering = 0;                       ///< pools and folds
    int declared = 0;
    facts::Known<double> hitRatio = facts::notAsked<double>();
    std::optional<std::string> leadsTo;      ///< routers, when one cluster is looked at: the server its primary database dials

    bool operator==(const TopologyNode &) const = default;
};

enum class EdgeKind : std::uint8_t { Replication, Routing };
enum class EdgeState : std::uint8_t { Streaming, CatchingUp, Paused, Broken, NotKnown };

/// From the sender to the receiver, or from a router to the server it leads to.
struct TopologyEdge {
    int from = 0; ///< index of a node
    int to = 0;
    EdgeKind kind = EdgeKind::Replication;
    EdgeState state = EdgeState::NotKnown;
    std::optional<int> level;              ///< lag level 1 to 5
    facts::Known<facts::microseconds> time = facts::notAsked<facts::microseconds>();
    bool misdirected = false;              ///< a router's line that leads to a server it should not

    bool operator==(const TopologyEdge &) const = default;
};

enum class RowKind : std::uint8_t { Routers, Cluster, Redis, Cache, Fold };

struct TopologyRow {
    RowKind kind = RowKind::Cluster;
    std::string name;
    std::string partition;                   ///< of a cluster; empty for the directory
    std::uint32_t shards = 0;
    int lanes = 1;
    std::optional<facts::Severity> severity; ///< of a problem of the whole cluster or group
    std::optional<std::int32_t> timeline;    ///< of a cluster, where it is drawn alone
    bool operator==(const TopologyRow &) const = default;
};

struct TopologyColumn {
    base::RegionName region;
    std::optional<facts::microseconds> silentFor; ///< every server of it is silent at least so long
    bool operator==(const TopologyColumn &) const = default;
};

/// What the drawing shows. A value; built on the GUI thread from one snapshot.
struct TopologyGraph {
    std::vector<TopologyColumn> columns;
    std::vector<TopologyRow> rows;
    std::vector<TopologyNode> nodes;
    std::vector<TopologyEdge> edges;

    bool operator==(const TopologyGraph &) const = default;
    [[nodiscard]] int find(const TopologyKey &key) const; ///< index, or -1
    [[nodiscard]] int slots() const;                      ///< lines of cards: the sum of all lanes
};

struct TopologyScope {
    base::ClusterName only;     ///< draw the routers and this cluster alone; empty = the whole fleet
    base::GroupName onlyGroup;  ///< draw this Redis group alone; empty = as above
    base::ClusterName selected; ///< its router lines are drawn
    int maxRows = 40;           ///< beyond, the well clusters of a partition fold into one row

    bool operator==(const TopologyScope &) const = default;
};

/// Columns are regions and rows are routers, clusters by partition, redis groups and pools, all in fleet order: nothing moves
/// when roles change.
[[nodiscard]] TopologyGraph graphOf(const facts::Snapshot &snapshot, const TopologyScope &scope);

/// The worst problem placed at a server, its consequences included.
[[nodiscard]] std::optional<facts::Severity> worstAt(const facts::Snapshot &snapshot, const base::ServerId &server);

/// For how long a server that does not answer has been silent: as its problem tells, which others' evidence may date back to before
/// this console looked; else for as long as this console asks. Nothing where it answers.
struct Silence {
    facts::microseconds lasted{0};
    bool isAtLeast = false; ///< it may have been silent for longer: nobody knows when it answered last
};
[[nodiscard]] std::optional<Silence> silenceOf(const facts::Snapshot &snapshot, const facts::Observation &observation);

} // namespace shardlens::ui::charts
