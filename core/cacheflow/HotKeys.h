// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Error.h"
#include "core/cacheflow/SpaceSaving.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::cacheflow {

/// A key as often as it was seen. Counts are of the lines that were counted: one in `sampledOneOf`.
struct HotKey {
    std::string key;         ///< as applications spell it
    std::uint64_t count = 0; ///< at most; at least `count - error`
    std::uint64_t error = 0;
    bool operator==(const HotKey &) const = default;
};

/// A key that many connections missed within a tenth of a second.
struct Herd {
    std::string key;
    std::uint32_t clients = 0; ///< different connections, in its worst tenth of a second
    std::uint32_t reads = 0;   ///< that found nothing then, waiting for a fill among them
    std::uint64_t misses = 0;  ///< over all
    bool operator==(const Herd &) const = default;
};

/// What a watch of one memcached told so far. A value.
struct HotKeys {
    std::uint64_t lines = 0;    ///< received
    std::uint64_t gets = 0;     ///< counted reads
    std::uint64_t misses = 0;   ///< of them: found nothing, or an empty stub of a lease
    std::uint64_t stores = 0;
    std::uint64_t own = 0;      ///< lines of our own programs (OwnMark.h), left out
    std::uint64_t unread = 0;   ///< lines that could not be read
    std::uint64_t skipped = 0;  ///< lines that the server says it left out as we were slow
    std::uint32_t sampledOneOf = 1;
    std::uint64_t worstError = 0; ///< no count of `top` is off by more
    std::vector<HotKey> top;    ///< most read first
    std::vector<HotKey> missed; ///< most missed first
    std::vector<Herd> herds;    ///< the largest first; at least two clients
    bool operator==(const HotKeys &) const = default;
};

/// What one member's watch told, and what it cost.
struct WatchedMember {
    std::string server;
    HotKeys keys;
    std::uint64_t bytes = 0;                ///< received
    std::uint64_t dropped = 0;              ///< lines that the server's workers dropped for all watchers meanwhile; known at the end
    std::optional<base::Error> error;       ///< why it is not watched, or not any more
    bool operator==(const WatchedMember &) const = default;
};

/// What a watch of some members tells. A value.
struct HotKeysReport {
    base::milliseconds counted{0};          ///< how long lines have been counted
    bool isOver = false;
    std::vector<WatchedMember> members;
    bool operator==(const HotKeysReport &) const = default;

    /// Over the members; a key lies on one member of a pool alone. Lists are sorted, at most `most` long.
    [[nodiscard]] HotKeys together(std::size_t most) const;
    [[nodiscard]] std::uint64_t bytes() const;
    /// Lines that did not reach us: left out by the servers as we, or all watchers, were too slow.
    [[nodiscard]] std::uint64_t lost() const;
};

/// Counts what a watch of one memcached tells, in bounded memory. One thread.
class HotKeyCount
{
public:
    static constexpr base::milliseconds herdSpan{100};

    struct Settings {
        std::size_t keys = 1000;        ///< kept of each ranking
        std::uint32_t sampleOneOf = 1;  ///< reads counted; what nobody finds is counted always
    };
    explicit HotKeyCount(Settings settings);

    void take(std::string_view line); ///< without its end
    /// Until then lines are only looked at for whose connection it is.
    void setCounts(bool counts) { m_counts = counts; }
    [[nodiscard]] HotKeys report(std::size_t most) const;

private:
    struct Pending {
        std::string key;
        std::int64_t micros = 0;
        bool missed = false;
        bool is = false;
        bool isOwn = false; ///< the connection is one of our programs'
    };
    struct Crowd {
        std::int64_t begin = 0; ///< of the present tenth of a second
        std::uint32_t reads = 0;
        std::vector<std::int32_t> clients;
        std::uint32_t mostReads = 0;
        std::uint32_t mostClients = 0;
    };
    Pending &pendingOf(std::int32_t client);
    void commit(Pending &pending, std::int32_t client);
    void noteMiss(const Pending &pending, std::int32_t client);

    Settings m_settings;
    bool m_counts = true;
    HotKeys m_sums; ///< without its lists
    SpaceSaving m_gets;
    SpaceSaving m_misses;
    std::vector<Crowd> m_crowds;     ///< of the same index as in m_misses
    std::vector<Pending> m_pending;  ///< by connection: a read is only known for one when no write follows it
    std::uint64_t m_seen = 0;
};

} // namespace shardlens::cacheflow
