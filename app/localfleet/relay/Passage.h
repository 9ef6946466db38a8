// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/relay/Flow.h"
#include "app/localfleet/relay/Sockets.h"

#include <array>
#include <cstdint>
#include <optional>

namespace shardlens::localfleet
{

/// One connection through the relay: side 0 is the client's socket in the viewer's region, side 1 the server's. A link from side i
/// to the other is ways[i]. It behaves as the kernel would at both ends of a long cable, as far as a process in the middle can:
/// - a connect takes a round trip before the first byte can go, and the server sees it after half of one;
/// - a *blackhole* holds what is on its way and takes nothing more, also no closing; healed, all of it goes on. Where only the way
///   back is swallowed, the sender gets rid of one window and then stalls, as it gets no acknowledgements;
/// - a *reset* tells whoever sends into it; the other side is told nothing, and keeps a connection that leads nowhere.
/// One thread; the relay's loop calls it and erases it when it is over.
class Passage
{
public:
    Passage(Fd client, std::uint16_t serverPort, std::array<LinkState *, 2> ways, base::Instant now);

    /// Moves everything that can move. Call after events, when nextDue() has come, and when a link has changed.
    void advance(base::Instant now);
    void readable(int side, base::Instant now);
    void writable(int side, base::Instant now);
    void hungUp(int side, base::Instant now);
    /// A link has changed from one cut to another; way is the index in `ways`.
    void cutChanged(int way, Cut before, base::Instant now);
    /// Both peers are told that the connection is gone.
    void abort();

    [[nodiscard]] bool isOver() const { return m_stage == Stage::Over; }
    [[nodiscard]] const LinkState *way(int index) const { return m_ways.at(static_cast<std::size_t>(index)); }
    [[nodiscard]] int fd(int side) const { return m_sides[static_cast<std::size_t>(side)].fd.get(); }
    [[nodiscard]] std::uint32_t interest(int side) const; ///< epoll events; 0: none, take it out
    [[nodiscard]] std::optional<base::Instant> nextDue() const;

    /// What epoll was last told for a side; kept by the loop.
    std::array<std::uint32_t, 2> registered{0, 0};

private:
    enum class Stage : std::uint8_t {
        Held,       ///< a blackhole swallowed the first packet: no server is dialled until it is healed
        Dialling,   ///< the first packet is on its way to the server
        Connecting, ///< the server's kernel has been asked
        Open,
        OneEnded, ///< a reset took one side; the other has not noticed
        Over,
    };
    struct Side {
        Fd fd;
        bool ended = false;             ///< it sends no more
        bool blocked = false;           ///< it takes no more for now
        bool finished = false;          ///< we have told it that no more comes
        std::size_t unacknowledged = 0; ///< bytes taken from it since the way back was cut
    };
    [[nodiscard]] Side &side(int index) { return m_sides[static_cast<std::size_t>(index)]; }
    [[nodiscard]] const Side &side(int index) const { return m_sides[static_cast<std::size_t>(index)]; }
    [[nodiscard]] Flow &flow(int index) { return m_flows[static_cast<std::size_t>(index)]; }
    [[nodiscard]] LinkState &link(int index) { return *m_ways[static_cast<std::size_t>(index)]; }
    [[nodiscard]] bool isCut(int index, Cut cut) const { return way(index)->link.cut == cut; }
    [[nodiscard]] bool takesFrom(int index) const;
    void begin(base::Instant now);
    void dial(base::Instant now);
    void connected(base::Instant now);
    void deliver(int from, base::Instant now);

    std::array<Side, 2> m_sides;
    std::array<Flow, 2> m_flows; ///< [i] travels from side i to the other
    std::array<LinkState *, 2> m_ways;
    std::uint16_t m_serverPort;
    Stage m_stage = Stage::Held;
    base::Instant m_dialAt{};
    base::Instant m_established{}; ///< when the client's kernel would have told it that it is connected
};

} // namespace shardlens::localfleet
