// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/relay/Flow.h"

#include <algorithm>

namespace shardlens::localfleet
{

namespace
{

constexpr std::size_t widestWindow = 8U << 20;
constexpr std::size_t narrowestWindow = 256U << 10;

} // namespace

void Flow::send(LinkState &link, Kind kind, std::string_view bytes, base::Instant now, base::Instant notBefore)
{
    base::Instant leaves = std::max(now, notBefore);
    if (link.link.bytesPerSecond > 0) {
        const auto takes = std::chrono::nanoseconds(
            static_cast<std::int64_t>(1e9 * static_cast<double>(bytes.size()) / static_cast<double>(link.link.bytesPerSecond)));
        link.free = std::max(leaves, link.free) + takes;
        leaves = link.free;
    }
    base::Instant due = leaves + link.link.latency;
    if (!m_pieces.empty())
        due = std::max(due, m_pieces.back().due); // one connection's bytes never overtake each other
    m_bytes += bytes.size();
    m_pieces.push_back({kind, due, std::string(bytes), 0});
}

Flow::Piece *Flow::arrived(base::Instant now)
{
    return m_pieces.empty() || m_pieces.front().due > now ? nullptr : &m_pieces.front();
}

void Flow::pop()
{
    m_bytes -= m_pieces.front().bytes.size();
    m_pieces.pop_front();
}

std::optional<base::Instant> Flow::nextDue() const
{
    return m_pieces.empty() ? std::nullopt : std::optional(m_pieces.front().due);
}

void Flow::sendAgain(const Link &link, base::Instant now)
{
    for (Piece &piece : m_pieces)
        piece.due = std::max(piece.due, now + link.latency);
}

void Flow::clear()
{
    m_pieces.clear();
    m_bytes = 0;
}

bool Flow::isFull(const Link &link) const
{
    if (link.bytesPerSecond <= 0)
        return m_bytes >= widestWindow;
    // A narrow link holds what fills its delay, and a queue in front of it; more would only wait here instead of at the sender.
    const double onTheWay = static_cast<double>(link.bytesPerSecond) * std::chrono::duration<double>(link.latency).count();
    return m_bytes >= narrowestWindow + static_cast<std::size_t>(onTheWay);
}

} // namespace shardlens::localfleet
