// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyGraph.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <set>

namespace shardlens::ui::charts {

namespace {

using namespace facts;

void worsen(std::optional<Severity> &worst, Severity severity)
{
    if (!worst || severity < *worst)
        worst = severity;
}

template <class Matches>
void collectWorst(const std::vector<Problem> &problems, const Matches &matches, std::optional<Severity> &worst)
{
    for (const auto &problem : problems) {
        if (matches(problem.place))
            worsen(worst, problem.severity);
        collectWorst(problem.consequences, matches, worst);
    }
}

bool isOfSilence(Rule rule)
{
    switch (rule) {
    case Rule::PrimaryDown:
    case Rule::PrimaryCutOff:
    case Rule::StandbyDown:
    case Rule::MemberDown:
    case Rule::RouterDown:
    case Rule::RedisPrimaryDown:
    case Rule::RedisReplicaDown:
    case Rule::CacheServerDown: return true;
    default: return false;
    }
}

/// What a region's caches show may be old, whatever their servers say.
bool showsOldCopies(Rule rule)
{
    return rule == Rule::InvalidatorDown || rule == Rule::InvalidationFailing || rule == Rule::InvalidationLate || rule == Rule::CacheStale || rule == Rule::CacheMustFlush;
}

/// The problem that tells of a server's silence, also as a consequence of another.
const Problem *silenceTold(const std::vector<Problem> &problems, const base::ServerId &server)
{
    for (const auto &problem : problems) {
        if (problem.place.server == server && isOfSilence(problem.rule))
            return &problem;
        if (const Problem *below = silenceTold(problem.consequences, server))
            return below;
    }
    return nullptr;
}

NodeState stateOf(const Observation *observation, const Snapshot &snapshot)
{
    if (!observation)
        return NodeState::Asking;
    switch (freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds)) {
    case Freshness::Asking: return NodeState::Asking;
    case Freshness::Fresh: return NodeState::Fresh;
    case Freshness::Stale: return NodeState::Stale;
    case Freshness::Down: return NodeState::Down;
    }
    return NodeState::Asking;
}

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

/// Builds a graph row by row; knows nothing of pixels.
class Builder
{
public:
    Builder(const Snapshot &snapshot, const TopologyScope &scope) : m_snapshot(snapshot), m_fleet(*snapshot.fleet), m_scope(scope) {}

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
        const auto *observation = m_snapshot.observation(id);
        node.state = stateOf(observation, m_snapshot);
        node.severity = worstAt(m_snapshot, id);
        if (observation)
            describeReach(node, *observation);
        m_graph.nodes.push_back(std::move(node));
        return m_graph.nodes.back();
    }

    [[nodiscard]] std::optional<microseconds> since(const std::optional<Instant> &then) const
    {
        if (!then)
            return {};
        return std::max(microseconds(0), std::chrono::duration_cast<microseconds>(m_snapshot.takenAt - *then));
    }

    void describeReach(TopologyNode &node, const Observation &observation) const
    {
        node.reach = observation.reach;
        node.age = since(observation.reach.lastAnswer);
        const auto silence = silenceOf(m_snapshot, observation);
        node.silentFor = silence ? std::optional(silence->lasted) : std::nullopt;
    }

    void addRouters()
    {
        if (m_fleet.routers.empty())
            return;
        m_graph.rows.push_back({RowKind::Routers, {}, {}, 0, 1, {}, {}});
        for (const auto &declared : m_fleet.routers) {
            auto &node = addServer(declared.server, NodeRole::Router);
            node.severity = worstOfRouter(declared.server);
            if (const auto *facts = m_snapshot.router(declared.server))
                describeRouter(node, *facts);
        }
    }

    /// Beside one cluster alone, what troubles the router of another cluster's is not told.
    [[nodiscard]] std::optional<Severity> worstOfRouter(const base::ServerId &router) const
    {
        std::optional<Severity> worst;
        collectWorst(m_snapshot.problems, [&](const Place &place) { return place.server == router && (place.cluster.isEmpty() || isDrawn(place.cluster)); }, worst);
        return worst;
    }

    [[nodiscard]] bool isDrawn(const base::ClusterName &cluster) const { return m_scope.only.isEmpty() || cluster == m_scope.only; }

    void describeRouter(TopologyNode &node, const RouterFacts &facts) const
    {
        node.perSecond = facts.writesPerSecond;
        node.waiting = facts.waiting;
        if (node.waiting && !m_scope.only.isEmpty())
            node.waiting = std::accumulate(facts.targets.begin(), facts.targets.end(), 0, [&](int sum, const RouterTarget &target) { return sum + (isDrawn(target.cluster) ? target.waiting : 0); });
        for (const auto &target : facts.targets) {
            if (!isDrawn(target.cluster))
                continue;
            if (!m_scope.only.isEmpty() && !target.forReads && target.leadsTo)
                node.leadsTo = target.leadsTo->text();
            if (target.forReads)
                continue;
            ++node.targets;
            if (target.right) {
                ++node.targetsKnown;
                if (*target.right)
                    ++node.targetsRight;
            }
        }
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

    bool isWell(const fleet::Cluster &cluster) const
    {
        for (const auto &id : cluster.servers)
            if (worstAt(m_snapshot, id) || stateOf(m_snapshot.observation(id), m_snapshot) != NodeState::Fresh)
                return false;
        std::optional<Severity> worst;
        collectWorst(m_snapshot.problems, [&](const Place &place) { return place.cluster == cluster.name; }, worst);
        return !worst;
    }

    bool isFolded(const fleet::Cluster &cluster) const
    {
        const auto rows = m_fleet.clusters.size() + m_fleet.redisGroups.size() + (m_fleet.routers.empty() ? 0 : 1) + (m_fleet.pools.empty() ? 0 : 1);
        return m_scope.only.isEmpty() && static_cast<int>(rows) > m_scope.maxRows && !cluster.partition.isEmpty() && cluster.name != m_scope.selected
            && isWell(cluster);
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
        collectWorst(m_snapshot.problems, [&](const Place &place) { return place.cluster == cluster.name && place.server.isEmpty(); }, row.severity);
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
            describeReceiver(node, id, facts->standbys, NodeRole::Standby, facts->primary.has_value());
        }
        if (facts)
            addEdges(first, facts->standbys);
    }

    void addGroup(const fleet::RedisGroup &group)
    {
        const auto *facts = m_snapshot.redisGroup(group.name);
        TopologyRow row{RowKind::Redis, group.name.text(), {}, 0, 1, {}, {}};
        collectWorst(m_snapshot.problems, [&](const Place &place) { return place.group == group.name && place.server.isEmpty(); }, row.severity);
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
            describeReceiver(node, id, facts->replicas, NodeRole::Replica, facts->primary.has_value());
        }
        if (facts)
            addEdges(first, facts->replicas);
    }

    void describeReceiver(TopologyNode &node, const base::ServerId &id, const std::vector<StandbyLag> &receivers, NodeRole role, bool isLed) const
    {
        if (node.role == NodeRole::Primary)
            return;
        for (const auto &lag : receivers) {
            if (lag.standby != id)
                continue;
            const auto *observation = m_snapshot.observation(id);
            const bool answered = observation && observation->sampledAt;
            // Its sender told it, where it has not itself; one that is lost beside a primary is told of as a standby, too.
            if (answered || !lag.upstream.isEmpty() || (isLed && node.state == NodeState::Down))
                node.role = role;
            node.lag = lag;
            node.lagLevel = facts::lagLevel(lag, m_fleet.thresholds);
            if (lag.inputs.lastMessageAt)
                node.lostFor = std::max(microseconds(0), std::chrono::duration_cast<microseconds>(m_snapshot.takenUtc - *lag.inputs.lastMessageAt));
            else if (lag.inputs.receiverMessageAge)
                node.lostFor = *lag.inputs.receiverMessageAge;
            const bool silent = !lag.time && !lag.behind;
            const bool waits = !lag.time && lag.time.error().why == WhyUnknown::NotAskedYet;
            if (node.state == NodeState::Fresh && silent && !waits && lag.state != StandbyState::NotStreaming && lag.state != StandbyState::Diverged) {
                node.state = NodeState::Unknown;
                node.why = lag.time.error();
            }
        }
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
            describePool(node, pool);
            m_graph.nodes.push_back(std::move(node));
        }
    }

    void describePool(TopologyNode &node, const fleet::Pool &pool) const
    {
        int down = 0;
        int stale = 0;
        int asking = 0;
        for (const auto &id : pool.servers) {
            const auto *observation = m_snapshot.observation(id);
            switch (stateOf(observation, m_snapshot)) {
            case NodeState::Down: ++down; break;
            case NodeState::Stale: ++stale; break;
            case NodeState::Asking: ++asking; break;
            default: break;
            }
            if (observation && (observation->reach.silentSince || !node.age))
                describeReach(node, *observation);
            if (const auto severity = worstAt(m_snapshot, id))
                worsen(node.severity, *severity);
        }
        collectWorst(m_snapshot.problems, [&](const Place &place) { return place.pool == pool.name && place.server.isEmpty(); }, node.severity);
        for (const Problem &problem : m_snapshot.problems) { // what its region's deletes do not reach
            if (problem.place.region == pool.region && showsOldCopies(problem.rule))
                worsen(node.severity, problem.severity);
        }
        node.state = down > 0 ? NodeState::Down : stale > 0 ? NodeState::Stale : asking > 0 ? NodeState::Asking : NodeState::Fresh;
        node.declared = static_cast<int>(pool.servers.size());
        if (const auto *facts = m_snapshot.pool(pool.name)) {
            node.answering = static_cast<int>(facts->answering);
            // What needed no database, where clients tell it, also while what they tell is not heard: memcached counts a granted lease as a hit.
            const bool tellsNobody = !facts->clientHitRatio && (facts->clientHitRatio.error().why == WhyUnknown::NotConfigured || facts->clientHitRatio.error().why == WhyUnknown::NoValue);
            node.hitRatio = tellsNobody ? facts->hitRatio : facts->clientHitRatio;
            node.perSecond = facts->getsPerSecond;
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

std::optional<facts::Severity> worstAt(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    std::optional<Severity> worst;
    collectWorst(snapshot.problems, [&](const Place &place) { return place.server == server; }, worst);
    return worst;
}

std::optional<Silence> silenceOf(const facts::Snapshot &snapshot, const facts::Observation &observation)
{
    const Reach &reach = observation.reach;
    // Who never answered was asked since the beginning, whichever request is under way now.
    const auto askedSince = reach.silentSince || reach.lastAnswer ? reach.silentSince : std::optional(snapshot.observingSince);
    if (!askedSince)
        return {};
    Silence silence{std::max(microseconds(0), std::chrono::duration_cast<microseconds>(snapshot.takenAt - *askedSince)), !reach.lastAnswer};
    if (const Problem *told = silenceTold(snapshot.problems, observation.server)) {
        const auto lasted = std::chrono::duration_cast<microseconds>(snapshot.takenUtc - told->since.at);
        if (lasted >= silence.lasted)
            silence = {lasted, !told->since.exact};
    }
    return silence;
}

TopologyGraph graphOf(const facts::Snapshot &snapshot, const TopologyScope &scope)
{
    return Builder(snapshot, scope).build();
}

} // namespace shardlens::ui::charts
