// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Report.h"

#include <optional>
#include <string>

namespace shardlens::guard
{

/// Asks one server's process, not only its kernel, whether it answers: a frozen one still accepts connections. Needs no login:
///   pgbouncer   a new connection and an SSLRequest, answered S or N
///   Redis       PING on a kept connection; "NOAUTH" is an answer too
///   memcached   version on a kept connection
/// Postgres is asked by Sessions: there each connection forks a process.
/// A state machine over one non-blocking socket; the Prober waits for it. One thread.
class Probe
{
public:
    Probe(const fleet::Server &server, const fleet::Endpoint &endpoint, base::milliseconds deadline, base::Instant firstAt);
    ~Probe();
    Probe(Probe &&other) noexcept;
    Probe &operator=(Probe &&) = delete;

    /// Starts when it is time to ask, gives up when the deadline has passed. Answers what was found, if anything was.
    std::optional<ReachReport> turn(base::Instant now);
    /// The socket is ready, or broken.
    std::optional<ReachReport> handle(base::Instant now);

    [[nodiscard]] int descriptor() const { return m_fd; }
    [[nodiscard]] short events() const;         ///< for poll(); 0 when nothing is awaited
    [[nodiscard]] base::Instant wakeAt() const; ///< when turn() has something to do at the latest
    [[nodiscard]] const base::ServerId &server() const { return m_server; }

private:
    enum class Phase { Resting, Connecting, Awaiting };
    std::optional<ReachReport> start(base::Instant now);
    std::optional<ReachReport> send(base::Instant now);
    std::optional<ReachReport> read(base::Instant now);
    ReachReport answered(base::Instant now);
    ReachReport failed(base::Instant now, const std::string &why);
    void closeSocket();

    base::ServerId m_server;
    fleet::ServerKind m_kind;
    fleet::Endpoint m_endpoint;
    base::milliseconds m_deadline;
    bool m_keeps; ///< the connection is kept between questions
    Phase m_phase = Phase::Resting;
    int m_fd = -1;
    base::Instant m_startedAt{};
    base::Instant m_nextAt{};
};

} // namespace shardlens::guard
