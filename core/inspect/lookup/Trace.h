// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Lsn.h"
#include "core/inspect/lookup/Values.h"

namespace shardlens::inspect::lookup {

/// What a copy says of the thing.
enum class CopyState : std::uint8_t {
    Exists,
    Deleted, ///< a tombstone, or a cached "it is deleted"
    Absent,  ///< no row and no tombstone; nothing cached; no entry
    Filling, ///< memcached: an empty place held for the one who fills it
    Garbled, ///< memcached: a value that is not the fleet's JSON
};

/// A part of the thing by which copies are compared.
enum class Field : std::uint8_t {
    State,
    Version,
    UpdatedAt,
    Owner,
    Name,
    FullName,
    Caption,
    Filter,
    Private,
    Likes,
    Comments,
    Media,
    Followers,
    Following
};

/// The row as one server has it.
struct RowCopy {
    ServerId server;
    ServerId standsFor; ///< the region's own standby, where that one does not answer or does not exist and this one stands in; else empty
    bool isPrimary = false;
    base::Lsn position;                                                   ///< replayed; of a primary, written
    Known<base::UtcTime> replayedUpTo = facts::notAsked<base::UtcTime>(); ///< a standby's last replayed commit
    CopyState state = CopyState::Absent;
    std::int64_t version = 0;
    base::UtcTime updatedAt; ///< of Deleted, when
    std::uint64_t owner = 0; ///< media
    bool operator==(const RowCopy &) const = default;
};

/// The item as the region's memcached server has it. Read without a lease, and without making an entry.
struct CachedCopy {
    ServerId server;
    PoolName pool; ///< whose member the server is
    std::string key;
    CopyState state = CopyState::Absent;
    std::int64_t version = 0;
    base::UtcTime updatedAt; ///< of the row it was made from
    std::uint64_t owner = 0;
    base::microseconds age{0};        ///< since the row it was made from was written; 0 while unknown
    std::optional<base::seconds> ttl; ///< nothing: does not expire, or ends within a second (memcached tells both alike)
    base::seconds lastAccess{0};      ///< before now
    std::uint64_t cas = 0;
    std::int64_t bytes = 0; ///< of the whole item
    bool operator==(const CachedCopy &) const = default;
};

/// The media map's entry as the region's Redis server has it.
struct MapCopy {
    ServerId server;
    std::uint64_t bucket = 0;
    CopyState state = CopyState::Absent; ///< Exists or Absent
    std::uint64_t owner = 0;
    bool operator==(const MapCopy &) const = default;
};

/// What people of a region see.
enum class Sees : std::uint8_t {
    It,       ///< as the primary has it
    OldCopy,  ///< a cached copy that is not as the row there
    OldRow,   ///< the standby is behind, and nothing newer is cached
    Deletion, ///< that it is gone, as it is
    Nothing,  ///< it exists, and is not to be seen here
    ItStill,  ///< it is deleted, and is still to be seen here
    Before,   ///< as it was a moment ago: its last change is so young that it is still on its way there
    NotKnown, ///< too little of the region answers
};

/// Where a difference lies.
enum class Copy : std::uint8_t { Row, Cached, Map };

/// A field of a copy that is not as the truth has it. Personal fields differ without their values.
struct Difference {
    Copy copy = Copy::Row;
    Field field = Field::State;
    std::string here;  ///< as this copy has it; empty for personal fields
    std::string truth; ///< as the primary has it
    bool operator==(const Difference &) const = default;
};

/// One region, side by side with the others.
struct RegionRow {
    RegionName region;
    Sees sees = Sees::NotKnown;
    /// From then on: of It, the row's creation; of old copies, the change that they lack; nothing where no server tells.
    std::optional<base::UtcTime> since;
    Known<RowCopy> row = facts::notAsked<RowCopy>();
    /// Of several pools' copies the first one that is not as it should be, else the first that there is. NotConfigured: the region has no pool.
    Known<CachedCopy> cached = facts::notAsked<CachedCopy>();
    std::vector<CachedCopy> others;                           ///< what further pools of the region hold under the key
    Known<MapCopy> map = facts::notAsked<MapCopy>();          ///< media only
    std::vector<Difference> differences;
    base::UtcTime readAt;
    bool operator==(const RegionRow &) const = default;
};

[[nodiscard]] std::string_view name(CopyState state); ///< exists, deleted, absent, filling, garbled
[[nodiscard]] std::string_view name(Field field);     ///< state, version, updated_at, owner, …
[[nodiscard]] std::string_view name(Sees sees);       ///< it, old_copy, old_row, deletion, nothing, it_still, before, not_known
[[nodiscard]] std::string_view name(Copy copy);       ///< row, cached, map

} // namespace shardlens::inspect::lookup
