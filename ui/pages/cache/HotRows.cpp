// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/HotRows.h"

#include "core/cacheflow/KeyOwner.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/cache/CacheWords.h"

#include <algorithm>

namespace shardlens::ui::pages {

using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using Holds = FactColumn::Holds;

namespace {

FactCell plainCell(const QString &words, const QVariant &raw)
{
    FactCell cell;
    cell.text = words;
    cell.raw = raw;
    return cell;
}

QString countWords(std::uint64_t value)
{
    return format::count(static_cast<std::int64_t>(value));
}

FactCell ownerCell(const fleet::Fleet &fleet, const std::string &key)
{
    const QString owner = keyOwner(fleet, key);
    return owner.isEmpty() ? models::noneCell(CacheWords::tr("no pattern of the fleet file fits it")) : nameCell(owner);
}

} // namespace

QString keyOwner(const fleet::Fleet &fleet, const std::string &key)
{
    const auto entity = cacheflow::entityOf(fleet.keys, key);
    if (!entity)
        return {};
    const auto shard = cacheflow::shardOf(fleet.idLayout, entity->id);
    return (entity->kind == "user" ? CacheWords::tr("a user, shard %1") : CacheWords::tr("a photo, shard %1")).arg(shard);
}

std::vector<FactColumn> hotColumns(bool ofMisses)
{
    return {
        {QStringLiteral("key"), CacheWords::tr("Key"), QStringLiteral("m:8888888888888888888"), Holds::Name, 0},
        {QStringLiteral("per_second"), ofMisses ? CacheWords::tr("Misses") : CacheWords::tr("Reads"), format::widestRate(), Holds::Number, 0},
        {QStringLiteral("share"), CacheWords::tr("Share"), QStringLiteral("88.8 %"), Holds::Number, 1, ofMisses ? CacheWords::tr("Of all misses") : CacheWords::tr("Of all reads")},
        {QStringLiteral("error_per_second"), CacheWords::tr("Off by"), format::widestRate(), Holds::Number, 3, CacheWords::tr("At most: the ranking keeps 1,000 keys, and counts what it may have taken over from others")},
        {QStringLiteral("owner"), CacheWords::tr("Key of"), CacheWords::tr("a photo, shard 8888"), Holds::Name, 2},
    };
}

std::vector<FactRow> hotRows(const fleet::Fleet &fleet, const cacheflow::HotKeysReport &report, bool ofMisses)
{
    const cacheflow::HotKeys keys = report.together(mostHotRows);
    const double seconds = std::max(static_cast<double>(report.counted.count()) / 1000, 0.001);
    const std::uint64_t all = ofMisses ? keys.misses : keys.gets;
    const double times = ofMisses ? 1 : keys.sampledOneOf;
    std::vector<FactRow> rows;
    for (const auto &hot : ofMisses ? keys.missed : keys.top) {
        const double rate = static_cast<double>(hot.count) * times / seconds;
        const double off = static_cast<double>(hot.error) * times / seconds;
        const double share = all == 0 ? 0 : std::min(1.0, static_cast<double>(hot.count) * times / static_cast<double>(all));
        rows.push_back({hot.key, {nameCell(format::text(hot.key)), plainCell(format::rate(rate), rate), plainCell(format::share(share), share),
                                  hot.error == 0 ? models::noneCell(times > 1 ? CacheWords::tr("from one of %1 reads").arg(keys.sampledOneOf) : CacheWords::tr("exact")) : plainCell(format::rate(off), off), ownerCell(fleet, hot.key)}});
    }
    return rows;
}

std::vector<FactColumn> herdColumns()
{
    return {
        {QStringLiteral("key"), CacheWords::tr("Key"), QStringLiteral("m:8888888888888888888"), Holds::Name, 0},
        {QStringLiteral("clients"), CacheWords::tr("Clients"), QStringLiteral("8,888"), Holds::Number, 0, CacheWords::tr("Different connections that missed it within a tenth of a second, at worst")},
        {QStringLiteral("reads"), CacheWords::tr("Reads"), QStringLiteral("88,888"), Holds::Number, 1, CacheWords::tr("That found nothing then, waiting for another's fill among them")},
        {QStringLiteral("misses"), CacheWords::tr("Misses"), QStringLiteral("888,888"), Holds::Number, 2, CacheWords::tr("Over the whole watch")},
        {QStringLiteral("owner"), CacheWords::tr("Key of"), CacheWords::tr("a photo, shard 8888"), Holds::Name, 2},
    };
}

std::vector<FactRow> herdRows(const fleet::Fleet &fleet, const cacheflow::HotKeysReport &report)
{
    std::vector<FactRow> rows;
    for (const auto &herd : report.together(mostHotRows).herds)
        rows.push_back({herd.key, {nameCell(format::text(herd.key)), plainCell(countWords(herd.clients), herd.clients), plainCell(countWords(herd.reads), herd.reads),
                                   plainCell(countWords(herd.misses), static_cast<qulonglong>(herd.misses)), ownerCell(fleet, herd.key)}});
    return rows;
}

QString hotSummary(const base::RegionName &region, const cacheflow::HotKeysReport &report)
{
    const cacheflow::HotKeys keys = report.together(1);
    QStringList phrases{CacheWords::tr("%1, %2: %3 lines").arg(format::text(region.text()), format::age(report.counted), countWords(keys.lines)),
                        format::bytes(base::Bytes{static_cast<std::int64_t>(report.bytes())}),
                        keys.sampledOneOf > 1 ? CacheWords::tr("%1 reads (one of %2 ranked)").arg(countWords(keys.gets)).arg(keys.sampledOneOf) : CacheWords::tr("%1 reads").arg(countWords(keys.gets)),
                        CacheWords::tr("%1 missed").arg(countWords(keys.misses)),
                        report.lost() == 0 ? CacheWords::tr("no line lost") : CacheWords::tr("%1 lines lost").arg(countWords(report.lost())),
                        CacheWords::tr("%1 of Shardlens’s own left out").arg(countWords(keys.own))};
    for (const auto &member : report.members) {
        if (member.error)
            phrases << CacheWords::tr("%1 is not watched: %2").arg(format::text(member.server), format::text(member.error->message));
    }
    return phrases.join(QLatin1String(", "));
}

} // namespace shardlens::ui::pages
