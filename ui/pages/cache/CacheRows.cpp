// SPDX-License-Identifier: GPL-3.0-or-later
// A row a pool. The servers' rows stand in CacheServerRows.cpp.
#include "ui/pages/cache/CacheRows.h"

#include "ui/format/ColdPoolText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/ServerState.h"
#include "ui/pages/cache/CacheSum.h"
#include "ui/pages/cache/CacheWords.h"
#include "ui/theme/Colours.h"

#include <algorithm>
#include <cmath>

namespace shardlens::ui::pages {

using facts::Known;
using models::cellOf;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using Holds = FactColumn::Holds;

namespace {

/// How old the pool's facts are: as its oldest fresh server's; asking while none has answered.
format::FactAge ageOfPool(const facts::Snapshot &snapshot, const fleet::Pool &pool)
{
    std::optional<format::FactAge> fresh;
    format::FactAge any{facts::Freshness::Asking, std::nullopt, {}};
    for (const auto &id : pool.servers) {
        const auto age = format::ageOf(snapshot, id);
        if (age.freshness == facts::Freshness::Fresh) {
            if (!fresh || (age.age && fresh->age && *age.age > *fresh->age))
                fresh = age;
        } else if (any.freshness == facts::Freshness::Asking) {
            any = age;
        }
    }
    return fresh.value_or(any);
}

/// "≥ 37,204 /s (1 of 2 unknown)"; briefly "≥ 37,204 /s".
template <class Write>
FactCell sumCell(const CacheSum &sum, const format::FactAge &age, Write &&write)
{
    if (!sum.isKnown())
        return cellOf(format::formattedUnknown(sum.why(), age));
    const QString text = write(sum.sum());
    auto cell = cellOf(format::formattedValue(format::sumOf(text, sum.unknown(), sum.parts()), age), sum.sum());
    if (sum.unknown() > 0) {
        cell.brief = QString(format::kAtLeast) + format::kNarrowSpace + text;
        cell.tip = cell.text;
    }
    return cell;
}

FactCell answerCell(const facts::Snapshot &snapshot, const fleet::Pool &pool, const format::FactAge &age)
{
    const auto *facts = snapshot.pool(pool.name);
    const auto answering = facts ? facts->answering : 0;
    const QString words = CacheWords::tr("%1 of %2 answer").arg(answering).arg(pool.servers.size());
    if (age.freshness == facts::Freshness::Asking)
        return cellOf(format::formattedValue({}, age));
    if (answering < pool.servers.size()) {
        auto cell = troubledCell(words, {}, facts::Severity::Warning);
        QStringList silent;
        for (const auto &id : pool.servers)
            if (!cacheServer(snapshot, id).isFresh())
                silent << QStringLiteral("%1: %2").arg(format::text(id.text()), serverStateCell(snapshot, id, {}).text);
        cell.tip = silent.join(QLatin1Char('\n'));
        return cell;
    }
    auto cell = nameCell(words);
    cell.role = theme::ColourRole::Muted;
    return cell;
}

FactCell hitCell(const facts::Snapshot &snapshot, const fleet::Pool &pool, const format::FactAge &age)
{
    const auto *facts = snapshot.pool(pool.name);
    const auto hits = facts ? facts->hitRatio : Known<double>(facts::unknown(facts::WhyUnknown::NotAskedYet));
    if (!hits && hits.error().why == facts::WhyUnknown::NoValue)
        return models::noneCell(CacheWords::tr("no gets"));
    return cellOf(format::formatted(hits, age, format::hitRate), hits ? QVariant(*hits) : QVariant());
}

FactCell memoryCell(const facts::Snapshot &snapshot, const fleet::Pool &pool, const format::FactAge &age)
{
    const auto used = sumOver(snapshot, pool.servers, [](const CacheServer &s) { return Known<double>(static_cast<double>(s.sample->used.count)); });
    const auto limit = sumOver(snapshot, pool.servers, [](const CacheServer &s) { return Known<double>(static_cast<double>(s.sample->limit.count)); });
    const auto write = [](double bytes) { return format::bytes(base::Bytes{static_cast<std::int64_t>(bytes)}); };
    return sumCell(used, age, [&](double bytes) { return CacheWords::tr("%1 of %2").arg(write(bytes), write(limit.sum())); });
}

FactCell victimCell(const facts::Snapshot &snapshot, const fleet::Pool &pool, const format::FactAge &age)
{
    std::optional<std::chrono::seconds> youngest;
    bool anyKnown = false;
    for (const auto &id : pool.servers) {
        const CacheServer seen = cacheServer(snapshot, id);
        if (!seen.isFresh())
            continue;
        anyKnown = true;
        if (seen.sample->victimAge)
            youngest = std::min(youngest.value_or(*seen.sample->victimAge), *seen.sample->victimAge);
    }
    if (youngest)
        return cellOf(format::formattedValue(format::duration(*youngest), age), static_cast<qlonglong>(youngest->count()));
    if (anyKnown)
        return models::noneCell(CacheWords::tr("nothing was evicted"));
    return cellOf(format::formattedUnknown({facts::WhyUnknown::NotAskedYet, {}}, age));
}

FactCell connectionsCell(const facts::Snapshot &snapshot, const fleet::Pool &pool, const format::FactAge &age)
{
    const auto open = sumOver(snapshot, pool.servers, [](const CacheServer &s) { return Known<double>(s.sample->connections); });
    const auto most = sumOver(snapshot, pool.servers, [](const CacheServer &s) { return Known<double>(s.sample->maxConnections); });
    return sumCell(open, age, [&](double sum) {
        return CacheWords::tr("%1 of %2").arg(format::count(static_cast<std::int64_t>(sum)), format::count(static_cast<std::int64_t>(most.sum())));
    });
}

CacheSum rateSum(const facts::Snapshot &snapshot, const fleet::Pool &pool, Known<double> facts::MemcachedRates::*which)
{
    return sumOver(snapshot, pool.servers, [&](const CacheServer &s) { return s.rates ? s.rates->*which : Known<double>(facts::unknown(facts::WhyUnknown::NotAskedYet)); });
}

/// A dash where nobody tells, or nothing was read.
FactCell clientHitCell(const facts::Snapshot &snapshot, const fleet::Pool &pool, const format::FactAge &age)
{
    const auto *facts = snapshot.pool(pool.name);
    if (!facts)
        return cellOf(format::formattedUnknown({facts::WhyUnknown::NotAskedYet, {}}, age));
    const auto &ratio = facts->clientHitRatio;
    if (!ratio && ratio.error().why == facts::WhyUnknown::NotConfigured)
        return models::noneCell(CacheWords::tr("the fleet file declares no [[invalidator]] of its region, to which clients would tell it"));
    if (!ratio && ratio.error().why == facts::WhyUnknown::NoValue)
        return models::noneCell(CacheWords::tr("no client has published its counts in the last 10 s"));
    return cellOf(format::formatted(ratio, age, format::hitRate), ratio ? QVariant(*ratio) : QVariant());
}

theme::Shape poolShape(const facts::Snapshot &snapshot, const fleet::Pool &pool)
{
    std::optional<facts::Severity> worst;
    const auto worsen = [&](facts::Severity severity) { worst = worst ? std::min(*worst, severity) : severity; };
    for (const auto &problem : snapshot.problems)
        if (problem.place.pool == pool.name)
            worsen(problem.severity);
    auto shape = theme::Shape::Dot;
    for (const auto &id : pool.servers) {
        const auto own = serverShape(snapshot, id);
        if (own != theme::Shape::Dot && shape == theme::Shape::Dot)
            shape = own;
        if (own == theme::Shape::Diamond || (own == theme::Shape::Triangle && shape != theme::Shape::Diamond))
            shape = own;
    }
    return worst ? theme::shapeOf(*worst) : shape;
}

} // namespace

ShareSpan spanOf(const std::vector<facts::Series> &lines)
{
    double least = 1;
    double most = 0;
    for (const auto &line : lines) {
        for (const auto &point : line) {
            if (point.count == 0)
                continue;
            least = std::min(least, point.mean);
            most = std::max(most, point.mean);
        }
    }
    if (most < least)
        return {};
    for (const double span : {0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5}) {
        const double step = span / 4;
        const double low = std::min(std::floor(least / step) * step, 1 - span);
        if (low >= 0 && low + span >= most)
            return {low, low + span};
    }
    return {};
}

std::vector<FactColumn> poolColumns(const fleet::Fleet &fleet)
{
    QStringList names;
    for (const auto &pool : fleet.pools)
        names << format::text(pool.name.text());
    const auto atLeast = [](const QString &widest) { return QString(format::kAtLeast) + format::kNarrowSpace + widest; };
    const QString memory = CacheWords::tr("%1 of %2").arg(format::widestBytes(), format::widestBytes());
    return {
        {QStringLiteral("pool"), CacheWords::tr("Pool"), names.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("answering"), CacheWords::tr("Servers"), CacheWords::tr("88 of 88 answer"), Holds::Name, 0},
        {QStringLiteral("hit_ratio"), CacheWords::tr("Hit rate"), QStringLiteral("100.00 %"), Holds::Number, 0, CacheWords::tr("As memcached counts it, over the servers that answer: a granted lease is a hit")},
        {QStringLiteral("client_hit_ratio"), CacheWords::tr("Without leases"), QStringLiteral("100.00 %"), Holds::Number, 0, CacheWords::tr("As the pool's clients count it: reads that needed no database, over the last 10 s")},
        {QStringLiteral("hit_line"), CacheWords::tr("%1 to %2").arg(QStringLiteral("88.88"), QStringLiteral("88.88 %")), {}, Holds::Line, 2,
         CacheWords::tr("Hit rate over the page's range, without leases where clients tell; all lines between the same ends")},
        {QStringLiteral("gets_per_second"), CacheWords::tr("Gets"), atLeast(format::widestRate()), Holds::Number, 1},
        {QStringLiteral("misses_per_second"), CacheWords::tr("Misses"), atLeast(format::widestRate()), Holds::Number, 1, CacheWords::tr("Gets that found nothing: reads that go to the databases")},
        {QStringLiteral("evictions_per_second"), CacheWords::tr("Evictions"), atLeast(QStringLiteral("8,888 /s")), Holds::Number, 3, CacheWords::tr("Items thrown out because memory was full")},
        {QStringLiteral("items"), CacheWords::tr("Items"), atLeast(QStringLiteral("888,888,888")), Holds::Number, 4},
        {QStringLiteral("used_bytes"), CacheWords::tr("Memory"), atLeast(memory), Holds::Number, 0},
        {QStringLiteral("victim_age_seconds"), CacheWords::tr("Victim’s age"), QStringLiteral("88 min 88 s"), Holds::Number, 3, CacheWords::tr("How long the item that was evicted last had not been asked for; the youngest of the pool's servers")},
        {QStringLiteral("connections"), CacheWords::tr("Connections"), atLeast(CacheWords::tr("%1 of %2").arg(QStringLiteral("8,888"), QStringLiteral("88,888"))), Holds::Number, 2},
    };
}

PoolRows poolRows(const facts::Snapshot &snapshot, const ChartFeed &feed)
{
    PoolRows made;
    std::vector<facts::Series> lines;
    const auto measure = facts::hitMeasure(!snapshot.invalidators.empty());
    for (const auto &pool : snapshot.fleet->pools)
        lines.push_back(feed.line({}, 0, {measure, pool.name.text()}).points);
    const ShareSpan span = spanOf(lines);
    made.lineTitle = CacheWords::tr("%1 to %2").arg(format::decimal(span.low * 100, 1), format::decimal(span.high * 100, 1) + format::kNarrowSpace + QLatin1Char('%'));
    const auto count = [](double sum) { return format::count(static_cast<std::int64_t>(sum)); };
    for (std::size_t i = 0; i < snapshot.fleet->pools.size(); ++i) {
        const auto &pool = snapshot.fleet->pools[i];
        const auto age = ageOfPool(snapshot, pool);
        FactCell line;
        line.line = models::CellLine{lines[i], std::max(0, theme::regionIndex(*snapshot.fleet, pool.region)), span.low, span.high};
        line.tip = CacheWords::tr("Hit rate, %1").arg(made.lineTitle);
        made.rows.push_back({pool.name.text(),
                             {nameCell(format::text(pool.name.text()), poolShape(snapshot, pool)), answerCell(snapshot, pool, age), hitCell(snapshot, pool, age), clientHitCell(snapshot, pool, age), std::move(line),
                              sumCell(rateSum(snapshot, pool, &facts::MemcachedRates::getsPerSecond), age, format::rate),
                              sumCell(rateSum(snapshot, pool, &facts::MemcachedRates::missesPerSecond), age, format::rate),
                              sumCell(rateSum(snapshot, pool, &facts::MemcachedRates::evictionsPerSecond), age, format::rate),
                              sumCell(sumOver(snapshot, pool.servers, [](const CacheServer &s) { return Known<double>(static_cast<double>(s.sample->items)); }), age, count),
                              memoryCell(snapshot, pool, age), victimCell(snapshot, pool, age), connectionsCell(snapshot, pool, age)}});
    }
    return made;
}

QString coldPools(const facts::Snapshot &snapshot, const ChartFeed &feed)
{
    const auto measure = facts::hitMeasure(!snapshot.invalidators.empty());
    QStringList sentences;
    for (const auto &pool : snapshot.fleet->pools) {
        const auto line = feed.line({}, 0, {measure, pool.name.text()});
        if (const auto warmUp = facts::warmUpOf(line.points, line.was, feed.to()))
            sentences << format::coldPoolText(snapshot, pool, *warmUp);
    }
    return sentences.join(QLatin1Char(' '));
}

QString cacheSummary(const facts::Snapshot &snapshot)
{
    std::vector<base::ServerId> servers;
    for (const auto &pool : snapshot.fleet->pools)
        servers.insert(servers.end(), pool.servers.begin(), pool.servers.end());
    const auto used = sumOver(snapshot, servers, [](const CacheServer &s) { return Known<double>(static_cast<double>(s.sample->used.count)); });
    const auto limit = sumOver(snapshot, servers, [](const CacheServer &s) { return Known<double>(static_cast<double>(s.sample->limit.count)); });
    const QString count = CacheWords::tr("%1 pools, %2 memcached").arg(snapshot.fleet->pools.size()).arg(servers.size());
    if (!used.isKnown())
        return CacheWords::tr("%1, memory not known").arg(count);
    const auto write = [](double bytes) { return format::bytes(base::Bytes{static_cast<std::int64_t>(bytes)}); };
    const QString memory = CacheWords::tr("%1 of %2 used").arg(write(used.sum()), write(limit.sum()));
    return QStringLiteral("%1, %2").arg(count, format::sumOf(memory, used.unknown(), used.parts()));
}

} // namespace shardlens::ui::pages
