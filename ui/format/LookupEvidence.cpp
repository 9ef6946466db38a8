// SPDX-License-Identifier: GPL-3.0-or-later
// What on-call reads of a look-up: servers, versions, times.
#include "ui/format/Fact.h"
#include "ui/format/LookupText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <QStringList>

namespace shardlens::ui::format {

using namespace inspect::lookup;

namespace {

QString amissName(Amiss amiss)
{
    switch (amiss) {
    case Amiss::PrimarySilent: return Words::tr("the primary does not answer; read from a standby, as of its replay");
    case Amiss::StillShown: return Words::tr("deleted, and still cached");
    case Amiss::SaysDeleted: return Words::tr("exists, and the cached copy says deleted");
    case Amiss::NotVisible: return Words::tr("the standby has not got it yet");
    case Amiss::StaleCopy: return Words::tr("the cached copy is older than the standby’s row: an invalidation was lost");
    case Amiss::StaleBoth: return Words::tr("cached copy and standby are both behind");
    case Amiss::RowBehind: return Words::tr("the standby’s row is older");
    case Amiss::MapOtherOwner: return Words::tr("the media map names another owner");
    case Amiss::MapMissing: return Words::tr("the media map has no entry");
    case Amiss::MapLeftOver: return Words::tr("the media map still has an entry");
    case Amiss::OwnerGone: return Words::tr("the owner does not exist");
    case Amiss::Miscount: return Words::tr("stored counts and rows differ");
    case Amiss::AskedOwnerDiffers: return Words::tr("it has not the owner that was asked for");
    case Amiss::RegionSilent: return Words::tr("not enough of it answers to tell what people see there");
    }
    return {};
}

template <class Names>
QString joined(const Names &names)
{
    QStringList texts;
    for (const auto &name : names)
        texts << text(name.text());
    return texts.join(QStringLiteral(", "));
}

/// "; differs: version, likes": from the primary's row.
QString differing(const RegionRow &row, Copy which)
{
    QStringList fields;
    for (const Difference &difference : row.differences) {
        if (difference.copy == which)
            fields << fieldText(difference.field);
    }
    return fields.isEmpty() ? QString() : Words::tr("; differs: %1").arg(fields.join(QStringLiteral(", ")));
}

QString rowLine(const RegionRow &row)
{
    if (!row.row)
        return Words::tr("row not read: %1").arg(reason(row.row.error()));
    const RowCopy &copy = *row.row;
    QString line = Words::tr("row %1 %2").arg(text(copy.server.text()), copyStateText(copy.state));
    if (copy.version != 0)
        line += Words::tr(", version %1, written %2").arg(copy.version).arg(iso8601(copy.updatedAt));
    if (!copy.isPrimary && copy.replayedUpTo)
        line += Words::tr(", replayed up to %1").arg(iso8601(*copy.replayedUpTo));
    if (!copy.standsFor.isEmpty())
        line += Words::tr(", in the place of %1").arg(text(copy.standsFor.text()));
    return line + differing(row, Copy::Row);
}

QString cachedLine(const CachedCopy &copy)
{
    QString line = Words::tr("cache %1 key %2 %3").arg(text(copy.server.text()), text(copy.key), copyStateText(copy.state));
    if (!copy.pool.isEmpty())
        line += Words::tr(", pool %1").arg(text(copy.pool.text()));
    if (copy.version != 0)
        line += Words::tr(", version %1, written %2").arg(copy.version).arg(iso8601(copy.updatedAt));
    if (copy.ttl)
        line += Words::tr(", expires in %1").arg(duration(*copy.ttl));
    return line;
}

QStringList cachedLines(const RegionRow &row)
{
    if (!row.cached)
        return {Words::tr("cache not read: %1").arg(reason(row.cached.error()))};
    QStringList lines{cachedLine(*row.cached) + differing(row, Copy::Cached)};
    for (const CachedCopy &other : row.others)
        lines << cachedLine(other);
    return lines;
}

QString mapLine(const RegionRow &row)
{
    if (!row.map)
        return row.map.error().why == facts::WhyUnknown::NotAskedYet ? QString()
                                                                     : Words::tr("media map not read: %1").arg(reason(row.map.error()));
    QString line =
        Words::tr("media map %1 bucket %2 %3").arg(text(row.map->server.text())).arg(row.map->bucket).arg(copyStateText(row.map->state));
    if (row.map->owner != 0)
        line += Words::tr(", owner %1").arg(row.map->owner);
    return line + differing(row, Copy::Map);
}

} // namespace

QString findingText(const Finding &finding)
{
    QString line = amissName(finding.amiss);
    if (!finding.regions.empty())
        line = joined(finding.regions) + QStringLiteral(": ") + line;
    if (finding.owner != 0)
        line += Words::tr(", %1").arg(finding.owner);
    if (finding.since)
        line += Words::tr(", since %1").arg(iso8601(*finding.since));
    if (finding.age.count() > 0)
        line += (finding.amiss == Amiss::StillShown ? Words::tr(", deleted %1 ago") : Words::tr(", out of date for %1")).arg(age(finding.age));
    if (!finding.servers.empty())
        line += Words::tr(", told by %1").arg(joined(finding.servers));
    return line;
}

QString lookupEvidence(const Answer &answer, const fleet::Fleet &fleet)
{
    QStringList lines{lookupWords(answer, fleet).sentence};
    lines << Words::tr("Looked up %1 at %2, %3.").arg(findText(answer.find), iso8601(answer.askedAt), recordingText(answer.recording));
    for (const Finding &finding : answer.verdict.findings)
        lines << QStringLiteral("- ") + findingText(finding);
    for (const RegionRow &row : answer.regions) {
        lines << Words::tr("%1: %2").arg(text(row.region.text()), seesText(row.sees)) +
                     (row.since ? Words::tr(", since %1").arg(iso8601(*row.since)) : QString());
        for (const QString &line : QStringList{rowLine(row)} + cachedLines(row) + QStringList{mapLine(row)}) {
            if (!line.isEmpty())
                lines << QStringLiteral("    ") + line;
        }
    }
    for (const Trouble &trouble : answer.troubles)
        lines << Words::tr("%1 did not answer: %2").arg(text(trouble.server.text()), text(trouble.error.message));
    return lines.join(QLatin1Char('\n')) + QLatin1Char('\n');
}

} // namespace shardlens::ui::format
