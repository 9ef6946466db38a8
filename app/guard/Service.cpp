// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Service.h"

#include "core/base/Json.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::guard
{

using base::ErrorCode;

namespace
{

constexpr std::size_t mostAskers = 64;
constexpr std::size_t longestQuestion = 4096;
constexpr std::size_t mostUnsent = 4 * 1024 * 1024; // somebody who asks and never reads
constexpr base::seconds idleFor{60};

} // namespace

Service::Service(const Report &report, OrderDesk &orders, std::shared_ptr<wire::Interrupt> stop) : m_report(report), m_orders(orders), m_stop(std::move(stop)) {}

Service::~Service()
{
    for (const Asker &asker : m_askers)
        ::close(asker.fd);
    if (m_listener >= 0)
        ::close(m_listener);
}

base::Result<void> Service::listen(const fleet::Endpoint &endpoint)
{
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_PASSIVE;
    addrinfo *found = nullptr;
    if (const int bad = ::getaddrinfo(endpoint.host.c_str(), std::to_string(endpoint.port).c_str(), &hints, &found); bad != 0)
        return base::fail(ErrorCode::Io, endpoint.host + ": " + ::gai_strerror(bad));
    m_listener = ::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    ::setsockopt(m_listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    const bool good = ::bind(m_listener, found->ai_addr, found->ai_addrlen) == 0 && ::listen(m_listener, 32) == 0;
    const int error = errno;
    ::freeaddrinfo(found);
    if (!good)
        return base::fail(ErrorCode::Io, endpoint.host + ":" + std::to_string(endpoint.port) + ": " + std::strerror(error));
    return {};
}

std::uint16_t Service::port() const
{
    sockaddr_storage address = {};
    socklen_t length = sizeof address;
    if (::getsockname(m_listener, reinterpret_cast<sockaddr *>(&address), &length) != 0)
        return 0;
    return ntohs(address.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6 &>(address).sin6_port
                                               : reinterpret_cast<sockaddr_in &>(address).sin_port);
}

void Service::run()
{
    for (;;) {
        std::vector<pollfd> fds{{m_stop->descriptor(), POLLIN, 0}, {m_listener, POLLIN, 0}};
        for (const Asker &asker : m_askers)
            fds.push_back({asker.fd, static_cast<short>(POLLIN | (asker.answer.empty() ? 0 : POLLOUT)), 0});
        ::poll(fds.data(), fds.size(), m_askers.empty() ? -1 : 5000);
        if (fds[0].revents != 0)
            return;
        const auto now = std::chrono::steady_clock::now();
        for (std::size_t i = 0; i < m_askers.size(); ++i) {
            Asker &asker = m_askers[i];
            const bool keep = fds[i + 2].revents != 0 ? serve(asker, now) : now - asker.lastHeard < idleFor;
            if (!keep && asker.fd >= 0)
                ::close(asker.fd);
            if (!keep)
                asker.fd = -1;
        }
        std::erase_if(m_askers, [](const Asker &asker) { return asker.fd < 0; });
        if (fds[1].revents != 0)
            accept(now);
    }
}

void Service::accept(base::Instant now)
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

bool Service::serve(Asker &asker, base::Instant now)
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
        asker.answer += answerTo(asker.asked.substr(0, end)) + "\n";
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

bool Service::handOver(Asker &asker)
{
    const std::size_t end = asker.asked.find('\n');
    if (end == std::string::npos || !asker.answer.empty())
        return false;
    const auto greeting = base::readJson(std::string_view(asker.asked).substr(0, end));
    if (!greeting.is_object() || !greeting.contains("hello"))
        return false;
    m_orders.take(std::exchange(asker.fd, -1), asker.asked.substr(end + 1));
    return true;
}

std::string Service::answerTo(const std::string &line) const
{
    const auto question = base::readJson(line);
    if (!question.is_object() || !question.contains("ask") || !question["ask"].is_string())
        return R"({"error":"expected one line like {\"ask\":\"report\"}"})";
    if (question["ask"] != "report")
        return R"({"error":"this guard answers only: report"})";
    return m_report.toJson();
}

} // namespace shardlens::guard
