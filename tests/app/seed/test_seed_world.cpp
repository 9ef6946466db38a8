// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/schema/Schema.h"
#include "app/localfleet/seed/Feeds.h"
#include "app/localfleet/seed/MediaMap.h"
#include "app/localfleet/seed/Model.h"
#include "app/localfleet/seed/Rows.h"
#include "core/ids/Anatomy.h"

#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace shardlens;
using namespace shardlens::seed;

namespace
{

constexpr std::int64_t now = 1'795'300'000'000;

WorldParameters small(std::uint64_t number = 1)
{
    WorldParameters parameters;
    parameters.users = 3000;
    parameters.media = 9000;
    parameters.seed = number;
    parameters.nowMs = now;
    parameters.shards = 64;
    return parameters;
}

std::string everything(const World &world)
{
    const ByShard index(world);
    std::string text;
    for (std::uint32_t shard = 0; shard < world.parameters.shards; ++shard) {
        for (const auto &tables : {usersShardRows(world, index, shard), mediaShardRows(world, index, shard)}) {
            for (const auto &table : tables)
                text += table.table + table.columns + table.lines;
        }
    }
    return text;
}

} // namespace

class TestSeedWorld : public QObject
{
    Q_OBJECT

    World m_world = makeWorld(small());

private Q_SLOTS:
    void theSameNumberMakesTheSameWorld()
    {
        const std::string first = everything(m_world);
        QVERIFY(first == everything(makeWorld(small())));
        QVERIFY(first != everything(makeWorld(small(2))));
    }

    void namesAndIdsAreUniqueAndIdsTellShardAndTime()
    {
        std::set<std::string> names;
        std::set<std::uint64_t> ids;
        for (const auto &user : m_world.users) {
            QVERIFY(names.insert(user.name).second);
            QVERIFY(user.name.size() <= 30 && !user.name.empty());
            QVERIFY(ids.insert(user.id).second);
            const auto anatomy = ids::anatomy(user.id, m_world.parameters.layout);
            QCOMPARE(anatomy.shard.value, user.shard);
            QCOMPARE(anatomy.mintedMs, user.createdMs);
            QVERIFY(user.createdMs < now);
        }
        ids.clear();
        for (const auto &item : m_world.media) {
            QVERIFY(ids.insert(item.id).second);
            QCOMPARE(ids::anatomy(item.id, m_world.parameters.layout).shard.value, m_world.shardOf(item));
            QVERIFY(item.createdMs < now && item.createdMs >= m_world.users[item.owner].createdMs);
        }
    }

    void storedCountsAreThoseOfTheRows()
    {
        std::vector<std::uint32_t> followers(m_world.users.size()), following(m_world.users.size()), posts(m_world.users.size());
        std::vector<std::uint32_t> likes(m_world.media.size()), comments(m_world.media.size());
        for (const auto &follow : m_world.follows) {
            ++following[follow.from];
            ++followers[follow.to];
        }
        for (const auto &item : m_world.media)
            posts[item.owner] += item.isDeleted ? 0 : 1;
        for (const auto &like : m_world.likes)
            ++likes[like.media];
        for (const auto &comment : m_world.comments)
            comments[comment.media] += comment.isDeleted ? 0 : 1;
        for (std::size_t i = 0; i < m_world.users.size(); ++i) {
            QCOMPARE(m_world.users[i].followerCount, followers[i]);
            QCOMPARE(m_world.users[i].followingCount, following[i]);
            QCOMPARE(m_world.users[i].mediaCount, posts[i]);
        }
        for (std::size_t i = 0; i < m_world.media.size(); ++i) {
            QCOMPARE(m_world.media[i].likeCount, likes[i]);
            QCOMPARE(m_world.media[i].commentCount, comments[i]);
        }
    }

    void nobodyFollowsOrLikesTwiceAndTheDeletedDoNothing()
    {
        std::set<std::pair<std::uint32_t, std::uint32_t>> seen;
        for (const auto &follow : m_world.follows) {
            QVERIFY(follow.from != follow.to);
            QVERIFY(seen.insert({follow.from, follow.to}).second);
            QVERIFY(!m_world.users[follow.from].isDeleted && !m_world.users[follow.to].isDeleted);
        }
        seen.clear();
        for (const auto &like : m_world.likes) {
            QVERIFY(seen.insert({like.media, like.user}).second);
            QVERIFY(!m_world.media[like.media].isDeleted && !m_world.users[like.user].isDeleted);
            QVERIFY(like.atMs < now && like.atMs >= m_world.media[like.media].createdMs);
        }
    }

    void fameHasAHeavyTail()
    {
        std::vector<std::uint32_t> followers;
        for (const auto &user : m_world.users)
            followers.push_back(user.followerCount);
        std::sort(followers.begin(), followers.end());
        const auto median = followers[followers.size() / 2];
        QVERIFY2(followers.back() > 50 * std::max<std::uint32_t>(median, 1), qPrintable(QString::number(followers.back())));
        QVERIFY(std::any_of(m_world.media.begin(), m_world.media.end(), [](const Media &item) { return item.isDeleted; }));
        QVERIFY(std::any_of(m_world.users.begin(), m_world.users.end(), [](const User &user) { return user.isDeleted; }));
    }

    void everyRowIsInExactlyOneShard()
    {
        const ByShard index(m_world);
        std::map<std::string, std::int64_t> rows;
        for (std::uint32_t shard = 0; shard < m_world.parameters.shards; ++shard) {
            std::int64_t inShard = 0;
            for (const auto &table : usersShardRows(m_world, index, shard)) {
                QCOMPARE(std::count(table.lines.begin(), table.lines.end(), '\n'), table.rows);
                rows["users/" + table.table] += table.rows;
                inShard += table.rows;
            }
            QCOMPARE(inShard, index.rowsOfUsersShard(shard));
            inShard = 0;
            for (const auto &table : mediaShardRows(m_world, index, shard)) {
                rows["media/" + table.table] += table.rows;
                inShard += table.rows;
            }
            QCOMPARE(inShard, index.rowsOfMediaShard(shard));
        }
        QCOMPARE(rows["users/users"] + rows["users/deleted"], std::int64_t(m_world.users.size()));
        QCOMPARE(rows["users/follows"], std::int64_t(m_world.follows.size()));
        QCOMPARE(rows["users/followers"], std::int64_t(m_world.follows.size()));
        QCOMPARE(rows["users/liked_by_user"], rows["media/likes"]);
        QCOMPARE(rows["media/media"] + rows["media/comments"] + rows["media/deleted"],
                 std::int64_t(m_world.media.size() + m_world.comments.size()));
    }

    void aFeedIsNewestFirstAndTrimmed()
    {
        World world;
        world.users.resize(3);
        for (std::uint64_t i = 0; i < 10; ++i) {
            world.media.push_back({100 + i, static_cast<std::uint32_t>(i % 2), 0, false, 0, 0});
        }
        const std::vector<std::vector<std::uint32_t>> mediaOfUser{{0, 2, 4, 6, 8}, {1, 3, 5, 7, 9}, {}};
        QCOMPARE(mainFeed(world, mediaOfUser, {0, 1}, 4), (std::vector<std::uint64_t>{109, 108, 107, 106}));
        QCOMPARE(mainFeed(world, mediaOfUser, {0}, 500), (std::vector<std::uint64_t>{108, 106, 104, 102, 100}));
        QCOMPARE(mainFeed(world, mediaOfUser, {2}, 500), std::vector<std::uint64_t>());
    }

    void bucketsFillButNeverBeyondTheEncoding_data()
    {
        QTest::addColumn<int>("media");
        for (const int media : {1, 479, 9000, 100'000, 123'456, 400'000})
            QTest::addRow("%d media", media) << media;
    }
    void bucketsFillButNeverBeyondTheEncoding()
    {
        QFETCH(int, media);
        const auto buckets = bucketsFor(static_cast<std::uint64_t>(media));
        std::vector<int> fields(buckets, 0);
        for (int i = 0; i < media; ++i) {
            const std::uint64_t id =
                (std::uint64_t(480'000'000'000 + i * 977LL) << 23) | (std::uint64_t(i * 31 % 1024) << 10) | std::uint64_t(i % 1024);
            ++fields[bucketOf(id, buckets)];
        }
        QVERIFY2(*std::max_element(fields.begin(), fields.end()) <= 1100,
                 qPrintable(QString::number(*std::max_element(fields.begin(), fields.end()))));
        if (media >= 9000)
            QVERIFY(*std::min_element(fields.begin(), fields.end()) > 200);
    }

    void aSplitMovesOnlyWhatGoesIntoTheNewBucket()
    {
        for (std::uint32_t buckets = 1; buckets < 300; ++buckets) {
            const auto splitFrom = buckets - std::bit_floor(buckets);
            for (std::uint64_t id = 1; id < 40'000'000'000'000; id = id * 3 + 7919) {
                const auto before = bucketOf(id, buckets);
                const auto after = bucketOf(id, buckets + 1);
                QVERIFY(before < buckets && after <= buckets);
                if (before != after) {
                    QCOMPARE(after, buckets);
                    QCOMPARE(before, splitFrom);
                }
            }
        }
    }

    void writesTimesAsPostgresReadsThem()
    {
        QCOMPARE(timestampText(1'314'220'021'721), std::string("2011-08-24 21:07:01.721+00"));
        QCOMPARE(timestampText(0), std::string("1970-01-01 00:00:00.000+00"));
    }

    void shardsLieInContiguousBlocks()
    {
        fleet::Fleet fleet;
        fleet::Partition users{fleet::PartitionName("users"), "insta{shard}", 1024, {}};
        for (const char *name : {"u1", "u2", "m1"})
            fleet.clusters.push_back({fleet::ClusterName(name), fleet::PartitionName(name[0] == 'u' ? "users" : "media"), {}, {}, "insta"});
        const auto where = [&](std::uint32_t number) { return schema::placement(fleet, users, base::ShardNumber{number}).text(); };
        QCOMPARE(where(0), std::string("u1"));
        QCOMPARE(where(511), std::string("u1"));
        QCOMPARE(where(512), std::string("u2"));
        QCOMPARE(where(1023), std::string("u2"));
        QCOMPARE(where(1024), std::string());
    }

    void aShardsStatementsAreCompleteAndSpeakOfTheirPartition()
    {
        const std::string users = schema::shard(base::PartitionName("users"), "insta5", base::ShardNumber{5}, {});
        const std::string media = schema::shard(base::PartitionName("media"), "insta5", base::ShardNumber{5}, {});
        for (const auto &text : {users, media}) {
            const auto code = text.substr(text.find("create schema"));
            QVERIFY2(code.find('{') == std::string::npos, code.c_str());
            QVERIFY(code.find("5::bigint << 10") != std::string::npos);
        }
        QVERIFY(users.find("create table insta5.liked_by_user") != std::string::npos);
        QVERIFY(media.find("create table insta5.comments") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestSeedWorld)
#include "test_seed_world.moc"
