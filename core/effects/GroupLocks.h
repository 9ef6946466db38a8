// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/effects/Login.h"
#include "core/operate/Intent.h"

#include <future>
#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace shardlens::effects {

/// The lock of an operation on a Redis group: on a majority of the declared members one session each that listens to the operation's
/// channel (execute/LockKey.h), and one beside it that acts. Of a group of two whose primary is dead the one that is left is enough:
/// nobody else can be promoted. Works without the directory. Letting go is closing the sessions. Sentinels end every session on a server whose role
/// they change: of a group that they manage the sessions that ended are made anew, as long as nobody else has listened meanwhile.
class GroupLocks
{
public:
    GroupLocks(Login login, const fleet::RedisGroup &group, std::string operation, std::int64_t number, operate::Act act);

    /// Dials all members at once, and goes on when a majority listens and the others had a short grace (Majority.h). Of several that begin at the same time the one with the lowest number has it, unless another had
    /// it before. `silent`: those that do not answer, as was seen just before, are not waited for. `takeOver`: sessions of an executor that has it are ended first. Errors: Rejected (somebody has it, with who),
    /// Unreachable (too few members; its message names them and why).
    [[nodiscard]] base::Result<void> take(bool takeOver, base::Instant deadline, const std::set<base::ServerId> &silent = {});

    /// Without asking anybody, but of a managed group whose sessions ended: whether enough of the listening sessions still stand. Errors: Rejected, naming those that ended.
    [[nodiscard]] base::Result<void> holds();

    /// The session that acts on a member; made anew where it was lost, as long as the lock is held. One thread a member at a time.
    [[nodiscard]] base::Result<redis::Session *> session(const base::ServerId &member, base::Instant deadline);

private:
    struct Member {
        std::optional<redis::Session> lock;
        std::optional<redis::Session> acts;
        std::string missing; ///< why there is no lock
    };
    [[nodiscard]] std::size_t needed() const;
    using Listening = std::future<base::Result<Member>>;
    [[nodiscard]] base::Result<Member> listen(const base::ServerId &id, base::Instant deadline) const;
    [[nodiscard]] base::Result<void> seeAlone(const base::ServerId &id, Member &member, bool takeOver, base::Instant deadline) const;
    [[nodiscard]] std::size_t standing(std::string &ended) const;
    void listenAgain();
    void drop();

    Login m_login;
    std::string m_group;
    std::string m_operation;
    std::int64_t m_number;
    bool m_isFailover;
    bool m_isManaged;
    std::map<base::ServerId, Listening> m_late; ///< waited for when this ends, after the members' sessions were closed
    std::map<base::ServerId, Member> m_members;
    mutable std::mutex m_mutex; ///< of making a session anew
};

} // namespace shardlens::effects
