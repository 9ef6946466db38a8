// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/redis/Session.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <optional>
#include <string>

namespace shardlens::guard
{

/// A member of a Redis group as one look saw it.
struct ReplicaSeen {
    bool isReachable = false;
    bool isPrimary = false;
    bool isRefusing = false;    ///< min-replicas-to-write as a move sets it
    bool isCut = false;         ///< led to an address where nobody answers, as a failover does before it compares
    std::int64_t term = 0;      ///< 0: none is kept there
    std::int64_t offset = 0;
    bool operator==(const ReplicaSeen &) const = default;
};

/// A guard's session with one member of a Redis group. Blocking; one thread. Every call has a deadline of its own.
class GroupTalk
{
public:
    [[nodiscard]] static base::Result<GroupTalk> open(const fleet::Fleet &fleet, const base::RegionName &viewer, const fleet::RedisGroup &group, const base::ServerId &member,
                                                      const std::shared_ptr<wire::Interrupt> &stop);

    [[nodiscard]] base::Result<ReplicaSeen> look();
    /// Ends the sessions of that name, the lock included; how many there were.
    [[nodiscard]] base::Result<int> endSessions(const std::string &name);
    /// Another executor than the one of that name that has the group's lock here; empty: none.
    [[nodiscard]] base::Result<std::string> otherHolder(const std::string &name);
    [[nodiscard]] base::Result<void> raiseTerm(std::int64_t term); ///< never lower
    /// It takes writes as before a move: `restores` as an announcement tells, and no pause.
    [[nodiscard]] base::Result<void> reopen(const std::string &restores);
    [[nodiscard]] base::Result<void> refuse(); ///< writes, as a move lets the old primary
    [[nodiscard]] base::Result<void> keep();   ///< its role and its settings, in its file
    [[nodiscard]] base::Result<void> follow(const fleet::Endpoint &primary);
    /// A replica: its settings back, clients sent away, its role kept in its file. Errors of the last are told as text: it follows all the same.
    [[nodiscard]] std::string settle(const std::string &restores);

    [[nodiscard]] const base::ServerId &member() const { return m_member; }
    [[nodiscard]] bool isOpen() const { return m_session.isOpen(); }

private:
    GroupTalk(base::ServerId member, const fleet::RedisGroup &group, redis::Session session);
    [[nodiscard]] base::Result<void> restore(const std::string &restores);

    base::ServerId m_member;
    std::string m_group;
    std::string m_termKey;
    redis::Session m_session;
};

/// A session at any address of a group, as the fleet file says.
[[nodiscard]] base::Result<redis::Session> dialGroupAddress(const fleet::Fleet &fleet, const fleet::Endpoint &endpoint, const std::string &name, base::Instant deadline,
                                                            const std::shared_ptr<wire::Interrupt> &stop);

} // namespace shardlens::guard
