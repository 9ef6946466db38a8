// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/ShardFrame.h"

#include <algorithm>
#include <map>

namespace shardlens::ui::models {

namespace {

using facts::Severity;
using facts::StandbyLag;

/// Severity's order is worst first.
void worsen(std::optional<Severity> &worst, Severity severity)
{
    if (!worst || severity < *worst)
        worst = severity;
}

struct ProblemsFound {
    std::map<base::ClusterName, Severity> ofCluster;
    std::optional<Severity> ofDrift;
};

void collect(const facts::Problem &problem, const fleet::Fleet &fleet, ProblemsFound &found)
{
    if (problem.rule == facts::Rule::ShardDrift) {
        worsen(found.ofDrift, problem.severity);
    } else {
        base::ClusterName cluster = problem.place.cluster;
        if (cluster.isEmpty() && !problem.place.server.isEmpty()) {
            if (const fleet::Cluster *of = fleet.clusterOf(problem.place.server))
                cluster = of->name;
        }
        if (!cluster.isEmpty()) {
            const auto [at, isNew] = found.ofCluster.emplace(cluster, problem.severity);
            if (!isNew)
                at->second = std::min(at->second, problem.severity);
        }
    }
    for (const facts::Problem &consequence : problem.consequences)
        collect(consequence, fleet, found);
}

base::RegionName regionOf(const fleet::Fleet &fleet, const base::ServerId &id)
{
    const fleet::Server *server = fleet.server(id);
    return server ? server->region : base::RegionName();
}

bool isFresh(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const facts::Observation *observation = snapshot.observation(id);
    return observation && facts::freshnessOf(*observation, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh;
}

std::optional<microseconds> ageOf(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const facts::Observation *observation = snapshot.observation(id);
    if (!observation || !observation->sampledAt)
        return std::nullopt;
    return std::chrono::duration_cast<microseconds>(snapshot.takenAt - *observation->sampledAt);
}

/// Whose readings a standby's lag was made from: its primary's, its own, or both.
std::vector<base::ServerId> sourcesOf(const StandbyLag &lag, const ShardCluster &cluster)
{
    using facts::LagRule;
    std::vector<base::ServerId> sources;
    if (lag.rule != LagRule::ReplayLag)
        sources.push_back(lag.standby);
    if (lag.rule != LagRule::FreshHeartbeat && lag.rule != LagRule::HeartbeatAge && cluster.primary)
        sources.push_back(*cluster.primary);
    return sources;
}

bool isStale(const facts::Snapshot &snapshot, const StandbyLag &lag, const ShardCluster &cluster)
{
    const auto sources = sourcesOf(lag, cluster);
    return std::any_of(sources.begin(), sources.end(), [&](const base::ServerId &id) { return !isFresh(snapshot, id); });
}

/// By level, then time, then bytes.
bool isWorse(const StandbyLag &a, int levelA, const StandbyLag &b, int levelB)
{
    if (levelA != levelB)
        return levelA > levelB;
    const auto time = [](const StandbyLag &lag) { return lag.time.value_or(microseconds(-1)); };
    if (time(a) != time(b))
        return time(a) > time(b);
    return a.behind.value_or(base::Bytes{-1}) > b.behind.value_or(base::Bytes{-1});
}

void fillLag(ShardCluster &cluster, const facts::ClusterFacts &facts, const facts::Snapshot &snapshot)
{
    const fleet::Thresholds &thresholds = snapshot.fleet->thresholds;
    constexpr int kBad = 3; // from here on a level is bad whatever the other standbys' are
    bool someUnknown = false;
    bool someStale = false;
    for (const StandbyLag &lag : facts.standbys) {
        const std::optional<int> level = facts::lagLevel(lag, thresholds);
        if (!level) {
            someUnknown = true;
            cluster.whyNoLag = lag.time ? lag.behind.error() : lag.time.error();
            continue;
        }
        someStale = someStale || isStale(snapshot, lag, cluster);
        if (!cluster.worst || isWorse(lag, *level, *cluster.worst, *cluster.lagLevel)) {
            cluster.worst = lag;
            cluster.lagLevel = level;
        }
    }
    if (facts.standbys.empty())
        cluster.whyNoLag = facts::Unknown{facts::WhyUnknown::NotConfigured, "standby"};
    // A low level beside an unknown one would look well.
    if (someUnknown && cluster.lagLevel.value_or(0) < kBad) {
        cluster.lagLevel.reset();
        cluster.worst.reset();
    }
    if (!cluster.worst)
        return;
    cluster.lagIsAtLeast = someUnknown;
    cluster.worstRegion = regionOf(*snapshot.fleet, cluster.worst->standby);
    cluster.lagIsStale = isStale(snapshot, *cluster.worst, cluster) || (someStale && *cluster.lagLevel < kBad);
    for (const base::ServerId &source : sourcesOf(*cluster.worst, cluster)) {
        if (const auto age = ageOf(snapshot, source))
            cluster.lagAge = std::max(cluster.lagAge.value_or(*age), *age);
    }
}

ShardCluster clusterAt(const fleet::Cluster &declared, const facts::Snapshot &snapshot, const ProblemsFound &problems)
{
    ShardCluster cluster;
    cluster.name = declared.name;
    cluster.partition = declared.partition;
    if (const facts::ClusterFacts *facts = snapshot.cluster(declared.name)) {
        cluster.primary = facts->primary;
        if (cluster.primary)
            cluster.primaryRegion = regionOf(*snapshot.fleet, *cluster.primary);
        fillLag(cluster, *facts, snapshot);
    }
    if (const auto found = problems.ofCluster.find(declared.name); found != problems.ofCluster.end())
        cluster.problem = found->second;
    const auto &readAt = snapshot.shardMap->observedReadAt;
    if (const auto read = readAt.find(declared.name); read != readAt.end()) {
        cluster.catalogReadAt = read->second;
        cluster.catalogIsStale = snapshot.takenAt - read->second > 3 * snapshot.fleet->thresholds.shardMapInterval;
    }
    const auto &ofStandbys = snapshot.shardMap->readOnStandby;
    if (const auto standby = ofStandbys.find(declared.name); standby != ofStandbys.end())
        cluster.catalogOfStandby = standby->second;
    cluster.isSilent = std::all_of(declared.servers.begin(), declared.servers.end(), [&](const base::ServerId &id) {
        const facts::Observation *observation = snapshot.observation(id);
        return observation && observation->reach.state == facts::ReachState::Down;
    });
    return cluster;
}

} // namespace

bool ShardCluster::looksLike(const ShardCluster &other) const
{
    const auto standby = [](const ShardCluster &cluster) { return cluster.worst ? cluster.worst->standby : base::ServerId(); };
    const auto time = [](const ShardCluster &cluster) { return cluster.worst ? cluster.worst->time.value_or(microseconds(-1)) : microseconds(-2); };
    return name == other.name && shards == other.shards && primary == other.primary && lagLevel == other.lagLevel
        && lagIsAtLeast == other.lagIsAtLeast && lagIsStale == other.lagIsStale && standby(*this) == standby(other)
        && time(*this) == time(other) && whyNoLag == other.whyNoLag && problem == other.problem && catalogIsStale == other.catalogIsStale
        && catalogOfStandby == other.catalogOfStandby && isSilent == other.isSilent;
}

const ShardCluster *ShardFrame::clusterOf(const ShardEntry &entry) const
{
    return entry.cluster < 0 ? nullptr : &clusters[std::size_t(entry.cluster)];
}

const ShardCluster *ShardFrame::cluster(const base::ClusterName &name) const
{
    const auto found = std::find_if(clusters.begin(), clusters.end(), [&](const ShardCluster &c) { return c.name == name; });
    return found == clusters.end() ? nullptr : &*found;
}

int ShardFrame::indexOf(const facts::ShardKey &key) const
{
    const auto at = std::lower_bound(entries.begin(), entries.end(), key, [](const ShardEntry &entry, const facts::ShardKey &wanted) { return entry.key() < wanted; });
    return at != entries.end() && at->key() == key ? int(at - entries.begin()) : -1;
}

bool ShardFrame::hasStaleCatalog(const ShardEntry &entry) const
{
    const ShardCluster *cluster = clusterOf(entry);
    return cluster && cluster->catalogIsStale;
}

ShardFrame shardFrame(facts::SnapshotPtr snapshot, const ShardFrame *before)
{
    ShardFrame frame;
    ProblemsFound problems;
    for (const facts::Problem &problem : snapshot->problems)
        collect(problem, *snapshot->fleet, problems);

    std::map<base::ClusterName, int> indexOf;
    for (const fleet::Cluster &declared : snapshot->fleet->clusters) {
        if (declared.partition.isEmpty())
            continue;
        indexOf.emplace(declared.name, int(frame.clusters.size()));
        frame.clusters.push_back(clusterAt(declared, *snapshot, problems));
    }

    const auto &shards = snapshot->shardMap->shards;
    // The same map under the same fleet: every shard lies where it lay a tick ago.
    const bool sameMap = before && before->snapshot && before->snapshot->shardMap == snapshot->shardMap && before->snapshot->fleet == snapshot->fleet;
    frame.entries.resize(shards.size());
    for (std::size_t i = 0; i < shards.size(); ++i) {
        ShardEntry &entry = frame.entries[i];
        entry.shard = &shards[i];
        if (sameMap) {
            entry.cluster = before->entries[i].cluster;
        } else if (i > 0 && shards[i].observedOn == shards[i - 1].observedOn && shards[i].declared == shards[i - 1].declared) {
            entry.cluster = frame.entries[i - 1].cluster; // neighbours mostly lie together: a comparison instead of a search
        } else if (const auto found = indexOf.find(shards[i].cluster()); found != indexOf.end()) {
            entry.cluster = found->second;
        }
        if (entry.cluster >= 0) {
            ShardCluster &cluster = frame.clusters[std::size_t(entry.cluster)];
            ++cluster.shards;
            entry.problem = cluster.problem;
        }
        const facts::Drift drift = shards[i].drift;
        if (drift != facts::Drift::None && drift != facts::Drift::NotKnown) {
            entry.hasOwnProblem = true;
            worsen(entry.problem, problems.ofDrift.value_or(Severity::Warning));
        }
    }
    frame.snapshot = std::move(snapshot);
    return frame;
}

std::string schemaName(const fleet::Fleet &fleet, const facts::ShardKey &key)
{
    const fleet::Partition *partition = fleet.partition(key.partition);
    return fleet::expand(partition ? partition->schemaPattern : std::string("{shard}"), "shard", std::to_string(key.number.value));
}

ShardFrameDiff::ShardFrameDiff(const ShardFrame &before, const ShardFrame &after) : m_before(before), m_after(after)
{
    m_sameCluster.resize(after.clusters.size(), false);
    for (std::size_t i = 0; i < after.clusters.size() && i < before.clusters.size(); ++i)
        m_sameCluster[i] = before.clusters[i].looksLike(after.clusters[i]);
    m_sameMap = before.snapshot && after.snapshot && before.snapshot->shardMap == after.snapshot->shardMap;
    m_sameKeys = m_sameMap
        || std::equal(before.entries.begin(), before.entries.end(), after.entries.begin(), after.entries.end(),
                      [](const ShardEntry &a, const ShardEntry &b) { return a.key() == b.key(); });
}

bool ShardFrameDiff::isSame(int before, int after) const
{
    const ShardEntry &a = m_before.entries[std::size_t(before)];
    const ShardEntry &b = m_after.entries[std::size_t(after)];
    if (a.cluster != b.cluster || a.problem != b.problem || a.hasOwnProblem != b.hasOwnProblem)
        return false;
    if (b.cluster >= 0 && !m_sameCluster[std::size_t(b.cluster)])
        return false;
    return a.shard == b.shard || *a.shard == *b.shard;
}

} // namespace shardlens::ui::models
