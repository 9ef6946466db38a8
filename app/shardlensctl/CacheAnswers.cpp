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

/// As clients count; a dash where nobody tells or nothing was read.
QString clientHits(const facts::PoolFacts &pool)
{
    using facts::WhyUnknown;
    if (!pool.clientHitRatio && (pool.clientHitRatio.error().why == WhyUnknown::NotConfigured || pool.clientHitRatio.error().why == WhyUnknown::NoValue))
        return dash;
    return known(pool.clientHitRatio, format::hitRate, dash);
}

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
            clientHits(pool),
            sum(known(pool.getsPerSecond, format::rate), pool.getsPerSecond.has_value()),
            sum(known(pool.evictionsPerSecond, format::rate), pool.evictionsPerSecond.has_value()),
            pool.answering == pool.declared ? QStringLiteral("answering") : QStringLiteral("not all answer")};
}

/// What one server said last, as cells: "unknown" where it never answered, in brackets where it does not answer any more.
class ServerCells
{
public:
    ServerCells(const facts::Observation &observation, const facts::Snapshot &snapshot)
        : m_sample(observation.memcached()), m_rates(observation.memcachedRates()), m_isFresh(isFresh(&observation, snapshot))
    {
    }

    template <class Write>
    [[nodiscard]] QString said(Write &&write) const
    {
        return m_sample ? agedWords(write(*m_sample), m_isFresh) : QStringLiteral("unknown");
    }
    template <class T, class Write>
    [[nodiscard]] QString rate(facts::Known<T> facts::MemcachedRates::*which, Write &&write, const QString &none = {}) const
    {
        const QString one = QStringLiteral("unknown: one reading only");
        return said([&](const facts::MemcachedSample &) { return m_rates ? known(m_rates->*which, std::forward<Write>(write), none) : one; });
    }

private:
    const facts::MemcachedSample *m_sample;
    const facts::MemcachedRates *m_rates;
    bool m_isFresh;
};

QStringList serverRow(const base::ServerId &id, const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    using facts::MemcachedRates;
    using facts::MemcachedSample;
    const ServerCells cells(observation, snapshot);
    return {QString(),
            text(id),
            cells.said([](const MemcachedSample &sample) { return format::count(sample.items); }),
            cells.said([](const MemcachedSample &sample) { return format::bytes(sample.used) + QStringLiteral(" of ") + format::bytes(sample.limit); }),
            cells.rate(&MemcachedRates::hitRatio, format::hitRate, dash),
            dash,
            cells.rate(&MemcachedRates::getsPerSecond, format::rate),
            cells.rate(&MemcachedRates::evictionsPerSecond, format::rate),
            stateWords(observation, snapshot)};
}

/// The second table's: the process itself, and what its clients do not find.
QStringList processRow(const base::ServerId &id, const facts::Observation &observation, const facts::Snapshot &snapshot)
{
    using facts::MemcachedSample;
    const ServerCells cells(observation, snapshot);
    return {text(id),
            cells.said([](const MemcachedSample &sample) { return QString::number(sample.processId); }),
            cells.said([](const MemcachedSample &sample) { return format::duration(sample.uptime); }),
            cells.said([](const MemcachedSample &sample) {
                return QStringLiteral("%1 of %2").arg(format::count(sample.connections), format::count(sample.maxConnections));
            }),
            cells.rate(&facts::MemcachedRates::missesPerSecond, format::rate)};
}

/// What every line of the command begins with; a name that is empty is null.
JsonWriter &beginLine(JsonWriter &json, const base::PoolName &pool, const base::RegionName &region, const base::ServerId &server)
{
    json.beginObject();
    nameMember(json, "pool", pool);
    json.member("region", region.text());
    nameMember(json, "server", server);
    return json;
}

void poolJson(Answer &answer, const fleet::Pool &declared, const facts::PoolFacts &pool)
{
    std::string out;
    JsonWriter json(out);
    beginLine(json, pool.name, declared.region, {}).member("servers_answered", pool.answering).member("servers", pool.declared);
    knownMember(json, "used_bytes", pool.used);
    knownMember(json, "limit_bytes", pool.limit);
    knownMember(json, "hit_ratio", pool.hitRatio);
    knownMember(json, "client_hit_ratio", pool.clientHitRatio);
    knownMember(json, "gets_per_second", pool.getsPerSecond);
    knownMember(json, "evictions_per_second", pool.evictionsPerSecond);
    json.endObject();
    answer.line(out);
}

void memcachedMembers(JsonWriter &json, const facts::MemcachedSample *sample)
{
    using facts::MemcachedSample;
    heldMember(json, "version", sample, &MemcachedSample::version);
    heldMember(json, "pid", sample, &MemcachedSample::processId);
    heldMember(json, "uptime_s", sample, [](const MemcachedSample &held) { return held.uptime.count(); });
    heldMember(json, "items", sample, &MemcachedSample::items);
    heldMember(json, "used_bytes", sample, [](const MemcachedSample &held) { return held.used.count; });
    heldMember(json, "limit_bytes", sample, [](const MemcachedSample &held) { return held.limit.count; });
    heldMember(json, "connections", sample, &MemcachedSample::connections);
    heldMember(json, "max_connections", sample, &MemcachedSample::maxConnections);
    heldMember(json, "misses", sample, &MemcachedSample::getMisses);
    heldMember(json, "evictions", sample, &MemcachedSample::evictions);
    if (!sample)
        return nullMembers(json, {"slabs"});
    json.key("slabs").beginArray();
    for (const facts::SlabClass &slab : sample->slabs)
        json.beginObject()
            .member("class", slab.number)
            .member("chunk_bytes", slab.chunk.count)
            .member("items", slab.items)
            .member("held_bytes", slab.held().count)
            .member("waste_bytes", slab.waste().count)
            .member("evicted", slab.evicted)
            .endObject();
    json.endArray();
}

void serverJson(Answer &answer, const fleet::Pool &pool, const base::ServerId &id, const facts::Observation &observation,
                const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    beginLine(json, pool.name, pool.region, id).member("state", facts::name(observation.reach.state));
    freshMembers(json, &observation, snapshot);
    memcachedMembers(json, observation.memcached());
    const facts::MemcachedRates rates = observation.memcachedRates() ? *observation.memcachedRates() : facts::MemcachedRates();
    knownMember(json, "hit_ratio", rates.hitRatio);
    knownMember(json, "gets_per_second", rates.getsPerSecond);
    knownMember(json, "sets_per_second", rates.setsPerSecond);
    knownMember(json, "misses_per_second", rates.missesPerSecond);
    knownMember(json, "evictions_per_second", rates.evictionsPerSecond);
    knownMember(json, "expired_per_second", rates.expiredPerSecond);
    knownMember(json, "flushed_per_second", rates.flushedPerSecond);
    knownMember(json, "refused_fills_per_second", rates.refusedFillsPerSecond);
    json.endObject();
    answer.line(out);
}

void invalidatorJson(Answer &answer, const facts::InvalidatorReport &report, const facts::Snapshot &snapshot)
{
    std::string out;
    JsonWriter json(out);
    const bool fresh = facts::freshnessOf(report, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh;
    beginLine(json, {}, report.region, {}).member("invalidator", facts::name(report.reach.state)).member("fresh", fresh);
    if (report.hasAnswered) {
        if (const auto lag = report.worstLag())
            json.member("lag_p99_ms", inMs(*lag));
        else
            json.key("lag_p99_ms").null();
        json.member("waiting", report.waitingRows());
        knownMember(json, "deletes_per_second", report.rowsPerSecond());
    } else {
        nullMembers(json, {"lag_p99_ms", "waiting", "deletes_per_second"});
    }
    if (report.hasAnswered && report.staleness) {
        json.member("compared", report.staleness->compared).member("stale", report.staleness->stale);
        json.member("measured_ms_ago", inMs(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - report.staleness->at)));
    } else {
        nullMembers(json, {"compared", "measured_ms_ago"});
        unknownMember(json, "stale", report.hasAnswered ? report.staleness.error() : facts::Unknown{facts::WhyUnknown::NotAskedYet, {}});
    }
    json.endObject();
    answer.line(out);
}

/// "Invalidation us-east: 99 % of deletes within 24 ms, 0 wait, 306 /s."
QString invalidatorLine(const facts::InvalidatorReport &report, const facts::Snapshot &snapshot)
{
    const QString region = text(report.region);
    if (facts::freshnessOf(report, snapshot.takenAt, snapshot.fleet->thresholds) != facts::Freshness::Fresh)
        return QStringLiteral("Invalidation %1: unknown: %2").arg(region, report.reach.lastError ? text(report.reach.lastError->message) : QStringLiteral("no answer yet"));
    const auto lag = report.worstLag();
    const auto rate = report.rowsPerSecond();
    QString line = QStringLiteral("Invalidation %1: %2, %3 wait, %4")
                       .arg(region, lag ? QStringLiteral("99 % of deletes within %1").arg(format::duration(*lag)) : rate && *rate > 0 ? QStringLiteral("lag not known") : QStringLiteral("nothing to delete"),
                            format::count(static_cast<std::int64_t>(report.waitingRows())), rate ? format::rate(*rate) : QStringLiteral("rate unknown"));
    if (report.staleness && report.staleness->compared > 0)
        line += QStringLiteral("; of %1 items compared %2 stale").arg(format::count(static_cast<std::int64_t>(report.staleness->compared)), format::count(static_cast<std::int64_t>(report.staleness->stale)));
    return line + QLatin1Char('.');
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
                     {QStringLiteral("BY CLIENTS"), true},
                     {QStringLiteral("GETS"), true},
                     {QStringLiteral("EVICTIONS"), true},
                     {QStringLiteral("STATE")}});
    TextTable processes({{QStringLiteral("SERVER")},
                         {QStringLiteral("PID"), true},
                         {QStringLiteral("UP FOR"), true},
                         {QStringLiteral("CONNECTIONS"), true},
                         {QStringLiteral("MISSES"), true}});
    const auto isWanted = [&](const base::RegionName &region) { return options.region.empty() || region.text() == options.region; };
    for (const fleet::Pool &pool : snapshot.fleet->pools) {
        if (!isWanted(pool.region))
            continue;
        const facts::PoolFacts *poolFacts = snapshot.pool(pool.name);
        if (poolFacts && options.json)
            poolJson(answer, pool, *poolFacts);
        else if (poolFacts)
            table.add(poolRow(*poolFacts));
        for (const base::ServerId &id : pool.servers) {
            const facts::Observation *observation = snapshot.observation(id);
            if (observation && options.json) {
                serverJson(answer, pool, id, *observation, snapshot);
            } else if (observation) {
                table.add(serverRow(id, *observation, snapshot));
                processes.add(processRow(id, *observation, snapshot));
            }
        }
    }
    if (!options.json) {
        answer.add(table);
        answer.line(QString());
        answer.out += processes.toString().toStdString(); // its brackets are explained above it
    }
    for (const facts::InvalidatorReport &report : snapshot.invalidators) {
        if (!isWanted(report.region))
            continue;
        if (options.json)
            invalidatorJson(answer, report, snapshot);
        else
            answer.line(invalidatorLine(report, snapshot));
    }
    answer.exit = exitFor(snapshot, fleet::ServerKind::Memcached, {facts::Rule::CacheServerDown, facts::Rule::InvalidatorDown, facts::Rule::InvalidationFailing,
                          facts::Rule::CacheMustFlush, facts::Rule::CacheHeldBack, facts::Rule::CacheStale});
    return answer;
}

} // namespace shardlens::ctl
