// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/ServerState.h"
#include "ui/pages/cache/CacheRows.h"
#include "ui/pages/cache/CacheSum.h"
#include "ui/pages/cache/CacheWords.h"

namespace shardlens::ui::pages {

using facts::Known;
using models::cellOf;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using Holds = FactColumn::Holds;

CacheServer cacheServer(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    CacheServer seen;
    seen.server = snapshot.fleet->server(id);
    seen.age = format::ageOf(snapshot, id);
    if (const auto *observation = snapshot.observation(id)) {
        seen.sample = observation->memcached();
        seen.rates = observation->memcachedRates();
    }
    return seen;
}

namespace {

FactCell notYet(const CacheServer &seen)
{
    return cellOf(format::formattedUnknown({facts::WhyUnknown::NotAskedYet, {}}, seen.age));
}

FactCell numberCell(const CacheServer &seen, std::int64_t facts::MemcachedSample::*which)
{
    if (!seen.sample)
        return notYet(seen);
    const std::int64_t value = seen.sample->*which;
    return cellOf(format::formattedValue(format::count(value), seen.age), static_cast<qlonglong>(value));
}

FactCell rateCell(const CacheServer &seen, Known<double> facts::MemcachedRates::*which)
{
    const auto value = seen.rates ? seen.rates->*which : Known<double>(facts::unknown(facts::WhyUnknown::NotAskedYet));
    return cellOf(format::formatted(value, seen.age, format::rate), value ? QVariant(*value) : QVariant());
}

FactCell hitCell(const CacheServer &seen)
{
    const auto value = seen.rates ? seen.rates->hitRatio : Known<double>(facts::unknown(facts::WhyUnknown::NotAskedYet));
    if (!value && value.error().why == facts::WhyUnknown::NoValue)
        return models::noneCell(CacheWords::tr("no gets"));
    return cellOf(format::formatted(value, seen.age, format::hitRate), value ? QVariant(*value) : QVariant());
}

FactCell memoryCell(const CacheServer &seen)
{
    if (!seen.sample)
        return notYet(seen);
    const QString used = format::bytes(seen.sample->used);
    auto cell = cellOf(format::formattedValue(CacheWords::tr("%1 of %2").arg(used, format::bytes(seen.sample->limit)), seen.age), static_cast<qlonglong>(seen.sample->used.count));
    if (cell.brief.isEmpty())
        cell.brief = used;
    return cell;
}

FactCell victimCell(const CacheServer &seen)
{
    if (!seen.sample)
        return notYet(seen);
    const auto &age = seen.sample->victimAge;
    if (!age && age.error().why == facts::WhyUnknown::NoValue)
        return models::noneCell(CacheWords::tr("nothing was evicted"));
    return cellOf(format::formatted(age, seen.age, [](std::chrono::seconds value) { return format::duration(value); }), age ? QVariant(static_cast<qlonglong>(age->count())) : QVariant());
}

FactCell connectionsCell(const CacheServer &seen)
{
    if (!seen.sample)
        return notYet(seen);
    const QString open = format::count(seen.sample->connections);
    auto cell = cellOf(format::formattedValue(CacheWords::tr("%1 of %2").arg(open, format::count(seen.sample->maxConnections)), seen.age), seen.sample->connections);
    if (seen.sample->listenDisabled > 0 && cell.state == format::FormattedFact::State::Fresh)
        cell.tip = CacheWords::tr("It stopped accepting connections %1 times since its start.").arg(format::count(seen.sample->listenDisabled));
    return cell;
}

FactCell upCell(const CacheServer &seen)
{
    if (!seen.sample)
        return notYet(seen);
    return cellOf(format::formattedValue(format::duration(seen.sample->uptime), seen.age), static_cast<qlonglong>(seen.sample->uptime.count()));
}

FactCell processCell(const CacheServer &seen)
{
    if (!seen.sample)
        return notYet(seen);
    return cellOf(format::formattedValue(QString::number(seen.sample->processId), seen.age), static_cast<qlonglong>(seen.sample->processId));
}

} // namespace

std::vector<FactColumn> cacheServerColumns(const fleet::Fleet &fleet)
{
    QStringList servers;
    QStringList pools;
    for (const auto &pool : fleet.pools) {
        pools << format::text(pool.name.text());
        for (const auto &id : pool.servers)
            servers << format::text(id.text());
    }
    return {
        {QStringLiteral("server"), CacheWords::tr("Server"), servers.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("pool"), CacheWords::tr("Pool"), pools.join(QLatin1Char('\n')), Holds::Name, 8},
        {QStringLiteral("state"), CacheWords::tr("State"), widestServerState(), Holds::Words, 0, {}, briefestServerState()},
        {QStringLiteral("hit_ratio"), CacheWords::tr("Hit rate"), QStringLiteral("100.00 %"), Holds::Number, 0, CacheWords::tr("As memcached counts it, since the reading before")},
        {QStringLiteral("gets_per_second"), CacheWords::tr("Gets"), format::widestRate(), Holds::Number, 0},
        {QStringLiteral("sets_per_second"), CacheWords::tr("Sets"), format::widestRate(), Holds::Number, 7},
        {QStringLiteral("misses_per_second"), CacheWords::tr("Misses"), format::widestRate(), Holds::Number, 1},
        {QStringLiteral("evictions_per_second"), CacheWords::tr("Evictions"), QStringLiteral("8,888 /s"), Holds::Number, 3},
        {QStringLiteral("items"), CacheWords::tr("Items"), QStringLiteral("88,888,888"), Holds::Number, 4},
        {QStringLiteral("used_bytes"), CacheWords::tr("Memory"), CacheWords::tr("%1 of %2").arg(format::widestBytes(), format::widestBytes()), Holds::Number, 0, {}, format::widestBytes()},
        {QStringLiteral("victim_age_seconds"), CacheWords::tr("Victim’s age"), QStringLiteral("88 min 88 s"), Holds::Number, 6, CacheWords::tr("How long the item that was evicted last had not been asked for")},
        {QStringLiteral("connections"), CacheWords::tr("Connections"), CacheWords::tr("%1 of %2").arg(QStringLiteral("8,888"), QStringLiteral("88,888")), Holds::Number, 3},
        {QStringLiteral("refused"), CacheWords::tr("Refused"), QStringLiteral("88,888"), Holds::Number, 9, CacheWords::tr("Connections refused since its start")},
        {QStringLiteral("uptime_seconds"), CacheWords::tr("Up for"), QStringLiteral("88 min 88 s"), Holds::Number, 2},
        {QStringLiteral("process"), CacheWords::tr("Process"), QStringLiteral("8888888"), Holds::Number, 5, CacheWords::tr("With the uptime it tells a restart from a server that came back with its memory")},
    };
}

std::vector<FactRow> cacheServerRows(const facts::Snapshot &snapshot)
{
    using Sample = facts::MemcachedSample;
    using Rates = facts::MemcachedRates;
    std::vector<FactRow> rows;
    for (const auto &pool : snapshot.fleet->pools) {
        for (const auto &id : pool.servers) {
            const CacheServer seen = cacheServer(snapshot, id);
            rows.push_back({id.text(),
                            {nameCell(format::text(id.text()), serverShape(snapshot, id)), nameCell(format::text(pool.name.text())),
                             serverStateCell(snapshot, id, CacheWords::tr("answers")), hitCell(seen), rateCell(seen, &Rates::getsPerSecond),
                             rateCell(seen, &Rates::setsPerSecond), rateCell(seen, &Rates::missesPerSecond), rateCell(seen, &Rates::evictionsPerSecond),
                             numberCell(seen, &Sample::items), memoryCell(seen), victimCell(seen), connectionsCell(seen), numberCell(seen, &Sample::rejectedConnections),
                             upCell(seen), processCell(seen)}});
        }
    }
    return rows;
}

} // namespace shardlens::ui::pages
