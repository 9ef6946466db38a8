// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/rules/Judgement.h"

#include <map>
#include <tuple>

namespace shardlens::facts::rules {

namespace {

/// Where applications look for a shard and do not find it, they are refused; the rest is untidy, or may become wrong.
Severity severityOf(Drift drift)
{
    return drift == Drift::Missing || drift == Drift::Misplaced ? Severity::Critical : Severity::Warning;
}

Harm harmOf(Drift drift)
{
    switch (drift) {
    case Drift::Missing: return Harm::WritesRefused;
    case Drift::Misplaced:
    case Drift::Doubled: return Harm::DataWrong;
    default: return Harm::Untidy;
    }
}

/// The cluster that suffers: where it is declared, else where it was found.
base::ClusterName placeOf(const Shard &shard)
{
    return shard.declared ? *shard.declared : shard.cluster();
}

} // namespace

void judgeShards(const Judgement &j, Problems &out)
{
    // One problem a cluster and kind of drift; its first shards are named.
    constexpr std::size_t named = 3;
    std::map<std::tuple<base::ClusterName, Drift>, std::vector<const Shard *>> drifted;
    for (const Shard &shard : j.snapshot().shardMap->shards) {
        if (shard.drift != Drift::None && shard.drift != Drift::NotKnown)
            drifted[{placeOf(shard), shard.drift}].push_back(&shard);
    }
    for (const auto &[where, shards] : drifted) {
        const auto &[cluster, drift] = where;
        Problem problem;
        problem.rule = Rule::ShardDrift;
        problem.severity = severityOf(drift);
        problem.place.cluster = cluster;
        problem.subject = name(drift);
        problem.impact.harm = harmOf(drift);
        problem.impact.service = Service::Shards;
        std::vector<std::uint32_t> numbers;
        for (const Shard *shard : shards)
            numbers.push_back(shard->key.number.value);
        j.population().fill(problem.impact, shards.front()->key.partition, numbers);
        problem.evidence.push_back(Judgement::seen(std::string("shards_") + name(drift), static_cast<std::int64_t>(shards.size())));
        const fleet::Partition *partition = j.fleet().partition(shards.front()->key.partition);
        for (std::size_t i = 0; i < shards.size() && i < named; ++i) {
            const Shard &shard = *shards[i];
            const std::string schema = partition ? fleet::expand(partition->schemaPattern, "shard", std::to_string(shard.key.number.value)) : std::to_string(shard.key.number.value);
            std::string found;
            for (const base::ClusterName &on : shard.observedOn)
                found += (found.empty() ? "" : ", ") + on.text();
            problem.evidence.push_back(Judgement::seen(schema, found.empty() ? "found nowhere" : "found on " + found));
            problem.detail += (problem.detail.empty() ? "" : ", ") + schema;
        }
        out.push_back(std::move(problem));
    }
}

} // namespace shardlens::facts::rules
