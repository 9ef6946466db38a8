// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveCommands.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/Numbers.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

const QString dash = QStringLiteral("-");

QStringList poolRow(const facts::PoolFacts &pool)
{
    const QString used = known(pool.used, format::bytes);
    return {text(pool.name), QStringLiteral("%1 of %2 servers").arg(pool.answering).arg(pool.declared), dash,
            pool.used && pool.limit ? used + QStringLiteral(" of ") + format::bytes(*pool.limit) : used, known(pool.hitRatio, format::hitRate, dash),
            known(pool.getsPerSecond, format::rate), known(pool.evictionsPerSecond, format::rate), pool.answering == pool.declared ? QStringLiteral("answering") : QStringLiteral("not all answer")};
}

QStringList serverRow(const base::ServerId &id, const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    const facts::MemcachedSample *sample = observation.memcached();
    const facts::MemcachedRates *rates = observation.memcachedRates();
    const QString state = stateWords(observation, snapshot);
    if (!sample)
        return {QString(), text(id), QStringLiteral("unknown"), QStringLiteral("unknown"), QStringLiteral("unknown"), QStringLiteral("unknown"), QStringLiteral("unknown"), state};
    const QString one = QStringLiteral("unknown: one reading only");
    return {QString(), text(id), format::count(sample->items), format::bytes(sample->used) + QStringLiteral(" of ") + format::bytes(sample->limit),
            rates ? known(rates->hitRatio, format::hitRate, dash) : one, rates ? known(rates->getsPerSecond, format::rate) : one,
            rates ? known(rates->evictionsPerSecond, format::rate) : one, state};
}

void serverJson(const fleet::Pool &pool, const base::ServerId &id, const facts::Observation &observation)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("pool", pool.name.text()).member("region", pool.region.text()).member("server", id.text()).member("state", facts::name(observation.reach.state));
    if (const facts::MemcachedSample *sample = observation.memcached()) {
        json.member("version", sample->version).member("pid", sample->processId).member("uptime_s", sample->uptime.count()).member("items", sample->items);
        json.member("used_bytes", sample->used.count).member("limit_bytes", sample->limit.count).member("connections", sample->connections);
        json.member("evictions", sample->evictions);
    }
    if (const facts::MemcachedRates *rates = observation.memcachedRates()) {
        knownMember(json, "hit_ratio", rates->hitRatio);
        knownMember(json, "gets_per_second", rates->getsPerSecond);
        knownMember(json, "sets_per_second", rates->setsPerSecond);
        knownMember(json, "misses_per_second", rates->missesPerSecond);
        knownMember(json, "evictions_per_second", rates->evictionsPerSecond);
    }
    json.endObject();
    printLine(out);
}

} // namespace

Exit showCache(const Options &options)
{
    const auto observed = observe(options, Need::Rates);
    if (!observed)
        return observed.error();
    const facts::Snapshot &snapshot = **observed;
    TextTable table({{QStringLiteral("POOL")}, {QStringLiteral("SERVER")}, {QStringLiteral("ITEMS"), true}, {QStringLiteral("MEMORY"), true}, {QStringLiteral("HIT RATE"), true},
                     {QStringLiteral("GETS"), true}, {QStringLiteral("EVICTIONS"), true}, {QStringLiteral("STATE")}});
    for (const fleet::Pool &pool : snapshot.fleet->pools) {
        if (const facts::PoolFacts *poolFacts = snapshot.pool(pool.name); poolFacts && !options.json)
            table.add(poolRow(*poolFacts));
        for (const base::ServerId &id : pool.servers) {
            const facts::Observation *observation = snapshot.observation(id);
            if (observation && options.json)
                serverJson(pool, id, *observation);
            else if (observation)
                table.add(serverRow(id, *observation, snapshot));
        }
    }
    if (!options.json)
        table.print();
    return exitFor(snapshot, {facts::Rule::CacheServerDown});
}

} // namespace shardlens::ctl
