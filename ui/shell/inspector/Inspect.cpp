// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/operate/Readiness.h"
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/shell/inspector/FactSheet.h"
#include "ui/theme/Colours.h"

#include <algorithm>
#include <set>

namespace shardlens::ui::shell {

using facts::Measure;
using format::text;

namespace {

template <class... Ts>
struct Overloaded : Ts... {
    using Ts::operator()...;
};
template <class... Ts>
Overloaded(Ts...) -> Overloaded<Ts...>;

QString schemaOf(const facts::ShardKey &key, const fleet::Fleet &fleet)
{
    const fleet::Partition *partition = fleet.partition(key.partition);
    return partition ? text(fleet::expand(partition->schemaPattern, "shard", std::to_string(key.number.value))) : QString::number(key.number.value);
}

/// The servers a thing is made of: a problem at one of them touches it.
std::set<base::ServerId> serversOf(const pages::Subject &subject, const facts::Snapshot &snapshot)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    const auto all = [](const std::vector<base::ServerId> &ids) { return std::set<base::ServerId>(ids.begin(), ids.end()); };
    const auto where = [&](auto wanted) {
        std::set<base::ServerId> ids;
        for (const fleet::Server &server : fleet.servers) {
            if (wanted(server))
                ids.insert(server.id);
        }
        return ids;
    };
    return std::visit(Overloaded{
                          [](std::monostate) { return std::set<base::ServerId>(); },
                          [](const base::ServerId &id) { return std::set<base::ServerId>{id}; },
                          [&](const base::ClusterName &name) { return fleet.cluster(name) ? all(fleet.cluster(name)->servers) : std::set<base::ServerId>(); },
                          [&](const base::GroupName &name) { return fleet.redisGroup(name) ? all(fleet.redisGroup(name)->servers) : std::set<base::ServerId>(); },
                          [&](const base::PoolName &name) { return fleet.pool(name) ? all(fleet.pool(name)->servers) : std::set<base::ServerId>(); },
                          [&](const base::RegionName &name) { return where([&](const fleet::Server &server) { return server.region == name; }); },
                          [&](const base::HostName &name) { return where([&](const fleet::Server &server) { return server.host == name; }); },
                          [](const facts::ShardKey &) { return std::set<base::ServerId>(); },
                      },
                      subject);
}

bool touches(const facts::Problem &problem, const pages::Subject &subject, const std::set<base::ServerId> &servers, const facts::Snapshot &snapshot)
{
    const facts::Place &place = problem.place;
    if (servers.count(place.server) > 0)
        return true;
    if (const auto *cluster = std::get_if<base::ClusterName>(&subject); cluster && place.cluster == *cluster)
        return true;
    if (const auto *group = std::get_if<base::GroupName>(&subject); group && place.group == *group)
        return true;
    if (const auto *pool = std::get_if<base::PoolName>(&subject); pool && place.pool == *pool)
        return true;
    if (const auto *region = std::get_if<base::RegionName>(&subject); region && place.region == *region)
        return true;
    if (const auto *id = std::get_if<base::ServerId>(&subject)) {
        const auto *cluster = snapshot.fleet->clusterOf(*id);
        const auto *server = snapshot.fleet->server(*id);
        // What holds for the whole cluster or region holds for its servers.
        if (cluster && place.server.isEmpty() && place.cluster == cluster->name)
            return true;
        if (server && place.server.isEmpty() && place.cluster.isEmpty() && place.group.isEmpty() && place.pool.isEmpty() && place.region == server->region)
            return true;
    }
    if (const auto *key = std::get_if<facts::ShardKey>(&subject)) {
        const facts::Shard *shard = snapshot.shardMap ? snapshot.shardMap->find(*key) : nullptr;
        return shard && !place.cluster.isEmpty() && place.cluster == shard->cluster();
    }
    return std::any_of(problem.consequences.begin(), problem.consequences.end(),
                       [&](const facts::Problem &folded) { return touches(folded, subject, servers, snapshot); });
}

void addProblems(const pages::Subject &subject, const facts::Snapshot &snapshot, std::vector<InspectorRow> &rows)
{
    const auto servers = serversOf(subject, snapshot);
    for (const facts::Problem &problem : snapshot.problems) {
        if (!touches(problem, subject, servers, snapshot))
            continue;
        InspectorRow row;
        row.kind = InspectorRow::Kind::Problem;
        row.id = "problem/" + problem.id();
        row.problem = problem.id();
        row.name = format::problemText(problem, snapshot).line1;
        row.middle = format::sinceText(problem.since, snapshot.takenUtc, snapshot.observingSinceUtc);
        row.shape = theme::shapeOf(problem.severity);
        row.severity = problem.severity;
        rows.push_back(std::move(row));
    }
}

int seriesOf(const fleet::Fleet &fleet, const base::ServerId &id)
{
    const fleet::Server *server = fleet.server(id);
    return server ? std::max(0, theme::regionIndex(fleet, server->region)) : 0;
}

/// One chart for a measure of several servers, a line each, in the colours of their regions.
InspectorChart chartOf(const QString &title, charts::Unit unit, Measure measure, const std::vector<base::ServerId> &servers, const fleet::Fleet &fleet)
{
    InspectorChart chart{title, unit, {}};
    std::set<int> used;
    for (const base::ServerId &id : servers) {
        const fleet::Server *server = fleet.server(id);
        int series = seriesOf(fleet, id);
        while (servers.size() <= 6 && used.count(series) > 0)
            ++series; // two of one region are still two lines
        used.insert(series);
        chart.lines.push_back({servers.size() > 1 && server ? text(server->region.text()) : QString(), series, {measure, id.text()}});
    }
    if (chart.lines.size() > 6)
        chart.lines.resize(6);
    return chart;
}

std::vector<InspectorChart> chartsOfServer(const base::ServerId &id, const facts::Snapshot &snapshot)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    const fleet::Server *server = fleet.server(id);
    if (!server)
        return {};
    const auto one = [&](const QString &title, charts::Unit unit, Measure measure) { return chartOf(title, unit, measure, {id}, fleet); };
    const InspectorChart latency = one(FactSheet::tr("Answers in"), charts::Unit::Seconds, Measure::LatencySeconds);
    const QString role = roleOf(snapshot, id);
    const bool follows = role == FactSheet::tr("standby") || role == FactSheet::tr("replica");
    switch (server->kind) {
    case fleet::ServerKind::Postgres:
        return follows ? std::vector{one(FactSheet::tr("Lag"), charts::Unit::Seconds, Measure::LagSeconds), one(FactSheet::tr("Bytes behind"), charts::Unit::Bytes, Measure::LagBytes), latency}
                       : std::vector{one(FactSheet::tr("Commits"), charts::Unit::PerSecond, Measure::Commits), one(FactSheet::tr("WAL"), charts::Unit::BytesPerSecond, Measure::WalBytes), latency};
    case fleet::ServerKind::Redis:
        return follows ? std::vector{one(FactSheet::tr("Behind its primary"), charts::Unit::Bytes, Measure::LagBytes), latency}
                       : std::vector{one(FactSheet::tr("Commands"), charts::Unit::PerSecond, Measure::RedisCommands), latency};
    case fleet::ServerKind::Pgbouncer:
        return {one(FactSheet::tr("Transactions for writing"), charts::Unit::PerSecond, Measure::RouterWrites), one(FactSheet::tr("Waiting clients"), charts::Unit::Count, Measure::RouterWaiting), latency};
    case fleet::ServerKind::Memcached: break;
    }
    return {latency};
}

std::vector<base::ServerId> followersOf(const std::vector<facts::StandbyLag> &lags)
{
    std::vector<base::ServerId> ids;
    for (const facts::StandbyLag &lag : lags)
        ids.push_back(lag.standby);
    return ids;
}

std::vector<InspectorChart> chartsOf(const pages::Subject &subject, const facts::Snapshot &snapshot)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    if (const auto *id = std::get_if<base::ServerId>(&subject))
        return chartsOfServer(*id, snapshot);
    if (const auto *name = std::get_if<base::ClusterName>(&subject)) {
        const facts::ClusterFacts *cluster = snapshot.cluster(*name);
        if (!cluster)
            return {};
        std::vector<InspectorChart> charts{chartOf(FactSheet::tr("Lag of its standbys"), charts::Unit::Seconds, Measure::LagSeconds, followersOf(cluster->standbys), fleet)};
        if (cluster->primary)
            charts.push_back(chartOf(FactSheet::tr("Commits"), charts::Unit::PerSecond, Measure::Commits, {*cluster->primary}, fleet));
        return charts;
    }
    if (const auto *name = std::get_if<base::GroupName>(&subject)) {
        const facts::RedisGroupFacts *group = snapshot.redisGroup(*name);
        if (!group)
            return {};
        std::vector<InspectorChart> charts;
        if (group->primary)
            charts.push_back(chartOf(FactSheet::tr("Commands"), charts::Unit::PerSecond, Measure::RedisCommands, {*group->primary}, fleet));
        charts.push_back(chartOf(FactSheet::tr("Bytes behind"), charts::Unit::Bytes, Measure::LagBytes, followersOf(group->replicas), fleet));
        return charts;
    }
    if (const auto *name = std::get_if<base::PoolName>(&subject)) {
        const fleet::Pool *pool = fleet.pool(*name);
        const int series = pool ? std::max(0, theme::regionIndex(fleet, pool->region)) : 0;
        return {{FactSheet::tr("Hit rate"), charts::Unit::Ratio, {{QString(), series, {Measure::CacheHitRatio, name->text()}}}},
                {FactSheet::tr("Reads"), charts::Unit::PerSecond, {{QString(), series, {Measure::CacheGets, name->text()}}}}};
    }
    if (const auto *name = std::get_if<base::RegionName>(&subject)) {
        const int series = std::max(0, theme::regionIndex(fleet, *name));
        return {{FactSheet::tr("Worst lag of its standbys"), charts::Unit::Seconds, {{QString(), series, {Measure::WorstLagSeconds, name->text()}}}}};
    }
    if (const auto *key = std::get_if<facts::ShardKey>(&subject)) {
        const std::string name = key->partition.text() + '/' + std::to_string(key->number.value);
        return {{FactSheet::tr("Writes to this shard"), charts::Unit::PerSecond, {{QString(), 0, {Measure::ShardWrites, name}}}},
                {FactSheet::tr("Its size"), charts::Unit::Bytes, {{QString(), 0, {Measure::ShardBytes, name}}}}};
    }
    return {};
}

void setPage(InspectorContent &content, const char *id, const QString &title)
{
    content.page = QString::fromLatin1(id);
    content.pageTitle = title;
}

/// Title, what it is, the page that shows it, and its facts; false if the fleet has no such thing.
bool fill(const pages::Subject &subject, const facts::Snapshot &snapshot, InspectorContent &content, std::vector<InspectorRow> &rows)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    FactSheet sheet(snapshot, rows);
    content.title = subjectName(subject, fleet);
    if (const auto *id = std::get_if<base::ServerId>(&subject)) {
        const fleet::Server *server = fleet.server(*id);
        if (!server)
            return false;
        const QString role = roleOf(snapshot, *id);
        const QString kind = kindWord(server->kind);
        content.subtitle = role == kind ? FactSheet::tr("%1 in %2").arg(kind, text(server->region.text())) : FactSheet::tr("%1 %2 in %3").arg(kind, role, text(server->region.text()));
        if (fleet.clusterOf(*id))
            setPage(content, "replication", FactSheet::tr("Replication"));
        else if (fleet.redisGroupOf(*id))
            setPage(content, "redis", FactSheet::tr("Redis"));
        else if (fleet.poolOf(*id))
            setPage(content, "cache", FactSheet::tr("Cache"));
        addServer(sheet, *server);
        return true;
    }
    if (const auto *name = std::get_if<base::ClusterName>(&subject)) {
        const fleet::Cluster *cluster = fleet.cluster(*name);
        if (!cluster)
            return false;
        content.subtitle = cluster->partition.isEmpty() ? FactSheet::tr("Cluster of the directory") : FactSheet::tr("Cluster of %1").arg(text(cluster->partition.text()));
        setPage(content, "replication", FactSheet::tr("Replication"));
        addCluster(sheet, *cluster);
        return true;
    }
    if (const auto *name = std::get_if<base::GroupName>(&subject)) {
        const fleet::RedisGroup *group = fleet.redisGroup(*name);
        if (!group)
            return false;
        content.subtitle = FactSheet::tr("Redis group");
        setPage(content, "redis", FactSheet::tr("Redis"));
        addGroup(sheet, *group);
        return true;
    }
    if (const auto *name = std::get_if<base::PoolName>(&subject)) {
        const fleet::Pool *pool = fleet.pool(*name);
        if (!pool)
            return false;
        content.subtitle = FactSheet::tr("memcached pool of %1").arg(text(pool->region.text()));
        setPage(content, "cache", FactSheet::tr("Cache"));
        addPool(sheet, *pool);
        return true;
    }
    if (const auto *name = std::get_if<base::RegionName>(&subject)) {
        const auto region = std::find_if(fleet.regions.begin(), fleet.regions.end(), [&](const fleet::Region &each) { return each.name == *name; });
        if (region == fleet.regions.end())
            return false;
        content.subtitle = FactSheet::tr("Region");
        addRegion(sheet, *region);
        return true;
    }
    if (const auto *name = std::get_if<base::HostName>(&subject)) {
        const auto host = std::find_if(fleet.hosts.begin(), fleet.hosts.end(), [&](const fleet::Host &each) { return each.name == *name; });
        if (host == fleet.hosts.end())
            return false;
        content.subtitle = FactSheet::tr("Host in %1").arg(text(host->region.text()));
        setPage(content, "operations", FactSheet::tr("Operations"));
        addHost(sheet, *host);
        return true;
    }
    if (const auto *key = std::get_if<facts::ShardKey>(&subject)) {
        if (!fleet.partition(key->partition))
            return false;
        content.titleIsSchema = true;
        content.subtitle = FactSheet::tr("Logical shard %1 of %2").arg(QString::number(key->number.value), text(key->partition.text()));
        setPage(content, "shards", FactSheet::tr("Shards"));
        addShard(sheet, *key);
        return true;
    }
    return false;
}

/// The move that fits a cluster, or one of its standbys as the target: a failover while the primary does not answer.
std::optional<operate::Intent> planFor(const pages::Subject &subject, const facts::Snapshot &snapshot)
{
    const auto *id = std::get_if<base::ServerId>(&subject);
    const auto *name = std::get_if<base::ClusterName>(&subject);
    const fleet::Cluster *cluster = id ? snapshot.fleet->clusterOf(*id) : name ? snapshot.fleet->cluster(*name) : nullptr;
    if (!cluster)
        return std::nullopt;
    const operate::Readiness readiness = operate::readinessOf(snapshot, cluster->name);
    const base::ServerId to = id && *id != readiness.primary ? *id : base::ServerId();
    if (readiness.act == operate::Act::Failover)
        return operate::FailCluster{cluster->name, to};
    return operate::SwitchCluster{cluster->name, to};
}

/// The way away, or home where it is marked already.
std::optional<campaign::Goal> campaignFor(const pages::Subject &subject, const facts::Snapshot &snapshot)
{
    const auto isMarked = [&](facts::Mark::Kind kind, const std::string &name) {
        return snapshot.shared && std::any_of(snapshot.shared->marks.begin(), snapshot.shared->marks.end(), [&](const facts::Mark &mark) { return mark.kind == kind && mark.subject == name; });
    };
    if (const auto *region = std::get_if<base::RegionName>(&subject))
        return campaign::Goal{isMarked(facts::Mark::Kind::Region, region->text()) ? campaign::Aim::Return : campaign::Aim::Evacuate, region->text()};
    if (const auto *host = std::get_if<base::HostName>(&subject))
        return campaign::Goal{isMarked(facts::Mark::Kind::Host, host->text()) ? campaign::Aim::HostUp : campaign::Aim::HostDown, host->text()};
    return std::nullopt;
}

} // namespace

bool isIn(const fleet::Fleet &fleet, const pages::Subject &subject)
{
    const auto has = [](const auto &list, const auto &name) { return std::any_of(list.begin(), list.end(), [&](const auto &each) { return each.name == name; }); };
    return std::visit(Overloaded{
                          [](std::monostate) { return false; },
                          [&](const base::ServerId &id) { return fleet.server(id) != nullptr; },
                          [&](const base::ClusterName &name) { return fleet.cluster(name) != nullptr; },
                          [&](const base::GroupName &name) { return fleet.redisGroup(name) != nullptr; },
                          [&](const base::PoolName &name) { return fleet.pool(name) != nullptr; },
                          [&](const base::RegionName &name) { return has(fleet.regions, name); },
                          [&](const base::HostName &name) { return has(fleet.hosts, name); },
                          [&](const facts::ShardKey &key) { return fleet.partition(key.partition) != nullptr; },
                      },
                      subject);
}

QString subjectName(const pages::Subject &subject, const fleet::Fleet &fleet)
{
    return std::visit(Overloaded{
                          [](std::monostate) { return QString(); },
                          [&](const facts::ShardKey &key) { return FactSheet::tr("%1, %2").arg(schemaOf(key, fleet), text(key.partition.text())); },
                          [](const auto &name) { return text(name.text()); },
                      },
                      subject);
}

InspectorContent inspect(const pages::Subject &subject, const facts::Snapshot &snapshot)
{
    InspectorContent content;
    addProblems(subject, snapshot, content.rows);
    if (!fill(subject, snapshot, content, content.rows))
        return {};
    content.charts = chartsOf(subject, snapshot);
    content.plan = planFor(subject, snapshot);
    content.campaign = campaignFor(subject, snapshot);
    return content;
}

} // namespace shardlens::ui::shell
