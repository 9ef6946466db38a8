// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clients/memcached/MemcachedPoll.h"
#include "core/clients/pgbouncer/RouterPoll.h"
#include "core/clients/postgres/CatalogPoll.h"
#include "core/clients/postgres/PostgresPoll.h"
#include "core/clients/postgres/PostgresPollStatement.h"
#include "core/clients/redis/BucketWalk.h"
#include "core/clients/redis/RedisPoll.h"
#include "core/clients/redis/RedisPollInfo.h"
#include "tests/fakes/FakeCaches.h"
#include "tests/fakes/FakePostgres.h"

#include <QTest>

#include <condition_variable>
#include <deque>
#include <mutex>

using namespace shardlens;
using namespace std::chrono_literals;
using clients::PollClient;
using facts::WhyUnknown;

namespace {

/// One client in a loop of its own; each call waits for what it brings about.
class Asked
{
public:
    using Make = std::function<std::unique_ptr<PollClient>(std::shared_ptr<clients::EventLoop>, std::shared_ptr<clients::Resolver>)>;

    explicit Asked(const Make &make) : m_loop(std::make_shared<clients::EventLoop>())
    {
        m_client = make(m_loop, std::make_shared<clients::Resolver>());
        m_client->setHooks({[this] { say({true, {}, {}}); }, [this](facts::Sample sample) { say({false, std::move(sample), {}}); },
                            [this](base::Error error) { say({false, {}, std::move(error)}); }});
        m_loop->start("asked");
    }

    ~Asked()
    {
        m_loop->post([this] { m_client->close(); });
        m_loop->stop();
    }

    /// The error, or nothing once it is open.
    std::optional<base::Error> open()
    {
        m_loop->post([this] { m_client->open(); });
        return hear().error;
    }

    tl::expected<facts::Sample, base::Error> poll()
    {
        m_loop->post([this] { m_client->poll(); });
        auto event = hear();
        if (event.error)
            return tl::unexpected(*event.error);
        return std::move(event.sample);
    }

    template <class Sample>
    Sample sample()
    {
        auto answer = poll();
        if (!answer)
            qFatal("no answer: %s", answer.error().message.c_str());
        return std::get<Sample>(*answer);
    }

private:
    struct Event {
        bool opened = false;
        facts::Sample sample;
        std::optional<base::Error> error;
    };

    void say(Event event)
    {
        const std::lock_guard lock(m_mutex);
        m_events.push_back(std::move(event));
        m_came.notify_one();
    }

    Event hear()
    {
        std::unique_lock lock(m_mutex);
        if (!m_came.wait_for(lock, 10s, [this] { return !m_events.empty(); }))
            return {false, {}, base::Error{base::ErrorCode::TimedOut, "the client said nothing", {}, {}, base::Effect::None}};
        Event event = std::move(m_events.front());
        m_events.pop_front();
        return event;
    }

    std::shared_ptr<clients::EventLoop> m_loop;
    std::unique_ptr<PollClient> m_client;
    std::mutex m_mutex;
    std::condition_variable m_came;
    std::deque<Event> m_events;
};

const auto realClock = std::make_shared<base::SystemClock>();

clients::PasswordSource password(const std::string &text)
{
    return [text] { return base::Result<std::string>(text); };
}

Asked::Make postgresAt(std::uint16_t port, clients::PasswordSource secret = {})
{
    return [=](std::shared_ptr<clients::EventLoop> loop, std::shared_ptr<clients::Resolver> resolver) {
        clients::PostgresPoll::Options options{{{"127.0.0.1", port}, "insta", "observer", secret, {}}, "shardlens.heartbeat", "shardlens.term"};
        return std::make_unique<clients::PostgresPoll>(loop, resolver, options, realClock);
    };
}

Asked::Make redisAt(std::uint16_t port, clients::PasswordSource secret = {}, const std::string &buckets = {}, base::milliseconds seldom = 10s)
{
    return [=](std::shared_ptr<clients::EventLoop> loop, std::shared_ptr<clients::Resolver> resolver) {
        return std::make_unique<clients::RedisPoll>(loop, resolver, clients::RedisPoll::Options{{"127.0.0.1", port}, {}, secret, "shardlens:term", buckets, seldom}, realClock);
    };
}

} // namespace

class PollTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_peers = std::make_unique<fakes::FakePeers>(); }
    void cleanup() { m_peers.reset(); }

    void postgresSaysWhatItLacks_data();
    void postgresSaysWhatItLacks();
    void postgresTellsWhatMattersForAMove();
    void postgresTellsWhatItsDatabaseLacks();
    void postgresLooksAgainWhatItMayReadAfterARejection();
    void postgresFailsWhenRejectedForAnythingElse();
    void postgresTellsAWrongPassword();
    void postgresReadsABrake();
    void namesAreLookedUp();
    void routerJoinsItsThreeTables();
    void redisLogsIn_data();
    void redisLogsIn();
    void redisLooksForABucketOfTheMediaMap();
    void redisLooksAtEveryBucketOfTheMediaMap();
    void aWalkOverBucketsRemembersTheBadOnesOfTheLast();
    void redisKeepsNoArgumentsOfSlowCommands();
    void redisTellsWhatMayRefuseWrites();
    void infoTellsTheLastSaveButNotTheStart();
    void infoOfAReplicaThatLostItsPrimary();
    void memcachedTellsTheOldestVictim();
    void schemaPatternsAreTakenLiterally();

private:
    template <class Dialect, class Script>
    fakes::FakePeer &play(std::shared_ptr<Script> script)
    {
        return m_peers->add([script] { return std::make_unique<Dialect>(script); });
    }
    fakes::FakePeer &playPostgres(const std::shared_ptr<fakes::PostgresScript> &script) { return play<fakes::PostgresDialect>(script); }
    fakes::FakePeer &playRedis(const std::shared_ptr<fakes::RedisScript> &script) { return play<fakes::RedisDialect>(script); }

    std::unique_ptr<fakes::FakePeers> m_peers;
};

void PollTest::postgresSaysWhatItLacks_data()
{
    QTest::addColumn<bool>("monitor");
    QTest::addColumn<QString>("heartbeat");
    QTest::addColumn<QString>("term");
    QTest::addColumn<int>("connections"); // -1 = known, else why not
    QTest::addColumn<int>("heartbeats");
    QTest::addColumn<int>("terms");
    const auto why = [](WhyUnknown reason) { return static_cast<int>(reason); };
    QTest::newRow("nothing is missing") << true << "readable" << "readable" << -1 << -1 << -1;
    QTest::newRow("without pg_monitor") << false << "readable" << "readable" << why(WhyUnknown::NoRights) << -1 << -1;
    QTest::newRow("without a heartbeat table") << true << "" << "readable" << -1 << why(WhyUnknown::NotConfigured) << -1;
    QTest::newRow("without the right to read the term") << true << "readable" << "rights" << -1 << -1 << why(WhyUnknown::NoRights);
    QTest::newRow("a heartbeat table of other columns") << true << "columns" << "readable" << -1 << why(WhyUnknown::Unreadable) << -1;
}

void PollTest::postgresSaysWhatItLacks()
{
    QFETCH(bool, monitor);
    QFETCH(QString, heartbeat);
    QFETCH(QString, term);
    QFETCH(int, connections);
    QFETCH(int, heartbeats);
    QFETCH(int, terms);
    auto script = std::make_shared<fakes::PostgresScript>();
    script->monitor = monitor;
    script->heartbeatState = heartbeat.toStdString();
    script->termState = term.toStdString();
    Asked postgres(postgresAt(playPostgres(script).port()));
    QVERIFY(!postgres.open());
    const auto sample = postgres.sample<facts::PostgresSample>();
    const auto whyOf = [](const auto &known) { return known ? -1 : static_cast<int>(known.error().why); };
    QCOMPARE(whyOf(sample.connections), connections);
    QCOMPARE(whyOf(sample.heartbeats), heartbeats);
    QCOMPARE(whyOf(sample.term), terms);
    QVERIFY(sample.current.has_value());
    QVERIFY(sample.clockOffset.has_value());
    QCOMPARE(sample.versionNumber, 150004);
    QCOMPARE(whyOf(sample.replayed), static_cast<int>(WhyUnknown::NotSupported));
    QCOMPARE(whyOf(sample.senders.front().replayLag), -1);
}

void PollTest::postgresTellsWhatMattersForAMove()
{
    for (const bool allowed : {true, false}) {
        auto script = std::make_shared<fakes::PostgresScript>();
        script->monitor = script->hba = script->roleSettings = allowed;
        Asked postgres(postgresAt(playPostgres(script).port()));
        QVERIFY(!postgres.open());
        QCOMPARE(postgres.sample<facts::PostgresSample>().move.error().why, WhyUnknown::NotAskedYet); // read between this poll and the next
        const auto sample = postgres.sample<facts::PostgresSample>();
        QVERIFY(sample.settings.has_value());
        QVERIFY(sample.move.has_value());
        QCOMPARE(sample.move->preparedTransactions, 1);
        QCOMPARE(sample.move->oldestPrepared.value().count(), std::int64_t(2500000));
        QVERIFY(sample.move->termRaisedAt == base::UtcTime(base::microseconds(1700000000123456)));
        QCOMPARE(sample.move->baseBackups, 0);
        QVERIFY(sample.move->managers.empty());
        QCOMPARE(sample.move->archiveWaiting.has_value(), allowed);
        QCOMPARE(sample.move->hbaRules.has_value(), allowed);
        QCOMPARE(sample.move->readOnlySettings.has_value(), allowed);
        if (allowed) {
            QCOMPARE(*sample.move->archiveWaiting, std::int64_t(3));
            QCOMPARE(sample.move->hbaRules->front(), std::string("host all all 127.0.0.1 255.255.255.255 scram-sha-256"));
            const std::vector<facts::RoleSetting> expected{{"app", "", "default_transaction_read_only", "off"}, {"", "insta", "transaction_read_only", "a=b"}};
            QVERIFY(*sample.move->readOnlySettings == expected);
        } else {
            QCOMPARE(sample.move->readOnlySettings.error().detail, std::string("pg_db_role_setting"));
            QCOMPARE(sample.move->hbaRules.error().why, WhyUnknown::NoRights);
            QCOMPARE(sample.move->archiveWaiting.error().detail, std::string("pg_monitor"));
        }
    }
}

void PollTest::postgresTellsWhatItsDatabaseLacks()
{
    auto script = std::make_shared<fakes::PostgresScript>();
    Asked unasked(postgresAt(playPostgres(script).port()));
    QVERIFY(!unasked.open());
    (void)unasked.sample<facts::PostgresSample>();
    QCOMPARE(unasked.sample<facts::PostgresSample>().move->lacks.error().why, WhyUnknown::NotAskedYet);
    script->move.insert(script->move.find("\"managers\""), R"("lacks": ["table shardlens.term"], "not_installed": null, "makers": ["dba"], "schema_makers": ["oncall1"], )");
    Asked postgres(postgresAt(playPostgres(script).port()));
    QVERIFY(!postgres.open());
    (void)postgres.sample<facts::PostgresSample>();
    const auto sample = postgres.sample<facts::PostgresSample>();
    QVERIFY(sample.move && sample.move->lacks);
    QCOMPARE(*sample.move->lacks, std::vector<std::string>{"table shardlens.term"});
    QVERIFY(sample.move->notInstalled.empty());
    QCOMPARE(sample.move->makers, std::vector<std::string>{"dba"});
    QCOMPARE(sample.move->schemaMakers, std::vector<std::string>{"oncall1"});
}

void PollTest::postgresLooksAgainWhatItMayReadAfterARejection()
{
    auto script = std::make_shared<fakes::PostgresScript>();
    Asked postgres(postgresAt(playPostgres(script).port()));
    QVERIFY(!postgres.open());
    QVERIFY(postgres.sample<facts::PostgresSample>().term.has_value());
    {
        const std::lock_guard lock(script->mutex);
        script->rejectPollWith = "42501";
        script->termState = "rights";
    }
    const auto sample = postgres.sample<facts::PostgresSample>();
    QCOMPARE(sample.term.error().why, WhyUnknown::NoRights);
    QCOMPARE(script->probes, 2);
}

void PollTest::postgresFailsWhenRejectedForAnythingElse()
{
    auto script = std::make_shared<fakes::PostgresScript>();
    Asked postgres(postgresAt(playPostgres(script).port()));
    QVERIFY(!postgres.open());
    script->rejectPollWith = "53200";
    const auto answer = postgres.poll();
    QVERIFY(!answer);
    QCOMPARE(answer.error().sqlState, std::string("53200"));
    QCOMPARE(answer.error().code, base::ErrorCode::Rejected);
}

void PollTest::postgresTellsAWrongPassword()
{
    auto script = std::make_shared<fakes::PostgresScript>();
    script->password = "right";
    const auto port = playPostgres(script).port();
    Asked wrong(postgresAt(port, password("wrong")));
    const auto error = wrong.open();
    QVERIFY(error);
    QCOMPARE(error->code, base::ErrorCode::NoRights);
    QVERIFY2(error->message.find("password authentication failed") != std::string::npos, error->message.c_str());
    Asked right(postgresAt(port, password("right")));
    QVERIFY(!right.open());
    Asked none(postgresAt(port, [] { return base::Result<std::string>(base::fail(base::ErrorCode::NotFound, "no such file")); }));
    QCOMPARE(none.open()->code, base::ErrorCode::NotFound);
}

void PollTest::postgresReadsABrake()
{
    auto script = std::make_shared<fakes::PostgresScript>();
    Asked postgres(postgresAt(playPostgres(script).port()));
    QVERIFY(!postgres.open());
    QVERIFY(!postgres.sample<facts::PostgresSample>().readOnlyByDefault);
    script->brake = true;
    QVERIFY(postgres.sample<facts::PostgresSample>().readOnlyByDefault);
}

void PollTest::namesAreLookedUp()
{
    const auto script = std::make_shared<fakes::MemcachedScript>();
    const auto port = play<fakes::MemcachedDialect>(script).port();
    const auto at = [port](const std::string &host) {
        return [=](std::shared_ptr<clients::EventLoop> loop, std::shared_ptr<clients::Resolver> resolver) {
            return std::make_unique<clients::MemcachedPoll>(loop, resolver, fleet::Endpoint{host, port}, realClock);
        };
    };
    Asked known(at("localhost"));
    // "localhost" may give ::1 first, where nothing listens: the next attempt takes the next address.
    QVERIFY(!known.open() || !known.open());
    QCOMPARE(known.sample<facts::MemcachedSample>().processId, std::int64_t(4711));
    Asked unknown(at("no-such-host.invalid"));
    QCOMPARE(unknown.open()->code, base::ErrorCode::Unreachable);
}

void PollTest::routerJoinsItsThreeTables()
{
    auto script = std::make_shared<fakes::PgbouncerScript>();
    script->databases = {{"u1", "127.0.0.1", 5432, true}, {"m1", "127.0.0.1", 5433, false}};
    const auto port = play<fakes::PgbouncerDialect>(script).port();
    Asked router([port](std::shared_ptr<clients::EventLoop> loop, std::shared_ptr<clients::Resolver> resolver) {
        return std::make_unique<clients::RouterPoll>(loop, resolver, clients::PqTarget{{"127.0.0.1", port}, "", "observer", {}, {}}, realClock);
    });
    QVERIFY(!router.open());
    const auto sample = router.sample<facts::RouterSample>();
    QCOMPARE(sample.version, std::string("1.18.0"));
    QCOMPARE(sample.serverLoginRetry.value(), base::microseconds(15s));
    QCOMPARE(sample.databases.size(), std::size_t(2));
    const auto &paused = sample.databases.back();
    QCOMPARE(paused.name, std::string("u1"));
    QVERIFY(paused.paused);
    QCOMPARE(paused.clientsWaiting, 2);
    QCOMPARE(paused.longestWait, base::microseconds(1500ms));
    QCOMPARE(paused.transactions, std::int64_t(10));
    QCOMPARE(sample.databases.front().port, 5433);
}

void PollTest::redisLogsIn_data()
{
    QTest::addColumn<QString>("asked");
    QTest::addColumn<QString>("given");
    QTest::addColumn<bool>("opens");
    QTest::addColumn<bool>("answers");
    QTest::newRow("no password anywhere") << "" << "" << true << true;
    QTest::newRow("the right password") << "secret" << "secret" << true << true;
    QTest::newRow("a wrong password") << "secret" << "guess" << false << false;
    QTest::newRow("no password where one is asked for") << "secret" << "" << true << false;
    QTest::newRow("a password where none is asked for") << "" << "secret" << true << true;
}

void PollTest::redisLogsIn()
{
    QFETCH(QString, asked);
    QFETCH(QString, given);
    QFETCH(bool, opens);
    QFETCH(bool, answers);
    auto script = std::make_shared<fakes::RedisScript>();
    script->password = asked.toStdString();
    Asked redis(redisAt(playRedis(script).port(), password(given.toStdString())));
    const auto refused = redis.open();
    QCOMPARE(!refused.has_value(), opens);
    if (refused)
        QCOMPARE(refused->code, base::ErrorCode::NoRights);
    if (!opens)
        return;
    const auto answer = redis.poll();
    QCOMPARE(answer.has_value(), answers);
    if (!answer)
        QCOMPARE(answer.error().code, base::ErrorCode::NoRights);
}

void PollTest::redisLooksForABucketOfTheMediaMap()
{
    auto script = std::make_shared<fakes::RedisScript>();
    script->bucketEncoding = "hashtable";
    Asked redis(redisAt(playRedis(script).port(), {}, "mediamap:{bucket}"));
    QVERIFY(!redis.open());
    QCOMPARE(redis.sample<facts::RedisSample>().mediaMapEncoding.error().why, WhyUnknown::NotAskedYet);
    const auto probe = redis.sample<facts::RedisSample>().mediaMapEncoding;
    QVERIFY(probe.has_value());
    QCOMPARE(probe->key, std::string("mediamap:12"));
    QCOMPARE(probe->encoding, std::string("hashtable"));
    QCOMPARE(probe->fields, std::int64_t(1000));
    Asked feeds(redisAt(playRedis(script).port()));
    QVERIFY(!feeds.open());
    QCOMPARE(feeds.sample<facts::RedisSample>().mediaMapEncoding.error().why, WhyUnknown::NotConfigured);
}

/// One of several in the middle lost its encoding: it is told until it is found small again, whatever was looked at since.
void PollTest::redisLooksAtEveryBucketOfTheMediaMap()
{
    auto script = std::make_shared<fakes::RedisScript>();
    script->keys = {{"mediamap:1", "listpack"}, {"mediamap:2", "listpack"},    {"mediamap:3", "hashtable"},
                    {"mediamap:4", "listpack"}, {"mediamap:buckets", "int"}, {"mediamap:count", "raw"}};
    script->keysAScan = 3;
    Asked redis(redisAt(playRedis(script).port(), {}, "mediamap:{bucket}", 0ms));
    QVERIFY(!redis.open());
    const auto look = [&redis] { return redis.sample<facts::RedisSample>().mediaMapEncoding; };
    auto probe = look();
    for (int i = 0; i < 8 && (!probe || probe->looked < 4); ++i)
        probe = look();
    QVERIFY(probe.has_value());
    QCOMPARE(probe->looked, std::int64_t(4));
    for (int i = 0; i < 8; ++i) { // two walks
        probe = look();
        QCOMPARE(probe->key, std::string("mediamap:3"));
        QCOMPARE(probe->encoding, std::string("hashtable"));
        QCOMPARE(probe->fields, std::int64_t(1000));
        QCOMPARE(probe->looked, std::int64_t(4));
        QCOMPARE(probe->lost, std::int64_t(1));
    }
    {
        const std::lock_guard lock(script->mutex);
        script->keys[2].second = "listpack";
    }
    for (int i = 0; i < 8 && probe->lost > 0; ++i)
        probe = look();
    QCOMPARE(probe->lost, std::int64_t(0));
    QCOMPARE(probe->encoding, std::string("listpack"));
}

void PollTest::aWalkOverBucketsRemembersTheBadOnesOfTheLast()
{
    clients::BucketWalk walk;
    walk.took("mediamap:1", "listpack");
    walk.took("mediamap:2", "hashtable");
    walk.took("mediamap:3", "hashtable");
    walk.took("mediamap:count", "int");
    walk.end();
    QCOMPARE(walk.told(7), (facts::EncodingProbe{"mediamap:2", "hashtable", 7, 3, 2}));
    walk.took("mediamap:1", "listpack");
    QCOMPARE(walk.told(7), (facts::EncodingProbe{"mediamap:2", "hashtable", 7, 3, 2}));
    walk.took("mediamap:2", "ziplist");
    QCOMPARE(walk.told(7), (facts::EncodingProbe{"mediamap:3", "hashtable", 7, 3, 1}));
    walk.end(); // the third is there no more
    QCOMPARE(walk.told(7), (facts::EncodingProbe{"mediamap:1", "listpack", 7, 2, 0}));
    walk.end();
    QVERIFY(walk.example().empty());
}

void PollTest::redisKeepsNoArgumentsOfSlowCommands()
{
    Asked redis(redisAt(playRedis(std::make_shared<fakes::RedisScript>()).port()));
    QVERIFY(!redis.open());
    const auto sample = redis.sample<facts::RedisSample>();
    QCOMPARE(sample.slowLog->size(), std::size_t(1));
    QCOMPARE(sample.slowLog->front().command, std::string("LRANGE"));
    QCOMPARE(sample.slowLog->front().took, base::microseconds(12345));
    QCOMPARE(sample.term.value(), std::int64_t(3));
    QVERIFY(sample.snapshotting && sample.appendOnly && sample.isPrimary);
    QCOMPARE(sample.keys, std::int64_t(12));
    QCOMPARE(sample.replicas.front().port, 7001);
}

/// What it wants is as new as what it has: both with each poll, once any are wanted.
void PollTest::redisTellsWhatMayRefuseWrites()
{
    auto script = std::make_shared<fakes::RedisScript>();
    script->wantsReplicas = 2;
    Asked redis(redisAt(playRedis(script).port()));
    QVERIFY(!redis.open());
    const auto first = redis.sample<facts::RedisSample>();
    QCOMPARE(*first.goodReplicas, std::int64_t(1));
    QVERIFY(first.stopsOnFailedSave.value());
    QCOMPARE(redis.sample<facts::RedisSample>().replicasWanted.value(), std::int64_t(2));
    {
        const std::lock_guard lock(script->mutex);
        script->wantsReplicas = 1;
    }
    QCOMPARE(redis.sample<facts::RedisSample>().replicasWanted.value(), std::int64_t(1));
    {
        const std::lock_guard lock(script->mutex);
        script->wantsReplicas = 0;
    }
    QVERIFY(!redis.sample<facts::RedisSample>().goodReplicas);
}

void PollTest::infoTellsTheLastSaveButNotTheStart()
{
    const std::string head = "# Server\r\nrun_id:abc\r\nserver_time_usec:1700000600000000\r\nuptime_in_seconds:600\r\nrole:master\r\nrdb_changes_since_last_save:41\r\n";
    facts::RedisSample saved;
    QVERIFY(clients::readRedisInfo(head + "rdb_last_save_time:1700000540\r\n", saved));
    QCOMPARE(saved.lastSaveAt.value(), base::UtcTime(base::seconds(1700000540)));
    QCOMPARE(saved.changesSinceSave, std::int64_t(41));
    facts::RedisSample started;
    QVERIFY(clients::readRedisInfo(head + "rdb_last_save_time:1700000000\r\n", started));
    QVERIFY(!started.lastSaveAt);
    QCOMPARE(started.lastSaveAt.error().why, facts::WhyUnknown::NoValue);
}

void PollTest::infoOfAReplicaThatLostItsPrimary()
{
    facts::RedisSample sample;
    QVERIFY(clients::readRedisInfo("# Server\r\nrun_id:abc\r\nredis_version:7.0.15\r\n# Replication\r\nrole:slave\r\nmaster_host:10.0.0.1\r\nmaster_port:6379\r\n"
                                   "master_link_status:down\r\nmaster_last_io_seconds_ago:-1\r\nmaster_sync_in_progress:0\r\nslave_repl_offset:42\r\n"
                                   "master_link_down_since_seconds:17\r\nmaster_repl_offset:42\r\n",
                                   sample));
    QVERIFY(!sample.isPrimary && sample.link && !sample.link->up);
    QCOMPARE(sample.link->downSinceSeconds.value(), std::int64_t(17));
    QCOMPARE(sample.link->secondsSinceLastIo, -1);
    QCOMPARE(sample.link->offset, std::int64_t(42));
    QVERIFY(!sample.fragmentation);
    QVERIFY(!sample.lastSaveAt);
    QVERIFY2(!sample.goodReplicas, "it counts none: none are wanted");
    facts::RedisSample wanting;
    QVERIFY(clients::readRedisInfo("run_id:abc\r\nrole:master\r\nmin_slaves_good_slaves:1\r\ndb0:keys=12,expires=3,avg_ttl=0\r\ndb1:keys=2,expires=1,avg_ttl=0\r\n", wanting));
    QCOMPARE(*wanting.goodReplicas, std::int64_t(1));
    QCOMPARE(wanting.keys, std::int64_t(14));
    QCOMPARE(wanting.keysToExpire, std::int64_t(4));
    facts::RedisSample none;
    QVERIFY(!clients::readRedisInfo("STAT pid 1\r\n", none));
}

void PollTest::memcachedTellsTheOldestVictim()
{
    auto script = std::make_shared<fakes::MemcachedScript>();
    const auto port = play<fakes::MemcachedDialect>(script).port();
    const auto make = [port](std::shared_ptr<clients::EventLoop> loop, std::shared_ptr<clients::Resolver> resolver) {
        return std::make_unique<clients::MemcachedPoll>(loop, resolver, fleet::Endpoint{"127.0.0.1", port}, realClock);
    };
    Asked idle(make);
    QVERIFY(!idle.open());
    const auto sample = idle.sample<facts::MemcachedSample>();
    QCOMPARE(sample.victimAge.error().why, WhyUnknown::NoValue);
    QCOMPARE(sample.limit.count, std::int64_t(67108864));
    QCOMPARE(sample.getHits, std::int64_t(90));
    script->evictedTime = 33;
    Asked pressed(make);
    QVERIFY(!pressed.open());
    QCOMPARE(pressed.sample<facts::MemcachedSample>().victimAge.value(), std::chrono::seconds(33));
}

void PollTest::schemaPatternsAreTakenLiterally()
{
    fleet::Partition partition;
    partition.schemaPattern = "in.sta{shard}'x";
    const auto sql = clients::catalogQuery(partition);
    QVERIFY2(sql.find(R"('^in\.sta([0-9]{1,9})''x$')") != std::string::npos, sql.c_str());
    partition.schemaPattern = "tenant_{shard:4}"; // zeros in front belong to the number
    QVERIFY(clients::catalogQuery(partition).find(R"('^tenant_([0-9]{4,9})$')") != std::string::npos);
    QCOMPARE(clients::PollTable::named("a.b\"c").quoted(), std::string("\"a\".\"b\"\"c\""));
}

QTEST_GUILESS_MAIN(PollTest)
#include "test_poll.moc"
