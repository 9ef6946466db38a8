// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/Fenced.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/models/StandbyModel.h"
#include "ui/shell/inspector/FactSheet.h"

namespace shardlens::ui::shell {

using format::text;

namespace {

QString lsn(base::Lsn at) { return text(at.toString()); }
/// 150014 is "15.14".
QString versionText(std::int32_t number)
{
    return QStringLiteral("%1.%2").arg(number / 10000).arg(number % 10000);
}

void addLag(FactSheet &sheet, const facts::StandbyLag &lag)
{
    sheet.heading(FactSheet::tr("Behind its primary"), FactSheet::tr("value, age"));
    if (!lag.upstream.isEmpty())
        sheet.fact(FactSheet::tr("Receives from"), text(lag.upstream.text())).opens = lag.upstream;
    sheet.known(FactSheet::tr("Lag"), lag.time, format::lag);
    sheet.known(FactSheet::tr("Bytes behind"), lag.behind, format::bytes);
    sheet.known(FactSheet::tr("Not sent"), lag.stages.notSent, format::bytes);
    sheet.known(FactSheet::tr("Not written"), lag.stages.notWritten, format::bytes);
    sheet.known(FactSheet::tr("Not flushed"), lag.stages.notFlushed, format::bytes);
    sheet.known(FactSheet::tr("Not replayed"), lag.stages.notReplayed, format::bytes);
    if (const auto direction = models::backlogText(lag, sheet.snapshot().takenUtc); !direction.text.isEmpty())
        sheet.fact(FactSheet::tr("Direction"), direction.text);
    sheet.known(FactSheet::tr("Slot keeps"), lag.slotRetained, format::bytes, FactSheet::tr("no slot"));
    if (lag.slotRetained)
        sheet.known(FactSheet::tr("Slot limit"), lag.slotLimit, format::bytes, FactSheet::tr("none"));
    sheet.note(models::StandbyModel::ruleSentence(lag));
}

void addPostgresRates(FactSheet &sheet, const facts::Observation &observation)
{
    const facts::PostgresRates *rates = observation.postgresRates();
    if (!rates)
        return;
    sheet.known(FactSheet::tr("Commits"), rates->commitsPerSecond, format::rate);
    sheet.known(FactSheet::tr("Rolled back"), rates->rollbacksPerSecond, format::rate);
    sheet.known(FactSheet::tr("WAL"), rates->walBytesPerSecond, format::bytesRate);
}

void addPostgres(FactSheet &sheet, const facts::Observation &observation, const facts::PostgresSample &sample)
{
    const auto utc = [&](facts::UtcTime at) { return format::clockTime(at, sheet.snapshot().takenUtc); };
    if (sample.readOnlyByDefault)
        sheet.fact(FactSheet::tr("New sessions"), FactSheet::tr("are read-only"));
    addPostgresRates(sheet, observation);
    sheet.known(FactSheet::tr("Connections"), sample.connections, [](const facts::ConnectionCounts &counts) {
        return FactSheet::tr("%1 of %2, %3 active").arg(format::count(counts.total), format::count(counts.max), format::count(counts.active));
    });
    if (sample.connections && sample.connections->waitingForLock + sample.connections->waitingForSync > 0)
        sheet.fact(FactSheet::tr("Waiting"), FactSheet::tr("%1 for a lock, %2 for a standby")
                                                 .arg(format::count(sample.connections->waitingForLock), format::count(sample.connections->waitingForSync)));
    sheet.known(FactSheet::tr("Longest open"), sample.longestTransaction, format::duration, FactSheet::tr("none"));
    if (sample.inRecovery) {
        sheet.known(FactSheet::tr("Received"), sample.received, lsn).mono = true;
        sheet.known(FactSheet::tr("Replayed"), sample.replayed, lsn).mono = true;
        sheet.fact(FactSheet::tr("Replay"), sample.replayPaused ? FactSheet::tr("paused") : FactSheet::tr("runs"));
    } else {
        sheet.known(FactSheet::tr("Position"), sample.current, lsn).mono = true;
        sheet.fact(FactSheet::tr("Sends to"), sample.senders.size() == 1 ? FactSheet::tr("1 receiver") : FactSheet::tr("%1 receivers").arg(format::count(std::int64_t(sample.senders.size()))));
    }
    sheet.known(FactSheet::tr("Timeline"), sample.timeline, plainNumber);
    sheet.known(FactSheet::tr("Term"), sample.term, plainNumber);
    sheet.known(FactSheet::tr("Clock off by"), sample.clockOffset, [](facts::microseconds off) {
        return off.count() < 0 ? FactSheet::tr("%1 behind ours").arg(format::duration(-off)) : FactSheet::tr("%1 ahead of ours").arg(format::duration(off));
    });
    sheet.fact(FactSheet::tr("Started"), utc(sample.startedAt));
    sheet.known(FactSheet::tr("Settings read"), sample.configLoadedAt, utc);
    sheet.fact(FactSheet::tr("Version"), versionText(sample.versionNumber));
    sheet.fact(FactSheet::tr("System"), QString::number(sample.systemIdentifier)).mono = true;
}

void addRedis(FactSheet &sheet, const facts::Observation &observation, const facts::RedisSample &sample)
{
    if (const facts::RedisRates *rates = observation.redisRates()) {
        sheet.known(FactSheet::tr("Commands"), rates->commandsPerSecond, format::rate);
        sheet.known(FactSheet::tr("Hit rate"), rates->hitRatio, format::hitRate, FactSheet::tr("no look-up"));
        sheet.known(FactSheet::tr("Evicted"), rates->evictionsPerSecond, format::rate);
    }
    const QString used = format::bytes(sample.usedMemory);
    sheet.fact(FactSheet::tr("Memory"), sample.maxMemory.count > 0 ? FactSheet::tr("%1 of %2").arg(used, format::bytes(sample.maxMemory)) : FactSheet::tr("%1, no limit").arg(used));
    sheet.fact(FactSheet::tr("When full"), text(sample.maxMemoryPolicy)).mono = true;
    sheet.known(FactSheet::tr("Fragmentation"), sample.fragmentation, format::factor);
    sheet.fact(FactSheet::tr("Keys"), format::count(sample.keys));
    sheet.fact(FactSheet::tr("Clients"), FactSheet::tr("%1, %2 blocked").arg(format::count(sample.connectedClients), format::count(sample.blockedClients)));
    QStringList kept;
    if (sample.appendOnly)
        kept << (sample.lastAppendFailed ? FactSheet::tr("each write, the last failed") : FactSheet::tr("each write"));
    if (sample.snapshotting)
        kept << (sample.lastSaveFailed ? FactSheet::tr("snapshots, the last failed") : FactSheet::tr("snapshots"));
    sheet.fact(FactSheet::tr("Kept on disk"), kept.isEmpty() ? FactSheet::tr("nothing") : kept.join(QStringLiteral("; ")));
    if (sample.lastSaveAt || sample.lastSaveAt.error().why != facts::WhyUnknown::NoValue)
        sheet.known(FactSheet::tr("Last save"), sample.lastSaveAt, [&](facts::UtcTime at) { return format::clockTime(at, sheet.snapshot().takenUtc); });
    else
        sheet.fact(FactSheet::tr("Last save"), FactSheet::tr("none since it started"));
    if (sample.link) {
        const facts::ReplicaLink &link = *sample.link;
        sheet.fact(FactSheet::tr("Link"), link.syncing ? FactSheet::tr("copying everything") : (link.up ? FactSheet::tr("up, last heard %1 s ago").arg(link.secondsSinceLastIo)
                                                                                                      : FactSheet::tr("lost")));
    }
    sheet.known(FactSheet::tr("Slow commands"), sample.slowLog, [](const std::vector<facts::SlowLogEntry> &log) {
        return log.empty() ? FactSheet::tr("none kept")
                           : FactSheet::tr("%1 kept, newest %2, %3").arg(format::count(std::int64_t(log.size())), text(log.front().command), format::duration(log.front().took));
    });
    if (sample.mediaMapEncoding)
        sheet.fact(FactSheet::tr("Map buckets"), text(sample.mediaMapEncoding->encoding)).mono = true;
    sheet.known(FactSheet::tr("Term"), sample.term, plainNumber);
    sheet.fact(FactSheet::tr("Runs since"), format::clockTime(sheet.snapshot().takenUtc - sample.uptime, sheet.snapshot().takenUtc));
    sheet.fact(FactSheet::tr("Version"), text(sample.version));
}

void addMemcached(FactSheet &sheet, const facts::Observation &observation, const facts::MemcachedSample &sample)
{
    if (const facts::MemcachedRates *rates = observation.memcachedRates()) {
        sheet.known(FactSheet::tr("Reads"), rates->getsPerSecond, format::rate);
        sheet.known(FactSheet::tr("Hit rate"), rates->hitRatio, format::hitRate, FactSheet::tr("no read"));
        sheet.known(FactSheet::tr("Missed"), rates->missesPerSecond, format::rate);
        sheet.known(FactSheet::tr("Writes"), rates->setsPerSecond, format::rate);
        sheet.known(FactSheet::tr("Evicted"), rates->evictionsPerSecond, format::rate);
    }
    sheet.fact(FactSheet::tr("Memory"), FactSheet::tr("%1 of %2").arg(format::bytes(sample.used), format::bytes(sample.limit)));
    sheet.fact(FactSheet::tr("Items"), format::count(sample.items));
    sheet.known(FactSheet::tr("Oldest victim"), sample.victimAge, [](std::chrono::seconds age) { return format::age(age); }, FactSheet::tr("nothing was evicted"));
    sheet.fact(FactSheet::tr("Connections"), FactSheet::tr("%1 of %2").arg(format::count(sample.connections), format::count(sample.maxConnections)));
    if (sample.rejectedConnections + sample.listenDisabled > 0)
        sheet.fact(FactSheet::tr("Turned away"), FactSheet::tr("%1 connections since its start").arg(format::count(sample.rejectedConnections + sample.listenDisabled)));
    sheet.fact(FactSheet::tr("Runs since"), format::clockTime(sheet.snapshot().takenUtc - sample.uptime, sheet.snapshot().takenUtc));
    sheet.fact(FactSheet::tr("Version"), text(sample.version));
}

void addTargets(FactSheet &sheet, const facts::RouterFacts &router)
{
    sheet.heading(FactSheet::tr("Leads to"), FactSheet::tr("waiting"));
    for (const facts::RouterTarget &target : router.targets) {
        const QString to = target.leadsTo ? text(target.leadsTo->text()) : format::unknownText(target.leadsTo.error());
        theme::Shape shape = theme::Shape::DashedRing;
        if (target.right)
            shape = *target.right ? (target.paused ? theme::Shape::Triangle : theme::Shape::Dot) : theme::Shape::Diamond;
        const pages::Subject opens = target.leadsTo ? pages::Subject(*target.leadsTo) : pages::Subject(target.cluster);
        sheet.thing(opens, text(target.database), target.paused ? FactSheet::tr("%1, paused").arg(to) : to, format::formattedValue(format::count(target.waiting), sheet.age()), shape);
    }
}

void addRouter(FactSheet &sheet, const facts::Observation &observation, const facts::RouterSample &sample)
{
    if (const facts::RouterFacts *router = sheet.snapshot().router(observation.server)) {
        sheet.known(FactSheet::tr("Transactions"), router->transactionsPerSecond, format::rate);
        sheet.known(FactSheet::tr("For writing"), router->writesPerSecond, format::rate);
        sheet.known(FactSheet::tr("Waiting clients"), router->waiting, [](std::int32_t waiting) { return format::count(waiting); });
    }
    sheet.known(FactSheet::tr("Pool mode"), sample.poolMode, [](const std::string &mode) { return text(mode); });
    sheet.known(FactSheet::tr("Most clients"), sample.maxClientConnections, [](std::int32_t most) { return format::count(most); });
    sheet.known(FactSheet::tr("Dials again after"), sample.serverLoginRetry, format::duration);
    sheet.fact(FactSheet::tr("Version"), text(sample.version));
    if (const facts::RouterFacts *router = sheet.snapshot().router(observation.server))
        addTargets(sheet, *router);
}

void addWhere(FactSheet &sheet, const fleet::Server &server)
{
    sheet.heading(FactSheet::tr("Where"));
    sheet.declared();
    const fleet::Fleet &fleet = sheet.fleet();
    if (const auto *cluster = fleet.clusterOf(server.id))
        sheet.fact(FactSheet::tr("Cluster"), text(cluster->name.text())).opens = cluster->name;
    if (const auto *group = fleet.redisGroupOf(server.id))
        sheet.fact(FactSheet::tr("Group"), text(group->name.text())).opens = group->name;
    if (const auto *pool = fleet.poolOf(server.id))
        sheet.fact(FactSheet::tr("Pool"), text(pool->name.text())).opens = pool->name;
    if (!server.host.isEmpty())
        sheet.fact(FactSheet::tr("Host"), text(server.host.text())).opens = server.host;
    sheet.fact(FactSheet::tr("Region"), text(server.region.text())).opens = server.region;
    const fleet::Endpoint &at = server.address.from(fleet.ownRegion);
    sheet.fact(FactSheet::tr("Address"), QStringLiteral("%1:%2").arg(text(at.host)).arg(at.port)).mono = true;
}

const facts::StandbyLag *lagOf(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const auto in = [&](const std::vector<facts::StandbyLag> &lags) -> const facts::StandbyLag * {
        for (const facts::StandbyLag &lag : lags) {
            if (lag.standby == id)
                return &lag;
        }
        return nullptr;
    };
    if (const auto *cluster = snapshot.fleet->clusterOf(id)) {
        const auto *facts = snapshot.cluster(cluster->name);
        return facts ? in(facts->standbys) : nullptr;
    }
    if (const auto *group = snapshot.fleet->redisGroupOf(id)) {
        const auto *facts = snapshot.redisGroup(group->name);
        return facts ? in(facts->replicas) : nullptr;
    }
    return nullptr;
}

} // namespace

void addServer(FactSheet &sheet, const fleet::Server &server)
{
    const facts::Observation *observation = sheet.snapshot().observation(server.id);
    // Of a standby people ask first how far it is behind.
    if (const facts::StandbyLag *lag = lagOf(sheet.snapshot(), server.id)) {
        sheet.saidBy(server.id);
        addLag(sheet, *lag);
    }
    sheet.heading(FactSheet::tr("Facts"), FactSheet::tr("value, age"));
    sheet.declared();
    sheet.fact(FactSheet::tr("Reached"), reachText(sheet.snapshot(), server.id));
    sheet.saidBy(server.id);
    sheet.fact(FactSheet::tr("Role"), roleOf(sheet.snapshot(), server.id));
    if (const auto fenced = facts::fencedBy(sheet.snapshot(), server.id)) {
        const QString since = format::clockTime(fenced->fence.at, sheet.snapshot().takenUtc);
        sheet.fact(FactSheet::tr("Fenced"), FactSheet::tr("by the guard of %1 since %2").arg(text(fenced->by.text()), since));
        sheet.note(FactSheet::tr("The guard says that it %1.").arg(text(fenced->fence.said)));
    }
    if (observation) {
        if (const auto *sample = observation->postgres())
            addPostgres(sheet, *observation, *sample);
        else if (const auto *redis = observation->redis())
            addRedis(sheet, *observation, *redis);
        else if (const auto *memcached = observation->memcached())
            addMemcached(sheet, *observation, *memcached);
        else if (const auto *router = observation->router())
            addRouter(sheet, *observation, *router);
    }
    addWhere(sheet, server);
}

} // namespace shardlens::ui::shell
