// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Probe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::guard
{

namespace
{

constexpr base::milliseconds every{1000};

std::string_view question(fleet::ServerKind kind)
{
    using namespace std::string_view_literals;
    switch (kind) {
    case fleet::ServerKind::Redis: return "*1\r\n$4\r\nPING\r\n"sv;
    case fleet::ServerKind::Memcached: return "version\r\n"sv;
    case fleet::ServerKind::Postgres:
    case fleet::ServerKind::Pgbouncer: break;
    }
    return "\0\0\0\x08\x04\xd2\x16\x2f"sv; // SSLRequest: length 8, code 80877103
}

bool isAnswer(fleet::ServerKind kind, std::string_view got)
{
    switch (kind) {
    case fleet::ServerKind::Redis: return got.front() == '+' || got.front() == '-';
    case fleet::ServerKind::Memcached: return got.front() == 'V';
    case fleet::ServerKind::Postgres:
    case fleet::ServerKind::Pgbouncer: break;
    }
    return got.front() == 'S' || got.front() == 'N' || got.front() == 'E';
}

} // namespace

Probe::Probe(const fleet::Server &server, const fleet::Endpoint &endpoint, base::milliseconds deadline, base::Instant firstAt)
    : m_server(server.id), m_kind(server.kind), m_endpoint(endpoint), m_deadline(deadline), m_nextAt(firstAt)
{
    m_keeps = m_kind == fleet::ServerKind::Redis || m_kind == fleet::ServerKind::Memcached;
}

Probe::~Probe()
{
    closeSocket();
}

Probe::Probe(Probe &&other) noexcept
    : m_server(std::move(other.m_server)), m_kind(other.m_kind), m_endpoint(std::move(other.m_endpoint)), m_deadline(other.m_deadline),
      m_keeps(other.m_keeps), m_phase(other.m_phase), m_fd(std::exchange(other.m_fd, -1)),
      m_startedAt(other.m_startedAt), m_nextAt(other.m_nextAt)
{
}

short Probe::events() const
{
    switch (m_phase) {
    case Phase::Connecting: return POLLOUT;
    case Phase::Awaiting: return POLLIN;
    case Phase::Resting: break;
    }
    return m_fd >= 0 ? POLLIN : 0; // a kept connection that the server closes is noticed at once
}

base::Instant Probe::wakeAt() const
{
    return m_phase == Phase::Resting ? m_nextAt : m_startedAt + m_deadline;
}

std::optional<ReachReport> Probe::turn(base::Instant now)
{
    if (m_phase == Phase::Resting)
        return now >= m_nextAt ? start(now) : std::nullopt;
    if (now >= m_startedAt + m_deadline)
        return failed(now, "no answer within " + std::to_string(m_deadline.count()) + " ms");
    return std::nullopt;
}

std::optional<ReachReport> Probe::start(base::Instant now)
{
    m_nextAt = std::max(m_nextAt + every, now);
    m_startedAt = std::chrono::steady_clock::now(); // not the round's: others were asked before in it
    if (m_fd >= 0)
        return send(now);
    // Addresses in a local fleet are numbers. Where one is a name, the lookup may block this thread; beats have their own.
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (const int bad = ::getaddrinfo(m_endpoint.host.c_str(), std::to_string(m_endpoint.port).c_str(), &hints, &found); bad != 0)
        return failed(now, ::gai_strerror(bad));
    m_fd = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int connected = ::connect(m_fd, found->ai_addr, found->ai_addrlen);
    const int error = errno;
    ::freeaddrinfo(found);
    if (connected != 0 && error != EINPROGRESS)
        return failed(now, std::strerror(error));
    const int on = 1;
    ::setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    m_phase = Phase::Connecting;
    return std::nullopt;
}

std::optional<ReachReport> Probe::handle(base::Instant now)
{
    if (m_phase == Phase::Connecting) {
        int error = 0;
        socklen_t length = sizeof error;
        ::getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &length);
        return error != 0 ? failed(now, std::strerror(error)) : send(now);
    }
    return read(now);
}

std::optional<ReachReport> Probe::send(base::Instant now)
{
    const auto text = question(m_kind);
    m_phase = Phase::Awaiting;
    if (::send(m_fd, text.data(), text.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(text.size()))
        return failed(now, std::strerror(errno));
    return std::nullopt;
}

std::optional<ReachReport> Probe::read(base::Instant now)
{
    std::array<char, 512> buffer{};
    const auto got = ::recv(m_fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && (errno == EAGAIN || errno == EINTR))
        return std::nullopt;
    if (m_phase == Phase::Resting) { // closed between two questions: the next one tells what is the matter
        closeSocket();
        return std::nullopt;
    }
    if (got <= 0)
        return failed(now, got == 0 ? "closed without an answer" : std::strerror(errno));
    if (!isAnswer(m_kind, {buffer.data(), static_cast<std::size_t>(got)}))
        return failed(now, "answers in another protocol");
    return answered(now);
}

ReachReport Probe::answered(base::Instant now)
{
    ReachReport report;
    report.isReachable = true;
    report.latency = std::chrono::duration_cast<base::microseconds>(now - m_startedAt);
    report.at = utcNow();
    m_phase = Phase::Resting;
    if (!m_keeps)
        closeSocket();
    return report;
}

ReachReport Probe::failed(base::Instant, const std::string &why)
{
    closeSocket();
    m_phase = Phase::Resting;
    ReachReport report;
    report.at = utcNow();
    report.error = why;
    return report;
}

void Probe::closeSocket()
{
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
}

} // namespace shardlens::guard
