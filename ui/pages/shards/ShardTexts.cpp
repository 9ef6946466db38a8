// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/pages/shards/ShardTexts.h"

#include "ui/format/Fact.h"
#include "ui/format/Numbers.h"
#include "ui/format/Words.h"
#include "ui/models/ShardCells.h"

#include <QCoreApplication>
#include <QStringList>

#include <algorithm>
#include <map>

namespace shardlens::ui::pages {

namespace {

using facts::Drift;
using models::ShardCluster;
using models::ShardEntry;
using models::ShardFrame;
using base::microseconds;

struct ShardTextsWords {
    Q_DECLARE_TR_FUNCTIONS(shardlens::ui::pages)
};

QString shardsText(int count)
{
    return count == 1 ? ShardTextsWords::tr("1 shard") : ShardTextsWords::tr("%1 shards").arg(format::count(count));
}

/// Those that belong there: "1,024 shards in each of 2 partitions", "8,192 users shards", "1,024 users and 512 media shards".
QString countText(const ShardFrame &frame)
{
    std::vector<std::pair<QString, int>> counts;
    for (const ShardEntry &entry : frame.entries) {
        const QString partition = format::text(entry.key().partition.text());
        if (counts.empty() || counts.back().first != partition)
            counts.emplace_back(partition, 0);
        counts.back().second += entry.shard->drift != Drift::Undeclared;
    }
    if (counts.size() == 1)
        return ShardTextsWords::tr("%1 %2 shards").arg(format::count(counts[0].second), counts[0].first);
    const bool isEven = std::all_of(counts.begin(), counts.end(), [&](const auto &c) { return c.second == counts[0].second; });
    if (isEven)
        return ShardTextsWords::tr("%1 in each of %2 partitions").arg(shardsText(counts[0].second), format::count(std::int64_t(counts.size())));
    QStringList parts;
    for (const auto &[partition, count] : counts)
        parts << format::count(count) + QLatin1Char(' ') + partition;
    return ShardTextsWords::tr("%1 shards").arg(parts.join(ShardTextsWords::tr(" and ")));
}

std::map<Drift, int> driftCounts(const ShardFrame &frame)
{
    std::map<Drift, int> counts;
    for (const ShardEntry &entry : frame.entries)
        ++counts[entry.shard->drift];
    return counts;
}

QString agreementText(const ShardFrame &frame)
{
    std::map<Drift, int> counts = driftCounts(frame);
    const int unknown = counts[Drift::NotKnown];
    const facts::ShardMap &map = *frame.snapshot->shardMap;
    if (!map.declaredReadAt)
        return ShardTextsWords::tr("declared map not known: %1").arg(format::reason(map.declaredReadAt.error()));
    QStringList parts;
    const auto add = [&](Drift drift, const QString &word) {
        if (counts[drift] > 0)
            parts << format::count(counts[drift]) + QLatin1Char(' ') + word;
    };
    add(Drift::Missing, ShardTextsWords::tr("missing"));
    add(Drift::Doubled, ShardTextsWords::tr("on two clusters"));
    add(Drift::Misplaced, ShardTextsWords::tr("on another cluster"));
    add(Drift::Undeclared, ShardTextsWords::tr("not declared"));
    QString text = parts.isEmpty() ? ShardTextsWords::tr("declared and observed agree") : ShardTextsWords::tr("drift: %1").arg(parts.join(QStringLiteral(", ")));
    if (unknown == int(frame.entries.size()))
        return ShardTextsWords::tr("not compared yet: no catalog has been read");
    if (unknown == 0)
        return text;
    if (parts.isEmpty())
        text = ShardTextsWords::tr("%1 compared, declared and observed agree").arg(format::count(int(frame.entries.size()) - unknown));
    return ShardTextsWords::tr("%1; %2 not compared yet").arg(text, format::count(unknown));
}

/// The oldest reading behind a metric; nothing if none came.
std::optional<microseconds> oldest(const ShardFrame &frame, ShardMetric metric)
{
    std::optional<microseconds> age;
    const auto take = [&](microseconds candidate) { age = std::max(age.value_or(candidate), candidate); };
    for (const ShardCluster &cluster : frame.clusters) {
        if (metric == ShardMetric::Lag || metric == ShardMetric::Problems) {
            if (cluster.lagAge)
                take(*cluster.lagAge);
        } else if (cluster.catalogReadAt) {
            take(std::chrono::duration_cast<microseconds>(frame.snapshot->takenAt - *cluster.catalogReadAt));
        }
    }
    return age;
}

} // namespace

QString shardsSummary(const ShardFrame &frame)
{
    return frame.entries.empty() ? QString() : countText(frame) + QLatin1String(", ") + agreementText(frame);
}

bool hasDrift(const ShardFrame &frame)
{
    return std::any_of(frame.entries.begin(), frame.entries.end(), [](const ShardEntry &entry) { return entry.hasOwnProblem; });
}

QString shardsFreshness(const ShardFrame &frame, ShardMetric metric)
{
    const auto age = oldest(frame, metric);
    const bool isCatalog = metric != ShardMetric::Lag && metric != ShardMetric::Problems;
    if (!age)
        return isCatalog ? ShardTextsWords::tr("no catalog read yet") : ShardTextsWords::tr("not read yet");
    return (isCatalog ? ShardTextsWords::tr("catalogs read %1 ago") : ShardTextsWords::tr("read %1 ago")).arg(format::age(*age));
}

bool isShardsStale(const ShardFrame &frame, ShardMetric metric)
{
    return std::any_of(frame.clusters.begin(), frame.clusters.end(), [&](const ShardCluster &cluster) {
        return metric == ShardMetric::Lag || metric == ShardMetric::Problems ? cluster.lagIsStale : cluster.catalogIsStale;
    });
}

QString metricNote(ShardMetric metric)
{
    switch (metric) {
    case ShardMetric::Size: return ShardTextsWords::tr("about, from the catalogs");
    case ShardMetric::Rows: return ShardTextsWords::tr("about, from the catalogs");
    case ShardMetric::Writes: return ShardTextsWords::tr("rows written a second");
    case ShardMetric::Growth: return ShardTextsWords::tr("a day, over the readings kept");
    case ShardMetric::Lag: return ShardTextsWords::tr("worst standby of the cluster");
    case ShardMetric::Cluster: return ShardTextsWords::tr("where it was found");
    case ShardMetric::Drift: return ShardTextsWords::tr("declared against observed");
    case ShardMetric::Problems: return ShardTextsWords::tr("its own, and its cluster's");
    }
    return {};
}

QString emptyText(const ShardFrame &frame)
{
    const facts::Snapshot &snapshot = *frame.snapshot;
    const auto asked = format::age(std::chrono::duration_cast<microseconds>(snapshot.takenAt - snapshot.observingSince));
    const QString clusters = format::count(std::int64_t(frame.clusters.size()));
    const auto &declared = snapshot.shardMap->declaredReadAt;
    if (frame.clusters.empty())
        return ShardTextsWords::tr("No cluster in the fleet file holds a partition. Name one as a cluster's 'partition' to see its shards.");
    if (!declared && declared.error().why != facts::WhyUnknown::NotAskedYet)
        return ShardTextsWords::tr("No shard is known. The declared map: %1. Of %2 clusters no catalog has been read yet.").arg(format::unknownText(declared.error()), clusters);
    if (!declared)
        return ShardTextsWords::tr("Asking the directory and %1 clusters which shards they hold, for %2.").arg(clusters, asked);
    return ShardTextsWords::tr("The directory declares no shard, and in %1 clusters none was found.").arg(clusters);
}

QString spokenShard(const ShardFrame &frame, const facts::ShardKey &key, ShardMetric metric)
{
    const int index = frame.indexOf(key);
    const QString name = format::text(models::schemaName(*frame.snapshot->fleet, key)) + QLatin1String(", ") + format::text(key.partition.text());
    if (index < 0)
        return name;
    const ShardEntry &entry = frame.entries[std::size_t(index)];
    using Column = models::ShardModel::Column;
    const auto cell = [&](Column column) { return models::shardCell(frame, entry, column, Qt::DisplayRole).toString(); };
    switch (metric) {
    case ShardMetric::Size: return ShardTextsWords::tr("%1, size about %2").arg(name, cell(Column::Size));
    case ShardMetric::Rows: return ShardTextsWords::tr("%1, about %2 rows").arg(name, cell(Column::Rows));
    case ShardMetric::Writes: return ShardTextsWords::tr("%1, %2 writes").arg(name, cell(Column::Writes));
    case ShardMetric::Growth: return ShardTextsWords::tr("%1, grows %2 a day").arg(name, cell(Column::Growth));
    case ShardMetric::Lag: return ShardTextsWords::tr("%1, lag of its cluster %2").arg(name, cell(Column::Lag));
    case ShardMetric::Cluster: return ShardTextsWords::tr("%1, on %2").arg(name, cell(Column::Cluster));
    case ShardMetric::Drift: return ShardTextsWords::tr("%1, drift: %2").arg(name, cell(Column::DriftState));
    case ShardMetric::Problems: return ShardTextsWords::tr("%1, problem: %2").arg(name, cell(Column::ProblemState));
    }
    return name;
}

} // namespace shardlens::ui::pages
