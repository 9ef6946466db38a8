// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/wire/Talk.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <thread>
#include <utility>

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

namespace shardlens::wire {

using base::ErrorCode;
using base::Instant;
using base::Result;

namespace {

constexpr std::size_t longestAnswer = 4 << 20;

base::Error errorOf(int number)
{
    const ErrorCode code = number == ECONNREFUSED ? ErrorCode::Refused : number == ETIMEDOUT ? ErrorCode::TimedOut : ErrorCode::Unreachable;
    std::string text = std::strerror(number);
    text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
    return {code, text, {}, {}, base::Effect::None};
}

/// What a thread that looks a name up leaves behind, and the descriptor that it rings with.
struct LookUp {
    Interrupt finished;
    int code = 0;
    std::string address;
};

void lookUp(const std::string &host, LookUp &into)
{
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *found = nullptr;
    into.code = ::getaddrinfo(host.c_str(), nullptr, &hints, &found);
    std::array<char, NI_MAXHOST> text{};
    if (into.code == 0 && ::getnameinfo(found->ai_addr, found->ai_addrlen, text.data(), text.size(), nullptr, 0, NI_NUMERICHOST) == 0)
        into.address = text.data();
    if (into.code == 0)
        ::freeaddrinfo(found);
    into.finished.raise();
}

bool isNumeric(const std::string &host)
{
    std::array<unsigned char, sizeof(in6_addr)> ignored{};
    return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 || ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

} // namespace

Result<std::string> numericAddress(const std::string &host, Instant deadline, const Interrupt *interrupt)
{
    if (isNumeric(host))
        return host;
    const auto look = std::make_shared<LookUp>();
    std::thread([look, host] { lookUp(host, *look); }).detach();
    if (const auto ready = waitFor(look->finished.descriptor(), Readiness::Readable, deadline, interrupt); !ready) {
        const bool late = ready.error().code == ErrorCode::TimedOut;
        return base::fail(ready.error().code, late ? "the name " + host + " was not found within the deadline" : ready.error().message);
    }
    if (look->code != 0 || look->address.empty())
        return base::fail(ErrorCode::NotFound,
                          "the name " + host + " has no address: " + (look->code != 0 ? ::gai_strerror(look->code) : "none given"));
    return look->address;
}

Result<Talk> Talk::dial(const std::string &host, std::uint16_t port, Instant deadline, const Interrupt *interrupt)
{
    const auto numeric = numericAddress(host, deadline, interrupt);
    if (!numeric)
        return base::fail(numeric.error());
    addrinfo hints = {};
    hints.ai_socktype = SOCK_STREAM;
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    addrinfo *found = nullptr;
    if (const int bad = ::getaddrinfo(numeric->c_str(), std::to_string(port).c_str(), &hints, &found); bad != 0)
        return base::fail(ErrorCode::NotFound, ::gai_strerror(bad));
    Talk talk(::socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), interrupt);
    const int on = 1;
    ::setsockopt(talk.m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on); // a short question shall not wait for an answer to the last
    int error = ::connect(talk.m_fd, found->ai_addr, found->ai_addrlen) == 0 ? 0 : errno;
    ::freeaddrinfo(found);
    if (error == EINPROGRESS) {
        if (const auto ready = waitFor(talk.m_fd, Readiness::Writable, deadline, interrupt); !ready)
            return base::fail(ready.error());
        socklen_t length = sizeof error;
        ::getsockopt(talk.m_fd, SOL_SOCKET, SO_ERROR, &error, &length);
    }
    if (error != 0)
        return base::fail(errorOf(error));
    return talk;
}

Talk::~Talk()
{
    if (m_fd >= 0)
        ::close(m_fd);
}

Talk::Talk(Talk &&other) noexcept : m_fd(std::exchange(other.m_fd, -1)), m_interrupt(other.m_interrupt) {}

Talk &Talk::operator=(Talk &&other) noexcept
{
    std::swap(m_fd, other.m_fd);
    m_interrupt = other.m_interrupt;
    return *this;
}

Result<void> Talk::send(std::string_view bytes, Instant deadline)
{
    while (!bytes.empty()) {
        const auto sent = ::send(m_fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (sent > 0) {
            bytes.remove_prefix(static_cast<std::size_t>(sent));
        } else if (errno == EAGAIN) {
            if (const auto ready = waitFor(m_fd, Readiness::Writable, deadline, m_interrupt); !ready)
                return base::fail(ready.error());
        } else if (errno != EINTR) {
            return base::fail(errorOf(errno));
        }
    }
    return {};
}

Result<std::string> Talk::receive(Instant deadline)
{
    std::array<char, 16384> buffer{};
    for (;;) {
        if (const auto ready = waitFor(m_fd, Readiness::Readable, deadline, m_interrupt); !ready)
            return base::fail(ready.error());
        const auto got = ::recv(m_fd, buffer.data(), buffer.size(), 0);
        if (got >= 0)
            return std::string(buffer.data(), static_cast<std::size_t>(got));
        if (errno != EAGAIN && errno != EINTR)
            return base::fail(errorOf(errno));
    }
}

Result<std::string> Talk::receiveUntil(std::string_view end, Instant deadline)
{
    std::string all;
    while (!all.ends_with(end) && all.size() < longestAnswer) {
        auto more = receive(deadline);
        if (!more)
            return base::fail(more.error());
        if (more->empty())
            break;
        all += *more;
    }
    return all;
}

} // namespace shardlens::wire
