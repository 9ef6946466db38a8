// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/ClusterParts.h"
#include "core/operate/Sight.h"

#include <cstdint>
#include <optional>
#include <string>

namespace shardlens::operate {

// The checks of a cluster's move, by topic. Pure; each id once. Those about the candidate carry it in `on`: where one of them
// blocks, the candidate is rejected for it.

/// `candidate`: of a failover, who would be promoted; empty if nobody would.
[[nodiscard]] Checks checkRoles(const Sight &sight, Act act, const base::ServerId &candidate = {});
[[nodiscard]] Checks checkCandidate(const Sight &sight, Act act, const base::ServerId &candidate);
[[nodiscard]] Checks checkWrites(const Sight &sight, Act act); ///< of the primary, for a switchover; none for a failover
[[nodiscard]] Checks checkAfter(const Sight &sight, Act act, const base::ServerId &candidate);
[[nodiscard]] Checks checkRouters(const Sight &sight, Act act);
[[nodiscard]] Check checkConsole(const SightBase &sight);
[[nodiscard]] Check checkMark(const SightBase &sight, const base::ServerId &candidate);
/// Of a cluster that is moved through its manager; none where it has none. Those of a candidate: what its manager would refuse.
[[nodiscard]] Checks checkManager(const Sight &sight, Act act);
[[nodiscard]] Check checkManagerAllows(const Sight &sight, const base::ServerId &candidate);
/// The manager's leader is seen to take writes, and the routers lead elsewhere: they have to follow it.
[[nodiscard]] bool isToFollow(const Sight &sight);
/// Of a smaller act, whose names planFor() has found to be declared.
[[nodiscard]] Checks checkSmall(const Sight &sight, const SmallAct &act);

/// Whether the cluster's database has all that a move of its primary rests on; what guards and caches alone need is warned of.
[[nodiscard]] Check checkParts(const Sight &sight);
/// Of a switchover that warms the candidate's cache: whether that can be done.
[[nodiscard]] Check checkWarming(const Sight &sight, const base::ServerId &candidate);
/// Of PrepareCluster.
[[nodiscard]] Checks checkPreparing(const Sight &sight, const SmallAct &act);
/// What it would make: parts that the primary says its database lacks. Empty where that is not known.
[[nodiscard]] std::vector<facts::ClusterPart> partsToMake(const Sight &sight, const SmallAct &act);

/// The target of a router's database by its name; null: the router leads it to no server of this cluster, or is not declared.
[[nodiscard]] const facts::RouterTarget *targetNamed(const Sight &sight, const base::ServerId &router, const std::string &database);

/// A setting as a number; nothing where it is not known, or none.
[[nodiscard]] std::optional<std::int64_t> wholeNumber(const std::optional<std::string> &text);

/// Streams, or would if its sender were there: it can follow another primary.
[[nodiscard]] bool isLive(const facts::StandbyLag *lag);
/// What its primary knows it by, as synchronous_standby_names would write it.
[[nodiscard]] std::string applicationNameOf(const fleet::Fleet &fleet, const base::ServerId &server);

} // namespace shardlens::operate
