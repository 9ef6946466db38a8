// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/charts/TopologyGraph.h"

#include <functional>

namespace shardlens::ui::charts {

/// How a card stands by its observation alone; null: nobody has asked yet.
[[nodiscard]] NodeState stateOf(const facts::Observation *observation, const facts::Snapshot &snapshot);

/// The worst of the problems, consequences included, whose place matches.
[[nodiscard]] std::optional<facts::Severity> worstWhere(const facts::Snapshot &snapshot, const std::function<bool(const facts::Place &)> &matches);

/// What a card tells of its server or pool, as one snapshot has it; where it stands is none of its business. Snapshot and scope must
/// outlive it. Any thread.
class CardFacts
{
public:
    CardFacts(const facts::Snapshot &snapshot, const TopologyScope &scope) : m_snapshot(snapshot), m_fleet(*snapshot.fleet), m_scope(scope) {}

    void describeServer(TopologyNode &node, const base::ServerId &server) const; ///< its state, its worst problem, its silence
    void describeRouter(TopologyNode &node, const base::ServerId &router) const;
    /// Of a standby or replica among `receivers`, which makes it one. `isLed`: its cluster's or group's primary is known.
    void describeReceiver(TopologyNode &node, const base::ServerId &server, const std::vector<facts::StandbyLag> &receivers, NodeRole role, bool isLed) const;
    void describePool(TopologyNode &node, const fleet::Pool &pool) const;

    /// All its servers answer, and no problem is placed at it or them.
    [[nodiscard]] bool isWell(const fleet::Cluster &cluster) const;

private:
    void describeReach(TopologyNode &node, const facts::Observation &observation) const;
    void describeTargets(TopologyNode &node, const facts::RouterFacts &router) const;
    [[nodiscard]] std::optional<facts::Severity> worstOfRouter(const base::ServerId &router) const;
    [[nodiscard]] bool isDrawn(const base::ClusterName &cluster) const;
    [[nodiscard]] std::optional<facts::microseconds> since(const std::optional<facts::Instant> &then) const;

    const facts::Snapshot &m_snapshot;
    const fleet::Fleet &m_fleet;
    const TopologyScope &m_scope;
};

} // namespace shardlens::ui::charts
