// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"

#include <string>
#include <string_view>
#include <variant>

namespace shardlens::operate {

/// Move a cluster's primary in good order; nothing is lost.
struct SwitchCluster {
    base::ClusterName cluster;
    base::ServerId to; ///< empty: the best candidate, and the plan says why that one
    bool operator==(const SwitchCluster &) const = default;
};

/// Promote another server of a cluster whose primary is dead or worse; what was acknowledged last may be lost.
struct FailCluster {
    base::ClusterName cluster;
    base::ServerId to; ///< empty: the best candidate
    bool operator==(const FailCluster &) const = default;
};

/// What a person wants. Each further act (a router's pause, a standby's rebuild, a Redis group, a host, a region) is one more
/// variant with its checks and its steps; check, plan and fingerprint are the same for all.
using Intent = std::variant<SwitchCluster, FailCluster>;

/// Which of the two moves of a cluster.
enum class Act : std::uint8_t { Switchover, Failover };

[[nodiscard]] Act actOf(const Intent &intent);
[[nodiscard]] const base::ClusterName &clusterOf(const Intent &intent);
[[nodiscard]] const base::ServerId &wantedOf(const Intent &intent); ///< the server asked for; empty if none was
[[nodiscard]] std::string_view name(Act act);                       ///< switchover, failover

} // namespace shardlens::operate
