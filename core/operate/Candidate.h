// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/operate/GroupSight.h"

#include <optional>
#include <string_view>
#include <vector>

namespace shardlens::operate {

/// Why a candidate comes before the next one. Order: as they are applied.
enum class Ranking : std::uint8_t {
    Only,       ///< no other is eligible
    Asked,      ///< the person named it
    InSync,     ///< switchover: the primary already waits for it
    MostLog,    ///< failover: it received the most
    Home,       ///< it stands in the cluster's home region
    LeastLag,   ///< it is the least behind
    FileOrder,  ///< alike: the fleet file's order
};

/// A standby looked at as the next primary, with the numbers that decide.
struct Candidate {
    base::ServerId server;
    base::RegionName region;
    facts::Known<base::Lsn> received = facts::notAsked<base::Lsn>();
    facts::Known<base::Lsn> replayed = facts::notAsked<base::Lsn>();
    facts::Known<std::int32_t> timeline = facts::notAsked<std::int32_t>();
    facts::Known<std::int64_t> offset = facts::notAsked<std::int64_t>(); ///< of a Redis replica, which has neither of these
    facts::Known<base::Bytes> behind = facts::notAsked<base::Bytes>();
    facts::Known<base::microseconds> lag = facts::notAsked<base::microseconds>();
    std::optional<base::Instant> readAt;
    Checks checks;                       ///< those about it
    std::optional<Check> rejectedFor;    ///< the first of them that blocks; nothing: eligible
    Ranking before = Ranking::Only;      ///< why it comes before the next eligible one

    bool operator==(const Candidate &) const = default;
};

/// All standbys, eligible ones first and best first. `wanted` comes first if it is eligible; naming it bypasses no check.
[[nodiscard]] std::vector<Candidate> rankCandidates(const Sight &sight, Act act, const base::ServerId &wanted);

/// The same for a Redis group's replicas.
[[nodiscard]] std::vector<Candidate> rankReplicas(const GroupSight &sight, Act act, const base::ServerId &wanted);

[[nodiscard]] std::string_view name(Ranking ranking); ///< only, asked, in_sync, most_log, home, least_lag, file_order

} // namespace shardlens::operate
