// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/MemoryRows.h"

#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/ServerState.h"
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

namespace {

FactCell missRateCell(const CacheServer &seen, const Known<double> &value)
{
    return cellOf(format::formatted(value, seen.age, format::rate), value ? QVariant(*value) : QVariant());
}

Known<double> rateOf(const CacheServer &seen, Known<double> facts::MemcachedRates::*which)
{
    return seen.rates ? seen.rates->*which : Known<double>(facts::unknown(facts::WhyUnknown::NotAskedYet));
}

/// Misses of what was not there at all: neither expired nor flushed.
Known<double> neverThere(const CacheServer &seen)
{
    using Rates = facts::MemcachedRates;
    const auto misses = rateOf(seen, &Rates::missesPerSecond);
    const auto expired = rateOf(seen, &Rates::expiredPerSecond);
    const auto flushed = rateOf(seen, &Rates::flushedPerSecond);
    if (!misses || !expired || !flushed)
        return misses ? (expired ? flushed : expired) : misses;
    return std::max(0.0, *misses - *expired - *flushed);
}

/// memcached counts whole seconds.
QString wholeSeconds(std::chrono::seconds value)
{
    if (value.count() < 1)
        return QStringLiteral("< 1") + format::kNarrowSpace + QLatin1Char('s');
    return value.count() < 60 ? format::count(value.count()) + format::kNarrowSpace + QLatin1Char('s') : format::duration(value);
}

FactCell agedCell(const CacheServer &seen, const Known<std::chrono::seconds> &age)
{
    if (!age && age.error().why == facts::WhyUnknown::NoValue)
        return models::noneCell(CacheWords::tr("nothing was evicted"));
    return cellOf(format::formatted(age, seen.age, wholeSeconds), age ? QVariant(static_cast<qlonglong>(age->count())) : QVariant());
}

FactCell unfetchedCell(const CacheServer &seen)
{
    if (!seen.sample)
        return cellOf(format::formattedUnknown({facts::WhyUnknown::NotAskedYet, {}}, seen.age));
    return cellOf(format::formattedValue(format::count(seen.sample->evictedUnfetched), seen.age), static_cast<qlonglong>(seen.sample->evictedUnfetched));
}

FactCell sizeCell(const CacheServer &seen, base::Bytes bytes)
{
    return cellOf(format::formattedValue(format::bytes(bytes), seen.age), static_cast<qlonglong>(bytes.count));
}

FactCell slabCount(const CacheServer &seen, std::int64_t value)
{
    return cellOf(format::formattedValue(format::count(value), seen.age), static_cast<qlonglong>(value));
}

} // namespace

std::vector<FactColumn> missColumns(const fleet::Fleet &fleet)
{
    QStringList servers;
    for (const auto &pool : fleet.pools) {
        for (const auto &id : pool.servers)
            servers << format::text(id.text());
    }
    return {
        {QStringLiteral("server"), CacheWords::tr("Server"), servers.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("misses_per_second"), CacheWords::tr("Misses"), format::widestRate(), Holds::Number, 0, CacheWords::tr("Gets that found nothing, since the reading before; grants of leases are not among them")},
        {QStringLiteral("never_there_per_second"), CacheWords::tr("Not there"), format::widestRate(), Holds::Number, 1, CacheWords::tr("Of those: never stored, deleted, or evicted")},
        {QStringLiteral("expired_per_second"), CacheWords::tr("Expired"), format::widestRate(), Holds::Number, 1, CacheWords::tr("Of those: it was there, and its time was over")},
        {QStringLiteral("flushed_per_second"), CacheWords::tr("Flushed"), format::widestRate(), Holds::Number, 2, CacheWords::tr("Of those: it was there, and the server was flushed")},
        {QStringLiteral("refused_fills_per_second"), CacheWords::tr("Refused fills"), format::widestRate(), Holds::Number, 2, CacheWords::tr("cas_badval: the item had changed; leases lost to a delete are among them")},
        {QStringLiteral("evictions_per_second"), CacheWords::tr("Evictions"), format::widestRate(), Holds::Number, 0, CacheWords::tr("Items thrown out because memory was full")},
        {QStringLiteral("victim_age_seconds"), CacheWords::tr("Victim’s age"), QStringLiteral("88 min 88 s"), Holds::Number, 0, CacheWords::tr("How long the item that was evicted last had not been asked for")},
        {QStringLiteral("evicted_unfetched"), CacheWords::tr("Never read"), QStringLiteral("88,888,888"), Holds::Number, 3, CacheWords::tr("Evicted before anybody read them, since its start")},
    };
}

std::vector<FactRow> missRows(const facts::Snapshot &snapshot)
{
    using Rates = facts::MemcachedRates;
    std::vector<FactRow> rows;
    for (const auto &pool : snapshot.fleet->pools) {
        for (const auto &id : pool.servers) {
            const CacheServer seen = cacheServer(snapshot, id);
            rows.push_back({id.text(),
                            {nameCell(format::text(id.text()), serverShape(snapshot, id)), missRateCell(seen, rateOf(seen, &Rates::missesPerSecond)), missRateCell(seen, neverThere(seen)),
                             missRateCell(seen, rateOf(seen, &Rates::expiredPerSecond)), missRateCell(seen, rateOf(seen, &Rates::flushedPerSecond)),
                             missRateCell(seen, rateOf(seen, &Rates::refusedFillsPerSecond)), missRateCell(seen, rateOf(seen, &Rates::evictionsPerSecond)),
                             agedCell(seen, seen.sample ? seen.sample->victimAge : Known<std::chrono::seconds>(facts::unknown(facts::WhyUnknown::NotAskedYet))), unfetchedCell(seen)}});
        }
    }
    return rows;
}

std::vector<FactColumn> slabColumns()
{
    return {
        {QStringLiteral("class"), CacheWords::tr("Class"), QStringLiteral("888"), Holds::Number, 0},
        {QStringLiteral("chunk_bytes"), CacheWords::tr("Chunk"), format::widestBytes(), Holds::Number, 0, CacheWords::tr("What an item of this class takes, whatever its own size")},
        {QStringLiteral("items"), CacheWords::tr("Items"), QStringLiteral("888,888,888"), Holds::Number, 0},
        {QStringLiteral("pages"), CacheWords::tr("Pages"), QStringLiteral("888,888"), Holds::Number, 3, CacheWords::tr("Of 1 MiB, given to this class")},
        {QStringLiteral("held_bytes"), CacheWords::tr("Held"), format::widestBytes(), Holds::Number, 0, CacheWords::tr("All its chunks, used and free")},
        {QStringLiteral("needed_bytes"), CacheWords::tr("Needed"), format::widestBytes(), Holds::Number, 1, CacheWords::tr("What its items need")},
        {QStringLiteral("waste_bytes"), CacheWords::tr("Waste"), format::widestBytes(), Holds::Number, 0, CacheWords::tr("Held, and needed by no item: free chunks, and what items leave of theirs")},
        {QStringLiteral("waste_share"), CacheWords::tr("of held"), QStringLiteral("88.8 %"), Holds::Number, 1},
        {QStringLiteral("evicted"), CacheWords::tr("Evicted"), QStringLiteral("888,888,888"), Holds::Number, 2, CacheWords::tr("Since its start")},
        {QStringLiteral("victim_age_seconds"), CacheWords::tr("Victim’s age"), QStringLiteral("88 min 88 s"), Holds::Number, 2, CacheWords::tr("How long the item that was evicted last had not been asked for")},
        {QStringLiteral("oldest_seconds"), CacheWords::tr("Oldest item"), QStringLiteral("88 min 88 s"), Holds::Number, 3},
    };
}

std::vector<FactRow> slabRows(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    const CacheServer seen = cacheServer(snapshot, server);
    std::vector<FactRow> rows;
    if (!seen.sample)
        return rows;
    for (const facts::SlabClass &slab : seen.sample->slabs) {
        const double held = static_cast<double>(slab.held().count);
        const double share = held > 0 ? static_cast<double>(slab.waste().count) / held : 0;
        FactCell shareCell = cellOf(format::formattedValue(format::share(share), seen.age), share);
        const Known<std::chrono::seconds> oldest = slab.oldest;
        rows.push_back({std::to_string(slab.number),
                        {cellOf(format::formattedValue(QString::number(slab.number), seen.age), slab.number), sizeCell(seen, slab.chunk), slabCount(seen, slab.items), slabCount(seen, slab.pages),
                         sizeCell(seen, slab.held()), sizeCell(seen, slab.requested), sizeCell(seen, slab.waste()), std::move(shareCell), slabCount(seen, slab.evicted), agedCell(seen, slab.victimAge),
                         agedCell(seen, oldest)}});
    }
    return rows;
}

QString slabNote(const facts::Snapshot &snapshot, const base::ServerId &server)
{
    const CacheServer seen = cacheServer(snapshot, server);
    if (!seen.sample)
        return CacheWords::tr("no answer yet");
    if (seen.sample->slabs.empty())
        return CacheWords::tr("read each 10 s: not yet");
    base::Bytes held;
    base::Bytes waste;
    for (const facts::SlabClass &slab : seen.sample->slabs) {
        held.count += slab.held().count;
        waste.count += slab.waste().count;
    }
    const QString words = CacheWords::tr("%1 of %2 held is waste").arg(format::bytes(waste), format::bytes(held));
    return seen.isFresh() ? words : CacheWords::tr("%1, %2 ago").arg(words, seen.age.age ? format::age(*seen.age.age) : QString());
}

} // namespace shardlens::ui::pages
