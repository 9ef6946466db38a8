// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/GroupTakeOver.h"

#include "app/guard/Carrier.h"
#include "core/execute/LockKey.h"
#include "core/operate/Met.h"

#include <algorithm>
#include <utility>

#include <poll.h>

namespace shardlens::guard
{

using base::milliseconds;
using base::Result;
using State = OperationReport::State;

namespace
{

constexpr milliseconds groupBetweenLooks{300};
constexpr milliseconds groupAgainAfter{1000};
constexpr milliseconds stableDeadline{2000};

const ReplicaSeen &replicaIn(const GroupLook &look, const base::ServerId &member)
{
    static const ReplicaSeen nothing;
    const auto found = look.find(member);
    return found == look.end() ? nothing : found->second;
}

} // namespace

GroupVerdict judgeGroup(const clients::GuardAnnouncement &told, const GroupLook &first, const GroupLook &second)
{
    const ReplicaSeen &from = replicaIn(second, told.from);
    const ReplicaSeen &to = replicaIn(second, told.to);
    const auto nobody = [](std::string why) { return GroupVerdict{GroupVerdict::To::Nobody, std::move(why)}; };
    // Away meanwhile, a guard must not let its region's old primary, which comes back with it, take writes beside a newer one.
    const auto isNewer = [&](const auto &each) { return each.second.isReachable && each.second.term > told.term; };
    if (told.term > 0 && std::any_of(second.begin(), second.end(), isNewer))
        return {GroupVerdict::To::Outlived, "a newer operation has raised the term past " + std::to_string(told.term)};
    for (const auto &[member, seen] : second) {
        if (seen.isPrimary && member != told.from && member != told.to)
            return nobody(member.text() + " is a primary too; a person must act");
    }
    if (to.isReachable && to.isPrimary)
        return {GroupVerdict::To::New, told.to.text() + " was promoted"};
    if (!from.isReachable)
        return nobody((told.from.isEmpty() ? std::string("the old primary") : told.from.text()) + " is not reached, and " + told.to.text() + (to.isReachable ? " is not promoted" : " is not reached"));
    if (!from.isPrimary)
        return nobody(told.from.text() + " is a replica, and " + told.to.text() + (to.isReachable ? " is not promoted" : " is not reached"));
    const bool wasReplica = replicaIn(first, told.to).isReachable && !replicaIn(first, told.to).isPrimary;
    if (to.isReachable && wasReplica)
        return {GroupVerdict::To::Old, told.to.text() + " is a replica still"};
    if (!to.isReachable && !from.isRefusing && !replicaIn(first, told.from).isRefusing)
        return {GroupVerdict::To::Old, told.from.text() + " takes writes: nothing was sent to " + told.to.text()};
    return nobody(told.to.text() + " is not reached, and may have been promoted");
}

GroupTakeOver::GroupTakeOver(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, clients::GuardAnnouncement told, OperationBook &book, StableHands &stables,
                             std::shared_ptr<wire::Interrupt> stop)
    : m_fleet(std::move(fleet)), m_region(std::move(region)), m_told(std::move(told)), m_book(book), m_stables(stables), m_stop(std::move(stop)),
      m_group(m_fleet->redisGroup(base::GroupName(m_told.of.cluster.text())))
{
}

bool GroupTakeOver::sleep(milliseconds time) const
{
    pollfd fd = {m_stop->descriptor(), POLLIN, 0};
    return ::poll(&fd, 1, static_cast<int>(time.count())) == 0;
}

void GroupTakeOver::run()
{
    logLine("operation " + m_told.of.operation + " on " + m_told.of.cluster.text() + " fell silent: taking over");
    for (;;) {
        const bool isOver = round();
        m_talks.clear();
        if (isOver || !sleep(groupAgainAfter))
            return;
    }
}

bool GroupTakeOver::wait(const std::string &why)
{
    m_book.note(m_told.of, State::Waiting, why);
    if (std::exchange(m_waitsFor, why) != why)
        logLine("operation " + m_told.of.operation + " on " + m_told.of.cluster.text() + ": " + why);
    return false;
}

bool GroupTakeOver::end(const std::string &said)
{
    m_book.note(m_told.of, State::TakenOver, said);
    logLine("operation " + m_told.of.operation + " on " + m_told.of.cluster.text() + " was taken over: " + said);
    return true;
}

GroupTalk *GroupTakeOver::talkTo(const base::ServerId &member)
{
    const auto found = std::find_if(m_talks.begin(), m_talks.end(), [&](const GroupTalk &one) { return one.member() == member; });
    return found == m_talks.end() ? nullptr : &*found;
}

std::string GroupTakeOver::endItsSessions()
{
    const std::string name = execute::redisSessionNameOf(m_told.of.operation, m_told.of.number);
    for (GroupTalk &talk : m_talks) {
        if (const auto other = talk.otherHolder(name); other && !other->empty())
            return *other;
    }
    for (GroupTalk &talk : m_talks)
        (void)talk.endSessions(name); // one that hangs by now is not reached; the looks tell so
    return {};
}

GroupLook GroupTakeOver::look()
{
    GroupLook seen;
    for (const auto &member : m_group->servers) {
        GroupTalk *talk = talkTo(member);
        const auto told = talk ? talk->look() : Result<ReplicaSeen>(base::fail(base::ErrorCode::Unreachable, "no session"));
        seen[member] = told.value_or(ReplicaSeen{});
    }
    return seen;
}

bool GroupTakeOver::round()
{
    if (!m_book.isTakingOver(m_told.of))
        return true;
    if (!m_group)
        return end("the fleet file declares no such group");
    for (const auto &member : m_group->servers) {
        if (auto talk = GroupTalk::open(*m_fleet, m_region, *m_group, member, m_stop))
            m_talks.push_back(std::move(*talk));
    }
    if (const std::string other = endItsSessions(); !other.empty())
        return wait("the lock is held by " + other);
    const GroupLook first = look();
    if (!sleep(groupBetweenLooks))
        return true;
    const GroupLook second = look();
    const GroupVerdict verdict = judgeGroup(m_told, first, second);
    if (!m_book.isTakingOver(m_told.of))
        return true;
    return act(verdict, second);
}

bool GroupTakeOver::act(const GroupVerdict &verdict, const GroupLook &seen)
{
    if (verdict.to == GroupVerdict::To::Nobody)
        return wait(verdict.why);
    if (verdict.to == GroupVerdict::To::Outlived)
        return end(verdict.why);
    const bool isNew = verdict.to == GroupVerdict::To::New;
    const base::ServerId &server = isNew ? m_told.to : m_told.from;
    Result<void> done = isNew ? open(seen) : giveBack(seen);
    if (done)
        done = leadTo(server);
    if (done && isNew && m_group->manager == fleet::Manager::None)
        (void)talkTo(server)->keep(); // one without a file has its role from whoever starts it
    if (!done)
        return wait(verdict.why + ", but writes cannot be let flow to " + server.text() + ": " + done.error().message);
    if (isNew && isHeldBack(replicaIn(seen, m_told.from)))
        return wait(verdict.why + ", and writes flow to it; " + m_told.from.text() + " refuses them until a Sentinel has made it a replica");
    return end("writes flow to " + server.text() + ": " + verdict.why);
}

/// Who is demoted by a guard has its settings back with that; whom Sentinels demote has them back here.
bool GroupTakeOver::isHeldBack(const ReplicaSeen &from)
{
    if (m_group->manager == fleet::Manager::None || !from.isReachable || !from.isRefusing)
        return false;
    GroupTalk *talk = talkTo(m_told.from);
    return from.isPrimary || !talk || !talk->settle(m_told.restores).empty();
}

/// Started anew, the old primary refuses nothing any more, and the new one does as its file says until all stable addresses lead to it.
Result<void> GroupTakeOver::open(const GroupLook &seen)
{
    GroupTalk &to = *talkTo(m_told.to);
    if (m_group->manager == fleet::Manager::None) {
        const ReplicaSeen &from = replicaIn(seen, m_told.from);
        if (from.isReachable && from.isPrimary && !from.isRefusing) {
            if (auto refuses = talkTo(m_told.from)->refuse(); !refuses)
                return refuses;
        }
        if (replicaIn(seen, m_told.to).isRefusing) {
            if (auto opened = to.reopen(m_told.restores); !opened)
                return opened;
        }
    }
    return to.raiseTerm(m_told.term);
}

/// What a move took from the old primary, and a failover from the replicas.
Result<void> GroupTakeOver::giveBack(const GroupLook &seen)
{
    for (const auto &[member, one] : seen) {
        GroupTalk *talk = one.isCut ? talkTo(member) : nullptr;
        if (talk)
            (void)talk->follow(m_fleet->server(m_told.from)->address.from(m_fleet->server(member)->region));
    }
    return talkTo(m_told.from)->reopen(m_told.restores);
}

Result<void> GroupTakeOver::leadTo(const base::ServerId &server)
{
    if (!m_group->stableAddress.contains(m_region))
        return {};
    const base::Instant until = std::chrono::steady_clock::now() + stableDeadline;
    operate::HostDeed deed;
    deed.act = operate::HostAct::PointStable;
    deed.group = m_group->name.text();
    deed.leadsTo = server.text();
    // Where it was never led elsewhere it leads there still, and who uses it is left alone.
    if (server == m_told.from || m_hasLed)
        deed.act = operate::HostAct::AskStable;
    auto told = m_stables.carryOut(deed, until);
    if ((!told || !operate::isMet("INFO role=master", *told)) && deed.act == operate::HostAct::AskStable) {
        deed.act = operate::HostAct::PointStable;
        told = m_stables.carryOut(deed, until);
    }
    if (!told)
        return base::fail(told.error());
    m_hasLed = server == m_told.to && operate::isMet("INFO role=master", *told);
    return operate::isMet("INFO role=master", *told) ? Result<void>() : Result<void>(base::fail(base::ErrorCode::WrongServer, "the stable address does not lead to a primary"));
}

} // namespace shardlens::guard
