// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/traffic/Application.h"

#include "app/localfleet/seed/MediaMap.h"
#include "app/localfleet/seed/Words.h"
#include "app/localfleet/traffic/MediaMapScript.h"

#include <algorithm>
#include <charconv>
#include <cstdio>

namespace shardlens::traffic
{

using base::Error;
using base::ErrorCode;
using base::Result;
using Way = Doorway::Way;

namespace
{

constexpr base::milliseconds deadline{3000};
constexpr std::size_t mediaOnAScreen = 8;
constexpr std::size_t mediaRemembered = 64;
constexpr int mostFollowersFannedOut = 2000; ///< of the very well known; a real fleet does the rest by queues

/// How often applications do what, of 100.
struct Share {
    Deed deed;
    unsigned upTo;
};
constexpr Share shares[] = {{Deed::ReadFeed, 52}, {Deed::Like, 80}, {Deed::Comment, 88},
                            {Deed::Follow, 93},   {Deed::Post, 98}, {Deed::LogIn, 100}};

// Each write is one statement, and so one transaction, even where it touches several tables: through a router in transaction
// mode that is one way there and back. {s} is the schema.
const char *const insertMedia =
    "with made as (insert into {s}.media (owner_id, caption, filter) values ($1, $2, $3) returning id), "
    "told as (insert into shardlens.outbox (cache_key) select replace($4, '{id}', id::text) from made) select id from made";
const char *const countMedia = "with changed as (update {s}.users set media_count = media_count + 1, version = version + 1, updated_at = "
                               "now() where id = $1 returning id), "
                               "told as (insert into shardlens.outbox (cache_key) select $2 from changed) select id from changed";
const char *const insertLike = "with made as (insert into {s}.likes (media_id, user_id) select id, $2::bigint from {s}.media where id = $1 "
                               "on conflict do nothing returning media_id), "
                               "changed as (update {s}.media set like_count = like_count + 1, version = version + 1, updated_at = now() "
                               "where id in (select media_id from made) returning id), "
                               "told as (insert into shardlens.outbox (cache_key) select $3 from changed) select id from changed";
const char *const insertLiked = "insert into {s}.liked_by_user (user_id, media_id) values ($1, $2) on conflict do nothing";
const char *const insertComment =
    "with made as (insert into {s}.comments (media_id, user_id, body) select id, $2::bigint, $3 from {s}.media where id = $1 returning id, "
    "media_id), "
    "changed as (update {s}.media set comment_count = comment_count + 1, version = version + 1, updated_at = now() "
    "where id in (select media_id from made)), "
    "told as (insert into shardlens.outbox (cache_key) select $4 from made) select id from made";
const char *const insertFollow =
    "with made as (insert into {s}.follows (user_id, followed_id) values ($1, $2) on conflict do nothing returning user_id), "
    "changed as (update {s}.users set following_count = following_count + 1, version = version + 1, updated_at = now() "
    "where id in (select user_id from made) returning id), "
    "told as (insert into shardlens.outbox (cache_key) select $3 from changed) select id from changed";
const char *const insertFollower =
    "with made as (insert into {s}.followers (user_id, follower_id) values ($1, $2) on conflict do nothing returning user_id), "
    "changed as (update {s}.users set follower_count = follower_count + 1, version = version + 1, updated_at = now() "
    "where id in (select user_id from made) returning id), "
    "told as (insert into shardlens.outbox (cache_key) select $3 from changed) select id from changed";

// What is cached: the row as JSON with its version and time; IDs are strings, since JSON numbers lose their last digits.
const char *const mediaValue =
    "select json_build_object('id', id::text, 'owner', owner_id::text, 'caption', caption, 'filter', filter, 'private', is_private, "
    "'likes', like_count, 'comments', comment_count, 'version', version, 'updated_at', to_char(updated_at at time zone 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))::text from {s}.media where id = $1";
const char *const userValue =
    "select json_build_object('id', id::text, 'name', name, 'full_name', full_name, 'media', media_count, 'followers', follower_count, "
    "'following', following_count, 'version', version, 'updated_at', to_char(updated_at at time zone 'UTC', "
    "'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"'))::text from {s}.users where id = $1";

std::string in(const char *statement, const std::string &schema)
{
    std::string text = statement;
    for (auto at = text.find("{s}"); at != std::string::npos; at = text.find("{s}", at + schema.size()))
        text.replace(at, 3, schema);
    return text;
}

} // namespace

Application::Application(const fleet::Fleet &fleet, base::RegionName region, Town &town, Tally &tally, const Options &options,
                         std::uint64_t seed, std::shared_ptr<const wire::Interrupt> stop, std::shared_ptr<cacheflow::HerdBook> herds)
    : m_fleet(fleet), m_town(town), m_tally(tally), m_options(options),
      m_doors(fleet, std::move(region), std::move(stop), std::move(herds)), m_random(seed)
{
}

void Application::doSomething()
{
    const auto drawn = m_random.below(100);
    const Deed deed = std::find_if(std::begin(shares), std::end(shares), [&](const Share &share) { return drawn < share.upTo; })->deed;
    const auto done = attempt(deed);
    m_doors.reportLeases();
    if (done) {
        m_tally.done(deed);
    } else if (done.error().code != ErrorCode::Cancelled) {
        m_tally.failed(deed, done.error());
        // A shard that is not where it was: somebody moved it, and the directory says where to.
        if (done.error().sqlState == "3F000" || done.error().sqlState == "42P01") {
            if (auto directory = m_doors.cluster(m_fleet.directory->cluster, Way::Write))
                (void)m_town.readMap(**directory);
        }
    }
}

Application::Nothing Application::attempt(Deed deed)
{
    switch (deed) {
    case Deed::ReadFeed: return readFeed();
    case Deed::Like: return like();
    case Deed::Comment: return comment();
    case Deed::Follow: return follow();
    case Deed::Post: return post();
    case Deed::LogIn: return logIn();
    }
    return {};
}

Application::Nothing Application::readFeed()
{
    auto feeds = m_doors.group(fleet::RedisRole::Feeds);
    if (!feeds)
        return base::fail(feeds.error());
    const std::string user = std::to_string(m_town.anybody(m_random));
    const auto entries = (*feeds)->command({"LRANGE", redisKey("main_feed", "user", user), "0", "19"}, deadline);
    if (!entries)
        return base::fail(entries.error());
    if (auto self = readUser(toId(user)); !self)
        return self;
    for (std::size_t i = 0; i < std::min(mediaOnAScreen, entries->items.size()); ++i) {
        const auto media = toId(entries->items[i].text);
        m_seen.push_back(media);
        if (auto shown = readMedia(media); !shown)
            return shown;
    }
    while (m_seen.size() > mediaRemembered)
        m_seen.pop_front();
    return {};
}

Application::Nothing Application::readMedia(std::uint64_t id)
{
    return readThroughCache(cachedKey("media", id), m_town.placeOfMedia(id), mediaValue, id);
}

Application::Nothing Application::readUser(std::uint64_t id)
{
    return readThroughCache(cachedKey("user", id), m_town.placeOfUser(id), userValue, id);
}

Application::Nothing Application::readThroughCache(const std::string &key, const Result<Place> &place, const std::string &query,
                                                   std::uint64_t id)
{
    if (!place)
        return base::fail(place.error());
    if (m_options.usesLeases)
        return readByLease(key, *place, query, id);
    auto pool = m_doors.pool();
    if (!pool)
        return base::fail(pool.error());
    // A cache that does not answer is no reason to show nothing: the row is read instead.
    const auto cached = (*pool)->get(key);
    m_tally.cache(cached && cached->has_value());
    if (cached && cached->has_value())
        return {};
    const auto row = readRow(*place, query, id);
    if (!row)
        return base::fail(row.error());
    if (!*row || !cached) // deleted, or not yet in this region; or nowhere to keep it
        return {};
    if (auto kept = (*pool)->set(key, **row, m_options.cacheTtl); !kept)
        return kept;
    return {};
}

Application::Nothing Application::readByLease(const std::string &key, const Place &place, const std::string &query, std::uint64_t id)
{
    using Kind = cacheflow::LeaseRead::Kind;
    auto leases = m_doors.leases();
    if (!leases)
        return base::fail(leases.error());
    const auto read = (*leases)->get(key);
    const bool isServed = read && (read->kind == Kind::Hit || read->kind == Kind::Stale);
    m_tally.cache(isServed);
    if (isServed)
        return {};
    const auto row = readRow(place, query, id);
    if (read && read->kind == Kind::Fill) {
        if (row && *row)
            (void)(*leases)->fill(key, read->token, **row, m_options.cacheTtl); // a fill that is lost is no failure of the deed
        else
            (void)(*leases)->giveBack(key, read->token);
    }
    return row ? Nothing() : Nothing(base::fail(row.error()));
}

Result<std::optional<std::string>> Application::readRow(const Place &place, const std::string &query, std::uint64_t id)
{
    auto session = m_doors.cluster(place.cluster, Way::Read);
    if (!session)
        return base::fail(session.error());
    const auto rows = (*session)->exec(in(query.c_str(), place.schema), {std::to_string(id)}, deadline);
    if (!rows)
        return base::fail(rows.error());
    return rows->isEmpty() ? std::nullopt : std::optional(rows->first());
}

Result<std::string> Application::write(const Result<Place> &place, const std::string &statement, const std::vector<postgres::Value> &values)
{
    if (!place)
        return base::fail(place.error());
    auto session = m_doors.cluster(place->cluster, Way::Write);
    if (!session)
        return base::fail(session.error());
    const auto rows = (*session)->exec(in(statement.c_str(), place->schema), values, deadline);
    if (!rows)
        return base::fail(rows.error());
    return rows->first();
}

Application::Nothing Application::forget(const std::string &key)
{
    if (m_doors.isInvalidated())
        return {};
    auto pool = m_doors.pool();
    if (!pool)
        return base::fail(pool.error());
    return (*pool)->remove(key);
}

Application::Nothing Application::post()
{
    const auto owner = m_town.anybody(m_random);
    const std::string ownerText = std::to_string(owner);
    const auto pattern = m_fleet.keys.cached.find("media");
    const auto made = write(m_town.placeOfPosts(owner), insertMedia,
                            {ownerText, seed::caption(m_random), seed::filterName(m_random),
                             pattern == m_fleet.keys.cached.end() ? "m:{id}" : pattern->second});
    if (!made)
        return base::fail(made.error());
    const auto media = toId(*made);
    if (const auto counted = write(m_town.placeOfUser(owner), countMedia, {ownerText, cachedKey("user", owner)}); !counted)
        return base::fail(counted.error());
    if (auto gone = forget(cachedKey("user", owner)); !gone)
        return gone;
    if (auto mapped = mapMedia(media, owner); !mapped)
        return mapped;
    m_seen.push_back(media);
    return fanOut(media, owner);
}

Application::Nothing Application::mapMedia(std::uint64_t media, std::uint64_t owner)
{
    auto map = m_doors.group(fleet::RedisRole::MediaMap);
    if (!map)
        return base::fail(map.error());
    const std::string pattern = redisKey("media_map", "", "");
    const auto at = pattern.find("{bucket}");
    const std::string before = pattern.substr(0, at);
    const std::string after = at == std::string::npos ? std::string() : pattern.substr(at + 8);
    const auto put = (*map)->command({"EVAL", mediaMapScript, "0", before, after, std::to_string(media), std::to_string(owner),
                                      std::to_string(seed::mediaPerBucketOnAverage)},
                                     deadline);
    return put ? Nothing() : Nothing(base::fail(put.error()));
}

Application::Nothing Application::fanOut(std::uint64_t media, std::uint64_t owner)
{
    const auto place = m_town.placeOfUser(owner);
    if (!place)
        return base::fail(place.error());
    auto session = m_doors.cluster(place->cluster, Way::Read);
    if (!session)
        return base::fail(session.error());
    const auto followers = (*session)->exec("select follower_id from " + place->schema + ".followers where user_id = $1 limit " +
                                                std::to_string(mostFollowersFannedOut),
                                            {std::to_string(owner)}, deadline);
    if (!followers)
        return base::fail(followers.error());
    auto feeds = m_doors.group(fleet::RedisRole::Feeds);
    if (!feeds)
        return base::fail(feeds.error());
    for (const auto &row : followers->rows) {
        const std::string key = redisKey("main_feed", "user", row.front().value_or(""));
        (*feeds)->add({"LPUSH", key, std::to_string(media)});
        (*feeds)->add({"LTRIM", key, "0", feedTrim()});
    }
    if (followers->isEmpty())
        return {};
    const auto pushed = (*feeds)->run(deadline);
    if (!pushed)
        return base::fail(pushed.error());
    for (const auto &reply : *pushed) {
        if (reply.isError())
            return base::fail(ErrorCode::Rejected, reply.text, "feeds@" + m_doors.region().text());
    }
    m_tally.fannedOut(followers->rows.size());
    return {};
}

Application::Nothing Application::noteActivity(std::uint64_t user, const std::string &entry)
{
    auto feeds = m_doors.group(fleet::RedisRole::Feeds);
    if (!feeds)
        return base::fail(feeds.error());
    const std::string key = redisKey("activity_feed", "user", std::to_string(user));
    (*feeds)->add({"LPUSH", key, entry});
    (*feeds)->add({"LTRIM", key, "0", feedTrim()});
    const auto pushed = (*feeds)->run(deadline);
    if (!pushed)
        return base::fail(pushed.error());
    for (const auto &reply : *pushed) {
        if (reply.isError())
            return base::fail(ErrorCode::Rejected, reply.text, "feeds@" + m_doors.region().text());
    }
    m_tally.fannedOut(1);
    return {};
}

Result<std::uint64_t> Application::someMedia()
{
    if (m_seen.empty()) {
        if (auto read = readFeed(); !read)
            return base::fail(read.error());
    }
    return m_seen.empty() ? 0 : m_seen[m_random.below(m_seen.size())];
}

Result<std::uint64_t> Application::ownerOf(std::uint64_t media)
{
    auto map = m_doors.group(fleet::RedisRole::MediaMap);
    if (!map)
        return base::fail(map.error());
    const auto buckets = (*map)->command({"GET", redisKey("media_map", "bucket", "buckets")}, deadline);
    if (!buckets)
        return base::fail(buckets.error());
    const auto bucket = seed::bucketOf(media, static_cast<std::uint32_t>(std::max<std::uint64_t>(toId(buckets->text), 1)));
    const auto owner = (*map)->command({"HGET", redisKey("media_map", "bucket", std::to_string(bucket)), std::to_string(media)}, deadline);
    if (!owner)
        return base::fail(owner.error());
    return toId(owner->text);
}

Application::Nothing Application::like()
{
    const auto media = someMedia();
    if (!media || *media == 0)
        return media ? Nothing() : Nothing(base::fail(media.error()));
    const auto user = m_town.anybody(m_random);
    const std::string key = cachedKey("media", *media);
    const auto made = write(m_town.placeOfMedia(*media), insertLike, {std::to_string(*media), std::to_string(user), key});
    if (!made)
        return base::fail(made.error());
    if (made->empty()) // liked before, or deleted meanwhile
        return {};
    if (auto gone = forget(key); !gone)
        return gone;
    if (const auto liked = write(m_town.placeOfUser(user), insertLiked, {std::to_string(user), std::to_string(*media)}); !liked)
        return base::fail(liked.error());
    const auto owner = ownerOf(*media);
    if (!owner || *owner == 0)
        return owner ? Nothing() : Nothing(base::fail(owner.error()));
    return noteActivity(*owner, "l:" + std::to_string(*media) + ":" + std::to_string(user));
}

Application::Nothing Application::comment()
{
    const auto media = someMedia();
    if (!media || *media == 0)
        return media ? Nothing() : Nothing(base::fail(media.error()));
    const auto user = m_town.anybody(m_random);
    const std::string key = cachedKey("media", *media);
    const auto made =
        write(m_town.placeOfMedia(*media), insertComment, {std::to_string(*media), std::to_string(user), seed::commentText(m_random), key});
    if (!made)
        return base::fail(made.error());
    if (made->empty())
        return {};
    if (auto gone = forget(key); !gone)
        return gone;
    const auto owner = ownerOf(*media);
    if (!owner || *owner == 0)
        return owner ? Nothing() : Nothing(base::fail(owner.error()));
    return noteActivity(*owner, "c:" + std::to_string(*media) + ":" + std::to_string(user) + ":" + *made);
}

Application::Nothing Application::follow()
{
    const auto from = m_town.anybody(m_random);
    const auto to = m_town.anybody(m_random);
    if (from == to)
        return {};
    const auto made = write(m_town.placeOfUser(from), insertFollow, {std::to_string(from), std::to_string(to), cachedKey("user", from)});
    if (!made)
        return base::fail(made.error());
    const auto seen = write(m_town.placeOfUser(to), insertFollower, {std::to_string(to), std::to_string(from), cachedKey("user", to)});
    if (!seen)
        return base::fail(seen.error());
    if (seen->empty())
        return {};
    for (const auto user : {from, to}) {
        if (auto gone = forget(cachedKey("user", user)); !gone)
            return gone;
    }
    return noteActivity(to, "f:" + std::to_string(from));
}

Application::Nothing Application::logIn()
{
    auto sessions = m_doors.group(fleet::RedisRole::Sessions);
    if (!sessions)
        return base::fail(sessions.error());
    char token[40];
    std::snprintf(token, sizeof token, "%016llx%016llx", static_cast<unsigned long long>(m_random.next()),
                  static_cast<unsigned long long>(m_random.next()));
    const std::string key = redisKey("session", "token", token);
    const std::string now =
        std::to_string(std::chrono::duration_cast<base::seconds>(std::chrono::system_clock::now().time_since_epoch()).count());
    (*sessions)->add({"HSET", key, "user", std::to_string(m_town.anybody(m_random)), "created", now, "last_seen", now, "ip",
                      seed::address(m_random), "agent", seed::device(m_random)});
    (*sessions)->add({"EXPIRE", key, "2592000"});
    const auto kept = (*sessions)->run(deadline);
    if (!kept)
        return base::fail(kept.error());
    if (kept->front().isError())
        return base::fail(ErrorCode::Rejected, kept->front().text, "sessions@" + m_doors.region().text());
    return {};
}

std::string Application::cachedKey(const std::string &kind, std::uint64_t id) const
{
    const auto found = m_fleet.keys.cached.find(kind);
    return fleet::expand(found == m_fleet.keys.cached.end() ? kind.substr(0, 1) + ":{id}" : found->second, "id", std::to_string(id));
}

std::string Application::redisKey(const std::string &pattern, const std::string &word, const std::string &value) const
{
    static const std::map<std::string, std::string> usual{{"main_feed", "feed:{user}"},
                                                          {"activity_feed", "activity:{user}"},
                                                          {"media_map", "mediamap:{bucket}"},
                                                          {"session", "session:{token}"}};
    const auto found = m_fleet.keys.redis.find(pattern);
    const std::string &text = found == m_fleet.keys.redis.end() ? usual.at(pattern) : found->second;
    return word.empty() ? text : fleet::expand(text, word, value);
}

std::string Application::feedTrim() const
{
    return std::to_string((m_fleet.keys.feedLength == 0 ? 500 : m_fleet.keys.feedLength) - 1);
}

} // namespace shardlens::traffic
