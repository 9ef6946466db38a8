// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::postgres {

using base::milliseconds;
using base::Result;

/// Whom to log in to, and as whom. `server` is only what errors name.
struct Target {
    std::string server;
    fleet::Endpoint endpoint;
    std::string database;
    std::string user;
};

struct SessionOptions {
    fleet::Tls tls;
    bool throughRouter = false;       ///< a pgbouncer in transaction mode: no start-up options, nothing prepared
    bool readOnly = false;            ///< default_transaction_read_only at the server; direct sessions only, refused through a router
    milliseconds statementTimeout{0}; ///< the server's own limit, 0 = none; direct sessions only
    std::string applicationName = "shardlens";
};

using Value = std::optional<std::string>; ///< nothing = NULL; otherwise Postgres's text form

/// A statement with its parameters $1…
struct Statement {
    std::string sql;
    std::vector<Value> parameters;
};

/// What a statement answered.
struct Rows {
    std::vector<std::string> columns;
    std::vector<std::vector<Value>> rows;
    std::int64_t affected = 0; ///< rows inserted, updated, deleted, copied or selected

    [[nodiscard]] bool isEmpty() const { return rows.empty(); }
    [[nodiscard]] const Value &at(std::size_t row, std::size_t column) const { return rows.at(row).at(column); }
    /// The first column of the first row; empty text when there is none or it is NULL.
    [[nodiscard]] std::string first() const;
};

/// A blocking session with one Postgres server, or with a database of a router. One thread at a time owns it; only the
/// Interrupt may be raised from elsewhere, and hasHungUp() be asked. Every call ends by its deadline, against a frozen server too, because
/// libpq is used without blocking. After a time-out, an interrupt or a broken link the session is closed: isOpen() tells. Errors: TimedOut,
/// Cancelled, Refused, Unreachable, Rejected and NoRights (with SQLSTATE), each with the server's name. Their Effect is InDoubt when a
/// COMMIT, or a statement outside a transaction that may write, was sent and not answered.
class Session
{
public:
    [[nodiscard]] static Result<Session> connect(const Target &target, const std::string &secret, const SessionOptions &options,
                                                 milliseconds timeout, std::shared_ptr<const wire::Interrupt> interrupt = {});
    ~Session();
    Session(Session &&) noexcept;
    Session &operator=(Session &&) noexcept;

    /// One statement with parameters $1… ; nothing = NULL. Works through routers: nothing is left prepared.
    [[nodiscard]] Result<Rows> exec(const std::string &sql, const std::vector<Value> &parameters, milliseconds timeout);
    [[nodiscard]] Result<Rows> exec(const std::string &sql, milliseconds timeout) { return exec(sql, {}, timeout); }

    /// Several statements in one message, as one transaction unless they say otherwise; answers the last one's rows.
    [[nodiscard]] Result<Rows> script(const std::string &sql, milliseconds timeout);

    /// Statements in one round trip, each a transaction of its own, as if sent one after the other without waiting: one that fails
    /// keeps none of the others from running. Answers as many results as statements. Direct sessions only; PostgreSQL's libpq 14.
    [[nodiscard]] std::vector<Result<Rows>> pipeline(const std::vector<std::string> &statements, milliseconds timeout);

    /// Statements in one round trip: the rows of each, or the first error of any. Each is prepared at the server under a name when it is
    /// first sent, and kept there with its plan: up to 256 a session, the least recently used one makes room. One whose result's shape a
    /// changed table has made invalid is prepared anew, once. Each `statementsAtOnce` are a transaction. Direct sessions only: through
    /// a router another server's session may answer, which knows no such name; where a pooler turns out to be between, nothing is kept.
    [[nodiscard]] Result<std::vector<Rows>> prepared(const std::vector<Statement> &statements, milliseconds timeout);

    /// `COPY … FROM STDIN` in text format. `next` fills an empty buffer with whole lines and says whether there may be more.
    using CopySource = std::function<bool(std::string &buffer)>;
    [[nodiscard]] Result<std::int64_t> copyIn(const std::string &sql, const CopySource &next, milliseconds timeout);

    [[nodiscard]] bool isOpen() const;
    [[nodiscard]] bool
    hasHungUp() const; ///< the server closed it while nothing was asked; found without asking. While something is asked: no
    [[nodiscard]] bool isInTransaction() const;
    [[nodiscard]] std::int32_t backendPid() const; ///< the router's invention when through one
    void close();

private:
    struct Private;
    explicit Session(std::unique_ptr<Private> d);
    std::unique_ptr<Private> m_d;
};

/// A value as a field of COPY's text format: backslash, tab, newline and return escaped; nothing = \N.
void appendCopyField(std::string &line, const Value &value);

} // namespace shardlens::postgres
