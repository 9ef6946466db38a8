// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/shell/inspector/FactSheet.h"

#include <algorithm>
#include <cmath>
#include <functional>

namespace shardlens::ui::shell {

using format::FormattedFact;
using format::text;

namespace {

/// A member's number in a list: lag of a follower; a primary has none.
FormattedFact lagCell(const FactSheet &sheet, const base::ServerId &server, const std::vector<facts::StandbyLag> &lags)
{
    const format::FactAge age = format::ageOf(sheet.snapshot(), server);
    for (const facts::StandbyLag &lag : lags) {
        if (lag.standby == server) {
            FormattedFact fact = format::formatted(lag.time, age, format::lag);
            if (fact.state == FormattedFact::State::Unknown)
                fact.text = FactSheet::tr("not known"); // the reason is its detail: the column is narrow
            else if (facts::lagLevel(lag, sheet.fleet().thresholds).value_or(1) >= 3 && fact.state == FormattedFact::State::Fresh)
                fact.role = theme::ColourRole::WarningText;
            return fact;
        }
    }
    FormattedFact none = format::notApplicable();
    none.age = age.age ? format::age(*age.age) : QString();
    return none;
}

void addMembers(FactSheet &sheet, const QString &heading, const std::vector<base::ServerId> &servers, const std::vector<facts::StandbyLag> &lags)
{
    sheet.heading(heading, FactSheet::tr("lag"));
    for (const base::ServerId &server : servers) {
        sheet.saidBy(server);
        sheet.thing(server, text(server.text()), roleOf(sheet.snapshot(), server), lagCell(sheet, server, lags), shapeOf(sheet.snapshot(), server));
    }
}

/// Members of which no lag is told: whether they answer.
void addServers(FactSheet &sheet, const QString &heading, const std::vector<base::ServerId> &servers)
{
    sheet.heading(heading, FactSheet::tr("answers in"));
    for (const base::ServerId &server : servers) {
        sheet.saidBy(server);
        const facts::Observation *observation = sheet.snapshot().observation(server);
        const format::FactAge age = format::ageOf(sheet.snapshot(), server);
        const bool answers = observation && observation->reach.latency && age.freshness == facts::Freshness::Fresh;
        FormattedFact value = format::formattedValue(answers ? format::duration(*observation->reach.latency) : FactSheet::tr("silent"), age);
        if (age.freshness == facts::Freshness::Down)
            value.text = FactSheet::tr("down");
        const QString name = text(server.text());
        const fleet::Server *declared = sheet.fleet().server(server);
        const QString kind = declared ? kindWord(declared->kind) : QString();
        const QString role = roleOf(sheet.snapshot(), server);
        sheet.thing(server, name, role == kind ? QString() : role, value, shapeOf(sheet.snapshot(), server));
    }
}

std::vector<base::ServerId> idsOf(const fleet::Fleet &fleet, const std::function<bool(const fleet::Server &)> &wanted)
{
    std::vector<base::ServerId> ids;
    for (const fleet::Server &server : fleet.servers) {
        if (wanted(server))
            ids.push_back(server.id);
    }
    return ids;
}

QString roleWord(fleet::RedisRole role)
{
    switch (role) {
    case fleet::RedisRole::Feeds: return FactSheet::tr("feeds");
    case fleet::RedisRole::MediaMap: return FactSheet::tr("media map");
    case fleet::RedisRole::Sessions: return FactSheet::tr("sessions");
    case fleet::RedisRole::Other: break;
    }
    return FactSheet::tr("other");
}

void addPrimary(FactSheet &sheet, const facts::Known<base::ServerId> &primary)
{
    if (primary)
        sheet.saidBy(*primary);
    InspectorRow &row = sheet.known(FactSheet::tr("Primary"), primary, [](const base::ServerId &id) { return text(id.text()); });
    if (primary)
        row.opens = *primary;
}

} // namespace

void addCluster(FactSheet &sheet, const fleet::Cluster &cluster)
{
    const facts::ClusterFacts *facts = sheet.snapshot().cluster(cluster.name);
    sheet.heading(FactSheet::tr("Facts"), FactSheet::tr("value, age"));
    if (facts) {
        addPrimary(sheet, facts->primary);
        if (facts->writable.size() > 1) {
            QStringList names;
            for (const base::ServerId &server : facts->writable)
                names << text(server.text());
            sheet.fact(FactSheet::tr("Writable"), names.join(QStringLiteral(", ")));
        }
        sheet.known(FactSheet::tr("Commits"), facts->commitsPerSecond, format::rate);
        sheet.known(FactSheet::tr("WAL"), facts->walBytesPerSecond, format::bytesRate);
        sheet.known(FactSheet::tr("Timeline"), facts->timeline, plainNumber);
        sheet.known(FactSheet::tr("Term"), facts->term, plainNumber);
        sheet.known(FactSheet::tr("System"), facts->systemIdentifier, [](std::uint64_t id) { return QString::number(id); }).mono = true;
    }
    sheet.declared();
    if (!cluster.partition.isEmpty())
        sheet.fact(FactSheet::tr("Partition"), text(cluster.partition.text()));
    if (facts && facts->shardCount > 0)
        sheet.fact(FactSheet::tr("Logical shards"), format::count(facts->shardCount));
    sheet.fact(FactSheet::tr("Home"), text(cluster.home.text())).opens = cluster.home;
    sheet.fact(FactSheet::tr("Database"), text(cluster.database)).mono = true;
    addMembers(sheet, FactSheet::tr("Members"), cluster.servers, facts ? facts->standbys : std::vector<facts::StandbyLag>{});
    sheet.heading(FactSheet::tr("Routers lead to"), FactSheet::tr("waiting"));
    for (const facts::RouterFacts &router : sheet.snapshot().routers) {
        sheet.saidBy(router.server);
        for (const facts::RouterTarget &target : router.targets) {
            if (target.cluster != cluster.name)
                continue;
            const QString to = target.leadsTo ? text(target.leadsTo->text()) : format::unknownText(target.leadsTo.error());
            theme::Shape shape = theme::Shape::DashedRing;
            if (target.right)
                shape = *target.right ? (target.paused ? theme::Shape::Triangle : theme::Shape::Dot) : theme::Shape::Diamond;
            sheet.thing(router.server, FactSheet::tr("%1 in %2").arg(text(target.database), text(router.region.text())), to,
                        format::formattedValue(format::count(target.waiting), sheet.age()), shape);
        }
    }
}

void addGroup(FactSheet &sheet, const fleet::RedisGroup &group)
{
    const facts::RedisGroupFacts *facts = sheet.snapshot().redisGroup(group.name);
    sheet.heading(FactSheet::tr("Facts"), FactSheet::tr("value, age"));
    if (facts) {
        addPrimary(sheet, facts->primary);
        sheet.known(FactSheet::tr("Commands"), facts->commandsPerSecond, format::rate);
        const facts::Observation *observation = facts->primary ? sheet.snapshot().observation(*facts->primary) : nullptr;
        if (const auto *sample = observation ? observation->redis() : nullptr) {
            sheet.fact(FactSheet::tr("Keys"), format::count(sample->keys));
            const QString used = format::bytes(sample->usedMemory);
            sheet.fact(FactSheet::tr("Memory"), sample->maxMemory.count > 0 ? FactSheet::tr("%1 of %2").arg(used, format::bytes(sample->maxMemory))
                                                                           : FactSheet::tr("%1, no limit").arg(used));
        }
        sheet.known(FactSheet::tr("Term"), facts->term, plainNumber);
    }
    sheet.declared();
    sheet.fact(FactSheet::tr("Holds"), roleWord(group.role));
    sheet.fact(FactSheet::tr("Home"), text(group.home.text())).opens = group.home;
    addMembers(sheet, FactSheet::tr("Members"), group.servers, facts ? facts->replicas : std::vector<facts::StandbyLag>{});
}

void addPool(FactSheet &sheet, const fleet::Pool &pool)
{
    const facts::PoolFacts *facts = sheet.snapshot().pool(pool.name);
    sheet.heading(FactSheet::tr("Facts"), FactSheet::tr("value"));
    sheet.declared();
    if (facts) {
        sheet.fact(FactSheet::tr("Answering"), FactSheet::tr("%1 of %2").arg(format::count(facts->answering), format::count(facts->declared)));
        sheet.known(FactSheet::tr("Hit rate"), facts->hitRatio, format::hitRate, FactSheet::tr("no read"));
        sheet.known(FactSheet::tr("Reads"), facts->getsPerSecond, format::rate);
        sheet.known(FactSheet::tr("Evicted"), facts->evictionsPerSecond, format::rate);
        sheet.known(FactSheet::tr("Memory used"), facts->used, format::bytes);
        sheet.known(FactSheet::tr("Memory limit"), facts->limit, format::bytes);
    }
    sheet.fact(FactSheet::tr("Region"), text(pool.region.text())).opens = pool.region;
    sheet.fact(FactSheet::tr("Keys spread by"), pool.hashing == fleet::Hashing::Ketama ? QStringLiteral("ketama") : QStringLiteral("modulo"));
    addServers(sheet, FactSheet::tr("Servers"), pool.servers);
}

void addRegion(FactSheet &sheet, const fleet::Region &region)
{
    const facts::Snapshot &snapshot = sheet.snapshot();
    const auto here = idsOf(sheet.fleet(), [&](const fleet::Server &server) { return server.region == region.name; });
    const auto answering = std::count_if(here.begin(), here.end(), [&](const base::ServerId &id) { return format::ageOf(snapshot, id).freshness == facts::Freshness::Fresh; });
    sheet.heading(FactSheet::tr("Facts"));
    sheet.declared();
    sheet.fact(FactSheet::tr("Answering"), FactSheet::tr("%1 of %2 servers").arg(format::count(answering), format::count(std::int64_t(here.size()))));
    QStringList primaries;
    for (const base::ServerId &id : here) {
        if (roleOf(snapshot, id) == FactSheet::tr("primary"))
            primaries << text((sheet.fleet().clusterOf(id) ? sheet.fleet().clusterOf(id)->name.text() : sheet.fleet().redisGroupOf(id)->name.text()));
    }
    sheet.fact(FactSheet::tr("Primaries of"), primaries.isEmpty() ? FactSheet::tr("none") : primaries.join(QStringLiteral(", ")));
    for (const facts::GuardReport &guard : snapshot.guards) {
        if (guard.region == region.name)
            sheet.fact(FactSheet::tr("Guard"), guard.reach.state == facts::ReachState::Answering ? FactSheet::tr("answers") : FactSheet::tr("does not answer"));
    }
    if (sheet.fleet().ownRegion == region.name)
        sheet.note(FactSheet::tr("This console stands here."));
    addServers(sheet, FactSheet::tr("Servers"), here);
}

void addHost(FactSheet &sheet, const fleet::Host &host)
{
    const auto here = idsOf(sheet.fleet(), [&](const fleet::Server &server) { return server.host == host.name; });
    sheet.heading(FactSheet::tr("Facts"));
    sheet.declared();
    sheet.fact(FactSheet::tr("Region"), text(host.region.text())).opens = host.region;
    switch (host.reach.way) {
    case fleet::HostReach::Way::None: sheet.fact(FactSheet::tr("Commands"), FactSheet::tr("no way declared")); break;
    case fleet::HostReach::Way::Local: sheet.fact(FactSheet::tr("Commands"), FactSheet::tr("on this machine")); break;
    case fleet::HostReach::Way::Ssh: sheet.fact(FactSheet::tr("Commands"), FactSheet::tr("by ssh to %1").arg(text(host.reach.target))).mono = true; break;
    }
    QStringList leaves;
    for (const base::ServerId &id : here) {
        const QString role = roleOf(sheet.snapshot(), id);
        if (role == FactSheet::tr("primary") || role == FactSheet::tr("router"))
            leaves << text(id.text());
    }
    sheet.fact(FactSheet::tr("Would be missed"), leaves.isEmpty() ? FactSheet::tr("no primary, no router") : leaves.join(QStringLiteral(", ")));
    addServers(sheet, FactSheet::tr("Runs here"), here);
}

void addShard(FactSheet &sheet, const facts::ShardKey &key)
{
    const facts::Snapshot &snapshot = sheet.snapshot();
    sheet.heading(FactSheet::tr("Facts"), FactSheet::tr("value, age"));
    const facts::Shard *shard = snapshot.shardMap ? snapshot.shardMap->find(key) : nullptr;
    if (!shard) {
        sheet.note(FactSheet::tr("Not read yet: no catalog and no directory has told of it."));
        return;
    }
    const fleet::Cluster *cluster = sheet.fleet().cluster(shard->cluster());
    const facts::ClusterFacts *facts = cluster ? snapshot.cluster(cluster->name) : nullptr;
    if (cluster) {
        if (facts && facts->primary)
            sheet.saidBy(*facts->primary);
        sheet.fact(FactSheet::tr("Cluster"), facts && facts->primary ? FactSheet::tr("%1, primary %2").arg(text(cluster->name.text()), text(facts->primary->text()))
                                                                     : text(cluster->name.text())).opens = cluster->name;
    }
    const auto &declaredAt = snapshot.shardMap->declaredReadAt;
    sheet.readAt(FactSheet::tr("the directory"), declaredAt ? std::optional(*declaredAt) : std::nullopt);
    sheet.known(FactSheet::tr("Declared on"), shard->declared, [&](const base::ClusterName &on) {
        return shard->drift == facts::Drift::None ? FactSheet::tr("%1, agrees").arg(text(on.text())) : FactSheet::tr("%1, differs").arg(text(on.text()));
    });
    const auto observed = snapshot.shardMap->observedReadAt.find(shard->cluster());
    const auto ofStandby = snapshot.shardMap->readOnStandby.find(shard->cluster());
    const base::ServerId source = ofStandby != snapshot.shardMap->readOnStandby.end() ? ofStandby->second
                                  : facts && facts->primary                           ? *facts->primary
                                                                                      : base::ServerId();
    sheet.readAt(text(source.text()),
                 observed == snapshot.shardMap->observedReadAt.end() ? std::nullopt : std::optional(observed->second));
    QStringList on;
    for (const base::ClusterName &name : shard->observedOn)
        on << text(name.text());
    sheet.fact(FactSheet::tr("Found on"), on.isEmpty() ? FactSheet::tr("no cluster") : on.join(QStringLiteral(", ")));
    sheet.known(FactSheet::tr("Size, about"), shard->size, format::bytes);
    sheet.known(FactSheet::tr("Rows, about"), shard->rows, format::count);
    sheet.known(FactSheet::tr("Writes"), shard->writesPerSecond, format::rate);
    sheet.known(FactSheet::tr("Growth"), shard->growthPerDay, [](double perDay) {
        const QString much = format::bytes(base::Bytes{static_cast<std::int64_t>(std::abs(perDay))});
        return perDay < 0 ? FactSheet::tr("%1 less a day").arg(much) : FactSheet::tr("%1 a day").arg(much);
    });
    if (cluster)
        addMembers(sheet, FactSheet::tr("Copies"), cluster->servers, facts ? facts->standbys : std::vector<facts::StandbyLag>{});
    sheet.note(FactSheet::tr("Lag belongs to the cluster; its shards share it."));
}

} // namespace shardlens::ui::shell
