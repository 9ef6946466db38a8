// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/loop/TcpLink.h"

#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstring>

namespace shardlens::clients {

base::ErrorCode codeOfErrno(int number)
{
    switch (number) {
    case ECONNREFUSED: return base::ErrorCode::Refused;
    case ETIMEDOUT: return base::ErrorCode::TimedOut;
    case EMFILE:
    case ENFILE: return base::ErrorCode::Unavailable;
    default: return base::ErrorCode::Unreachable;
    }
}

TcpLink::TcpLink(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint, Hooks hooks)
    : m_loop(std::move(loop)), m_resolver(std::move(resolver)), m_endpoint(std::move(endpoint)), m_hooks(std::move(hooks))
{
}

TcpLink::~TcpLink()
{
    close();
}

void TcpLink::open()
{
    close();
    m_life = std::make_shared<int>(0);
    m_resolver->resolve(m_endpoint.host, m_loop, [this, life = std::weak_ptr(m_life)](const base::Result<Resolver::Addresses> &found) {
        if (life.expired())
            return;
        if (found)
            dial(*found);
        else
            fail(found.error().code, found.error().message);
    });
}

void TcpLink::dial(const Resolver::Addresses &addresses)
{
    const auto &address = addresses[m_attempt++ % addresses.size()];
    addrinfo hints{};
    hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV;
    hints.ai_socktype = SOCK_STREAM;
    addrinfo *where = nullptr;
    if (getaddrinfo(address.c_str(), std::to_string(m_endpoint.port).c_str(), &hints, &where) != 0)
        return fail(base::ErrorCode::Unreachable, address + " is no address");
    m_fd = socket(where->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    int error = m_fd < 0 ? errno : 0;
    if (m_fd >= 0) {
        const int on = 1;
        setsockopt(m_fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        if (connect(m_fd, where->ai_addr, where->ai_addrlen) != 0)
            error = errno;
    }
    freeaddrinfo(where);
    if (error != 0 && error != EINPROGRESS)
        return fail(codeOfErrno(error), std::strerror(error));
    m_connecting = true;
    m_loop->watch(m_fd, true, true, [this](EventLoop::Ready ready) { handle(ready); });
}

void TcpLink::close()
{
    m_life.reset();
    m_connecting = false;
    m_unsent.clear();
    if (m_fd < 0)
        return;
    m_loop->forget(m_fd);
    ::close(m_fd);
    m_fd = -1;
}

void TcpLink::fail(base::ErrorCode code, const std::string &message)
{
    close();
    m_hooks.failed({code, message, {}, {}, base::Effect::None});
}

void TcpLink::handle(EventLoop::Ready ready)
{
    if (m_connecting)
        return finishConnecting();
    const auto life = std::weak_ptr(m_life);
    if (ready.write)
        writeSome();
    if (!life.expired() && (ready.read || ready.broken))
        readAll();
}

void TcpLink::finishConnecting()
{
    int error = 0;
    socklen_t size = sizeof error;
    getsockopt(m_fd, SOL_SOCKET, SO_ERROR, &error, &size);
    if (error != 0)
        return fail(codeOfErrno(error), std::strerror(error));
    m_connecting = false;
    m_loop->change(m_fd, true, false);
    m_hooks.opened();
}

void TcpLink::readAll()
{
    const auto life = std::weak_ptr(m_life);
    std::array<char, 16384> buffer; // NOLINT: filled by recv
    for (;;) {
        const auto got = recv(m_fd, buffer.data(), buffer.size(), 0);
        if (got < 0 && (errno == EAGAIN || errno == EINTR))
            return;
        if (got < 0)
            return fail(codeOfErrno(errno), std::strerror(errno));
        if (got == 0)
            return fail(base::ErrorCode::Unreachable, "the server closed the connection");
        m_hooks.received({buffer.data(), static_cast<std::size_t>(got)});
        if (life.expired() || static_cast<std::size_t>(got) < buffer.size())
            return;
    }
}

void TcpLink::send(std::string_view bytes)
{
    if (m_fd < 0)
        return;
    m_unsent.append(bytes);
    writeSome();
}

void TcpLink::writeSome()
{
    while (!m_unsent.empty()) {
        const auto put = ::send(m_fd, m_unsent.data(), m_unsent.size(), MSG_NOSIGNAL);
        if (put < 0 && errno == EINTR)
            continue;
        // Any other error shows again when reading, which is where it is reported.
        if (put < 0)
            break;
        m_unsent.erase(0, static_cast<std::size_t>(put));
    }
    m_loop->change(m_fd, true, !m_unsent.empty());
}

} // namespace shardlens::clients
