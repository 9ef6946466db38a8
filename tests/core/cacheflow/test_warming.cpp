// SPDX-License-Identifier: GPL-3.0-or-later
// Warming a region's pool from another's, against scripted servers: only what it misses, and never anything stale.
#include "core/cacheflow/KeyWalk.h"
#include "core/cacheflow/Warming.h"
#include "core/clients/memcached/MetaSession.h"
#include "tests/core/cacheflow/FakeMemcached.h"

#include <QElapsedTimer>
#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace std::chrono_literals;
using base::ErrorCode;
using cacheflow::RegionRows;
using cacheflow::Warmed;
using cacheflow::WarmOptions;
using cacheflow::WarmPlan;
using fakes::Mood;

class TestWarming : public QObject
{
    Q_OBJECT

    fakes::FakePeers m_peers;
    std::shared_ptr<fakes::FakeStore> m_eastStore = std::make_shared<fakes::FakeStore>();
    std::shared_ptr<fakes::FakeStore> m_westStore = std::make_shared<fakes::FakeStore>();
    fakes::FakePeer &m_east = m_peers.add([this] { return fakes::fakeMemcached(m_eastStore); });
    fakes::FakePeer &m_west = m_peers.add([this] { return fakes::fakeMemcached(m_westStore); });
    fleet::Fleet m_fleet;
    WarmOptions m_options;
    std::map<std::string, std::int64_t> m_rows; ///< versions in us-west

    static std::string valueOf(std::int64_t version) { return "{\"version\":" + std::to_string(version) + "}"; }

    RegionRows::Read read(const std::vector<std::string> &keys) const
    {
        RegionRows::Read found;
        for (const std::string &key : keys) {
            if (const auto row = m_rows.find(key); row != m_rows.end())
                found.rows.emplace(key, cacheflow::RowVersion{row->second, 1s});
        }
        return found;
    }

    WarmPlan plan() const
    {
        const auto made = cacheflow::planWarming(m_fleet, base::RegionName("us-east"), base::RegionName("us-west"), m_options);
        return made ? *made : WarmPlan{};
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
        m_options = {};
        m_options.deadline = 300ms;
        m_options.walkPatience = 500ms;
        m_options.perSecond = 1e6;
        m_rows.clear();
        for (auto *peer : {&m_east, &m_west})
            peer->setMood(Mood::Answers);
        for (const auto &store : {m_eastStore, m_westStore}) {
            const std::scoped_lock lock(store->mutex);
            store->items.clear();
            store->seen.clear();
        }
    }

    void linesOfAWalkAreRead()
    {
        const auto key = cacheflow::walkedKeyIn("key=u%3A1%20x exp=-1 la=1732831200 cas=5 fetch=yes cls=3 size=90 flags=0");
        QVERIFY(key);
        QCOMPARE(key->key, std::string("u:1 x"));
        QCOMPARE(key->lastAccess, std::int64_t(1732831200));
        QVERIFY(key->wasFetched);
        QCOMPARE(key->bytes, std::uint64_t(90));
        QVERIFY(!cacheflow::walkedKeyIn("key=u exp=-1 la=1 cas=5 fetch=no cls=3 size=90")->wasFetched);
        QVERIFY(!cacheflow::walkedKeyIn("END"));
    }

    void onlyWhatTheTargetMissesIsPlannedHottestFirst()
    {
        for (const char *key : {"u:1", "u:2", "u:3", "session:abc"})
            m_eastStore->put(key, valueOf(1));
        m_eastStore->put("u:9", "unread");
        m_westStore->put("u:2", valueOf(1));
        const WarmPlan made = plan();
        QCOMPARE(made.keys, (std::vector<std::string>{"u:1", "u:3"}));
        QCOMPARE(made.walked, std::uint64_t(5));
        QCOMPARE(made.rowless, std::uint64_t(1));
        QCOMPARE(made.unread, std::uint64_t(1));
        QCOMPARE(made.there, std::uint64_t(1));
        QVERIFY(made.errors.empty());
        const bool countsGets = std::any_of(m_westStore->seen.begin(), m_westStore->seen.end(), [](const std::string &line) { return !line.starts_with("me "); });
        QVERIFY2(!countsGets, "a plan reads no item of the target");
        m_options.keys = 1;
        QCOMPARE(plan().keys, (std::vector<std::string>{"u:1"}));
        QCOMPARE(cacheflow::planWarming(m_fleet, base::RegionName("us-east"), base::RegionName("us-east"), m_options).error().code, ErrorCode::BadInput);
        QCOMPARE(cacheflow::planWarming(m_fleet, base::RegionName("us-east"), base::RegionName("mars"), m_options).error().code, ErrorCode::NotFound);
    }

    /// A key is of one pool of its region, and lands in that one's counterpart.
    void everyPoolIsFilledFromItsCounterpart()
    {
        std::map<std::string, std::shared_ptr<fakes::FakeStore>> stores;
        for (const char *region : {"us-east", "us-west"}) {
            const std::string name = "sessions-" + std::string(region);
            const auto store = stores[region] = std::make_shared<fakes::FakeStore>();
            const auto &peer = m_peers.add([store] { return fakes::fakeMemcached(store); });
            m_fleet.servers.push_back({base::ServerId(name + "-1"), fleet::ServerKind::Memcached, {}, base::RegionName(region), {{"127.0.0.1", peer.port()}, {}}, {}});
            m_fleet.pools.push_back({base::PoolName(name), base::RegionName(region), {base::ServerId(name + "-1")}, fleet::Hashing::Ketama});
        }
        m_eastStore->put("u:1", valueOf(1));
        m_eastStore->put("u:2", valueOf(2));
        stores["us-east"]->put("u:3", valueOf(3));
        for (int i = 1; i <= 3; ++i)
            m_rows["u:" + std::to_string(i)] = i;
        const WarmPlan made = plan();
        QCOMPARE(made.keys, (std::vector<std::string>{"u:1", "u:2", "u:3"}));
        QCOMPARE(made.further, (std::vector<cacheflow::WarmPair>{{base::PoolName("sessions-us-east"), base::PoolName("sessions-us-west"), 2}}));
        QCOMPARE(made.sources(), std::string("cache-us-east, sessions-us-east"));
        QCOMPARE(made.targets(), std::string("cache-us-west, sessions-us-west"));
        const Warmed done = cacheflow::warm(m_fleet, made, [this](const auto &keys) { return read(keys); }, m_options, {});
        QCOMPARE(done.tried, std::uint64_t(3));
        QCOMPARE(done.filled, std::uint64_t(3));
        QCOMPARE(m_westStore->valueOf("u:2"), valueOf(2));
        QCOMPARE(m_westStore->valueOf("u:3"), std::string("(none)"));
        QCOMPARE(stores["us-west"]->valueOf("u:3"), valueOf(3));
        QCOMPARE(stores["us-west"]->valueOf("u:1"), std::string("(none)"));

        // What the first pool does not need is the second one's.
        stores["us-west"]->erase("u:3");
        m_options.keys = 2;
        QCOMPARE(plan().keys, std::vector<std::string>{"u:3"});

        m_fleet.pools.push_back({base::PoolName("third-us-west"), base::RegionName("us-west"), {base::ServerId("sessions-us-west-1")}, fleet::Hashing::Ketama});
        const auto odd = cacheflow::planWarming(m_fleet, base::RegionName("us-east"), base::RegionName("us-west"), m_options);
        QCOMPARE(odd.error().code, ErrorCode::BadInput);
        QVERIFY2(odd.error().message.find("us-east has 2 pools, us-west has 3") != std::string::npos, odd.error().message.c_str());
    }

    void onePoolIsFilledFromAllOfTheOtherRegion()
    {
        const auto store = std::make_shared<fakes::FakeStore>();
        const auto &peer = m_peers.add([store] { return fakes::fakeMemcached(store); });
        m_fleet.servers.push_back({base::ServerId("sessions-1"), fleet::ServerKind::Memcached, {}, base::RegionName("us-east"), {{"127.0.0.1", peer.port()}, {}}, {}});
        m_fleet.pools.push_back({base::PoolName("sessions"), base::RegionName("us-east"), {base::ServerId("sessions-1")}, fleet::Hashing::Ketama});
        m_eastStore->put("u:1", valueOf(1));
        store->put("u:3", valueOf(3));
        m_rows = {{"u:1", 1}, {"u:3", 3}};
        const WarmPlan made = plan();
        QCOMPARE(made.targets(), std::string("cache-us-west"));
        QCOMPARE(cacheflow::warm(m_fleet, made, [this](const auto &keys) { return read(keys); }, m_options, {}).filled, std::uint64_t(2));
        QCOMPARE(m_westStore->valueOf("u:1") + m_westStore->valueOf("u:3"), valueOf(1) + valueOf(3));
    }

    void aPairThatIsSkippedCostsNoTime()
    {
        m_eastStore->put("u:1", valueOf(1));
        m_rows = {{"u:1", 1}};
        WarmPlan made = plan();
        QCOMPARE(made.keys.size(), std::size_t(1));
        made.keys.insert(made.keys.begin(), 5000, "u:9");
        made.further = {{made.from, made.to, 5000}};
        made.from = base::PoolName("no-such-pool");
        m_options.perSecond = 100;
        const auto begun = std::chrono::steady_clock::now();
        const Warmed done = cacheflow::warm(m_fleet, made, [this](const auto &keys) { return read(keys); }, m_options, {});
        QCOMPARE(done.filled, std::uint64_t(1));
        QVERIFY(std::chrono::steady_clock::now() - begun < std::chrono::seconds(20));
    }

    void whatIsOfItsRowIsFilled()
    {
        for (int i = 1; i <= 120; ++i) { // more than two batches
            m_eastStore->put("u:" + std::to_string(i), valueOf(i));
            m_rows["u:" + std::to_string(i)] = i;
        }
        std::vector<std::uint64_t> told;
        const Warmed done = cacheflow::warm(m_fleet, plan(), [this](const auto &keys) { return read(keys); }, m_options, [&](const Warmed &soFar) { told.push_back(soFar.tried); });
        QCOMPARE(done.filled, std::uint64_t(120));
        QCOMPARE(done.tried, std::uint64_t(120));
        QCOMPARE(told, (std::vector<std::uint64_t>{50, 100, 120}));
        QCOMPARE(m_westStore->valueOf("u:77"), valueOf(77));
        QVERIFY(!done.isCancelled);
    }

    void nothingOldIsEverSet_data()
    {
        QTest::addColumn<int>("row"); // -1: none
        QTest::addColumn<QByteArray>("sum");
        QTest::newRow("the row is newer here: a copy of it would be old") << 8 << QByteArray("differs");
        QTest::newRow("the row is older here: the standby is behind") << 6 << QByteArray("differs");
        QTest::newRow("there is no row here") << -1 << QByteArray("gone");
    }
    void nothingOldIsEverSet()
    {
        QFETCH(int, row);
        QFETCH(QByteArray, sum);
        m_eastStore->put("u:1", valueOf(7));
        if (row >= 0)
            m_rows["u:1"] = row;
        const Warmed done = cacheflow::warm(m_fleet, plan(), [this](const auto &keys) { return read(keys); }, m_options, {});
        QCOMPARE(done.filled, std::uint64_t(0));
        QCOMPARE(sum == "differs" ? done.differs : done.gone, std::uint64_t(1));
        QCOMPARE(m_westStore->valueOf("u:1"), std::string("(none)")); // the lease was given back: the next reader wins
    }

    /// The row is read, then changes, and its delete arrives before the fill: the worst moment.
    void aDeleteBetweenRowAndFillVoidsIt()
    {
        m_eastStore->put("u:1", valueOf(7));
        m_rows["u:1"] = 7;
        const auto readAndThenDelete = [this](const std::vector<std::string> &keys) {
            const auto found = read(keys);
            m_westStore->erase("u:1"); // as the invalidator's md does
            return found;
        };
        const Warmed done = cacheflow::warm(m_fleet, plan(), readAndThenDelete, m_options, {});
        QCOMPARE(done.lost, std::uint64_t(1));
        QCOMPARE(done.filled, std::uint64_t(0));
        QCOMPARE(m_westStore->valueOf("u:1"), std::string("(none)"));
    }

    void whoFilledMeanwhileIsNotOverwritten()
    {
        m_eastStore->put("u:1", valueOf(7));
        m_rows["u:1"] = 7;
        const WarmPlan made = plan();
        m_westStore->put("u:1", "theirs");
        Warmed done = cacheflow::warm(m_fleet, made, [this](const auto &keys) { return read(keys); }, m_options, {});
        QCOMPARE(done.there, std::uint64_t(1));
        QCOMPARE(m_westStore->valueOf("u:1"), std::string("theirs"));
        m_westStore->erase("u:1");
        const auto readAndThenFill = [this](const std::vector<std::string> &keys) {
            m_westStore->put("u:1", "theirs"); // another CAS
            return read(keys);
        };
        done = cacheflow::warm(m_fleet, made, readAndThenFill, m_options, {});
        QCOMPARE(done.lost, std::uint64_t(1));
        QCOMPARE(m_westStore->valueOf("u:1"), std::string("theirs"));
    }

    /// A server that started again gives the same CAS values to others.
    void aLeaseOfAConnectionThatIsGoneIsNotUsed()
    {
        m_eastStore->put("u:1", valueOf(7));
        m_rows["u:1"] = 7;
        const auto readAndThenRestart = [this](const std::vector<std::string> &keys) {
            m_west.dropConnections();
            return read(keys);
        };
        const Warmed done = cacheflow::warm(m_fleet, plan(), readAndThenRestart, m_options, {});
        QCOMPARE(done.filled, std::uint64_t(0));
        QCOMPARE(done.lost + done.failed, std::uint64_t(1));
        const bool isSet = std::any_of(m_westStore->seen.begin(), m_westStore->seen.end(), [](const std::string &line) { return line.starts_with("ms u:1"); });
        QVERIFY(!isSet);
    }

    void itIsNoFasterThanAllowedAndEndsWhenTold()
    {
        for (int i = 1; i <= 30; ++i) {
            m_eastStore->put("u:" + std::to_string(i), valueOf(1));
            m_rows["u:" + std::to_string(i)] = 1;
        }
        m_options.batch = 10;
        m_options.perSecond = 50; // batches at 0, 200 and 400 ms
        QElapsedTimer timer;
        timer.start();
        QCOMPARE(cacheflow::warm(m_fleet, plan(), [this](const auto &keys) { return read(keys); }, m_options, {}).filled, std::uint64_t(30));
        QVERIFY2(timer.elapsed() >= 390, qPrintable(QString::number(timer.elapsed())));
        {
            const std::scoped_lock lock(m_westStore->mutex);
            m_westStore->items.clear();
        }
        const auto stop = std::make_shared<wire::Interrupt>();
        m_options.stop = stop;
        const auto made = plan();
        const Warmed done = cacheflow::warm(m_fleet, made, [this](const auto &keys) { return read(keys); }, m_options, [&](const Warmed &) { stop->raise(); });
        QVERIFY(done.isCancelled);
        QCOMPARE(done.tried, std::uint64_t(10));
    }

    void aServerThatIsSilentIsSaid()
    {
        m_eastStore->put("u:1", valueOf(7));
        m_rows["u:1"] = 7;
        const WarmPlan made = plan();
        m_west.setMood(Mood::HangsAtQuery);
        const Warmed done = cacheflow::warm(m_fleet, made, [this](const auto &keys) { return read(keys); }, m_options, {});
        QCOMPARE(done.failed, std::uint64_t(1));
        QCOMPARE(done.error->code, ErrorCode::TimedOut);
        const auto unplanned = plan();
        QVERIFY(unplanned.keys.empty());
        QCOMPARE(unplanned.errors.size(), std::size_t(1));
    }
};

QTEST_GUILESS_MAIN(TestWarming)
#include "test_warming.moc"
