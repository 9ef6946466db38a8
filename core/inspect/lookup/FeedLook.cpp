// SPDX-License-Identifier: GPL-3.0-or-later
// Feeds: shown, explained, compared with the follow graph.
#include "core/ids/Shortcode.h"
#include "core/inspect/lookup/FeedRules.h"
#include "core/inspect/lookup/LookerPrivate.h"
#include "core/inspect/lookup/MediaMap.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

using base::ErrorCode;
using base::Result;

namespace {

constexpr std::uint32_t mostEntries = 10'000;
constexpr int mostFollowed = 50'000;

base::UtcTime timeOf(const postgres::Value &micros)
{
    return utcOfMicros(std::strtoll(micros.value_or("0").c_str(), nullptr, 10));
}

/// The server that people of a region read feeds from.
Result<ServerId> feedServer(const Context &context, const RegionName &wanted)
{
    const fleet::RedisGroup *group = groupWith(*context.fleet, fleet::RedisRole::Feeds);
    if (!group)
        return base::fail(ErrorCode::NotFound, "the fleet file declares no redis group that holds feeds");
    const RegionName region = wanted.isEmpty() ? context.ground->from : wanted;
    const ServerId server = memberIn(*context.fleet, group->servers, region);
    if (server.isEmpty())
        return base::fail(ErrorCode::NotFound, "no feeds are held in region '" + region.text() + "'");
    return server;
}

std::string feedKey(const fleet::Fleet &fleet, FeedKind kind, std::uint64_t user)
{
    return redisKey(fleet, kind == FeedKind::Main ? "main_feed" : "activity_feed", "user", std::to_string(user));
}

/// A stretch of a list, its whole length, and whether the server is the primary of its group.
struct ListRead {
    std::vector<std::string> entries;
    std::int64_t length = 0;
    bool isPrimary = false;
};

Result<ListRead> readList(Link &link, const std::string &key, std::int64_t first, std::int64_t last)
{
    const auto replies = link.redis({{"LRANGE", key, std::to_string(first), std::to_string(last)}, {"LLEN", key}, {"ROLE"}});
    if (!replies)
        return base::fail(replies.error());
    for (std::size_t i = 0; i < 2; ++i) {
        if (replies->at(i).isError())
            return base::fail(ErrorCode::Rejected, replies->at(i).text, link.server().id.text());
    }
    ListRead read;
    for (const redis::Reply &item : replies->at(0).items)
        read.entries.push_back(item.text);
    read.length = replies->at(1).integer;
    const redis::Reply &role = replies->at(2);
    read.isPrimary = !role.items.empty() && role.items.front().text == "master";
    return read;
}

Sql followsStatement(const fleet::Queries &queries, const std::string &schema, std::uint64_t user)
{
    Sql sql;
    const TableIn follows(queries, fleet::RowKind::Follows, schema);
    sql.text = "select " + follows["followed_id"] + ", " + microsOf(follows["created_at"]) + " from " + follows.from() + " where " +
               follows["user_id"] + " = " + sql.param(user) + "::bigint limit " + std::to_string(mostFollowed);
    return sql;
}

std::optional<Follows> followsIn(const std::optional<postgres::Rows> &rows)
{
    if (!rows)
        return std::nullopt;
    Follows follows;
    for (const auto &row : rows->rows)
        follows[idOf(row[0].value_or(""))] = timeOf(row[1]);
    return follows;
}

std::vector<std::uint64_t> mediaIn(const std::vector<FeedEntry> &entries)
{
    std::vector<std::uint64_t> media;
    for (const FeedEntry &entry : entries) {
        if (entry.media != 0)
            media.push_back(entry.media);
    }
    return media;
}

Look feedLook(const std::string &what, std::uint64_t user, const std::string &caseNumber)
{
    return {"look_up", what + " of user " + std::to_string(user), {}, caseNumber, "{}"};
}

} // namespace

Result<FeedPage> Looker::feed(const FeedQuestion &question)
{
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    Context &context = *m_d->context;
    const auto begun = std::chrono::steady_clock::now();
    const auto askedAt = context.clock->utcNow();
    const auto server = feedServer(context, question.region);
    if (!server)
        return base::fail(server.error());
    Rounds rounds;
    FeedPage page;
    page.question = question;
    page.server = *server;
    page.trimmedTo = context.fleet->keys.feedLength;
    auto recording = m_d->record({feedLook("feed", question.user, question.caseNumber)}, false, rounds);
    if (!recording)
        return base::fail(recording.error());
    page.recording = std::move(*recording);
    // What stands above the page too: order and duplicates are judged against it. Read anew with each page, not kept from the one before:
    // a feed that was pushed to since has moved, and its entries would be taken for duplicates of themselves.
    const std::int64_t limit = std::clamp<std::int64_t>(question.limit, 1, mostEntries);
    const std::int64_t first = firstToRead(question.offset);
    Result<ListRead> list = base::fail(ErrorCode::Cancelled, "cancelled");
    const auto askList = [&](Round &round) {
        round.ask(*server, [&](Link &link) -> Result<void> {
            list = readList(link, feedKey(*context.fleet, question.kind, question.user), first, question.offset + limit - 1);
            return list ? Result<void>() : base::fail(list.error());
        });
    };
    std::optional<Follows> follows;
    if (question.kind == FeedKind::Main) {
        const auto statement = [&](const std::string &schema) { return followsStatement(context.fleet->queries, schema, question.user); };
        follows = followsIn(m_d->readOne(fleet::RowKind::Follows, question.user, statement, Stage::Rows, rounds, askList).rows);
    } else {
        Round round(context.links, Stage::Rows);
        askList(round);
        round.run(rounds);
    }
    if (!list)
        return base::fail(list.error());
    page.isPrimary = list->isPrimary;
    page.length = list->length;
    std::vector<std::uint64_t> above;
    page.entries = entriesOf(question, list->entries, first, above);
    const auto media = readMedia(context, mediaIn(page.entries), rounds);
    markEntries(page.entries, question.kind, media, follows, above, context.fleet->idLayout);
    const auto end = question.offset + static_cast<std::uint32_t>(page.entries.size());
    page.next = !page.entries.empty() && end < page.length ? end : 0;
    return m_d->finish(std::move(page), rounds, begun, askedAt);
}

namespace {

/// Where a media stands in one region's feed. LPOS is there from Redis 6.0.6 on.
Result<RegionFeed> placeInFeed(Link &link, const std::string &key, std::uint64_t media)
{
    const auto replies = link.redis({{"LPOS", key, std::to_string(media)}, {"LLEN", key}, {"LINDEX", key, "-1"}, {"ROLE"}});
    if (!replies)
        return base::fail(replies.error());
    for (std::size_t i = 0; i < 3; ++i) {
        if (replies->at(i).isError())
            return base::fail(ErrorCode::Rejected, replies->at(i).text, link.server().id.text());
    }
    RegionFeed feed;
    feed.server = link.server().id;
    feed.region = link.server().region;
    if (replies->at(0).kind == redis::Reply::Kind::Integer)
        feed.position = replies->at(0).integer;
    feed.length = replies->at(1).integer;
    feed.oldest = ids::parseDecimal(replies->at(2).text).value_or(0);
    const redis::Reply &role = replies->at(3);
    feed.isPrimary = !role.items.empty() && role.items.front().text == "master";
    return feed;
}

/// The feeds of all regions and the map, in one round.
void askFeedsAndMap(Context &context, FeedFacts &facts, Rounds &rounds)
{
    const fleet::Fleet &fleet = *context.fleet;
    Round round(context.links, Stage::Rows);
    const fleet::RedisGroup *feeds = groupWith(fleet, fleet::RedisRole::Feeds);
    facts.feeds.reserve(fleet.regions.size()); // jobs keep references
    for (const fleet::Region &region : fleet.regions) {
        const ServerId server = feeds ? memberIn(fleet, feeds->servers, region.name) : ServerId();
        if (server.isEmpty())
            continue;
        facts.feeds.emplace_back(region.name, facts::notAsked<RegionFeed>());
        round.ask(server,
                  [&into = facts.feeds.back().second, key = feedKey(fleet, FeedKind::Main, facts.user),
                   media = facts.media](Link &link) -> Result<void> {
                      auto feed = placeInFeed(link, key, media);
                      if (!feed) {
                          into = tl::unexpected(whyUnknown(feed.error()));
                          return base::fail(feed.error());
                      }
                      into = std::move(*feed);
                      return {};
                  });
    }
    const fleet::RedisGroup *map = groupWith(fleet, fleet::RedisRole::MediaMap);
    const ServerId mapServer = map ? memberIn(fleet, map->servers, context.ground->from) : ServerId();
    facts.map = facts::unknown(facts::WhyUnknown::NotConfigured, "media_map");
    if (!mapServer.isEmpty()) {
        round.ask(mapServer, [&, buckets = &context.buckets[mapServer]](Link &link) -> Result<void> {
            auto copy = readMap(link, fleet, facts.media, *buckets);
            if (!copy) {
                facts.map = tl::unexpected(whyUnknown(copy.error()));
                return base::fail(copy.error());
            }
            facts.map = std::move(*copy);
            return {};
        });
    }
    round.run(rounds);
}

facts::Unknown whyNone(const std::optional<base::Error> &error)
{
    return error ? whyUnknown(*error) : facts::Unknown{facts::WhyUnknown::NoValue, "shard"};
}

} // namespace

Result<FeedExplanation> Looker::explain(std::uint64_t user, std::uint64_t media, const std::string &caseNumber)
{
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    Context &context = *m_d->context;
    const auto begun = std::chrono::steady_clock::now();
    const auto askedAt = context.clock->utcNow();
    Rounds rounds;
    auto recording = m_d->record({feedLook("media " + std::to_string(media) + " in the feed", user, caseNumber)}, false, rounds);
    if (!recording)
        return base::fail(recording.error());
    FeedFacts facts;
    facts.user = user;
    facts.media = media;
    facts.trimmedTo = context.fleet->keys.feedLength;
    askFeedsAndMap(context, facts, rounds);
    const auto rows = readMedia(context, {media}, rounds);
    facts.row = rows.at(media);
    const std::uint64_t owner = facts.row->owner;
    const auto mine = m_d->readOne(
        fleet::RowKind::Users, user,
        [&](const std::string &schema) {
            Sql sql;
            const TableIn users(context.fleet->queries, fleet::RowKind::Users, schema);
            const TableIn follows(context.fleet->queries, fleet::RowKind::Follows, schema);
            const std::string me = sql.param(user) + "::bigint";
            sql.text = "select (select count(*) from " + users.from() + " where " + users["id"] + " = " + me + "), (select " +
                       microsOf(follows["created_at"]) + " from " + follows.from() + " where " + follows["user_id"] + " = " + me +
                       " and " + follows["followed_id"] + " = " + sql.param(owner) + "::bigint)";
            return sql;
        },
        Stage::Owner, rounds);
    if (mine.rows) {
        facts.userExists = mine.rows->at(0, 0) != "0";
        facts.followsSince = mine.rows->at(0, 1) ? std::optional(timeOf(mine.rows->at(0, 1))) : std::nullopt;
    } else {
        facts.userExists =
            !mine.error || isNoSuchShard(*mine.error) ? Known<bool>(false) : Known<bool>(tl::unexpected(whyNone(mine.error)));
        facts.followsSince = tl::unexpected(whyNone(mine.error));
    }
    if (owner != 0) {
        const auto theirs = m_d->readOne(
            fleet::RowKind::Followers, owner,
            [&](const std::string &schema) {
                Sql sql;
                const TableIn followers(context.fleet->queries, fleet::RowKind::Followers, schema);
                sql.text = "select count(*) from " + followers.from() + " where " + followers["user_id"] + " = " + sql.param(owner) +
                           "::bigint and " + followers["follower_id"] + " = " + sql.param(user) + "::bigint";
                return sql;
            },
            Stage::Owner, rounds);
        facts.hasInverse = theirs.rows ? Known<bool>(theirs.rows->first() != "0") : Known<bool>(tl::unexpected(whyNone(theirs.error)));
    }
    FeedExplanation explanation = explainFeed(facts);
    explanation.recording = std::move(*recording);
    return m_d->finish(std::move(explanation), rounds, begun, askedAt);
}

Result<FeedComparison> Looker::compare(std::uint64_t user, const RegionName &region, const std::string &caseNumber)
{
    const RegionName where = region.isEmpty() && m_d->context ? m_d->context->ground->from : region;
    const auto server = m_d->context ? feedServer(*m_d->context, where) : base::Result<ServerId>(ServerId());
    return server ? compareOn(*server, user, where, caseNumber) : base::fail(server.error());
}

Result<FeedComparison> Looker::compareOn(const ServerId &server, std::uint64_t user, const RegionName &region, const std::string &caseNumber)
{
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    Context &context = *m_d->context;
    const auto begun = std::chrono::steady_clock::now();
    const auto askedAt = context.clock->utcNow();
    Rounds rounds;
    FeedComparison out;
    out.user = user;
    out.region = region;
    out.server = server;
    auto recording = m_d->record({feedLook("feed", user, caseNumber)}, false, rounds);
    if (!recording)
        return base::fail(recording.error());
    out.recording = std::move(*recording);
    Result<ListRead> list = base::fail(ErrorCode::Cancelled, "cancelled");
    Round round(context.links, Stage::Rows);
    round.ask(server, [&](Link &link) -> Result<void> {
        list = readList(link, feedKey(*context.fleet, FeedKind::Main, user), 0, mostEntries - 1);
        return list ? Result<void>() : base::fail(list.error());
    });
    round.run(rounds);
    if (!list)
        return base::fail(list.error());
    const auto read = m_d->readOne(
        fleet::RowKind::Follows, user, [&](const std::string &schema) { return followsStatement(context.fleet->queries, schema, user); }, Stage::Rows, rounds);
    const auto follows = followsIn(read.rows);
    if (!follows)
        return base::fail(
            read.error.value_or(base::Error{ErrorCode::NotFound, "the user's shard is declared nowhere", {}, {}, base::Effect::None}));
    const std::uint32_t kept = context.fleet->keys.feedLength == 0 ? mostEntries : context.fleet->keys.feedLength;
    BulkQuestion bulk;
    bulk.partition = context.places.partitionOf(fleet::RowKind::Media);
    for (const auto &[followed, since] : *follows)
        bulk.ids.push_back(followed); // posts lie in the media shard of their owner's number
    bulk.select = [kept, &queries = context.fleet->queries](Sql &, const std::string &schema, const std::string &ids) {
        const TableIn media(queries, fleet::RowKind::Media, schema);
        return "(select " + media["id"] + ", " + media["owner_id"] + ", " + microsOf(media["created_at"]) + " from " + media.from() +
               " where " + media["owner_id"] + " = any(" + ids + ") order by " + media["id"] + " desc limit " + std::to_string(kept) + ")";
    };
    const BulkAnswer answer = readInBulk(context, bulk, rounds);
    std::vector<Post> posts;
    for (const auto &row : answer.rows)
        posts.push_back({idOf(row[0].value_or("")), idOf(row[1].value_or("")), timeOf(row[2])});
    std::vector<std::uint64_t> feed;
    for (const std::string &raw : list->entries)
        feed.push_back(ids::parseDecimal(raw).value_or(0));
    const auto media = readMedia(context, feed, rounds);
    compareFeed(out, feed, posts, *follows, media, kept);
    out.entries = std::move(list->entries);
    out.isComplete =
        answer.unresolved.empty() && std::all_of(media.begin(), media.end(), [](const auto &one) { return one.second.isResolved; });
    return m_d->finish(std::move(out), rounds, begun, askedAt);
}

} // namespace shardlens::inspect::lookup
