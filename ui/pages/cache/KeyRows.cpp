// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/cache/KeyRows.h"

#include "core/cacheflow/KeyOwner.h"
#include "core/cacheflow/Staleness.h"
#include "ui/format/ItemText.h"
#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/pages/ServerState.h"
#include "ui/pages/cache/CacheWords.h"

#include <algorithm>

namespace shardlens::ui::pages {

using cacheflow::ItemLook;
using cacheflow::PlacedLook;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using models::noneCell;
using Holds = FactColumn::Holds;
using Lease = ItemLook::Lease;
namespace look = inspect::lookup;

namespace {

constexpr std::size_t mostValue = 64 * 1024; ///< bytes of a value that a pane shows

/// The name of a pool at the head of a column: its region's, where that has no other.
QString keyPoolTitle(const fleet::Fleet &fleet, const base::RegionName &region, const base::PoolName &pool)
{
    const bool alone = std::count_if(fleet.pools.begin(), fleet.pools.end(), [&](const auto &other) { return other.region == region; }) == 1;
    return format::text(alone ? region.text() : pool.text());
}

FactCell rawCell(const QString &words, const QVariant &raw, const QString &tip = {})
{
    FactCell cell = nameCell(words);
    cell.raw = raw;
    cell.tip = tip;
    return cell;
}

FactCell askingCell()
{
    FactCell cell = nameCell(QStringLiteral("…"));
    cell.role = theme::ColourRole::Muted;
    cell.raw = {};
    return cell;
}

FactCell unknownCell(const QString &why)
{
    FactCell cell = nameCell(CacheWords::tr("unknown: %1").arg(why));
    cell.brief = CacheWords::tr("unknown");
    cell.tip = cell.text;
    cell.raw = {};
    cell.state = format::FormattedFact::State::Unknown;
    cell.role = theme::ColourRole::UnknownText;
    return cell;
}

const look::RegionRow *regionRow(const KeyPicture &picture, const base::RegionName &region)
{
    if (!picture.rows || !*picture.rows)
        return nullptr;
    const auto &regions = (*picture.rows)->regions;
    const auto found = std::find_if(regions.begin(), regions.end(), [&](const auto &row) { return row.region == region; });
    return found == regions.end() ? nullptr : &*found;
}

/// The row as the region's own standby has it.
const look::RowCopy *rowThere(const KeyPicture &picture, const base::RegionName &region)
{
    const auto *row = regionRow(picture, region);
    return row && row->row ? &*row->row : nullptr;
}

FactCell keyRowCell(const KeyPicture &picture, const base::RegionName &region)
{
    if (!picture.hasRow)
        return noneCell(CacheWords::tr("no pattern of the fleet file fits the key, so that its row is not known"));
    if (!picture.rows)
        return askingCell();
    if (!*picture.rows)
        return unknownCell(format::text(picture.rows->error().message));
    const auto *row = regionRow(picture, region);
    if (!row)
        return unknownCell(CacheWords::tr("its shard is declared nowhere"));
    if (!row->row)
        return unknownCell(format::reason(row->row.error()));
    const look::RowCopy &copy = *row->row;
    const QString tip = CacheWords::tr("As %1 has it").arg(format::text(copy.server.text()));
    if (copy.state != look::CopyState::Exists)
        return rawCell(copy.state == look::CopyState::Deleted ? CacheWords::tr("deleted") : CacheWords::tr("no row"), format::text(std::string(look::name(copy.state))), tip);
    return rawCell(CacheWords::tr("version %1").arg(copy.version), static_cast<qlonglong>(copy.version), tip);
}

FactCell versionCell(const KeyPicture &picture, const base::RegionName &region, const ItemLook &item)
{
    const auto version = cacheflow::versionIn(item.value);
    if (!version)
        return noneCell(item.value.empty() ? CacheWords::tr("it has no value") : CacheWords::tr("the value tells no version"));
    const QString said = CacheWords::tr("version %1").arg(*version);
    const auto *row = rowThere(picture, region);
    if (!row)
        return rawCell(said, static_cast<qlonglong>(*version));
    FactCell cell;
    if (row->state != look::CopyState::Exists)
        cell = troubledCell(CacheWords::tr("%1, its row is gone").arg(said), said, facts::Severity::Warning);
    else if (*version < row->version)
        cell = troubledCell(CacheWords::tr("%1, older than its row").arg(said), said, facts::Severity::Warning);
    else
        cell = nameCell(*version == row->version ? CacheWords::tr("%1, as its row").arg(said) : CacheWords::tr("%1, newer than its row here").arg(said));
    cell.raw = static_cast<qlonglong>(*version);
    return cell;
}

/// Since the row changed that the value was made from; of the same item that the look-up read.
FactCell ageCell(const KeyPicture &picture, const base::RegionName &region, const ItemLook &item)
{
    const auto *row = regionRow(picture, region);
    const bool isSame = row && row->cached && row->cached->cas == item.cas && row->cached->age.count() > 0;
    if (!isSame)
        return noneCell(CacheWords::tr("when its row changed is not known"));
    return rawCell(format::age(row->cached->age), static_cast<double>(row->cached->age.count()) / 1e6);
}

FactCell secondsCell(const std::optional<base::seconds> &value, const QString &none, const QString &why)
{
    return value ? rawCell(format::age(*value), static_cast<qlonglong>(value->count())) : rawCell(none, {}, why);
}

FactCell keyLeaseCell(const ItemLook &item)
{
    const bool isTroubled = item.lease == Lease::ValueStale || item.lease == Lease::ValueFilling;
    FactCell cell = isTroubled ? troubledCell(format::leaseText(item.lease), {}, facts::Severity::Warning) : nameCell(format::leaseText(item.lease));
    cell.tip = format::leaseMeaning(item.lease);
    return cell;
}

FactCell flagsCell(const KeyPicture &picture, const ItemLook &item)
{
    if (!picture.tookWins)
        return noneCell(CacheWords::tr("W, X and Z are not seen without taking wins"));
    return rawCell(item.flags.empty() ? CacheWords::tr("none") : format::text(item.flags), format::text(item.flags));
}

FactCell keySizeCell(const ItemLook &item)
{
    const auto bytes = [](std::uint64_t size) { return format::bytes(base::Bytes{static_cast<std::int64_t>(size)}); };
    return rawCell(bytes(item.value.size()), static_cast<qulonglong>(item.value.size()), CacheWords::tr("%1 with its header").arg(bytes(item.itemBytes)));
}

FactCell keyNumberCell(std::uint64_t number)
{
    return rawCell(QString::number(number), QString::number(number));
}

struct KeyLine {
    const char *id;
    QString words;
    FactCell (*cell)(const KeyPicture &picture, const base::RegionName &region, const ItemLook &item);
    bool isOfRow = false; ///< told by the look-up, also where there is no item
};

const std::vector<KeyLine> &keyLines()
{
    using P = const KeyPicture &;
    using R = const base::RegionName &;
    using I = const ItemLook &;
    static const std::vector<KeyLine> lines{
        {"lease", CacheWords::tr("Lease"), [](P, R, I item) { return keyLeaseCell(item); }},
        {"flags", CacheWords::tr("W, X, Z"), [](P picture, R, I item) { return flagsCell(picture, item); }},
        {"row", CacheWords::tr("Row there"), nullptr, true},
        {"version", CacheWords::tr("Cached"), versionCell},
        {"age", CacheWords::tr("Row changed before"), ageCell},
        {"ttl", CacheWords::tr("Time left"),
         [](P, R, I item) { return secondsCell(item.expiresIn, CacheWords::tr("not told"), CacheWords::tr("Never, or under 2 s: memcached does not tell which")); }},
        {"access", CacheWords::tr("Last read before"),
         [](P, R, I item) {
             FactCell cell = secondsCell(item.lastAccess, CacheWords::tr("not known"), {});
             if (!item.wasFetched)
                 cell.text = CacheWords::tr("never read");
             return cell;
         }},
        {"size", CacheWords::tr("Size"), [](P, R, I item) { return keySizeCell(item); }},
        {"cas", CacheWords::tr("CAS"), [](P, R, I item) { return keyNumberCell(item.cas); }},
        {"client_flags", CacheWords::tr("Client’s flags"), [](P, R, I item) { return keyNumberCell(item.clientFlags); }},
    };
    return lines;
}

FactCell keyCell(const KeyPicture &picture, const PlacedLook *item, const base::RegionName &region, const KeyLine &line)
{
    if (line.isOfRow)
        return keyRowCell(picture, region);
    if (!item)
        return askingCell();
    if (!item->look)
        return line.id == std::string_view("lease") ? unknownCell(format::text(item->look.error().message)) : noneCell(CacheWords::tr("its server does not answer"));
    if (item->look->lease == Lease::Absent && line.id != std::string_view("lease"))
        return noneCell(CacheWords::tr("there is no item"));
    return line.cell(picture, region, *item->look);
}

const PlacedLook *itemIn(const KeyPicture &picture, const base::PoolName &pool)
{
    if (!picture.items || !*picture.items)
        return nullptr;
    const auto found = std::find_if((*picture.items)->begin(), (*picture.items)->end(), [&](const auto &one) { return one.place.pool == pool; });
    return found == (*picture.items)->end() ? nullptr : &*found;
}

QString countIn(std::size_t value)
{
    return format::count(static_cast<std::int64_t>(value));
}

FactCell shareCell(const std::optional<double> &share, const QString &none)
{
    return share ? rawCell(format::share(*share), *share) : noneCell(none);
}

struct ExtraReads {
    int reads = 0;
    bool isLeast = false; ///< nobody says that the pool's clients use leases: each reader that misses reads the database
};

ExtraReads extraReads(const facts::Snapshot &snapshot, const cacheflow::KeyPlace &place, const KeyPicture &picture)
{
    const auto *item = itemIn(picture, place.pool);
    if (item && item->look && item->look->lease == Lease::Absent)
        return {};
    const auto *report = snapshot.invalidator(place.region);
    const auto leases = report ? report->leases.find(place.pool) : std::map<base::PoolName, facts::LeaseReport>::const_iterator();
    const bool saysLeases = report && leases != report->leases.end() && !leases->second.perSecond.empty();
    return {1, !saysLeases};
}

FactCell resultCell(const std::vector<cacheflow::DeletedPlace> &done, const base::PoolName &pool)
{
    const auto found = std::find_if(done.begin(), done.end(), [&](const auto &one) { return one.place.pool == pool; });
    if (found == done.end())
        return noneCell(CacheWords::tr("not done yet"));
    if (!found->wasThere)
        return troubledCell(CacheWords::tr("not deleted: %1").arg(format::text(found->wasThere.error().message)), CacheWords::tr("not deleted"), facts::Severity::Warning);
    return nameCell(*found->wasThere ? CacheWords::tr("deleted") : CacheWords::tr("was not there"), theme::Shape::Dot);
}

} // namespace

bool KeyPicture::hidesValues() const
{
    return hasRow && rows && !*rows && rows->error().code == base::ErrorCode::NoRights;
}

std::vector<std::string> keysIn(const fleet::Fleet &fleet, const QString &text, base::UtcTime now)
{
    const std::string words = text.trimmed().toStdString();
    std::vector<std::string> keys;
    if (words.empty())
        return keys;
    const auto add = [&](const std::string &key) {
        if (!key.empty() && std::find(keys.begin(), keys.end(), key) == keys.end())
            keys.push_back(key);
    };
    const auto addKind = [&](const char *kind, std::uint64_t id) {
        const auto pattern = fleet.keys.cached.find(kind);
        if (pattern != fleet.keys.cached.end())
            add(fleet::expand(pattern->second, "id", std::to_string(id)));
    };
    if (!cacheflow::entityOf(fleet.keys, words)) {
        for (const look::Find &find : look::recognise(words, fleet, now).finds) {
            if (!find.isPlausible)
                continue;
            if (find.kind == look::Kind::CachedKey)
                add(find.text);
            if (find.kind == look::Kind::Media || find.kind == look::Kind::Id)
                addKind("media", find.id);
            if (find.kind == look::Kind::User || find.kind == look::Kind::Id)
                addKind("user", find.id);
        }
    }
    const bool isOneWord = words.find_first_of(" \t\r\n") == std::string::npos;
    if (isOneWord && words.find("://") == std::string::npos)
        add(words);
    return keys;
}

std::vector<FactColumn> keyColumns(const fleet::Fleet &fleet)
{
    QStringList lines{CacheWords::tr("Server")};
    for (const KeyLine &line : keyLines())
        lines << line.words;
    std::vector<FactColumn> columns{{QStringLiteral("fact"), CacheWords::tr("In the cache of"), lines.join(QLatin1Char('\n')), Holds::Name, 0}};
    int importance = 0;
    for (const fleet::Pool &pool : fleet.pools)
        columns.push_back({format::text(pool.name.text()), keyPoolTitle(fleet, pool.region, pool.name), CacheWords::tr("version 88888, newer than its row here"), Holds::Words,
                           importance++ < 3 ? 0 : importance, format::text(pool.name.text()), CacheWords::tr("value, stale bit unknown")});
    return columns;
}

std::vector<FactRow> keyRows(const fleet::Fleet &fleet, const KeyPicture &picture)
{
    std::vector<FactRow> rows;
    FactRow servers{"server", {nameCell(CacheWords::tr("Server"))}};
    const auto places = cacheflow::placesOf(fleet, picture.key, {});
    for (const fleet::Pool &pool : fleet.pools) {
        const auto place = places ? std::find_if(places->begin(), places->end(), [&](const auto &one) { return one.pool == pool.name; })
                                  : std::vector<cacheflow::KeyPlace>::const_iterator();
        servers.cells.push_back(places && place != places->end() ? nameCell(format::text(place->server.text())) : noneCell());
    }
    rows.push_back(std::move(servers));
    for (const KeyLine &line : keyLines()) {
        FactRow row{line.id, {nameCell(line.words)}};
        for (const fleet::Pool &pool : fleet.pools)
            row.cells.push_back(keyCell(picture, itemIn(picture, pool.name), pool.region, line));
        rows.push_back(std::move(row));
    }
    return rows;
}

std::vector<ValueText> valueTexts(const fleet::Fleet &fleet, const KeyPicture &picture)
{
    const std::vector<std::string> masked = cacheflow::maskedMembers(fleet.queries);
    std::vector<ValueText> texts;
    if (!picture.items || !*picture.items)
        return texts;
    std::vector<const std::string *> values;
    for (const PlacedLook &item : **picture.items) {
        const QString region = format::text(item.place.region.text());
        if (!item.look || item.look->lease == Lease::Absent)
            continue;
        const auto same = std::find_if(values.begin(), values.end(), [&](const auto *value) { return *value == item.look->value; });
        if (same != values.end()) {
            texts[static_cast<std::size_t>(same - values.begin())].regions += QStringLiteral(", ") + region;
            continue;
        }
        values.push_back(&item.look->value);
        const auto value = cacheflow::decodeValue(item.look->value, cacheflow::ValueLayout::Pretty, mostValue, masked);
        ValueText text{region, format::valueKindText(value.kind), format::text(value.text)};
        if (value.kind != cacheflow::ItemValue::Kind::Empty)
            text.kind += QStringLiteral(", ") + format::bytes(base::Bytes{static_cast<std::int64_t>(item.look->value.size())});
        if (value.isCut)
            text.kind += QStringLiteral(", ") + CacheWords::tr("its beginning");
        if (picture.hidesValues()) {
            text.kind = CacheWords::tr("not shown");
            text.text = CacheWords::tr("What belongs to a user or a photo is shown to roles support, on-call and ops.");
        }
        texts.push_back(std::move(text));
    }
    return texts;
}

std::vector<FactColumn> spreadColumns(const fleet::Fleet &fleet)
{
    QStringList servers;
    for (const fleet::Pool &pool : fleet.pools) {
        servers << CacheWords::tr("One more in %1").arg(keyPoolTitle(fleet, pool.region, pool.name));
        for (const auto &id : pool.servers)
            servers << format::text(id.text());
    }
    return {
        {QStringLiteral("server"), CacheWords::tr("Server"), servers.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("share"), CacheWords::tr("Keys"), QStringLiteral("88.8 %"), Holds::Number, 0, CacheWords::tr("Share of its pool’s keys that lies on it")},
        {QStringLiteral("moved"), CacheWords::tr("Would move"), QStringLiteral("88.8 %"), Holds::Number, 0,
         CacheWords::tr("Share of the pool’s keys that would be looked for on another server, and missed there at first, if this one left or joined")},
    };
}

std::vector<FactRow> spreadRows(const fleet::Fleet &fleet, const std::vector<cacheflow::PoolSpread> &pools, const KeyPicture &picture)
{
    std::vector<FactRow> rows;
    const auto places = cacheflow::placesOf(fleet, picture.key, {});
    for (const cacheflow::PoolSpread &spread : pools) {
        const fleet::Pool *pool = fleet.pool(spread.pool);
        for (const auto &member : spread.members) {
            const bool holdsKey = places && std::any_of(places->begin(), places->end(), [&](const auto &place) { return place.server == member.server; });
            FactCell name = nameCell(format::text(member.server.text()), holdsKey ? theme::Shape::Dot : theme::Shape::None);
            if (holdsKey)
                name.tip = CacheWords::tr("The key lies here");
            rows.push_back({member.server.text(), {name, rawCell(format::share(member.share), member.share), shareCell(member.lost, CacheWords::tr("it is the pool’s only server"))}});
        }
        if (pool && spread.joined)
            rows.push_back({"+" + spread.pool.text(), {nameCell(CacheWords::tr("One more in %1").arg(keyPoolTitle(fleet, pool->region, pool->name))),
                                                       noneCell(CacheWords::tr("it is not there yet")), shareCell(spread.joined, {})}});
    }
    return rows;
}

std::vector<FactColumn> deleteColumns(const fleet::Fleet &fleet)
{
    QStringList regions;
    QStringList servers;
    for (const fleet::Pool &pool : fleet.pools) {
        regions << keyPoolTitle(fleet, pool.region, pool.name);
        for (const auto &id : pool.servers)
            servers << format::text(id.text());
    }
    return {
        {QStringLiteral("pool"), CacheWords::tr("Pool"), regions.join(QLatin1Char('\n')), Holds::Name, 0},
        {QStringLiteral("server"), CacheWords::tr("Server"), servers.join(QLatin1Char('\n')), Holds::Name, 0},
        {QStringLiteral("holds"), CacheWords::tr("Now"), CacheWords::tr("value, stale bit unknown"), Holds::Words, 0, CacheWords::tr("As it was looked at last")},
        {QStringLiteral("reads"), CacheWords::tr("Extra reads"), CacheWords::tr("at least 1"), Holds::Words, 0, CacheWords::tr("Of the databases: one fills the key again, the others wait where clients use leases")},
        {QStringLiteral("result"), CacheWords::tr("Result"), CacheWords::tr("not deleted: connection refused"), Holds::Words, 0, {}, CacheWords::tr("not deleted")},
    };
}

std::vector<FactRow> deleteRows(const facts::Snapshot &snapshot, const cacheflow::DeletePlan &plan, const KeyPicture &picture,
                                const std::vector<cacheflow::DeletedPlace> &done)
{
    std::vector<FactRow> rows;
    for (const auto &place : plan.places) {
        const auto *item = itemIn(picture, place.pool);
        const ExtraReads extra = extraReads(snapshot, place, picture);
        const QString reads = extra.isLeast ? CacheWords::tr("at least %1").arg(extra.reads) : QString::number(extra.reads);
        rows.push_back({place.pool.text(),
                        {nameCell(keyPoolTitle(*snapshot.fleet, place.region, place.pool)), nameCell(format::text(place.server.text())),
                         item && item->look ? keyLeaseCell(*item->look) : unknownCell(item ? format::text(item->look.error().message) : CacheWords::tr("it was not looked at")),
                         rawCell(reads, extra.reads, extra.isLeast ? CacheWords::tr("Nobody says that this pool’s clients use leases: each that misses reads the database") : QString()),
                         resultCell(done, place.pool)}});
    }
    return rows;
}

operate::ConfirmWords deleteWords(const facts::Snapshot &snapshot, const cacheflow::DeletePlan &plan, const KeyPicture &picture)
{
    ExtraReads sum;
    QStringList servers;
    for (const auto &place : plan.places) {
        const ExtraReads one = extraReads(snapshot, place, picture);
        sum.reads += one.reads;
        sum.isLeast = sum.isLeast || one.isLeast;
        servers << format::text(place.server.text());
    }
    const QString key = format::text(plan.key);
    operate::ConfirmWords words;
    words.act = (plan.places.size() == 1 ? CacheWords::tr("Delete %1 from 1 pool: %2.") : CacheWords::tr("Delete %1 from %3 pools: %2."))
                    .arg(key, servers.join(QStringLiteral(", ")))
                    .replace(QStringLiteral("%3"), countIn(plan.places.size()));
    words.cost = sum.reads == 0 ? CacheWords::tr("It is not there now: no extra read is expected. A lease that is out is void.")
                 : sum.isLeast  ? CacheWords::tr("At least %1 extra reads of the databases. A lease that is out is void.").arg(sum.reads)
                                : CacheWords::tr("About %1 extra reads of the databases. A lease that is out is void.").arg(sum.reads);
    words.button = CacheWords::tr("Delete %1").arg(key.size() > 24 ? key.left(23) + QStringLiteral("…") : key);
    words.name = key;
    return words;
}

QString deletedText(const std::vector<cacheflow::DeletedPlace> &done)
{
    std::size_t deleted = 0;
    std::size_t absent = 0;
    QStringList failed;
    for (const auto &one : done) {
        if (!one.wasThere)
            failed << CacheWords::tr("%1: %2").arg(format::text(one.place.server.text()), format::text(one.wasThere.error().message));
        else
            ++(*one.wasThere ? deleted : absent);
    }
    QStringList phrases{CacheWords::tr("Deleted from %1 of %2 pools").arg(deleted).arg(done.size())};
    if (absent > 0)
        phrases << CacheWords::tr("was not there in %1").arg(absent);
    if (!failed.isEmpty())
        phrases << CacheWords::tr("not deleted: %1").arg(failed.join(QStringLiteral("; ")));
    return phrases.join(QStringLiteral(", ")) + QLatin1Char('.');
}

} // namespace shardlens::ui::pages
