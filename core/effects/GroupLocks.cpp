// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/GroupLocks.h"

#include "core/effects/Majority.h"
#include "core/execute/LockKey.h"

#include <charconv>
#include <thread>

namespace shardlens::effects {

namespace {

using base::ErrorCode;
using base::Instant;
using base::Result;
using base::ServerId;

constexpr base::milliseconds lookAgainAfter{20};
constexpr base::milliseconds contestLasts{1000}; ///< whoever began later has stepped back by then
constexpr base::milliseconds anewWithin{1500};
constexpr base::milliseconds listensAgainWithin{500};

/// The channels of other operations on the group: "NUMBER:ID" of each.
Result<std::vector<std::string>> othersOf(redis::Session &session, const std::string &start, const std::string &own, Instant deadline)
{
    const auto reply = session.command({"PUBSUB", "CHANNELS", start + "*"}, leftUntil(deadline));
    if (!reply)
        return base::fail(reply.error());
    std::vector<std::string> others;
    for (const redis::Reply &item : reply->items) {
        if (item.text != start + own)
            others.push_back(item.text.substr(std::min(start.size(), item.text.size())));
    }
    return others;
}

std::int64_t numberOfHolder(const std::string &holder)
{
    std::int64_t number = 0;
    std::from_chars(holder.data(), holder.data() + holder.size(), number);
    return number;
}

/// Ends every session of an executor, its lock included.
void endHolder(redis::Session &session, const std::string &holder, Instant deadline)
{
    const auto clients = session.command({"CLIENT", "LIST"}, leftUntil(deadline));
    if (!clients)
        return;
    const std::string name = " name=shardlens-executor:" + holder + " ";
    for (std::size_t begin = 0; begin < clients->text.size();) {
        const std::size_t end = std::min(clients->text.find('\n', begin), clients->text.size());
        const std::string line = clients->text.substr(begin, end - begin);
        begin = end + 1;
        if (line.find(name) == std::string::npos || !line.starts_with("id="))
            continue;
        (void)session.command({"CLIENT", "KILL", "ID", line.substr(3, line.find(' ') - 3)}, leftUntil(deadline));
    }
}

} // namespace

GroupLocks::GroupLocks(Login login, const fleet::RedisGroup &group, std::string operation, std::int64_t number, operate::Act act)
    : m_login(std::move(login)), m_group(group.name.text()), m_operation(std::move(operation)), m_number(number), m_isFailover(act == operate::Act::Failover),
      m_isManaged(group.manager != fleet::Manager::None)
{
    for (const ServerId &id : group.servers)
        m_members[id];
}

std::size_t GroupLocks::needed() const
{
    return m_isFailover && m_members.size() == 2 ? 1 : m_members.size() / 2 + 1;
}

Result<GroupLocks::Member> GroupLocks::listen(const ServerId &id, Instant deadline) const
{
    const fleet::Server *server = m_login.fleet->server(id);
    if (!server)
        return base::fail(ErrorCode::NotFound, "the fleet has no server " + id.text());
    Member member;
    auto acts = dialRedis(m_login, *server, deadline);
    if (!acts)
        return base::fail(acts.error());
    auto lock = dialRedis(m_login, *server, deadline);
    if (!lock)
        return base::fail(lock.error());
    const std::string channel = execute::lockChannelStart(m_group) + std::to_string(m_number) + ":" + m_operation;
    if (const auto listens = lock->command({"SUBSCRIBE", channel}, leftUntil(deadline)); !listens)
        return base::fail(listens.error());
    member.acts.emplace(std::move(*acts));
    member.lock.emplace(std::move(*lock));
    return member;
}

Result<void> GroupLocks::seeAlone(const ServerId &id, Member &member, bool takeOver, Instant deadline) const
{
    const Instant contestUntil = std::min(deadline, std::chrono::steady_clock::now() + contestLasts);
    const std::string start = execute::lockChannelStart(m_group);
    for (;;) {
        const auto others = othersOf(*member.acts, start, std::to_string(m_number) + ":" + m_operation, deadline);
        if (!others)
            return base::fail(others.error());
        if (others->empty())
            return {};
        const std::string &holder = others->front();
        const bool isExecutor = numberOfHolder(holder) > 0;
        if (takeOver && isExecutor)
            endHolder(*member.acts, holder, deadline);
        // A guard ends what fell silent: that takes a second or two. Of two who begin at once the later one steps back.
        const bool mayWait = takeOver || (isExecutor && m_number < numberOfHolder(holder));
        if (!mayWait || std::chrono::steady_clock::now() >= (takeOver ? deadline : contestUntil))
            return base::fail(ErrorCode::Rejected, "the lock of " + m_group + " is held by " + (isExecutor ? "shardlens-executor " : "the ") + holder, id.text());
        std::this_thread::sleep_for(lookAgainAfter);
    }
}

Result<void> GroupLocks::take(bool takeOver, Instant deadline, const std::set<ServerId> &silent)
{
    std::map<ServerId, Listening> begun;
    for (const auto &[id, member] : m_members)
        begun.emplace(id, std::async(std::launch::async, [this, id = id, deadline] { return listen(id, deadline); }));
    std::map<ServerId, Result<Member>> answers = awaitMajority(std::move(begun), needed(), deadline, m_late, silent);
    for (const auto &[id, late] : m_late)
        m_members[id].missing = silentText;
    std::size_t left = 0;
    for (auto &[id, answer] : answers) {
        if (answer) {
            m_members[id] = std::move(*answer);
            ++left;
        } else {
            m_members[id].missing = answer.error().message;
        }
    }
    // A majority listens by now: two of them share a member, and whoever asks there sees who came before.
    std::size_t held = 0;
    for (auto &[id, member] : m_members) {
        if (!member.lock)
            continue;
        const auto alone = seeAlone(id, member, takeOver, shareOf(deadline, left--));
        if (!alone && alone.error().code == ErrorCode::Rejected) {
            drop();
            return base::fail(alone.error());
        }
        if (!alone)
            member.missing = alone.error().message;
        else
            ++held;
    }
    if (held >= needed())
        return {};
    std::string why = "the lock needs " + std::to_string(needed()) + " of " + std::to_string(m_members.size()) + " members of " + m_group + ", and reaches " + std::to_string(held);
    for (const auto &[id, member] : m_members)
        why += member.missing.empty() ? "" : "; " + id.text() + ": " + member.missing;
    drop();
    return base::fail(ErrorCode::Unreachable, why);
}

void GroupLocks::drop()
{
    for (auto &[id, member] : m_members) {
        member.lock.reset();
        member.acts.reset();
    }
}

std::size_t GroupLocks::standing(std::string &ended) const
{
    std::size_t count = 0;
    for (const auto &[id, member] : m_members) {
        if (member.lock && !member.lock->hasHungUp())
            ++count;
        else
            ended += (ended.empty() ? "" : ", ") + id.text();
    }
    return count;
}

Result<void> GroupLocks::holds()
{
    const std::lock_guard guard(m_mutex);
    if (m_isManaged)
        listenAgain();
    std::string ended;
    if (standing(ended) >= needed())
        return {};
    return base::fail(ErrorCode::Rejected, "the lock of " + m_group + " is lost: the sessions on " + ended + " have ended");
}

/// Whoever took the lock meanwhile is seen there, and has it.
void GroupLocks::listenAgain()
{
    for (auto &[id, member] : m_members) {
        if (!member.lock || !member.lock->hasHungUp()) // one that never answered is not waited for each time
            continue;
        const Instant until = std::chrono::steady_clock::now() + listensAgainWithin;
        auto anew = listen(id, until);
        if (anew && seeAlone(id, *anew, false, until))
            member.lock = std::move(anew->lock); // the one that acts is its lane's own
    }
}

Result<redis::Session *> GroupLocks::session(const ServerId &id, Instant deadline)
{
    const auto found = m_members.find(id);
    if (found == m_members.end())
        return base::fail(ErrorCode::NotFound, id.text() + " is no member of " + m_group);
    Member &member = found->second;
    {
        const std::lock_guard guard(m_mutex);
        if (member.acts && !member.acts->hasHungUp() && member.lock && !member.lock->hasHungUp())
            return &*member.acts;
    }
    if (const auto held = holds(); !held)
        return base::fail(held.error());
    // A member that was started anew, or whose sessions were lost: nobody else can have the group while the others are a majority.
    const Instant until = std::min(deadline, std::chrono::steady_clock::now() + anewWithin);
    auto anew = listen(id, until);
    if (!anew)
        return base::fail(anew.error());
    if (const auto alone = seeAlone(id, *anew, false, until); !alone)
        return base::fail(alone.error());
    const std::lock_guard guard(m_mutex);
    member = std::move(*anew);
    return &*member.acts;
}

} // namespace shardlens::effects
