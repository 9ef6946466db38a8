// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/relay/Sockets.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

namespace shardlens::localfleet
{

namespace
{

sockaddr_in loopback(std::uint16_t port)
{
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

base::Result<sockaddr_un> unixAddress(const std::string &path)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    if (path.size() >= sizeof address.sun_path)
        return base::fail(base::ErrorCode::BadInput, "the path of the socket " + path + " is too long");
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

tl::unexpected<base::Error> failed(const std::string &what)
{
    const auto code = errno == ECONNREFUSED || errno == ENOENT ? base::ErrorCode::Refused : base::ErrorCode::Unreachable;
    return base::fail(code, what + ": " + std::strerror(errno));
}

int millisecondsUntil(base::Instant end)
{
    const auto left = std::chrono::duration_cast<base::milliseconds>(end - std::chrono::steady_clock::now()).count();
    return left < 0 ? 0 : static_cast<int>(left);
}

base::Result<void> finishConnect(int fd, base::Instant end)
{
    pollfd wait{fd, POLLOUT, 0};
    if (::poll(&wait, 1, millisecondsUntil(end)) <= 0)
        return base::fail(base::ErrorCode::TimedOut, "no connection within the deadline");
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
    errno = error;
    if (error != 0)
        return failed("cannot connect");
    return {};
}

} // namespace

Fd &Fd::operator=(Fd &&other) noexcept
{
    if (this != &other) {
        reset();
        m_fd = other.m_fd;
        other.m_fd = -1;
    }
    return *this;
}

void Fd::reset()
{
    if (m_fd >= 0)
        ::close(m_fd);
    m_fd = -1;
}

void Fd::resetWithRst()
{
    if (m_fd >= 0) {
        const linger now{1, 0};
        ::setsockopt(m_fd, SOL_SOCKET, SO_LINGER, &now, sizeof now);
    }
    reset();
}

base::Result<Fd> listenOnLoopback(std::uint16_t port)
{
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    const sockaddr_in address = loopback(port);
    if (!fd.isOpen() || ::setsockopt(fd.get(), SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) != 0 ||
        ::bind(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 || ::listen(fd.get(), 511) != 0)
        return failed("cannot listen on port " + std::to_string(port));
    return fd;
}

base::Result<Fd> listenOnUnixSocket(const std::string &path)
{
    const auto address = unixAddress(path);
    if (!address)
        return base::fail(address.error());
    ::unlink(path.c_str());
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.isOpen() || ::bind(fd.get(), reinterpret_cast<const sockaddr *>(&*address), sizeof *address) != 0 ||
        ::listen(fd.get(), 16) != 0)
        return failed("cannot listen on " + path);
    return fd;
}

base::Result<Fd> startConnect(std::uint16_t port)
{
    Fd fd(::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    const int on = 1;
    const sockaddr_in address = loopback(port);
    if (fd.isOpen())
        ::setsockopt(fd.get(), IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (!fd.isOpen() || (::connect(fd.get(), reinterpret_cast<const sockaddr *>(&address), sizeof address) != 0 && errno != EINPROGRESS))
        return failed("cannot connect to port " + std::to_string(port));
    return fd;
}

base::Result<LineClient> LineClient::toPort(std::uint16_t port, base::milliseconds deadline)
{
    const base::Instant end = std::chrono::steady_clock::now() + deadline;
    auto fd = startConnect(port);
    if (!fd)
        return base::fail(fd.error());
    if (const auto there = finishConnect(fd->get(), end); !there)
        return base::fail(there.error());
    return LineClient(std::move(*fd), end);
}

base::Result<LineClient> LineClient::toUnixSocket(const std::string &path, base::milliseconds deadline)
{
    const base::Instant end = std::chrono::steady_clock::now() + deadline;
    const auto address = unixAddress(path);
    if (!address)
        return base::fail(address.error());
    Fd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0));
    if (!fd.isOpen() || ::connect(fd.get(), reinterpret_cast<const sockaddr *>(&*address), sizeof *address) != 0)
        return failed("cannot connect to " + path);
    return LineClient(std::move(fd), end);
}

base::Result<void> LineClient::send(const std::string &text)
{
    for (std::size_t at = 0; at < text.size();) {
        pollfd wait{m_fd.get(), POLLOUT, 0};
        if (::poll(&wait, 1, millisecondsUntil(m_end)) <= 0)
            return base::fail(base::ErrorCode::TimedOut, "it takes no more input");
        const ssize_t wrote = ::send(m_fd.get(), text.data() + at, text.size() - at, MSG_NOSIGNAL);
        if (wrote < 0 && errno != EAGAIN)
            return failed("cannot send");
        at += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
    }
    return {};
}

base::Result<bool> LineClient::more()
{
    pollfd wait{m_fd.get(), POLLIN, 0};
    if (::poll(&wait, 1, millisecondsUntil(m_end)) <= 0)
        return base::fail(base::ErrorCode::TimedOut, "no answer within the deadline");
    std::array<char, 65536> buffer;
    const ssize_t got = ::recv(m_fd.get(), buffer.data(), buffer.size(), 0);
    if (got < 0 && errno != EAGAIN)
        return failed("cannot read");
    m_buffer.append(buffer.data(), got > 0 ? static_cast<std::size_t>(got) : 0);
    return got != 0;
}

base::Result<std::string> LineClient::line()
{
    for (std::size_t end = m_buffer.find('\n'); true; end = m_buffer.find('\n')) {
        if (end != std::string::npos) {
            std::string line = m_buffer.substr(0, end);
            m_buffer.erase(0, end + 1);
            if (!line.empty() && line.back() == '\r')
                line.pop_back();
            return line;
        }
        const auto open = more();
        if (!open)
            return base::fail(open.error());
        if (!*open)
            return base::fail(base::ErrorCode::Unreachable, "it closed the connection");
    }
}

base::Result<std::string> LineClient::bytes(std::size_t count)
{
    while (m_buffer.size() < count) {
        const auto open = more();
        if (!open)
            return base::fail(open.error());
        if (!*open)
            return base::fail(base::ErrorCode::Unreachable, "it closed the connection");
    }
    std::string text = m_buffer.substr(0, count);
    m_buffer.erase(0, count);
    return text;
}

base::Result<std::string> LineClient::rest()
{
    while (true) {
        const auto open = more();
        if (!open)
            return base::fail(open.error());
        if (!*open)
            return std::move(m_buffer);
    }
}

} // namespace shardlens::localfleet
