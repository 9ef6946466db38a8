// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/MemberTalk.h"

#include "core/clients/secrets/Secrets.h"
#include "core/execute/LockKey.h"

#include <charconv>
#include <thread>

namespace shardlens::guard
{

using base::ErrorCode;
using base::Result;

namespace
{

constexpr base::milliseconds memberDeadline{1500};
constexpr base::milliseconds brakePatience{2000};

// PostgreSQL 13. A standby's timeline is its receiver's, else the one it began its recovery on. NULL sets the session's default back for
// this statement, and so reads what a new session would start with; the view pg_settings tells it too, and takes ten times as long.
const char *const lookStatement =
    "SELECT pg_is_in_recovery(), set_config('default_transaction_read_only', NULL, true), "
    "CASE WHEN pg_is_in_recovery() THEN coalesce((SELECT received_tli FROM pg_stat_wal_receiver), (SELECT timeline_id FROM pg_control_checkpoint())) "
    "ELSE ('x' || substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8))::bit(32)::int END, to_regclass('shardlens.term') IS NOT NULL, "
    "coalesce(pg_last_wal_replay_lsn() >= pg_last_wal_receive_lsn(), false)";
// Resuming a replay that is not paused does nothing, and is an error (55000) once a promotion was triggered.
const char *const promotionStatement = "SELECT CASE WHEN pg_is_wal_replay_paused() THEN NULL ELSE pg_wal_replay_resume() END";
const char *const wrongState = "55000";

std::int64_t numberIn(const std::string &text)
{
    std::int64_t number = 0;
    std::from_chars(text.data(), text.data() + text.size(), number);
    return number;
}

Result<void> withoutRows(const Result<postgres::Rows> &rows)
{
    return rows ? Result<void>() : Result<void>(base::fail(rows.error()));
}

} // namespace

Result<MemberTalk> MemberTalk::open(const fleet::Fleet &fleet, const base::RegionName &viewer, const fleet::Cluster &cluster, const base::ServerId &member,
                                    const std::shared_ptr<wire::Interrupt> &stop)
{
    const auto *server = fleet.server(member);
    const auto *user = fleet.access.firstWith(fleet::Role::Ops);
    if (!server || !user)
        return base::fail(ErrorCode::NotFound, server ? "no database user with the role ops is declared" : "no server " + member.text() + " is declared");
    const fleet::Endpoint &endpoint = server->address.from(viewer);
    const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, cluster.database, user->name});
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = fleet.access.tls;
    options.applicationName = "shardlens-guard " + viewer.text();
    auto session = postgres::Session::connect({member.text(), endpoint, cluster.database, user->name}, *secret, options, memberDeadline, stop);
    if (!session)
        return base::fail(session.error());
    return MemberTalk(member, std::move(*session));
}

Result<MemberSeen> MemberTalk::look(bool asksPromotion)
{
    const auto rows = m_session.exec(lookStatement, memberDeadline);
    if (!rows)
        return base::fail(rows.error());
    MemberSeen seen;
    seen.isReachable = true;
    seen.inRecovery = rows->at(0, 0) == "t";
    seen.isBraked = rows->at(0, 1) == "on";
    seen.timeline = static_cast<std::int32_t>(numberIn(rows->at(0, 2).value_or("0")));
    seen.hasReplayedAll = seen.inRecovery && rows->at(0, 4) == "t";
    if (rows->at(0, 3) == "t") { // asked for where it is not, it would fill the server's log
        const auto term = m_session.exec("SELECT term, raised_by FROM shardlens.term", memberDeadline);
        if (!term)
            return base::fail(term.error());
        if (!term->isEmpty()) {
            seen.term = numberIn(term->first());
            seen.raisedBy = term->at(0, 1).value_or(std::string());
        }
    }
    if (!asksPromotion || !seen.inRecovery)
        return seen;
    const auto promotion = m_session.exec(promotionStatement, memberDeadline);
    if (!promotion && promotion.error().sqlState != wrongState)
        return base::fail(promotion.error());
    seen.isPromoting = !promotion;
    return seen;
}

Result<int> MemberTalk::endSessions(const std::string &application)
{
    // Postgres keeps 63 bytes of an application's name.
    const auto rows = m_session.exec("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = left($1, 63) AND pid <> pg_backend_pid()",
                                     {application}, memberDeadline);
    if (!rows)
        return base::fail(rows.error());
    return static_cast<int>(numberIn(rows->first()));
}

Result<void> MemberTalk::endClients()
{
    return withoutRows(m_session.exec("SELECT count(pg_terminate_backend(a.pid)) FROM pg_stat_activity a JOIN pg_roles r ON r.oid = a.usesysid "
                                      "WHERE a.backend_type = 'client backend' AND a.pid <> pg_backend_pid() AND NOT r.rolsuper",
                                      memberDeadline));
}

Result<bool> MemberTalk::tryLock()
{
    const auto rows = m_session.exec("SELECT pg_try_advisory_lock($1::int, $2::int)", {std::to_string(execute::lockClass), std::to_string(execute::lockObject)}, memberDeadline);
    if (!rows)
        return base::fail(rows.error());
    return rows->first() == "t";
}

std::string MemberTalk::lockHolder()
{
    const auto rows = m_session.exec("SELECT a.application_name FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE l.locktype = 'advisory' AND l.granted AND l.objsubid = 2 "
                                     "AND l.classid = $1::int::oid AND l.objid = $2::int::oid AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())",
                                     {std::to_string(execute::lockClass), std::to_string(execute::lockObject)}, memberDeadline);
    return rows && !rows->isEmpty() ? rows->first() : std::string("somebody");
}

Result<void> MemberTalk::raiseTerm(std::int64_t term, const std::string &by)
{
    // Local: it shall not wait for a standby that is still to follow.
    return withoutRows(m_session.exec("SET synchronous_commit = local", memberDeadline).and_then([&](const auto &) {
        return m_session.exec("UPDATE shardlens.term SET term = $1::bigint, raised_at = clock_timestamp(), raised_by = $2 "
                              "WHERE term < $1::bigint OR (term = $1::bigint AND raised_by NOT LIKE '% (guard of %)')", {std::to_string(term), by}, memberDeadline);
    }));
}

Result<void> MemberTalk::setBrake(bool isOn)
{
    const char *const change = isOn ? "ALTER SYSTEM SET default_transaction_read_only = on" : "ALTER SYSTEM RESET default_transaction_read_only";
    const auto changed = m_session.exec(change, memberDeadline).and_then([&](const auto &) { return m_session.exec("SELECT pg_reload_conf()", memberDeadline); });
    if (!changed)
        return base::fail(changed.error());
    const auto until = std::chrono::steady_clock::now() + brakePatience;
    for (;;) {
        const auto rows = m_session.exec("SELECT reset_val FROM pg_settings WHERE name = 'default_transaction_read_only'", memberDeadline);
        if (!rows)
            return base::fail(rows.error());
        if ((rows->first() == "on") == isOn)
            return {};
        if (std::chrono::steady_clock::now() >= until)
            return base::fail(ErrorCode::TimedOut, std::string("the brake is still ") + (isOn ? "off" : "on") + " after a reload", m_member.text());
        std::this_thread::sleep_for(base::milliseconds(5));
    }
}

Result<std::string> MemberTalk::setting(const std::string &name)
{
    const auto rows = m_session.exec("SELECT current_setting($1)", {name}, memberDeadline);
    return rows ? Result<std::string>(rows->first()) : base::fail(rows.error());
}

} // namespace shardlens::guard
