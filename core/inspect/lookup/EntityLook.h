// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/inspect/lookup/Context.h"
#include "core/inspect/lookup/Judge.h"

#include <nlohmann/json.hpp>

namespace shardlens::inspect::lookup {

/// Looks one user or media up: its rows on every server of its cluster, its cached items, its map entries, in one round; then what
/// depends on them. The look was recorded before. Used once, in the looker's thread.
class EntityLook
{
public:
    EntityLook(Context &context, const Question &question, Answer &answer, Rounds &rounds)
        : m_context(context), m_question(question), m_answer(answer), m_rounds(rounds)
    {
    }

    void run();
    /// The media that a comment belongs to, where the ID was a comment's; else 0.
    [[nodiscard]] std::uint64_t commentOf() const { return m_comment; }

private:
    /// The row of one entity on one server.
    struct Asked {
        ServerId server;
        RegionName region;
        Entity entity = Entity::User;
        bool withLists = false;
        std::optional<nlohmann::json> answer;
        std::optional<RowFacts> facts;
    };
    /// A key on its member of one pool.
    struct CacheAsked {
        PoolName pool;
        std::string key;
        ServerId server;
        std::optional<CachedFacts> item;
    };
    /// What one region's other servers tell.
    struct RegionAsked {
        RegionName region;
        std::deque<CacheAsked> caches; ///< each key in every pool; a deque: jobs keep references
        ServerId mapServer;
        std::optional<MapCopy> map;
        ServerId feedServer;
        FeedLength feeds;
    };

    [[nodiscard]] bool mayBe(Entity entity) const;
    void place();
    void askRows(Round &round, Entity entity, const Home &home);
    void askRow(Round &round, Asked &asked, const Home &home);
    void askRegions(Round &round);
    void askCaches(Round &round, RegionAsked &region);
    void askRedis(Round &round, RegionAsked &region);
    [[nodiscard]] Sql statementFor(Entity entity, const Home &home, bool withLists, Personal::Way way) const;
    [[nodiscard]] Personal::Way wayOf(Entity entity) const;
    bool isShardMissing() const;
    void askAll();

    [[nodiscard]] const Asked *truthOf(Entity entity) const;
    void decide();
    void readListsElsewhere(Entity entity);
    void fillCards();
    void lookAtOwner();
    void lookAtSessions();
    [[nodiscard]] RegionFacts factsOf(const RegionAsked &region) const;
    void verdict();
    [[nodiscard]] ReadFrom readFrom(const Home &home, const Asked &asked) const;

    Context &m_context;
    const Question &m_question;
    Answer &m_answer;
    Rounds &m_rounds;
    std::optional<Home> m_users;
    std::optional<Home> m_media;
    std::deque<Asked> m_asked; ///< a deque: jobs keep references
    std::deque<RegionAsked> m_regions;
    std::optional<RowFacts> m_truth;
    std::uint64_t m_comment = 0; ///< the media that the ID's comment belongs to
    bool m_isPrimarySilent = false;
    bool m_isShardThere = true;
    bool m_isPlaceSilent = false; ///< without a map: who may have the shard does not answer
    bool m_isFuture = false;
    Known<bool> m_ownerExists = facts::notAsked<bool>();
};

} // namespace shardlens::inspect::lookup
