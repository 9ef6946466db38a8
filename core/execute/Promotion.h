// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/execute/Hands.h"
#include "core/execute/Operation.h"
#include "core/execute/Pace.h"

namespace shardlens::execute {

/// Whether a candidate to whom a promotion may have been sent was promoted. It is not enough that it is in recovery: the statement
/// may still lie in its socket, the signal may still wait for its process. It is known *not* to be promoted only where, on two looks
/// 300 ms apart, it is in recovery, no other session of this operation lives there (those found are ended), and either
///  - it was started anew since: a start forgets a promotion that was asked for; or
///  - all that was received is replayed, so that its startup process waits and takes notice at once, and either its receiver runs,
///    which a promotion ends first, or resuming its replay, which does nothing, is not refused, as it is once a promotion was
///    triggered (55000; PostgreSQL 13). This only counts where the promotion's answer did not come: with the session that sent it
///    lost, the looks go over one that the server's main process made later, and that process passes the signal on before.
/// A Redis replica: its role and its clients, asked in one batch, twice likewise. Redis carries a connection's commands out in their
/// order and before it notices the connection's end: once no other session of this operation is among its clients (those found are
/// killed), and it is a replica still, what was sent is gone.
/// Where a manager was asked to promote: the candidate itself is looked at, and who leads by the manager's word and by the servers'.
/// It is not done where the old primary takes writes and leads, for as long as a manager may take to act on what it was told; after a
/// refusal for the usual 300 ms. Of a Redis group likewise, where no Sentinel fails over any more for 3 s. No harm comes of a mistake here: whatever it does later, it has one primary, and the routers follow.
/// Looks go over the session that acts there; once that fails, over one that is made for them, in the database "postgres".
class Promotion
{
public:
    enum class Is : std::uint8_t { Done, NotDone, Unknown, Elsewhere }; ///< Elsewhere: a manager promoted another one

    Promotion(const Operation &operation, const operate::Step &step, Hands &hands, Pace &pace, const base::Clock &clock);

    /// Looks until it is known, or `until`. `sentBy`: when it had been sent at the latest; `wasAnswered`: the server said that it
    /// does it.
    [[nodiscard]] Is settle(base::Instant sentBy, bool wasAnswered, base::Instant until);
    void noteRefusal() { m_isRefused = true; } ///< the manager says that it does not do it
    [[nodiscard]] const std::string &said() const { return m_said; } ///< the last look, or why there was none

private:
    [[nodiscard]] Is look(base::Instant sentBy, bool wasAnswered, base::Instant until);
    [[nodiscard]] Is lookAtRedis(base::Instant until);
    [[nodiscard]] Is lookAtManaged(base::Instant until);

    std::string m_own;
    std::string m_operation;
    base::ServerId m_from;
    operate::Command m_look;
    std::optional<operate::Command> m_whoLeads; ///< of a manager: how it is asked who leads, told as the candidate
    bool m_isGroup = false;
    std::string m_oldMember;                   ///< the old primary, as its manager calls it; empty: it led no more
    bool m_isRefused = false;
    Hands &m_hands;
    Pace &m_pace;
    const base::Clock &m_clock;
    std::string m_said;
};

} // namespace shardlens::execute
