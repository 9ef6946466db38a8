// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/executor/DirectoryBook.h"

#include "core/operate/plan/Writing.h"
#include "core/record/AuditHeads.h"

#include <nlohmann/json.hpp>

#include <cstdlib>

namespace shardlens::executor {

namespace {

using base::Instant;
using base::Result;

constexpr base::milliseconds patience{1500};

std::string kindOf(const execute::Operation &operation)
{
    return operation.group.isEmpty() ? "cluster" : "redis_group";
}

/// "cluster u1", "redis_group feeds"; of a smaller act what it acts on: "server router-us-east".
std::string auditSubject(const execute::Operation &operation)
{
    return operate::isMove(operation.act) ? kindOf(operation) + " " + operation.subject() : "server " + operation.on.text();
}

/// The row's number and hash are kept here: whoever rewrites the log there is found out.
Result<void> audit(postgres::Session &session, const fleet::Fleet &fleet, const execute::Operation &operation, const std::string &action,
                   const nlohmann::json &detail, Instant deadline)
{
    const auto done =
        session.exec("SELECT seq::text, encode(hash, 'hex') FROM " + operate::identifier(fleet.directory->schema) +
                         ".append_audit($1, $2, $3, $4, $5, '', $6::jsonb)",
                     {operation.author.osUser, operation.author.host, action, auditSubject(operation), operation.reason, detail.dump()},
                     effects::leftUntil(deadline));
    if (!done)
        return base::fail(done.error());
    if (done->isEmpty())
        return base::fail(base::ErrorCode::Protocol, "append_audit answered nothing");
    const facts::AuditHead head{std::strtoll(done->first().c_str(), nullptr, 10), done->at(0, 1).value_or("")};
    return record::keepAuditHead(record::auditHeadsPath(fleet.name), head);
}

nlohmann::json detailOf(const execute::Operation &operation)
{
    nlohmann::json detail{{"operation", operation.id},
                          {"number", operation.number},
                          {"from", operation.from.text()},
                          {"to", operation.to.text()},
                          {"term", operation.term}};
    if (!operate::isMove(operation.act)) {
        detail["cluster"] = operation.cluster.text();
        detail["object"] = operation.object;
    }
    detail["forced"] = nlohmann::json::array();
    for (const execute::Forced &one : operation.forced)
        detail["forced"].push_back({{"check", operate::name(one.check)}, {"reason", one.reason}});
    return detail;
}

} // namespace

Result<postgres::Session> DirectoryBook::primary(Instant deadline) const
{
    const auto &directory = m_login.fleet->directory;
    const fleet::Cluster *cluster = directory ? m_login.fleet->cluster(directory->cluster) : nullptr;
    if (!cluster)
        return base::fail(base::ErrorCode::NotFound, "the fleet has no directory");
    base::Error last{base::ErrorCode::Unreachable, "the directory has no primary", {}, {}, base::Effect::None};
    for (const base::ServerId &id : cluster->servers) {
        auto session = effects::dialServer(m_login, *m_login.fleet->server(id), directory->database, deadline);
        const auto standby = session ? session->exec("SELECT pg_is_in_recovery()", effects::leftUntil(deadline)) : base::fail(session.error());
        if (standby && standby->first() == "f")
            return session;
        if (!standby)
            last = standby.error();
    }
    return base::fail(last);
}

Result<void> DirectoryBook::begun(const execute::Operation &operation)
{
    const Instant deadline = std::chrono::steady_clock::now() + patience;
    auto session = primary(deadline);
    if (!session)
        return base::fail(session.error());
    const std::string schema = operate::identifier(m_login.fleet->directory->schema);
    const auto row = session->exec("INSERT INTO " + schema + ".locks AS l (kind, subject, operation_id, number, owner, host, reason) "
                                   "VALUES ($7, $1, $2, $3::bigint, $4, $5, $6) ON CONFLICT (kind, subject) DO UPDATE SET operation_id = excluded.operation_id, "
                                   "number = excluded.number, owner = excluded.owner, host = excluded.host, reason = excluded.reason, taken_at = now() WHERE l.number <= excluded.number",
                                   {operation.subject(), operation.id, std::to_string(operation.number), operation.author.databaseUser + " (" + operation.author.osUser + ")",
                                    operation.author.host, operation.reason, kindOf(operation)},
                                   effects::leftUntil(deadline));
    if (!row)
        return base::fail(row.error());
    return audit(*session, *m_login.fleet, operation, std::string(operate::name(operation.act)) + " begun", detailOf(operation), deadline);
}

Result<void> DirectoryBook::ended(const execute::Operation &operation, execute::Outcome outcome, const std::string &said)
{
    const Instant deadline = std::chrono::steady_clock::now() + patience;
    auto session = primary(deadline);
    if (!session)
        return base::fail(session.error());
    const std::string schema = operate::identifier(m_login.fleet->directory->schema);
    const auto row = session->exec("DELETE FROM " + schema + ".locks WHERE kind = $3 AND subject = $1 AND operation_id = $2", {operation.subject(), operation.id, kindOf(operation)},
                                   effects::leftUntil(deadline));
    if (!row)
        return base::fail(row.error());
    nlohmann::json detail = detailOf(operation);
    detail["outcome"] = execute::name(outcome);
    detail["said"] = said;
    if (operation.writesHeld)
        detail["writes_held_us"] = operation.writesHeld->count();
    return audit(*session, *m_login.fleet, operation, std::string(operate::name(operation.act)) + " ended", detail, deadline);
}

} // namespace shardlens::executor
