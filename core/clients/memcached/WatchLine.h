// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::memcached {

/// What `watch fetchers mutations` is asked with.
inline constexpr std::string_view watchCommand = "watch fetchers mutations\r\n";

/// One line of a watch, as far as reads and writes of items go; its texts point into what was parsed. memcached 1.6.11 or newer.
struct WatchLine {
    enum class Kind : std::uint8_t {
        Get,     ///< item_get: reads, but also the look before each write, and deletes
        Store,   ///< item_store
        Skipped, ///< so many lines were left out, as this watcher was too slow: `size`
    };
    Kind kind = Kind::Get;
    std::int64_t micros = 0;   ///< since 1970, by the server's clock
    std::uint64_t number = 0;  ///< gid: in the order in which things happened; lines may come out of it
    std::string_view key;      ///< as it is written: URI-encoded
    bool found = false;        ///< of a Get
    bool stored = false;       ///< of a Store
    std::int32_t client = 0;   ///< cfd: the client's connection, as the server numbers it
    std::int64_t size = -1;    ///< of the value; 0 of a found item: a lease that nobody has filled yet, or an empty value
};

/// Nothing for a line of another kind, or one that cannot be read. Pure.
[[nodiscard]] std::optional<WatchLine> parseWatchLine(std::string_view line);

/// A key as applications spell it, of one that a watch or a metadump wrote. Pure.
[[nodiscard]] std::string decodedKey(std::string_view uriEncoded);

} // namespace shardlens::memcached
