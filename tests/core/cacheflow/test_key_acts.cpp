// SPDX-License-Identifier: GPL-3.0-or-later
// One key of the pools: how its value is read, where it lies, what a look touches, and that nothing is deleted that was not recorded.
#include "core/cacheflow/ItemValue.h"
#include "core/cacheflow/KeyDelete.h"
#include "core/cacheflow/KeyLook.h"
#include "tests/core/cacheflow/FakeMemcached.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace std::chrono_literals;
using base::ErrorCode;
using cacheflow::ItemValue;
using cacheflow::ValueLayout;
using fakes::Mood;
using Lease = cacheflow::ItemLook::Lease;

class TestKeyActs : public QObject
{
    Q_OBJECT

    fakes::FakePeers m_peers;
    std::shared_ptr<fakes::FakeStore> m_eastStore = std::make_shared<fakes::FakeStore>();
    std::shared_ptr<fakes::FakeStore> m_westStore = std::make_shared<fakes::FakeStore>();
    fakes::FakePeer &m_east = m_peers.add([this] { return fakes::fakeMemcached(m_eastStore); });
    fakes::FakePeer &m_west = m_peers.add([this] { return fakes::fakeMemcached(m_westStore); });
    fleet::Fleet m_fleet;

    static bool recorded(const fakes::FakeStore &store, const std::string &verb)
    {
        return std::any_of(store.seen.begin(), store.seen.end(), [&](const std::string &line) { return line.starts_with(verb); });
    }

private Q_SLOTS:
    void init()
    {
        m_fleet = {};
        for (const auto &[region, port] : {std::pair<const char *, int>{"us-east", m_east.port()}, {"us-west", m_west.port()}}) {
            const base::ServerId id("cache-" + std::string(region) + "-1");
            m_fleet.regions.push_back({base::RegionName(region)});
            m_fleet.servers.push_back({id, fleet::ServerKind::Memcached, {}, base::RegionName(region), {{"127.0.0.1", static_cast<std::uint16_t>(port)}, {}}, {}});
            m_fleet.pools.push_back({base::PoolName("cache-" + std::string(region)), base::RegionName(region), {id}, fleet::Hashing::Ketama});
        }
        m_fleet.keys.cached = {{"user", "u:{id}"}};
        for (auto *peer : {&m_east, &m_west})
            peer->setMood(Mood::Answers);
        for (const auto &store : {m_eastStore, m_westStore}) {
            const std::scoped_lock lock(store->mutex);
            store->items.clear();
            store->seen.clear();
        }
    }

    void valuesAreDecoded_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<bool>("pretty");
        QTest::addColumn<QByteArray>("expected");
        const auto row = [](const char *name, const QByteArray &value, bool pretty, const QByteArray &expected) { QTest::newRow(name) << value << pretty << expected; };
        row("nothing", "", true, "empty:");
        row("a counter", "-42", true, "integer:-42");
        row("digits that no number has", QByteArray(21, '7'), false, "text:" + QByteArray(21, '7'));
        row("an object keeps the order of its names", "{\"b\":1,\"a\":[true]}", true, "json:{\n  \"b\": 1,\n  \"a\": [\n    true\n  ]\n}");
        row("and stands as it was in one line", "{\"b\" : 1}", false, "json:{\"b\" : 1}");
        row("what only begins like one is text", "{not json", true, "text:{not json");
        row("a bare word is text", "true", true, "text:true");
        row("letters of all the world", "Zürich \xf0\x9f\x93\xb7\n", true, "text:Zürich \xf0\x9f\x93\xb7\n");
        row("a map in MessagePack", QByteArray("\x82\xa1" "a\x01\xa1" "b\x93\x01\x02\xc0", 10), false, "msgpack:{\"a\":1,\"b\":[1,2,null]}");
        row("bytes after a MessagePack are no MessagePack", QByteArray("\x81\xa1" "a\x01\x00", 5), false, "binary:81a1610100");
        row("a cut letter is no text", "ab\xc3", false, "binary:6162c3");
        row("an overlong slash is no text", QByteArray("\xc0\xaf", 2), false, "binary:c0af");
        row("hexadecimal, 16 bytes a line, with what can be read", QByteArray("\x01hello, world, it", 17), true,
            "binary:01 68 65 6c 6c 6f 2c 20 77 6f 72 6c 64 2c 20 69  .hello, world, i\n74 " + QByteArray(46, ' ') + "t");
    }
    void valuesAreDecoded()
    {
        QFETCH(QByteArray, value);
        QFETCH(bool, pretty);
        const auto decoded = cacheflow::decodeValue(value.toStdString(), pretty ? ValueLayout::Pretty : ValueLayout::Compact, 4096, {});
        QTEST(QByteArray::fromStdString(std::string(cacheflow::name(decoded.kind)) + ":" + decoded.text), "expected");
        QVERIFY(!decoded.isCut);
    }

    void aLongValueIsCutBetweenLetters()
    {
        const auto text = cacheflow::decodeValue("aaa\xc3\xbc", ValueLayout::Compact, 4, {});
        QCOMPARE(QByteArray::fromStdString(text.text), QByteArray("aaa"));
        QVERIFY(text.isCut);
        const auto binary = cacheflow::decodeValue(std::string(4000, '\x01'), ValueLayout::Compact, 200, {});
        QCOMPARE(binary.text.size(), std::size_t(200));
        QVERIFY(binary.isCut);
    }

    void whatIsPersonalIsMasked_data()
    {
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QByteArray>("shown");
        QTest::newRow("a personal column") << QByteArray("{\"id\":\"1\", \"full_name\":\"Ann Lee\",\"name\":\"ann\"}") << QByteArray("{\"id\":\"1\",\"full_name\":\"(masked)\",\"name\":\"ann\"}");
        QTest::newRow("none: as it stands there") << QByteArray("{\"id\":\"1\", \"name\":\"ann\"}") << QByteArray("{\"id\":\"1\", \"name\":\"ann\"}");
        QTest::newRow("a private caption") << QByteArray("{\"caption\":\"Elbe\",\"private\":true}") << QByteArray("{\"caption\":\"(masked)\",\"private\":true}");
        QTest::newRow("a public one") << QByteArray("{\"caption\":\"Elbe\",\"private\":false}") << QByteArray("{\"caption\":\"Elbe\",\"private\":false}");
        QTest::newRow("in a list of users") << QByteArray("[{\"email\":\"a@b\"},{\"email\":null}]") << QByteArray("[{\"email\":\"(masked)\"},{\"email\":null}]");
        QTest::newRow("in MessagePack") << QByteArray("\x81\xa5" "email\xa3" "a@b") << QByteArray("{\"email\":\"(masked)\"}");
    }
    void whatIsPersonalIsMasked()
    {
        QFETCH(QByteArray, value);
        QFETCH(QByteArray, shown);
        fleet::Queries queries;
        queries.personal().names = {"email", "full_name"};
        const auto decoded = cacheflow::decodeValue(value.toStdString(), ValueLayout::Compact, 4096, cacheflow::maskedMembers(queries));
        QCOMPARE(QByteArray::fromStdString(decoded.text), shown);
    }

    void whatIsTooLongToBeTakenApartIsMaskedWholly()
    {
        const std::string filler(std::size_t(1) << 20, 'x');
        for (const std::string &value : {R"({"email":"ann@example.com","bio":")" + filler + R"("})", "\x82\xa5" "email\xaf" "ann@example.com\xa3" "bio" + filler + '\x01'}) {
            const auto decoded = cacheflow::decodeValue(value, ValueLayout::Compact, 200, {"email"});
            QCOMPARE(QByteArray::fromStdString(decoded.text), QByteArray("(masked)"));
        }
        const auto text = cacheflow::decodeValue(filler + filler, ValueLayout::Compact, 200, {"email"});
        QCOMPARE(text.text.size(), std::size_t(200)); // it has no members
    }

    void aKeyLiesOnAMemberOfEachPool()
    {
        const auto places = cacheflow::placesOf(m_fleet, "u:1", {});
        QVERIFY(places);
        QCOMPARE(places->size(), std::size_t(2));
        QCOMPARE(places->at(1).server, base::ServerId("cache-us-west-1"));
        QCOMPARE(cacheflow::placesOf(m_fleet, "u:1", "us-west")->size(), std::size_t(1));
        QCOMPARE(cacheflow::placesOf(m_fleet, "u:1", "mars").error().code, ErrorCode::NotFound);
        QCOMPARE(cacheflow::placesOf(m_fleet, std::string(251, 'k'), {}).error().code, ErrorCode::BadInput);
        QVERIFY(cacheflow::placesOf(m_fleet, std::string(250, 'k'), {}));
        QCOMPARE(cacheflow::placesOf(m_fleet, "two words", {}).error().code, ErrorCode::BadInput);
    }

    void spreadTellsSharesAndWhatWouldMove()
    {
        fleet::Pool pool{base::PoolName("p"), base::RegionName("us-east"), {}, fleet::Hashing::Ketama};
        for (int i = 1; i <= 4; ++i) {
            const base::ServerId id("c" + std::to_string(i));
            m_fleet.servers.push_back({id, fleet::ServerKind::Memcached, {}, base::RegionName("us-east"), {{"10.0.0." + std::to_string(i), 11211}, {}}, {}});
            pool.servers.push_back(id);
        }
        const auto spread = cacheflow::spreadOf(m_fleet, pool, 10000);
        QVERIFY(spread);
        QCOMPARE(spread->members.size(), std::size_t(4));
        double sum = 0;
        for (const auto &member : spread->members) {
            sum += member.share;
            QVERIFY(member.lost.has_value());
            QVERIFY2(std::abs(*member.lost - member.share) < 0.001, "with ketama only the lost member's own keys move");
        }
        QVERIFY(std::abs(sum - 1) < 1e-9);
        QVERIFY2(spread->joined && *spread->joined > 0.1 && *spread->joined < 0.3, "about a fifth moves to a fifth one");
        const auto alone = cacheflow::spreadOf(m_fleet, m_fleet.pools[0], 1000);
        QVERIFY(alone && !alone->members[0].lost);
        QCOMPARE(alone->members[0].share, 1.0);
    }

    void aLookTouchesNoLease()
    {
        m_eastStore->put("u:1", "{\"version\":3}");
        const auto looks = cacheflow::lookEverywhere(m_fleet, "u:1", *cacheflow::placesOf(m_fleet, "u:1", {}), false, 500ms);
        QCOMPARE(looks.size(), std::size_t(2));
        QVERIFY(looks[0].look);
        QCOMPARE(looks[0].look->lease, Lease::ValueUnknown);
        QCOMPARE(looks[0].look->value, std::string("{\"version\":3}"));
        QCOMPARE(looks[0].look->expiresIn, std::optional(base::seconds(30)));
        QVERIFY(looks[0].look->flags.empty());
        QCOMPARE(looks[1].look->lease, Lease::Absent);
        QVERIFY(!recorded(*m_eastStore, "mg") && !recorded(*m_westStore, "mg"));
    }

    void aWinThatALookTookIsGivenBack()
    {
        m_eastStore->put("u:1", "old");
        m_eastStore->items["u:1"].isStale = true;
        const auto places = *cacheflow::placesOf(m_fleet, "u:1", "us-east");
        const auto looks = cacheflow::lookEverywhere(m_fleet, "u:1", places, true, 500ms);
        QCOMPARE(looks[0].look->lease, Lease::ValueStale);
        QCOMPARE(looks[0].look->flags, std::string("W X"));
        QVERIFY(m_eastStore->items["u:1"].isStale && !m_eastStore->items["u:1"].isTokenOut);
        m_eastStore->items["u:1"].isTokenOut = true; // somebody fills
        const auto again = cacheflow::lookEverywhere(m_fleet, "u:1", places, true, 500ms);
        QCOMPARE(again[0].look->lease, Lease::ValueFilling);
        QCOMPARE(again[0].look->flags, std::string("X Z"));
        QVERIFY(m_eastStore->items["u:1"].isTokenOut);
    }

    void aServerThatHangsCostsItsOwnDeadlineOnly()
    {
        m_eastStore->put("u:1", "here");
        m_west.setMood(Mood::HangsAtQuery);
        QElapsedTimer timer;
        timer.start();
        const auto looks = cacheflow::lookEverywhere(m_fleet, "u:1", *cacheflow::placesOf(m_fleet, "u:1", {}), false, 300ms);
        QVERIFY(timer.elapsed() < 1000);
        QCOMPARE(looks[0].look->value, std::string("here"));
        QCOMPARE(looks[1].look.error().code, ErrorCode::TimedOut);
    }

    void nothingIsDeletedThatWasNotRecorded()
    {
        m_eastStore->put("u:1", "here");
        const auto plan = cacheflow::planDelete(m_fleet, "u:1", {});
        QVERIFY(plan);
        QCOMPARE(cacheflow::deleteRecord(*plan), std::string("{\"key\":\"u:1\",\"members\":[\"cache-us-east-1\",\"cache-us-west-1\"]}"));
        const auto refused = cacheflow::carryOut(m_fleet, *plan, [](const char *, const std::string &) { return base::Result<void>(base::fail(ErrorCode::NoRights, "no")); });
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, ErrorCode::NoRights);
        QCOMPARE(m_eastStore->valueOf("u:1"), std::string("here"));
        QVERIFY(m_eastStore->seen.empty() && m_westStore->seen.empty());
    }

    void eachMemberTellsWhatBecameOfIt()
    {
        m_eastStore->put("u:1", "here");
        m_eastStore->put("u:2", "another");
        std::vector<std::string> records;
        const auto record = [&](const char *action, const std::string &detail) {
            records.push_back(std::string(action) + " " + detail);
            return base::Result<void>();
        };
        const auto plan = *cacheflow::planDelete(m_fleet, "u:1", {});
        auto done = cacheflow::carryOut(m_fleet, plan, record);
        QVERIFY(done && !done->unrecorded);
        QVERIFY(done->places.at(0).wasThere && *done->places.at(0).wasThere);
        QVERIFY(done->places.at(1).wasThere && !*done->places.at(1).wasThere);
        QCOMPARE(records, (std::vector<std::string>{
                              R"(cache_delete {"key":"u:1","members":["cache-us-east-1","cache-us-west-1"]})",
                              R"(cache_deleted {"key":"u:1","members":[{"region":"us-east","member":"cache-us-east-1","became":"deleted","error":null},)"
                              R"({"region":"us-west","member":"cache-us-west-1","became":"was_not_there","error":null}]})"}));
        QCOMPARE(m_eastStore->valueOf("u:1"), std::string("(none)"));
        QCOMPARE(m_eastStore->valueOf("u:2"), std::string("another"));
        m_eastStore->put("u:1", "again");
        m_west.setMood(Mood::Refuses);
        done = cacheflow::carryOut(m_fleet, plan, record);
        QVERIFY(done && done->places.at(0).wasThere && *done->places.at(0).wasThere);
        QVERIFY(!done->places.at(1).wasThere);
        QVERIFY2(records.back().find("\"became\":\"not_deleted\"") != std::string::npos, records.back().c_str());
    }

    void whatCouldNotBeRecordedAfterwardsIsTold()
    {
        m_eastStore->put("u:1", "here");
        const auto plan = *cacheflow::planDelete(m_fleet, "u:1", {});
        const auto done = cacheflow::carryOut(m_fleet, plan, [](const char *action, const std::string &) {
            return std::string(action) == "cache_delete" ? base::Result<void>() : base::Result<void>(base::fail(ErrorCode::Unreachable, "gone since"));
        });
        QVERIFY(done && done->unrecorded);
        QCOMPARE(done->unrecorded->message, std::string("gone since"));
        QCOMPARE(m_eastStore->valueOf("u:1"), std::string("(none)"));
    }
};

QTEST_GUILESS_MAIN(TestKeyActs)
#include "test_key_acts.moc"
