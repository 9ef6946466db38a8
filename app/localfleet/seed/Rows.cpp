// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Rows.h"

#include "app/localfleet/seed/Random.h"
#include "app/localfleet/seed/Words.h"
#include "core/clients/postgres/Session.h"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace shardlens::seed
{

namespace
{

/// Puts a row together field by field.
class Line
{
public:
    explicit Line(TableRows &into) : m_into(into) {}
    ~Line()
    {
        m_into.lines += '\n';
        ++m_into.rows;
    }
    Line(const Line &) = delete;
    Line &operator=(const Line &) = delete;

    Line &operator<<(std::uint64_t number)
    {
        separate();
        m_into.lines += std::to_string(number);
        return *this;
    }
    Line &operator<<(const std::string &text)
    {
        separate();
        postgres::appendCopyField(m_into.lines, text);
        return *this;
    }

private:
    void separate()
    {
        if (!m_isFirst)
            m_into.lines += '\t';
        m_isFirst = false;
    }
    TableRows &m_into;
    bool m_isFirst = true;
};

void putUser(TableRows &into, const World &world, std::uint32_t index)
{
    const User &user = world.users[index];
    // Personal fields and texts are drawn from the user's own stream: they need no place in memory.
    Random random(world.parameters.seed, 0x10000000000ULL + index);
    const std::string text = bio(random);
    std::string mail = user.name + (random.chance(0.5) ? "@example.com" : "@example.net");
    const std::string call = phone(random);
    char birthday[16];
    std::snprintf(birthday, sizeof birthday, "%04d-%02d-%02d", static_cast<int>(1955 + random.below(52)),
                  static_cast<int>(1 + random.below(12)), static_cast<int>(1 + random.below(28)));
    Line(into) << user.id << user.name << user.fullName << text << mail << call << std::string(birthday) << address(random)
               << user.mediaCount << user.followerCount << user.followingCount << std::uint64_t(1 + user.mediaCount + user.followerCount)
               << timestampText(user.createdMs) << timestampText(user.updatedMs);
}

void putTombstone(TableRows &into, std::uint64_t id, const char *kind, std::int64_t atMs, std::uint64_t by)
{
    Line(into) << id << std::string(kind) << timestampText(atMs) << "user:" + std::to_string(by);
}

/// When something of `sinceMs` was deleted: within the month after, and before now.
std::int64_t deletedAt(const World &world, std::uint64_t id, std::int64_t sinceMs)
{
    Random random(world.parameters.seed, id);
    const std::int64_t latest = std::min<std::int64_t>(world.parameters.nowMs - 1, sinceMs + 30LL * 86'400'000);
    return sinceMs + static_cast<std::int64_t>(random.unit() * static_cast<double>(std::max<std::int64_t>(latest - sinceMs, 0)));
}

std::vector<TableRows> withoutEmpty(std::vector<TableRows> tables)
{
    std::erase_if(tables, [](const TableRows &table) { return table.rows == 0; });
    return tables;
}

} // namespace

std::string timestampText(std::int64_t ms)
{
    using namespace std::chrono;
    const sys_time<milliseconds> at{milliseconds(ms)};
    const auto day = floor<days>(at);
    const year_month_day date(day);
    const hh_mm_ss time(at - day);
    char text[80];
    std::snprintf(text, sizeof text, "%04d-%02u-%02u %02d:%02d:%02d.%03d+00", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()), static_cast<int>(time.hours().count()),
                  static_cast<int>(time.minutes().count()), static_cast<int>(time.seconds().count()),
                  static_cast<int>(time.subseconds().count()));
    return text;
}

std::vector<TableRows> usersShardRows(const World &world, const ByShard &index, std::uint32_t shard)
{
    TableRows users{"users",
                    "(id, name, full_name, bio, email, phone, birthday, last_ip, media_count, follower_count, following_count, version, "
                    "created_at, updated_at)",
                    {},
                    0};
    TableRows follows{"follows", "(user_id, followed_id, created_at, updated_at)", {}, 0};
    TableRows followers{"followers", "(user_id, follower_id, created_at, updated_at)", {}, 0};
    TableRows liked{"liked_by_user", "(user_id, media_id, created_at, updated_at)", {}, 0};
    TableRows deleted{"deleted", "(id, kind, at, by)", {}, 0};
    for (const auto i : index.users[shard]) {
        const User &user = world.users[i];
        if (user.isDeleted)
            putTombstone(deleted, user.id, "user", deletedAt(world, user.id, user.createdMs), user.id);
        else
            putUser(users, world, i);
    }
    const auto put = [&](TableRows &table, std::uint64_t one, std::uint64_t other, std::int64_t atMs) {
        const std::string at = timestampText(atMs);
        Line(table) << one << other << at << at;
    };
    for (const auto i : index.follows[shard])
        put(follows, world.users[world.follows[i].from].id, world.users[world.follows[i].to].id, world.follows[i].atMs);
    for (const auto i : index.followers[shard])
        put(followers, world.users[world.follows[i].to].id, world.users[world.follows[i].from].id, world.follows[i].atMs);
    for (const auto i : index.liked[shard])
        put(liked, world.users[world.likes[i].user].id, world.media[world.likes[i].media].id, world.likes[i].atMs);
    return withoutEmpty({std::move(users), std::move(follows), std::move(followers), std::move(liked), std::move(deleted)});
}

std::vector<TableRows> mediaShardRows(const World &world, const ByShard &index, std::uint32_t shard)
{
    TableRows media{
        "media",
        "(id, owner_id, caption, filter, width, height, is_private, like_count, comment_count, version, created_at, updated_at)",
        {},
        0};
    TableRows likes{"likes", "(media_id, user_id, created_at, updated_at)", {}, 0};
    TableRows comments{"comments", "(id, media_id, user_id, body, created_at, updated_at)", {}, 0};
    TableRows deleted{"deleted", "(id, kind, at, by)", {}, 0};
    for (const auto i : index.media[shard]) {
        const Media &item = world.media[i];
        const User &owner = world.users[item.owner];
        if (item.isDeleted) {
            putTombstone(deleted, item.id, "media", deletedAt(world, item.id, item.createdMs), owner.id);
            continue;
        }
        Random random(world.parameters.seed, 0x20000000000ULL + i);
        const std::string text = caption(random);
        const std::string look = filterName(random);
        const std::uint64_t height = random.chance(0.6) ? 1080 : random.chance(0.5) ? 1350 : 720;
        const std::string created = timestampText(item.createdMs);
        Line(media) << item.id << owner.id << text << look << std::uint64_t(1080) << height << std::string(owner.isPrivate ? "t" : "f")
                    << item.likeCount << item.commentCount << std::uint64_t(1 + item.likeCount + item.commentCount) << created << created;
    }
    for (const auto i : index.likes[shard]) {
        const Like &like = world.likes[i];
        const std::string at = timestampText(like.atMs);
        Line(likes) << world.media[like.media].id << world.users[like.user].id << at << at;
    }
    for (const auto i : index.comments[shard]) {
        const Comment &comment = world.comments[i];
        if (comment.isDeleted) {
            putTombstone(deleted, comment.id, "comment", deletedAt(world, comment.id, comment.atMs), world.users[comment.user].id);
            continue;
        }
        Random random(world.parameters.seed, 0x30000000000ULL + i);
        const std::string at = timestampText(comment.atMs);
        Line(comments) << comment.id << world.media[comment.media].id << world.users[comment.user].id << commentText(random) << at << at;
    }
    return withoutEmpty({std::move(media), std::move(likes), std::move(comments), std::move(deleted)});
}

} // namespace shardlens::seed
