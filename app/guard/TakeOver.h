// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/HostHands.h"
#include "app/guard/MemberTalk.h"
#include "app/guard/OperationBook.h"
#include "app/guard/Verdict.h"
#include "core/effects/RouterHands.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::guard
{

/// Ends an operation that fell silent, for this guard's region: ends its sessions, takes its lock, looks twice at every member that is
/// reached, and resumes the region's router to the one primary that is verified, or keeps it paused and says why. Where no router is held
/// here, it lifts the brake that the operation may have left, by the same proof. Tried again each second until it is decided, or a newer operation was announced. One thread; blocks.
class TakeOver
{
public:
    TakeOver(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, clients::GuardAnnouncement told, OperationBook &book, effects::RouterHands &router, HostHands &hosts,
             std::shared_ptr<wire::Interrupt> stop);
    void run();

private:
    enum class Round { Over, Again, Soon }; ///< Soon: somebody else has the lock
    [[nodiscard]] Round round();
    [[nodiscard]] std::optional<Round> findHeld(); ///< nothing: the region's router, or else a brake, is held
    [[nodiscard]] std::optional<Round> findBrake();
    [[nodiscard]] Round act(const Verdict &verdict);
    [[nodiscard]] Round followDecision();
    [[nodiscard]] Round endOrWait(const base::Result<void> &resumed, const base::ServerId &server, const std::string &why);
    [[nodiscard]] base::Result<void> resumeNew();
    [[nodiscard]] base::Result<void> resumeOld();
    [[nodiscard]] base::Result<void> leadRouterTo(const base::ServerId &server);
    [[nodiscard]] Round resumeReads();
    [[nodiscard]] base::Result<void> resume(); ///< and see that it is
    void openAll();
    [[nodiscard]] bool endItsSessions(); ///< none of them is left where a member is reached
    [[nodiscard]] std::optional<Round> lockMajority(); ///< nothing: it is held
    [[nodiscard]] Look look();
    [[nodiscard]] MemberSeen lookAtCandidate(); ///< also whether it is being promoted
    [[nodiscard]] MemberTalk *talkTo(const base::ServerId &member);
    [[nodiscard]] Round wait(const std::string &why);
    [[nodiscard]] Round end(const std::string &said);
    [[nodiscard]] bool sleep(base::milliseconds time) const; ///< false: stopped

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    clients::GuardAnnouncement m_told;
    OperationBook &m_book;
    effects::RouterHands &m_router;
    HostHands &m_hosts;
    std::shared_ptr<wire::Interrupt> m_stop;
    const fleet::Cluster *m_cluster;
    std::string m_database; ///< the router's, that leads to the cluster's primary; of a smaller act the one that it names
    bool m_isForReads = false;
    bool m_isElsewhere = false; ///< a smaller act on another region's router
    std::string m_nothingHeld;  ///< why this region's router is not held; empty: it is
    std::vector<MemberTalk> m_talks;
    std::string m_waitsFor; ///< as last told in the log
};

} // namespace shardlens::guard
