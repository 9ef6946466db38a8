// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/postgres/PqPollLink.h"

#include <libpq-fe.h>

#include <array>
#include <charconv>
#include <sys/socket.h>

namespace shardlens::clients {

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

base::ErrorCode codeOfSqlState(std::string_view state)
{
    if (state == "42501" || state.starts_with("28"))
        return base::ErrorCode::NoRights;
    if (state == "57014")
        return base::ErrorCode::Cancelled;
    return base::ErrorCode::Rejected;
}

// libpq's messages end in a line feed and may span lines; the first says what happened.
std::string firstLine(const char *text)
{
    std::string_view all = text == nullptr ? "" : text;
    const auto end = all.find('\n');
    all = all.substr(0, end);
    while (!all.empty() && (all.back() == '.' || all.back() == ' '))
        all.remove_suffix(1);
    return std::string(all);
}

base::Error rejectionOf(const PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    base::Error error;
    error.sqlState = state == nullptr ? "" : state;
    error.code = codeOfSqlState(error.sqlState);
    error.message = message == nullptr ? firstLine(PQresultErrorMessage(result)) : message;
    return error;
}

} // namespace

base::Error connectionError(const std::string &libpqSays)
{
    std::string message = firstLine(libpqSays.c_str());
    // "connection to server at "127.0.0.1", port 5432 failed: FATAL:  password authentication failed ..." : what follows counts.
    if (const auto failed = message.find(" failed: "); failed != std::string::npos)
        message = message.substr(failed + 9);
    base::Error error{base::ErrorCode::Unreachable, message, {}, {}, base::Effect::None};
    if (const auto fatal = message.find("FATAL:  "); fatal != std::string::npos) {
        error.code = base::ErrorCode::Rejected;
        error.message = message.substr(fatal + 8);
        if (message.find("authentication") != std::string::npos || message.find("role ") != std::string::npos
            || message.find("permission denied") != std::string::npos)
            error.code = base::ErrorCode::NoRights;
    } else if (message.find("onnection refused") != std::string::npos) {
        error.code = base::ErrorCode::Refused;
    } else if (message.find("password supplied") != std::string::npos) {
        error.code = base::ErrorCode::NoRights;
    } else if (message.find("expected authentication") != std::string::npos || message.find("invalid response") != std::string::npos
               || message.find("unexpected response") != std::string::npos || message.find("received invalid") != std::string::npos) {
        error.code = base::ErrorCode::Protocol;
    }
    return error;
}

PqRows::PqRows(pg_result *result) : m_result(result, PQclear) {}

int PqRows::rowCount() const
{
    return m_result ? PQntuples(m_result.get()) : 0;
}

int PqRows::column(const char *name) const
{
    return m_result ? PQfnumber(m_result.get(), name) : -1;
}

std::optional<std::string_view> PqRows::at(int row, int column) const
{
    if (!m_result || row >= PQntuples(m_result.get()) || column < 0 || column >= PQnfields(m_result.get())
        || PQgetisnull(m_result.get(), row, column) != 0)
        return std::nullopt;
    return std::string_view(PQgetvalue(m_result.get(), row, column), static_cast<std::size_t>(PQgetlength(m_result.get(), row, column)));
}

std::string PqRows::text(int row, const char *name) const
{
    return std::string(at(row, column(name)).value_or(""));
}

std::int64_t PqRows::number(int row, const char *name) const
{
    std::int64_t value = 0;
    if (const auto field = at(row, column(name)))
        std::from_chars(field->data(), field->data() + field->size(), value);
    return value;
}

PqPollLink::PqPollLink(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, Hooks hooks)
    : m_loop(std::move(loop)), m_resolver(std::move(resolver)), m_target(std::move(target)), m_hooks(std::move(hooks))
{
}

PqPollLink::~PqPollLink()
{
    close();
}

void PqPollLink::open()
{
    close();
    m_life = std::make_shared<int>(0);
    m_resolver->resolve(m_target.endpoint.host, m_loop, [this, life = std::weak_ptr(m_life)](const base::Result<Resolver::Addresses> &found) {
        if (life.expired())
            return;
        if (found)
            dial(*found);
        else
            fail(found.error().code, found.error().message);
    });
}

void PqPollLink::dial(const Resolver::Addresses &addresses)
{
    const std::string port = std::to_string(m_target.endpoint.port);
    const std::string &address = addresses[m_attempt++ % addresses.size()];
    const auto password = m_target.password ? m_target.password() : base::Result<std::string>(std::string());
    if (!password)
        return fail(password.error().code, password.error().message);
    // libpq would look into the person's own pgpass file; what is not declared is not used. It is silent about a file that is not there.
    std::vector<const char *> keys{"host", "hostaddr", "port", "dbname", "user", "sslmode", "gssencmode", "application_name", "client_encoding", "passfile"};
    std::vector<const char *> values{m_target.endpoint.host.c_str(), address.c_str(), port.c_str(), m_target.database.c_str(), m_target.user.c_str(),
                                     sslMode(m_target.tls.mode), "disable", "shardlens", "UTF8", "/dev/null/none"};
    const auto also = [&](const char *key, const std::string &value) {
        if (value.empty())
            return;
        keys.push_back(key);
        values.push_back(value.c_str());
    };
    also("password", *password);
    also("sslrootcert", m_target.tls.caFile);
    keys.push_back(nullptr);
    values.push_back(nullptr);
    // hostaddr is always given, so this neither looks a name up nor waits.
    m_conn = PQconnectStartParams(keys.data(), values.data(), 0);
    if (m_conn == nullptr)
        return fail(base::ErrorCode::Unavailable, "out of memory");
    if (PQstatus(m_conn) == CONNECTION_BAD)
        return fail();
    PQsetNoticeProcessor(m_conn, [](void *, const char *) {}, nullptr);
    m_fd = PQsocket(m_conn);
    m_loop->watch(m_fd, false, true, [this](EventLoop::Ready ready) { handle(ready); });
}

void PqPollLink::connectFurther()
{
    const auto state = PQconnectPoll(m_conn);
    if (state == PGRES_POLLING_FAILED)
        return fail();
    if (state == PGRES_POLLING_OK) {
        PQsetnonblocking(m_conn, 1);
        m_open = true;
    }
    // libpq may have gone on to another socket, even one of the same number: the watch begins anew at each step.
    const int fd = PQsocket(m_conn);
    if (fd != m_fd)
        m_loop->forget(m_fd);
    m_fd = fd;
    m_loop->watch(m_fd, state != PGRES_POLLING_WRITING, state == PGRES_POLLING_WRITING, [this](EventLoop::Ready ready) { handle(ready); });
    if (m_open)
        m_hooks.opened();
}

void PqPollLink::handle(EventLoop::Ready ready)
{
    if (!m_open)
        return connectFurther();
    if (ready.read || ready.broken) {
        if (PQconsumeInput(m_conn) == 0)
            return failAsSaid();
        if (!collect())
            return;
    }
    if (ready.write)
        flush();
}

// False when the link was closed on the way.
bool PqPollLink::collect()
{
    if (!m_done) {
        // Nothing was asked: libpq reads notices and a farewell only when it looks for results.
        const auto life = std::weak_ptr(m_life);
        while (PQisBusy(m_conn) == 0) {
            PGresult *result = PQgetResult(m_conn);
            if (result == nullptr)
                break;
            PQclear(result);
        }
        if (PQstatus(m_conn) == CONNECTION_BAD)
            fail();
        return !life.expired();
    }
    while (PQisBusy(m_conn) == 0) {
        PGresult *result = PQgetResult(m_conn);
        if (result == nullptr) {
            const auto life = std::weak_ptr(m_life);
            const Done done = std::move(m_done);
            m_done = nullptr;
            Results results = std::move(m_results);
            m_results.clear();
            if (PQstatus(m_conn) == CONNECTION_BAD) {
                failAsSaid();
                return false;
            }
            if (m_rejection) {
                const base::Error error = *std::exchange(m_rejection, std::nullopt);
                done(tl::unexpected(error));
            } else {
                done(std::move(results));
            }
            return !life.expired();
        }
        const auto status = PQresultStatus(result);
        PqRows rows(result);
        if (status == PGRES_TUPLES_OK || status == PGRES_COMMAND_OK)
            m_results.push_back(rows);
        else if (!m_rejection)
            m_rejection = rejectionOf(result);
    }
    return true;
}

void PqPollLink::sent(bool accepted, Done done)
{
    if (!accepted)
        return fail();
    m_done = std::move(done);
    m_results.clear();
    m_rejection.reset();
    flush();
}

void PqPollLink::flush()
{
    const int left = PQflush(m_conn);
    if (left < 0)
        return fail();
    m_loop->change(m_fd, true, left > 0);
}

void PqPollLink::query(const std::string &sql, Done done)
{
    sent(PQsendQuery(m_conn, sql.c_str()) == 1, std::move(done));
}

void PqPollLink::prepare(const std::string &name, const std::string &sql, Done done)
{
    sent(PQsendPrepare(m_conn, name.c_str(), sql.c_str(), 0, nullptr) == 1, std::move(done));
}

void PqPollLink::execute(const std::string &name, Done done)
{
    sent(PQsendQueryPrepared(m_conn, name.c_str(), 0, nullptr, nullptr, nullptr, 0) == 1, std::move(done));
}

int PqPollLink::serverVersion() const
{
    return m_conn == nullptr ? 0 : PQserverVersion(m_conn);
}

void PqPollLink::fail()
{
    const base::Error error = connectionError(m_conn == nullptr ? "" : PQerrorMessage(m_conn));
    fail(error.code, error.message, error.sqlState);
}

/// Who ends a connection mostly says why before: that counts, not that it is gone.
void PqPollLink::failAsSaid()
{
    if (m_done && !m_rejection && PQisBusy(m_conn) == 0) {
        PGresult *result = PQgetResult(m_conn);
        const PqRows keeper(result);
        if (result != nullptr && PQresultStatus(result) == PGRES_FATAL_ERROR)
            m_rejection = rejectionOf(result);
    }
    const auto said = std::exchange(m_rejection, std::nullopt);
    if (said && !said->sqlState.empty())
        fail(said->code, said->message, said->sqlState);
    else
        fail();
}

void PqPollLink::fail(base::ErrorCode code, const std::string &message, const std::string &sqlState)
{
    close();
    m_hooks.failed({code, message, sqlState, {}, base::Effect::None});
}

void PqPollLink::close()
{
    m_life.reset();
    m_open = false;
    m_done = nullptr;
    m_results.clear();
    m_rejection.reset();
    if (m_conn == nullptr)
        return;
    if (m_fd >= 0) {
        m_loop->forget(m_fd);
        // PQfinish says goodbye; on a socket shut down that can neither wait nor fail.
        shutdown(m_fd, SHUT_RDWR);
    }
    m_fd = -1;
    PQfinish(m_conn);
    m_conn = nullptr;
}

} // namespace shardlens::clients
