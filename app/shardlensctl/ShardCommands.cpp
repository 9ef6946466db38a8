// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/shardlensctl/JsonFacts.h"
#include "app/shardlensctl/Live.h"
#include "app/shardlensctl/LiveCommands.h"
#include "app/shardlensctl/Text.h"
#include "core/base/Closest.h"
#include "ui/format/Numbers.h"

#include <algorithm>
#include <cstdio>

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

void shardJson(const Shard &shard, const fleet::Fleet &fleet)
{
    std::string out;
    JsonWriter json(out);
    json.beginObject().member("schema", schemaOf(shard, fleet)).member("partition", shard.key.partition.text()).member("number", shard.key.number.value);
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
    json.endObject();
    printLine(out);
}

/// The partition asked for exists; else says so.
bool isKnownPartition(const Options &options, const fleet::Fleet &fleet)
{
    if (options.partition.empty() || fleet.partition(base::PartitionName(options.partition)))
        return true;
    std::vector<std::string> names;
    for (const fleet::Partition &partition : fleet.partitions)
        names.push_back(partition.name.text());
    const std::string meant = base::closest(options.partition, names);
    std::fprintf(stderr, "shards: there is no partition '%s'.%s\n", options.partition.c_str(), meant.empty() ? "" : (" Did you mean '" + meant + "'?").c_str());
    return false;
}

} // namespace

Exit showShards(const Options &options)
{
    const auto observed = observe(options, Need::ShardMap);
    if (!observed)
        return observed.error();
    const facts::Snapshot &snapshot = **observed;
    if (!isKnownPartition(options, *snapshot.fleet))
        return Exit::Usage;
    const facts::ShardMap &map = *snapshot.shardMap;
    if (map.observedReadAt.empty() && map.shards.empty()) {
        std::fputs("shards: no catalog could be read: no cluster's primary answers this user.\n", stderr);
        return Exit::Failed;
    }
    TextTable table({{QStringLiteral("SHARD")}, {QStringLiteral("PARTITION")}, {QStringLiteral("CLUSTER")}, {QStringLiteral("DECLARED")}, {QStringLiteral("FOUND ON")},
                     {QStringLiteral("ABOUT SIZE"), true}, {QStringLiteral("ABOUT ROWS"), true}, {QStringLiteral("DRIFT")}});
    bool anyDrift = false;
    for (const Shard &shard : map.shards) {
        if ((!options.partition.empty() && shard.key.partition.text() != options.partition) || (options.driftOnly && !isDrift(shard.drift)))
            continue;
        anyDrift = anyDrift || isDrift(shard.drift);
        if (options.json) {
            shardJson(shard, *snapshot.fleet);
            continue;
        }
        const QString cluster = shard.cluster().isEmpty() ? QStringLiteral("-") : text(shard.cluster());
        const auto name = [](const base::ClusterName &declared) { return text(declared); };
        table.add({text(schemaOf(shard, *snapshot.fleet)), text(shard.key.partition), cluster, known(shard.declared, name, QStringLiteral("nowhere")), joined(shard.observedOn),
                   known(shard.size, format::bytes), known(shard.rows, format::count), driftWords(shard)});
    }
    if (!options.json && options.driftOnly && table.isEmpty()) {
        const auto unjudged = std::count_if(map.shards.begin(), map.shards.end(), [](const Shard &shard) { return shard.drift == Drift::NotKnown; });
        printLine(unjudged == 0 ? QStringLiteral("No drift in %1 shards.").arg(format::count(std::int64_t(map.shards.size())))
                                : QStringLiteral("No drift seen; %1 of %2 shards could not be compared.").arg(format::count(unjudged), format::count(std::int64_t(map.shards.size()))));
    } else if (!options.json) {
        table.print();
    }
    return anyDrift ? Exit::Problem : Exit::Well;
}

} // namespace shardlens::ctl
