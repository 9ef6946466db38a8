// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Model.h"

#include "app/localfleet/seed/Random.h"
#include "app/localfleet/seed/Words.h"

#include <algorithm>
#include <cmath>
#include <unordered_set>

namespace shardlens::seed
{

namespace
{

constexpr std::int64_t dayMs = 86'400'000;
constexpr std::int64_t oldestMs = 3 * 365 * dayMs; ///< the first people joined so long before now

// Streams of numbers: each part draws its own, so that one may change without moving the others.
enum Stream : std::uint64_t { People = 1, Graph, Posts, Likes, Comments };

/// Draws indexes in proportion to weights.
class Lottery
{
public:
    explicit Lottery(const std::vector<double> &weights)
    {
        m_sums.reserve(weights.size());
        double sum = 0;
        for (const double weight : weights)
            m_sums.push_back(sum += weight);
    }
    std::uint32_t draw(Random &random) const
    {
        const auto at = std::upper_bound(m_sums.begin(), m_sums.end(), random.unit() * m_sums.back());
        return static_cast<std::uint32_t>(std::min<std::ptrdiff_t>(at - m_sums.begin(), static_cast<std::ptrdiff_t>(m_sums.size()) - 1));
    }

private:
    std::vector<double> m_sums;
};

/// Mints IDs as next_id() does: each shard counts its own sequence.
class Mint
{
public:
    Mint(const ids::IdLayout &layout, std::uint32_t shards) : m_layout(layout), m_sequence(shards, 0) {}
    std::uint64_t operator()(std::int64_t ms, std::uint32_t shard)
    {
        const auto time = static_cast<std::uint64_t>(std::max<std::int64_t>(ms - m_layout.epochMs, 0));
        return (time << (m_layout.shardBits + m_layout.sequenceBits)) | (std::uint64_t(shard) << m_layout.sequenceBits) |
               (++m_sequence[shard] & m_layout.lastSequence());
    }

private:
    ids::IdLayout m_layout;
    std::vector<std::uint64_t> m_sequence;
};

/// A moment from `from` to now, the nearer to now the likelier.
std::int64_t momentSince(Random &random, std::int64_t from, std::int64_t nowMs)
{
    const double back = std::pow(random.unit(), 1.7);
    return nowMs - 1 - static_cast<std::int64_t>(back * static_cast<double>(std::max<std::int64_t>(nowMs - from - 1, 0)));
}

/// How well known each user is: by a shuffled rank, so that fame has nothing to do with age.
std::vector<double> fame(const WorldParameters &parameters)
{
    Random random(parameters.seed, Stream::Graph + 100);
    std::vector<std::uint32_t> rank(parameters.users);
    for (std::uint32_t i = 0; i < parameters.users; ++i)
        rank[i] = i;
    for (std::uint32_t i = parameters.users; i > 1; --i)
        std::swap(rank[i - 1], rank[random.below(i)]);
    std::vector<double> weights(parameters.users);
    for (std::uint32_t i = 0; i < parameters.users; ++i)
        weights[i] = std::pow(rank[i] + 6.0, -0.85);
    return weights;
}

void makePeople(World &world)
{
    const auto &parameters = world.parameters;
    std::unordered_set<std::string> taken;
    std::vector<std::int64_t> joined(parameters.users);
    Random random(parameters.seed, Stream::People);
    for (auto &ms : joined)
        ms = momentSince(random, parameters.nowMs - oldestMs, parameters.nowMs - dayMs);
    std::sort(joined.begin(), joined.end());
    Mint mint(parameters.layout, parameters.shards);
    world.users.resize(parameters.users);
    for (std::uint32_t i = 0; i < parameters.users; ++i) {
        User &user = world.users[i];
        const auto [name, full] = personName(random);
        user.createdMs = user.updatedMs = joined[i];
        user.shard = static_cast<std::uint32_t>(random.below(parameters.shards));
        user.id = mint(user.createdMs, user.shard);
        user.fullName = full;
        user.name = name;
        for (std::uint32_t n = 1; !taken.insert(user.name).second; ++n)
            user.name = name + std::to_string(random.below(10 * (n + 9)));
        user.isPrivate = random.chance(0.18);
        user.isDeleted = random.chance(0.003);
    }
}

void makeGraph(World &world, const Lottery &lottery)
{
    Random random(world.parameters.seed, Stream::Graph);
    std::unordered_set<std::uint32_t> followed;
    for (std::uint32_t from = 0; from < world.users.size(); ++from) {
        if (world.users[from].isDeleted)
            continue;
        followed.clear();
        const auto wanted = std::min<double>(random.lognormal(8, 1.0), 0.2 * static_cast<double>(world.users.size()));
        for (int n = 0; n < static_cast<int>(wanted); ++n) {
            const std::uint32_t to = lottery.draw(random);
            if (to == from || world.users[to].isDeleted || !followed.insert(to).second)
                continue;
            const auto since = std::max(world.users[from].createdMs, world.users[to].createdMs);
            world.follows.push_back({from, to, momentSince(random, since, world.parameters.nowMs)});
            ++world.users[from].followingCount;
            ++world.users[to].followerCount;
        }
    }
}

void makePosts(World &world)
{
    const auto &parameters = world.parameters;
    Random random(parameters.seed, Stream::Posts);
    std::vector<double> weights(world.users.size());
    for (std::size_t i = 0; i < weights.size(); ++i)
        weights[i] = world.users[i].isDeleted ? 0 : random.lognormal(1, 1.1) + 0.002 * world.users[i].followerCount;
    const Lottery lottery(weights);
    world.media.resize(parameters.media);
    for (Media &item : world.media) {
        item.owner = lottery.draw(random);
        item.createdMs = momentSince(random, world.users[item.owner].createdMs, parameters.nowMs);
        item.isDeleted = random.chance(0.015);
    }
    std::sort(world.media.begin(), world.media.end(),
              [](const Media &a, const Media &b) { return a.createdMs != b.createdMs ? a.createdMs < b.createdMs : a.owner < b.owner; });
    Mint mint(parameters.layout, parameters.shards);
    for (Media &item : world.media) {
        User &owner = world.users[item.owner];
        item.id = mint(item.createdMs, owner.shard);
        owner.mediaCount += item.isDeleted ? 0 : 1;
        owner.updatedMs = std::max(owner.updatedMs, item.createdMs);
    }
}

/// Who follows each user, so that likes and comments come mostly from them.
std::vector<std::vector<std::uint32_t>> followersOf(const World &world)
{
    std::vector<std::vector<std::uint32_t>> followers(world.users.size());
    for (const Follow &follow : world.follows)
        followers[follow.to].push_back(follow.from);
    return followers;
}

class Audience
{
public:
    explicit Audience(const World &world) : m_world(world), m_followers(followersOf(world)) {}

    /// Somebody who reacts to what `owner` posted: mostly a follower, and for private people nobody else. -1: nobody does.
    std::int64_t draw(Random &random, std::uint32_t owner) const
    {
        const auto &followers = m_followers[owner];
        if (!followers.empty() && random.chance(0.8))
            return followers[random.below(followers.size())];
        if (m_world.users[owner].isPrivate)
            return -1;
        const auto anybody = random.below(m_world.users.size());
        return anybody == owner || m_world.users[anybody].isDeleted ? -1 : static_cast<std::int64_t>(anybody);
    }
    [[nodiscard]] double size(std::uint32_t owner) const { return static_cast<double>(m_followers[owner].size()); }

private:
    const World &m_world;
    std::vector<std::vector<std::uint32_t>> m_followers;
};

void makeReactions(World &world)
{
    const Audience audience(world);
    Random likes(world.parameters.seed, Stream::Likes);
    Random comments(world.parameters.seed, Stream::Comments);
    Mint mint(world.parameters.layout, world.parameters.shards);
    std::unordered_set<std::uint32_t> liked;
    for (std::uint32_t i = 0; i < world.media.size(); ++i) {
        Media &item = world.media[i];
        if (item.isDeleted)
            continue;
        const auto drawMoment = [&](Random &random, std::uint32_t user) {
            return momentSince(random, std::max(item.createdMs, world.users[user].createdMs), world.parameters.nowMs);
        };
        liked.clear();
        const double expected = 1.2 + 0.1 * audience.size(item.owner);
        for (int n = static_cast<int>(likes.lognormal(expected, 0.9) + likes.unit()); n > 0; --n) {
            const auto user = audience.draw(likes, item.owner);
            if (user < 0 || !liked.insert(static_cast<std::uint32_t>(user)).second)
                continue;
            world.likes.push_back({i, static_cast<std::uint32_t>(user), drawMoment(likes, static_cast<std::uint32_t>(user))});
            ++item.likeCount;
        }
        const auto first = world.comments.size();
        for (int n = static_cast<int>(comments.lognormal(0.2 * expected, 1.0) + 0.5 * comments.unit()); n > 0; --n) {
            const auto user = audience.draw(comments, item.owner);
            if (user >= 0)
                world.comments.push_back({0, i, static_cast<std::uint32_t>(user), drawMoment(comments, static_cast<std::uint32_t>(user)),
                                          comments.chance(0.01)});
        }
        std::sort(world.comments.begin() + static_cast<std::ptrdiff_t>(first), world.comments.end(),
                  [](const Comment &a, const Comment &b) { return a.atMs < b.atMs; });
        for (auto at = first; at < world.comments.size(); ++at) {
            world.comments[at].id = mint(world.comments[at].atMs, world.shardOf(item));
            item.commentCount += world.comments[at].isDeleted ? 0 : 1;
        }
    }
}

} // namespace

std::int64_t earliestNowMs(const ids::IdLayout &layout)
{
    return layout.epochMs + oldestMs;
}

World makeWorld(const WorldParameters &parameters)
{
    World world;
    world.parameters = parameters;
    if (parameters.users == 0)
        return world;
    makePeople(world);
    makeGraph(world, Lottery(fame(parameters)));
    makePosts(world);
    makeReactions(world);
    return world;
}

ByShard::ByShard(const World &world)
{
    for (auto *list : {&users, &follows, &followers, &liked, &media, &likes, &comments})
        list->resize(world.parameters.shards);
    const auto put = [](std::vector<std::vector<std::uint32_t>> &list, std::uint32_t shard, std::size_t index) {
        list[shard].push_back(static_cast<std::uint32_t>(index));
    };
    for (std::size_t i = 0; i < world.users.size(); ++i)
        put(users, world.users[i].shard, i);
    for (std::size_t i = 0; i < world.follows.size(); ++i) {
        put(follows, world.users[world.follows[i].from].shard, i);
        put(followers, world.users[world.follows[i].to].shard, i);
    }
    for (std::size_t i = 0; i < world.media.size(); ++i)
        put(media, world.shardOf(world.media[i]), i);
    for (std::size_t i = 0; i < world.likes.size(); ++i) {
        put(likes, world.shardOf(world.media[world.likes[i].media]), i);
        put(liked, world.users[world.likes[i].user].shard, i);
    }
    for (std::size_t i = 0; i < world.comments.size(); ++i)
        put(comments, world.shardOf(world.media[world.comments[i].media]), i);
}

std::int64_t ByShard::rowsOfUsersShard(std::uint32_t shard) const
{
    return static_cast<std::int64_t>(users[shard].size() + follows[shard].size() + followers[shard].size() + liked[shard].size());
}

std::int64_t ByShard::rowsOfMediaShard(std::uint32_t shard) const
{
    return static_cast<std::int64_t>(media[shard].size() + likes[shard].size() + comments[shard].size());
}

} // namespace shardlens::seed
