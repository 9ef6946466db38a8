// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/facts/derive/Derive.h"

namespace shardlens::facts::derive {

namespace {

template <class T>
Known<T> silentOr(const Tick &tick, const Known<base::ServerId> &primary)
{
    if (!primary)
        return tl::unexpected<Unknown>(primary.error());
    return tl::unexpected(tick.whySilent(*primary));
}

void takeFromPrimary(const Tick &tick, ClusterFacts &facts)
{
    const PostgresSample *sample = facts.primary ? tick.postgres(*facts.primary) : nullptr;
    if (!sample) {
        facts.timeline = silentOr<std::int32_t>(tick, facts.primary);
        facts.term = silentOr<std::int64_t>(tick, facts.primary);
        facts.commitsPerSecond = facts.walBytesPerSecond = silentOr<double>(tick, facts.primary);
        return;
    }
    facts.timeline = sample->timeline;
    facts.term = sample->term;
    if (const PostgresRates *rates = tick.observation(*facts.primary)->postgresRates()) {
        facts.commitsPerSecond = rates->commitsPerSecond;
        facts.walBytesPerSecond = rates->walBytesPerSecond;
    }
}

} // namespace

ClusterFacts clusterFacts(const Tick &tick, const fleet::Cluster &cluster, ClusterMemory &memory)
{
    ClusterFacts facts;
    facts.name = cluster.name;
    const Roles roles = electPrimary(tick, cluster, memory);
    facts.primary = roles.primary;
    facts.writable = roles.writable;
    facts.systemIdentifier = roles.systemIdentifier;
    takeFromPrimary(tick, facts);
    noteBeats(tick, roles, memory);
    for (const base::ServerId &id : cluster.servers) {
        if (!facts.primary || id != *facts.primary)
            facts.standbys.push_back(measureStandby(tick, cluster, roles, id, memory));
    }
    return facts;
}

} // namespace shardlens::facts::derive
