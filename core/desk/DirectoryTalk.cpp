// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/desk/DirectoryTalk.h"

#include "core/base/Iso8601.h"

#include <algorithm>
#include <cmath>
#include <cstdlib>

namespace shardlens::desk {

using base::ErrorCode;
using base::Result;
using postgres::Value;

namespace {

/// A console that is silent for longer is not shown: it is gone, or cut off.
constexpr int consoleShownSeconds = 20;

// One answer for all tables: a column that the other has not is null. The last one is the directory's own time.
std::string readQuery(const std::string &schema)
{
    return "select 'claim', kind, problem, owner, os_user, host, reason, extract(epoch from at)::text, extract(epoch from until)::text, null, null, null from " + schema +
           ".claims where until is null or until > now() union all "
           "select 'console', console, region, owner, os_user, host, null, extract(epoch from now() - seen_at)::text, null, answering::text, declared::text, "
           "array_to_string(lost, ',') from " +
           schema + ".consoles where seen_at > now() - make_interval(secs => " + std::to_string(consoleShownSeconds) +
           ") union all select 'mark', kind, subject, owner, null, null, reason, extract(epoch from since)::text, extract(epoch from "
           "until)::text, null, null, null from " +
           schema + ".marks where mark in ('maintenance', 'evacuated')";
}

std::string quoted(const std::string &name)
{
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

base::UtcTime utcOf(const Value &epoch)
{
    return base::UtcTime(base::microseconds(std::llround(std::strtod(epoch.value_or("0").c_str(), nullptr) * 1e6)));
}

std::vector<base::ServerId> serversOf(const std::string &list)
{
    std::vector<base::ServerId> servers;
    for (std::size_t from = 0; from < list.size();) {
        const std::size_t end = std::min(list.find(',', from), list.size());
        servers.emplace_back(list.substr(from, end - from));
        from = end + 1;
    }
    return servers;
}

/// A Postgres array of text: {"a","b"}.
std::string arrayOf(const std::vector<base::ServerId> &servers)
{
    std::string out = "{";
    for (const base::ServerId &server : servers)
        out += (out.size() > 1 ? "," : "") + quoted(server.text());
    return out + "}";
}

facts::Claim claimIn(const postgres::Rows &rows, std::size_t row)
{
    facts::Claim claim;
    claim.kind = rows.at(row, 1) == "quieted" ? facts::Claim::Kind::Quieted : facts::Claim::Kind::Claimed;
    claim.problem = rows.at(row, 2).value_or("");
    claim.by = {rows.at(row, 3).value_or(""), rows.at(row, 4).value_or(""), rows.at(row, 5).value_or("")};
    claim.reason = rows.at(row, 6).value_or("");
    claim.at = utcOf(rows.at(row, 7));
    if (rows.at(row, 8))
        claim.until = utcOf(rows.at(row, 8));
    return claim;
}

facts::ConsoleSeen consoleIn(const postgres::Rows &rows, std::size_t row)
{
    facts::ConsoleSeen seen;
    seen.id = rows.at(row, 1).value_or("");
    seen.region = base::RegionName(rows.at(row, 2).value_or(""));
    seen.by = {rows.at(row, 3).value_or(""), rows.at(row, 4).value_or(""), rows.at(row, 5).value_or("")};
    seen.ago = std::max(base::microseconds(0), utcOf(rows.at(row, 7)).time_since_epoch());
    seen.answering = static_cast<std::uint32_t>(std::strtoul(rows.at(row, 9).value_or("0").c_str(), nullptr, 10));
    seen.declared = static_cast<std::uint32_t>(std::strtoul(rows.at(row, 10).value_or("0").c_str(), nullptr, 10));
    seen.lost = serversOf(rows.at(row, 11).value_or(""));
    return seen;
}

facts::Mark markIn(const postgres::Rows &rows, std::size_t row)
{
    facts::Mark mark;
    const std::string kind = rows.at(row, 1).value_or("");
    mark.kind = kind == "host" ? facts::Mark::Kind::Host : kind == "region" ? facts::Mark::Kind::Region : facts::Mark::Kind::Server;
    mark.subject = rows.at(row, 2).value_or("");
    mark.by.databaseUser = rows.at(row, 3).value_or("");
    mark.reason = rows.at(row, 6).value_or("");
    mark.since = utcOf(rows.at(row, 7));
    if (rows.at(row, 8))
        mark.until = utcOf(rows.at(row, 8));
    return mark;
}

/// A row a line, those of one operation together.
std::vector<CopiedJournal> copiesIn(const postgres::Rows &rows)
{
    std::vector<CopiedJournal> copies;
    for (std::size_t row = 0; row < rows.rows.size(); ++row) {
        const std::string id = rows.at(row, 0).value_or("");
        if (copies.empty() || copies.back().operation != id) {
            CopiedJournal &copy = copies.emplace_back();
            copy.operation = id;
            copy.number = std::strtoll(rows.at(row, 1).value_or("0").c_str(), nullptr, 10);
            copy.by = {rows.at(row, 2).value_or(""), rows.at(row, 3).value_or(""), rows.at(row, 4).value_or("")};
            copy.ago = std::max(base::microseconds(0), utcOf(rows.at(row, 5)).time_since_epoch());
        }
        copies.back().lines.push_back(rows.at(row, 6).value_or(""));
    }
    return copies;
}

} // namespace

bool isNotPrepared(const base::Error &error)
{
    // undefined function, table, column, schema; and no such database
    return error.sqlState == "42883" || error.sqlState == "42P01" || error.sqlState == "42703" || error.sqlState == "3F000" || error.sqlState == "3D000";
}

bool mayBeTriedAgain(const base::Error &error)
{
    for (const char *sort : {"22", "23", "28", "3D", "3F", "42"}) { // data, constraints, authorisation, database, schema, names and rights
        if (error.sqlState.starts_with(sort))
            return false;
    }
    return error.code != ErrorCode::NoRights && error.code != ErrorCode::NotFound && error.code != ErrorCode::Io && error.code != ErrorCode::Unavailable && error.code != ErrorCode::BadInput;
}

DirectoryTalk::DirectoryTalk(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, fleet::DatabaseUser user, Secret secret, base::milliseconds patience,
                             std::shared_ptr<const wire::Interrupt> interrupt)
    : m_fleet(std::move(fleet)), m_from(from.isEmpty() ? m_fleet->ownRegion : std::move(from)), m_user(std::move(user)), m_secret(std::move(secret)), m_patience(patience),
      m_interrupt(std::move(interrupt))
{
}

std::string DirectoryTalk::schemaName() const
{
    return quoted(m_fleet->directory->schema);
}

Result<void> DirectoryTalk::connectTo(const fleet::Server &server, bool toWrite)
{
    const fleet::Endpoint &endpoint = server.address.from(m_from);
    const auto secret = m_secret(m_user, endpoint);
    if (!secret)
        return tl::unexpected(secret.error());
    postgres::SessionOptions options;
    options.tls = m_fleet->access.tls;
    options.statementTimeout = m_patience;
    options.applicationName = "shardlens-desk";
    auto session = postgres::Session::connect({server.id.text(), endpoint, m_fleet->directory->database, m_user.name}, *secret, options, m_patience, m_interrupt);
    if (!session)
        return tl::unexpected(session.error());
    const auto recovering = session->exec("select pg_is_in_recovery()", m_patience);
    if (!recovering)
        return tl::unexpected(recovering.error());
    const bool isPrimary = recovering->first() == "f";
    if (toWrite && !isPrimary)
        return base::fail(ErrorCode::WrongServer, server.id.text() + " is a standby");
    m_session.emplace(std::move(*session));
    m_isPrimary = isPrimary;
    return {};
}

/// The likely one, then the others in the fleet's order. The first error is told: it is the likely one's.
Result<void> DirectoryTalk::connect(const base::ServerId &likely, bool toWrite)
{
    if (m_session && m_session->isOpen() && (m_isPrimary || !toWrite))
        return {};
    m_session.reset();
    const fleet::Cluster *cluster = m_fleet->cluster(m_fleet->directory->cluster);
    if (!cluster)
        return base::fail(ErrorCode::NotFound, "there is no cluster '" + m_fleet->directory->cluster.text() + "'");
    std::vector<base::ServerId> members = cluster->servers;
    std::stable_partition(members.begin(), members.end(), [&](const base::ServerId &id) { return id == likely; });
    std::optional<base::Error> first;
    for (const base::ServerId &id : members) {
        const fleet::Server *server = m_fleet->server(id);
        if (!server)
            continue;
        auto done = connectTo(*server, toWrite);
        if (done)
            return {};
        // A standby tells nothing of why the primary cannot be had.
        if (!first || (first->code == ErrorCode::WrongServer && done.error().code != ErrorCode::WrongServer))
            first = done.error();
        const bool isFinal = done.error().code == ErrorCode::Cancelled || done.error().code == ErrorCode::NoRights;
        if (isFinal)
            break;
    }
    return tl::unexpected(first.value_or(base::Error{ErrorCode::NotFound, "the directory has no server", {}, {}, {}}));
}

Result<postgres::Rows> DirectoryTalk::exec(const std::string &sql, const std::vector<Value> &parameters, bool toWrite, const base::ServerId &likely)
{
    // A kept session that broke in between is made anew once: nothing was sent on it that could be in doubt but this statement,
    // and each of them may be said twice.
    for (int attempt = 0;; ++attempt) {
        const bool wasKept = m_session && m_session->isOpen();
        if (auto ready = connect(likely, toWrite); !ready)
            return tl::unexpected(ready.error());
        auto rows = m_session->exec(sql, parameters, m_patience);
        // Demoted since: read_only_sql_transaction.
        const bool isDemoted = !rows && rows.error().sqlState == "25006";
        if (isDemoted)
            m_session.reset();
        const bool isBroken = !rows && (!m_session || !m_session->isOpen()) && rows.error().code != ErrorCode::TimedOut && rows.error().code != ErrorCode::Cancelled;
        if (rows || attempt > 0 || !isBroken || !wasKept)
            return rows;
    }
}

Result<facts::Shared> DirectoryTalk::read(const base::ServerId &likely)
{
    const auto rows = exec(readQuery(quoted(m_fleet->directory->schema)), {}, false, likely);
    if (!rows)
        return tl::unexpected(rows.error());
    facts::Shared shared;
    for (std::size_t row = 0; row < rows->rows.size(); ++row) {
        if (rows->at(row, 0) == "claim")
            shared.claims.push_back(claimIn(*rows, row));
        else if (rows->at(row, 0) == "mark")
            shared.marks.push_back(markIn(*rows, row));
        else
            shared.consoles.push_back(consoleIn(*rows, row));
    }
    std::sort(shared.claims.begin(), shared.claims.end(), [](const auto &a, const auto &b) { return a.at > b.at; });
    std::sort(shared.marks.begin(), shared.marks.end(),
              [](const auto &a, const auto &b) { return std::tie(a.kind, a.subject) < std::tie(b.kind, b.subject); });
    std::sort(shared.consoles.begin(), shared.consoles.end(), [](const auto &a, const auto &b) {
        return std::tie(a.region, a.by.databaseUser, a.by.host, a.id) < std::tie(b.region, b.by.databaseUser, b.by.host, b.id);
    });
    return shared;
}

Result<void> DirectoryTalk::tell(const Vantage &vantage, const base::ServerId &likely)
{
    const auto done = exec("select " + quoted(m_fleet->directory->schema) + ".console_looks($1, $2, $3, $4, $5::integer, $6::integer, $7::text[])",
                           {vantage.console, vantage.by.osUser, vantage.by.host, vantage.region.text(), std::to_string(vantage.answering), std::to_string(vantage.declared),
                            arrayOf(vantage.lost)},
                           true, likely);
    return done ? Result<void>() : tl::unexpected(done.error());
}

Result<void> DirectoryTalk::leave(const std::string &console)
{
    if (!m_session || !m_session->isOpen() || !m_isPrimary)
        return {}; // it expires
    const auto done = m_session->exec("select " + quoted(m_fleet->directory->schema) + ".console_leaves($1)", {console}, m_patience);
    return done ? Result<void>() : tl::unexpected(done.error());
}

Result<bool> DirectoryTalk::act(const Deed &deed, const facts::Person &by, const base::ServerId &likely)
{
    const std::string schema = quoted(m_fleet->directory->schema);
    const std::string kind(facts::name(deed.claim.kind));
    const bool isSet = deed.what == Deed::What::Set;
    const auto done = isSet ? exec("select " + schema + ".claim_problem($1, $2, make_interval(secs => $3::double precision), $4, $5, $6)",
                                   {deed.claim.problem, kind, std::to_string(deed.lasting.count()), deed.claim.reason, by.osUser, by.host}, true, likely)
                            : exec("select " + schema + ".release_problem($1, $2, $3, $4)", {deed.claim.problem, kind, by.osUser, by.host}, true, likely);
    if (!done)
        return tl::unexpected(done.error());
    return isSet || done->first() == "t";
}

Result<bool> DirectoryTalk::mark(const MarkDeed &deed, const facts::Person &by, const base::ServerId &likely)
{
    const facts::Mark &mark = deed.mark;
    const std::string kind(facts::name(mark.kind));
    const bool isSet = deed.what == MarkDeed::What::Set;
    const bool isRegion = mark.kind == facts::Mark::Kind::Region;
    std::string call = isRegion ? (isSet ? ".mark_evacuated($1, $2, $3, $4)" : ".lift_evacuated($1, $2, $3)")
                                : (isSet ? ".mark_maintenance($1, $2, $3::timestamptz, $4, $5, $6)" : ".lift_maintenance($1, $2, $3, $4)");
    std::vector<Value> values;
    if (!isRegion)
        values.emplace_back(kind);
    values.emplace_back(mark.subject);
    if (isSet && !isRegion)
        values.emplace_back(base::isoUtc(mark.until.value_or(base::UtcTime())));
    if (isSet)
        values.emplace_back(mark.reason);
    values.insert(values.end(), {by.osUser, by.host});
    const auto done = exec("select " + schemaName() + call, values, true, likely);
    if (!done)
        return tl::unexpected(done.error());
    return isSet || done->first() == "t";
}

Result<facts::AuditHead> DirectoryTalk::append(const AuditNote &note, const facts::Person &by, const base::ServerId &likely)
{
    const auto done = exec("select seq::text, encode(hash, 'hex') from " + schemaName() + ".append_audit($1, $2, $3, $4, $5, $7, $6::jsonb)",
                           {by.osUser, by.host, note.action, note.subject, note.reason, note.detail, note.caseNumber}, true, likely);
    if (!done)
        return tl::unexpected(done.error());
    if (done->isEmpty())
        return base::fail(ErrorCode::Protocol, "append_audit answered nothing");
    return facts::AuditHead{std::strtoll(done->first().c_str(), nullptr, 10), done->at(0, 1).value_or("")};
}

Result<std::size_t> DirectoryTalk::copyLines(const CopiedJournal &more, std::size_t first)
{
    std::string joined;
    for (const std::string &line : more.lines)
        joined += (joined.empty() ? "" : "\n") + line;
    // Nobody waits for a disk of the directory's: a copy that is cut short is one all the same.
    const auto done = exec("select " + schemaName() + ".copy_journal($1, $2::bigint, $3::integer, string_to_array(nullif($4, ''), e'\\n'), $5, $6), "
                                                      "set_config('synchronous_commit', 'off', true)",
                           {more.operation, std::to_string(more.number), std::to_string(first), joined, more.by.osUser, more.by.host}, true, {});
    if (!done)
        return tl::unexpected(done.error());
    return static_cast<std::size_t>(std::strtoull(done->first().c_str(), nullptr, 10));
}

Result<std::vector<CopiedJournal>> DirectoryTalk::readCopies(int most)
{
    const std::string schema = schemaName();
    const auto rows = exec("select o.operation_id, o.number::text, o.owner, o.os_user, o.host, extract(epoch from clock_timestamp() - o.seen_at)::text, "
                           "case when j.line = 0 then jsonb_set(j.entry::jsonb, '{steps}', '[]') else j.entry::jsonb end::text from (select * from " +
                               schema + ".operations order by seen_at desc limit $1::integer) o join " + schema +
                               ".journal j using (operation_id, number) where j.line = 0 or j.entry ->> 'entry' <> 'step' order by o.seen_at desc, o.operation_id, j.line",
                           {std::to_string(most)}, false, {});
    return rows ? Result<std::vector<CopiedJournal>>(copiesIn(*rows)) : tl::unexpected(rows.error());
}

Result<CopiedJournal> DirectoryTalk::readCopy(const std::string &operation)
{
    const std::string schema = schemaName();
    // Of the primary: a standby may have less of it.
    const auto rows = exec("select o.operation_id, o.number::text, o.owner, o.os_user, o.host, extract(epoch from clock_timestamp() - o.seen_at)::text, j.entry::text from " + schema +
                               ".operations o join " + schema + ".journal j using (operation_id, number) where o.operation_id = $1 order by j.line",
                           {operation}, true, {});
    if (!rows)
        return tl::unexpected(rows.error());
    auto copies = copiesIn(*rows);
    return copies.empty() ? base::fail(ErrorCode::NotFound, "the directory has no copy of operation " + operation + "'s journal") : Result<CopiedJournal>(std::move(copies.front()));
}

} // namespace shardlens::desk
