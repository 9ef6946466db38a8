// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Verdict.h"
#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <memory>
#include <string>

namespace shardlens::guard
{

/// A guard's session with one member of a cluster, as the operator. Blocking; one thread. Every call has a deadline of its own.
class MemberTalk
{
public:
    [[nodiscard]] static base::Result<MemberTalk> open(const fleet::Fleet &fleet, const base::RegionName &viewer, const fleet::Cluster &cluster, const base::ServerId &member,
                                                       const std::shared_ptr<wire::Interrupt> &stop);

    /// `asksPromotion`: also whether a promotion is on its way; a replay that a person paused is left alone.
    [[nodiscard]] base::Result<MemberSeen> look(bool asksPromotion = false);
    /// Ends the sessions of that application_name and counts those that are left.
    [[nodiscard]] base::Result<int> endSessions(const std::string &application);
    /// Ends every client's session but this one and superusers'.
    [[nodiscard]] base::Result<void> endClients();
    /// The operation's lock, held as long as this session lasts. False: somebody else has it; lockHolder() tells who.
    [[nodiscard]] base::Result<bool> tryLock();
    [[nodiscard]] std::string lockHolder();
    /// Where it is older; where it is this very one, only whose decision it is.
    [[nodiscard]] base::Result<void> raiseTerm(std::int64_t term, const std::string &by);
    [[nodiscard]] base::Result<void> setBrake(bool isOn); ///< read back until it holds
    [[nodiscard]] base::Result<std::string> setting(const std::string &name);
    [[nodiscard]] bool isOpen() const { return m_session.isOpen(); }
    [[nodiscard]] const base::ServerId &member() const { return m_member; }

private:
    MemberTalk(base::ServerId member, postgres::Session session) : m_member(std::move(member)), m_session(std::move(session)) {}
    base::ServerId m_member;
    postgres::Session m_session;
};

} // namespace shardlens::guard
