// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/inspect/lookup/EntityLook.h"

#include "core/inspect/lookup/CachedItem.h"
#include "core/inspect/lookup/MediaMap.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

using base::Result;

bool EntityLook::mayBe(Entity entity) const
{
    const Kind kind = m_question.find.kind;
    if (entity == Entity::User)
        return kind != Kind::Media;
    return kind == Kind::Media || kind == Kind::Id;
}

/// Which cluster holds the shard that the ID names, for each partition that the ID may be of.
void EntityLook::place()
{
    IdCheck check;
    check.anatomy = ids::anatomy(m_question.find.id, m_context.fleet->idLayout);
    const auto nowMs = std::chrono::floor<base::milliseconds>(m_context.clock->utcNow().time_since_epoch()).count();
    check.isFuture = check.anatomy.mintedMs > nowMs;
    // A minute is within what clocks differ by.
    m_isFuture = check.anatomy.mintedMs > nowMs + 60'000;
    const auto placeIn = [&](fleet::RowKind kind, std::optional<Home> &home) {
        const fleet::Partition *partition = m_context.places.partitionOf(kind);
        if (!partition)
            return;
        check.isShardInRange &= m_context.places.isInRange(*partition, check.anatomy.shard);
        home = m_context.places.home(*partition, check.anatomy.shard);
        if (!home && m_context.places.isInRange(*partition, check.anatomy.shard) && !m_context.places.isFresh()) {
            const auto found = m_context.places.find(*partition, check.anatomy.shard, m_rounds);
            m_isPlaceSilent = m_isPlaceSilent || !found;
            home = found.value_or(std::nullopt);
        }
        check.clusters.emplace_back(partition->name, home ? home->cluster->name : ClusterName());
    };
    m_isPlaceSilent = false;
    // A user's posts lie in the media shard of the user's own number.
    if (mayBe(Entity::User))
        placeIn(fleet::RowKind::Users, m_users);
    placeIn(fleet::RowKind::Media, m_media);
    m_answer.id = std::move(check);
    m_isShardThere = m_users || m_media || m_isPlaceSilent; // what may be there is not nowhere
}

Personal::Way EntityLook::wayOf(Entity entity) const
{
    if (entity == Entity::Media)
        return readsByFunction(m_context) ? Personal::Way::Function : Personal::Way::Columns;
    return m_question.unmask ? Personal::Way::Function : Personal::Way::Masked;
}

Sql EntityLook::statementFor(Entity entity, const Home &home, bool withLists, Personal::Way way) const
{
    if (entity == Entity::User)
        return userStatement(m_context.fleet->queries, home.schema, m_question.find.id,
                             {withLists, {way, m_answer.recording.number}, m_question.followers, m_question.following});
    MediaParts parts;
    parts.lists = withLists;
    parts.isPersonal = m_question.unmask.has_value();
    if (way == Personal::Way::Function)
        parts.entry = parts.isPersonal ? m_answer.recording.number : 0;
    parts.ofOwner = mayBe(Entity::User);
    parts.ofMedia = mayBe(Entity::Media);
    parts.likes = m_question.likes;
    parts.comments = m_question.comments;
    parts.media = m_question.media;
    return mediaStatement(m_context.fleet->queries, home.schema, m_question.find.id, parts);
}

void EntityLook::askRow(Round &round, Asked &asked, const Home &home)
{
    const Personal::Way way = wayOf(asked.entity);
    const Sql sql = statementFor(asked.entity, home, asked.withLists, way);
    const Sql other = way != Personal::Way::Function ? Sql() : statementFor(asked.entity, home, asked.withLists, Personal::Way::Columns);
    round.ask(asked.server, [sql, other, &asked, database = home.cluster->database](Link &link) -> Result<void> {
        const auto rows = queryPersonal(link, database, asked.entity == Entity::User ? "personal" : "caption_of", sql, other);
        if (!rows && isNoSuchShard(rows.error())) {
            asked.facts.emplace();
            asked.facts->hasSchema = false;
            asked.facts->copy.isPrimary = link.isPrimary().value_or(false);
            return {};
        }
        if (!rows)
            return base::fail(rows.error());
        asked.answer = answerIn(*rows);
        if (!asked.answer)
            return base::fail(base::ErrorCode::Protocol, "the answer is no JSON object", asked.server.text());
        asked.facts = factsIn(*asked.answer, asked.entity);
        asked.facts->copy.server = asked.server;
        link.sawRole(asked.facts->copy.isPrimary);
        return {};
    });
}

/// Lists and counts are asked of the primary alone where it is known: else of every member, for the one that turns out to be it.
void EntityLook::askRows(Round &round, Entity entity, const Home &home)
{
    const fleet::Fleet &fleet = *m_context.fleet;
    const bool isOfOwnerOnly = entity == Entity::Media && !mayBe(Entity::Media);
    ServerId primary;
    for (const ServerId &id : home.cluster->servers) {
        const Link *link = m_context.links.of(id);
        if (link && link->isPrimary().value_or(false))
            primary = id;
    }
    for (const ServerId &id : home.cluster->servers) {
        const bool isAll = m_question.withRegions && !isOfOwnerOnly;
        if (!isAll && !primary.isEmpty() && id != primary)
            continue;
        const fleet::Server *server = fleet.server(id);
        if (!server)
            continue;
        const bool withLists = m_question.withLists && (primary.isEmpty() || id == primary);
        m_asked.push_back({id, server->region, entity, withLists, {}, {}});
        askRow(round, m_asked.back(), home);
    }
}

void EntityLook::askCaches(Round &round, RegionAsked &region)
{
    const fleet::Fleet &fleet = *m_context.fleet;
    std::map<ServerId, std::vector<CacheAsked *>> byMember;
    for (const fleet::Pool &pool : fleet.pools) {
        for (const Entity entity : {Entity::User, Entity::Media}) {
            if (pool.region != region.region || !mayBe(entity))
                continue;
            const std::string key = cachedKey(fleet, entity == Entity::User ? "user" : "media", m_question.find.id);
            CacheAsked &asked = region.caches.emplace_back(CacheAsked{pool.name, key, m_context.pools.memberOf(pool, key), {}});
            byMember[asked.server].push_back(&asked);
        }
    }
    for (const auto &[member, caches] : byMember) {
        std::string lines;
        for (const CacheAsked *asked : caches)
            lines += askForItem(asked->key);
        // All items of one member come in one answer; each job fills its own, so that members may fill beside each other.
        round.ask(member, [lines, caches = caches, now = m_context.clock->utcNow()](Link &link) -> Result<void> {
            const auto answer = link.memcached(lines);
            if (!answer)
                return base::fail(answer.error());
            std::string_view left = *answer;
            for (CacheAsked *asked : caches) {
                auto item = takeItem(left, asked->key, now);
                if (!item)
                    return base::fail(
                        base::Error{item.error().code, item.error().message, {}, link.server().id.text(), base::Effect::None});
                item->copy.server = asked->server;
                item->copy.pool = asked->pool;
                asked->item = std::move(*item);
            }
            return {};
        });
    }
}

void EntityLook::askRedis(Round &round, RegionAsked &region)
{
    const fleet::Fleet &fleet = *m_context.fleet;
    if (const fleet::RedisGroup *group = groupWith(fleet, fleet::RedisRole::MediaMap); group && mayBe(Entity::Media))
        region.mapServer = memberIn(fleet, group->servers, region.region);
    if (const fleet::RedisGroup *group = groupWith(fleet, fleet::RedisRole::Feeds); group && mayBe(Entity::User))
        region.feedServer = memberIn(fleet, group->servers, region.region);
    if (!region.mapServer.isEmpty()) {
        std::uint32_t &buckets = m_context.buckets[region.mapServer];
        round.ask(region.mapServer, [&fleet, &region, &buckets, media = m_question.find.id](Link &link) -> Result<void> {
            auto copy = readMap(link, fleet, media, buckets);
            if (!copy)
                return base::fail(copy.error());
            region.map = std::move(*copy);
            return {};
        });
    }
    region.feeds.region = region.region;
    region.feeds.server = region.feedServer;
    if (region.feedServer.isEmpty())
        return;
    const std::string user = std::to_string(m_question.find.id);
    round.ask(region.feedServer,
              [&region, main = redisKey(fleet, "main_feed", "user", user),
               activity = redisKey(fleet, "activity_feed", "user", user)](Link &link) -> Result<void> {
                  const auto replies = link.redis({{"LLEN", main}, {"LLEN", activity}});
                  if (!replies) {
                      region.feeds.mainFeed = region.feeds.activityFeed = tl::unexpected(whyUnknown(replies.error()));
                      return base::fail(replies.error());
                  }
                  const auto read = [](const redis::Reply &reply) -> Known<std::int64_t> {
                      return reply.isError() ? Known<std::int64_t>(facts::unknown(facts::WhyUnknown::Unreadable, reply.text))
                                             : Known<std::int64_t>(reply.integer);
                  };
                  region.feeds.mainFeed = read(replies->at(0));
                  region.feeds.activityFeed = read(replies->at(1));
                  return {};
              });
}

void EntityLook::askRegions(Round &round)
{
    for (const fleet::Region &region : m_context.fleet->regions) {
        m_regions.emplace_back();
        m_regions.back().region = region.name;
        askCaches(round, m_regions.back());
        askRedis(round, m_regions.back());
    }
}

void EntityLook::askAll()
{
    m_asked.clear();
    m_regions.clear();
    Round round(m_context.links, Stage::Rows);
    if (m_users)
        askRows(round, Entity::User, *m_users);
    if (m_media)
        askRows(round, Entity::Media, *m_media);
    if (m_question.withRegions)
        askRegions(round);
    round.run(m_rounds);
    // Where only the likely primary was asked and is silent, the others are.
    const bool isAnswered = std::any_of(m_asked.begin(), m_asked.end(), [](const Asked &asked) { return asked.facts.has_value(); });
    if (isAnswered || m_question.withRegions)
        return;
    Round others(m_context.links, Stage::Rows);
    for (const auto &[entity, home] : {std::pair(Entity::User, m_users), std::pair(Entity::Media, m_media)}) {
        for (std::size_t i = 0; home && i < home->cluster->servers.size(); ++i) {
            const ServerId &id = home->cluster->servers[i];
            const bool wasAsked = std::any_of(m_asked.begin(), m_asked.end(), [&](const Asked &asked) { return asked.server == id; });
            const fleet::Server *server = m_context.fleet->server(id);
            if (wasAsked || !server)
                continue;
            m_asked.push_back({id, server->region, entity, m_question.withLists, {}, {}});
            askRow(others, m_asked.back(), *home);
        }
    }
    others.run(m_rounds);
}

bool EntityLook::isShardMissing() const
{
    return std::any_of(m_asked.begin(), m_asked.end(), [](const Asked &asked) { return asked.facts.has_value(); }) &&
           std::all_of(m_asked.begin(), m_asked.end(), [](const Asked &asked) { return !asked.facts || !asked.facts->hasSchema; });
}

void EntityLook::run()
{
    place();
    askAll();
    // A kept map may be older than a move: it is read anew, once.
    if (isShardMissing() && m_context.places.hasMap()) {
        m_context.places.forget();
        Round round(m_context.links, Stage::Place);
        m_context.places.askFor(round);
        round.run(m_rounds);
        m_context.places.settle(m_rounds);
        const auto users = m_users;
        const auto media = m_media;
        place();
        const bool hasMoved =
            (users && m_users && users->cluster != m_users->cluster) || (media && m_media && media->cluster != m_media->cluster);
        if (hasMoved)
            askAll();
    }
    decide();
    fillCards();
    if (m_comment == 0) {
        lookAtOwner();
        lookAtSessions();
    }
    verdict();
}

/// The primary's row; without one the row of the standby that has replayed most.
const EntityLook::Asked *EntityLook::truthOf(Entity entity) const
{
    const Asked *best = nullptr;
    for (const Asked &asked : m_asked) {
        if (asked.entity != entity || !asked.facts || !asked.facts->hasSchema)
            continue;
        const bool isBetter =
            !best || (asked.facts->copy.isPrimary && !best->facts->copy.isPrimary) ||
            (asked.facts->copy.isPrimary == best->facts->copy.isPrimary && asked.facts->copy.position > best->facts->copy.position);
        if (isBetter)
            best = &asked;
    }
    return best;
}

/// What the ID is the ID of.
void EntityLook::decide()
{
    const Asked *user = mayBe(Entity::User) ? truthOf(Entity::User) : nullptr;
    const Asked *media = mayBe(Entity::Media) ? truthOf(Entity::Media) : nullptr;
    const auto isThere = [](const Asked *asked) { return asked && asked->facts->copy.state != CopyState::Absent; };
    const auto commentOf = [](const Asked *asked) -> std::uint64_t {
        const bool isComment =
            asked && asked->answer && asked->answer->contains("comment_of") && (*asked->answer)["comment_of"].is_number();
        return isComment ? (*asked->answer)["comment_of"].get<std::uint64_t>() : 0;
    };
    m_isShardThere = m_isShardThere && !isShardMissing();
    m_answer.id->isShardThere = m_isShardThere;
    if (!m_users && !m_media && m_isPlaceSilent)
        m_answer.id->isShardThere = facts::unknown(facts::WhyUnknown::ServerSilent);
    const Asked *truth = nullptr;
    if (isThere(user)) {
        m_answer.entity = Entity::User;
        truth = user;
    } else if (isThere(media)) {
        m_answer.entity = Entity::Media;
        truth = media;
    } else if (commentOf(media) != 0) {
        m_answer.entity = Entity::Comment;
        m_comment = commentOf(media);
        truth = media;
    } else {
        const bool isKnownKind =
            m_question.find.kind == Kind::Media || m_question.find.kind == Kind::User || m_question.find.kind == Kind::UserName;
        if (isKnownKind)
            m_answer.entity = mayBe(Entity::Media) ? Entity::Media : Entity::User;
        // Of an ID of either kind, nothing is there only if both kinds' shards say so.
        const bool isHalf = m_question.find.kind == Kind::Id && (m_isPlaceSilent || ((!user || !media) && m_users && m_media));
        truth = isHalf ? nullptr : media ? media : user;
    }
    if (!truth)
        return;
    if (truth->answer) {
        m_answer.id->before = neighbourIn(*truth->answer, "before");
        m_answer.id->after = neighbourIn(*truth->answer, "after");
    }
    m_truth = truth->facts;
    m_isPrimarySilent = !truth->facts->copy.isPrimary;
}

} // namespace shardlens::inspect::lookup
