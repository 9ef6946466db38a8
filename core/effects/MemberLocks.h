// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/effects/Login.h"

#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace shardlens::effects {

/// Whose session holds the lock on a member.
struct Holder {
    std::int32_t pid = 0;
    std::string session; ///< its application_name
    std::string user;
    std::string client;  ///< from where; empty: a local socket
    std::string since;   ///< when that session began, by the server's clock
    [[nodiscard]] std::string text() const; ///< "shardlens-executor u1-… (shardlens_operator from 10.0.0.7, since …)"
};

/// The lock of an operation on a cluster: one session a member, each holding the advisory lock of execute/LockKey.h, and a majority of
/// the declared members in all. What the operation does on a member it does on that very session; one that broke is made anew only while
/// the others are a majority, and where nobody else has taken the lock there meanwhile. Works without the directory. One thread a member at
/// a time, and holds() by any of them; the rest one thread. Letting go is closing the sessions.
class MemberLocks
{
public:
    MemberLocks(Login login, const fleet::Cluster &cluster);

    /// Dials all members at once, waits for a majority and shortly for the others (Majority.h), then locks those that answered in the
    /// fleet file's order, so that two who begin at the same time do not each take a part: a frozen primary costs 0.5 s, not the lock.
    /// `silent`: those that do not answer, as was seen just before, take no time at all. `takeOver`: sessions of an executor that hold it are ended first. Errors: Rejected (somebody holds it, with who),
    /// Unreachable (too few members; its message names them and why).
    [[nodiscard]] base::Result<void> take(bool takeOver, base::Instant deadline, const std::set<base::ServerId> &silent = {});

    /// Without asking anybody: whether enough of these sessions still stand. Errors: Rejected, naming those that ended.
    [[nodiscard]] base::Result<void> holds() const;

    [[nodiscard]] postgres::Session *session(const base::ServerId &member); ///< null: none was taken there, or it ended
    [[nodiscard]] const std::map<base::ServerId, std::string> &missing() const { return m_missing; } ///< members without a lock, and why

    void letGo(const base::ServerId &member); ///< before this operation stops that server
    /// After this operation started it again, or its session was lost. Errors as take().
    [[nodiscard]] base::Result<void> takeAnew(const base::ServerId &member, base::Instant deadline);

private:
    [[nodiscard]] std::size_t needed() const { return m_members.size() / 2 + 1; }
    using Dialling = std::future<base::Result<postgres::Session>>;
    [[nodiscard]] base::Result<void> lock(postgres::Session &session, bool takeOver, base::Instant deadline) const;

    Login m_login;
    std::string m_cluster;
    std::string m_database;
    std::vector<base::ServerId> m_members;
    mutable std::mutex m_mutex;                ///< of the maps: members are asked by a thread each
    std::map<base::ServerId, Dialling> m_late; ///< waited for when this ends, after the sessions were closed
    std::map<base::ServerId, postgres::Session> m_sessions;
    std::map<base::ServerId, std::string> m_missing;
    std::set<base::ServerId> m_stopped; ///< by this operation, while it held the lock there
};

/// Locks on an open session; nothing: taken, else who holds it.
[[nodiscard]] base::Result<std::optional<Holder>> tryLock(postgres::Session &session, base::Instant deadline);

} // namespace shardlens::effects
