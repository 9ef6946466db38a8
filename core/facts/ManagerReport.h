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

/// A member as Patroni's store (GET /cluster) or repmgr's table has it.
struct ManagerMember {
    enum class Role : std::uint8_t { Leader, StandbyLeader, SyncStandby, Replica, Other };
    std::string name;
    Role role = Role::Other;
    std::string state; ///< in Patroni's words: "running", "streaming", "stopped", "start failed"; of repmgr "running" or "inactive"
    Known<std::int32_t> timeline = notAsked<std::int32_t>();
    Known<base::Bytes> lag = notAsked<base::Bytes>(); ///< behind what the leader wrote into Patroni's store; that is up to loop_wait old
    bool isBarred = false;                            ///< tag nofailover, priority 0: its owner wants it never to be promoted
    bool isSparedReads = false;                       ///< tag noloadbalance
    bool operator==(const ManagerMember &) const = default;
};

/// How often each is asked: it asks its store each time.
inline constexpr base::seconds managerInterval{2};

/// What the manager of one server says: Patroni 2.1 or newer over its REST interface, repmgr 5 by its tables there (repmgrText).
struct ManagerReport {
    base::ServerId server;
    Reach reach;
    bool hasAnswered = false; ///< else all below is empty
    std::string scope;        ///< Patroni: the cluster's name there; of GET /patroni, as the next four. repmgr: the database
    std::string version;
    std::string state;
    std::string systemIdentifier;
    bool isUnlocked = false; ///< Patroni: nobody holds the leader key
    bool isAutomatic = true; ///< it may promote by itself, unless paused; repmgr: a repmgrd runs there
    bool isPaused = false;   ///< it promotes nobody by itself; Patroni: of GET /cluster, as the next; repmgr: this server's repmgrd alone
    std::string scheduledAt; ///< a switchover waits for that time; empty: none
    std::vector<ManagerMember> members;
    Known<base::Bytes> maximumLag = notAsked<base::Bytes>(); ///< maximum_lag_on_failover; of GET /config, as the rest
    Known<base::seconds> ttl = notAsked<base::seconds>();    ///< so long a leader key stands that nobody renews
    Known<base::seconds> loopWait = notAsked<base::seconds>();
    bool isSynchronous = false; ///< synchronous_mode: only a synchronous standby is promoted
    bool operator==(const ManagerReport &) const = default;

    [[nodiscard]] bool isFresh(Instant now) const; ///< it answers, and did not long ago
    [[nodiscard]] const ManagerMember *member(const std::string &name) const;
    [[nodiscard]] const ManagerMember *leader() const; ///< null: it names none
};

/// How repmgr is asked, in the database of its extension: one row, one JSON text. PostgreSQL 9.4 or newer.
extern const char *const repmgrText;

/// Who leads and how each member stands, a line each, as commands of plans expect it: "leader:node1", "paused:no",
/// "scheduled:no", "node2:replica running".
[[nodiscard]] std::string linesOf(const ManagerReport &report);

[[nodiscard]] std::string_view name(ManagerMember::Role role); ///< leader, standby_leader, sync_standby, replica, other

} // namespace shardlens::facts
