// SPDX-License-Identifier: GPL-3.0-or-later
// How keys and values are taken apart, and how items are compared with their rows, against a scripted memcached and router.
#include "core/cacheflow/Staleness.h"
#include "tests/core/cacheflow/FakeMemcached.h"
#include "tests/fakes/PgWire.h"

#include <QTest>

#include <algorithm>
#include <deque>
#include <mutex>
#include <thread>

using namespace shardlens;
using namespace std::chrono_literals;

namespace {

/// What statements answer, one after the other; the last one stays.
struct RowsScript {
    std::mutex mutex;
    std::deque<std::vector<fakes::wire::Cells>> answers;
};

/// A router that lets everybody in.
class RowsDialect final : public fakes::Dialect
{
public:
    explicit RowsDialect(std::shared_ptr<RowsScript> script) : m_script(std::move(script)) {}

    std::vector<Reply> take(std::string_view bytes) override
    {
        namespace wire = fakes::wire;
        m_unread.append(bytes);
        std::vector<Reply> replies;
        while (!m_started) {
            const auto body = wire::takeStartup(m_unread);
            if (!body)
                return replies;
            m_started = wire::readInt32(*body) == protocolThree;
            replies.push_back({m_started ? wire::message('R', wire::int32(0)) + wire::parameter("server_version", "15.4") + wire::ready() : std::string("N"), false, false});
        }
        while (const auto one = wire::takeMessage(m_unread)) {
            if (one->first == 'S')
                replies.push_back({wire::message('1', "") + wire::message('2', "") + rows() + wire::ready(), true, false});
            else if (one->first == 'X')
                replies.push_back({"", false, true});
        }
        return replies;
    }

private:
    static constexpr std::uint32_t protocolThree = 196608;

    std::string rows()
    {
        namespace wire = fakes::wire;
        const std::scoped_lock lock(m_script->mutex);
        const auto found = m_script->answers.front();
        if (m_script->answers.size() > 1)
            m_script->answers.pop_front();
        std::string text = wire::rowDescription({"of", "version", "age"});
        for (const auto &cells : found)
            text += wire::dataRow(cells);
        return text + wire::complete("SELECT " + std::to_string(found.size()));
    }

    std::shared_ptr<RowsScript> m_script;
    std::string m_unread;
    bool m_started = false;
};

} // namespace

class TestStaleness : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keysAreTakenApart_data()
    {
        QTest::addColumn<QByteArray>("key");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("a user") << QByteArray("u:12") << QByteArray("user 12");
        QTest::newRow("a media, with something behind its ID")
            << QByteArray("m:2669222102324390671:v2") << QByteArray("media 2669222102324390671");
        QTest::newRow("nothing behind it") << QByteArray("m:12") << QByteArray("-");
        QTest::newRow("no number") << QByteArray("u:twelve") << QByteArray("-");
        QTest::newRow("a number and more") << QByteArray("u:12x") << QByteArray("-");
        QTest::newRow("no ID at all") << QByteArray("u:") << QByteArray("-");
        QTest::newRow("more than 64 bits") << QByteArray("u:99999999999999999999") << QByteArray("-");
        QTest::newRow("another key") << QByteArray("shardlens.vouched") << QByteArray("-");
    }
    void keysAreTakenApart()
    {
        QFETCH(QByteArray, key);
        fleet::KeyPatterns keys;
        keys.cached = {{"user", "u:{id}"}, {"media", "m:{id}:v2"}};
        const auto entity = cacheflow::entityOf(keys, key.toStdString());
        const std::string found = entity ? entity->kind + " " + std::to_string(entity->id) : "-";
        QTEST(QByteArray::fromStdString(found), "expected");
    }

    void versionsAreRead_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<int>("version");
        QTest::newRow("as applications write it") << QByteArray("{\"id\" : \"12\", \"version\" : 3}") << 3;
        QTest::newRow("without one") << QByteArray("{\"id\" : \"12\"}") << -1;
        QTest::newRow("as a text") << QByteArray("{\"version\" : \"3\"}") << -1;
        QTest::newRow("no JSON") << QByteArray("version 3") << -1;
        QTest::newRow("empty") << QByteArray() << -1;
    }
    void versionsAreRead()
    {
        QFETCH(QByteArray, value);
        QTEST(int(cacheflow::versionIn(value.toStdString()).value_or(-1)), "version");
    }

    void itemsAreComparedWithTheirRows_data()
    {
        QTest::addColumn<int>("cached");
        QTest::addColumn<QList<int>>("rows"); ///< versions at each look; 0: no row
        QTest::addColumn<bool>("isDeletedMeanwhile");
        QTest::addColumn<int>("staleFor");
        QTest::addColumn<int>("expires");
        QTest::addColumn<QString>("found"); ///< stale, late, orphans
        QTest::newRow("as its row") << 7 << QList<int>{7} << false << 0 << -30 << "0 0 0";
        QTest::newRow("older than its row") << 6 << QList<int>{7} << false << 0 << -30 << "1 0 0";
        QTest::newRow("older, and its delete was on its way") << 6 << QList<int>{7} << true << 0 << -30 << "0 1 0";
        QTest::newRow("its row is deleted") << 7 << QList<int>{0} << false << 0 << -30 << "1 0 1";
        QTest::newRow("its row is deleted, and its delete was on its way") << 7 << QList<int>{0} << true << 0 << -30 << "0 1 0";
        QTest::newRow("its row was on its way") << 7 << QList<int>{0, 7} << false << 0 << -30 << "0 1 0";
        QTest::newRow("it may be marked stale") << 6 << QList<int>{7} << false << 60 << -30 << "0 1 0";
        QTest::newRow("its row is deleted, and it may be marked stale") << 7 << QList<int>{0} << false << 60 << -30 << "0 1 0";
        QTest::newRow("it lasts longer than a mark would let it") << 6 << QList<int>{7} << false << 10 << -30 << "1 0 0";
        QTest::newRow("it never expires, so it is not marked") << 6 << QList<int>{7} << false << 60 << -1 << "1 0 0";
    }
    void itemsAreComparedWithTheirRows()
    {
        QFETCH(int, cached);
        QFETCH(QList<int>, rows);
        QFETCH(bool, isDeletedMeanwhile);
        QFETCH(int, staleFor);
        QFETCH(int, expires);
        const auto store = std::make_shared<fakes::FakeStore>();
        const auto script = std::make_shared<RowsScript>();
        for (const int version : rows) {
            script->answers.emplace_back();
            if (version > 0)
                script->answers.back().push_back({std::string("user 12"), std::to_string(version), std::string("3.5")});
        }
        store->put("u:12", "{\"version\":" + std::to_string(cached) + "}");
        store->items["u:12"].expires = expires;
        fakes::FakePeers peers;
        const auto &cache = peers.add([&] { return fakes::fakeMemcached(store); });
        const auto &router = peers.add([&] { return std::make_unique<RowsDialect>(script); });

        const base::RegionName region("us-east");
        fleet::Fleet fleet;
        fleet.ownRegion = region;
        fleet.regions.push_back({region});
        fleet.servers.push_back({base::ServerId("cache-1"), fleet::ServerKind::Memcached, {}, region, {{"127.0.0.1", cache.port()}, {}}});
        fleet.servers.push_back({base::ServerId("router"), fleet::ServerKind::Pgbouncer, {}, region, {{"127.0.0.1", router.port()}, {}}});
        fleet.routers.push_back({base::ServerId("router"), region});
        fleet.pools.push_back({base::PoolName("cache"), region, {base::ServerId("cache-1")}});
        fleet.partitions.push_back({base::PartitionName("users"), "insta{shard}", 1024, {}});
        fleet.keys.cached = {{"user", "u:{id}"}};
        const cacheflow::DeclaredMap map{{"users", {{0, "u1"}}}};
        cacheflow::StalenessOptions options;
        if (staleFor > 0)
            options.staleFor = base::seconds(staleFor);
        std::thread deletes([&] {
            const auto isLookedAt = [&] {
                const std::scoped_lock lock(store->mutex);
                return std::find(store->seen.begin(), store->seen.end(), "gets u:12") != store->seen.end();
            };
            for (int i = 0; isDeletedMeanwhile && i < 1000 && !isLookedAt(); ++i)
                std::this_thread::sleep_for(5ms);
            if (isDeletedMeanwhile)
                store->erase("u:12");
        });
        const auto sampled = cacheflow::sampleStaleness(fleet, region, map, {"observer", fleet::Role::Observer, {}}, options);
        deletes.join();
        QVERIFY2(sampled, sampled ? "" : sampled.error().message.c_str());
        const auto found = cacheflow::sumOf(*sampled);
        QVERIFY2(!found->error, found->error ? found->error->message.c_str() : "");
        QCOMPARE(found->compared, std::uint64_t(1));
        QTEST(QStringLiteral("%1 %2 %3").arg(found->stale).arg(found->late).arg(found->orphans), "found");
        QCOMPARE(found->oldest.has_value(), found->stale > found->orphans);
        QCOMPARE(found->staleKeys.size(), std::size_t(found->stale));
    }

    void everyPoolOfTheRegionIsSampled()
    {
        const auto script = std::make_shared<RowsScript>();
        script->answers.push_back({{std::string("user 12"), std::string("7"), std::string("3.5")}});
        fakes::FakePeers peers;
        const auto &router = peers.add([&] { return std::make_unique<RowsDialect>(script); });
        const base::RegionName region("us-east");
        fleet::Fleet fleet;
        fleet.ownRegion = region;
        fleet.regions.push_back({region});
        fleet.servers.push_back({base::ServerId("router"), fleet::ServerKind::Pgbouncer, {}, region, {{"127.0.0.1", router.port()}, {}}});
        fleet.routers.push_back({base::ServerId("router"), region});
        fleet.partitions.push_back({base::PartitionName("users"), "insta{shard}", 1024, {}});
        fleet.keys.cached = {{"user", "u:{id}"}};
        std::vector<std::shared_ptr<fakes::FakeStore>> stores;
        for (const int version : {7, 6}) { // only the second pool holds what is stale
            const auto store = stores.emplace_back(std::make_shared<fakes::FakeStore>());
            store->put("u:12", "{\"version\":" + std::to_string(version) + "}");
            const auto &cache = peers.add([store] { return fakes::fakeMemcached(store); });
            const std::string name = "cache-" + std::to_string(version);
            fleet.servers.push_back({base::ServerId(name), fleet::ServerKind::Memcached, {}, region, {{"127.0.0.1", cache.port()}, {}}});
            fleet.pools.push_back({base::PoolName("pool-" + std::to_string(version)), region, {base::ServerId(name)}});
        }
        const cacheflow::DeclaredMap map{{"users", {{0, "u1"}}}};
        cacheflow::StalenessOptions options;
        options.items = 1; // shared, and yet one of each
        const auto sampled = cacheflow::sampleStaleness(fleet, region, map, {"observer", fleet::Role::Observer, {}}, options);
        QVERIFY2(sampled, sampled ? "" : sampled.error().message.c_str());
        QStringList found;
        for (const auto &[pool, one] : *sampled)
            found << QStringLiteral("%1 %2 of %3").arg(QString::fromStdString(pool.text())).arg(one.stale).arg(one.compared);
        QCOMPARE(found, (QStringList{"pool-7 0 of 1", "pool-6 1 of 1"}));
        QCOMPARE(cacheflow::sumOf(*sampled)->compared, std::uint64_t(2));
        QCOMPARE(cacheflow::sumOf(*sampled)->staleKeys, std::vector<std::string>{"u:12"});
        QCOMPARE(cacheflow::sampleStaleness(fleet, base::RegionName("mars"), map, {"observer", fleet::Role::Observer, {}}, options).error().code, base::ErrorCode::NotFound);
    }
};

QTEST_GUILESS_MAIN(TestStaleness)
#include "test_staleness.moc"
