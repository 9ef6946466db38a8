// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/lookup/Regions.h"

#include "ui/format/Fact.h"
#include "ui/format/LookupText.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/lookup/LookupWords.h"

#include <algorithm>

namespace shardlens::ui::pages {

using namespace inspect::lookup;
using format::text;
using Tr = LookupPageWords;

namespace {

/// Marks what of a copy is not as the primary has it; fields without a column of their own are named beside its state.
void markDifferences(SeenCopy &copy, const RegionRow &row, Copy which)
{
    QStringList others;
    for (const Difference &difference : row.differences) {
        if (difference.copy != which)
            continue;
        if (difference.field == Field::State || difference.field == Field::Owner)
            copy.stateDiffers = true;
        else
            copy.versionDiffers = true;
        if (difference.field != Field::State && difference.field != Field::Version && difference.field != Field::UpdatedAt &&
            difference.field != Field::Owner)
            others << format::fieldText(difference.field);
    }
    if (!others.isEmpty() && copy.version.isEmpty())
        copy.state += Tr::tr(", other %1").arg(others.join(QStringLiteral(", ")));
}

SeenCopy notRead(const QString &where, const facts::Unknown &unknown)
{
    SeenCopy copy;
    copy.where = where;
    copy.isUnknown = unknown.why != facts::WhyUnknown::NotConfigured;
    copy.state = copy.isUnknown ? format::unknownText(unknown) : Tr::tr("there is none here");
    return copy;
}

SeenCopy rowCopy(const RegionRow &row, base::UtcTime now)
{
    if (!row.row)
        return notRead(Tr::tr("Row"), row.row.error());
    const RowCopy &read = *row.row;
    SeenCopy copy;
    copy.where =
        read.standsFor.isEmpty() ? Tr::tr("Row, %1").arg(text(read.server.text())) : Tr::tr("Row, from %1").arg(text(read.server.text()));
    copy.state = format::copyStateText(read.state);
    if (read.state == CopyState::Exists)
        copy.version = QString::number(read.version);
    if (read.state != CopyState::Absent)
        copy.written = format::clockTime(read.updatedAt, now);
    copy.read = format::ago(row.readAt, now);
    markDifferences(copy, row, Copy::Row);
    return copy;
}

SeenCopy poolCopy(const RegionRow &row, const CachedCopy &read, base::UtcTime now)
{
    SeenCopy copy;
    copy.where = Tr::tr("Copy, %1").arg(text(read.server.text()));
    copy.state = read.state == CopyState::Absent ? Tr::tr("nothing cached") : format::copyStateText(read.state);
    if (read.version != 0)
        copy.version = QString::number(read.version);
    if (read.updatedAt.time_since_epoch().count() != 0 && (read.state == CopyState::Exists || read.state == CopyState::Deleted))
        copy.written = format::clockTime(read.updatedAt, now);
    copy.read = format::ago(row.readAt, now);
    return copy;
}

SeenCopy cachedCopy(const RegionRow &row, base::UtcTime now)
{
    if (!row.cached)
        return notRead(Tr::tr("Copy"), row.cached.error());
    SeenCopy copy = poolCopy(row, *row.cached, now);
    markDifferences(copy, row, Copy::Cached);
    return copy;
}

SeenCopy mapCopy(const RegionRow &row, base::UtcTime now)
{
    if (!row.map)
        return notRead(Tr::tr("Owner map"), row.map.error());
    SeenCopy copy;
    copy.where = Tr::tr("Owner map, %1").arg(text(row.map->server.text()));
    markDifferences(copy, row, Copy::Map);
    if (row.map->state == CopyState::Absent)
        copy.state = Tr::tr("no entry");
    else
        copy.state = copy.stateDiffers ? Tr::tr("another owner") : Tr::tr("agrees");
    copy.read = format::ago(row.readAt, now);
    return copy;
}

bool isAmissHere(Sees sees)
{
    return sees == Sees::OldCopy || sees == Sees::OldRow || sees == Sees::Nothing || sees == Sees::ItStill;
}

QString seesWords(const RegionRow &row)
{
    const QString words = format::seesText(row.sees);
    const bool saysDeleted = row.sees == Sees::OldCopy && row.cached && row.cached->state == CopyState::Deleted;
    return saysDeleted ? Tr::tr("%1: “deleted”").arg(words) : words;
}

} // namespace

std::vector<SeenRegion> seenRegions(const std::vector<RegionRow> &rows, base::UtcTime now)
{
    std::vector<SeenRegion> regions;
    for (const RegionRow &row : rows) {
        SeenRegion region;
        region.id = row.region.text();
        region.name = text(row.region.text());
        region.sees = seesWords(row);
        region.isUnknown = row.sees == Sees::NotKnown;
        const bool otherwise = std::any_of(row.differences.begin(), row.differences.end(),
                                           [](const Difference &difference) { return difference.copy == Copy::Map; });
        region.isSeenWrong = isAmissHere(row.sees);
        region.isAmiss = region.isSeenWrong || (otherwise && !region.isUnknown);
        region.shape = region.isUnknown ? theme::Shape::DashedRing : region.isAmiss ? theme::Shape::Triangle : theme::Shape::Dot;
        if (row.since)
            region.since = Tr::tr("since %1").arg(format::clockTime(*row.since, now));
        region.copies.push_back(rowCopy(row, now));
        // Only media are in the map.
        if (row.map || row.map.error().why != facts::WhyUnknown::NotAskedYet)
            region.copies.push_back(mapCopy(row, now));
        region.copies.push_back(cachedCopy(row, now));
        for (const CachedCopy &other : row.others)
            region.copies.push_back(poolCopy(row, other, now));
        regions.push_back(std::move(region));
    }
    return regions;
}

} // namespace shardlens::ui::pages
