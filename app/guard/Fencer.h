// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/HostHands.h"
#include "app/guard/MemberTalk.h"
#include "app/guard/OperationBook.h"

#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::guard
{

/// Watches one Postgres server of this region. Comes it back as a primary although another member is one of a newer term, it is braked,
/// its sessions are ended, and it is stopped. The only primary never is: the other one must be seen, out of recovery and with the
/// newer term, twice. Nothing is done while an operation is under way on the cluster, but that what a failover's fence stopped here is
/// stopped again whenever somebody else, a supervisor or a reboot, starts it as a primary. A session with a server is kept only while the guard's
/// other sessions, which ask anyway, do not say that it is a standby or that all others are. On a thread of its own.
class Fencer
{
public:
    Fencer(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, const fleet::Cluster &cluster, base::ServerId own, const OperationBook &book, HostHands &hosts,
           Report &report, std::shared_ptr<wire::Interrupt> stop);
    void run(); ///< until stopped

private:
    void turn();
    void rest();
    void learnFiles();
    [[nodiscard]] bool isSpared() const;
    [[nodiscard]] std::optional<MemberSeen> lookAt(std::optional<MemberTalk> &talk, const base::ServerId &member);
    /// The member that is the primary of a newer term than `own`; nothing where none is seen.
    [[nodiscard]] std::optional<base::ServerId> newerPrimary(const MemberSeen &own);
    void spare(const std::string &why);
    void fence(const base::ServerId &newer);
    void keepStopped();
    void stop(std::string said);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    fleet::Cluster m_cluster;
    base::ServerId m_own;
    const OperationBook &m_book;
    HostHands &m_hosts;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::optional<MemberTalk> m_talk;
    std::map<base::ServerId, std::optional<MemberTalk>> m_others;
    std::string m_sparedFor; ///< what was last written down of why it is left alone
    bool m_knowsFiles = false; ///< where this run of the server has them
    base::Instant m_filesKnownAt{};
};

/// Whether `own` is a primary of the past: both are out of recovery, and the other's term is newer.
[[nodiscard]] bool isOutlived(const MemberSeen &own, const MemberSeen &other);

} // namespace shardlens::guard
