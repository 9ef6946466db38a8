// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/Session.h"

#include "core/clients/postgres/SessionErrors.h"
#include "core/clients/postgres/SessionPrivate.h"

#include <array>
#include <cerrno>
#include <charconv>

#include <arpa/inet.h>
#include <sys/socket.h>

namespace shardlens::postgres {

using base::Effect;
using base::Error;
using base::ErrorCode;
using base::Instant;
using wire::Readiness;

namespace {

const char *sslMode(fleet::Tls::Mode mode)
{
    switch (mode) {
    case fleet::Tls::Mode::Disable: return "disable";
    case fleet::Tls::Mode::Prefer: return "prefer";
    case fleet::Tls::Mode::Require: return "require";
    case fleet::Tls::Mode::VerifyCa: return "verify-ca";
    case fleet::Tls::Mode::VerifyFull: return "verify-full";
    }
    return "verify-full";
}

bool isNumericAddress(const std::string &host)
{
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 || ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

Instant inFuture(milliseconds timeout)
{
    return std::chrono::steady_clock::now() + timeout;
}

} // namespace

std::vector<const char *> pointersTo(const std::vector<Value> &parameters)
{
    std::vector<const char *> values;
    for (const Value &value : parameters)
        values.push_back(value ? value->c_str() : nullptr);
    return values;
}

Rows toRows(const PGresult *result)
{
    Rows out;
    const int columns = PQnfields(result);
    const int rows = PQntuples(result);
    for (int c = 0; c < columns; ++c)
        out.columns.emplace_back(PQfname(result, c));
    out.rows.resize(static_cast<std::size_t>(rows));
    for (int r = 0; r < rows; ++r) {
        auto &row = out.rows[static_cast<std::size_t>(r)];
        row.reserve(static_cast<std::size_t>(columns));
        for (int c = 0; c < columns; ++c) {
            if (PQgetisnull(result, r, c))
                row.emplace_back(std::nullopt);
            else
                row.emplace_back(std::string(PQgetvalue(result, r, c), static_cast<std::size_t>(PQgetlength(result, r, c))));
        }
    }
    // PQcmdTuples takes a non-const pointer and changes nothing.
    const std::string affected = PQcmdTuples(const_cast<PGresult *>(result));
    std::from_chars(affected.data(), affected.data() + affected.size(), out.affected);
    return out;
}

std::string Rows::first() const
{
    return rows.empty() || rows.front().empty() ? std::string() : rows.front().front().value_or(std::string());
}

void Session::Private::drop()
{
    // PQfinish sends a farewell on a non-blocking socket: it cannot hang.
    if (connection)
        PQfinish(connection);
    connection = nullptr;
}

Error Session::Private::closedBy(Error error)
{
    error.server = server;
    error.effect = ifUnanswered;
    drop();
    return error;
}

Error Session::Private::brokenLink()
{
    return closedBy(linkError(connection ? PQerrorMessage(connection) : "the session is closed"));
}

Result<void> Session::Private::await(Readiness wanted, Instant deadline)
{
    const auto ready = wire::waitFor(PQsocket(connection), wanted, deadline, interrupt.get());
    if (!ready)
        return base::fail(closedBy(ready.error()));
    const bool readable = static_cast<unsigned>(*ready) & static_cast<unsigned>(Readiness::Readable);
    if (readable && PQconsumeInput(connection) == 0)
        return base::fail(brokenLink());
    return {};
}

Result<void> Session::Private::flush(Instant deadline)
{
    for (;;) {
        const int left = PQflush(connection);
        if (left < 0)
            return base::fail(brokenLink());
        if (left == 0)
            return {};
        if (auto ready = await(Readiness::Both, deadline); !ready)
            return ready;
    }
}

Result<ResultPtr> Session::Private::nextResult(Instant deadline)
{
    while (PQisBusy(connection)) {
        if (auto ready = await(Readiness::Readable, deadline); !ready)
            return base::fail(ready.error());
    }
    ResultPtr result(PQgetResult(connection));
    if (!result && PQstatus(connection) == CONNECTION_BAD)
        return base::fail(brokenLink());
    return result;
}

Result<void> Session::Private::begin(const std::string &sql)
{
    if (!connection)
        return base::fail(ErrorCode::Unreachable, "the session is closed", server);
    const bool inTransaction = PQtransactionStatus(connection) == PQTRANS_INTRANS;
    ifUnanswered = readOnly || !mayTakeEffect(sql, inTransaction) ? Effect::None : Effect::InDoubt;
    return {};
}

bool Session::Private::sendOne(const std::string &sql, const std::vector<Value> &parameters)
{
    const auto values = pointersTo(parameters);
    return PQsendQueryParams(connection, sql.c_str(), static_cast<int>(values.size()), nullptr, values.data(), nullptr, nullptr, 0) == 1;
}

Result<Rows> Session::Private::finish(Instant deadline)
{
    Rows rows;
    std::optional<Error> failure;
    for (;;) {
        auto result = nextResult(deadline);
        if (!result)
            return base::fail(failure ? *failure : result.error());
        if (!*result)
            break;
        const auto status = PQresultStatus(result->get());
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK || status == PGRES_SINGLE_TUPLE)
            rows = toRows(result->get());
        else if (status == PGRES_COPY_IN || status == PGRES_COPY_OUT || status == PGRES_COPY_BOTH)
            return base::fail(closedBy({ErrorCode::BadInput, "this call cannot run COPY", {}, {}, Effect::None}));
        else if (status != PGRES_EMPTY_QUERY && !failure)
            failure = serverError(result->get(), server, ifUnanswered);
    }
    if (PQstatus(connection) == CONNECTION_BAD)
        drop();
    if (failure)
        return base::fail(*failure);
    return rows;
}

Session::Session(std::unique_ptr<Private> d) : m_d(std::move(d)) {}
Session::~Session() = default;
Session::Session(Session &&) noexcept = default;
Session &Session::operator=(Session &&) noexcept = default;

Result<Session> Session::connect(const Target &target, const std::string &secret, const SessionOptions &options, milliseconds timeout,
                                 std::shared_ptr<const wire::Interrupt> interrupt)
{
    if (options.throughRouter && (options.readOnly || options.statementTimeout.count() > 0))
        return base::fail(ErrorCode::BadInput, "a session through a router cannot be made read-only or limited; begin each transaction so",
                          target.server);
    const Instant deadline = inFuture(timeout);
    const std::string port = std::to_string(target.endpoint.port);
    std::string startup;
    if (options.readOnly)
        startup += " -c default_transaction_read_only=on";
    if (options.statementTimeout.count() > 0)
        startup += " -c statement_timeout=" + std::to_string(options.statementTimeout.count());

    std::vector<const char *> keys{"host",      "port", "dbname", "user", "password", "sslmode", "application_name", "client_encoding",
                                   "gssencmode"};
    std::vector<const char *> values{target.endpoint.host.c_str(),
                                     port.c_str(),
                                     target.database.c_str(),
                                     target.user.c_str(),
                                     secret.c_str(),
                                     sslMode(options.tls.mode),
                                     options.applicationName.c_str(),
                                     "UTF8",
                                     "disable"};
    const auto add = [&](const char *key, const std::string &value) {
        keys.push_back(key);
        values.push_back(value.c_str());
    };
    if (isNumericAddress(target.endpoint.host)) // no name service is asked, which knows no deadline
        add("hostaddr", target.endpoint.host);
    if (!options.tls.caFile.empty())
        add("sslrootcert", options.tls.caFile);
    if (!startup.empty())
        add("options", startup);
    keys.push_back(nullptr);
    values.push_back(nullptr);

    auto d = std::make_unique<Private>();
    d->server = target.server;
    d->readOnly = options.readOnly;
    d->throughRouter = options.throughRouter;
    d->interrupt = std::move(interrupt);
    d->connection = PQconnectStartParams(keys.data(), values.data(), 0);
    if (!d->connection || PQstatus(d->connection) == CONNECTION_BAD)
        return base::fail(d->brokenLink());
    PQsetNoticeReceiver(
        d->connection, [](void *, const PGresult *) {}, nullptr);
    for (PostgresPollingStatusType state = PGRES_POLLING_WRITING; state != PGRES_POLLING_OK; state = PQconnectPoll(d->connection)) {
        if (state == PGRES_POLLING_FAILED)
            return base::fail(d->brokenLink());
        const auto wanted = state == PGRES_POLLING_READING ? Readiness::Readable : Readiness::Writable;
        if (const auto ready = wire::waitFor(PQsocket(d->connection), wanted, deadline, d->interrupt.get()); !ready)
            return base::fail(d->closedBy(ready.error()));
    }
    if (PQsetnonblocking(d->connection, 1) != 0)
        return base::fail(d->brokenLink());
    return Session(std::move(d));
}

Result<Rows> Session::Private::run(const std::string &sql, const std::vector<Value> &parameters, Instant deadline)
{
    if (auto begun = begin(sql); !begun)
        return base::fail(begun.error());
    if (!sendOne(sql, parameters))
        return base::fail(brokenLink());
    if (auto sent = flush(deadline); !sent)
        return base::fail(sent.error());
    return finish(deadline);
}

Result<Rows> Session::exec(const std::string &sql, const std::vector<Value> &parameters, milliseconds timeout)
{
    const std::lock_guard asking(m_d->asking);
    return m_d->run(sql, parameters, inFuture(timeout));
}

Result<Rows> Session::script(const std::string &sql, milliseconds timeout)
{
    const std::lock_guard asking(m_d->asking);
    const Instant deadline = inFuture(timeout);
    if (auto begun = m_d->begin(sql); !begun)
        return base::fail(begun.error());
    if (PQsendQuery(m_d->connection, sql.c_str()) == 0)
        return base::fail(m_d->brokenLink());
    if (auto sent = m_d->flush(deadline); !sent)
        return base::fail(sent.error());
    return m_d->finish(deadline);
}

Result<std::int64_t> Session::copyIn(const std::string &sql, const CopySource &next, milliseconds timeout)
{
    const std::lock_guard asking(m_d->asking);
    const Instant deadline = inFuture(timeout);
    if (auto begun = m_d->begin(sql); !begun)
        return base::fail(begun.error());
    if (PQsendQuery(m_d->connection, sql.c_str()) == 0)
        return base::fail(m_d->brokenLink());
    if (auto sent = m_d->flush(deadline); !sent)
        return base::fail(sent.error());
    auto start = m_d->nextResult(deadline);
    if (!start)
        return base::fail(start.error());
    if (!*start || PQresultStatus(start->get()) != PGRES_COPY_IN) {
        const Error error = *start ? serverError(start->get(), m_d->server, m_d->ifUnanswered)
                                   : Error{ErrorCode::BadInput, "not a COPY FROM STDIN", {}, m_d->server, Effect::None};
        (void)m_d->finish(deadline); // the connection is ready for the next statement
        return base::fail(error);
    }
    std::string buffer;
    for (bool more = true; more;) {
        buffer.clear();
        more = next(buffer);
        // libpq queues what the socket does not take, so each buffer leaves before the next is asked for.
        if (!buffer.empty() && PQputCopyData(m_d->connection, buffer.data(), static_cast<int>(buffer.size())) < 0)
            return base::fail(m_d->brokenLink());
        if (auto sent = m_d->flush(deadline); !sent)
            return base::fail(sent.error());
    }
    if (PQputCopyEnd(m_d->connection, nullptr) < 0)
        return base::fail(m_d->brokenLink());
    if (auto sent = m_d->flush(deadline); !sent)
        return base::fail(sent.error());
    auto rows = m_d->finish(deadline);
    if (!rows)
        return base::fail(rows.error());
    return rows->affected;
}

bool Session::isOpen() const
{
    return m_d && m_d->connection && PQstatus(m_d->connection) == CONNECTION_OK;
}

bool Session::hasHungUp() const
{
    // Taking in what arrives while another thread waits for it would let that one wait for ever.
    const std::unique_lock idle = m_d ? std::unique_lock(m_d->asking, std::try_to_lock) : std::unique_lock<std::mutex>();
    if (m_d && !idle)
        return false;
    if (!isOpen())
        return true;
    char byte = 0;
    const auto got = ::recv(PQsocket(m_d->connection), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
    if (got > 0) { // what was not asked for: a notice, or the farewell of a session that is ended
        (void)PQconsumeInput(m_d->connection);
        return PQstatus(m_d->connection) == CONNECTION_BAD || ::recv(PQsocket(m_d->connection), &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0;
    }
    return got == 0 || (errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR);
}

bool Session::isInTransaction() const
{
    if (!isOpen())
        return false;
    const auto status = PQtransactionStatus(m_d->connection);
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

std::int32_t Session::backendPid() const
{
    return isOpen() ? PQbackendPID(m_d->connection) : 0;
}

void Session::close()
{
    m_d->drop();
}

void appendCopyField(std::string &line, const Value &value)
{
    if (!value) {
        line += "\\N";
        return;
    }
    for (const char c : *value) {
        switch (c) {
        case '\\': line += "\\\\"; break;
        case '\t': line += "\\t"; break;
        case '\n': line += "\\n"; break;
        case '\r': line += "\\r"; break;
        default: line += c;
        }
    }
}

} // namespace shardlens::postgres
