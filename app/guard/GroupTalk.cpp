// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/GroupTalk.h"

#include "core/clients/secrets/Secrets.h"
#include "core/execute/LockKey.h"
#include "core/operate/Met.h"
#include "core/operate/plan/GroupWriting.h"

#include <charconv>

namespace shardlens::guard
{

using base::ErrorCode;
using base::Result;

namespace
{

constexpr base::milliseconds talkDeadline{1500};

std::int64_t valueOf(const std::string &text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Result<void> heeded(const Result<redis::Reply> &reply)
{
    return reply ? Result<void>() : Result<void>(base::fail(reply.error()));
}

} // namespace

Result<redis::Session> dialGroupAddress(const fleet::Fleet &fleet, const fleet::Endpoint &endpoint, const std::string &name, base::Instant deadline,
                                        const std::shared_ptr<wire::Interrupt> &stop)
{
    const fleet::Access &access = fleet.access;
    const auto secret = secrets::resolve(access.redisSecret, {endpoint.host, endpoint.port, {}, access.redisUser});
    if (!secret)
        return base::fail(secret.error());
    const auto left = std::chrono::ceil<base::milliseconds>(deadline - std::chrono::steady_clock::now());
    return redis::Session::connect({name, endpoint, access.redisUser}, *secret, std::max(left, base::milliseconds(1)), stop);
}

GroupTalk::GroupTalk(base::ServerId member, const fleet::RedisGroup &group, redis::Session session)
    : m_member(std::move(member)), m_group(group.name.text()), m_termKey(group.termKey), m_session(std::move(session))
{
}

Result<GroupTalk> GroupTalk::open(const fleet::Fleet &fleet, const base::RegionName &viewer, const fleet::RedisGroup &group, const base::ServerId &member,
                                  const std::shared_ptr<wire::Interrupt> &stop)
{
    const auto *server = fleet.server(member);
    if (!server)
        return base::fail(ErrorCode::NotFound, "no server " + member.text() + " is declared");
    auto session = dialGroupAddress(fleet, server->address.from(viewer), member.text(), std::chrono::steady_clock::now() + talkDeadline, stop);
    if (!session)
        return base::fail(session.error());
    return GroupTalk(member, group, std::move(*session));
}

Result<ReplicaSeen> GroupTalk::look()
{
    m_session.add({"INFO", "replication"});
    m_session.add({"CONFIG", "GET", "min-replicas-to-write"});
    if (!m_termKey.empty())
        m_session.add({"GET", m_termKey});
    const auto replies = m_session.run(talkDeadline);
    if (!replies)
        return base::fail(replies.error());
    const std::string &info = replies->front().text;
    const auto field = [&](const char *name) { return operate::fieldOf(info, name).value_or(std::string()); };
    ReplicaSeen seen;
    if (replies->front().isError() || field("role").empty())
        return base::fail(ErrorCode::Rejected, info, m_member.text());
    seen.isReachable = true;
    seen.isPrimary = field("role") == "master";
    seen.isCut = !seen.isPrimary && field("master_port") == "1";
    seen.offset = valueOf(field(seen.isPrimary ? "master_repl_offset" : "slave_repl_offset"));
    const redis::Reply &setting = replies->at(1);
    seen.isRefusing = setting.items.size() == 2 && valueOf(setting.items[1].text) >= operate::refusingReplicas;
    if (replies->size() > 2)
        seen.term = valueOf(replies->at(2).text);
    return seen;
}

Result<int> GroupTalk::endSessions(const std::string &name)
{
    const auto clients = m_session.command({"CLIENT", "LIST"}, talkDeadline);
    if (!clients)
        return base::fail(clients.error());
    int ended = 0;
    for (std::size_t begin = 0; begin < clients->text.size();) {
        const std::size_t end = std::min(clients->text.find('\n', begin), clients->text.size());
        const std::string line = clients->text.substr(begin, end - begin);
        begin = end + 1;
        if (line.find(" name=" + name + " ") == std::string::npos || !line.starts_with("id="))
            continue;
        (void)m_session.command({"CLIENT", "KILL", "ID", line.substr(3, line.find(' ') - 3)}, talkDeadline);
        ++ended;
    }
    return ended;
}

Result<std::string> GroupTalk::otherHolder(const std::string &name)
{
    const std::string start = execute::lockChannelStart(m_group);
    const auto channels = m_session.command({"PUBSUB", "CHANNELS", start + "*"}, talkDeadline);
    if (!channels)
        return base::fail(channels.error());
    for (const redis::Reply &channel : channels->items) {
        const std::string holder = "shardlens-executor:" + channel.text.substr(std::min(start.size(), channel.text.size()));
        if (holder != name)
            return holder;
    }
    return std::string();
}

Result<void> GroupTalk::raiseTerm(std::int64_t term)
{
    if (m_termKey.empty() || term <= 0)
        return {};
    const auto there = m_session.command({"GET", m_termKey}, talkDeadline);
    if (!there)
        return base::fail(there.error());
    return valueOf(there->text) >= term ? Result<void>() : heeded(m_session.command({"SET", m_termKey, std::to_string(term)}, talkDeadline));
}

Result<void> GroupTalk::restore(const std::string &restores)
{
    for (std::size_t begin = 0; begin < restores.size();) {
        const std::size_t end = std::min(restores.find(", ", begin), restores.size());
        const std::string one = restores.substr(begin, end - begin);
        begin = end + 2;
        const std::size_t blank = one.find(' ');
        if (blank == std::string::npos)
            continue;
        if (auto set = heeded(m_session.command({"CONFIG", "SET", one.substr(0, blank), one.substr(blank + 1)}, talkDeadline)); !set)
            return set;
    }
    return {};
}

Result<void> GroupTalk::reopen(const std::string &restores)
{
    if (auto restored = restore(restores); !restored)
        return restored;
    return heeded(m_session.command({"CLIENT", "UNPAUSE"}, talkDeadline));
}

Result<void> GroupTalk::refuse()
{
    return heeded(m_session.command({"CONFIG", "SET", "min-replicas-to-write", std::to_string(operate::refusingReplicas)}, talkDeadline));
}

Result<void> GroupTalk::keep()
{
    return heeded(m_session.command({"CONFIG", "REWRITE"}, talkDeadline));
}

Result<void> GroupTalk::follow(const fleet::Endpoint &primary)
{
    return heeded(m_session.command({"REPLICAOF", primary.host, std::to_string(primary.port)}, talkDeadline));
}

std::string GroupTalk::settle(const std::string &restores)
{
    std::string trouble;
    const auto note = [&](const Result<void> &result) {
        if (!result)
            trouble += (trouble.empty() ? "" : "; ") + result.error().message;
    };
    note(restore(restores));
    note(heeded(m_session.command({"CLIENT", "UNPAUSE"}, talkDeadline)));
    note(heeded(m_session.command({"CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"}, talkDeadline)));
    note(keep());
    return trouble;
}

} // namespace shardlens::guard
