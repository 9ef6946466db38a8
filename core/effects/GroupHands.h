// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/effects/GroupLocks.h"
#include "core/effects/GuardLines.h"
#include "core/execute/Hands.h"
#include "core/execute/Operation.h"

#include <map>
#include <mutex>
#include <optional>
#include <set>

namespace shardlens::effects {

/// The hands of an operation on a Redis group: commands on the sessions beside its lock, stable addresses by the guards, and the
/// directory's row on a session of its own. Answers are text: an integer in digits, nil empty, CONFIG GET's pairs as "name:value" lines, other
/// lists a line an item; Sentinels' as redis::askSentinel() and agreedBy() tell them.
class GroupHands final : public execute::Hands
{
public:
    /// `locks` were taken; both outlive this. `hold` is for how long the guards wait for a sign of life.
    GroupHands(Login login, const execute::Operation &operation, GroupLocks &locks, GuardLines &guards, base::milliseconds hold);

    [[nodiscard]] base::Result<void> holdsLock() override;
    [[nodiscard]] Carried carryOut(const std::vector<operate::Command> &commands, base::Instant deadline) override;
    [[nodiscard]] std::map<std::string, std::string> names() override;
    [[nodiscard]] base::Result<void> announce() override;

private:
    using Commands = std::vector<operate::Command>;
    void carryByGuard(Carried &carried, const Commands &commands, base::Instant deadline);
    void carryByRedis(Carried &carried, const Commands &commands, base::Instant deadline);
    void carryBySentinels(Carried &carried, const operate::Command &command, base::Instant deadline);
    [[nodiscard]] bool mayTakeWrites(const base::ServerId &member, const std::string &told, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> askOne(const fleet::Endpoint &sentinel, const std::string &text, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> askAll(const std::string &text, base::Instant deadline);
    void carryBySql(Carried &carried, const operate::Command &command, base::Instant deadline);

    Login m_login;
    clients::GuardAnnouncement m_announcement;
    std::set<base::RegionName> m_mayBeAway; ///< whose guards need not be reached
    GroupLocks &m_locks;
    GuardLines &m_guards;
    std::string m_token;
    std::mutex m_sentinelsMutex;
    std::map<fleet::Endpoint, redis::Session> m_sentinels; ///< one thread at a time: whoever asks takes its session out
    std::mutex m_mutex; ///< of the directory's session
    std::optional<postgres::Session> m_directory;
};

} // namespace shardlens::effects
