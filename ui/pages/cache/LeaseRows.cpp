// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/HerdCounts.h"
#include "core/facts/LeaseCounts.h"
#include "ui/format/ItemText.h"
#include "ui/format/Numbers.h"
#include "ui/format/Times.h"
#include "ui/format/Words.h"
#include "ui/pages/cache/CacheWords.h"
#include "ui/pages/cache/FlowRows.h"

#include <algorithm>
#include <numeric>

namespace shardlens::ui::pages {

using facts::WhyUnknown;
using models::cellOf;
using models::FactCell;
using models::FactColumn;
using models::FactRow;
using models::nameCell;
using Holds = FactColumn::Holds;

namespace {

struct LeaseLine {
    const char *counter;
    QString words;
    QString tip;
};

const std::vector<LeaseLine> &leaseLines()
{
    static const std::vector<LeaseLine> lines{
        {"granted", CacheWords::tr("Granted"), CacheWords::tr("The right to fill was won: a read of the database")},
        {"filled", CacheWords::tr("Filled"), CacheWords::tr("And the value was stored")},
        {"lost", CacheWords::tr("Lost to an invalidation"), CacheWords::tr("And the fill was refused: the key was deleted or evicted meanwhile, so that nothing old was stored")},
        {"waited", CacheWords::tr("Waited for a fill"), CacheWords::tr("Reads that waited while another filled")},
        {"stale_served", CacheWords::tr("Served a stale value"), CacheWords::tr("Reads that took the value marked stale while another filled")},
        {"gave_up", CacheWords::tr("Gave up waiting"), CacheWords::tr("Waited as long as allowed: a read of the database that fills nothing")},
        {"failed", CacheWords::tr("Found no server"), CacheWords::tr("The member did not answer, or is not trusted yet: a read of the database")},
    };
    return lines;
}

QString largestHerdTitle()
{
    return CacheWords::tr("Largest herd");
}

QString waitsTitle()
{
    return CacheWords::tr("Waits: half, 99 of 100");
}

QString waitEdgeText(std::size_t bucket)
{
    const auto &edges = facts::LeaseCounts::waitEdges;
    const bool isWithin = bucket < edges.size();
    return QChar(isWithin ? 0x2264 : u'>') + QString(format::kNarrowSpace) + format::duration(base::milliseconds(isWithin ? edges[bucket] : edges.back()));
}

/// The bucket in which the wait lies that `share` of all are no longer than.
std::size_t waitBucket(const facts::LeaseCounts &counts, double share)
{
    const auto all = std::accumulate(counts.waits.begin(), counts.waits.end(), std::uint64_t(0));
    std::uint64_t sum = 0;
    for (std::size_t i = 0; i + 1 < counts.waits.size(); ++i) {
        sum += counts.waits[i];
        if (static_cast<double>(sum) >= share * static_cast<double>(all))
            return i;
    }
    return counts.waits.size() - 1;
}

/// The name of a pool at the head of a column: its region's, where that has no other.
QString poolTitle(const fleet::Fleet &fleet, const fleet::Pool &pool)
{
    const bool alone = std::count_if(fleet.pools.begin(), fleet.pools.end(), [&](const auto &other) { return other.region == pool.region; }) == 1;
    return format::text(alone ? pool.region.text() : pool.name.text());
}

/// What a pool's clients say, or why it is not known.
facts::Known<const facts::LeaseReport *> leasesOf(const facts::Snapshot &snapshot, const fleet::Pool &pool)
{
    const auto *report = snapshot.invalidator(pool.region);
    if (!report)
        return facts::unknown(WhyUnknown::NotConfigured, "invalidator");
    if (!report->hasAnswered)
        return report->reach.state == facts::ReachState::Asking ? facts::unknown(WhyUnknown::NotAskedYet)
                                                                : facts::unknown(WhyUnknown::ServerSilent, "invalidator of " + pool.region.text());
    const auto found = report->leases.find(pool.name);
    if (found == report->leases.end() || found->second.perSecond.empty())
        return facts::unknown(WhyUnknown::NoValue, "clients");
    return &found->second;
}

FactCell leaseCell(const facts::Snapshot &snapshot, const fleet::Pool &pool, const char *counter)
{
    const auto *report = snapshot.invalidator(pool.region);
    const auto age = report ? ageOfInvalidator(snapshot, *report) : format::FactAge{};
    const auto leases = leasesOf(snapshot, pool);
    if (!leases && leases.error().why == WhyUnknown::NoValue)
        return models::noneCell(CacheWords::tr("no client has published any in the last 10 s"));
    if (!leases)
        return cellOf(format::formattedUnknown(leases.error(), age));
    const double rate = (*leases)->rate(counter);
    FactCell cell = cellOf(format::formattedValue(format::rate(rate), age), rate);
    if (rate > 0 && std::string_view(counter) == "gave_up" && cell.state == format::FormattedFact::State::Fresh)
        cell.role = theme::ColourRole::WarningText;
    return cell;
}

/// The most readers that one of the pool's processes had waiting for the same fill.
FactCell herdCell(const facts::Snapshot &snapshot, const fleet::Pool &pool)
{
    const auto *report = snapshot.invalidator(pool.region);
    const auto age = report ? ageOfInvalidator(snapshot, *report) : format::FactAge{};
    const auto leases = leasesOf(snapshot, pool);
    if (!leases)
        return leaseCell(snapshot, pool, "waited");
    const auto largest = facts::largestHerd([&](std::string_view name) { return (*leases)->rate(name) > 0; });
    if (largest)
        return cellOf(format::formattedValue(format::herdSizeText(*largest), age), format::herdSizeText(*largest));
    if ((*leases)->rate("waited") > 0)
        return models::noneCell(CacheWords::tr("the pool’s clients publish no herds"));
    return cellOf(format::formattedValue(QStringLiteral("0"), age), 0);
}

/// How long half of those that waited did at most, and 99 of 100; the buckets on hover.
FactCell waitCell(const facts::Snapshot &snapshot, const fleet::Pool &pool)
{
    const auto *report = snapshot.invalidator(pool.region);
    const auto age = report ? ageOfInvalidator(snapshot, *report) : format::FactAge{};
    const auto leases = leasesOf(snapshot, pool);
    if (!leases)
        return leaseCell(snapshot, pool, "waited");
    const facts::LeaseCounts &counts = (*leases)->counts;
    const auto all = std::accumulate(counts.waits.begin(), counts.waits.end(), std::uint64_t(0));
    if (all == 0)
        return models::noneCell(CacheWords::tr("no read has waited since the region’s invalidator started"));
    const QString most = waitEdgeText(waitBucket(counts, 0.99));
    const QString both = CacheWords::tr("%1, %2").arg(waitEdgeText(waitBucket(counts, 0.5)), most);
    FactCell cell = cellOf(format::formattedValue(both, age), both);
    cell.brief = most;
    QStringList buckets{CacheWords::tr("Since the region’s invalidator started:")};
    for (std::size_t i = 0; i < counts.waits.size(); ++i) {
        if (counts.waits[i] > 0)
            buckets << CacheWords::tr("%1: %2").arg(waitEdgeText(i), format::share(static_cast<double>(counts.waits[i]) / static_cast<double>(all)));
    }
    cell.tip = buckets.join(QLatin1Char('\n')) + (cell.tip.isEmpty() ? QString() : QLatin1Char('\n') + cell.tip);
    return cell;
}

} // namespace

format::FactAge ageOfInvalidator(const facts::Snapshot &snapshot, const facts::InvalidatorReport &report)
{
    format::FactAge age;
    age.freshness = facts::freshnessOf(report, snapshot.takenAt, snapshot.fleet->thresholds);
    if (report.reach.lastAnswer)
        age.age = std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *report.reach.lastAnswer);
    age.asking = std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - snapshot.observingSince);
    return age;
}

bool isAskingInvalidators(const facts::Snapshot &snapshot)
{
    return std::any_of(snapshot.invalidators.begin(), snapshot.invalidators.end(),
                       [](const auto &report) { return !report.hasAnswered && report.reach.state == facts::ReachState::Asking; });
}

std::vector<FactColumn> leaseColumns(const fleet::Fleet &fleet)
{
    QStringList lines;
    for (const LeaseLine &line : leaseLines())
        lines << line.words;
    lines << waitsTitle() << largestHerdTitle();
    std::vector<FactColumn> columns{{QStringLiteral("counter"), CacheWords::tr("Each second"), lines.join(QLatin1Char('\n')), Holds::Name, 0}};
    const QString widestWait = waitEdgeText(7);
    const QString widest = QStringLiteral("8,888 /s\n") + widestWait; // its last line goes on where there is room for both
    constexpr int alwaysShown = 3; // a region that is left out looks like one without leases
    int importance = 0;
    for (const fleet::Pool &pool : fleet.pools)
        columns.push_back({format::text(pool.name.text()), poolTitle(fleet, pool), widest + QStringLiteral(", ") + widestWait, Holds::Number, importance++ < alwaysShown ? 0 : importance,
                           CacheWords::tr("%1, over the last 10 s").arg(format::text(pool.name.text())), widest});
    return columns;
}

std::vector<FactRow> leaseRows(const facts::Snapshot &snapshot)
{
    std::vector<FactRow> rows;
    for (const LeaseLine &line : leaseLines()) {
        FactRow row{line.counter, {nameCell(line.words)}};
        row.cells.front().tip = line.tip;
        for (const fleet::Pool &pool : snapshot.fleet->pools)
            row.cells.push_back(leaseCell(snapshot, pool, line.counter));
        rows.push_back(std::move(row));
    }
    FactRow waits{"waits", {nameCell(waitsTitle())}};
    waits.cells.front().tip = CacheWords::tr("Half of the reads that waited for a fill, and 99 of 100, waited no longer; since the region’s invalidator started");
    for (const fleet::Pool &pool : snapshot.fleet->pools)
        waits.cells.push_back(waitCell(snapshot, pool));
    rows.push_back(std::move(waits));
    FactRow herds{"herd", {nameCell(largestHerdTitle())}};
    herds.cells.front().tip = CacheWords::tr("The most readers of one process that waited for the same fill, over the last 10 s");
    for (const fleet::Pool &pool : snapshot.fleet->pools)
        herds.cells.push_back(herdCell(snapshot, pool));
    rows.push_back(std::move(herds));
    return rows;
}

QString leaseNote(const facts::Snapshot &snapshot)
{
    std::optional<facts::Instant> newest;
    for (const auto &report : snapshot.invalidators) {
        for (const auto &[pool, leases] : report.leases) {
            if (leases.heardAt && (!newest || *leases.heardAt > *newest))
                newest = leases.heardAt;
        }
    }
    if (snapshot.invalidators.empty())
        return CacheWords::tr("no invalidator is declared");
    if (!newest && isAskingInvalidators(snapshot))
        return CacheWords::tr("asking");
    if (!newest)
        return CacheWords::tr("no client has published any");
    return CacheWords::tr("as clients publish them, %1 ago").arg(format::age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *newest)));
}

SilentPools silentPools(const facts::Snapshot &snapshot)
{
    SilentPools silent;
    QStringList titles;
    std::optional<facts::UtcTime> since; // of none of them was anything heard after it
    for (const fleet::Pool &pool : snapshot.fleet->pools) {
        const auto leases = leasesOf(snapshot, pool);
        if (leases || leases.error().why != WhyUnknown::NoValue)
            continue;
        silent.names.push_back(pool.name);
        titles << poolTitle(*snapshot.fleet, pool);
        const auto &report = *snapshot.invalidator(pool.region);
        std::optional<facts::UtcTime> last = report.startedUtc;
        if (const auto found = report.leases.find(pool.name); found != report.leases.end() && found->second.heardAt)
            last = snapshot.takenUtc - std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *found->second.heardAt);
        if (last)
            since = std::max(since.value_or(*last), *last);
    }
    if (silent.names.empty())
        return silent;
    silent.what = CacheWords::tr("No lease statistics for %1.").arg(titles.join(QStringLiteral(", ")));
    silent.since = since ? CacheWords::tr("No client there has published any since %1.").arg(format::clockMinute(*since, snapshot.takenUtc)) : CacheWords::tr("No client there has published any.");
    return silent;
}

QString whyTwoHitRates(const facts::Snapshot &snapshot)
{
    if (snapshot.invalidators.empty())
        return CacheWords::tr("memcached counts a granted lease as a hit. What clients found is not known: the fleet file declares no [[invalidator]], to which they would tell it.");
    double reads = 0;
    double misses = 0;
    for (const auto &pool : snapshot.fleet->pools) {
        const auto leases = leasesOf(snapshot, pool);
        if (!leases || facts::freshnessOf(*snapshot.invalidator(pool.region), snapshot.takenAt, snapshot.fleet->thresholds) != facts::Freshness::Fresh)
            continue;
        reads += (*leases)->readsPerSecond();
        misses += (*leases)->databaseReadsPerSecond();
    }
    if (!(reads > 0) && isAskingInvalidators(snapshot))
        return CacheWords::tr("memcached counts a granted lease as a hit. What clients found is asked of the invalidators, to which they tell it.");
    if (!(reads > 0))
        return CacheWords::tr("memcached counts a granted lease as a hit. What clients found is not known: none has published its counts in the last 10 s.");
    return CacheWords::tr("Why two hit rates: memcached counts a lease as a hit, though its client found nothing and went to the database. %1 of all reads did.")
        .arg(format::share(misses / reads));
}

SavedReads savedReads(const facts::Snapshot &snapshot)
{
    SavedReads sum;
    for (const auto &pool : snapshot.fleet->pools) {
        ++sum.pools;
        const auto leases = leasesOf(snapshot, pool);
        if (!leases || facts::freshnessOf(*snapshot.invalidator(pool.region), snapshot.takenAt, snapshot.fleet->thresholds) != facts::Freshness::Fresh)
            continue;
        ++sum.known;
        sum.saved += (*leases)->savedPerSecond();
        sum.happen += (*leases)->databaseReadsPerSecond();
    }
    return sum;
}

} // namespace shardlens::ui::pages
