// SPDX-License-Identifier: GPL-3.0-or-later
// 100,000 commits while invalidators, the standby and memcached are killed at random and the cluster is switched over once: afterwards no
// cached item is older than its row, and meanwhile no key went before its row was to be seen in its region.
#include "app/localfleet/Process.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/traffic/Doorway.h"
#include "core/clients/memcached/MetaSession.h"
#include "core/fleet/FleetFile.h"
#include "tests/live/operate/ActingFleet.h"

#include <QElapsedTimer>
#include <QTest>

#include <atomic>
#include <charconv>
#include <csignal>
#include <random>
#include <set>
#include <thread>

using namespace shardlens;
using namespace std::chrono_literals;
using Code = memcached::MetaAnswer::Code;
using Kind = cacheflow::LeaseRead::Kind;
using Way = traffic::Doorway::Way;

namespace {

constexpr std::int64_t commitsWanted = 100'000;
constexpr int keys = 2000;
constexpr int writers = 4;
constexpr int readersARegion = 2;
constexpr int stormMs = 900'000;
constexpr int soon = 60'000;
const std::string standbyLag = "150ms"; ///< so that a delete that came with the commit, not with its row, would be seen
const base::ClusterName cluster("u1");
const std::vector<std::string> regions{"us-east", "us-west"};

std::string keyOf(int id)
{
    return "storm:" + std::to_string(id);
}

} // namespace

class LiveInvalidationStormTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase() { m_live.reset(); }
    void nothingStaleIsLeftAndNothingGoesTooEarly();

private:
    void write(unsigned seed);
    void read(const std::string &region, unsigned seed);
    void probe();                     ///< deletes in us-west beside the row there
    void killSomething(std::mt19937 &random, const std::string &standby);
    [[nodiscard]] bool restart(const std::string &id) const;
    void delayStandby(const std::string &by) const;
    void switchOver();
    [[nodiscard]] memcached::Member member(const std::string &region) const;
    /// Cached items that are not as their row; -1: could not be compared.
    [[nodiscard]] int staleIn(const std::string &region, int &compared) const;

    std::unique_ptr<live::ActingFleet> m_live;
    fleet::Fleet m_fleet;
    std::atomic<std::int64_t> m_commits{0};
    std::atomic<std::int64_t> m_fills{0};
    std::atomic<bool> m_stops{false};
    std::atomic<bool> m_isProbing{true}; ///< not while the router leads readers elsewhere
    std::atomic<int> m_probed{0};
    std::atomic<int> m_tooEarly{0};
};

void LiveInvalidationStormTest::initTestCase()
{
    localfleet::Shape shape;
    shape.regions = regions;
    shape.home = regions[0];
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.shards = 8;
    shape.cachesPerRegion = 1;
    shape.latencyMs = 0;
    m_live = std::make_unique<live::ActingFleet>();
    const std::string trouble = m_live->begin("storm", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    auto fleet = fleet::readFleetFile(m_live->ground().home.fleetFile().string());
    QVERIFY(fleet.has_value());
    m_fleet = std::move(*fleet);
    const std::vector<std::string> tables{"CREATE SCHEMA storm",
                                          "GRANT USAGE ON SCHEMA storm TO PUBLIC",
                                          "CREATE TABLE storm.item (id integer PRIMARY KEY, version bigint NOT NULL DEFAULT 0)",
                                          "INSERT INTO storm.item SELECT i FROM generate_series(0, " + std::to_string(keys - 1) + ") i",
                                          "CREATE TABLE storm.probe (id integer PRIMARY KEY)",
                                          "GRANT SELECT, INSERT, UPDATE ON storm.item, storm.probe TO PUBLIC"};
    for (const std::string &sql : tables) {
        const auto done = m_live->ask("u1-us-east", sql);
        QVERIFY2(!done.starts_with("error"), done.c_str());
    }
    delayStandby(standbyLag);
}

void LiveInvalidationStormTest::delayStandby(const std::string &by) const
{
    (void)m_live->ask("u1-us-west", "ALTER SYSTEM SET recovery_min_apply_delay = '" + by + "'");
    (void)m_live->ask("u1-us-west", "SELECT pg_reload_conf()");
    QTRY_COMPARE_WITH_TIMEOUT(m_live->ask("u1-us-west", "SHOW recovery_min_apply_delay"), by, soon);
}

memcached::Member LiveInvalidationStormTest::member(const std::string &region) const
{
    const std::string id = "cache-" + region + "-1";
    return {id, m_fleet.server(base::ServerId(id))->address.own};
}

void LiveInvalidationStormTest::write(unsigned seed)
{
    std::mt19937 random(seed);
    traffic::Doorway doors(m_fleet, base::RegionName(regions[0]), nullptr);
    while (!m_stops && m_commits < commitsWanted) {
        const std::string id = std::to_string(random() % keys);
        const auto session = doors.cluster(cluster, Way::Write);
        const auto done = session ? (*session)->exec("WITH changed AS (UPDATE storm.item SET version = version + 1 WHERE id = $1 RETURNING id) "
                                                     "INSERT INTO shardlens.outbox (cache_key) SELECT 'storm:' || id FROM changed",
                                                     {id}, 5s)
                                  : base::Result<postgres::Rows>(base::fail(session.error()));
        if (done) {
            ++m_commits;
            continue;
        }
        if (done.error().sqlState.starts_with("42")) // no such table, or no right to it
            qFatal("%s", done.error().message.c_str());
        std::this_thread::sleep_for(20ms); // the cluster moves
    }
}

void LiveInvalidationStormTest::read(const std::string &region, unsigned seed)
{
    std::mt19937 random(seed);
    traffic::Doorway doors(m_fleet, base::RegionName(region), nullptr);
    while (!m_stops) {
        const int id = static_cast<int>(random() % keys);
        const auto leases = doors.leases();
        const auto got = leases ? (*leases)->get(keyOf(id)) : base::Result<cacheflow::LeaseRead>(base::fail(leases.error()));
        if (!got || got->kind != Kind::Fill) {
            std::this_thread::sleep_for(got ? 1ms : 20ms); // the writers need the machine too
            continue;
        }
        const auto session = doors.cluster(cluster, Way::Read);
        const auto row = session ? (*session)->exec("SELECT version FROM storm.item WHERE id = $1", {std::to_string(id)}, 2s)
                                 : base::Result<postgres::Rows>(base::fail(session.error()));
        if (row && !row->isEmpty())
            m_fills += (*leases)->fill(keyOf(id), got->token, row->first(), 3600s).value_or(cacheflow::FillOutcome::Lost) == cacheflow::FillOutcome::Stored ? 1 : 0;
        else
            (void)(*leases)->giveBack(keyOf(id), got->token);
    }
}

void LiveInvalidationStormTest::probe()
{
    traffic::Doorway writing(m_fleet, base::RegionName(regions[0]), nullptr);
    traffic::Doorway reading(m_fleet, base::RegionName(regions[1]), nullptr);
    std::optional<memcached::MetaSession> cache;
    for (int number = 0; !m_stops; ++number) {
        const std::string name = "probe:" + std::to_string(number);
        const auto put = [&](const std::string &key) { return cache->ask("ms " + key + " 3 T600\r\nold\r\n", 500ms).has_value(); };
        if (!cache || !cache->isOpen()) {
            auto dialled = memcached::MetaSession::dial(member(regions[1]), 500ms);
            if (!dialled) {
                std::this_thread::sleep_for(50ms);
                continue;
            }
            cache = std::move(*dialled);
        }
        const auto written = writing.cluster(cluster, Way::Write);
        if (!put("canary") || !put(name) || !written || !reading.cluster(cluster, Way::Read)
            || !(*written)->exec("WITH told AS (INSERT INTO storm.probe VALUES ($1) RETURNING id) INSERT INTO shardlens.outbox (cache_key) SELECT 'probe:' || id FROM told",
                                 {std::to_string(number)}, 5s))
            continue;
        // Gone while the canary lives: it was deleted; had the member been restarted or flushed, both were gone.
        const auto until = std::chrono::steady_clock::now() + 5s;
        while (!m_stops && cache->isOpen() && std::chrono::steady_clock::now() < until) {
            cache->add("me " + name + "\r\n");
            cache->add("me canary\r\n");
            const auto seen = cache->run(500ms);
            if (!seen || (*seen)[1].code != Code::Debug)
                break;
            if ((*seen)[0].code == Code::Debug) {
                std::this_thread::sleep_for(1ms);
                continue;
            }
            const auto session = reading.cluster(cluster, Way::Read);
            const auto row = session ? (*session)->exec("SELECT 1 FROM storm.probe WHERE id = $1", {std::to_string(number)}, 2s)
                                     : base::Result<postgres::Rows>(base::fail(session.error()));
            if (row && m_isProbing) {
                ++m_probed;
                m_tooEarly += row->isEmpty() ? 1 : 0;
            }
            break;
        }
    }
}

bool LiveInvalidationStormTest::restart(const std::string &id) const
{
    const auto process = localfleet::servers::process(m_live->ground(), id);
    localfleet::Progress silent;
    return process && localfleet::stop(*process, SIGKILL, 5s) && localfleet::up(m_live->ground().home, nullptr, silent);
}

void LiveInvalidationStormTest::killSomething(std::mt19937 &random, const std::string &standby)
{
    const std::vector<std::string> servers{standby, "cache-us-east-1", "cache-us-west-1"};
    const auto choice = random() % 5;
    if (choice < 2) {
        QVERIFY(restart("invalidator-" + regions[choice]));
        return;
    }
    const std::string &server = servers[choice - 2];
    const auto cut = m_live->inflict("kill", server);
    QVERIFY2(cut.empty(), cut.c_str());
    std::this_thread::sleep_for(std::chrono::milliseconds(random() % 1500)); // a part of the storm, not a wait
    const auto healed = m_live->heal("kill", server);
    QVERIFY2(healed.empty(), healed.c_str());
}

void LiveInvalidationStormTest::switchOver()
{
    m_isProbing = false;
    delayStandby("0");
    live::Ran moved;
    const auto isMoved = [&] { // under this load the pause would be long, and what was killed last may still start
        moved = m_live->ctl({"switchover", "u1", "--to", "u1-us-west", "--force", "expected_pause=the machine is busy"}, 120000);
        return moved.exit == 0;
    };
    QVERIFY2(live::waitFor(isMoved, 2 * soon, 1000), (moved.out + moved.err).constData());
    QCOMPARE(m_live->primaries("u1"), std::string("u1-us-west"));
}

int LiveInvalidationStormTest::staleIn(const std::string &region, int &compared) const
{
    const std::string primary = m_live->primaries("u1");
    const auto rows = m_live->ask(primary, "SELECT string_agg(version::text, ' ' ORDER BY id) FROM storm.item");
    auto cache = memcached::MetaSession::dial(member(region), 1s);
    if (rows.starts_with("error") || !cache)
        return -1;
    for (int id = 0; id < keys; ++id)
        cache->add("gets " + keyOf(id) + "\r\n");
    const auto items = cache->run(5s);
    if (!items)
        return -1;
    int stale = 0;
    compared = 0;
    std::size_t at = 0;
    for (const auto &item : *items) {
        const auto end = std::min(rows.find(' ', at), rows.size());
        const std::string version = rows.substr(at, end - at);
        at = std::min(end + 1, rows.size());
        if (item.code != Code::Value || item.value.empty()) // an empty one holds a lease
            continue;
        ++compared;
        stale += item.value != version ? 1 : 0;
    }
    return stale;
}

void LiveInvalidationStormTest::nothingStaleIsLeftAndNothingGoesTooEarly()
{
    std::vector<std::thread> threads;
    for (unsigned i = 0; i < writers; ++i)
        threads.emplace_back([this, i] { write(i); });
    for (unsigned i = 0; i < readersARegion * regions.size(); ++i)
        threads.emplace_back([this, i] { read(regions[i % regions.size()], 100 + i); });
    threads.emplace_back([this] { probe(); });
    std::mt19937 random(7);
    int killed = 0;
    bool hasMoved = false;
    QElapsedTimer timer;
    timer.start();
    while (m_commits < commitsWanted && timer.elapsed() < stormMs && !QTest::currentTestFailed()) {
        if (!hasMoved && m_commits > commitsWanted / 2) {
            qInfo("half of the commits in %lld s, %d kills", timer.elapsed() / 1000, killed);
            switchOver();
            hasMoved = true;
        } else {
            killSomething(random, hasMoved ? "u1-us-east" : "u1-us-west");
            ++killed;
        }
        std::this_thread::sleep_for(500ms); // so that some commits are delivered between two kills
    }
    std::map<std::string, int> stale;
    std::map<std::string, int> compared;
    const auto isTrue = [&] {
        for (const std::string &region : regions)
            stale[region] = staleIn(region, compared[region]);
        return std::all_of(regions.begin(), regions.end(), [&](const auto &region) { return stale[region] == 0 && compared[region] > keys / 2; });
    };
    const bool isClean = QTest::qWaitFor(isTrue, soon); // readers go on: what they find and fill is compared
    m_stops = true;
    for (auto &thread : threads)
        thread.join();
    qInfo("%lld commits in %lld s, %d kills, %lld fills; compared %d and %d items; %d deletes beside their row", static_cast<long long>(m_commits),
          timer.elapsed() / 1000, killed, static_cast<long long>(m_fills), compared[regions[0]], compared[regions[1]], m_probed.load());
    QVERIFY(!QTest::currentTestFailed());
    QVERIFY(m_commits >= commitsWanted && hasMoved && killed >= 5);
    QVERIFY2(isClean, qPrintable(QStringLiteral("stale: %1 and %2").arg(stale[regions[0]]).arg(stale[regions[1]])));
    QVERIFY(m_probed > 50);
    QCOMPARE(m_tooEarly.load(), 0);
}

int main(int argc, char **argv)
{
    qputenv("QTEST_FUNCTION_TIMEOUT", QByteArray::number(2 * stormMs));
    QCoreApplication application(argc, argv);
    LiveInvalidationStormTest test;
    return QTest::qExec(&test, argc, argv);
}

#include "test_live_invalidation_storm.moc"
