// SPDX-License-Identifier: GPL-3.0-or-later
// What an entity's look makes of the rows: cards, what depends on them, a row a region, the verdict.
#include "core/inspect/lookup/EntityLook.h"

#include "core/inspect/lookup/MediaMap.h"
#include "core/inspect/lookup/SessionSearch.h"

#include <algorithm>

namespace shardlens::inspect::lookup {

using base::Result;

ReadFrom EntityLook::readFrom(const Home &home, const Asked &asked) const
{
    ReadFrom from{home.cluster->name, home.schema, asked.server, {}, !asked.facts->copy.isPrimary};
    for (const ServerId &id : home.cluster->servers) {
        const fleet::Server *server = m_context.fleet->server(id);
        Link *link = m_context.links.of(id);
        const bool isSilent =
            std::any_of(m_rounds.troubles.begin(), m_rounds.troubles.end(), [&](const Trouble &trouble) { return trouble.server == id; });
        if (server && link && link->isPrimary().value_or(false) && !isSilent)
            from.masterRegion = server->region;
    }
    return from;
}

/// The primary is silent, and the standby that stands in for it was asked for its row alone.
void EntityLook::readListsElsewhere(Entity entity)
{
    const Asked *truth = truthOf(entity);
    const std::optional<Home> &home = entity == Entity::User ? m_users : m_media;
    if (!truth || !home || !m_question.withLists || truth->withLists)
        return;
    Asked &again = const_cast<Asked &>(*truth); // one of m_asked
    again.withLists = true;
    Round round(m_context.links, Stage::Lists);
    askRow(round, again, *home);
    round.run(m_rounds);
}

void EntityLook::fillCards()
{
    const bool isUser = m_answer.entity == Entity::User;
    const bool isMedia = m_answer.entity == Entity::Media;
    if (isUser && m_users) {
        readListsElsewhere(Entity::User);
        readListsElsewhere(Entity::Media);
        const Asked *truth = truthOf(Entity::User);
        UserCard card;
        card.id = m_question.find.id;
        if (truth && truth->answer) {
            card.from = readFrom(*m_users, *truth);
            fillUser(card, *truth->answer, m_question, m_context.fleet->queries);
        }
        if (const Asked *posts = truthOf(Entity::Media); posts && posts->answer)
            fillPosted(card, *posts->answer, m_question);
        else if (m_question.withLists)
            card.media.actual =
                tl::unexpected(facts::Unknown{facts::WhyUnknown::ServerSilent, m_media ? m_media->cluster->name.text() : std::string()});
        for (RegionAsked &region : m_regions) {
            if (!region.feedServer.isEmpty())
                card.feeds.push_back(region.feeds);
        }
        m_answer.user = std::move(card);
    }
    if (isMedia && m_media) {
        readListsElsewhere(Entity::Media);
        const Asked *truth = truthOf(Entity::Media);
        MediaCard card;
        card.id = m_question.find.id;
        if (truth && truth->answer) {
            card.from = readFrom(*m_media, *truth);
            fillMedia(card, *truth->answer, m_question);
        }
        m_answer.media = std::move(card);
    }
}

/// The owner's row, in short: by the media's row, else by the map.
void EntityLook::lookAtOwner()
{
    if (m_answer.entity != Entity::Media || !m_answer.media)
        return;
    std::uint64_t owner = m_answer.media->owner;
    for (const RegionAsked &region : m_regions) {
        if (owner == 0 && region.map)
            owner = region.map->owner;
    }
    m_answer.media->owner = owner;
    const fleet::Partition *partition = m_context.places.partitionOf(fleet::RowKind::Users);
    if (owner == 0 || !partition)
        return;
    const base::ShardNumber shard = ids::anatomy(owner, m_context.fleet->idLayout).shard;
    auto home = m_context.places.home(*partition, shard);
    if (!home) {
        const auto found = m_context.places.find(*partition, shard, m_rounds);
        if (!found) {
            m_ownerExists = tl::unexpected(whyUnknown(found.error()));
            m_answer.media->ownerName = tl::unexpected(m_ownerExists.error());
        }
        home = found.value_or(std::nullopt);
    }
    if (!home)
        return;
    const Personal::Way way = wayOf(Entity::User);
    const Sql sql = userStatement(m_context.fleet->queries, home->schema, owner, {false, {way, m_answer.recording.number}, {}, {}});
    const Sql other =
        way == Personal::Way::Masked ? Sql() : userStatement(m_context.fleet->queries, home->schema, owner, {false, {Personal::Way::Columns, 0}, {}, {}});
    std::vector<ServerId> members = nearestFirst(*m_context.fleet, *home->cluster, m_context.ground->from);
    const ServerId likely = likelyPrimary(m_context.links, *home->cluster);
    std::stable_partition(members.begin(), members.end(), [&](const ServerId &id) { return id == likely; });
    for (const ServerId &id : members) {
        Asked asked{id, {}, Entity::User, false, {}, {}};
        Round round(m_context.links, Stage::Owner);
        round.ask(id, [&](Link &link) -> Result<void> {
            const auto rows = queryPersonal(link, home->cluster->database, "personal", sql, other);
            if (!rows)
                return base::fail(rows.error());
            asked.answer = answerIn(*rows);
            if (asked.answer) {
                asked.facts = factsIn(*asked.answer, Entity::User);
                link.sawRole(asked.facts->copy.isPrimary);
            }
            return {};
        });
        round.run(m_rounds);
        if (!asked.answer)
            continue;
        UserCard card;
        card.id = owner;
        card.from = readFrom(*home, asked);
        fillUser(card, *asked.answer, m_question, m_context.fleet->queries);
        m_ownerExists = card.exists;
        if (card.exists)
            m_answer.media->ownerName = card.name;
        m_answer.user = std::move(card);
        return;
    }
    m_ownerExists = tl::unexpected(facts::Unknown{facts::WhyUnknown::ServerSilent, likely.text()});
    m_answer.media->ownerName = tl::unexpected(m_ownerExists.error());
}

void EntityLook::lookAtSessions()
{
    if (!m_question.withSessions || !m_answer.user || m_answer.entity != Entity::User)
        return;
    const fleet::RedisGroup *group = groupWith(*m_context.fleet, fleet::RedisRole::Sessions);
    if (!group || group->servers.empty()) {
        m_answer.user->sessions = facts::unknown(facts::WhyUnknown::NotConfigured, "sessions");
        return;
    }
    ServerId server = memberIn(*m_context.fleet, group->servers, m_context.ground->from);
    if (server.isEmpty())
        server = group->servers.front();
    Known<Sessions> &into = m_answer.user->sessions;
    Round round(m_context.links, Stage::Sessions);
    round.ask(server, [&, pattern = redisKey(*m_context.fleet, "session", "token", "*")](Link &link) -> Result<void> {
        auto found = searchSessions(link, pattern, m_question.find.id);
        if (!found) {
            into = tl::unexpected(whyUnknown(found.error()));
            return base::fail(found.error());
        }
        into = std::move(*found);
        return {};
    });
    round.run(m_rounds);
}

RegionFacts EntityLook::factsOf(const RegionAsked &region) const
{
    RegionFacts facts;
    facts.region = region.region;
    const Entity entity = m_answer.entity == Entity::User               ? Entity::User
                          : m_answer.entity == Entity::None && !m_media ? Entity::User
                                                                        : Entity::Media;
    const Asked *own = nullptr;
    const Asked *standIn = nullptr;
    for (const Asked &asked : m_asked) {
        if (asked.entity != entity)
            continue;
        if (asked.region == region.region && !(own && own->facts))
            own = &asked;
        // Its router would lead to another standby first.
        const bool isBetter = asked.facts && (!standIn || (standIn->facts->copy.isPrimary && !asked.facts->copy.isPrimary));
        if (isBetter)
            standIn = &asked;
    }
    if (own && own->facts) {
        facts.row = *own->facts;
    } else if (standIn) {
        facts.row = *standIn->facts;
        facts.row->copy.standsFor = own ? own->server : ServerId();
    } else {
        facts.row = tl::unexpected(own ? whySilent(m_rounds, own->server) : facts::Unknown{facts::WhyUnknown::ServerSilent, {}});
    }
    const std::string key = cachedKey(*m_context.fleet, entity == Entity::User ? "user" : "media", m_question.find.id);
    std::vector<Known<CachedFacts>> copies;
    for (const CacheAsked &asked : region.caches) {
        if (asked.key == key)
            copies.push_back(asked.item ? Known<CachedFacts>(*asked.item) : Known<CachedFacts>(tl::unexpected(whySilent(m_rounds, asked.server))));
    }
    const bool hasPool = std::any_of(m_context.fleet->pools.begin(), m_context.fleet->pools.end(), [&](const fleet::Pool &pool) { return pool.region == region.region; });
    if (!hasPool)
        facts.cached = facts::unknown(facts::WhyUnknown::NotConfigured, region.region.text());
    else if (copies.empty())
        facts.cached = tl::unexpected(facts::Unknown{});
    takeCopies(facts, copies);
    if (entity == Entity::Media && region.map)
        facts.map = *region.map;
    else if (entity == Entity::Media)
        facts.map = tl::unexpected(region.mapServer.isEmpty() ? facts::Unknown{facts::WhyUnknown::NotConfigured, region.region.text()}
                                                              : whySilent(m_rounds, region.mapServer));
    return facts;
}

void EntityLook::verdict()
{
    TraceFacts facts;
    facts.entity = m_answer.entity;
    facts.truth = m_truth;
    facts.isPrimarySilent = m_isPrimarySilent;
    facts.isFuture = m_isFuture;
    facts.isShardThere = m_isShardThere;
    facts.ownerExists = m_ownerExists;
    facts.askedOwner = m_question.find.owner;
    facts.now = m_context.clock->utcNow();
    if (m_answer.user && m_answer.entity == Entity::User && m_answer.user->exists)
        facts.hasMiscount =
            m_answer.user->followers.isMiscount() || m_answer.user->following.isMiscount() || m_answer.user->media.isMiscount();
    if (m_answer.media && m_answer.media->exists)
        facts.hasMiscount = m_answer.media->likes.isMiscount() || m_answer.media->comments.isMiscount();
    if (m_comment == 0) {
        for (const RegionAsked &region : m_regions)
            facts.regions.push_back(factsOf(region));
    }
    m_answer.regions = regionRows(facts);
    m_answer.verdict = judge(facts, m_answer.regions);
    // A comment has no copies of its own: it exists where its media's shard says so.
    if (m_comment != 0) {
        m_answer.verdict = {};
        m_answer.verdict.outcome = Outcome::Exists;
        m_answer.verdict.since = m_answer.id->anatomy.mintedAt();
    }
}

} // namespace shardlens::inspect::lookup
