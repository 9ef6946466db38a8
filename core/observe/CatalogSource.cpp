// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/observe/CatalogSource.h"

#include <algorithm>
#include <tuple>

namespace shardlens::observe {

namespace {

using facts::ReachState;

constexpr unsigned readingsOfNothing = 6;

ReachState stateOf(const facts::Snapshot &snapshot, const base::ServerId &id)
{
    const auto *observation = snapshot.observation(id);
    return observation == nullptr ? ReachState::Down : observation->reach.state;
}

std::optional<base::ServerId> standbyOf(const facts::Snapshot &snapshot, const facts::ClusterFacts &cluster, const base::RegionName &from)
{
    std::optional<base::ServerId> best;
    std::tuple<bool, bool> bestRank;
    for (const auto &lag : cluster.standbys) {
        const auto *observation = snapshot.observation(lag.standby);
        const auto *sample = observation == nullptr ? nullptr : observation->postgres();
        const auto *server = snapshot.fleet->server(lag.standby);
        if (sample == nullptr || server == nullptr || !sample->inRecovery || observation->reach.state != ReachState::Answering)
            continue;
        const std::tuple rank(lag.state == facts::StandbyState::Streaming, server->region == from);
        if (!best || rank > bestRank) {
            best = lag.standby;
            bestRank = rank;
        }
    }
    return best;
}

} // namespace

std::optional<CatalogSource> catalogSource(const facts::Snapshot &snapshot, const base::ClusterName &name, const base::RegionName &from)
{
    const auto *cluster = snapshot.cluster(name);
    const auto *declared = snapshot.fleet->cluster(name);
    if (cluster == nullptr || declared == nullptr)
        return std::nullopt;
    if (cluster->primary && stateOf(snapshot, *cluster->primary) == ReachState::Answering)
        return CatalogSource{*cluster->primary, true};
    const auto isOpen = [&](const base::ServerId &id) {
        const ReachState state = stateOf(snapshot, id);
        return state == ReachState::Asking || state == ReachState::Late;
    };
    if (cluster->primary ? isOpen(*cluster->primary) : std::any_of(declared->servers.begin(), declared->servers.end(), isOpen))
        return std::nullopt;
    const auto standby = standbyOf(snapshot, *cluster, from);
    return standby ? std::optional(CatalogSource{*standby, false}) : std::nullopt;
}

void Settling::took(std::size_t count)
{
    m_settled = m_readings++ > 0 && count == m_found && (count > 0 || m_readings > readingsOfNothing);
    m_found = count;
}

} // namespace shardlens::observe
