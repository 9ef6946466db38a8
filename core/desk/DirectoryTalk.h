// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/desk/AuditReading.h"
#include "core/desk/Deed.h"
#include "core/desk/JournalCopy.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

namespace shardlens::desk {

/// A conversation with the fleet's directory as one database user, on a connection that is kept. Reads from whichever member
/// answers, the primary first; writes on the primary only. Blocking: every call ends within `patience` for each member tried, also
/// against frozen ones. One thread. Source: tables and functions of resources/sql/directory.sql, PostgreSQL 13 or newer.
class DirectoryTalk
{
public:
    using Secret = std::function<base::Result<std::string>(const fleet::DatabaseUser &user, const fleet::Endpoint &endpoint)>;

    /// `fleet` has a directory.
    DirectoryTalk(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, fleet::DatabaseUser user, Secret secret, base::milliseconds patience,
                  std::shared_ptr<const wire::Interrupt> interrupt);

    /// Claims and consoles, with how long ago each said so. `likely` is the member tried first: the primary as observed.
    [[nodiscard]] base::Result<facts::Shared> read(const base::ServerId &likely);
    /// Errors besides the session's: Rejected with SQLSTATE 42883 or 3F000 where the directory has no place for it.
    [[nodiscard]] base::Result<void> tell(const Vantage &vantage, const base::ServerId &likely);
    [[nodiscard]] base::Result<void> leave(const std::string &console);
    /// False: there was nothing to release.
    [[nodiscard]] base::Result<bool> act(const Deed &deed, const facts::Person &by, const base::ServerId &likely);
    /// False: there was no mark to lift.
    [[nodiscard]] base::Result<bool> mark(const MarkDeed &deed, const facts::Person &by, const base::ServerId &likely);
    /// Adds an entry to the audit log; its number and hash.
    [[nodiscard]] base::Result<facts::AuditHead> append(const AuditNote &note, const facts::Person &by, const base::ServerId &likely);
    /// Rows of the audit log after a number, at most a page of them; and where the newest so many begin.
    [[nodiscard]] base::Result<std::vector<facts::AuditRow>> readAuditPage(std::int64_t after, const AuditQuery &query);
    [[nodiscard]] base::Result<std::int64_t> auditStart(const AuditQuery &query);
    [[nodiscard]] base::Result<std::string> identity(); ///< the primary's system identifier
    /// JournalCopy.h: how many lines the copy has now; the newest copies, or one whole.
    [[nodiscard]] base::Result<std::size_t> copyLines(const CopiedJournal &more, std::size_t first);
    [[nodiscard]] base::Result<std::vector<CopiedJournal>> readCopies(int most);
    [[nodiscard]] base::Result<CopiedJournal> readCopy(const std::string &operation);

private:
    [[nodiscard]] base::Result<void> connect(const base::ServerId &likely, bool toWrite);
    [[nodiscard]] base::Result<void> connectTo(const fleet::Server &server, bool toWrite);
    [[nodiscard]] std::string schemaName() const; ///< quoted
    [[nodiscard]] base::Result<postgres::Rows> exec(const std::string &sql, const std::vector<postgres::Value> &parameters, bool toWrite,
                                                    const base::ServerId &likely);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_from;
    fleet::DatabaseUser m_user;
    Secret m_secret;
    base::milliseconds m_patience;
    std::shared_ptr<const wire::Interrupt> m_interrupt;
    std::optional<postgres::Session> m_session;
    bool m_isPrimary = false; ///< the session's server takes writes
};

/// The directory has no table or function for this: it was made by an older directory.sql, or by hand.
[[nodiscard]] bool isNotPrepared(const base::Error &error);
/// False where the answer will be the same another time: no such right, user, secret, table or value. All else (a silent server, one
/// that starts, stops or was just demoted, a statement that a thawing server gave up) may go well then.
[[nodiscard]] bool mayBeTriedAgain(const base::Error &error);

} // namespace shardlens::desk
