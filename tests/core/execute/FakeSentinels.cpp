// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/core/execute/FakeSentinels.h"

namespace shardlens::execute {

using base::Effect;
using base::ErrorCode;

namespace {

constexpr int promotesAfter = 150;
constexpr int noticesAfter = 1150;
constexpr int endsAfter = 2300;
constexpr int convertsAfter = 8000;
constexpr int silentFor = 4000;
constexpr int readsEvery = 10000;

tl::unexpected<base::Error> refusing(ErrorCode code, const std::string &message, Effect effect)
{
    return tl::unexpected(base::Error{code, message, {}, {}, effect});
}

std::string priorityOf(const FakeRedis &server)
{
    const auto found = server.settings.find("replica-priority");
    return found == server.settings.end() ? "100" : found->second;
}

} // namespace

FakeSentinels::FakeSentinels(FakeGroup &group, std::string leader, std::string candidate, Heeds heeds)
    : m_group(group), m_leader(std::move(leader)), m_candidate(std::move(candidate)), m_heeds(heeds)
{
    for (const auto &[id, server] : m_group.servers)
        m_priorities[id] = priorityOf(server);
    m_now = readsEvery / 2;
}

std::string FakeSentinels::addressOf(const std::string &server) const
{
    return m_group.addressOf(server);
}

/// The lowest priority, then the most: not whom we proved, unless they prefer it.
std::string FakeSentinels::choice() const
{
    std::string best;
    for (const auto &[id, server] : m_group.servers) {
        const int priority = std::stoi(m_priorities.at(id));
        if (id == m_leader || priority == 0 || !server.isRunning || server.follows.empty())
            continue;
        const auto isBetter = [&] {
            const int other = std::stoi(m_priorities.at(best));
            return priority != other ? priority < other : server.log.size() > m_group.servers.at(best).log.size();
        };
        if (best.empty() || isBetter())
            best = id;
    }
    return best;
}

void FakeSentinels::failOver(const std::string &to)
{
    if (m_isFailingOver)
        return; // each of them sees what another one does
    m_isFailingOver = true;
    m_target = to;
    m_since = 0;
}

bool FakeSentinels::isCalm() const
{
    if (m_isFailingOver)
        return false;
    for (const auto &[id, server] : m_group.servers) {
        if (server.isRunning && id != m_leader && server.follows != m_leader)
            return false;
    }
    return true;
}

void FakeSentinels::tick()
{
    if (++m_now % readsEvery == 0) {
        for (const auto &[id, server] : m_group.servers)
            m_priorities[id] = server.isRunning ? priorityOf(server) : m_priorities[id];
    }
    m_silent = m_group.doesAnswer(m_leader) ? 0 : m_silent + 1;
    if (m_isFailingOver) {
        ++m_since;
        FakeRedis *target = m_target.empty() ? nullptr : &m_group.servers.at(m_target);
        if (!target && m_since > 2000)
            m_isFailingOver = false; // given up
        if (target && m_since == promotesAfter && m_group.doesAnswer(m_target))
            target->follows = target->fileFollows = std::string();
        if (target && m_since >= noticesAfter && m_leader != m_target && target->follows.empty())
            m_leader = m_target;
        if (target && m_since >= endsAfter) {
            m_isFailingOver = false;
            for (auto &[id, server] : m_group.servers) {
                if (id != m_leader && m_group.doesAnswer(id) && !server.follows.empty())
                    server.follows = server.fileFollows = m_leader;
            }
        }
        return;
    }
    if (isWatching && m_silent > silentFor && !choice().empty())
        return failOver(choice());
    const bool isSane = m_group.doesAnswer(m_leader) && m_group.servers.at(m_leader).follows.empty();
    for (auto &[id, server] : m_group.servers) {
        int &claims = m_claims[id];
        const bool isWrong = id != m_leader && server.follows != m_leader;
        claims = isSane && m_group.doesAnswer(id) && isWrong ? claims + 1 : 0;
        if (claims > convertsAfter)
            server.follows = server.fileFollows = m_leader;
    }
}

base::Result<std::string> FakeSentinels::answer(const operate::Command &command)
{
    if (m_heeds == Heeds::AreGone)
        return refusing(ErrorCode::Unreachable, "0 of 3 Sentinels answer", Effect::None);
    if (command.text.find("FAILOVER") == std::string::npos) {
        std::string lines = "leader:" + addressOf(m_leader) + "\nfailing_over:" + (m_isFailingOver ? "yes" : "no") + "\n";
        for (const auto &[id, priority] : m_priorities)
            lines += addressOf(id) + ".slave-priority:" + priority + "\n";
        const auto member = m_group.servers.find(command.on.text());
        const bool isReplica = member != m_group.servers.end() && m_group.doesAnswer(member->first) && !member->second.follows.empty();
        lines += std::string("may_take_writes:") + (isReplica || (command.on.text() == m_leader && !m_isFailingOver) ? "yes" : "no") + "\n";
        return lines;
    }
    ++asked;
    std::string other;
    for (const auto &[id, server] : m_group.servers)
        other = id != m_leader && id != m_candidate ? id : other;
    switch (m_heeds) {
    case Heeds::Refuse: return refusing(ErrorCode::Rejected, "NOGOODSLAVE No suitable replica to promote", Effect::None);
    case Heeds::Hang: return refusing(ErrorCode::TimedOut, "no answer", Effect::InDoubt);
    case Heeds::HangAndDo: failOver(choice()); return refusing(ErrorCode::TimedOut, "no answer", Effect::InDoubt);
    case Heeds::SayOnly: failOver({}); return std::string("OK");
    case Heeds::Elsewhere: failOver(other); return std::string("OK");
    case Heeds::WereFirst:
    case Heeds::WereElsewhere: failOver(m_heeds == Heeds::WereFirst ? m_candidate : other); return refusing(ErrorCode::Rejected, "INPROG Failover already in progress", Effect::InDoubt);
    default: break;
    }
    if (m_isFailingOver)
        return refusing(ErrorCode::Rejected, "INPROG Failover already in progress", Effect::InDoubt);
    failOver(choice());
    return std::string("OK");
}

} // namespace shardlens::execute
