// SPDX-License-Identifier: GPL-3.0-or-later
// A guard's orders carried out on real servers.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/Servers.h"
#include "app/localfleet/Up.h"
#include "core/clients/guard/GuardAnswer.h"
#include "core/clients/guard/GuardOrders.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/secrets/Secrets.h"
#include "core/fleet/FleetFile.h"
#include "core/execute/LockKey.h"
#include "core/operate/Met.h"

#include <QFile>
#include <QRegularExpression>
#include <QTest>

#include <algorithm>
#include <csignal>
#include <future>
#include <thread>
#include <unistd.h>

using namespace shardlens;
using namespace std::chrono_literals;
using clients::GuardOrders;
using operate::By;
using operate::Command;
using operate::HostAct;
using State = clients::GuardOperationState::State;

namespace QTest {
template <>
char *toString(const std::string &text)
{
    return qstrdup(text.c_str());
}
} // namespace QTest

namespace {

constexpr int patience = 30000; // a stop alone may take 10 s
const base::ClusterName cluster("u1");

base::Instant in(base::milliseconds time)
{
    return std::chrono::steady_clock::now() + time;
}

} // namespace

class LiveGuardTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void aPauseHoldsUntilItIsResumed();
    void aPauseThatIsLateIsTakenBack();
    void aRouterIsPointedElsewhere();
    void theOldPrimaryComesBackAsAStandby();
    void aFrozenServerIsProvenStopped();
    void silenceBeforeThePromotionLeadsBack();
    void silenceWhileNobodyIsVerifiedKeepsThePause();
    void silenceAfterThePromotionLeadsOnAndTheOldPrimaryIsFenced();

private:
    [[nodiscard]] std::string ask(const std::string &server, const std::string &sql) const;
    [[nodiscard]] fleet::Endpoint guardOf(const std::string &region) const;
    [[nodiscard]] GuardOrders orders(const std::string &region) const;
    [[nodiscard]] std::optional<clients::GuardOperationState> state(const std::string &region) const;
    [[nodiscard]] clients::GuardAnnouncement announcement(const std::string &from, const std::string &to, base::milliseconds hold);
    [[nodiscard]] Command router(const std::string &region, const std::string &text, const std::string &expects = {}) const;
    [[nodiscard]] Command host(const std::string &on, HostAct act) const;
    [[nodiscard]] std::string address(const std::string &server, const std::string &viewer) const;
    /// Carries one command out; fails the test where it is an error.
    [[nodiscard]] std::string done(GuardOrders &by, const Command &command, base::milliseconds within = 5s) const;
    [[nodiscard]] base::Result<postgres::Session> throughRouter(const std::string &region) const;
    /// Both regions' routers paused, the primary braked: as far as an operation comes before it promotes.
    void holdWrites(const std::string &from, const std::string &to, base::milliseconds hold);
    void signalAll(const std::string &server, int signal) const;
    [[nodiscard]] std::string routerSays(const std::string &region) const;
    [[nodiscard]] bool writes(const std::string &region) const;
    [[nodiscard]] State stateIn(const std::string &region) const { return state(region).value_or(clients::GuardOperationState{}).state; }

    std::optional<localfleet::Home> m_home;
    std::optional<localfleet::Ground> m_ground;
    fleet::Fleet m_fleet;
    std::string m_secret;
    std::string m_near; ///< u1's home region
    std::string m_far;
    clients::GuardOperation m_of;
    std::int64_t m_number = 0;
};

std::string LiveGuardTest::ask(const std::string &server, const std::string &sql) const
{
    const localfleet::Instance *instance = m_ground->server(server);
    const auto answer = localfleet::postgres::query(*m_ground, *instance, m_ground->database(*instance), sql);
    return answer ? *answer : "error: " + answer.error().message;
}

fleet::Endpoint LiveGuardTest::guardOf(const std::string &region) const
{
    const auto found = std::find_if(m_fleet.guards.begin(), m_fleet.guards.end(), [&](const auto &one) { return one.region.text() == region; });
    return found->address.own;
}

GuardOrders LiveGuardTest::orders(const std::string &region) const
{
    auto connected = GuardOrders::connect(guardOf(region), m_secret, 2s);
    if (!connected)
        qFatal("%s", connected.error().message.c_str());
    return std::move(*connected);
}

std::optional<clients::GuardOperationState> LiveGuardTest::state(const std::string &region) const
{
    const auto answer = clients::askGuard(guardOf(region), 2s);
    const auto found = answer ? answer->operations.find(cluster) : std::map<base::ClusterName, clients::GuardOperationState>::const_iterator();
    return answer && found != answer->operations.end() ? std::optional(found->second) : std::nullopt;
}

clients::GuardAnnouncement LiveGuardTest::announcement(const std::string &from, const std::string &to, base::milliseconds hold)
{
    clients::GuardAnnouncement told;
    ++m_number;
    told.of = m_of = {cluster, "u1-test-" + std::to_string(m_number), m_number};
    told.term = std::strtoll(ask(from, "SELECT term FROM shardlens.term").c_str(), nullptr, 10) + 1;
    told.from = base::ServerId(from);
    told.to = base::ServerId(to);
    told.hold = hold;
    return told;
}

Command LiveGuardTest::router(const std::string &region, const std::string &text, const std::string &expects) const
{
    return {By::Router, m_fleet.routerOf(base::RegionName(region))->server, {}, text, {}, expects, std::nullopt};
}

Command LiveGuardTest::host(const std::string &on, HostAct act) const
{
    operate::HostDeed deed;
    deed.act = act;
    deed.directory = m_home->pgData(on).string();
    deed.config = (m_home->etc(on) / "postgresql.conf").string();
    return {By::Host, base::ServerId(on), {}, {}, {}, {}, deed};
}

std::string LiveGuardTest::address(const std::string &server, const std::string &viewer) const
{
    const auto &endpoint = m_fleet.server(base::ServerId(server))->address.from(base::RegionName(viewer));
    return "host=" + endpoint.host + " port=" + std::to_string(endpoint.port);
}

std::string LiveGuardTest::done(GuardOrders &by, const Command &command, base::milliseconds within) const
{
    const auto carried = by.carryOut(m_of, {command}, in(within));
    if (carried.error)
        return "error: " + carried.error->message;
    return carried.answers.empty() ? "no answer" : carried.answers.front();
}

base::Result<postgres::Session> LiveGuardTest::throughRouter(const std::string &region) const
{
    const auto *server = m_fleet.server(m_fleet.routerOf(base::RegionName(region))->server);
    const auto *user = m_fleet.access.firstWith(fleet::Role::Application);
    const auto &endpoint = server->address.own;
    const auto secret = secrets::resolve(user->secret, {endpoint.host, endpoint.port, "u1", user->name});
    postgres::SessionOptions options;
    options.tls = m_fleet.access.tls;
    options.throughRouter = true;
    return postgres::Session::connect({server->id.text(), endpoint, "u1", user->name}, *secret, options, 2s);
}

void LiveGuardTest::initTestCase()
{
    m_home = *localfleet::Home::at("/tmp/shardlens-guard-" + std::to_string(::getpid()));
    QVERIFY(localfleet::Owner::become(m_home->root()));
    localfleet::Shape shape;
    shape.regions = {"us-east", "us-west"};
    shape.usersClusters = 1;
    shape.mediaClusters = 1;
    shape.cachesPerRegion = 1;
    shape.latencyMs = 2;
    localfleet::Progress silent;
    auto ground = localfleet::up(*m_home, &shape, silent);
    QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
    m_ground = *ground;
    auto fleet = fleet::readFleetFile(m_home->fleetFile().string());
    QVERIFY(fleet.has_value());
    m_fleet = std::move(*fleet);
    m_secret = secrets::resolve(m_fleet.access.guardSecret, {}).value_or("");
    QVERIFY2(!m_secret.empty(), "localfleet makes a secret for orders, readable by the owner only");
    m_near = m_fleet.cluster(cluster)->home.text();
    m_far = m_near == "us-east" ? "us-west" : "us-east";
    for (const std::string &region : shape.regions)
        QTRY_VERIFY_WITH_TIMEOUT(clients::askGuard(guardOf(region), 1s), patience);
}

void LiveGuardTest::cleanupTestCase()
{
    localfleet::Progress silent;
    if (m_home)
        (void)localfleet::down(*m_home, !qEnvironmentVariableIsSet("KEEP_FLEET"), silent);
}

void LiveGuardTest::aPauseHoldsUntilItIsResumed()
{
    GuardOrders by = orders(m_near);
    QVERIFY(by.announce(announcement("u1-" + m_near, "u1-" + m_far, 20s), 2s));
    // Said twice it is so once; what follows an answer that is not as expected is not carried out.
    for (int i = 0; i < 2; ++i) {
        const auto paused = by.carryOut(m_of, {router(m_near, "PAUSE u1"), router(m_near, "SHOW DATABASES", "u1: paused = 1"), router(m_near, "SHOW DATABASES", "u1: paused = 0"), router(m_near, "RESUME u1")}, in(5s));
        QVERIFY2(!paused.error, paused.error ? paused.error->message.c_str() : "");
        QCOMPARE(paused.answers.size(), std::size_t(3));
        QVERIFY(operate::isMet("u1: " + address("u1-" + m_near, m_near), paused.answers[1]));
    }
    for (int i = 0; i < 2; ++i)
        QCOMPARE(done(by, router(m_near, "RESUME u1")), std::string());
    QVERIFY(done(by, router(m_near, "SHOW DATABASES")).find("paused = 1") == std::string::npos);
    QCOMPARE(done(by, router(m_near, "KILL u1")), std::string());
    QVERIFY(operate::isMet("u1: paused = 1", done(by, router(m_near, "SHOW DATABASES"))));
    QCOMPARE(done(by, router(m_near, "RESUME u1")), std::string());
    std::vector<base::microseconds> took;
    for (int i = 0; i < 41; ++i) {
        const auto begun = std::chrono::steady_clock::now();
        QCOMPARE(done(by, router(m_near, "RECONNECT u1")), std::string());
        took.push_back(std::chrono::duration_cast<base::microseconds>(std::chrono::steady_clock::now() - begun));
    }
    std::sort(took.begin(), took.end());
    qInfo("an order on a kept connection: median %lld us, worst %lld us", static_cast<long long>(took[20].count()), static_cast<long long>(took.back().count()));
    QVERIFY(took[20] < 20ms);
    // No beat while it is under way; they go on after it.
    const auto beat = [&] { return clients::askGuard(guardOf(m_near), 2s)->beats.at(cluster); };
    QTRY_COMPARE_WITH_TIMEOUT(beat().state, clients::GuardBeat::State::StandingBy, patience);
    QVERIFY(by.release(m_of, 2s));
    QTRY_COMPARE_WITH_TIMEOUT(beat().state, clients::GuardBeat::State::Beating, patience);
}

void LiveGuardTest::aPauseThatIsLateIsTakenBack()
{
    GuardOrders by = orders(m_near);
    GuardOrders beside = orders(m_near);
    QVERIFY(by.announce(announcement("u1-" + m_near, "u1-" + m_far, 20s), 2s));
    auto session = throughRouter(m_near);
    QVERIFY2(session.has_value(), session ? "" : session.error().message.c_str());
    QVERIFY(session->script("BEGIN; SELECT 1", 2s));
    GuardOrders::Carried late;
    std::thread waiting([&] { late = by.carryOut(m_of, {router(m_near, "PAUSE u1")}, in(1500ms)); });
    // It waits, and keeps no other order waiting.
    QTRY_VERIFY_WITH_TIMEOUT(operate::isMet("u1: paused = 1", done(beside, router(m_near, "SHOW DATABASES"))), 1000);
    waiting.join();
    QVERIFY(late.error);
    QCOMPARE(late.error->code, base::ErrorCode::TimedOut);
    QCOMPARE(late.error->effect, base::Effect::None);
    QVERIFY(by.isOpen());
    QVERIFY(operate::isMet("u1: paused = 0", done(by, router(m_near, "SHOW DATABASES"))));
    QVERIFY2(session->script("COMMIT", 2s), "the transaction that it waited for goes on");
    QVERIFY(by.release(m_of, 2s));
}

void LiveGuardTest::aRouterIsPointedElsewhere()
{
    GuardOrders by = orders(m_near);
    QVERIFY(by.announce(announcement("u1-" + m_near, "u1-" + m_far, 20s), 2s));
    Command point = host(m_fleet.routerOf(base::RegionName(m_near))->server.text(), HostAct::PointRouter);
    point.deed->database = "u1";
    for (const std::string &to : {"u1-" + m_far, "u1-" + m_far, "u1-" + m_near}) {
        point.deed->leadsTo = address(to, m_near) + " dbname=insta";
        QVERIFY2(operate::isMet("u1: " + address(to, m_near), done(by, point)), qPrintable(QString::fromStdString(done(by, point))));
    }
    point.deed->database = "u9";
    QVERIFY(done(by, point).find("no line of u9") != std::string::npos);
    QVERIFY(by.release(m_of, 2s));
}

void LiveGuardTest::theOldPrimaryComesBackAsAStandby()
{
    const std::string from = "u1-" + m_near;
    const std::string to = "u1-" + m_far;
    GuardOrders by = orders(m_near);
    QVERIFY(by.announce(announcement(from, to, 60s), 2s));
    const auto refused = done(by, host(from, HostAct::Rewind));
    QVERIFY2(refused.find("has to be stopped first") != std::string::npos, refused.c_str());
    QCOMPARE(done(by, host(from, HostAct::AskStopped)), std::string("runs"));
    const std::string conninfo = ask(to, "SHOW primary_conninfo");
    QCOMPARE(ask(to, "SELECT pg_promote()"), std::string("t"));
    // The two part, and the old one has a brake: nothing of that may come back.
    QCOMPARE(ask(from, "CREATE TABLE parted (x int)"), std::string());
    (void)ask(from, "ALTER SYSTEM SET default_transaction_read_only = on");
    QCOMPARE(done(by, host(from, HostAct::Stop), 10s), std::string("stopped"));
    QCOMPARE(done(by, host(from, HostAct::Stop), 10s), std::string("stopped"));
    QCOMPARE(done(by, host(from, HostAct::AskStopped)), std::string("stopped"));
    (void)ask(to, "CHECKPOINT");
    QString connection = QString::fromStdString(conninfo);
    connection.replace(QRegularExpression("host=\\S+ port=\\d+"), QString::fromStdString(address(to, m_near)));
    connection.replace("application_name=" + QString::fromStdString(to), "application_name=" + QString::fromStdString(from));
    Command rewind = host(from, HostAct::Rewind);
    rewind.deed->connection = connection.toStdString();
    QCOMPARE(done(by, rewind, 30s), std::string("rewound"));
    const std::string slot = localfleet::slotName(from);
    (void)ask(to, "SELECT pg_create_physical_replication_slot('" + slot + "', true)");
    Command standby = host(from, HostAct::MakeStandby);
    standby.deed->connection = rewind.deed->connection;
    standby.deed->slot = slot;
    QCOMPARE(done(by, standby), std::string("made"));
    const auto begun = std::chrono::steady_clock::now();
    QCOMPARE(done(by, host(from, HostAct::Start), 20s), std::string("runs"));
    QCOMPARE(done(by, host(from, HostAct::Start), 20s), std::string("runs"));
    qInfo("started in %lld ms", static_cast<long long>(std::chrono::duration_cast<base::milliseconds>(std::chrono::steady_clock::now() - begun).count()));
    QCOMPARE(ask(from, "SELECT pg_is_in_recovery()"), std::string("t"));
    QCOMPARE(ask(from, "SHOW default_transaction_read_only"), std::string("off"));
    QTRY_COMPARE_WITH_TIMEOUT(ask(to, "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming' AND application_name = '" + from + "'"), std::string("1"), patience);
    QTRY_COMPARE_WITH_TIMEOUT(ask(from, "SELECT to_regclass('parted') IS NULL"), std::string("t"), patience);
    QVERIFY(by.release(m_of, 2s));
    std::swap(m_near, m_far);
}

void LiveGuardTest::aFrozenServerIsProvenStopped()
{
    const std::string standby = "u1-" + m_far;
    GuardOrders by = orders(m_far);
    QVERIFY(by.announce(announcement("u1-" + m_near, standby, 60s), 2s));
    signalAll(standby, SIGSTOP);
    QCOMPARE(done(by, host(standby, HostAct::Stop), 8s), std::string("stopped"));
    QVERIFY(localfleet::servers::processes(*m_ground, *m_ground->server(standby)).empty());
    QCOMPARE(done(by, host(standby, HostAct::Start), 20s), std::string("runs"));
    QVERIFY(by.release(m_of, 2s));
}

void LiveGuardTest::holdWrites(const std::string &from, const std::string &to, base::milliseconds hold)
{
    const auto told = announcement(from, to, hold);
    std::vector<GuardOrders> by;
    for (const std::string &region : {m_near, m_far}) {
        by.push_back(orders(region));
        QVERIFY(by.back().announce(told, 2s));
    }
    QCOMPARE(done(by[0], router(m_near, "PAUSE u1"), 2s), std::string());
    QCOMPARE(done(by[1], router(m_far, "PAUSE u1"), 2s), std::string());
    (void)ask(from, "ALTER SYSTEM SET default_transaction_read_only = on");
    (void)ask(from, "SELECT pg_reload_conf()");
}

/// The postmaster first when it is frozen, so that it starts no other; a child may have ended meanwhile.
void LiveGuardTest::signalAll(const std::string &server, int signal) const
{
    const auto *instance = m_ground->server(server);
    const auto main = localfleet::servers::process(*m_ground, server);
    QVERIFY(main);
    if (signal == SIGSTOP)
        ::kill(main->pid, signal);
    for (const pid_t pid : localfleet::servers::processes(*m_ground, *instance))
        ::kill(pid, signal);
}

/// Asked for by no operation: what the guard's own watch of the router tells.
std::string LiveGuardTest::routerSays(const std::string &region) const
{
    const auto answer = clients::askGuard(guardOf(region), 2s);
    const auto *declared = m_fleet.routerOf(base::RegionName(region));
    if (!answer || !answer->routers.contains(declared->server))
        return "unknown";
    return answer->routers.at(declared->server).paused.at("u1") ? "paused" : "runs";
}

bool LiveGuardTest::writes(const std::string &region) const
{
    auto session = throughRouter(region);
    const auto rows = session ? session->exec("INSERT INTO shardlens.outbox (cache_key) VALUES ('live') RETURNING pg_is_in_recovery()", 3s) : base::Result<postgres::Rows>(base::fail(session.error()));
    if (!rows)
        qInfo("%s", rows.error().message.c_str());
    return rows && rows->first() == "f";
}

void LiveGuardTest::silenceBeforeThePromotionLeadsBack()
{
    const std::string from = "u1-" + m_near;
    holdWrites(from, "u1-" + m_far, 700ms);
    const auto silent = std::chrono::steady_clock::now();
    for (const std::string &region : {m_near, m_far})
        QTRY_VERIFY2_WITH_TIMEOUT(stateIn(region) == State::TakenOver, state(region)->said.c_str(), patience);
    qInfo("both regions were resumed %lld ms after the last order", static_cast<long long>(std::chrono::duration_cast<base::milliseconds>(std::chrono::steady_clock::now() - silent).count()));
    QVERIFY2(state(m_near)->said.find("writes flow to " + from) == 0, state(m_near)->said.c_str());
    QCOMPARE(ask(from, "SHOW default_transaction_read_only"), std::string("off"));
    for (const std::string &region : {m_near, m_far}) {
        QVERIFY(writes(region));
        QTRY_COMPARE_WITH_TIMEOUT(clients::askGuard(guardOf(region), 2s)->beats.at(cluster).state, clients::GuardBeat::State::Beating, patience);
    }
    // It is over for the operation too.
    GuardOrders late = orders(m_near);
    QVERIFY(done(late, router(m_near, "PAUSE u1")).find("is over here") != std::string::npos);
}

void LiveGuardTest::silenceWhileNobodyIsVerifiedKeepsThePause()
{
    const std::string from = "u1-" + m_near;
    const std::string to = "u1-" + m_far;
    // A newer operation's lock is not taken from it; whoever holds it decides.
    const auto session = std::async(std::launch::async, [&] { return ask(from, "SELECT pg_try_advisory_lock(" + std::to_string(execute::lockClass) + ", 1), pg_sleep(3)"); });
    QTRY_COMPARE_WITH_TIMEOUT(ask(from, "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND objsubid = 2 AND classid = " + std::to_string(execute::lockClass)), std::string("1"), patience);
    holdWrites(from, to, 300ms);
    QTRY_VERIFY_WITH_TIMEOUT(state(m_near)->said.find("the lock on " + from + " is held by") == 0 || state(m_near)->said.find("the lock on " + to) == 0, patience);
    QTRY_COMPARE_WITH_TIMEOUT(routerSays(m_near), std::string("paused"), patience);
    signalAll(to, SIGSTOP);
    session.wait();
    // The candidate is frozen: it may have been promoted. With two of two members declared, one is no majority either.
    for (const std::string &region : {m_near, m_far})
        QTRY_COMPARE_WITH_TIMEOUT(stateIn(region), State::Waiting, patience);
    QVERIFY2(state(m_near)->said.find("a person must act") != std::string::npos, state(m_near)->said.c_str());
    QTRY_COMPARE_WITH_TIMEOUT(routerSays(m_near), std::string("paused"), patience);
    signalAll(to, SIGCONT);
    for (const std::string &region : {m_near, m_far})
        QTRY_VERIFY2_WITH_TIMEOUT(stateIn(region) == State::TakenOver, state(region)->said.c_str(), patience);
    QVERIFY(writes(m_near) && writes(m_far));
}

void LiveGuardTest::silenceAfterThePromotionLeadsOnAndTheOldPrimaryIsFenced()
{
    const std::string from = "u1-" + m_near;
    const std::string to = "u1-" + m_far;
    holdWrites(from, to, 1200ms);
    const std::int64_t term = std::strtoll(ask(to, "SELECT term FROM shardlens.term").c_str(), nullptr, 10);
    QCOMPARE(ask(to, "SELECT pg_promote(false)"), std::string("t"));
    for (const std::string &region : {m_near, m_far})
        QTRY_VERIFY2_WITH_TIMEOUT(stateIn(region) == State::TakenOver, state(region)->said.c_str(), patience);
    QVERIFY2(state(m_far)->said.find("writes flow to " + to) == 0, state(m_far)->said.c_str());
    QCOMPARE(ask(to, "SELECT term FROM shardlens.term"), std::to_string(term + 1));
    QVERIFY(writes(m_near) && writes(m_far));
    // The old one stands there with its brake and its old term: its guard stops it, and stops it again when it comes back.
    const auto *old = m_ground->server(from);
    QTRY_VERIFY_WITH_TIMEOUT(localfleet::servers::processes(*m_ground, *old).empty(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(clients::askGuard(guardOf(m_near), 2s)->fenced.contains(base::ServerId(from)), patience);
    QFile automatic(QString::fromStdString((m_home->pgData(from) / "postgresql.auto.conf").string()));
    QVERIFY(automatic.open(QIODevice::ReadOnly));
    QByteArray without = automatic.readAll();
    QVERIFY(without.contains("default_transaction_read_only"));
    automatic.close();
    without.replace("default_transaction_read_only = 'on'", "");
    QVERIFY(automatic.open(QIODevice::WriteOnly | QIODevice::Truncate));
    automatic.write(without);
    automatic.close();
    QVERIFY(localfleet::servers::start(*m_ground, *old));
    QTRY_VERIFY_WITH_TIMEOUT(localfleet::postgres::isReady(*m_ground, *old) || localfleet::servers::processes(*m_ground, *old).empty(), patience);
    QTRY_VERIFY_WITH_TIMEOUT(localfleet::servers::processes(*m_ground, *old).empty(), patience);
    QVERIFY(writes(m_near));
    QCOMPARE(ask(to, "SELECT pg_is_in_recovery()"), std::string("f"));
}

QTEST_GUILESS_MAIN(LiveGuardTest)
#include "test_live_guard.moc"
