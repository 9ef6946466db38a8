// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/relay/Passage.h"

#include <algorithm>
#include <cerrno>
#include <sys/epoll.h>
#include <sys/socket.h>

namespace shardlens::localfleet
{

namespace
{

constexpr std::size_t unacknowledgedWindow = 64U << 10; // about a TCP connection's first congestion windows

} // namespace

Passage::Passage(Fd client, std::uint16_t serverPort, std::array<LinkState *, 2> ways, base::Instant now)
    : m_ways(ways), m_serverPort(serverPort)
{
    side(0).fd = std::move(client);
    if (isCut(0, Cut::Reset))
        abort();
    else if (isCut(1, Cut::Reset))
        m_stage = Stage::OneEnded; // the server's answer is refused on its way: the client waits for ever
    else if (isCut(0, Cut::None) && isCut(1, Cut::None))
        begin(now);
}

void Passage::begin(base::Instant now)
{
    m_stage = Stage::Dialling;
    m_dialAt = now + link(0).link.latency;
    m_established = m_dialAt + link(1).link.latency;
}

void Passage::dial(base::Instant now)
{
    auto server = startConnect(m_serverPort);
    m_stage = Stage::Connecting;
    if (server) {
        side(1).fd = std::move(*server);
        return;
    }
    m_stage = Stage::Open;
    side(1).ended = true;
    flow(1).send(link(1), Flow::Kind::Reset, {}, now, now);
}

void Passage::connected(base::Instant now)
{
    int error = 0;
    socklen_t size = sizeof error;
    ::getsockopt(fd(1), SOL_SOCKET, SO_ERROR, &error, &size);
    m_stage = Stage::Open;
    if (error == 0)
        return;
    side(1).fd.reset();
    side(1).ended = true;
    flow(1).send(link(1), Flow::Kind::Reset, {}, now, now);
}

void Passage::advance(base::Instant now)
{
    if (m_stage == Stage::Dialling && now >= m_dialAt)
        dial(now);
    for (int from = 0; from < 2 && m_stage == Stage::Open; ++from)
        deliver(from, now);
}

void Passage::deliver(int from, base::Instant now)
{
    Side &to = side(1 - from);
    while (!to.blocked && isCut(from, Cut::None)) {
        Flow::Piece *piece = flow(from).arrived(now);
        if (piece == nullptr)
            return;
        if (piece->kind == Flow::Kind::Reset || !to.fd.isOpen())
            return abort();
        if (piece->kind == Flow::Kind::End) {
            ::shutdown(to.fd.get(), SHUT_WR);
            to.finished = true;
            flow(from).pop();
            if (side(0).finished && side(1).finished) {
                m_stage = Stage::Over;
                side(0).fd.reset();
                side(1).fd.reset();
            }
            return;
        }
        const ssize_t wrote = ::send(to.fd.get(), piece->bytes.data() + piece->written, piece->bytes.size() - piece->written, MSG_NOSIGNAL);
        if (wrote < 0 && errno != EAGAIN)
            return abort();
        piece->written += wrote > 0 ? static_cast<std::size_t>(wrote) : 0;
        if (piece->written == piece->bytes.size())
            flow(from).pop();
        else
            to.blocked = true;
    }
}

bool Passage::takesFrom(int index) const
{
    const Side &from = side(index);
    if (!from.fd.isOpen() || from.ended || !isCut(index, Cut::None) || m_flows[static_cast<std::size_t>(index)].isFull(way(index)->link))
        return false;
    return isCut(1 - index, Cut::None) || from.unacknowledged < unacknowledgedWindow;
}

void Passage::readable(int index, base::Instant now)
{
    if (m_stage == Stage::Held || m_stage == Stage::OneEnded || m_stage == Stage::Over || !takesFrom(index))
        return;
    static thread_local std::array<char, 256 << 10> buffer;
    Side &from = side(index);
    const ssize_t got = ::recv(from.fd.get(), buffer.data(), buffer.size(), 0);
    const base::Instant notBefore = index == 0 ? m_established : now;
    if (got > 0) {
        if (!isCut(1 - index, Cut::None))
            from.unacknowledged += static_cast<std::size_t>(got);
        flow(index).send(link(index), Flow::Kind::Bytes, {buffer.data(), static_cast<std::size_t>(got)}, now, notBefore);
    } else if (got == 0 || errno != EAGAIN) {
        from.ended = true;
        flow(index).send(link(index), got == 0 ? Flow::Kind::End : Flow::Kind::Reset, {}, now, notBefore);
    }
    advance(now);
}

void Passage::writable(int index, base::Instant now)
{
    if (m_stage == Stage::Connecting && index == 1)
        connected(now);
    side(index).blocked = false;
    advance(now);
}

void Passage::hungUp(int index, base::Instant now)
{
    // Nobody is left who could be told anything: a client that gave up waiting, or the side that a reset left behind.
    if (m_stage == Stage::Held || m_stage == Stage::OneEnded)
        return abort();
    if (m_stage == Stage::Connecting && index == 1)
        return writable(index, now);
    readable(index, now);
}

void Passage::cutChanged(int index, Cut before, base::Instant now)
{
    const Cut cut = way(index)->link.cut;
    if (m_stage == Stage::Over || cut == before)
        return;
    if (cut == Cut::Reset) {
        // Side `index` sends into the reset and is told; the other one hears nothing, unless its own way is refused too.
        const bool otherIsRefusedToo = isCut(1 - index, Cut::Reset);
        side(index).fd.resetWithRst();
        if (otherIsRefusedToo || !side(1 - index).fd.isOpen())
            return abort();
        m_stage = Stage::OneEnded;
        flow(0).clear();
        flow(1).clear();
    } else if (m_stage == Stage::OneEnded) {
        if (cut == Cut::None && isCut(1 - index, Cut::None))
            abort(); // the side that is left sends into a connection that its peer does not know
    } else if (cut == Cut::None) {
        side(1 - index).unacknowledged = 0;
        flow(index).sendAgain(way(index)->link, now);
        if (m_stage == Stage::Held && isCut(1 - index, Cut::None))
            begin(now);
        advance(now);
    }
}

void Passage::abort()
{
    m_stage = Stage::Over;
    side(0).fd.resetWithRst();
    side(1).fd.resetWithRst();
}

std::uint32_t Passage::interest(int index) const
{
    const Side &self = side(index);
    if (!self.fd.isOpen() || m_stage == Stage::Over)
        return 0;
    if (m_stage == Stage::Held || m_stage == Stage::OneEnded)
        return EPOLLRDHUP;
    std::uint32_t events = takesFrom(index) ? std::uint32_t(EPOLLIN) : 0U;
    if (self.blocked || (m_stage == Stage::Connecting && index == 1))
        events |= EPOLLOUT;
    return events;
}

std::optional<base::Instant> Passage::nextDue() const
{
    if (m_stage == Stage::Dialling)
        return m_dialAt;
    if (m_stage != Stage::Open)
        return std::nullopt;
    std::optional<base::Instant> next;
    for (int from = 0; from < 2; ++from) {
        const auto due = m_flows[static_cast<std::size_t>(from)].nextDue();
        // What a full or cut receiver keeps waiting is moved by its event, not by time.
        if (due && !side(1 - from).blocked && isCut(from, Cut::None))
            next = next ? std::min(*next, *due) : *due;
    }
    return next;
}

} // namespace shardlens::localfleet
