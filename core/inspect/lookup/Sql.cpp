// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Sql.h"

#include <algorithm>
#include <charconv>

namespace shardlens::inspect::lookup {

namespace {

/// What a server is at the moment of the row: the position is read in the same statement, so that it belongs to it.
const char *const serverParts = "'recovery', pg_is_in_recovery(), 'lsn', case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else "
                                "pg_current_wal_lsn() end, 'replayed', ";

std::string serverPart()
{
    return serverParts + microsOf("pg_last_xact_replay_timestamp()") + ", 'now', " + microsOf("clock_timestamp()");
}

/// "1700000000000000:42" taken apart.
struct Cursor {
    std::int64_t micros = 0;
    std::uint64_t id = 0;
};

Cursor cursorOf(const std::string &text)
{
    Cursor cursor;
    const auto colon = text.find(':');
    if (colon == std::string::npos)
        return {0, idOf(text)};
    std::from_chars(text.data(), text.data() + colon, cursor.micros);
    cursor.id = idOf(std::string_view(text).substr(colon + 1));
    return cursor;
}

/// Rows of an association, newest first, one more than asked for: whether there is a next page.
std::string edgeList(Sql &sql, const TableIn &edges, const char *mine, const char *other, const std::string &id, const Span &span)
{
    const std::string &at = edges["created_at"];
    std::string where;
    if (!span.after.empty()) {
        const Cursor cursor = cursorOf(span.after);
        where = " and (" + at + ", " + edges[other] + ") < (timestamptz 'epoch' + " + sql.param(std::to_string(cursor.micros)) +
                "::bigint * interval '1 microsecond', " + sql.param(cursor.id) + "::bigint)";
    }
    return "(select json_agg(l) from (select " + edges[other] + " as id, " + microsOf(at) + " as at from " + edges.from() + " where " +
           edges[mine] + " = " + id + where + " order by " + at + " desc, " + edges[other] + " desc limit " +
           std::to_string(span.limit + 1) + ") l)";
}

std::string beforeId(Sql &sql, const std::string &column, const Span &span)
{
    return span.after.empty() ? std::string() : " and " + column + " < " + sql.param(cursorOf(span.after).id) + "::bigint";
}

std::string countOf(const TableIn &rows, const char *mine, const std::string &id)
{
    return "(select count(*) from (select 1 from " + rows.from() + " where " + rows[mine] + " = " + id + " limit " +
           std::to_string(mostCounted + 1) + ") c)";
}

std::string tombstone(const TableIn &deleted, const std::string &id)
{
    return "(select json_build_object('at', " + microsOf(deleted["at"]) + ", 'by', " + deleted["by"] + ") from " + deleted.from() +
           " where " + deleted["id"] + " = " + id + ")";
}

/// A column of what a shard's function tells of one row. In a sub-select of its own: no column of the fleet's can be mistaken for it.
std::string byFunction(const char *column, const std::string &schema, const char *function, const std::string &id, const std::string &entry)
{
    return std::string("(select f.") + column + " from " + schema + "." + function + "(" + id + ", " + entry + ") f)";
}

/// The media's row; its text only where it is public or asked for, but always the text's fingerprint, by which copies are compared.
/// `entry`: what the shard's function is told; empty: it is read as a column.
std::string mediaRow(const TableIn &media, const std::string &schema, const std::string &id, bool isPersonal, const std::string &entry)
{
    const std::string &text = media["caption"];
    const std::string shown = isPersonal ? text : "case when " + media["is_private"] + " then null else " + text + " end";
    const std::string caption = entry.empty() ? shown : captionByFunction(schema, id, entry);
    const std::string fingerprint = entry.empty() ? "md5(" + text + ")" : byFunction("fingerprint", schema, "caption_of", id, entry);
    return "(select json_build_object('owner', " + media["owner_id"] + ", 'caption', " + caption + ", 'caption_md5', " + fingerprint +
           ", 'filter', " + media["filter"] + ", 'width', " + media["width"] + ", 'height', " + media["height"] + ", 'private', " +
           media["is_private"] + ", 'likes', " + media["like_count"] + ", 'comments', " + media["comment_count"] + ", 'created', " +
           microsOf(media["created_at"]) + ", 'updated', " + microsOf(media["updated_at"]) + ", 'version', " + media["version"] +
           ") from " + media.from() + " where " + media["id"] + " = " + id + ")";
}

/// The user's row without what the fleet calls personal.
std::string userRow(const fleet::PersonalColumns &personal, const TableIn &users, const std::string &id)
{
    std::string shown;
    for (const char *column : {"full_name", "bio"}) {
        if (std::find(personal.names.begin(), personal.names.end(), column) == personal.names.end())
            shown += std::string(", '") + column + "', " + users[column];
    }
    return "(select json_build_object('name', " + users["name"] + shown + ", 'media', " + users["media_count"] + ", 'followers', " + users["follower_count"] + ", 'following', " +
           users["following_count"] + ", 'created', " + microsOf(users["created_at"]) + ", 'updated', " + microsOf(users["updated_at"]) +
           ", 'version', " + users["version"] + ") from " + users.from() + " where " + users["id"] + " = " + id + ")";
}

/// The IDs next to one in a shard: of all its tables whose rows it mints.
std::string neighbours(const std::vector<const TableIn *> &tables, const std::string &id)
{
    const auto nearest = [&](const char *of, const char *pick, const char *side) {
        std::string each;
        for (const TableIn *table : tables)
            each += (each.empty() ? "(select " : ", (select ") + std::string(of) + "(" + (*table)["id"] + ") from " + table->from() + " where " + (*table)["id"] + side + id + ")";
        return std::string(pick) + "(" + each + ")";
    };
    return ", 'before', " + nearest("max", "greatest", " < ") + ", 'after', " + nearest("min", "least", " > ");
}

/// Names are put in one after the other, and none is searched again; one may stand there more than once.
std::string filled(const std::string &rows, const std::map<std::string, std::string> &places)
{
    std::string out;
    std::size_t at = 0;
    for (std::size_t open = rows.find('{'); open != std::string::npos; open = rows.find('{', at)) {
        const std::size_t close = rows.find('}', open);
        if (close == std::string::npos)
            break;
        out += rows.substr(at, open - at) + places.at(rows.substr(open + 1, close - open - 1));
        at = close + 1;
    }
    return out + rows.substr(at);
}

/// Each personal column by its name. A function has them under their names, the users' own rows as the fleet file says.
std::string personalPart(Sql &sql, const fleet::Queries &queries, const TableIn &users, const std::string &schema, const std::string &me, const Personal &personal)
{
    const std::string &rows = queries.personal().rows;
    const bool isFunction = personal.way == Personal::Way::Function && !rows.empty();
    const bool isToldEntry = isFunction && rows.find("{entry}") != std::string::npos;
    const std::string entry = isToldEntry ? sql.param(postgres::Value(std::to_string(personal.entry))) + "::bigint" : std::string();
    std::string columns;
    for (const std::string &name : queries.personal().names)
        columns += (columns.empty() ? "'" : ", '") + name + "', " + (isFunction ? quotedName(name) : "(" + users[name] + ")") + "::text";
    const std::string from = isFunction ? filled(rows, {{"schema", schema}, {"id", me}, {"entry", entry}}) + " p" : users.from() + " where " + users["id"] + " = " + me;
    return ", 'personal', (select json_build_object(" + columns + ") from " + from + ")";
}

} // namespace

std::string Sql::param(postgres::Value value)
{
    parameters.push_back(std::move(value));
    return "$" + std::to_string(parameters.size());
}

std::string Sql::param(std::uint64_t id)
{
    return param(postgres::Value(bigintOf(id)));
}

std::string quotedName(const std::string &name)
{
    std::string out = "\"";
    for (const char c : name)
        out += c == '"' ? std::string("\"\"") : std::string(1, c);
    return out + "\"";
}

std::string bigintOf(std::uint64_t id)
{
    return std::to_string(static_cast<std::int64_t>(id));
}

std::uint64_t idOf(std::string_view bigint)
{
    std::int64_t number = 0;
    std::from_chars(bigint.data(), bigint.data() + bigint.size(), number);
    return static_cast<std::uint64_t>(number);
}

std::string arrayOf(const std::vector<std::uint64_t> &ids)
{
    std::string out = "{";
    for (const std::uint64_t id : ids)
        out += (out.size() > 1 ? "," : "") + bigintOf(id);
    return out + "}";
}

std::string arrayOf(const std::vector<std::string> &texts)
{
    std::string out = "{";
    for (const std::string &text : texts) {
        out += out.size() > 1 ? ",\"" : "\"";
        for (const char c : text)
            out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
        out += '"';
    }
    return out + "}";
}

std::string microsOf(const std::string &expression)
{
    return "(extract(epoch from " + expression + ") * 1000000)::bigint";
}

TableIn::TableIn(const fleet::Queries &queries, fleet::RowKind kind, const std::string &schema)
    : m_columns(queries.of(kind).columns)
{
    const fleet::RowSource &source = queries.of(kind);
    m_from = filled(source.rows, {{"schema", schema}, {"table", quotedName(source.table)}}) + " r";
}

Sql userStatement(const fleet::Queries &queries, const std::string &schema, std::uint64_t id, const UserParts &parts)
{
    Sql sql;
    const std::string in = quotedName(schema);
    const std::string me = sql.param(id) + "::bigint";
    const TableIn users(queries, fleet::RowKind::Users, in);
    sql.text = "select json_build_object(" + serverPart() + ", 'row', " + userRow(queries.personal(), users, me) + ", 'gone', " +
               tombstone(TableIn(queries, fleet::RowKind::DeletedUsers, in), me) + neighbours({&users}, me);
    if (parts.personal.way != Personal::Way::Masked)
        sql.text += personalPart(sql, queries, users, in, me, parts.personal);
    if (parts.lists) {
        const TableIn followers(queries, fleet::RowKind::Followers, in);
        const TableIn follows(queries, fleet::RowKind::Follows, in);
        sql.text += ", 'followers_n', " + countOf(followers, "user_id", me) + ", 'following_n', " + countOf(follows, "user_id", me);
        sql.text += ", 'followers', " + edgeList(sql, followers, "user_id", "follower_id", me, parts.followers);
        sql.text += ", 'following', " + edgeList(sql, follows, "user_id", "followed_id", me, parts.following);
    }
    sql.text += ")";
    return sql;
}

Sql namesStatement(const fleet::Queries &queries, const std::string &schema, const std::vector<std::string> &names)
{
    Sql sql;
    const TableIn rows(queries, fleet::RowKind::Names, quotedName(schema));
    const std::string &name = rows["name"];
    sql.text = "select a.asked_name, h.holder from unnest(" + sql.param(postgres::Value(arrayOf(names))) +
               "::text[]) a(asked_name) join lateral (select " + rows["user_id"] + " as holder from " + rows.from() + " where " + name +
               " in (a.asked_name, lower(a.asked_name)) order by " + name + " = a.asked_name desc limit 1) h on true";
    return sql;
}

std::string captionByFunction(const std::string &schema, const std::string &id, const std::string &entry)
{
    return byFunction("caption", schema, "caption_of", id, entry);
}

Sql mediaStatement(const fleet::Queries &queries, const std::string &schema, std::uint64_t id, const MediaParts &parts)
{
    Sql sql;
    const std::string in = quotedName(schema);
    const std::string me = sql.param(id) + "::bigint";
    const TableIn media(queries, fleet::RowKind::Media, in);
    const TableIn comments(queries, fleet::RowKind::Comments, in);
    // One that is not named in the statement would be one too many.
    const std::string entry = parts.entry && parts.ofMedia ? sql.param(postgres::Value(std::to_string(*parts.entry))) + "::bigint" : std::string();
    sql.text = "select json_build_object(" + serverPart();
    if (parts.ofMedia) {
        sql.text += ", 'row', " + mediaRow(media, in, me, parts.isPersonal, entry) + ", 'gone', " +
                    tombstone(TableIn(queries, fleet::RowKind::DeletedMedia, in), me) + neighbours({&media, &comments}, me);
        sql.text += ", 'comment_of', (select " + comments["media_id"] + " from " + comments.from() + " where " + comments["id"] + " = " +
                    me + ")";
    }
    if (parts.ofMedia && parts.lists) {
        const TableIn likes(queries, fleet::RowKind::Likes, in);
        const std::string body = !entry.empty() ? byFunction("body", in, "comment_of", comments["id"], entry)
                                 : parts.isPersonal ? comments["body"]
                                                  : "case when (select " + media["is_private"] + " from " + media.from() + " where " +
                                                        media["id"] + " = " + me + ") is false then " + comments["body"] + " end";
        sql.text += ", 'likes_n', " + countOf(likes, "media_id", me) + ", 'comments_n', " + countOf(comments, "media_id", me) +
                    ", 'likes', " + edgeList(sql, likes, "media_id", "user_id", me, parts.likes);
        sql.text += ", 'comments', (select json_agg(l) from (select " + comments["id"] + " as id, " + comments["user_id"] +
                    " as user, " + body + " as body, " + microsOf(comments["created_at"]) + " as at from " + comments.from() + " where " +
                    comments["media_id"] + " = " + me + beforeId(sql, comments["id"], parts.comments) + " order by " + comments["id"] +
                    " desc limit " + std::to_string(parts.comments.limit + 1) + ") l)";
    }
    if (parts.ofOwner && parts.lists) {
        sql.text += ", 'owned_n', " + countOf(media, "owner_id", me) + ", 'owned', (select json_agg(l) from (select " + media["id"] +
                    " as id, " + microsOf(media["created_at"]) + " as at, " + media["is_private"] + " as private, " +
                    media["like_count"] + " as likes, " + media["comment_count"] + " as comments from " + media.from() + " where " +
                    media["owner_id"] + " = " + me + beforeId(sql, media["id"], parts.media) + " order by " + media["id"] +
                    " desc limit " + std::to_string(parts.media.limit + 1) + ") l)";
    }
    sql.text += ")";
    return sql;
}

} // namespace shardlens::inspect::lookup
