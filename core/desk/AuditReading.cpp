// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/AuditReading.h"

#include "core/desk/DirectoryTalk.h"
#include "core/desk/Purse.h"
#include "core/desk/Standing.h"

#include <QCryptographicHash>

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shardlens::desk {

using base::Result;

namespace {

constexpr std::int64_t page = 1000;

/// The contents are put together anew as append_audit does: as jsonb prints them.
std::string auditPageQuery(const std::string &schema)
{
    return "select seq::text, extract(epoch from at)::text, database_user, os_user, host, action, subject, reason, case_number, "
           "detail::text, encode(previous_hash, 'hex'), "
           "encode(hash, 'hex'), jsonb_build_array(seq, extract(epoch from at), database_user, os_user, host, action, subject, reason, "
           "case_number, detail)::text from " +
           schema + ".audit a where a.seq > $1::bigint and at >= to_timestamp($2::double precision) order by a.seq limit $3::bigint";
}

/// The number of the last row that is too old to be among the newest so many; nothing where none is.
std::string auditStartQuery(const std::string &schema)
{
    return "select seq::text from " + schema +
           ".audit a where at >= to_timestamp($1::double precision) order by a.seq desc offset $2::bigint limit 1";
}

facts::AuditRow auditRowIn(const postgres::Rows &rows, std::size_t row)
{
    const auto text = [&](std::size_t column) { return rows.at(row, column).value_or(""); };
    facts::AuditRow out;
    out.seq = std::strtoll(text(0).c_str(), nullptr, 10);
    out.at = base::UtcTime(base::microseconds(std::llround(std::strtod(text(1).c_str(), nullptr) * 1e6)));
    out.databaseUser = text(2);
    out.osUser = text(3);
    out.host = text(4);
    out.action = text(5);
    out.subject = text(6);
    out.reason = text(7);
    out.caseNumber = text(8);
    out.detail = text(9);
    out.previousHash = text(10);
    out.hash = text(11);
    out.hashed = text(12);
    out.computed = auditHash(out.previousHash, out.hashed);
    return out;
}

std::string sinceText(const AuditQuery &query)
{
    return query.since ? std::to_string(static_cast<double>(query.since->time_since_epoch().count()) / 1e6) : "0";
}

base::Error auditRefusal(facts::ClaimRefusal refusal)
{
    return {base::ErrorCode::NoRights, std::string(facts::name(refusal)), {}, {}, {}};
}

} // namespace

std::string auditHash(const std::string &previousHash, const std::string &hashed)
{
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::fromHex(QByteArray::fromStdString(previousHash)));
    hash.addData(QByteArray::fromStdString(hashed));
    return hash.result().toHex().toStdString();
}

Result<std::vector<facts::AuditRow>> DirectoryTalk::readAuditPage(std::int64_t after, const AuditQuery &query)
{
    const auto rows =
        exec(auditPageQuery(schemaName()), {std::to_string(after), sinceText(query), std::to_string(page)}, query.isFromPrimary, {});
    if (!rows)
        return base::fail(rows.error());
    std::vector<facts::AuditRow> out;
    for (std::size_t row = 0; row < rows->rows.size(); ++row)
        out.push_back(auditRowIn(*rows, row));
    return out;
}

Result<std::int64_t> DirectoryTalk::auditStart(const AuditQuery &query)
{
    if (query.limit <= 0)
        return 0;
    const auto rows = exec(auditStartQuery(schemaName()), {sinceText(query), std::to_string(query.limit)}, query.isFromPrimary, {});
    if (!rows)
        return base::fail(rows.error());
    return std::strtoll(rows->first().c_str(), nullptr, 10);
}

Result<std::string> DirectoryTalk::identity()
{
    const auto rows = exec("select system_identifier::text from pg_control_system()", {}, true, {});
    return rows ? Result<std::string>(rows->first()) : base::fail(rows.error());
}

namespace {

/// Looking needs no leave to act, only a user that the directory lets read the log.
Result<DirectoryTalk> auditTalk(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options)
{
    const Standing standing = standingOf(*fleet, options.user);
    if (!fleet->directory || !standing.user)
        return base::fail(auditRefusal(fleet->directory ? facts::ClaimRefusal::NoUser : facts::ClaimRefusal::NoDirectory));
    auto purse = std::make_shared<const Purse>(*fleet, options.user, options.keychain);
    return DirectoryTalk(
        fleet, options.from, *standing.user,
        [purse](const fleet::DatabaseUser &whose, const fleet::Endpoint &endpoint) { return purse->secretOf(whose, endpoint); },
        options.patience, {});
}

} // namespace

Result<std::string> directoryIdentity(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options)
{
    auto talk = auditTalk(fleet, options);
    return talk ? talk->identity() : base::fail(talk.error());
}

Result<void> readAudit(const std::shared_ptr<const fleet::Fleet> &fleet, const DeskOptions &options, const AuditQuery &query,
                       const TakeAuditRow &take)
{
    auto talk = auditTalk(fleet, options);
    if (!talk)
        return base::fail(talk.error());
    const auto start = talk->auditStart(query);
    if (!start)
        return base::fail(isNotPrepared(start.error()) ? auditRefusal(facts::ClaimRefusal::NotPrepared) : start.error());
    for (std::int64_t after = std::max(*start, query.after);;) {
        const auto rows = talk->readAuditPage(after, query);
        if (!rows)
            return base::fail(isNotPrepared(rows.error()) ? auditRefusal(facts::ClaimRefusal::NotPrepared) : rows.error());
        for (const facts::AuditRow &row : *rows) {
            if (!take(row))
                return {};
            after = row.seq;
        }
        if (rows->size() < static_cast<std::size_t>(page))
            return {};
    }
}

} // namespace shardlens::desk
