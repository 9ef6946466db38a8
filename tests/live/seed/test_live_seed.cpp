// SPDX-License-Identifier: GPL-3.0-or-later
// A small fleet of real servers, seeded and worked on. One cluster a partition in two regions, 48 logical shards each.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Process.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/seed/Doors.h"
#include "app/localfleet/seed/MediaMap.h"
#include "app/localfleet/seed/Model.h"
#include "app/localfleet/seed/Seed.h"
#include "app/localfleet/traffic/Traffic.h"
#include "core/base/Iso8601.h"
#include "core/fleet/FleetFile.h"

#include <QTest>

#include <map>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;

namespace
{

constexpr std::uint32_t shardCount = 48;
constexpr std::uint32_t userCount = 400;
constexpr std::uint32_t mediaCount = 2000;
constexpr std::uint64_t seedNumber = 7;

/// A moment of the day before, so that it is no hour of the clock's.
std::int64_t worldNowMs()
{
    static const auto now = std::chrono::floor<std::chrono::hours>(std::chrono::system_clock::now()) - 26h + 1234ms;
    return std::chrono::duration_cast<base::milliseconds>(now.time_since_epoch()).count();
}

} // namespace

class TestLiveSeed : public QObject
{
    Q_OBJECT

    std::optional<localfleet::Home> m_home;
    std::optional<fleet::Fleet> m_fleet;

    base::Result<seed::Outcome> fill(const seed::ProgressCallback &progress = {}, std::shared_ptr<wire::Interrupt> stop = {})
    {
        return seed::seed(*m_fleet, {userCount, mediaCount, seedNumber, worldNowMs()}, progress, std::move(stop));
    }
    std::string sql(const char *cluster, fleet::Role role, const std::string &statement)
    {
        auto session = seed::openPrimary(*m_fleet, *m_fleet->cluster(base::ClusterName(cluster)), role, {});
        if (!session)
            return "no session: " + session.error().message;
        const auto rows = session->exec(statement, 10s);
        return rows ? rows->first() : rows.error().sqlState;
    }
    std::string redis(fleet::RedisRole role, const std::vector<std::string_view> &words)
    {
        auto session = seed::openRedisPrimary(*m_fleet, *seed::groupWith(*m_fleet, role), {});
        if (!session)
            return "no session: " + session.error().message;
        const auto reply = session->command(words, 5s);
        if (!reply)
            return reply.error().message;
        return reply->kind == redis::Reply::Kind::Integer ? std::to_string(reply->integer) : reply->text;
    }
    /// The same count in every schema of a cluster, summed up.
    std::string countIn(const char *cluster, const char *table, const char *where = "true")
    {
        std::string statement = "select sum(n) from (";
        for (std::uint32_t i = 0; i < shardCount; ++i)
            statement += (i ? " union all " : "") + std::string("select count(*) n from insta") + std::to_string(i) + "." + table +
                         " where " + where;
        return sql(cluster, fleet::Role::Ops, statement + ") x");
    }

    /// The program itself, as a person runs it: its exit code and all that it said.
    localfleet::Output seedCommand(const std::string &now)
    {
        auto command = localfleet::ownProgram("shardlens-localfleet");
        if (!command)
            return {-1, command.error().message};
        command->arguments.insert(command->arguments.end(), {"seed", "--dir", m_home->root().string(), "--seed", std::to_string(seedNumber), "--now", now});
        const auto said = localfleet::run(*command, 30s);
        return said ? *said : localfleet::Output{-1, said.error().message};
    }

private Q_SLOTS:
    void initTestCase()
    {
        m_home = *localfleet::Home::at("/tmp/shardlens-seed-" + std::to_string(::getpid()));
        QVERIFY(localfleet::Owner::become(m_home->root()));
        localfleet::Shape shape;
        shape.regions = {"us-east", "us-west"};
        shape.usersClusters = shape.mediaClusters = 1;
        shape.shards = shardCount;
        shape.cachesPerRegion = 1;
        shape.latencyMs = 1;
        localfleet::Progress progress([](const std::string &line) { qInfo("%s", line.c_str()); });
        const auto ground = localfleet::up(*m_home, &shape, progress);
        QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
        auto read = fleet::readFleetFile(m_home->fleetFile().string());
        QVERIFY(read.has_value());
        m_fleet = std::move(*read);
    }

    void cleanupTestCase()
    {
        localfleet::Progress silent;
        if (m_home)
            (void)localfleet::down(*m_home, true, silent);
    }

    void aSeedThatIsStoppedIsFinishedByTheNext()
    {
        const auto stop = std::make_shared<wire::Interrupt>();
        const auto cut = fill(
            [&](const seed::Progress &progress) {
                if (progress.total > 0)
                    stop->raise();
            },
            stop);
        QVERIFY(cut || cut.error().code == base::ErrorCode::Cancelled);
        const auto rest = fill();
        QVERIFY2(rest.has_value(), rest ? "" : rest.error().message.c_str());
        QCOMPARE(sql("directory", fleet::Role::Observer, "select count(*) from directory.shard_map"), std::to_string(2 * shardCount));
        QCOMPARE(countIn("u1", "users").empty(), false);
        QCOMPARE(countIn("u1", "follows"), countIn("u1", "followers"));
        QCOMPARE(countIn("u1", "liked_by_user"), countIn("m1", "likes"));
        QCOMPARE(sql("directory", fleet::Role::Application, "select count(*) from directory.names"), countIn("u1", "users"));
    }

    void aSecondSeedFindsNothingToDo()
    {
        const auto again = fill();
        QVERIFY(again && again->wasThere && again->rows == 0);
        const auto other = seed::seed(*m_fleet, {userCount + 1, std::nullopt, std::nullopt, std::nullopt}, {});
        QVERIFY(!other);
        QCOMPARE(other.error().code, base::ErrorCode::BadInput);
    }

    void theSameNumbersMakeTheSamePeopleAndIds()
    {
        seed::WorldParameters parameters;
        parameters.users = userCount;
        parameters.media = mediaCount;
        parameters.seed = seedNumber;
        parameters.nowMs = worldNowMs();
        parameters.shards = shardCount;
        parameters.layout = m_fleet->idLayout;
        const seed::World world = seed::makeWorld(parameters);
        std::map<std::uint64_t, std::string> people;
        for (const auto &user : world.users) {
            if (user.shard == 3 && !user.isDeleted)
                people[user.id] = user.name;
        }
        std::string expected;
        for (const auto &[id, name] : people)
            expected += (expected.empty() ? "" : ",") + name + ":" + std::to_string(id);
        QVERIFY(people.size() > 2);
        QCOMPARE(sql("u1", fleet::Role::Application, "select string_agg(name || ':' || id, ',' order by id) from insta3.users"), expected);

        const auto iso = [](std::int64_t ms) { return base::isoUtc(base::UtcTime(base::milliseconds(ms))); };
        for (const std::string &same : {iso(worldNowMs()), std::to_string(worldNowMs())}) {
            const auto said = seedCommand(same);
            QVERIFY2(said.exitCode == 0 && said.text.find("already seeded") == 0, said.text.c_str());
            QVERIFY2(said.text.find("now " + iso(worldNowMs())) != std::string::npos, said.text.c_str());
        }
        const auto hour = 3'600'000;
        for (const auto &[now, why] : {std::pair<std::string, std::string>{iso(worldNowMs() + hour), "this fleet was seeded with"},
                                       {"tea time", "is no time"},
                                       {iso(worldNowMs() + 28 * hour), "lies in the future"},
                                       {"4611686018427387903", "lies in the future"},
                                       {"2013-01-01", "is too long ago"}}) {
            const auto said = seedCommand(now);
            QVERIFY2(said.exitCode == 2 && said.text.find(why) != std::string::npos, said.text.c_str());
        }
    }

    void aShardDroppedByHandComesBackWithItsRows()
    {
        const std::string before = countIn("m1", "media");
        QCOMPARE(sql("m1", fleet::Role::Ops, "drop schema insta3 cascade"), std::string());
        const auto mended = fill();
        QVERIFY(mended && !mended->wasThere);
        QCOMPARE(mended->shardsMade, 1U);
        QCOMPARE(countIn("m1", "media"), before);
    }

    void sizesAreKnownAndRightsAreLeast()
    {
        QCOMPARE(sql("u1", fleet::Role::Observer,
                     "select count(*) from pg_class c join pg_namespace n on n.oid = relnamespace "
                     "where nspname like 'insta%' and relkind = 'r' and reltuples < 0"),
                 std::string("0"));
        QCOMPARE(sql("u1", fleet::Role::Observer, "select term from shardlens.term"), std::string("1"));
        QCOMPARE(sql("u1", fleet::Role::Observer, "select name from insta3.users limit 1"), std::string("42501"));
        QCOMPARE(sql("u1", fleet::Role::Support, "select email from insta3.users limit 1"), std::string("42501"));
        QVERIFY(sql("u1", fleet::Role::Support, "select name from insta3.users limit 1").size() > 2);
        QCOMPARE(sql("u1", fleet::Role::Application, "update shardlens.term set term = 9"), std::string("42501"));
        QCOMPARE(sql("u1", fleet::Role::Application, "drop table insta3.users"), std::string("42501"));
        QCOMPARE(sql("directory", fleet::Role::Observer, "select name from directory.names limit 1"), std::string("42501"));
        QCOMPARE(sql("directory", fleet::Role::Ops, "delete from directory.audit"), std::string("42501"));
        QVERIFY(sql("directory", fleet::Role::Support,
                    "select seq from directory.append_audit('me', 'here', 'look', 'u', 'r', '1', '{}')") == "1");
    }

    void applicationsKeepTheirRateAndTheirPromises()
    {
        traffic::Options options;
        options.rate = 40;
        options.duration = 6s;
        options.seed = 11;
        const auto sum = traffic::run(*m_fleet, options, {}, {});
        QVERIFY2(sum.has_value(), sum ? "" : sum.error().message.c_str());
        QVERIFY2(sum->failedInAll() == 0, sum->mainError.c_str());
        QVERIFY2(sum->doneInAll() >= 100, qPrintable(QString::number(sum->doneInAll())));
        QVERIFY(sum->cacheHits > 0);
        QVERIFY(sum->fannedOut > 0);
        QVERIFY(sql("m1", fleet::Role::Observer, "select count(*) from shardlens.outbox where cache_key like 'm:%'") != "0");
        QCOMPARE(sql("m1", fleet::Role::Observer, "select count(*) from shardlens.outbox where at < now() - interval '2 hours'"),
                 std::string("0"));
        QCOMPARE(countIn("u1", "follows"), countIn("u1", "followers"));
    }

    void theMapHasEveryMediaWhereItsBucketIsCounted()
    {
        const auto buckets = static_cast<std::uint32_t>(std::stoul(redis(fleet::RedisRole::MediaMap, {"GET", "mediamap:buckets"})));
        std::uint64_t fields = 0;
        for (std::uint32_t bucket = 0; bucket < buckets; ++bucket) {
            const std::string key = "mediamap:" + std::to_string(bucket);
            fields += std::stoul(redis(fleet::RedisRole::MediaMap, {"HLEN", key}));
            QCOMPARE(redis(fleet::RedisRole::MediaMap, {"OBJECT", "ENCODING", key}), std::string("listpack"));
        }
        QCOMPARE(std::to_string(fields), countIn("m1", "media"));
        QCOMPARE(redis(fleet::RedisRole::MediaMap, {"GET", "mediamap:count"}), std::to_string(fields));
        for (std::uint32_t shard = 0; shard < shardCount; shard += 5) {
            const std::string id = sql("m1", fleet::Role::Application, "select max(id) from insta" + std::to_string(shard) + ".media");
            const std::string owner =
                sql("m1", fleet::Role::Application, "select owner_id from insta" + std::to_string(shard) + ".media where id = " + id);
            const std::string key = "mediamap:" + std::to_string(seed::bucketOf(std::stoull(id), buckets));
            QCOMPARE(redis(fleet::RedisRole::MediaMap, {"HGET", key, id}), owner);
        }
    }
};

QTEST_GUILESS_MAIN(TestLiveSeed)
#include "test_live_seed.moc"
