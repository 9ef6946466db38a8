// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/patroni/Rest.h"
#include "core/effects/DirectHands.h"
#include "core/effects/GuardLines.h"
#include "core/effects/MemberLocks.h"
#include "core/execute/Hands.h"
#include "core/execute/Operation.h"

#include <future>
#include <mutex>
#include <set>

namespace shardlens::effects {

/// The hands of an operation on a real fleet: SQL on the sessions that hold its lock, routers and hosts by the guards, and where a region
/// has none by this process itself. Reading through
/// a router, and writing into the directory, have sessions of their own.
class FleetHands final : public execute::Hands
{
public:
    /// `locks` were taken; both outlive this. `hold` is for how long the guards wait for a sign of life.
    FleetHands(Login login, const execute::Operation &operation, MemberLocks &locks, GuardLines &guards, base::milliseconds hold);

    [[nodiscard]] base::Result<void> holdsLock() override;
    [[nodiscard]] Carried carryOut(const std::vector<operate::Command> &commands, base::Instant deadline) override;
    [[nodiscard]] std::map<std::string, std::string> names() override;
    [[nodiscard]] base::Result<void> announce() override;

private:
    [[nodiscard]] std::size_t askTogether(Carried &carried, const std::vector<operate::Command> &commands, std::size_t first, base::Instant deadline);
    [[nodiscard]] std::vector<base::Result<std::string>> ask(const std::vector<operate::Command> &commands, base::Instant deadline);
    [[nodiscard]] base::Result<postgres::Session *> sessionFor(const operate::Command &command, base::Instant deadline);
    void openAhead(const operate::Command &command);
    [[nodiscard]] base::Result<postgres::Session> dialOther(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> askManager(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> askPatroni(const operate::Command &command, const fleet::Endpoint &endpoint,
                                                       base::Instant deadline);
    [[nodiscard]] base::Result<std::string> tellPatroni(const operate::Command &command, const fleet::Endpoint &endpoint,
                                                        const patroni::Login &login, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> askRepmgr(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> tellRepmgr(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> turnOff(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> askWhetherSilent(const operate::Command &command, base::Instant deadline);
    [[nodiscard]] bool isCandidateOut();
    void letOldGo();
    void carryByGuard(Carried &carried, const std::vector<operate::Command> &commands, base::Instant deadline);
    void noteStops(const std::vector<operate::Command> &commands, const Carried &carried, std::size_t before);

    Login m_login;
    DirectHands m_direct;
    clients::GuardAnnouncement m_announcement;
    std::set<base::RegionName> m_mayBeAway; ///< whose guards need not be reached
    std::string m_database;
    MemberLocks &m_locks;
    GuardLines &m_guards;
    std::string m_token;
    std::string m_reason;
    std::mutex m_mutex; ///< of what follows: steps with several targets act by several threads
    std::map<std::pair<base::ServerId, std::string>, postgres::Session> m_others; ///< through routers, and into the directory
    std::vector<std::future<void>> m_opening; ///< the last member: its threads end before what they use
};

} // namespace shardlens::effects
