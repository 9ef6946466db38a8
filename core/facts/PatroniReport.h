// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/base/Units.h"
#include "core/facts/Known.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::facts {

/// A member as Patroni's store has it (GET /cluster).
struct PatroniMember {
    enum class Role : std::uint8_t { Leader, StandbyLeader, SyncStandby, Replica, Other };
    std::string name;
    Role role = Role::Other;
    std::string state;                                      ///< in Patroni's words: "running", "streaming", "stopped", "start failed"
    Known<std::int32_t> timeline = notAsked<std::int32_t>();
    Known<base::Bytes> lag = notAsked<base::Bytes>();       ///< behind what the leader wrote into the store; that is up to loop_wait old
    bool isBarred = false;                                  ///< tag nofailover: its owner wants it never to be promoted
    bool isSparedReads = false;                             ///< tag noloadbalance
    bool operator==(const PatroniMember &) const = default;
};

/// How often each is asked: it asks its store each time.
inline constexpr base::seconds patroniInterval{2};

/// What the Patroni of one server says, asked over its REST interface. Patroni 2.1 or newer.
struct PatroniReport {
    base::ServerId server;
    Reach reach;
    bool hasAnswered = false;                               ///< else all below is empty
    std::string scope;                                      ///< the cluster's name there; of GET /patroni, as the next four
    std::string version;
    std::string state;
    std::string systemIdentifier;
    bool isUnlocked = false;                                ///< nobody holds the leader key
    bool isPaused = false;                                  ///< it promotes nobody by itself; of GET /cluster
    std::string scheduledAt;                                ///< a switchover waits for that time; empty: none
    std::vector<PatroniMember> members;
    Known<base::Bytes> maximumLag = notAsked<base::Bytes>();     ///< maximum_lag_on_failover; of GET /config, as the rest
    Known<base::seconds> ttl = notAsked<base::seconds>();        ///< so long a leader key stands that nobody renews
    Known<base::seconds> loopWait = notAsked<base::seconds>();
    bool isSynchronous = false;                             ///< synchronous_mode: only a synchronous standby is promoted
    bool operator==(const PatroniReport &) const = default;

    [[nodiscard]] bool isFresh(Instant now) const;          ///< it answers, and did not long ago
    [[nodiscard]] const PatroniMember *member(const std::string &name) const;
    [[nodiscard]] const PatroniMember *leader() const;      ///< null: it names none
};

[[nodiscard]] std::string_view name(PatroniMember::Role role); ///< leader, standby_leader, sync_standby, replica, other

} // namespace shardlens::facts
