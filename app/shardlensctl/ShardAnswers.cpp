// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/LiveAnswers.h"
#include "app/shardlensctl/Text.h"
#include "core/base/Closest.h"
#include "ui/format/Numbers.h"

#include <algorithm>
#include <set>

namespace shardlens::ctl {

namespace {

namespace format = ui::format;
using facts::Drift;
using facts::Shard;

bool isDrift(Drift drift)
{
    return drift != Drift::None && drift != Drift::NotKnown;
}

std::string schemaOf(const Shard &shard, const fleet::Fleet &fleet)
{
    const fleet::Partition *partition = fleet.partition(shard.key.partition);
    return fleet::expand(partition ? partition->schemaPattern : "{shard}", "shard", std::to_string(shard.key.number.value));
}

QString joined(const std::vector<base::ClusterName> &clusters)
{
    QStringList names;
    for (const base::ClusterName &cluster : clusters)
        names << text(cluster);
    return names.isEmpty() ? QStringLiteral("-") : names.join(QLatin1Char(','));
}

QString driftWords(const Shard &shard)
{
    switch (shard.drift) {
    case Drift::None: return QStringLiteral("none");
    case Drift::Missing: return QStringLiteral("missing: declared, found nowhere");
    case Drift::Misplaced: return QStringLiteral("misplaced: found on another cluster");
    case Drift::Undeclared: return QStringLiteral("undeclared: found, declared nowhere");
    case Drift::Doubled: return QStringLiteral("doubled: found on two clusters");
    case Drift::NotKnown: return QStringLiteral("unknown: not all was read");
    }
    return {};
}

/// When its cluster's catalogs were read: how old its size, rows and rates are.
std::optional<facts::Instant> readAt(const Shard &shard, const facts::ShardMap &map)
{
    const auto found = map.observedReadAt.find(shard.cluster());
    return found == map.observedReadAt.end() ? std::nullopt : std::optional(found->second);
}

void shardJson(Answer &answer, const Shard &shard, const facts::Snapshot &snapshot)
{
    const fleet::Fleet &fleet = *snapshot.fleet;
    std::string out;
    JsonWriter json(out);
    json.beginObject()
        .member("schema", schemaOf(shard, fleet))
        .member("partition", shard.key.partition.text())
        .member("number", shard.key.number.value);
    nameMember(json, "cluster", shard.cluster());
    knownMember(json, "declared", shard.declared);
    json.key("observed_on").beginArray();
    for (const base::ClusterName &cluster : shard.observedOn)
        json.text(cluster.text());
    json.endArray().member("drift", facts::name(shard.drift));
    knownMember(json, "size_bytes", shard.size);
    knownMember(json, "rows", shard.rows);
    knownMember(json, "writes_per_second", shard.writesPerSecond);
    knownMember(json, "growth_bytes_per_day", shard.growthPerDay);
    const auto read = readAt(shard, *snapshot.shardMap);
    timeMember(json, "read_at", read ? std::optional(snapshot.takenUtc - std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - *read)) : std::nullopt);
    const auto standby = snapshot.shardMap->readOnStandby.find(shard.cluster());
    nameMember(json, "read_on_standby", standby == snapshot.shardMap->readOnStandby.end() ? base::ServerId() : standby->second);
    json.endObject();
    answer.line(out);
}

/// Why the partition asked for cannot be shown; empty if it can.
std::string unknownPartition(const Options &options, const fleet::Fleet &fleet)
{
    if (options.partition.empty() || fleet.partition(base::PartitionName(options.partition)))
        return {};
    std::vector<std::string> names;
    for (const fleet::Partition &partition : fleet.partitions)
        names.push_back(partition.name.text());
    const std::string meant = base::closest(options.partition, names);
    return "shards: there is no partition '" + options.partition + "'." + (meant.empty() ? "" : " Did you mean '" + meant + "'?") + "\n";
}

/// What stands in place of an empty table.
QString nothingWords(const facts::ShardMap &map, const Options &options)
{
    if (map.shards.empty())
        return QStringLiteral("No logical shard: the catalogs hold none, and none is declared.");
    if (!options.driftOnly)
        return QStringLiteral("No logical shard in this partition.");
    const auto isWanted = [&](const Shard &shard) { return options.partition.empty() || shard.key.partition.text() == options.partition; };
    const auto all = std::int64_t(std::count_if(map.shards.begin(), map.shards.end(), isWanted));
    const auto unjudged =
        std::count_if(map.shards.begin(), map.shards.end(), [&](const Shard &shard) { return isWanted(shard) && shard.drift == Drift::NotKnown; });
    return unjudged == 0
               ? QStringLiteral("No drift in %1 shards.").arg(format::count(all))
               : QStringLiteral("No drift seen; %1 of %2 shards could not be compared.").arg(format::count(unjudged), format::count(all));
}

/// "Sizes and rows: from catalogs read 0.6 s to 41 s ago."; what was never read has none.
QString agesWords(const std::set<facts::Instant> &readings, const facts::Snapshot &snapshot)
{
    const auto ago = [&](facts::Instant at) { return format::age(std::chrono::duration_cast<base::microseconds>(snapshot.takenAt - at)); };
    const QString newest = ago(*readings.rbegin());
    const QString oldest = ago(*readings.begin());
    return newest == oldest ? QStringLiteral("Sizes and rows: from catalogs read %1 ago.").arg(newest)
                            : QStringLiteral("Sizes and rows: from catalogs read %1 to %2 ago.").arg(newest, oldest);
}

} // namespace

Answer shardsOf(const facts::Snapshot &snapshot, const Options &options)
{
    Answer answer;
    answer.error = unknownPartition(options, *snapshot.fleet);
    if (!answer.error.empty()) {
        answer.exit = Exit::Usage;
        return answer;
    }
    const facts::ShardMap &map = *snapshot.shardMap;
    if (map.observedReadAt.empty() && map.shards.empty()) {
        answer.error = "shards: no catalog could be read: no member of a cluster answers.\n";
        answer.exit = Exit::Failed;
        return answer;
    }
    TextTable table({{QStringLiteral("SHARD")},
                     {QStringLiteral("PARTITION")},
                     {QStringLiteral("CLUSTER")},
                     {QStringLiteral("DECLARED")},
                     {QStringLiteral("FOUND ON")},
                     {QStringLiteral("ABOUT SIZE"), true},
                     {QStringLiteral("ABOUT ROWS"), true},
                     {QStringLiteral("DRIFT")}});
    bool anyDrift = false;
    bool anyUnjudged = false;
    std::set<facts::Instant> readings;
    std::set<base::ClusterName> shown;
    for (const Shard &shard : map.shards) {
        if (!options.partition.empty() && shard.key.partition.text() != options.partition)
            continue;
        anyUnjudged = anyUnjudged || shard.drift == Drift::NotKnown;
        if (options.driftOnly && !isDrift(shard.drift))
            continue;
        if (const auto read = readAt(shard, map))
            readings.insert(*read);
        shown.insert(shard.cluster());
        anyDrift = anyDrift || isDrift(shard.drift);
        if (options.json) {
            shardJson(answer, shard, snapshot);
            continue;
        }
        const QString cluster = shard.cluster().isEmpty() ? QStringLiteral("-") : text(shard.cluster());
        const auto name = [](const base::ClusterName &declared) { return text(declared); };
        table.add({text(schemaOf(shard, *snapshot.fleet)), text(shard.key.partition), cluster,
                   known(shard.declared, name, QStringLiteral("nowhere")), joined(shard.observedOn),
                   known(shard.size, format::bytes, QStringLiteral("-")), known(shard.rows, format::count, QStringLiteral("-")),
                   driftWords(shard)});
    }
    if (!options.json && table.isEmpty())
        answer.line(nothingWords(map, options));
    else if (!options.json)
        answer.add(table);
    if (!options.json && !readings.empty())
        answer.line(agesWords(readings, snapshot));
    for (const auto &[cluster, standby] : map.readOnStandby) {
        if (!options.json && shown.contains(cluster))
            answer.line(QStringLiteral("%1: as its standby %2 tells; no primary answers.").arg(text(cluster), text(standby)));
    }
    // Where a map is declared, what could not be compared with it is no good news.
    answer.exit = anyDrift || (anyUnjudged && snapshot.fleet->directory) ? Exit::Problem : Exit::Well;
    return answer;
}

} // namespace shardlens::ctl
