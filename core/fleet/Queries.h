// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::fleet {

/// A kind of rows that look-ups read: from the logical shards, names from the directory.
enum class RowKind : std::uint8_t { Users, Media, Follows, Followers, LikedByUser, Likes, Comments, DeletedUsers, DeletedMedia, Names };

constexpr std::size_t rowKinds = static_cast<std::size_t>(RowKind::Names) + 1;

/// Where rows of one kind are read from, and how their columns are called there. All of it is SQL that the fleet file's owner wrote;
/// values that people type are never part of it.
struct RowSource {
    std::string table;                          ///< as a partition's `tables` names it: which partition's shards hold it
    std::string rows;                           ///< what a SELECT reads FROM: "{schema}.{table}", or a sub-select in parentheses
    std::map<std::string, std::string> columns; ///< every column that look-ups know -> an expression over such a row
    bool operator==(const RowSource &) const = default;
};

/// Columns of users that are read only after a reason was recorded.
struct PersonalColumns {
    std::vector<std::string> names; ///< in the order in which they are shown
    /// What a SELECT reads them FROM: a function that is told {id}, the user, and {entry}, the number of the look in the audit log. Empty,
    /// or where a shard has no such function: the users' own rows.
    std::string rows;
    bool operator==(const PersonalColumns &) const = default;
};

/// How the shards' tables and columns are called. Without a word in the fleet file, as resources/sql/users_shard.sql and
/// media_shard.sql have them.
class Queries
{
public:
    Queries();

    [[nodiscard]] const RowSource &of(RowKind kind) const { return m_sources[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] RowSource &of(RowKind kind) { return m_sources[static_cast<std::size_t>(kind)]; }
    [[nodiscard]] const PersonalColumns &personal() const { return m_personal; }
    [[nodiscard]] PersonalColumns &personal() { return m_personal; }
    bool operator==(const Queries &) const = default;

private:
    std::array<RowSource, rowKinds> m_sources;
    PersonalColumns m_personal;
};

/// Rows of a kind that the fleet keeps none of: what a SELECT reads FROM instead of a table. Tombstones alone may be without.
[[nodiscard]] std::string noRows(RowKind kind);
[[nodiscard]] constexpr bool mayBeNone(RowKind kind)
{
    return kind == RowKind::DeletedUsers || kind == RowKind::DeletedMedia;
}

[[nodiscard]] std::string_view name(RowKind kind); ///< users, media, follows, …: the fleet file's [queries.users]

} // namespace shardlens::fleet
