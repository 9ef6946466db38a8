// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/Plan.h"

#include <string_view>
#include <vector>

namespace shardlens::operate {

/// Whether one click would work now.
enum class Ready : std::uint8_t {
    Ready,
    Warnings, ///< it would work; something is amiss, or not known
    NotReady, ///< a check blocks, or nobody is eligible
};

/// A cluster's readiness, from the very checks that a plan made now would have: of a switchover, and while the primary does not
/// answer, of a failover.
struct Readiness {
    base::ClusterName cluster;
    base::GroupName group; ///< a Redis group's; then `cluster` is empty
    Act act = Act::Switchover;
    Ready ready = Ready::NotReady;
    base::ServerId primary;            ///< empty if not known
    base::ServerId best;               ///< empty if none is eligible
    base::ServerId runnerUp;           ///< likewise
    Checks blocking;                   ///< what makes it not ready
    Checks amiss;                      ///< warnings, and what is not known
    std::uint32_t passed = 0;          ///< how many checks passed
    std::vector<Candidate> candidates; ///< all standbys with the reason for each rejected one
    PauseEstimate pause;               ///< of a switchover
    LossWindow loss;                   ///< of a failover

    bool operator==(const Readiness &) const = default;
};

/// What moves its primary now: a switchover, and while the primary does not answer, a failover.
[[nodiscard]] Act actNow(const facts::Snapshot &snapshot, const base::ClusterName &cluster);
[[nodiscard]] Act actNow(const facts::Snapshot &snapshot, const base::GroupName &group);

[[nodiscard]] Readiness readinessOf(const facts::Snapshot &snapshot, const base::ClusterName &cluster, const PastOf &past = {});
[[nodiscard]] Readiness readinessOf(const facts::Snapshot &snapshot, const base::GroupName &group, const PastOf &past = {});
[[nodiscard]] std::vector<Readiness> readinessOfAll(const facts::Snapshot &snapshot, const PastOf &past = {});       ///< of the clusters, fleet order
[[nodiscard]] std::vector<Readiness> readinessOfAllGroups(const facts::Snapshot &snapshot, const PastOf &past = {}); ///< of the Redis groups, fleet order

/// What a plan for this cluster rests on and nobody has read yet; empty: all that can be read was. Servers that are down are not
/// waited for.
[[nodiscard]] std::vector<base::ServerId> notReadYet(const facts::Snapshot &snapshot, const base::ClusterName &cluster);
[[nodiscard]] std::vector<base::ServerId> notReadYet(const facts::Snapshot &snapshot, const base::GroupName &group);
[[nodiscard]] std::vector<base::ServerId> notReadYet(const facts::Snapshot &snapshot, const Intent &intent);

[[nodiscard]] std::string_view name(Ready ready); ///< ready, ready_with_warnings, not_ready

} // namespace shardlens::operate
