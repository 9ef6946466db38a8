// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/MemberLocks.h"

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

const std::string key = std::to_string(execute::lockClass) + ", " + std::to_string(execute::lockObject);

// PostgreSQL 9.6 or newer. Two integers show as classid and objid with objsubid 2.
const std::string whoHolds = "SELECT a.pid, a.application_name, a.usename, coalesce(host(a.client_addr), ''), to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"') "
                             "FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.classid = " +
                             std::to_string(execute::lockClass) + " AND l.objid = " + std::to_string(execute::lockObject) + " AND l.objsubid = 2 AND l.granted AND l.database = "
                             "(SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1";

Result<std::optional<Holder>> askWhoHolds(postgres::Session &session, Instant deadline)
{
    const auto rows = session.exec(whoHolds, leftUntil(deadline));
    if (!rows)
        return base::fail(rows.error());
    if (rows->isEmpty())
        return std::optional<Holder>();
    Holder holder;
    const std::string pid = rows->at(0, 0).value_or("0");
    std::from_chars(pid.data(), pid.data() + pid.size(), holder.pid);
    holder.session = rows->at(0, 1).value_or("");
    holder.user = rows->at(0, 2).value_or("");
    holder.client = rows->at(0, 3).value_or("");
    holder.since = rows->at(0, 4).value_or("");
    return std::optional<Holder>(std::move(holder));
}

} // namespace

std::string Holder::text() const
{
    return session + " (" + user + (client.empty() ? "" : " from " + client) + ", since " + since + ")";
}

Result<std::optional<Holder>> tryLock(postgres::Session &session, Instant deadline)
{
    // The holder may end between the two questions: then the lock is free, and is asked for again.
    for (;;) {
        const auto taken = session.exec("SELECT pg_try_advisory_lock(" + key + ")", leftUntil(deadline));
        if (!taken)
            return base::fail(taken.error());
        if (taken->first() == "t")
            return std::optional<Holder>();
        auto holder = askWhoHolds(session, deadline);
        if (!holder || *holder)
            return holder;
    }
}

MemberLocks::MemberLocks(Login login, const fleet::Cluster &cluster)
    : m_login(std::move(login)), m_cluster(cluster.name.text()), m_database(cluster.database), m_members(cluster.servers)
{
}

Result<void> MemberLocks::take(bool takeOver, Instant deadline, const std::set<ServerId> &silent)
{
    std::map<ServerId, Dialling> dialled;
    for (const ServerId &id : m_members) {
        const fleet::Server *server = m_login.fleet->server(id);
        dialled.emplace(id, std::async(std::launch::async, [this, server, deadline] { return dialServer(m_login, *server, m_database, deadline); }));
    }
    std::map<ServerId, Result<postgres::Session>> answers = awaitMajority(std::move(dialled), needed(), deadline, m_late, silent);
    for (const auto &[id, late] : m_late)
        m_missing[id] = silentText;
    std::erase_if(answers, [this](const auto &each) {
        if (!each.second)
            m_missing[each.first] = each.second.error().message;
        return !each.second;
    });
    std::size_t left = answers.size();
    for (const ServerId &id : m_members) {
        const auto found = answers.find(id);
        if (found == answers.end())
            continue;
        if (const auto locked = lock(*found->second, takeOver, shareOf(deadline, left--)); locked) {
            m_sessions.emplace(id, std::move(*found->second));
        } else if (locked.error().code == ErrorCode::Rejected) {
            m_sessions.clear();
            return base::fail(ErrorCode::Rejected, locked.error().message, id.text());
        } else {
            m_missing[id] = locked.error().message;
        }
    }
    if (m_sessions.size() >= needed())
        return {};
    std::string why = "the lock needs " + std::to_string(needed()) + " of " + std::to_string(m_members.size()) + " members of " + m_cluster + ", and reaches " + std::to_string(m_sessions.size());
    for (const auto &[id, trouble] : m_missing)
        why += "; " + id.text() + ": " + trouble;
    m_sessions.clear();
    return base::fail(ErrorCode::Unreachable, why);
}

Result<void> MemberLocks::lock(postgres::Session &session, bool takeOver, Instant deadline) const
{
    for (;;) {
        const auto holder = tryLock(session, deadline);
        if (!holder)
            return base::fail(holder.error());
        if (!*holder)
            return {};
        const bool isExecutor = (*holder)->session.rfind(execute::sessionPrefix, 0) == 0;
        if (!takeOver || std::chrono::steady_clock::now() >= deadline)
            return base::fail(ErrorCode::Rejected, "the lock of " + m_cluster + " is held by " + (*holder)->text());
        if (!isExecutor) { // a guard ends what fell silent: it takes a second or two
            std::this_thread::sleep_for(base::milliseconds(50));
            continue;
        }
        const auto ended = session.exec("SELECT pg_terminate_backend($1::int, 2000)", {std::to_string((*holder)->pid)}, leftUntil(deadline));
        if (!ended)
            return base::fail(ended.error());
    }
}

Result<void> MemberLocks::holds() const
{
    const std::lock_guard guard(m_mutex);
    std::string ended;
    std::size_t standing = m_stopped.size(); // nobody else can take the lock on a server that does not run
    for (const auto &[id, session] : m_sessions) {
        if (!session.hasHungUp())
            ++standing;
        else
            ended += (ended.empty() ? "" : ", ") + id.text();
    }
    if (standing >= needed())
        return {};
    return base::fail(ErrorCode::Rejected, "the lock of " + m_cluster + " is lost: the sessions on " + ended + " have ended");
}

postgres::Session *MemberLocks::session(const ServerId &member)
{
    const std::lock_guard guard(m_mutex);
    const auto found = m_sessions.find(member);
    return found == m_sessions.end() || !found->second.isOpen() ? nullptr : &found->second;
}

void MemberLocks::letGo(const ServerId &member)
{
    const std::lock_guard guard(m_mutex);
    if (m_sessions.erase(member) > 0)
        m_stopped.insert(member);
    m_missing[member] = "stopped by this operation";
}

Result<void> MemberLocks::takeAnew(const ServerId &member, Instant deadline)
{
    auto session = dialServer(m_login, *m_login.fleet->server(member), m_database, deadline);
    if (!session)
        return base::fail(session.error());
    if (const auto locked = lock(*session, false, deadline); !locked)
        return locked;
    const std::lock_guard guard(m_mutex);
    m_missing.erase(member);
    m_stopped.erase(member);
    m_sessions.insert_or_assign(member, std::move(*session));
    return {};
}

} // namespace shardlens::effects
