// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Feeds.h"

#include "app/localfleet/seed/Doors.h"
#include "app/localfleet/seed/MediaMap.h"
#include "app/localfleet/seed/Random.h"
#include "app/localfleet/seed/Words.h"

#include <algorithm>
#include <cstdio>
#include <functional>

namespace shardlens::seed
{

using base::Result;

namespace
{

constexpr base::milliseconds deadline{60'000};
constexpr std::size_t wordsPerTrip = 20'000; ///< enough that the way there and back does not matter, few enough to show progress
constexpr std::int64_t activityDays = 30;

/// A pipeline that empties itself when it is long enough.
class Writer
{
public:
    Writer(redis::Session &session, Counter &counter) : m_session(session), m_counter(counter) {}

    Result<void> add(const std::vector<std::string_view> &words, std::int64_t entries)
    {
        m_session.add(words);
        m_words += words.size();
        m_entries += entries;
        return m_words >= wordsPerTrip ? flush() : Result<void>();
    }
    Result<void> flush()
    {
        if (m_session.queued() == 0)
            return {};
        const auto replies = m_session.run(deadline);
        if (!replies)
            return base::fail(replies.error());
        for (const auto &reply : *replies) {
            if (reply.isError())
                return base::fail(base::ErrorCode::Rejected, reply.text);
        }
        m_counter.add(m_entries, cost::redisEntry);
        m_words = 0;
        m_entries = 0;
        return {};
    }
    /// A list, whole.
    Result<void> list(const std::string &key, const std::vector<std::string> &entries)
    {
        if (auto gone = add({"DEL", key}, 0); !gone || entries.empty())
            return gone;
        std::vector<std::string_view> words{"RPUSH", key};
        words.insert(words.end(), entries.begin(), entries.end());
        return add(words, static_cast<std::int64_t>(entries.size()));
    }

private:
    redis::Session &m_session;
    Counter &m_counter;
    std::size_t m_words = 0;
    std::int64_t m_entries = 0;
};

std::size_t feedLength(const fleet::Fleet &fleet)
{
    return fleet.keys.feedLength == 0 ? 500 : fleet.keys.feedLength;
}

std::vector<std::vector<std::uint32_t>> mediaByUser(const World &world)
{
    std::vector<std::vector<std::uint32_t>> media(world.users.size());
    for (std::uint32_t i = 0; i < world.media.size(); ++i) {
        if (!world.media[i].isDeleted)
            media[world.media[i].owner].push_back(i);
    }
    return media;
}

std::vector<std::vector<std::uint32_t>> followedByUser(const World &world)
{
    std::vector<std::vector<std::uint32_t>> followed(world.users.size());
    for (const Follow &follow : world.follows)
        followed[follow.from].push_back(follow.to);
    return followed;
}

struct Activity {
    std::int64_t atMs = 0;
    std::string text;
};

/// What happened to each user's things lately, in no order.
std::vector<std::vector<Activity>> activities(const World &world)
{
    const std::int64_t since = world.parameters.nowMs - activityDays * 86'400'000;
    std::vector<std::vector<Activity>> all(world.users.size());
    const auto id = [](std::uint64_t number) { return std::to_string(number); };
    for (const Like &like : world.likes) {
        const Media &item = world.media[like.media];
        if (like.atMs >= since)
            all[item.owner].push_back({like.atMs, "l:" + id(item.id) + ":" + id(world.users[like.user].id)});
    }
    for (const Comment &comment : world.comments) {
        const Media &item = world.media[comment.media];
        if (comment.atMs >= since && !comment.isDeleted && comment.user != item.owner)
            all[item.owner].push_back({comment.atMs, "c:" + id(item.id) + ":" + id(world.users[comment.user].id) + ":" + id(comment.id)});
    }
    for (const Follow &follow : world.follows) {
        if (follow.atMs >= since)
            all[follow.to].push_back({follow.atMs, "f:" + id(world.users[follow.from].id)});
    }
    return all;
}

Result<redis::Session> openGroup(const fleet::Fleet &fleet, fleet::RedisRole role, Counter &counter)
{
    return openRedisPrimary(fleet, *groupWith(fleet, role), counter.stop());
}

} // namespace

std::vector<std::uint64_t> mainFeed(const World &world, const std::vector<std::vector<std::uint32_t>> &mediaOfUser,
                                    const std::vector<std::uint32_t> &followed, std::size_t length)
{
    std::vector<std::uint64_t> ids;
    for (const auto user : followed) {
        for (const auto index : mediaOfUser[user])
            ids.push_back(world.media[index].id);
    }
    const auto kept = std::min(length, ids.size());
    std::partial_sort(ids.begin(), ids.begin() + static_cast<std::ptrdiff_t>(kept), ids.end(), std::greater<>());
    ids.resize(kept);
    return ids;
}

Result<void> fillFeeds(const fleet::Fleet &fleet, const World &world, Counter &counter)
{
    auto session = openGroup(fleet, fleet::RedisRole::Feeds, counter);
    if (!session)
        return base::fail(session.error());
    Writer writer(*session, counter);
    const auto media = mediaByUser(world);
    const auto followed = followedByUser(world);
    auto activity = activities(world);
    const auto length = feedLength(fleet);
    for (std::uint32_t i = 0; i < world.users.size(); ++i) {
        const User &user = world.users[i];
        if (user.isDeleted)
            continue;
        std::vector<std::string> entries;
        for (const auto id : mainFeed(world, media, followed[i], length))
            entries.push_back(std::to_string(id));
        if (auto put = writer.list(redisKey(fleet, "main_feed", "feed:{user}", "user", std::to_string(user.id)), entries); !put)
            return put;
        auto &mine = activity[i];
        std::sort(mine.begin(), mine.end(), [](const Activity &a, const Activity &b) { return a.atMs > b.atMs; });
        entries.clear();
        for (std::size_t n = 0; n < std::min(length, mine.size()); ++n)
            entries.push_back(std::move(mine[n].text));
        if (auto put = writer.list(redisKey(fleet, "activity_feed", "activity:{user}", "user", std::to_string(user.id)), entries); !put)
            return put;
    }
    return writer.flush();
}

Result<void> fillMediaMap(const fleet::Fleet &fleet, const World &world, Counter &counter)
{
    auto session = openGroup(fleet, fleet::RedisRole::MediaMap, counter);
    if (!session)
        return base::fail(session.error());
    Writer writer(*session, counter);
    std::vector<std::uint32_t> living;
    for (std::uint32_t i = 0; i < world.media.size(); ++i) {
        if (!world.media[i].isDeleted)
            living.push_back(i);
    }
    const auto key = [&](const std::string &bucket) { return redisKey(fleet, "media_map", "mediamap:{bucket}", "bucket", bucket); };
    const auto buckets = bucketsFor(living.size());
    std::vector<std::vector<std::uint32_t>> content(buckets);
    for (const auto i : living)
        content[bucketOf(world.media[i].id, buckets)].push_back(i);
    for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
        std::vector<std::string> texts;
        for (const auto i : content[bucket]) {
            texts.push_back(std::to_string(world.media[i].id));
            texts.push_back(std::to_string(world.users[world.media[i].owner].id));
        }
        const std::string name = key(std::to_string(bucket));
        if (auto gone = writer.add({"DEL", name}, 0); !gone)
            return gone;
        if (texts.empty())
            continue;
        std::vector<std::string_view> words{"HSET", name};
        words.insert(words.end(), texts.begin(), texts.end());
        if (auto put = writer.add(words, static_cast<std::int64_t>(content[bucket].size())); !put)
            return put;
    }
    if (auto put = writer.add({"MSET", key("buckets"), std::to_string(buckets), key("count"), std::to_string(living.size())}, 0); !put)
        return put;
    return writer.flush();
}

Result<void> fillSessions(const fleet::Fleet &fleet, const World &world, Counter &counter)
{
    auto session = openGroup(fleet, fleet::RedisRole::Sessions, counter);
    if (!session)
        return base::fail(session.error());
    Writer writer(*session, counter);
    for (std::uint32_t i = 0; i < world.users.size(); ++i) {
        Random random(world.parameters.seed, 0x40000000000ULL + i);
        if (world.users[i].isDeleted || !random.chance(0.25))
            continue;
        char token[40];
        std::snprintf(token, sizeof token, "%016llx%016llx", static_cast<unsigned long long>(random.next()),
                      static_cast<unsigned long long>(random.next()));
        const std::string name = redisKey(fleet, "session", "session:{token}", "token", token);
        const std::int64_t seen = world.parameters.nowMs / 1000 - static_cast<std::int64_t>(random.below(5 * 86'400));
        const std::int64_t created = seen - static_cast<std::int64_t>(random.below(20 * 86'400));
        if (auto put = writer.add({"HSET", name, "user", std::to_string(world.users[i].id), "created", std::to_string(created), "last_seen",
                                   std::to_string(seen), "ip", address(random), "agent", device(random)},
                                  1);
            !put)
            return put;
        if (auto put = writer.add({"EXPIRE", name, "2592000"}, 0); !put)
            return put;
    }
    return writer.flush();
}

std::int64_t redisEntries(const World &world, std::size_t length)
{
    const std::int64_t since = world.parameters.nowMs - activityDays * 86'400'000;
    std::vector<std::int64_t> mine(world.users.size(), 0);
    std::vector<std::int64_t> feed(world.users.size(), 0);
    for (const Like &like : world.likes)
        mine[world.media[like.media].owner] += like.atMs >= since ? 1 : 0;
    for (const Comment &comment : world.comments)
        mine[world.media[comment.media].owner] += comment.atMs >= since && !comment.isDeleted ? 1 : 0;
    for (const Follow &follow : world.follows) {
        mine[follow.to] += follow.atMs >= since ? 1 : 0;
        feed[follow.from] += world.users[follow.to].mediaCount;
    }
    std::int64_t entries = static_cast<std::int64_t>(world.media.size() + world.users.size() / 4);
    for (std::size_t i = 0; i < mine.size(); ++i)
        entries += std::min<std::int64_t>(mine[i], static_cast<std::int64_t>(length)) +
                   std::min<std::int64_t>(feed[i], static_cast<std::int64_t>(length));
    return entries;
}

} // namespace shardlens::seed
