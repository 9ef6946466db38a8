// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/fleet/Access.h"

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::facts {

/// What a part of a cluster's database is.
enum class PartKind : std::uint8_t {
    Role,
    Replication, ///< the attribute of a role
    Schema,
    Table,
    Index,
    Column,
    Function,
    Extension,
    Membership,
    SchemaRight,
    TableRight,
    FunctionRight,
    ParameterRight,
};

/// Who cannot do without it.
enum class PartUse : std::uint8_t { Move, Guard, Cache, Warm };

/// One thing that a cluster's database holds so that its primary can be moved, guarded and invalidated from: an object, or one right of one
/// user. Made from resources/sql (cluster, grants, warming), whose roles stand for the fleet file's users. PostgreSQL 13 or newer.
struct ClusterPart {
    std::string name; ///< "table shardlens.term", "update on shardlens.term for oncall1"; stable, one of its kind
    PartKind kind = PartKind::Table;
    PartUse use = PartUse::Move;
    std::string schema;  ///< where it, or what the right is on, lies; pg_catalog for a server's own functions; else empty
    std::string object;  ///< within it: "term", "outbox_page(text, xid8, …)"; the role of a membership; the extension; the parameter
    std::string user;    ///< whose right or attribute it is; the role itself; else empty
    std::string detail;  ///< the privilege, "alter system"; the column
    std::vector<std::string> sql; ///< makes it; a statement each
    std::string undo;    ///< one statement
    int fromVersion = 130000;
    bool operator==(const ClusterPart &) const = default;
};

/// All of them, in the order in which they are made.
[[nodiscard]] std::vector<ClusterPart> clusterParts(const fleet::Access &access);

/// SQL that is true where the part is there; false, never an error, where what it rests on is missing.
[[nodiscard]] std::string isThere(const ClusterPart &part);

/// Of an object that carries comments (schema, table, index, function, extension): its name as COMMENT ON and DROP take it, "table
/// shardlens.term", and SQL that is its comment, NULL where there is none. Empty for others.
[[nodiscard]] std::string commentedName(const ClusterPart &part);
[[nodiscard]] std::string commentOf(const ClusterPart &part);

/// SQL for one row of JSON keys: 'lacks' (names, or null), 'not_installed', 'makers', 'schema_makers'; as MoveReading tells them. For a server of
/// that version (server_version_num); anybody may ask it.
[[nodiscard]] std::string partsQuery(const fleet::Access &access, int version);

[[nodiscard]] std::string_view name(PartUse use); ///< move, guard, cache, warm

} // namespace shardlens::facts
