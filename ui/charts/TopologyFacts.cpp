// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/charts/TopologyFacts.h"

#include <algorithm>
#include <numeric>

namespace shardlens::ui::charts {

using namespace facts;

namespace {

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

} // namespace

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

std::optional<Severity> worstWhere(const Snapshot &snapshot, const std::function<bool(const Place &)> &matches)
{
    std::optional<Severity> worst;
    collectWorst(snapshot.problems, matches, worst);
    return worst;
}

std::optional<Severity> worstAt(const Snapshot &snapshot, const base::ServerId &server)
{
    return worstWhere(snapshot, [&](const Place &place) { return place.server == server; });
}

std::optional<Silence> silenceOf(const Snapshot &snapshot, const Observation &observation)
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

void CardFacts::describeServer(TopologyNode &node, const base::ServerId &server) const
{
    const auto *observation = m_snapshot.observation(server);
    node.state = stateOf(observation, m_snapshot);
    node.severity = worstAt(m_snapshot, server);
    if (observation)
        describeReach(node, *observation);
}

std::optional<microseconds> CardFacts::since(const std::optional<Instant> &then) const
{
    if (!then)
        return {};
    return std::max(microseconds(0), std::chrono::duration_cast<microseconds>(m_snapshot.takenAt - *then));
}

void CardFacts::describeReach(TopologyNode &node, const Observation &observation) const
{
    node.reach = observation.reach;
    node.age = since(observation.reach.lastAnswer);
    const auto silence = silenceOf(m_snapshot, observation);
    node.silentFor = silence ? std::optional(silence->lasted) : std::nullopt;
}

/// Beside one cluster alone, what troubles the router of another cluster's is not told.
std::optional<Severity> CardFacts::worstOfRouter(const base::ServerId &router) const
{
    return worstWhere(m_snapshot, [&](const Place &place) { return place.server == router && (place.cluster.isEmpty() || isDrawn(place.cluster)); });
}

bool CardFacts::isDrawn(const base::ClusterName &cluster) const
{
    return m_scope.only.isEmpty() || cluster == m_scope.only;
}

void CardFacts::describeRouter(TopologyNode &node, const base::ServerId &router) const
{
    node.severity = worstOfRouter(router);
    if (const auto *facts = m_snapshot.router(router))
        describeTargets(node, *facts);
}

void CardFacts::describeTargets(TopologyNode &node, const RouterFacts &facts) const
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

void CardFacts::describeReceiver(TopologyNode &node, const base::ServerId &server, const std::vector<StandbyLag> &receivers, NodeRole role, bool isLed) const
{
    if (node.role == NodeRole::Primary)
        return;
    for (const auto &lag : receivers) {
        if (lag.standby != server)
            continue;
        const auto *observation = m_snapshot.observation(server);
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

void CardFacts::describePool(TopologyNode &node, const fleet::Pool &pool) const
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

bool CardFacts::isWell(const fleet::Cluster &cluster) const
{
    for (const auto &id : cluster.servers)
        if (worstAt(m_snapshot, id) || stateOf(m_snapshot.observation(id), m_snapshot) != NodeState::Fresh)
            return false;
    return !worstWhere(m_snapshot, [&](const Place &place) { return place.cluster == cluster.name; });
}

} // namespace shardlens::ui::charts
