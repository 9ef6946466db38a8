// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of a watch, their ranking in bounded memory, and keys that many miss at once.
#include "core/cacheflow/HotKeys.h"
#include "core/cacheflow/SpaceSaving.h"
#include "core/clients/memcached/WatchLine.h"

#include <QTest>

#include <map>
#include <random>

using namespace shardlens;
using namespace shardlens::cacheflow;
using memcached::WatchLine;

namespace {

std::string get(std::int64_t micros, int number, const char *key, const char *status, int client, int size)
{
    return "ts=1700000000." + std::to_string(micros) + " gid=" + std::to_string(number) + " type=item_get key=" + key + " status=" + status +
           " clsid=1 cfd=" + std::to_string(client) + " size=" + std::to_string(size);
}

std::string store(std::int64_t micros, int number, const char *key, int client)
{
    return "ts=1700000000." + std::to_string(micros) + " gid=" + std::to_string(number) + " type=item_store key=" + key +
           " status=stored cmd=set ttl=100 clsid=1 cfd=" + std::to_string(client) + " size=5";
}

HotKeyCount counting(std::size_t keys = 100)
{
    return HotKeyCount({keys, 1});
}

/// What follows commits the last read of each connection.
void end(HotKeyCount &count, std::initializer_list<int> clients)
{
    for (const int client : clients)
        count.take(store(999999, 900000 + client, "end", client));
}

} // namespace

class TestHotKeys : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void linesAreRead()
    {
        const auto line = memcached::parseWatchLine("ts=1466120156.99667 gid=12 type=item_get key=u%3A42 status=not_found clsid=0 cfd=31 size=0\r");
        QVERIFY(line);
        QCOMPARE(line->micros, 1466120156099667LL); // the fraction is not padded
        QCOMPARE(memcached::decodedKey(line->key), std::string("u:42"));
        QVERIFY(!line->found);
        QCOMPARE(line->client, 31);
        const auto skipped = memcached::parseWatchLine("skipped=17");
        QVERIFY(skipped && skipped->kind == WatchLine::Kind::Skipped && skipped->size == 17);
        for (const char *other : {"", "ts=1.2 gid=3 type=eviction key=k fetch=no ttl=1 la=3 clsid=1 size=2", "type=item_get", "ts=x gid=1 type=item_get key=k", "OK"})
            QVERIFY2(!memcached::parseWatchLine(other), other);
    }

    void aWriteIsNoRead()
    {
        auto count = counting();
        count.take(get(1, 1, "a", "found", 7, 5));
        count.take(get(2, 2, "a", "not_found", 7, 0)); // the look before the write
        count.take(get(3, 3, "b", "found", 8, 5)); // of another connection, in between
        count.take(store(4, 4, "a", 7));
        end(count, {7, 8});
        const HotKeys told = count.report(10);
        QCOMPARE(told.gets, 2U);
        QCOMPARE(told.misses, 0U);
        QCOMPARE(told.top.size(), 2U);
    }

    void anEmptyStubIsAMiss()
    {
        auto count = counting();
        count.take(get(1, 1, "hot", "not_found", 1, 0));
        for (int client = 2; client <= 40; ++client)
            count.take(get(1000 + client, client, "hot", "found", client, 0));
        for (int client = 1; client <= 40; ++client)
            end(count, {client});
        const HotKeys told = count.report(10);
        QCOMPARE(told.misses, 40U);
        QCOMPARE(told.herds.size(), 1U);
        QCOMPARE(told.herds[0].key, std::string("hot"));
        QCOMPARE(told.herds[0].clients, 40U);
    }

    void missesOneAfterTheOtherAreNoHerd()
    {
        auto count = counting();
        for (int client = 1; client <= 5; ++client)
            count.take(get(client * 150000, client, "cool", "not_found", client, 0));
        for (int client = 1; client <= 5; ++client)
            end(count, {client});
        QVERIFY(count.report(10).herds.empty());
        QCOMPARE(count.report(10).missed.front().count, 5U);
    }

    void invalidatorsAreLeftOut()
    {
        auto count = counting();
        count.setCounts(false);
        count.take(store(1, 2, "shardlens.vouched", 9));
        count.setCounts(true);
        count.take(get(2, 3, "u:1", "found", 9, 5)); // a delete looks its item up
        count.take(get(3, 4, "shardlens.vouched", "found", 5, 5)); // a client looks whether it may trust
        count.take(get(3, 4, "shardlens.probe", "not_found", 6, 0)); // a console's probe
        count.take(get(4, 5, "u:2", "found", 5, 5));
        end(count, {9, 5, 6});
        const HotKeys told = count.report(10);
        QCOMPARE(told.own, 3U);
        QCOMPARE(told.gets, 1U);
        QCOMPARE(told.top.front().key, std::string("u:2"));
    }

    void whoeverAsksForOurKeyIsLeftOutUntilItsNumberIsAnothers()
    {
        auto count = counting();
        count.take(get(1, 1, "shardlens.own", "not_found", 9, 0));
        count.take(get(2, 2, "u:1", "found", 9, 5));
        count.take(get(3, 3, "u:2", "not_found", 9, 0));
        count.take("ts=1700000000.4 gid=4 type=conn_close rip=127.0.0.1 rport=5 transport=tcp reason=normal cfd=9");
        count.take("ts=1700000000.5 gid=5 type=conn_new rip=127.0.0.1 rport=6 transport=tcp cfd=9");
        count.take(get(6, 6, "u:3", "found", 9, 5));
        end(count, {9});
        const HotKeys told = count.report(10);
        QCOMPARE(told.own, 3U);
        QCOMPARE(told.unread, 0U);
        QCOMPARE(told.gets, 1U);
        QCOMPARE(told.top.front().key, std::string("u:3"));
    }

    void whatIsLostAndUnreadIsTold()
    {
        auto count = counting();
        count.take("skipped=120");
        count.take("nonsense");
        QCOMPARE(count.report(1).skipped, 120U);
        QCOMPARE(count.report(1).unread, 1U);
    }

    void theMostFrequentAreFoundWithinTheirError()
    {
        std::mt19937 random(7);
        std::geometric_distribution<int> skewed(0.02);
        SpaceSaving sketch(200);
        std::map<std::string, std::uint64_t> truth;
        for (int i = 0; i < 200000; ++i) {
            const std::string key = "k" + std::to_string(i % 5 == 0 ? 100000 + static_cast<int>(random() % 50000) : skewed(random));
            sketch.add(key);
            ++truth[key];
        }
        QCOMPARE(sketch.size(), std::size_t(200));
        QCOMPARE(sketch.total(), 200000U);
        QVERIFY(sketch.worstError() <= sketch.total() / sketch.capacity());
        for (const auto &kept : sketch.top(200)) {
            QVERIFY(truth[kept.key] <= kept.count);
            QVERIFY(truth[kept.key] + kept.error >= kept.count);
        }
        for (const auto &[key, count] : truth) {
            if (count <= sketch.total() / sketch.capacity())
                continue;
            const auto top = sketch.top(200);
            QVERIFY2(std::any_of(top.begin(), top.end(), [&](const auto &kept) { return kept.key == key; }), key.c_str());
        }
        const auto first = sketch.top(10);
        QVERIFY(std::is_sorted(first.begin(), first.end(), [](const auto &a, const auto &b) { return a.count > b.count; }));
    }

    void memoryStaysBounded()
    {
        HotKeyCount count({50, 4});
        for (int i = 0; i < 100000; ++i)
            count.take(get(i, i, ("key" + std::to_string(i)).c_str(), "not_found", i % 200, 0));
        const HotKeys told = count.report(1000);
        QCOMPARE(told.top.size(), std::size_t(50));
        QCOMPARE(told.missed.size(), std::size_t(50));
        QCOMPARE(told.sampledOneOf, 4U);
    }
};

QTEST_APPLESS_MAIN(TestHotKeys)
#include "test_hot_keys.moc"
