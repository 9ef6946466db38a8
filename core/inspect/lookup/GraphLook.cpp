// SPDX-License-Identifier: GPL-3.0-or-later
// Associations of one object, and buckets of the media map held against the shards.
#include "core/ids/Anatomy.h"
#include "core/ids/Shortcode.h"
#include "core/inspect/lookup/BucketMedia.h"
#include "core/inspect/lookup/LookerPrivate.h"
#include "core/inspect/lookup/MediaMap.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

using base::ErrorCode;
using base::Result;

namespace {

/// An entry of the map is written so long after its row at most.
constexpr base::seconds entryOnItsWayFor{2};

/// Where an association's rows lie, and where those of its inverse do.
struct AssocTable {
    fleet::RowKind rows;
    const char *from;
    const char *to;
    bool byId = false; ///< ordered by the other ID, which begins with the time; else by created_at
    struct Inverse {
        fleet::RowKind rows;
        const char *from;
        const char *to;
    };
    std::optional<Inverse> inverse;
};

AssocTable tableOf(Assoc assoc)
{
    using fleet::RowKind;
    using Inverse = AssocTable::Inverse;
    switch (assoc) {
    case Assoc::Follows: return {RowKind::Follows, "user_id", "followed_id", false, Inverse{RowKind::Followers, "user_id", "follower_id"}};
    case Assoc::FollowedBy:
        return {RowKind::Followers, "user_id", "follower_id", false, Inverse{RowKind::Follows, "user_id", "followed_id"}};
    case Assoc::Authored: return {RowKind::Media, "owner_id", "id", true, std::nullopt};
    case Assoc::Liked: return {RowKind::LikedByUser, "user_id", "media_id", false, Inverse{RowKind::Likes, "media_id", "user_id"}};
    case Assoc::LikedBy: return {RowKind::Likes, "media_id", "user_id", false, Inverse{RowKind::LikedByUser, "user_id", "media_id"}};
    case Assoc::Commented: return {RowKind::Comments, "media_id", "id", true, std::nullopt};
    }
    return {RowKind::Follows, "user_id", "followed_id", false, std::nullopt};
}

std::int64_t microsIn(const postgres::Value &value)
{
    return std::strtoll(value.value_or("0").c_str(), nullptr, 10);
}

/// Rows of one page and one more; each with the count and the times of all of them, as far as they are counted.
Sql edgesStatement(const TableIn &edges, const AssocTable &assoc, const GraphQuestion &question)
{
    Sql sql;
    const std::string &to = edges[assoc.to];
    const std::string &at = edges["created_at"];
    const std::string mine = edges[assoc.from] + " = " + sql.param(question.id) + "::bigint";
    std::string after;
    const auto colon = question.span.after.find(':');
    if (!question.span.after.empty() && assoc.byId) {
        after = " and " + to + " < " + sql.param(idOf(question.span.after)) + "::bigint";
    } else if (colon != std::string::npos) {
        after = " and (" + at + ", " + to + ") < (timestamptz 'epoch' + " +
                sql.param(postgres::Value(question.span.after.substr(0, colon))) + "::bigint * interval '1 microsecond', " +
                sql.param(idOf(std::string_view(question.span.after).substr(colon + 1))) + "::bigint)";
    }
    const std::string order = assoc.byId ? to + " desc" : at + " desc, " + to + " desc";
    sql.text = "select t.n, t.oldest, t.newest, l.id, l.at from (select count(*) as n, " + microsOf("min(c.at)") + " as oldest, " +
               microsOf("max(c.at)") + " as newest from (select " + at + " as at from " + edges.from() + " where " + mine + " limit " +
               std::to_string(mostCounted + 1) + ") c) t left join lateral (select " + to +
               " as id, " + microsOf(at) + " as at from " + edges.from() + " where " + mine + after + " order by " + order + " limit " +
               std::to_string(question.span.limit + 1) + ") l on true";
    return sql;
}

void fillEdges(GraphPage &page, const postgres::Rows &rows, const AssocTable &assoc)
{
    if (rows.isEmpty())
        return;
    const std::int64_t counted = microsIn(rows.at(0, 0));
    page.count = std::min(counted, mostCounted);
    page.isAtLeast = counted > mostCounted;
    if (rows.at(0, 1) && !page.isAtLeast)
        page.oldest = utcOfMicros(microsIn(rows.at(0, 1)));
    if (rows.at(0, 2) && !page.isAtLeast)
        page.newest = utcOfMicros(microsIn(rows.at(0, 2)));
    for (const auto &row : rows.rows) {
        if (!row[3])
            continue;
        if (page.edges.items.size() == page.question.span.limit) {
            const Edge &last = page.edges.items.back();
            page.edges.next =
                (assoc.byId ? std::string() : std::to_string(last.since.time_since_epoch().count()) + ":") + bigintOf(last.to);
            return;
        }
        page.edges.items.push_back({idOf(*row[3]), utcOfMicros(microsIn(row[4])), facts::unknown(facts::WhyUnknown::NotSupported)});
    }
}

/// Which of the neighbours have the edge that leads back: one question a server.
void findInverses(Context &context, GraphPage &page, const AssocTable &assoc, Rounds &rounds)
{
    if (!assoc.inverse || page.edges.items.empty())
        return;
    BulkQuestion bulk;
    bulk.partition = context.places.partitionOf(assoc.inverse->rows);
    for (const Edge &edge : page.edges.items)
        bulk.ids.push_back(edge.to);
    bulk.select = [&](Sql &sql, const std::string &schema, const std::string &ids) {
        const TableIn back(context.fleet->queries, assoc.inverse->rows, schema);
        const std::string &from = back[assoc.inverse->from];
        return "select " + from + " from " + back.from() + " where " + from + " = any(" + ids + ") and " + back[assoc.inverse->to] +
               " = " + sql.param(page.question.id) + "::bigint";
    };
    const BulkAnswer answer = readInBulk(context, bulk, rounds);
    std::set<std::uint64_t> there;
    for (const auto &row : answer.rows)
        there.insert(idOf(row.front().value_or("")));
    for (Edge &edge : page.edges.items) {
        if (answer.unresolved.contains(edge.to))
            edge.hasInverse = facts::unknown(facts::WhyUnknown::ServerSilent);
        else
            edge.hasInverse = there.contains(edge.to);
    }
}

} // namespace

Result<GraphPage> Looker::graph(const GraphQuestion &question)
{
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    Context &context = *m_d->context;
    const auto begun = std::chrono::steady_clock::now();
    const auto askedAt = context.clock->utcNow();
    const AssocTable assoc = tableOf(question.assoc);
    Rounds rounds;
    GraphPage page;
    page.question = question;
    const std::string subject = std::string(name(question.assoc)) + " of " + std::to_string(question.id);
    auto recording = m_d->record({{"look_up", subject, {}, question.caseNumber, "{}"}}, false, rounds);
    if (!recording)
        return base::fail(recording.error());
    page.recording = std::move(*recording);
    const auto read = m_d->readOne(
        assoc.rows, question.id,
        [&](const std::string &schema) { return edgesStatement(TableIn(context.fleet->queries, assoc.rows, schema), assoc, question); },
        Stage::Rows, rounds);
    page.from = read.from;
    if (read.rows) {
        fillEdges(page, *read.rows, assoc);
        findInverses(context, page, assoc, rounds);
    } else {
        page.count = tl::unexpected(read.error ? whyUnknown(*read.error) : facts::Unknown{facts::WhyUnknown::NoValue, "shard"});
    }
    return m_d->finish(std::move(page), rounds, begun, askedAt);
}

Result<BucketCheck> Looker::verifyBucket(std::uint32_t bucket, const ServerId &wanted)
{
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    Context &context = *m_d->context;
    const fleet::Fleet &fleet = *context.fleet;
    const auto begun = std::chrono::steady_clock::now();
    const auto askedAt = context.clock->utcNow();
    const fleet::RedisGroup *group = groupWith(fleet, fleet::RedisRole::MediaMap);
    const ServerId server = !wanted.isEmpty() ? wanted : group ? memberIn(fleet, group->servers, context.ground->from) : ServerId();
    if (server.isEmpty())
        return base::fail(ErrorCode::NotFound, "this region holds no media map");
    Rounds rounds;
    BucketCheck check;
    check.bucket = bucket;
    check.server = server;
    std::map<std::string, std::string> entries;
    std::optional<base::Error> error;
    Round round(context.links, Stage::Rows);
    context.places.askFor(round);
    round.ask(server, [&](Link &link) -> Result<void> {
        const auto replies = link.redis({{"GET", redisKey(fleet, "media_map", "bucket", "buckets")},
                                         {"HGETALL", redisKey(fleet, "media_map", "bucket", std::to_string(bucket))},
                                         {"ROLE"}});
        if (!replies || replies->at(1).isError()) {
            error =
                replies ? base::Error{ErrorCode::Rejected, replies->at(1).text, {}, server.text(), base::Effect::None} : replies.error();
            return base::fail(*error);
        }
        check.buckets = static_cast<std::uint32_t>(ids::parseDecimal(replies->at(0).text).value_or(0));
        const auto &items = replies->at(1).items;
        for (std::size_t i = 0; i + 1 < items.size(); i += 2)
            entries[items[i].text] = items[i + 1].text;
        const redis::Reply &role = replies->at(2);
        check.isPrimary = !role.items.empty() && role.items.front().text == "master";
        return {};
    });
    round.run(rounds);
    context.places.settle(rounds);
    if (error)
        return base::fail(*error);
    if (entries.empty() && check.buckets != 0 && bucket >= check.buckets)
        return base::fail(ErrorCode::NotFound,
                          "there is no bucket " + std::to_string(bucket) + ": they are numbered 0 to " + std::to_string(check.buckets - 1));
    std::vector<std::uint64_t> media;
    for (const auto &[field, value] : entries)
        media.push_back(ids::parseDecimal(field).value_or(0));
    const auto rows = readMedia(context, media, rounds);
    check.entries = static_cast<std::int64_t>(entries.size());
    for (const auto &[field, value] : entries) {
        const std::uint64_t id = ids::parseDecimal(field).value_or(0);
        const std::uint64_t owner = ids::parseDecimal(value).value_or(0);
        const MediaBrief &row = rows.at(id);
        const bool isElsewhere = check.buckets != 0 && bucketOf(id, check.buckets) != bucket;
        check.unresolved += row.isResolved ? 0 : 1;
        if (isElsewhere || (row.isResolved && row.owner != owner))
            check.wrong.push_back({id, owner, row.isResolved ? row.owner : 0, isElsewhere, field, value});
    }
    const BucketMedia there = mediaOfBucket(context, bucket, check.buckets, rounds);
    check.searched = there.searched;
    check.unsearched = there.unsearched;
    if (there.why)
        check.unsearchedWhy = there.why->server.empty() ? there.why->message : there.why->server + ": " + there.why->message;
    for (const auto &[id, owner] : there.owners) {
        // Its row is written before its entry: one that was made while we looked is on its way.
        const bool isOnTheWay = ids::anatomy(id, fleet.idLayout).mintedAt() > askedAt - entryOnItsWayFor;
        if (!entries.contains(std::to_string(id)) && !isOnTheWay)
            check.missing.push_back({id, owner});
    }
    return m_d->finish(std::move(check), rounds, begun, askedAt);
}

Result<std::map<std::uint64_t, MediaBrief>> Looker::media(const std::vector<std::uint64_t> &ids)
{
    if (auto ready = m_d->begin(); !ready)
        return base::fail(ready.error());
    Rounds rounds;
    Round round(m_d->context->links, Stage::Place);
    m_d->context->places.askFor(round);
    round.run(rounds);
    m_d->context->places.settle(rounds);
    return readMedia(*m_d->context, ids, rounds);
}

} // namespace shardlens::inspect::lookup
