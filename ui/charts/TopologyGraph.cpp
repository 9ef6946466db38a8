// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyGraph.h"

#include "ui/charts/TopologyFacts.h"

#include <algorithm>
#include <map>
#include <set>

namespace shardlens::ui::charts {

namespace {

using namespace facts;

EdgeState edgeStateOf(StandbyState state)
{
    switch (state) {
    case StandbyState::Streaming: return EdgeState::Streaming;
    case StandbyState::CatchingUp: return EdgeState::CatchingUp;
    case StandbyState::Paused: return EdgeState::Paused;
    case StandbyState::NotStreaming:
    case StandbyState::Diverged: return EdgeState::Broken;
    case StandbyState::Unknown: break;
    }
    return EdgeState::NotKnown;
}

/// Builds a graph row by row; knows nothing of pixels, nor what a card tells of its server.
class Builder
{
public:
    Builder(const Snapshot &snapshot, const TopologyScope &scope) : m_snapshot(snapshot), m_fleet(*snapshot.fleet), m_scope(scope), m_facts(snapshot, scope) {}

    TopologyGraph build()
    {
        addColumns();
        if (!m_scope.onlyGroup.isEmpty()) {
            if (const auto *group = m_fleet.redisGroup(m_scope.onlyGroup))
                addGroup(*group);
            return std::move(m_graph);
        }
        addRouters();
        for (const auto *cluster : clustersInOrder()) {
            if (!m_scope.only.isEmpty() && cluster->name != m_scope.only)
                continue;
            if (!isFolded(*cluster))
                addCluster(*cluster);
            else if (m_foldRows.insert(cluster->partition.text()).second)
                addFold(cluster->partition);
        }
        if (m_scope.only.isEmpty()) {
            for (const auto &group : m_fleet.redisGroups)
                addGroup(group);
            addPools();
        }
        addRouterLines();
        return std::move(m_graph);
    }

private:
    void addColumns()
    {
        for (const auto &region : m_fleet.regions) {
            TopologyColumn column{region.name, {}};
            bool any = false;
            bool allSilent = true;
            microseconds shortest = microseconds::max();
            for (const auto &[id, observation] : m_snapshot.servers) {
                const auto *server = m_fleet.server(id);
                if (!server || server->region != region.name || !observation)
                    continue;
                any = true;
                if (!observation->reach.silentSince || stateOf(observation.get(), m_snapshot) == NodeState::Fresh
                    || observation->reach.state == ReachState::Asking) {
                    allSilent = false;
                    break;
                }
                shortest = std::min(shortest, std::chrono::duration_cast<microseconds>(m_snapshot.takenAt - *observation->reach.silentSince));
            }
            if (any && allSilent)
                column.silentFor = shortest;
            m_graph.columns.push_back(column);
        }
    }

    int columnOf(const base::RegionName &region) const
    {
        for (std::size_t i = 0; i < m_fleet.regions.size(); ++i)
            if (m_fleet.regions[i].name == region)
                return static_cast<int>(i);
        return 0;
    }

    /// The lane of the next card of this row in a column.
    int nextLane(int column)
    {
        const int row = static_cast<int>(m_graph.rows.size()) - 1;
        const int lane = static_cast<int>(std::count_if(m_graph.nodes.begin(), m_graph.nodes.end(),
                                                        [&](const auto &node) { return node.row == row && node.column == column; }));
        m_graph.rows.back().lanes = std::max(m_graph.rows.back().lanes, lane + 1);
        return lane;
    }

    TopologyNode &addServer(const base::ServerId &id, NodeRole role)
    {
        TopologyNode node;
        node.key = id;
        node.name = id.text();
        node.role = role;
        if (const auto *server = m_fleet.server(id))
            node.column = columnOf(server->region);
        node.row = static_cast<int>(m_graph.rows.size()) - 1;
        node.lane = nextLane(node.column);
        m_facts.describeServer(node, id);
        m_graph.nodes.push_back(std::move(node));
        return m_graph.nodes.back();
    }

    void addRouters()
    {
        if (m_fleet.routers.empty())
            return;
        m_graph.rows.push_back({RowKind::Routers, {}, {}, 0, 1, {}, {}});
        for (const auto &declared : m_fleet.routers)
            m_facts.describeRouter(addServer(declared.server, NodeRole::Router), declared.server);
    }

    std::vector<const fleet::Cluster *> clustersInOrder() const
    {
        std::vector<const fleet::Cluster *> ordered;
        for (const auto &partition : m_fleet.partitions)
            for (const auto &cluster : m_fleet.clusters)
                if (cluster.partition == partition.name)
                    ordered.push_back(&cluster);
        for (const auto &cluster : m_fleet.clusters)
            if (std::find(ordered.begin(), ordered.end(), &cluster) == ordered.end())
                ordered.push_back(&cluster);
        return ordered;
    }

    bool isFolded(const fleet::Cluster &cluster) const
    {
        const auto rows = m_fleet.clusters.size() + m_fleet.redisGroups.size() + (m_fleet.routers.empty() ? 0 : 1) + (m_fleet.pools.empty() ? 0 : 1);
        return m_scope.only.isEmpty() && static_cast<int>(rows) > m_scope.maxRows && !cluster.partition.isEmpty() && cluster.name != m_scope.selected
            && m_facts.isWell(cluster);
    }

    /// One card a region: how many well clusters of the partition have their primary there.
    void addFold(const base::PartitionName &partition)
    {
        m_graph.rows.push_back({RowKind::Fold, partition.text(), partition.text(), 0, 1, {}, {}});
        int all = 0;
        std::map<base::RegionName, int> here;
        int folded = 0;
        for (const auto &cluster : m_fleet.clusters) {
            if (cluster.partition != partition)
                continue;
            ++all;
            if (!isFolded(cluster))
                continue;
            ++folded;
            const auto *facts = m_snapshot.cluster(cluster.name);
            const auto *primary = facts && facts->primary ? m_fleet.server(*facts->primary) : nullptr;
            if (primary)
                ++here[primary->region];
        }
        m_graph.rows.back().shards = static_cast<std::uint32_t>(folded);
        for (const auto &region : m_fleet.regions) {
            TopologyNode node;
            node.key = partition;
            node.name = partition.text();
            node.role = NodeRole::Fold;
            node.state = NodeState::Fresh;
            node.row = static_cast<int>(m_graph.rows.size()) - 1;
            node.column = columnOf(region.name);
            node.answering = here[region.name];
            node.declared = all;
            m_graph.nodes.push_back(std::move(node));
        }
    }

    void addCluster(const fleet::Cluster &cluster)
    {
        const auto *facts = m_snapshot.cluster(cluster.name);
        TopologyRow row{RowKind::Cluster, cluster.name.text(), cluster.partition.text(), facts ? facts->shardCount : 0, 1, {}, {}};
        if (!m_scope.only.isEmpty() && facts && facts->timeline)
            row.timeline = *facts->timeline;
        row.severity = worstWhere(m_snapshot, [&](const Place &place) { return place.cluster == cluster.name && place.server.isEmpty(); });
        m_graph.rows.push_back(row);
        const int first = static_cast<int>(m_graph.nodes.size());
        for (const auto &id : cluster.servers) {
            auto &node = addServer(id, NodeRole::Member);
            node.cluster = cluster.name;
            if (!facts)
                continue;
            if (facts->primary && *facts->primary == id) {
                node.role = NodeRole::Primary;
                node.perSecond = facts->commitsPerSecond;
                node.walBytesPerSecond = facts->walBytesPerSecond;
            } else if (std::find(facts->writable.begin(), facts->writable.end(), id) != facts->writable.end()) {
                node.role = NodeRole::Primary; // a second writable server says it is one too
            }
            m_facts.describeReceiver(node, id, facts->standbys, NodeRole::Standby, facts->primary.has_value());
        }
        if (facts)
            addEdges(first, facts->standbys);
    }

    void addGroup(const fleet::RedisGroup &group)
    {
        const auto *facts = m_snapshot.redisGroup(group.name);
        TopologyRow row{RowKind::Redis, group.name.text(), {}, 0, 1, {}, {}};
        row.severity = worstWhere(m_snapshot, [&](const Place &place) { return place.group == group.name && place.server.isEmpty(); });
        m_graph.rows.push_back(row);
        const int first = static_cast<int>(m_graph.nodes.size());
        for (const auto &id : group.servers) {
            auto &node = addServer(id, NodeRole::Member);
            node.group = group.name;
            if (!facts)
                continue;
            if (facts->primary && *facts->primary == id) {
                node.role = NodeRole::Primary;
                node.perSecond = facts->commandsPerSecond;
            } else if (std::find(facts->writable.begin(), facts->writable.end(), id) != facts->writable.end()) {
                node.role = NodeRole::Primary;
            }
            m_facts.describeReceiver(node, id, facts->replicas, NodeRole::Replica, facts->primary.has_value());
        }
        if (facts)
            addEdges(first, facts->replicas);
    }

    void addEdges(int first, const std::vector<StandbyLag> &receivers)
    {
        const int last = static_cast<int>(m_graph.nodes.size());
        const auto indexOf = [&](const base::ServerId &id) {
            for (int i = first; i < last; ++i)
                if (m_graph.nodes[static_cast<std::size_t>(i)].key == TopologyKey(id))
                    return i;
            return -1;
        };
        int primary = -1;
        for (int i = first; i < last && primary < 0; ++i)
            if (m_graph.nodes[static_cast<std::size_t>(i)].role == NodeRole::Primary)
                primary = i;
        for (const auto &lag : receivers) {
            const int to = indexOf(lag.standby);
            const int upstream = lag.upstream.isEmpty() ? primary : indexOf(lag.upstream);
            const int from = upstream >= 0 ? upstream : primary;
            if (from < 0 || to < 0 || from == to || m_graph.nodes[static_cast<std::size_t>(to)].role == NodeRole::Primary)
                continue;
            TopologyEdge edge{from, to, EdgeKind::Replication, edgeStateOf(lag.state), facts::lagLevel(lag, m_fleet.thresholds), lag.time, false};
            const auto &receiver = m_graph.nodes[static_cast<std::size_t>(to)];
            const bool old = receiver.state == NodeState::Stale || receiver.state == NodeState::Asking;
            if (old || lag.upstream.isEmpty())
                edge.state = edge.state == EdgeState::Broken && !old ? EdgeState::Broken : EdgeState::NotKnown;
            m_graph.edges.push_back(edge);
        }
    }

    void addPools()
    {
        if (m_fleet.pools.empty())
            return;
        m_graph.rows.push_back({RowKind::Cache, {}, {}, 0, 1, {}, {}});
        for (const auto &pool : m_fleet.pools) {
            TopologyNode node;
            node.key = pool.name;
            node.name = pool.name.text();
            node.role = NodeRole::Pool;
            node.column = columnOf(pool.region);
            node.row = static_cast<int>(m_graph.rows.size()) - 1;
            node.lane = nextLane(node.column);
            m_facts.describePool(node, pool);
            m_graph.nodes.push_back(std::move(node));
        }
    }

    void addRouterLines()
    {
        const auto wanted = m_scope.only.isEmpty() ? m_scope.selected : m_scope.only;
        for (const auto &facts : m_snapshot.routers) {
            const int from = m_graph.find(facts.server);
            if (from < 0)
                continue;
            const bool old = m_graph.nodes[static_cast<std::size_t>(from)].state != NodeState::Fresh;
            for (const auto &target : facts.targets) {
                if (target.forReads || !target.leadsTo)
                    continue;
                const bool wrong = target.right && !*target.right;
                const int to = m_graph.find(*target.leadsTo);
                if (to < 0 || (!wrong && target.cluster != wanted))
                    continue;
                const auto state = old ? EdgeState::NotKnown : target.paused ? EdgeState::Paused : EdgeState::Streaming;
                m_graph.edges.push_back({from, to, EdgeKind::Routing, state, {}, notAsked<microseconds>(), wrong});
            }
        }
    }

    const Snapshot &m_snapshot;
    const fleet::Fleet &m_fleet;
    const TopologyScope &m_scope;
    CardFacts m_facts;
    TopologyGraph m_graph;
    std::set<std::string> m_foldRows;
};

} // namespace

int TopologyGraph::find(const TopologyKey &key) const
{
    for (std::size_t i = 0; i < nodes.size(); ++i)
        if (nodes[i].key == key)
            return static_cast<int>(i);
    return -1;
}

int TopologyGraph::slots() const
{
    int sum = 0;
    for (const auto &row : rows)
        sum += row.lanes;
    return sum;
}

TopologyGraph graphOf(const facts::Snapshot &snapshot, const TopologyScope &scope)
{
    return Builder(snapshot, scope).build();
}

} // namespace shardlens::ui::charts
