// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/Sql.h"

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
std::string edgeList(Sql &sql, const std::string &table, const char *mine, const char *other, const std::string &id, const Span &span)
{
    std::string where;
    if (!span.after.empty()) {
        const Cursor cursor = cursorOf(span.after);
        where = std::string(" and (created_at, ") + other + ") < (timestamptz 'epoch' + " + sql.param(std::to_string(cursor.micros)) +
                "::bigint * interval '1 microsecond', " + sql.param(cursor.id) + "::bigint)";
    }
    return std::string("(select json_agg(l) from (select ") + other + " as id, " + microsOf("created_at") + " as at from " + table +
           " where " + mine + " = " + id + where + " order by created_at desc, " + other + " desc limit " + std::to_string(span.limit + 1) +
           ") l)";
}

std::string beforeId(Sql &sql, const Span &span)
{
    return span.after.empty() ? std::string() : " and id < " + sql.param(cursorOf(span.after).id) + "::bigint";
}

std::string tombstone(const std::string &schema, const std::string &id, const char *kind)
{
    return "(select json_build_object('at', " + microsOf("at") + ", 'by', by) from " + schema + ".deleted where id = " + id +
           " and kind = '" + kind + "')";
}

/// The media's row; its text only where it is public or asked for, but always the text's fingerprint, by which copies are compared.
std::string mediaRow(const std::string &schema, const std::string &id, bool isPersonal)
{
    const std::string caption = isPersonal ? "caption" : "case when is_private then null else caption end";
    return "(select json_build_object('owner', owner_id, 'caption', " + caption +
           ", 'caption_md5', md5(caption), 'filter', filter, 'width', width, 'height', height, 'private', is_private, 'likes', like_count, "
           "'comments', comment_count, "
           "'created', " +
           microsOf("created_at") + ", 'updated', " + microsOf("updated_at") + ", 'version', version) from " + schema +
           ".media where id = " + id + ")";
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

std::string microsOf(const std::string &expression)
{
    return "(extract(epoch from " + expression + ") * 1000000)::bigint";
}

Sql userStatement(const std::string &schema, std::uint64_t id, const UserParts &parts)
{
    Sql sql;
    const std::string in = quotedName(schema);
    const std::string me = sql.param(id) + "::bigint";
    sql.text = "select json_build_object(" + serverPart() +
               ", 'row', (select json_build_object('name', name, 'full_name', full_name, 'bio', bio, 'media', media_count, " +
               "'followers', follower_count, 'following', following_count, 'created', " + microsOf("created_at") + ", 'updated', " +
               microsOf("updated_at") + ", 'version', version) from " + in + ".users where id = " + me + "), 'gone', " +
               tombstone(in, me, "user");
    if (parts.personal.way == Personal::Way::Function)
        sql.text += ", 'personal', (select row_to_json(p) from " + in + ".personal(" + me + ", " +
                    sql.param(postgres::Value(std::to_string(parts.personal.entry))) + "::bigint) p)";
    else if (parts.personal.way == Personal::Way::Columns)
        sql.text +=
            ", 'personal', (select json_build_object('email', email, 'phone', phone, 'birthday', birthday, 'last_ip', last_ip) from " + in +
            ".users where id = " + me + ")";
    if (parts.lists) {
        sql.text += ", 'followers_n', (select count(*) from " + in + ".followers where user_id = " + me +
                    "), 'following_n', (select count(*) from " + in + ".follows where user_id = " + me + ")";
        sql.text += ", 'followers', " + edgeList(sql, in + ".followers", "user_id", "follower_id", me, parts.followers);
        sql.text += ", 'following', " + edgeList(sql, in + ".follows", "user_id", "followed_id", me, parts.following);
    }
    sql.text += ")";
    return sql;
}

Sql mediaStatement(const std::string &schema, std::uint64_t id, const MediaParts &parts)
{
    Sql sql;
    const std::string in = quotedName(schema);
    const std::string me = sql.param(id) + "::bigint";
    sql.text = "select json_build_object(" + serverPart();
    if (parts.ofMedia) {
        sql.text += ", 'row', " + mediaRow(in, me, parts.isPersonal) + ", 'gone', " + tombstone(in, me, "media");
        sql.text += ", 'comment_of', (select media_id from " + in + ".comments where id = " + me + ")";
    }
    if (parts.ofMedia && parts.lists) {
        const std::string body =
            parts.isPersonal ? "body" : "case when (select is_private from " + in + ".media where id = " + me + ") is false then body end";
        sql.text += ", 'likes_n', (select count(*) from " + in + ".likes where media_id = " + me +
                    "), 'comments_n', (select count(*) from " + in + ".comments where media_id = " + me + "), 'likes', " +
                    edgeList(sql, in + ".likes", "media_id", "user_id", me, parts.likes);
        sql.text += ", 'comments', (select json_agg(l) from (select id, user_id as user, " + body + " as body, " + microsOf("created_at") +
                    " as at from " + in + ".comments where media_id = " + me + beforeId(sql, parts.comments) + " order by id desc limit " +
                    std::to_string(parts.comments.limit + 1) + ") l)";
    }
    if (parts.ofOwner && parts.lists) {
        sql.text += ", 'owned_n', (select count(*) from " + in + ".media where owner_id = " + me +
                    "), 'owned', (select json_agg(l) from (select id, " + microsOf("created_at") +
                    " as at, is_private as private, like_count as likes, comment_count as comments from " + in +
                    ".media where owner_id = " + me + beforeId(sql, parts.media) + " order by id desc limit " +
                    std::to_string(parts.media.limit + 1) + ") l)";
    }
    sql.text += ")";
    return sql;
}

} // namespace shardlens::inspect::lookup
