// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/format/Numbers.h"
#include "ui/format/ProblemText.h"
#include "ui/format/Words.h"
#include "ui/models/FactTableModel.h"
#include "ui/pages/ServerState.h"
#include "ui/pages/cache/CacheWords.h"
#include "ui/pages/cache/FlowRows.h"

#include <algorithm>

namespace shardlens::ui::pages {

using facts::Rule;
using facts::WhyUnknown;
using models::cellOf;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using Holds = FactColumn::Holds;

namespace {

bool isOfDeletes(Rule rule)
{
    switch (rule) {
    case Rule::InvalidatorDown:
    case Rule::InvalidationFailing:
    case Rule::InvalidationLate:
    case Rule::CacheMustFlush:
    case Rule::CacheHeldBack:
    case Rule::CacheStale:
    case Rule::LeaseStampede: return true;
    default: return false;
    }
}

/// Of all problems and what is folded under them, the worst about this region's deletes; null for none.
const facts::Problem *worstOf(const facts::Snapshot &snapshot, const base::RegionName &region)
{
    const facts::Problem *worst = nullptr;
    const auto look = [&](const facts::Problem &problem) {
        if (!isOfDeletes(problem.rule) || (!region.isEmpty() && problem.place.region != region))
            return;
        if (!worst || problem.severity < worst->severity)
            worst = &problem;
    };
    for (const auto &problem : snapshot.problems) {
        look(problem);
        for (const auto &consequence : problem.consequences)
            look(consequence);
    }
    return worst;
}

FactCell stateOf(const facts::Snapshot &snapshot, const facts::InvalidatorReport &report, const format::FactAge &age)
{
    if (age.freshness == facts::Freshness::Down) {
        const auto silent = report.reach.silentSince ? format::age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *report.reach.silentSince)) : QString();
        const QString brief = CacheWords::tr("down %1").arg(silent);
        const QString why = report.reach.lastError ? format::text(report.reach.lastError->message) : QString();
        return troubledCell(why.isEmpty() ? brief : QStringLiteral("%1: %2").arg(brief, why), brief, facts::Severity::Critical);
    }
    if (age.freshness != facts::Freshness::Fresh)
        return cellOf(format::formattedValue(CacheWords::tr("follows"), age));
    QStringList failing;
    for (const auto &[cluster, outbox] : report.clusters) {
        if (outbox.state == facts::OutboxFollowing::State::Failing)
            failing << format::text(cluster.text());
    }
    if (!failing.isEmpty()) {
        FactCell cell = troubledCell(CacheWords::tr("%1 of %2 fail").arg(failing.size()).arg(report.clusters.size()), {}, facts::Severity::Warning);
        cell.tip = failing.join(QLatin1String(", "));
        return cell;
    }
    return nameCell(report.isReady ? CacheWords::tr("follows") : CacheWords::tr("starting"));
}

FactCell membersOf(const facts::Snapshot &snapshot, const facts::InvalidatorReport &report, const format::FactAge &age)
{
    if (!report.hasAnswered)
        return cellOf(format::formattedUnknown({age.freshness == facts::Freshness::Asking ? WhyUnknown::NotAskedYet : WhyUnknown::ServerSilent, {}}, age));
    std::int64_t trusted = 0;
    QStringList held;
    for (const auto &[server, member] : report.members) {
        if (member.state == facts::MemberDelivery::State::Here)
            ++trusted;
        else
            held << CacheWords::tr("%1: %2 deletes are owed to it").arg(format::text(server.text()), format::count(static_cast<std::int64_t>(member.waiting)));
    }
    const QString words = CacheWords::tr("%1 of %2").arg(trusted).arg(report.members.size());
    if (held.isEmpty() || age.freshness != facts::Freshness::Fresh)
        return cellOf(format::formattedValue(words, age), static_cast<qlonglong>(trusted));
    FactCell cell = troubledCell(words, {}, facts::Severity::Warning);
    cell.tip = held.join(QLatin1Char('\n'));
    cell.raw = static_cast<qlonglong>(trusted);
    Q_UNUSED(snapshot)
    return cell;
}

FactCell unknownUntilHeard(const facts::InvalidatorReport &report, const format::FactAge &age)
{
    const bool asking = report.reach.state == facts::ReachState::Asking;
    return cellOf(format::formattedUnknown({asking ? WhyUnknown::NotAskedYet : WhyUnknown::ServerSilent, asking ? "" : "invalidator"}, age));
}

/// The server from which a region's applications, and its invalidator, read a cluster; empty: not known.
base::ServerId readServer(const facts::Snapshot &snapshot, const base::RegionName &region, const base::ClusterName &cluster)
{
    for (const facts::RouterFacts &router : snapshot.routers) {
        for (const facts::RouterTarget &target : router.targets) {
            if (router.region == region && target.cluster == cluster && target.forReads && target.leadsTo)
                return *target.leadsTo;
        }
    }
    return {};
}

/// Of each cluster that a region reads from a server whose clock is not its primary's, a sentence: the lag is told without that.
QString clockWords(const facts::Snapshot &snapshot, const facts::InvalidatorReport &report)
{
    QStringList said;
    for (const auto &[cluster, outbox] : report.clusters) {
        const facts::ClusterFacts *facts = snapshot.cluster(cluster);
        const base::ServerId read = readServer(snapshot, report.region, cluster);
        const facts::Observation *reader = read.isEmpty() ? nullptr : snapshot.observation(read);
        const facts::Observation *writer = facts && facts->primary ? snapshot.observation(*facts->primary) : nullptr;
        if (!reader || !writer || !reader->postgres() || !writer->postgres() || !reader->postgres()->clockOffset || !writer->postgres()->clockOffset)
            continue;
        const base::microseconds lead = *reader->postgres()->clockOffset - *writer->postgres()->clockOffset;
        if (std::chrono::abs(lead) <= snapshot.fleet->thresholds.clockSkew)
            continue;
        const QString which = lead.count() > 0 ? CacheWords::tr("The clock of %1 is %2 ahead of %3’s; the lag of %4 is told without that.")
                                               : CacheWords::tr("The clock of %1 is %2 behind %3’s; the lag of %4 is told without that.");
        said << which.arg(format::text(read.text()), format::duration(std::chrono::abs(lead)), format::text(facts->primary->text()), format::text(cluster.text()));
    }
    return said.join(QLatin1Char('\n'));
}

FactCell lagCell(const facts::Snapshot &snapshot, const facts::InvalidatorReport &report, const format::FactAge &age)
{
    if (!report.hasAnswered)
        return unknownUntilHeard(report, age);
    const auto lag = report.worstLag();
    if (!lag)
        return models::noneCell(CacheWords::tr("nothing was deleted in the last 10 s"));
    FactCell cell = cellOf(format::formattedValue(format::duration(*lag), age), static_cast<double>(lag->count()) / 1e6);
    if (const QString words = clockWords(snapshot, report); !words.isEmpty())
        cell.tip = words;
    return cell;
}

FactCell waitingCell(const facts::InvalidatorReport &report, const format::FactAge &age)
{
    if (!report.hasAnswered)
        return unknownUntilHeard(report, age);
    const bool isLeast = std::any_of(report.clusters.begin(), report.clusters.end(), [](const auto &one) { return one.second.isBehind; });
    const auto waiting = static_cast<std::int64_t>(report.waitingRows());
    const QString words = (isLeast ? QString(format::kAtLeast) + format::kNarrowSpace : QString()) + format::count(waiting);
    return cellOf(format::formattedValue(words, age), static_cast<qlonglong>(waiting));
}

FactCell rowsCell(const facts::InvalidatorReport &report, const format::FactAge &age)
{
    if (!report.hasAnswered)
        return unknownUntilHeard(report, age);
    const auto rate = report.rowsPerSecond();
    return cellOf(format::formatted(rate, age, format::rate), rate ? QVariant(*rate) : QVariant());
}

/// Three cells: compared, share stale, the oldest.
std::vector<FactCell> staleCells(const facts::Known<facts::MeasuredStaleness> &found, const format::FactAge &age)
{
    if (!found && found.error().why == WhyUnknown::NoValue)
        return std::vector<FactCell>(3, models::noneCell(CacheWords::tr("not measured yet")));
    if (!found)
        return std::vector<FactCell>(3, cellOf(format::formattedUnknown(found.error(), age)));
    const facts::MeasuredStaleness &measured = *found;
    FactCell compared = cellOf(format::formattedValue(format::count(static_cast<std::int64_t>(measured.compared)), age), static_cast<qlonglong>(measured.compared));
    if (measured.compared == 0) {
        const FactCell none = models::noneCell(measured.error.empty() ? CacheWords::tr("nothing could be compared") : format::text(measured.error));
        return {compared, none, none};
    }
    const bool fresh = age.freshness == facts::Freshness::Fresh;
    const QString share = measured.stale == 0 ? CacheWords::tr("none") : format::share(measured.share());
    FactCell stale = measured.stale > 0 && fresh ? troubledCell(share, {}, facts::Severity::Warning) : cellOf(format::formattedValue(share, age));
    stale.raw = measured.share();
    stale.tip = CacheWords::tr("Of %1 compared: %2 stale, %4 of them without a row, %3 late, %5 not read")
                    .arg(format::count(static_cast<std::int64_t>(measured.compared)), format::count(static_cast<std::int64_t>(measured.stale)), format::count(static_cast<std::int64_t>(measured.late)),
                         format::count(static_cast<std::int64_t>(measured.orphans)), format::count(static_cast<std::int64_t>(measured.unread)));
    if (measured.oldest && measured.stale > 0)
        stale.tip += QLatin1Char('\n') + CacheWords::tr("The oldest: %1").arg(format::duration(*measured.oldest));
    FactCell oldest = measured.oldest ? cellOf(format::formattedValue(format::duration(*measured.oldest), age), static_cast<double>(measured.oldest->count()) / 1e6)
                                      : models::noneCell(measured.stale > 0 ? CacheWords::tr("not known: their rows are deleted") : CacheWords::tr("nothing is stale"));
    return {compared, stale, oldest};
}

/// Each pool's own, where the region has several: what is stale in one alone is a small share of all.
QString poolStaleText(const facts::InvalidatorReport &report)
{
    QStringList lines;
    for (const auto &[pool, found] : report.poolStaleness)
        lines << CacheWords::tr("%1: %2 of %3 stale")
                     .arg(format::text(pool.text()), format::count(static_cast<std::int64_t>(found.stale)), format::count(static_cast<std::int64_t>(found.compared)));
    return lines.size() < 2 ? QString() : lines.join(QLatin1Char('\n'));
}

} // namespace

std::vector<FactColumn> invalidationColumns(const fleet::Fleet &fleet)
{
    QStringList regions;
    for (const auto &region : fleet.regions)
        regions << format::text(region.name.text());
    const QString orUnknown = QLatin1Char('\n') + models::FactTableModel::tr("unknown"); // longer than most numbers
    return {
        {QStringLiteral("region"), CacheWords::tr("Region"), regions.join(QLatin1Char('\n')), Holds::Name, 0, {}, {}, true},
        {QStringLiteral("state"), CacheWords::tr("Invalidator"), CacheWords::tr("down 88 min: connection refused"), Holds::Words, 0, {}, CacheWords::tr("down 88 min")},
        {QStringLiteral("lag_seconds"), CacheWords::tr("Lag"), QStringLiteral("88 min 88 s") + orUnknown, Holds::Number, 1,
         CacheWords::tr("99 of 100 deletes took no longer, from their transaction's beginning; the worst cluster, over the last 10 s")},
        {QStringLiteral("waiting"), CacheWords::tr("Waiting"), QStringLiteral("≥ 888,888") + orUnknown, Holds::Number, 0, CacheWords::tr("Keys read from the outboxes and not yet deleted")},
        {QStringLiteral("rows_per_second"), CacheWords::tr("Rate"), format::widestRate() + orUnknown, Holds::Number, 2, CacheWords::tr("Keys deleted, over the last 10 s")},
        {QStringLiteral("members"), CacheWords::tr("Trusted"), QStringLiteral("88 of 88") + orUnknown, Holds::Number, 0,
         CacheWords::tr("Pool members that have every delete; the others are not read until they have, or are flushed")},
        {QStringLiteral("compared"), CacheWords::tr("Compared"), QStringLiteral("88,888") + orUnknown, Holds::Number, 3, CacheWords::tr("Cached items compared with their rows in the same region; a sample")},
        {QStringLiteral("stale_share"), CacheWords::tr("Stale"), QStringLiteral("88.8 %") + orUnknown, Holds::Number, 0, CacheWords::tr("Of those: older than their row, or without one, and still there half a second later")},
        {QStringLiteral("oldest_seconds"), CacheWords::tr("Oldest"), QStringLiteral("88 min 88 s") + orUnknown, Holds::Number, 4, CacheWords::tr("How long ago the row of the stalest item changed")},
    };
}

std::vector<FactRow> invalidationRows(const facts::Snapshot &snapshot, const MeasuredRegions &measured)
{
    std::vector<FactRow> rows;
    for (const auto &region : snapshot.fleet->regions) {
        const bool hasPool = std::any_of(snapshot.fleet->pools.begin(), snapshot.fleet->pools.end(), [&](const auto &pool) { return pool.region == region.name; });
        const auto *report = snapshot.invalidator(region.name);
        if (!hasPool && !report)
            continue;
        const QString name = format::text(region.name.text());
        if (!report) {
            FactRow row{region.name.text(), {nameCell(name, theme::Shape::DashedRing), nameCell(CacheWords::tr("none is declared"))}};
            row.cells.resize(invalidationColumns(*snapshot.fleet).size(), models::noneCell(CacheWords::tr("the fleet file declares no [[invalidator]] of this region")));
            rows.push_back(std::move(row));
            continue;
        }
        const auto age = ageOfInvalidator(snapshot, *report);
        const auto *worst = worstOf(snapshot, region.name);
        auto shape = theme::Shape::Dot;
        if (worst)
            shape = theme::shapeOf(worst->severity);
        else if (age.freshness == facts::Freshness::Stale)
            shape = theme::Shape::Clock;
        else if (age.freshness == facts::Freshness::Asking)
            shape = theme::Shape::Ellipsis;
        FactRow row{region.name.text(), {nameCell(name, shape), stateOf(snapshot, *report, age), lagCell(snapshot, *report, age), waitingCell(*report, age), rowsCell(*report, age),
                                         membersOf(snapshot, *report, age)}};
        // What this console measured does not grow old with its invalidator.
        const auto own = measured.find(region.name);
        const bool isOwn = own != measured.end() && (!report->staleness || report->staleness->compared == 0 || (own->second && own->second->at > report->staleness->at));
        std::vector<FactCell> stale = staleCells(isOwn ? own->second : report->staleness, isOwn ? format::FactAge() : age);
        if (const QString pools = poolStaleText(*report); !isOwn && !pools.isEmpty() && report->staleness)
            stale[1].tip += QLatin1Char('\n') + pools;
        for (FactCell &cell : stale)
            row.cells.push_back(std::move(cell));
        rows.push_back(std::move(row));
    }
    return rows;
}

QString invalidationRemark(const facts::Snapshot &snapshot)
{
    if (const auto *worst = worstOf(snapshot, {})) {
        const auto words = format::problemText(*worst, snapshot);
        return words.sentence + QLatin1Char(' ') + words.toDo;
    }
    QStringList clocks;
    for (const facts::InvalidatorReport &report : snapshot.invalidators) {
        if (const QString words = clockWords(snapshot, report); !words.isEmpty())
            clocks << words.split(QLatin1Char('\n'));
    }
    return clocks.join(QLatin1Char(' '));
}

} // namespace shardlens::ui::pages
