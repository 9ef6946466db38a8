// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Link.h"

#include "core/clients/memcached/OwnMark.h"

namespace shardlens::inspect::lookup {

using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

/// A server that hung is left alone for so long: the rounds of one look-up do not pay for it again, the next look-up tries anew.
constexpr base::seconds silenceLasts{3};

base::milliseconds left(base::Instant deadline)
{
    return std::max(base::milliseconds(1), std::chrono::ceil<base::milliseconds>(deadline - std::chrono::steady_clock::now()));
}

} // namespace

bool tellsGone(const Error &error)
{
    const bool isLost = error.code == ErrorCode::TimedOut || error.code == ErrorCode::Refused || error.code == ErrorCode::Unreachable;
    return isLost && error.sqlState != "57014";
}

Link::Link(std::shared_ptr<const LinkGround> ground, const fleet::Server &server)
    : m_ground(std::move(ground)), m_server(server), m_endpoint(server.address.from(m_ground->from)), m_thread([this] { work(); })
{
}

Link::~Link()
{
    {
        const std::lock_guard lock(m_mutex);
        m_isEnding = true;
    }
    m_wake.notify_all();
    m_thread.join();
}

void Link::run(Job job)
{
    {
        const std::lock_guard lock(m_mutex);
        m_jobs.push_back(std::move(job));
    }
    m_wake.notify_one();
}

void Link::work()
{
    std::unique_lock lock(m_mutex);
    for (;;) {
        m_wake.wait(lock, [this] { return m_isEnding || !m_jobs.empty(); });
        if (m_jobs.empty())
            return;
        const Job job = std::move(m_jobs.front());
        m_jobs.pop_front();
        lock.unlock();
        job(*this);
        lock.lock();
    }
}

std::optional<bool> Link::isPrimary() const
{
    const std::lock_guard lock(m_mutex);
    return m_isPrimary;
}

void Link::noteLacking(const std::string &database, const std::string &function, bool lacks)
{
    if (lacks)
        m_lacking.emplace(database, function);
    else
        m_lacking.erase({database, function});
}

void Link::sawRole(bool isPrimary)
{
    const std::lock_guard lock(m_mutex);
    m_isPrimary = isPrimary;
}

const Error *Link::silence() const
{
    return m_silent && std::chrono::steady_clock::now() - m_silentAt < silenceLasts ? &*m_silent : nullptr;
}

void Link::noteFailure(const Error &error)
{
    if (!tellsGone(error))
        return;
    { // whether it is still the primary when it comes back is not known
        const std::lock_guard lock(m_mutex);
        m_isPrimary.reset();
    }
    if (error.code != ErrorCode::TimedOut)
        return;
    m_silent = error;
    m_silentAt = std::chrono::steady_clock::now();
}

Result<postgres::Session *> Link::postgresSession(const std::string &database, bool mayWrite, base::Instant deadline)
{
    const auto key = std::pair(database, mayWrite);
    const auto kept = m_postgres.find(key);
    if (kept != m_postgres.end() && kept->second.isOpen() && !kept->second.hasHungUp())
        return &kept->second;
    if (kept != m_postgres.end())
        m_postgres.erase(kept);
    const auto secret = m_ground->keyring.ofPerson(m_endpoint, database);
    if (!secret)
        return base::fail(secret.error());
    postgres::SessionOptions options;
    options.tls = m_ground->fleet->access.tls;
    options.readOnly = !mayWrite;
    options.statementTimeout = m_ground->patience * 9 / 10; // before our own deadline: that it lives and is slow is an answer
    options.applicationName = "shardlens-lookup";
    auto session = postgres::Session::connect({m_server.id.text(), m_endpoint, database, m_ground->person.name}, *secret, options,
                                              left(deadline), m_ground->interrupt);
    if (!session)
        return base::fail(session.error());
    return &m_postgres.emplace(key, std::move(*session)).first->second;
}

template <class Answer>
Result<Answer> Link::read(const std::string &database, const std::function<Result<Answer>(postgres::Session &, base::milliseconds)> &say)
{
    if (const Error *error = silence())
        return base::fail(*error);
    const base::Instant deadline = std::chrono::steady_clock::now() + m_ground->patience;
    for (int attempt = 0;; ++attempt) {
        const bool wasKept = m_postgres.contains({database, false});
        const auto session = postgresSession(database, false, deadline);
        if (!session) {
            noteFailure(session.error());
            return base::fail(session.error());
        }
        auto answer = say(**session, left(deadline));
        // A restarted server shows at the first statement only; a reading may be said twice.
        const bool isBroken = !answer && answer.error().code == ErrorCode::Unreachable && wasKept && attempt == 0;
        if (isBroken)
            continue;
        if (!answer)
            noteFailure(answer.error());
        return answer;
    }
}

Result<postgres::Rows> Link::query(const std::string &database, const std::string &sql, const std::vector<postgres::Value> &parameters)
{
    return read<postgres::Rows>(
        database, [&](postgres::Session &session, base::milliseconds patience) { return session.exec(sql, parameters, patience); });
}

Result<std::vector<postgres::Rows>> Link::query(const std::string &database, const std::vector<postgres::Statement> &statements)
{
    return read<std::vector<postgres::Rows>>(
        database, [&](postgres::Session &session, base::milliseconds patience) { return session.prepared(statements, patience); });
}

Result<postgres::Rows> Link::write(const std::string &database, const std::string &sql, const std::vector<postgres::Value> &parameters)
{
    if (const Error *error = silence())
        return base::fail(*error);
    const base::Instant deadline = std::chrono::steady_clock::now() + m_ground->patience;
    const auto session = postgresSession(database, true, deadline);
    auto rows = session ? (*session)->exec(sql, parameters, left(deadline)) : Result<postgres::Rows>(base::fail(session.error()));
    if (!rows)
        noteFailure(rows.error());
    return rows;
}

Result<std::vector<redis::Reply>> Link::redis(const std::vector<std::vector<std::string>> &commands)
{
    if (const Error *error = silence())
        return base::fail(*error);
    const base::Instant deadline = std::chrono::steady_clock::now() + m_ground->patience;
    for (int attempt = 0;; ++attempt) {
        const bool wasKept = m_redis && m_redis->isOpen();
        if (!wasKept) {
            const auto secret = m_ground->keyring.ofRedis();
            if (!secret)
                return base::fail(secret.error());
            auto session = redis::Session::connect({m_server.id.text(), m_endpoint, m_ground->fleet->access.redisUser}, *secret,
                                                   left(deadline), m_ground->interrupt);
            if (!session) {
                noteFailure(session.error());
                return base::fail(session.error());
            }
            m_redis.emplace(std::move(*session));
        }
        for (const auto &words : commands)
            m_redis->add(std::vector<std::string_view>(words.begin(), words.end()));
        auto replies = m_redis->run(left(deadline));
        if (!replies && replies.error().code == ErrorCode::Unreachable && wasKept && attempt == 0)
            continue;
        if (!replies)
            noteFailure(replies.error());
        return replies;
    }
}

Result<std::string> Link::memcached(const std::string &lines)
{
    if (const Error *error = silence())
        return base::fail(*error);
    const base::Instant deadline = std::chrono::steady_clock::now() + m_ground->patience;
    const auto named = [&](Error error) {
        error.server = m_server.id.text();
        noteFailure(error);
        m_memcached.reset();
        return base::fail(std::move(error));
    };
    for (int attempt = 0;; ++attempt) {
        const bool wasKept = m_memcached.has_value();
        if (!wasKept) {
            auto talk = wire::Talk::dial(m_endpoint.host, m_endpoint.port, deadline, m_ground->interrupt.get());
            if (!talk)
                return named(talk.error());
            m_memcached.emplace(std::move(*talk));
        }
        const auto sent = m_memcached->send(std::string(memcached::ownMark) + lines + "mn\r\n", deadline);
        auto answer = sent ? m_memcached->receiveUntil("MN\r\n", deadline) : Result<std::string>(base::fail(sent.error()));
        const bool isWhole = answer && answer->ends_with("MN\r\n");
        if (!isWhole && wasKept && attempt == 0 && (answer || answer.error().code != ErrorCode::TimedOut)) {
            m_memcached.reset();
            continue;
        }
        if (isWhole)
            return answer->substr(answer->find("\r\n") + 2); // the mark's own answer is one line
        return named(answer ? Error{ErrorCode::Unreachable, "it closed the connection", {}, {}, base::Effect::None} : answer.error());
    }
}

} // namespace shardlens::inspect::lookup
