// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace shardlens::memcached {

/// What a watch is asked with.
inline constexpr std::string_view watchCommand = "watch fetchers mutations connevents\r\n";

/// One line of a watch, as far as reads and writes of items go; its texts point into what was parsed. Lines of one connection come in
/// their order, those of different ones may not. memcached 1.6.11 or newer.
struct WatchLine {
    enum class Kind : std::uint8_t {
        Get,     ///< item_get: reads, but also the look before each write, and deletes
        Store,   ///< item_store
        Change,  ///< conn_new, conn_close: `client` is another connection from now on
        Skipped, ///< so many lines were left out, as this watcher was too slow: `size`
    };
    Kind kind = Kind::Get;
    std::int64_t micros = 0;   ///< since 1970, by the server's clock
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
