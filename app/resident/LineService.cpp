// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/resident/LineService.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::resident {

namespace {

constexpr std::size_t mostAskers = 64;
constexpr std::size_t longestQuestion = 4096;
constexpr std::size_t mostUnsent = 4 * 1024 * 1024; // somebody who asks and never reads
constexpr base::seconds idleFor{60};
constexpr std::size_t watchedBesides = 3; // the stop, the listener, and what the owner watches

} // namespace

base::Result<int> bound(const fleet::Endpoint &endpoint, int type)
{
    addrinfo hints = {};
    hints.ai_socktype = type;
    hints.ai_flags = AI_PASSIVE;
    addrinfo *found = nullptr;
    if (const int bad = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found); bad != 0)
        return base::fail(base::ErrorCode::Io, endpoint.host + ": " + ::gai_strerror(bad));
    const int fd = ::socket(found->ai_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    if (type == SOCK_STREAM)
        ::setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool good = ::bind(fd, found->ai_addr, found->ai_addrlen) == 0 && (type != SOCK_STREAM || ::listen(fd, 32) == 0);
    const int error = errno;
    ::freeaddrinfo(found);
    if (good)
        return fd;
    ::close(fd);
    return base::fail(base::ErrorCode::Io, endpoint.host + ":" + std::to_string(endpoint.port) + ": " + std::strerror(error));
}

LineService::LineService(Hooks hooks, std::shared_ptr<wire::Interrupt> stop) : m_hooks(std::move(hooks)), m_stop(std::move(stop)) {}

LineService::~LineService()
{
    for (const Asker &asker : m_askers)
        ::close(asker.fd);
    if (m_listener >= 0)
        ::close(m_listener);
}

base::Result<void> LineService::listen(const fleet::Endpoint &endpoint)
{
    const auto listener = bound(endpoint, SOCK_STREAM);
    if (!listener)
        return base::fail(listener.error());
    m_listener = *listener;
    return {};
}

std::uint16_t LineService::port() const
{
    sockaddr_storage address = {};
    socklen_t length = sizeof address;
    if (::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 &>(address).sin6_port
                                               : reinterpret_cast<sockaddr_in &>(address).sin_port);
}

void LineService::run(int besides, const std::function<void(base::Instant now)> &ready)
{
    for (;;) {
        std::vector<pollfd> fds{{m_stop->descriptor(), POLLIN, 0}, {m_listener, POLLIN, 0}, {besides, POLLIN, 0}};
        for (const Asker &asker : m_askers)
            fds.push_back({asker.fd, static_cast<short>(POLLIN | (asker.answer.empty() ? 0 : POLLOUT)), 0});
        ::poll(fds.data(), fds.size(), m_askers.empty() ? -1 : 5000);
        if (fds[0].revents != 0)
            return;
        const auto now = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < m_askers.size(); ++i) {
            Asker &asker = m_askers[i];
            const bool keep = fds[i + watchedBesides].revents != 0 ? serve(asker, now) : now - asker.lastHeard < idleFor;
            if (!keep && asker.fd >= 0)
                ::close(asker.fd);
            if (!keep)
                asker.fd = -1;
        }
        std::erase_if(m_askers, [](const Asker &asker) { return asker.fd < 0; });
        if (fds[1].revents != 0)
            accept(now);
        if (fds[2].revents != 0)
            ready(now);
    }
}

void LineService::accept(base::Instant now)
{
    const int fd = ::accept4(m_listener, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (fd < 0)
        return;
    const int on = 1;
    ::setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // a short answer shall not wait for the last one's receipt
    if (m_askers.size() >= mostAskers)
        ::close(fd);
    else
        m_askers.push_back({fd, {}, {}, now});
}

bool LineService::serve(Asker &asker, base::Instant now)
{
    std::array<char, 4096> buffer{};
    const auto got = ::recv(asker.fd, buffer.data(), buffer.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
        return false;
    if (got > 0) {
        asker.lastHeard = now;
        asker.asked.append(buffer.data(), static_cast<std::size_t>(got));
    }
    if (handOver(asker))
        return false;
    for (std::size_t end = asker.asked.find('\n'); end != std::string::npos; end = asker.asked.find('\n')) {
        asker.answer += m_hooks.answer(std::string_view(asker.asked).substr(0, end)) + "\n";
        asker.asked.erase(0, end + 1);
        if (asker.answer.size() > mostUnsent)
            return false;
    }
    if (asker.asked.size() > longestQuestion)
        return false;
    const auto sent = ::send(asker.fd, asker.answer.data(), asker.answer.size(), MSG_NOSIGNAL);
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return false;
    if (sent > 0)
        asker.answer.erase(0, static_cast<std::size_t>(sent));
    return true;
}

bool LineService::handOver(Asker &asker)
{
    const std::size_t end = asker.asked.find('\n');
    if (!m_hooks.greets || end == std::string::npos || !asker.answer.empty() || !m_hooks.greets(std::string_view(asker.asked).substr(0, end)))
        return false;
    m_hooks.takeOver(std::exchange(asker.fd, -1), asker.asked.substr(end + 1));
    return true;
}

} // namespace shardlens::resident
