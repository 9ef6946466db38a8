// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/relay/RelayPlan.h"

#include <deque>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::localfleet
{

/// A link while it works: when its next byte can set off. Shared by all flows that travel it. One thread.
struct LinkState {
    Link link;
    base::Instant free{}; ///< with a limited bandwidth: when what was sent so far has left
};

/// What travels one direction of one connection: bytes with the moment they arrive. Any number of pieces is on its way at a time, so
/// the delay of a link never limits what it carries. One thread.
class Flow
{
public:
    enum class Kind : std::uint8_t { Bytes, End, Reset };
    struct Piece {
        Kind kind = Kind::Bytes;
        base::Instant due{};
        std::string bytes;
        std::size_t written = 0;
    };

    /// Puts something on its way; `notBefore` is when the connection was established.
    void send(LinkState &link, Kind kind, std::string_view bytes, base::Instant now, base::Instant notBefore);
    /// What has arrived by `now` and is first in line; nullptr for nothing.
    [[nodiscard]] Piece *arrived(base::Instant now);
    void pop();
    [[nodiscard]] std::optional<base::Instant> nextDue() const;
    /// After a blackhole: what was swallowed sets off again now.
    void sendAgain(const Link &link, base::Instant now);
    void clear();

    [[nodiscard]] bool isEmpty() const { return m_pieces.empty(); }
    /// True while the sender should wait: so much is on its way that a real link's windows would be full.
    [[nodiscard]] bool isFull(const Link &link) const;

private:
    std::deque<Piece> m_pieces;
    std::size_t m_bytes = 0;
};

} // namespace shardlens::localfleet
