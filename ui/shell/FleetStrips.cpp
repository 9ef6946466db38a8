// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/FleetStrips.h"

#include "ui/format/Headline.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"

#include <algorithm>
#include <map>

namespace shardlens::ui::shell {

using format::text;
using Tone = StripText::Tone;

namespace {

struct FleetStripsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::shell::Strips)
};

constexpr double kManyShare = 0.2; ///< so large a part of the fleet silent is no matter of a few servers

QString age(base::microseconds value) { return format::age(value); }

} // namespace

StripText sleptStrip(const facts::Snapshot &snapshot)
{
    if (!snapshot.stall)
        return {};
    const QString much = age(snapshot.stall->to - snapshot.stall->from);
    return {Tone::Warning, FleetStripsWords::tr("This console slept %1. Reading again.").arg(much), FleetStripsWords::tr("Slept %1. Reading again.").arg(much), {}, {}};
}

StripText partlySeenStrip(const facts::Snapshot &snapshot)
{
    const format::NotSeen seen = format::notSeenFromHere(snapshot);
    if (const QString words = format::notSeenText(seen); !words.isEmpty())
        return {Tone::Warning, words, FleetStripsWords::tr("%1: not seen from here").arg(seen.regions.join(FleetStripsWords::tr(" and "))), {}, {}};
    if (seen.silent == 0 || seen.silent < kManyShare * seen.servers)
        return {};
    const QString count = FleetStripsWords::tr("%1 of %2 servers do not answer").arg(format::count(seen.silent), format::count(seen.servers));
    return {Tone::Warning, FleetStripsWords::tr("%1. Totals count only what is seen.").arg(count), count, {}, {}};
}

StripText directoryStrip(const facts::Snapshot &snapshot)
{
    if (!snapshot.fleet->directory || !format::allAnsweredOrTimedOut(snapshot))
        return {};
    const facts::ClusterFacts *cluster = snapshot.cluster(snapshot.fleet->directory->cluster);
    if (!cluster)
        return {};
    const facts::Observation *primary = cluster->primary ? snapshot.observation(*cluster->primary) : nullptr;
    if (primary && primary->reach.state != facts::ReachState::Down)
        return {};
    if (!primary && cluster->primary.error().why == facts::WhyUnknown::NotAskedYet)
        return {};
    const QString held = primary && primary->reach.silentSince
                             ? FleetStripsWords::tr("The directory has not answered for %1").arg(age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *primary->reach.silentSince)))
                             : FleetStripsWords::tr("The directory has no primary");
    const auto &servers = snapshot.fleet->cluster(cluster->name)->servers;
    const bool isRead = std::any_of(servers.begin(), servers.end(), [&](const base::ServerId &id) {
        const facts::Observation *one = snapshot.observation(id);
        return one && facts::freshnessOf(*one, snapshot.takenAt, snapshot.fleet->thresholds) == facts::Freshness::Fresh;
    });
    if (isRead)
        return {Tone::Warning, FleetStripsWords::tr("%1: claims, marks and the audit log cannot be written; they are read from its standbys.").arg(held), held,
                FleetStripsWords::tr("Open directory"), {}};
    QString map = FleetStripsWords::tr("the declared shard map is not known");
    if (snapshot.shardMap && snapshot.shardMap->declaredReadAt)
        map = FleetStripsWords::tr("the declared shard map is %1 old").arg(age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *snapshot.shardMap->declaredReadAt)));
    return {Tone::Warning, FleetStripsWords::tr("%1: %2, marks and the audit log cannot be read.").arg(held, map), held, FleetStripsWords::tr("Open directory"), {}};
}

StripText maintenanceStrip(const facts::Snapshot &snapshot, bool overdue)
{
    std::vector<facts::Mark> marks;
    for (const facts::Mark &mark : snapshot.shared ? snapshot.shared->marks : std::vector<facts::Mark>()) {
        if (mark.kind != facts::Mark::Kind::Region && mark.isOverdue(snapshot.takenUtc) == overdue)
            marks.push_back(mark);
    }
    if (marks.empty())
        return {};
    const auto tone = overdue ? Tone::Warning : Tone::Quiet;
    QStringList names;
    for (const facts::Mark &mark : marks)
        names << text(mark.subject);
    const QString all = names.join(QStringLiteral(", "));
    if (marks.size() > 1) {
        const QString number = format::count(std::int64_t(marks.size()));
        return {tone, (overdue ? FleetStripsWords::tr("%1 are longer in maintenance than was said: %2.") : FleetStripsWords::tr("%1 are in maintenance: %2.")).arg(number, all),
                (overdue ? FleetStripsWords::tr("%1 overdue in maintenance") : FleetStripsWords::tr("%1 in maintenance")).arg(number), {}, {}};
    }
    const facts::Mark &mark = marks.front();
    const QString until = mark.until ? format::clockMinute(*mark.until, snapshot.takenUtc) : QString();
    const QString what = overdue ? FleetStripsWords::tr("%1 is in maintenance, and was to be until %2, by %3: %4.") : FleetStripsWords::tr("%1 is in maintenance until %2, by %3: %4.");
    return {tone, what.arg(all, until, text(mark.by.databaseUser), text(mark.reason)), FleetStripsWords::tr("%1 is in maintenance").arg(all), {}, {}};
}

namespace {

std::vector<const facts::Mark *> evacuations(const facts::Snapshot &snapshot)
{
    std::vector<const facts::Mark *> marks;
    if (!snapshot.shared)
        return marks;
    for (const facts::Mark &mark : snapshot.shared->marks) {
        if (mark.kind == facts::Mark::Kind::Region)
            marks.push_back(&mark);
    }
    return marks;
}

/// "6 of 6 clusters", "5 of 6 clusters (1 not known)".
QString awayText(const std::vector<std::optional<base::RegionName>> &now, const base::RegionName &home, const QString &word)
{
    const auto away = std::count_if(now.begin(), now.end(), [&](const auto &region) { return region && *region != home; });
    const auto unknown = std::count(now.begin(), now.end(), std::nullopt);
    const QString known = FleetStripsWords::tr("%1 of %2 %3").arg(format::count(away), format::count(std::int64_t(now.size())), word);
    return unknown == 0 ? known : FleetStripsWords::tr("%1 (%2 not known)").arg(known, format::count(unknown));
}

QString awayOf(const facts::Snapshot &snapshot, const base::RegionName &home)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    const auto regionOf = [&](const auto *facts) -> std::optional<base::RegionName> {
        const fleet::Server *server = facts && facts->primary ? fleet.server(*facts->primary) : nullptr;
        return server ? std::optional(server->region) : std::nullopt;
    };
    std::vector<std::optional<base::RegionName>> clusters;
    std::vector<std::optional<base::RegionName>> groups;
    for (const fleet::Cluster &cluster : fleet.clusters) {
        if (cluster.home == home)
            clusters.push_back(regionOf(snapshot.cluster(cluster.name)));
    }
    for (const fleet::RedisGroup &group : fleet.redisGroups) {
        if (group.home == home)
            groups.push_back(regionOf(snapshot.redisGroup(group.name)));
    }
    QStringList parts;
    if (!clusters.empty())
        parts << awayText(clusters, home, clusters.size() == 1 ? FleetStripsWords::tr("cluster") : FleetStripsWords::tr("clusters"));
    if (!groups.empty())
        parts << awayText(groups, home, groups.size() == 1 ? FleetStripsWords::tr("group") : FleetStripsWords::tr("groups"));
    return parts.join(QStringLiteral(", "));
}

} // namespace

std::optional<base::RegionName> evacuatedRegion(const facts::Snapshot &snapshot)
{
    const auto marks = evacuations(snapshot);
    return marks.empty() ? std::nullopt : std::optional(base::RegionName(marks.front()->subject));
}

StripText evacuatedStrip(const facts::Snapshot &snapshot)
{
    const auto marks = evacuations(snapshot);
    if (marks.empty())
        return {};
    const facts::Mark &mark = *marks.front();
    const QString region = text(mark.subject);
    QString whole = FleetStripsWords::tr("%1 is evacuated since %2 by %3").arg(region, format::clockMinute(mark.since, snapshot.takenUtc), text(mark.by.databaseUser));
    if (const QString away = awayOf(snapshot, base::RegionName(mark.subject)); !away.isEmpty())
        whole += QStringLiteral(", ") + away;
    if (!mark.reason.empty())
        whole += QStringLiteral(": ") + text(mark.reason);
    QString brief = FleetStripsWords::tr("%1 is evacuated").arg(region);
    if (marks.size() > 1) {
        const QString more = FleetStripsWords::tr("; so is %1").arg(text(marks[1]->subject));
        whole += more;
        brief += more;
    }
    return {Tone::Quiet, whole, brief, FleetStripsWords::tr("Return to %1…").arg(region), {}};
}

StripText lookOnlyStrip(const fleet::Fleet &fleet)
{
    if (fleet.acting)
        return {};
    return {Tone::Quiet, FleetStripsWords::tr("Looking only: the fleet file does not switch acting on. Nothing here changes the fleet."), FleetStripsWords::tr("Looking only. Nothing here changes the fleet."),
            FleetStripsWords::tr("Hide this"), {}};
}

QString fleetChanges(const fleet::Fleet &before, const fleet::Fleet &after)
{
    QStringList changes;
    const auto difference = [&](std::size_t was, std::size_t is, const QString &one, const QString &many) {
        if (was == is)
            return;
        const auto by = std::int64_t(was > is ? was - is : is - was);
        changes << FleetStripsWords::tr("%1 %2 %3").arg(format::count(by), by == 1 ? one : many, is > was ? FleetStripsWords::tr("more") : FleetStripsWords::tr("fewer"));
    };
    difference(before.servers.size(), after.servers.size(), FleetStripsWords::tr("server"), FleetStripsWords::tr("servers"));
    difference(before.clusters.size(), after.clusters.size(), FleetStripsWords::tr("cluster"), FleetStripsWords::tr("clusters"));
    difference(before.redisGroups.size(), after.redisGroups.size(), FleetStripsWords::tr("redis group"), FleetStripsWords::tr("redis groups"));
    difference(before.pools.size(), after.pools.size(), FleetStripsWords::tr("pool"), FleetStripsWords::tr("pools"));
    difference(before.regions.size(), after.regions.size(), FleetStripsWords::tr("region"), FleetStripsWords::tr("regions"));
    if (before.name != after.name)
        changes << FleetStripsWords::tr("its name is %1 now").arg(text(after.name));
    if (before.environment != after.environment)
        changes << FleetStripsWords::tr("another environment");
    if (!(before.thresholds == after.thresholds))
        changes << FleetStripsWords::tr("other thresholds");
    if (!(before.access == after.access))
        changes << FleetStripsWords::tr("other access");
    return changes.isEmpty() ? FleetStripsWords::tr("some of its values differ") : changes.join(QStringLiteral(", "));
}

StripText changedFileStrip(const QString &fileName, const fleet::Fleet &before, const fleet::Fleet &after)
{
    return {Tone::Running, FleetStripsWords::tr("%1 changed on disk: %2. It is not loaded yet.").arg(fileName, fleetChanges(before, after)), FleetStripsWords::tr("%1 changed on disk").arg(fileName),
            FleetStripsWords::tr("Load it"), {}};
}

StripText brokenFileStrip(const QString &fileName, const fleet::BadFleetFile &bad, base::UtcTime openedAt, base::UtcTime now)
{
    QString what = text(fleet::sentence(bad.complaints.front(), fileName.toStdString()));
    while (what.endsWith(QLatin1Char('.')))
        what.chop(1);
    if (bad.complaints.size() > 1)
        what += FleetStripsWords::tr(". %1 more below").arg(format::count(std::int64_t(bad.complaints.size()) - 1));
    return {Tone::Warning, FleetStripsWords::tr("%1. Nothing was loaded; the console keeps the fleet of %2.").arg(what, format::clockMinute(openedAt, now)),
            FleetStripsWords::tr("%1 is broken now; the fleet of %2 is kept").arg(fileName, format::clockMinute(openedAt, now)), FleetStripsWords::tr("Show what is wrong"), {}};
}

} // namespace shardlens::ui::shell
