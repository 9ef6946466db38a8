// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/facts/Known.h"
#include "core/facts/Reach.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::facts {

/// A replica as one Sentinel knows it; up to 10 s old, for so often it asks.
struct SentinelReplica {
    fleet::Endpoint address;
    std::string flags;            ///< in Sentinel's words, parted by commas: "slave", "s_down,slave,disconnected"
    std::int64_t priority = 100;  ///< it promotes the lowest above 0
    bool isLinked = false;        ///< to its primary
    bool operator==(const SentinelReplica &) const = default;
};

/// How often each is asked.
inline constexpr base::seconds sentinelInterval{1};

/// What one Sentinel says of one Redis group. Redis 6 or newer.
struct SentinelReport {
    base::GroupName group;
    fleet::Endpoint address;      ///< where it listens
    Reach reach;
    bool hasAnswered = false;     ///< else all below is empty
    fleet::Endpoint primary;      ///< whom it leads clients to; of a failover under way: who was promoted, once it saw that
    std::string flags;            ///< of the primary, in its words: "master", "s_down,o_down,master"
    std::int64_t quorum = 0;      ///< so many must agree that the primary is down
    std::int64_t others = 0;      ///< other Sentinels that it knows of
    bool hasQuorum = false;       ///< CKQUORUM: enough of them are there to agree, and to let one of them fail over
    std::string quorumSaid;       ///< its words for that: "OK 3 usable Sentinels. …"
    std::int64_t configEpoch = 0; ///< raised by each failover
    base::milliseconds downAfter{0};
    base::milliseconds failoverTimeout{0};
    std::vector<SentinelReplica> replicas;
    bool operator==(const SentinelReport &) const = default;

    [[nodiscard]] bool isFresh(Instant now) const; ///< it answers, and did not long ago
    [[nodiscard]] bool isFailingOver() const;
    [[nodiscard]] const SentinelReplica *replica(const fleet::Endpoint &address) const; ///< null: it does not know it
};

/// Whether a word stands in Sentinel's flags.
[[nodiscard]] bool hasFlag(const std::string &flags, const std::string &flag);

} // namespace shardlens::facts
