// SPDX-License-Identifier: GPL-3.0-or-later
// Which member of a cluster leads is observed, never declared, and never guessed while an answer may still come.
#include "core/facts/derive/Derive.h"

#include <algorithm>
#include <map>

namespace shardlens::facts::derive {

namespace {

/// The identity that most members tell; the one remembered wins as long as any member still tells it.
Known<std::uint64_t> identityOf(const Tick &tick, const fleet::Cluster &cluster, ClusterMemory &memory)
{
    std::map<std::uint64_t, int> told;
    for (const base::ServerId &id : cluster.servers) {
        const PostgresSample *sample = tick.postgres(id);
        if (sample && sample->systemIdentifier != 0)
            ++told[sample->systemIdentifier];
    }
    if (told.empty())
        return unknown(WhyUnknown::NotAskedYet);
    const auto most = std::max_element(told.begin(), told.end(), [](const auto &a, const auto &b) { return a.second < b.second; });
    const bool remembered = memory.systemIdentifier && told.contains(*memory.systemIdentifier);
    if (!remembered || told[*memory.systemIdentifier] * 2 < most->second)
        memory.systemIdentifier = most->first;
    return *memory.systemIdentifier;
}

int receiversOf(const PostgresSample &sample)
{
    return static_cast<int>(std::count_if(sample.senders.begin(), sample.senders.end(), [](const SenderRow &row) { return row.state == "streaming"; }));
}

/// Of two that both accept writes: the higher timeline was promoted later; then whom more standbys follow.
base::ServerId leadingOf(const Tick &tick, const std::vector<base::ServerId> &writable, const std::optional<base::ServerId> &remembered)
{
    return *std::max_element(writable.begin(), writable.end(), [&](const base::ServerId &a, const base::ServerId &b) {
        const PostgresSample &left = *tick.postgres(a);
        const PostgresSample &right = *tick.postgres(b);
        const auto rank = [&](const PostgresSample &sample, const base::ServerId &id) {
            return std::tuple(sample.timeline.value_or(0), receiversOf(sample), remembered == id);
        };
        return rank(left, a) < rank(right, b);
    });
}

/// Nobody writes and nobody is remembered: whom the standbys dial, else the only member that cannot be asked.
Known<base::ServerId> inferPrimary(const Tick &tick, const fleet::Cluster &cluster)
{
    std::vector<base::ServerId> silent;
    for (const base::ServerId &id : cluster.servers) {
        if (tick.isFresh(id))
            continue;
        const Observation *observation = tick.observation(id);
        if (!observation || observation->reach.state == ReachState::Asking)
            return unknown(WhyUnknown::NotAskedYet);
        silent.push_back(id);
    }
    if (silent.empty())
        return unknown(WhyUnknown::NoValue);
    for (const base::ServerId &id : cluster.servers) {
        const PostgresSample *sample = tick.postgres(id);
        if (!sample || !sample->receiver || !*sample->receiver)
            continue;
        if (auto sender = tick.atAddress(silent, (*sample->receiver)->senderHost, (*sample->receiver)->senderPort, tick.regionOf(id)); !sender.isEmpty())
            return sender;
    }
    const bool othersAnswer = silent.size() < cluster.servers.size();
    if (silent.size() == 1 && othersAnswer)
        return silent.front();
    return unknown(WhyUnknown::ServerSilent, silent.front().text());
}

} // namespace

Roles electPrimary(const Tick &tick, const fleet::Cluster &cluster, ClusterMemory &memory)
{
    Roles roles;
    roles.systemIdentifier = identityOf(tick, cluster, memory);
    for (const base::ServerId &id : cluster.servers) {
        const PostgresSample *sample = tick.postgres(id);
        if (sample && tick.isFresh(id) && !sample->inRecovery && sample->systemIdentifier == roles.systemIdentifier.value_or(0))
            roles.writable.push_back(id);
    }
    if (!roles.writable.empty()) {
        memory.primary = leadingOf(tick, roles.writable, memory.primary);
        roles.primary = *memory.primary;
        return roles;
    }
    // The one remembered stays the primary while it is silent; once it answers as a standby it is none.
    if (memory.primary && !tick.isFresh(*memory.primary)) {
        roles.primary = *memory.primary;
        return roles;
    }
    memory.primary.reset();
    roles.primary = inferPrimary(tick, cluster);
    return roles;
}

} // namespace shardlens::facts::derive
