// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace shardlens::operate {

/// Move a cluster's primary in good order; nothing is lost.
struct SwitchCluster {
    base::ClusterName cluster;
    base::ServerId to; ///< empty: the best candidate, and the plan says why that one
    bool warms = false; ///< what the primary holds in its cache is first loaded on the candidate
    std::vector<base::ServerId> shuns = {}; ///< members that no reads are led to while another can take them: those of a region or host that is left
    bool operator==(const SwitchCluster &) const = default;
};

/// Promote another server of a cluster whose primary is dead or worse; what was acknowledged last may be lost.
struct FailCluster {
    base::ClusterName cluster;
    base::ServerId to; ///< empty: the best candidate
    std::vector<base::ServerId> shuns = {}; ///< as of SwitchCluster
    bool operator==(const FailCluster &) const = default;
};

/// What is done: the two moves of a cluster's primary, then the smaller acts, which move none.
enum class Act : std::uint8_t {
    Switchover,
    Failover,
    PauseRouter, ///< a router's database; stays so until it is resumed
    ResumeRouter,
    PointRouter, ///< to another server
    PauseReplay, ///< of a standby; stays so until it is resumed
    ResumeReplay,
    RepointStandby, ///< to another sender
    RebuildStandby, ///< from a base backup
    DropSlot,       ///< one that nobody uses
    LiftBrake,      ///< default_transaction_read_only, left over
    EndBackend,
    PrepareCluster, ///< what moves, guards and caches need of the cluster's database, and it lacks, is made
};
inline constexpr Act lastAct = Act::PrepareCluster;

/// SmallAct::object of PrepareCluster: the extensions that warming needs, too.
inline constexpr std::string_view withWarming = "warm";

/// A smaller act: one router or server of a cluster is acted on, and no primary moves.
struct SmallAct {
    Act act = Act::PauseRouter;
    base::ClusterName cluster;
    base::ServerId on;  ///< the router, standby or server; PrepareCluster: empty
    std::string object; ///< the router's database; the slot; the backend's pid; PrepareCluster: empty, or withWarming
    base::ServerId to;  ///< PointRouter, RepointStandby; RebuildStandby: whose data are copied, empty: the primary's
    std::string began;  ///< EndBackend: its backend_start as the server told it, so that another one with its pid is spared
    bool operator==(const SmallAct &) const = default;
};

/// Move a Redis group's primary in good order; no acknowledged write is lost.
struct SwitchGroup {
    base::GroupName group;
    base::ServerId to; ///< empty: the best candidate
    bool operator==(const SwitchGroup &) const = default;
};

/// Promote a replica of a Redis group whose primary is dead, frozen, or came back empty; what was acknowledged last may be lost.
struct FailGroup {
    base::GroupName group;
    base::ServerId to; ///< empty: the best candidate
    bool operator==(const FailGroup &) const = default;
};

/// What a person wants. Each further act (a host, a region) is one more variant, or one more of the smaller ones, with
/// its checks and its steps; check, plan and fingerprint are the same for all.
using Intent = std::variant<SwitchCluster, FailCluster, SmallAct, SwitchGroup, FailGroup>;

[[nodiscard]] Act actOf(const Intent &intent);
[[nodiscard]] const base::ClusterName &clusterOf(const Intent &intent); ///< empty where it acts on a Redis group
[[nodiscard]] const base::GroupName &groupOf(const Intent &intent);     ///< empty where it acts on a cluster
[[nodiscard]] const base::ServerId &wantedOf(const Intent &intent); ///< the server asked for; empty if none was
[[nodiscard]] const std::string &subjectOf(const Intent &intent);   ///< the name of what is acted on, which a person types
[[nodiscard]] const std::string &nameOf(const Intent &intent);      ///< of the cluster or group; a fleet gives a name to one of them only
[[nodiscard]] Intent moveOf(Act act, const base::ClusterName &cluster, const base::GroupName &group, const base::ServerId &to, bool warms = false); ///< of the group where one is named
[[nodiscard]] bool warmsOf(const Intent &intent); ///< a switchover of a cluster that loads the candidate's cache first
[[nodiscard]] std::vector<base::ServerId> shunsOf(const Intent &intent); ///< empty but for a move of a cluster
[[nodiscard]] Intent shunning(Intent move, std::vector<base::ServerId> servers); ///< the same move; unchanged where it is none of a cluster
[[nodiscard]] Intent withCandidate(const Intent &move, const base::ServerId &to); ///< the same move to another server
[[nodiscard]] inline bool isMove(Act act)
{
    return act == Act::Switchover || act == Act::Failover;
}
[[nodiscard]] std::string_view name(Act act); ///< switchover, failover, router_pause, …
[[nodiscard]] std::optional<Act> actNamed(std::string_view name);

} // namespace shardlens::operate
