// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/ServerWords.h"
#include "app/shardlensctl/Text.h"
#include "ui/format/Numbers.h"

namespace shardlens::ctl {

namespace {

namespace format = ui::format;

const QString dash = QStringLiteral("-");

QStringList poolRow(const facts::PoolFacts &pool)
{
    // A sum over the servers that answer is a least value where others are silent.
    const auto sum = [&](const QString &words, bool isKnown) {
        return isKnown ? format::sumOf(words, int(pool.declared - pool.answering), int(pool.declared)) : words;
    };
    const QString used = known(pool.used, format::bytes);
    return {text(pool.name),
            QStringLiteral("%1 of %2 servers").arg(pool.answering).arg(pool.declared),
            dash,
            sum(pool.used && pool.limit ? used + QStringLiteral(" of ") + format::bytes(*pool.limit) : used, pool.used.has_value()),
            known(pool.hitRatio, format::hitRate, dash),
            sum(known(pool.getsPerSecond, format::rate), pool.getsPerSecond.has_value()),
            sum(known(pool.evictionsPerSecond, format::rate), pool.evictionsPerSecond.has_value()),
            pool.answering == pool.declared ? QStringLiteral("answering") : QStringLiteral("not all answer")};
}

QStringList serverRow(const base::ServerId &id, const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    const facts::MemcachedSample *sample = observation.memcached();
    const facts::MemcachedRates *rates = observation.memcachedRates();
    const QString state = stateWords(observation, snapshot);
    if (!sample)
        return {QString(),
                text(id),
                QStringLiteral("unknown"),
                QStringLiteral("unknown"),
                QStringLiteral("unknown"),
                QStringLiteral("unknown"),
                QStringLiteral("unknown"),
                state};
    const QString one = QStringLiteral("unknown: one reading only");
    const bool fresh = isFresh(&observation, snapshot);
    return {QString(),
            text(id),
            agedWords(format::count(sample->items), fresh),
            agedWords(format::bytes(sample->used) + QStringLiteral(" of ") + format::bytes(sample->limit), fresh),
            agedWords(rates ? known(rates->hitRatio, format::hitRate, dash) : one, fresh),
            agedWords(rates ? known(rates->getsPerSecond, format::rate) : one, fresh),
            agedWords(rates ? known(rates->evictionsPerSecond, format::rate) : one, fresh),
            state};
}

void poolJson(Answer &answer, const fleet::Pool &declared, const facts::PoolFacts &pool)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("pool", pool.name.text()).member("region", declared.region.text()).key("server").null();
    json.member("servers_answered", pool.answering).member("servers", pool.declared);
    knownMember(json, "used_bytes", pool.used);
    knownMember(json, "limit_bytes", pool.limit);
    knownMember(json, "hit_ratio", pool.hitRatio);
    knownMember(json, "gets_per_second", pool.getsPerSecond);
    knownMember(json, "evictions_per_second", pool.evictionsPerSecond);
    json.endObject();
    answer.line(out);
}

void serverJson(Answer &answer, const fleet::Pool &pool, const base::ServerId &id, const facts::Observation &observation,
                const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject()
        .member("pool", pool.name.text())
        .member("region", pool.region.text())
        .member("server", id.text())
        .member("state", facts::name(observation.reach.state));
    freshMembers(json, &observation, snapshot);
    if (const facts::MemcachedSample *sample = observation.memcached()) {
        json.member("version", sample->version)
            .member("pid", sample->processId)
            .member("uptime_s", sample->uptime.count())
            .member("items", sample->items);
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
    answer.line(out);
}

} // namespace

Answer cacheOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    TextTable table({{QStringLiteral("POOL")},
                     {QStringLiteral("SERVER")},
                     {QStringLiteral("ITEMS"), true},
                     {QStringLiteral("MEMORY"), true},
                     {QStringLiteral("HIT RATE"), true},
                     {QStringLiteral("GETS"), true},
                     {QStringLiteral("EVICTIONS"), true},
                     {QStringLiteral("STATE")}});
    for (const fleet::Pool &pool : snapshot.fleet->pools) {
        const facts::PoolFacts *poolFacts = snapshot.pool(pool.name);
        if (poolFacts && options.json)
            poolJson(answer, pool, *poolFacts);
        else if (poolFacts)
            table.add(poolRow(*poolFacts));
        for (const base::ServerId &id : pool.servers) {
            const facts::Observation *observation = snapshot.observation(id);
            if (observation && options.json)
                serverJson(answer, pool, id, *observation, snapshot);
            else if (observation)
                table.add(serverRow(id, *observation, snapshot));
        }
    }
    if (!options.json)
        answer.add(table);
    answer.exit = exitFor(snapshot, fleet::ServerKind::Memcached, {facts::Rule::CacheServerDown});
    return answer;
}

} // namespace shardlens::ctl
