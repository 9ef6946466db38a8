// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/postgres/PreparedNames.h"
#include "core/clients/postgres/Session.h"

#include <mutex>

#include <libpq-fe.h>

namespace shardlens::postgres {

struct FreeResult {
    void operator()(PGresult *result) const { PQclear(result); }
};
using ResultPtr = std::unique_ptr<PGresult, FreeResult>;

/// What a result holds, as text.
[[nodiscard]] Rows toRows(const PGresult *result);
/// As libpq takes them: null = NULL. Good as long as the values are.
[[nodiscard]] std::vector<const char *> pointersTo(const std::vector<Value> &parameters);

struct Session::Private {
    /// Of one session; each holds some 10 to 20 KiB at the server.
    static constexpr std::size_t mostPrepared = 256;

    PGconn *connection = nullptr;
    std::string server;
    bool readOnly = false;
    bool throughRouter = false;
    PreparedNames names{mostPrepared};
    base::Effect ifUnanswered = base::Effect::None; ///< of the statement being run, should its answer never come
    std::shared_ptr<const wire::Interrupt> interrupt;
    mutable std::mutex asking; ///< held while something is asked: what arrives then is the answer

    Private() = default;
    ~Private() { drop(); }
    Private(const Private &) = delete;
    Private &operator=(const Private &) = delete;

    void drop();
    [[nodiscard]] base::Error closedBy(base::Error error);
    [[nodiscard]] base::Error brokenLink();

    [[nodiscard]] Result<void> await(wire::Readiness wanted, base::Instant deadline);
    /// Everything queued leaves; reads meanwhile, for a server that waits for us to read would never take the rest.
    [[nodiscard]] Result<void> flush(base::Instant deadline);
    /// The next result, or null after the last one.
    [[nodiscard]] Result<ResultPtr> nextResult(base::Instant deadline);

    /// Whether it can be sent, and what it may leave in doubt.
    [[nodiscard]] Result<void> begin(const std::string &sql);
    [[nodiscard]] bool sendOne(const std::string &sql, const std::vector<Value> &parameters);
    /// One statement, from sending it to its rows.
    [[nodiscard]] Result<Rows> run(const std::string &sql, const std::vector<Value> &parameters, base::Instant deadline);
    /// Reads all results of the statement; answers the last one's rows, or the first error.
    [[nodiscard]] Result<Rows> finish(base::Instant deadline);

    /// In a pipeline, up to and with the next synchronisation: the rows of each command before it, or the first error.
    [[nodiscard]] Result<std::vector<Rows>> untilSynchronised(base::Instant deadline);
    /// One statement of a pipeline under its name; `isAnswer` gains a flag for each command: are its rows asked for?
    [[nodiscard]] bool sendPrepared(const Statement &statement, std::vector<bool> &isAnswer);
    /// One round trip of prepared(). After an error it is not known which names the server has.
    [[nodiscard]] Result<std::vector<Rows>> runPrepared(const std::vector<Statement> &statements, base::Instant deadline);
};

} // namespace shardlens::postgres
