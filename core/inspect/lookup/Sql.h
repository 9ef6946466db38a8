// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/postgres/Session.h"
#include "core/fleet/Queries.h"
#include "core/inspect/lookup/Question.h"
#include "core/inspect/lookup/Values.h"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace shardlens::inspect::lookup {

/// A statement that is put together with its parameters. Every value is a parameter; names of schemas are quoted.
class Sql
{
public:
    std::string text;
    std::vector<postgres::Value> parameters;

    /// Adds a value; its place, "$1".
    [[nodiscard]] std::string param(postgres::Value value);
    [[nodiscard]] std::string param(std::uint64_t id); ///< as Postgres's bigint has it: 2^63 and above are below zero
};

/// `"a""b"`.
[[nodiscard]] std::string quotedName(const std::string &name);
/// The bits of an ID as a bigint shows them, and back.
[[nodiscard]] std::string bigintOf(std::uint64_t id);
[[nodiscard]] std::uint64_t idOf(std::string_view bigint);
/// A Postgres array of them: {1,2}.
[[nodiscard]] std::string arrayOf(const std::vector<std::uint64_t> &ids);

/// A Postgres array of texts, each quoted: {"ann","b\"c"}.
[[nodiscard]] std::string arrayOf(const std::vector<std::string> &texts);

/// A moment as microseconds since 1970, a bigint.
[[nodiscard]] std::string microsOf(const std::string &expression);

/// Rows of one kind in one shard, as pieces of SQL: the fleet file's names. `schema` is quoted.
class TableIn
{
public:
    TableIn(const fleet::Queries &queries, fleet::RowKind kind, const std::string &schema);

    [[nodiscard]] const std::string &from() const { return m_from; } ///< what a SELECT reads FROM, with an alias
    [[nodiscard]] const std::string &operator[](const std::string &column) const { return m_columns.at(column); }

private:
    std::string m_from;
    const std::map<std::string, std::string> &m_columns; ///< of the queries, which outlive this
};

// Those of a user and a media answer one row with one JSON object, see RowFacts.h: what the server is, the row, its tombstone, and what
// was asked for beside. `schema` is not quoted yet. PostgreSQL 13 or newer.

/// How personal columns are read: only after that was recorded.
struct Personal {
    enum class Way : std::uint8_t {
        Masked,   ///< not at all
        Function, ///< by the shard's function, where the fleet has one: it is told the audit entry
        Columns,  ///< straight from the table, where a shard has no such function
    };
    Way way = Way::Masked;
    std::int64_t entry = 0;
};

struct UserParts {
    bool lists = false; ///< counts, followers, following
    Personal personal;
    Span followers;
    Span following;
};
[[nodiscard]] Sql userStatement(const fleet::Queries &queries, const std::string &schema, std::uint64_t id, const UserParts &parts);

/// Of each of many names, whose it is: rows of the name as it was asked for and the user. As it is written, else in lower case.
[[nodiscard]] Sql namesStatement(const fleet::Queries &queries, const std::string &schema, const std::vector<std::string> &names);

struct MediaParts {
    bool lists = false;      ///< counts, likes, comments
    bool isPersonal = false; ///< captions and comments of private media too
    /// Of who may not read captions and comments from their tables: the audit entry that the shard's functions are told, 0 = no look was
    /// recorded. Nothing: they are read as columns.
    std::optional<std::int64_t> entry;
    bool ofOwner = false;    ///< taken as a user's ID: what that user posted, and how much
    bool ofMedia = true;     ///< taken as a media's ID
    Span likes;
    Span comments;
    Span media;
};
/// The caption of the row whose ID is `id`, an expression, by the shard's function, which is told the entry; `schema` is quoted.
[[nodiscard]] std::string captionByFunction(const std::string &schema, const std::string &id, const std::string &entry);
[[nodiscard]] Sql mediaStatement(const fleet::Queries &queries, const std::string &schema, std::uint64_t id, const MediaParts &parts);

} // namespace shardlens::inspect::lookup
