// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/fleet/Queries.h"

#include <initializer_list>

namespace shardlens::fleet {

namespace {

constexpr auto wholeTable = "{schema}.{table}";

RowSource usual(const char *table, const char *rows, std::initializer_list<const char *> columns)
{
    RowSource source{table, rows, {}};
    for (const char *column : columns)
        source.columns.emplace(column, column);
    return source;
}

} // namespace

Queries::Queries()
{
    of(RowKind::Users) = usual("users", wholeTable,
                               {"id", "name", "full_name", "bio", "email", "phone", "birthday", "last_ip", "media_count", "follower_count",
                                "following_count", "created_at", "updated_at", "version"});
    of(RowKind::Media) = usual("media", wholeTable,
                               {"id", "owner_id", "caption", "filter", "width", "height", "is_private", "like_count", "comment_count",
                                "created_at", "updated_at", "version"});
    of(RowKind::Follows) = usual("follows", wholeTable, {"user_id", "followed_id", "created_at"});
    of(RowKind::Followers) = usual("followers", wholeTable, {"user_id", "follower_id", "created_at"});
    of(RowKind::LikedByUser) = usual("liked_by_user", wholeTable, {"user_id", "media_id", "created_at"});
    of(RowKind::Likes) = usual("likes", wholeTable, {"media_id", "user_id", "created_at"});
    of(RowKind::Comments) = usual("comments", wholeTable, {"id", "media_id", "user_id", "body", "created_at", "version"});
    // One table for both partitions' shards: what was deleted stands beside what is there.
    of(RowKind::DeletedUsers) = usual("deleted", "(select id, at, by from {schema}.{table} where kind = 'user')", {"id", "at", "by"});
    of(RowKind::DeletedMedia) = usual("deleted", "(select id, at, by from {schema}.{table} where kind = 'media')", {"id", "at", "by"});
    of(RowKind::Names) = usual("names", wholeTable, {"name", "user_id"});
    m_personal = {{"email", "phone", "birthday", "last_ip"}, "{schema}.personal({id}, {entry})"};
}

std::string noRows(RowKind kind)
{
    return mayBeNone(kind) ? "(select null::bigint as id, null::timestamptz as at, null::text as by where false)" : std::string();
}

std::string_view name(RowKind kind)
{
    switch (kind) {
    case RowKind::Users: return "users";
    case RowKind::Media: return "media";
    case RowKind::Follows: return "follows";
    case RowKind::Followers: return "followers";
    case RowKind::LikedByUser: return "liked_by_user";
    case RowKind::Likes: return "likes";
    case RowKind::Comments: return "comments";
    case RowKind::DeletedUsers: return "deleted_users";
    case RowKind::DeletedMedia: return "deleted_media";
    case RowKind::Names: return "names";
    }
    return "";
}

} // namespace shardlens::fleet
