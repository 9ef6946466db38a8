// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/redis/Session.h"
#include "core/clients/wire/Talk.h"
#include "core/inspect/lookup/Keyring.h"

#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <set>
#include <thread>

namespace shardlens::inspect::lookup {

/// What every link of a looker shares. Immutable but for the interrupt.
struct LinkGround {
    std::shared_ptr<const fleet::Fleet> fleet;
    base::RegionName from;
    fleet::DatabaseUser person;
    Keyring keyring;
    base::milliseconds patience;
    std::shared_ptr<wire::Interrupt> interrupt = std::make_shared<wire::Interrupt>();
};

/// Whether an error tells that the server is gone or hangs. One that cancels a statement by its own time limit lives, and has answered.
[[nodiscard]] bool tellsGone(const base::Error &error);

/// One server: its thread, and the sessions that are kept with it. run() from any thread; all else is called by jobs, in its thread.
class Link
{
public:
    using Job = std::function<void(Link &)>;

    Link(std::shared_ptr<const LinkGround> ground, const fleet::Server &server);
    ~Link(); ///< waits for the job that runs; those that wait are run too: their sessions end at once when the interrupt is raised
    Link(const Link &) = delete;
    Link &operator=(const Link &) = delete;

    void run(Job job);

    [[nodiscard]] const fleet::Server &server() const { return m_server; }

    /// One statement on a kept session that is read-only at the server. A session that broke since it was last used is made anew once.
    /// A server that ran into its deadline is not asked again for a moment: its error is told at once.
    [[nodiscard]] base::Result<postgres::Rows> query(const std::string &database, const std::string &sql,
                                                     const std::vector<postgres::Value> &parameters);
    /// Likewise several in one round trip, which the session keeps prepared: for statements that come again, with other values.
    [[nodiscard]] base::Result<std::vector<postgres::Rows>> query(const std::string &database,
                                                                  const std::vector<postgres::Statement> &statements);
    /// Likewise on a session that may write: for the audit log alone. Never sent twice.
    [[nodiscard]] base::Result<postgres::Rows> write(const std::string &database, const std::string &sql,
                                                     const std::vector<postgres::Value> &parameters);
    /// Commands in one round trip.
    [[nodiscard]] base::Result<std::vector<redis::Reply>> redis(const std::vector<std::vector<std::string>> &commands);
    /// Lines to memcached; the answer up to and with the last line "MN", which ends them.
    [[nodiscard]] base::Result<std::string> memcached(const std::string &lines);

    /// What a Postgres server last said of itself; nothing before it was asked. Any thread.
    [[nodiscard]] std::optional<bool> isPrimary() const;
    void sawRole(bool isPrimary); ///< any thread

    /// Whether shards of a database were seen to lack a function, so that it need not be tried each time.
    [[nodiscard]] bool lacks(const std::string &database, const std::string &function) const { return m_lacking.contains({database, function}); }
    void noteLacking(const std::string &database, const std::string &function, bool lacks);

private:
    void work();
    /// `say` on a kept session that is read-only; once more where the session broke since it was last used.
    template <class Answer>
    [[nodiscard]] base::Result<Answer> read(const std::string &database,
                                            const std::function<base::Result<Answer>(postgres::Session &, base::milliseconds)> &say);
    [[nodiscard]] base::Result<postgres::Session *> postgresSession(const std::string &database, bool mayWrite, base::Instant deadline);
    [[nodiscard]] const base::Error *silence() const;
    void noteFailure(const base::Error &error);

    std::shared_ptr<const LinkGround> m_ground;
    const fleet::Server &m_server;
    fleet::Endpoint m_endpoint;

    std::map<std::pair<std::string, bool>, postgres::Session> m_postgres;
    std::set<std::pair<std::string, std::string>> m_lacking; ///< database and function
    std::optional<redis::Session> m_redis;
    std::optional<wire::Talk> m_memcached;
    std::optional<base::Error> m_silent; ///< the time-out of `m_silentAt`
    base::Instant m_silentAt;

    mutable std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<Job> m_jobs;
    std::optional<bool> m_isPrimary;
    bool m_isEnding = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace shardlens::inspect::lookup
