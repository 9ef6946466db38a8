// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

namespace shardlens::fleet {

/// A kind of rows that look-ups read from the logical shards.
enum class RowKind : std::uint8_t { Users, Media, Follows, Followers, LikedByUser, Likes, Comments, DeletedUsers, DeletedMedia };

constexpr std::size_t rowKinds = static_cast<std::size_t>(RowKind::DeletedMedia) + 1;

/// Where rows of one kind are read from, and how their columns are called there. All of it is SQL that the fleet file's owner wrote;
/// values that people type are never part of it.
struct RowSource {
    std::string table;                          ///< as a partition's `tables` names it: which partition's shards hold it
    std::string rows;                           ///< what a SELECT reads FROM: "{schema}.{table}", or a sub-select in parentheses
    std::map<std::string, std::string> columns; ///< every column that look-ups know -> an expression over such a row
    bool operator==(const RowSource &) const = default;
};

/// How the shards' tables and columns are called. Without a word in the fleet file, as resources/sql/users_shard.sql and
/// media_shard.sql have them.
class Queries
{
public:
    Queries();

    [[nodiscard]] const RowSource &of(RowKind kind) const { return m_sources[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] RowSource &of(RowKind kind) { return m_sources[static_cast<std::size_t>(kind)]; }
    bool operator==(const Queries &) const = default;

private:
    std::array<RowSource, rowKinds> m_sources;
};

/// Rows of a kind that the fleet keeps none of: what a SELECT reads FROM instead of a table. Tombstones alone may be without.
[[nodiscard]] std::string noRows(RowKind kind);
[[nodiscard]] constexpr bool mayBeNone(RowKind kind)
{
    return kind == RowKind::DeletedUsers || kind == RowKind::DeletedMedia;
}

[[nodiscard]] std::string_view name(RowKind kind); ///< users, media, follows, …: the fleet file's [queries.users]

} // namespace shardlens::fleet
