// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/fakes/FakePeers.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <future>

namespace shardlens::fakes {

struct FakePeer::Connection {
    int fd = -1;
    bool open = true;
    std::unique_ptr<Dialect> dialect;
};

FakePeers::FakePeers() : m_loop(std::make_shared<clients::EventLoop>())
{
    m_loop->start("fake-peers");
}

FakePeers::~FakePeers()
{
    run([this] {
        for (auto &peer : m_peers) {
            peer->stopListening();
            while (!peer->m_connections.empty())
                peer->drop(peer->m_connections.begin()->first);
        }
    });
    m_loop->stop();
}

void FakePeers::run(const std::function<void()> &task)
{
    std::promise<void> done;
    m_loop->post([&] {
        task();
        done.set_value();
    });
    done.get_future().wait();
}

FakePeer &FakePeers::add(FakePeer::MakeDialect makeDialect)
{
    m_peers.push_back(std::unique_ptr<FakePeer>(new FakePeer(*this, std::move(makeDialect))));
    FakePeer &peer = *m_peers.back();
    run([&peer] { peer.listen(); });
    return peer;
}

FakePeer::FakePeer(FakePeers &peers, MakeDialect makeDialect) : m_peers(peers), m_makeDialect(std::move(makeDialect)) {}

FakePeer::~FakePeer() = default;

void FakePeer::listen()
{
    m_listening = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    const int on = 1;
    setsockopt(m_listening, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    sockaddr_in where{};
    where.sin_family = AF_INET;
    where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    where.sin_port = htons(m_port);
    if (bind(m_listening, reinterpret_cast<sockaddr *>(&where), sizeof where) != 0 || ::listen(m_listening, 64) != 0) {
        std::perror("fake peer");
        std::abort();
    }
    socklen_t size = sizeof where;
    getsockname(m_listening, reinterpret_cast<sockaddr *>(&where), &size);
    m_port = ntohs(where.sin_port);
    m_peers.m_loop->watch(m_listening, true, false, [this](clients::EventLoop::Ready) { accept(); });
}

void FakePeer::stopListening()
{
    if (m_listening < 0)
        return;
    m_peers.m_loop->forget(m_listening);
    ::close(m_listening);
    m_listening = -1;
}

void FakePeer::accept()
{
    for (;;) {
        const int fd = accept4(m_listening, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        const int on = 1;
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        ++m_made;
        auto connection = std::make_shared<Connection>();
        connection->fd = fd;
        connection->dialect = m_makeDialect();
        m_connections.emplace(fd, std::move(connection));
        watch(fd);
    }
}

void FakePeer::watch(int fd)
{
    m_peers.m_loop->watch(fd, true, false, [this, fd](clients::EventLoop::Ready) { read(fd); });
}

void FakePeer::drop(int fd)
{
    const auto found = m_connections.find(fd);
    if (found == m_connections.end())
        return;
    found->second->open = false;
    m_connections.erase(found);
    m_peers.m_loop->forget(fd);
    ::close(fd);
}

void FakePeer::read(int fd)
{
    const auto found = m_connections.find(fd);
    if (found == m_connections.end())
        return;
    if (m_mood == Mood::HangsAtConnect) {
        // As a stopped process: it leaves unread what came, until the mood changes.
        m_peers.m_loop->forget(fd);
        return;
    }
    const auto connection = found->second;
    std::array<char, 16384> buffer{};
    const auto got = recv(fd, buffer.data(), buffer.size(), 0);
    if (got < 0 && errno == EAGAIN)
        return;
    if (got <= 0)
        return drop(fd);
    for (const auto &one : connection->dialect->take({buffer.data(), static_cast<std::size_t>(got)})) {
        if (!connection->open)
            return;
        if (one.closes)
            return drop(fd);
        m_queries += one.isAnswer ? 1 : 0;
        if (m_delay.count() > 0 && one.isAnswer)
            m_peers.m_loop->after(m_delay, [this, connection, one] { reply(connection, one); });
        else
            reply(connection, one);
    }
}

void FakePeer::reply(const std::shared_ptr<Connection> &connection, const Dialect::Reply &one)
{
    if (!connection->open)
        return;
    std::string bytes = one.bytes;
    if (one.isAnswer && (m_mood == Mood::HangsAtQuery || m_mood == Mood::HangsAtConnect))
        return;
    if (one.isAnswer && m_mood == Mood::TalksGarbage)
        bytes = "\x01\x02 this is no protocol at all \xff\xfe\r\n\r\n";
    const bool half = one.isAnswer && m_mood == Mood::ClosesMidAnswer;
    if (half)
        bytes.resize(bytes.size() / 2);
    // Replies are small and go to loopback: they always fit into the socket's buffer.
    [[maybe_unused]] const auto put = ::send(connection->fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (half)
        drop(connection->fd);
}

void FakePeer::setMood(Mood mood)
{
    m_peers.run([this, mood] {
        m_mood = mood;
        if (mood == Mood::Refuses) {
            stopListening();
            while (!m_connections.empty())
                drop(m_connections.begin()->first);
            return;
        }
        if (m_listening < 0)
            listen();
        for (const auto &[fd, connection] : m_connections)
            watch(fd);
    });
}

void FakePeer::setDelay(base::milliseconds delay)
{
    m_peers.run([this, delay] { m_delay = delay; });
}

void FakePeer::dropConnections()
{
    m_peers.run([this] {
        while (!m_connections.empty())
            drop(m_connections.begin()->first);
    });
}

} // namespace shardlens::fakes
