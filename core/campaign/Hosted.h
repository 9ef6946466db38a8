// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Snapshot.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::campaign {

/// What a server of a host does.
enum class Part : std::uint8_t {
    Primary,
    Standby, ///< of a cluster, or a replica of a Redis group
    Router,
    Member,  ///< of a pool
    Unknown, ///< of a cluster or group whose primary is not known, or of nothing
};

/// One server of a host: what it does, and who does so elsewhere once the host is gone.
struct Hosted {
    base::ServerId server;
    fleet::ServerKind kind = fleet::ServerKind::Postgres;
    Part part = Part::Unknown;
    std::string of; ///< its cluster, group or pool; of a router its region; empty: nothing
    facts::ReachState reach = facts::ReachState::Asking;
    /// Elsewhere, and live: of a primary who could take its place, of a standby who stands by besides, of a member who shares its pool.
    std::vector<base::ServerId> others;
    facts::Known<base::microseconds> lag = facts::notAsked<base::microseconds>(); ///< Standby
    /// Standby of a cluster: how long its primary keeps log for it once it is silent, at today's pace; NoValue: without a limit.
    facts::Known<base::microseconds> logKeptFor = facts::notAsked<base::microseconds>();
    facts::Known<double> hitsPerSecond = facts::notAsked<double>(); ///< Member: reads that the databases take on
    bool operator==(const Hosted &) const = default;
};

/// A host's servers, fleet order. Empty for a host that the fleet does not have. Pure.
[[nodiscard]] std::vector<Hosted> hostedOn(const facts::Snapshot &snapshot, const base::HostName &host);

/// Nobody does so elsewhere. Of a server that nobody knows what it does: false.
[[nodiscard]] bool hasNoSecond(const Hosted &one);

/// The mark that somebody works on the host; null if it has none, or marks were not read.
[[nodiscard]] const facts::Mark *markOf(const facts::Snapshot &snapshot, const base::HostName &host);

/// How long a primary keeps log for a standby that falls silent now: what its slot may keep, less what it keeps, at today's pace.
[[nodiscard]] facts::Known<base::microseconds> logKeptFor(const facts::ClusterFacts &cluster, const base::ServerId &standby);

[[nodiscard]] std::string_view name(Part part); ///< primary, standby, router, member, unknown

} // namespace shardlens::campaign
