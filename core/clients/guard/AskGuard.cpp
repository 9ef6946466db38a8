// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/guard/GuardAnswer.h"
#include "core/clients/wire/Wait.h"

#include <array>
#include <cerrno>
#include <cstring>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::clients
{

using base::ErrorCode;
using base::Result;
using wire::Readiness;

namespace
{

/// A socket that is closed on every way out.
class Socket
{
public:
    explicit Socket(int fd) : m_fd(fd) {}
    ~Socket()
    {
        if (m_fd >= 0)
            ::close(m_fd);
    }
    Socket(Socket &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)) {}
    Socket &operator=(Socket &&) = delete;
    [[nodiscard]] int fd() const { return m_fd; }

private:
    int m_fd;
};

Result<Socket> dial(const fleet::Endpoint &endpoint, base::Instant deadline)
{
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    if (const int bad = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found); bad != 0)
        return base::fail(ErrorCode::Unreachable, ::gai_strerror(bad));
    Socket socket(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    int error = ::connect(socket.fd(), found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
    ::freeaddrinfo(found);
    if (error == EINPROGRESS) {
        if (const auto ready = wire::waitFor(socket.fd(), Readiness::Writable, deadline); !ready)
            return base::fail(ready.error());
        socklen_t length = sizeof error;
        ::getsockopt(socket.fd(), SOL_SOCKET, SO_ERROR, &error, &length);
    }
    if (error != 0)
        return base::fail(error == ECONNREFUSED ? ErrorCode::Refused : ErrorCode::Unreachable, std::strerror(error));
    return socket;
}

} // namespace

Result<GuardAnswer> askGuard(const fleet::Endpoint &endpoint, base::milliseconds timeout)
{
    const auto deadline = std::chrono::steady_clock::now() + timeout;
    auto socket = dial(endpoint, deadline);
    if (!socket)
        return base::fail(socket.error());
    // So short a question always fits into a fresh socket's buffer.
    if (::send(socket->fd(), guardQuestion.data(), guardQuestion.size(), MSG_NOSIGNAL) != static_cast<ssize_t>(guardQuestion.size()))
        return base::fail(ErrorCode::Unreachable, std::strerror(errno));
    std::string answer;
    std::array<char, 16384> buffer{};
    while (answer.find('\n') == std::string::npos) {
        if (const auto ready = wire::waitFor(socket->fd(), Readiness::Readable, deadline); !ready)
            return base::fail(ready.error());
        const auto got = ::recv(socket->fd(), buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            continue;
        if (got <= 0)
            return base::fail(ErrorCode::Unreachable, got == 0 ? "the guard closed the connection" : std::strerror(errno));
        answer.append(buffer.data(), static_cast<std::size_t>(got));
    }
    return parseGuardAnswer(std::string_view(answer).substr(0, answer.find('\n')));
}

} // namespace shardlens::clients
