// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/guard/Guard.h"
#include "core/clients/guard/GuardAnswer.h"
#include "tests/fakes/FakePeers.h"

#include <QElapsedTimer>
#include <QTest>

using namespace shardlens;
using fakes::Mood;
using namespace std::chrono_literals;

namespace
{

/// Answers whatever comes with one and the same text.
class Parrot final : public fakes::Dialect
{
public:
    explicit Parrot(std::string answer) : m_answer(std::move(answer)) {}
    std::vector<Reply> take(std::string_view) override { return {{m_answer, true, false}}; }

private:
    std::string m_answer;
};

} // namespace

/// A guard among scripted servers. No Postgres of them lets anybody in: beats fail, the guard stays.
class TestGuard : public QObject
{
    Q_OBJECT

    fakes::FakePeers m_peers;
    fakes::FakePeer &m_redis = parrot("-NOAUTH Authentication required.\r\n");
    fakes::FakePeer &m_memcached = parrot("VERSION 1.6.18\r\n");
    fakes::FakePeer &m_postgres = parrot("N");
    fakes::FakePeer &m_router = parrot("N");

    fakes::FakePeer &parrot(const std::string &answer)
    {
        return m_peers.add([answer] { return std::make_unique<Parrot>(answer); });
    }

    std::shared_ptr<fleet::Fleet> makeFleet()
    {
        auto fleet = std::make_shared<fleet::Fleet>();
        const fleet::RegionName here("here");
        fleet->regions = {{here}};
        fleet->hosts = {{fleet::HostName("box"), here, {}}};
        const auto add = [&](const char *id, fleet::ServerKind kind, std::uint16_t port) {
            fleet->servers.push_back({fleet::ServerId(id), kind, fleet::HostName("box"), here, {{"127.0.0.1", port}, {}}});
        };
        add("redis", fleet::ServerKind::Redis, m_redis.port());
        add("memcached", fleet::ServerKind::Memcached, m_memcached.port());
        add("postgres", fleet::ServerKind::Postgres, m_postgres.port());
        add("router", fleet::ServerKind::Pgbouncer, m_router.port());
        add("nobody", fleet::ServerKind::Redis, 1);
        fleet->clusters = {{fleet::ClusterName("u1"), fleet::PartitionName("users"), here, {fleet::ServerId("postgres")}, "insta"}};
        fleet->routers = {{fleet::ServerId("router"), here, "{cluster}", "{cluster}_read"}};
        fleet->guards = {{here, {{"127.0.0.1", 0}, {}}}};
        fleet->heartbeat = fleet::Heartbeat{"shardlens.heartbeat", 100ms};
        fleet->thresholds.deadline = 300ms;
        fleet->access.users = {{"observer", fleet::Role::Observer, {}}, {"operator", fleet::Role::Ops, {}}};
        fleet->access.observer = "observer";
        fleet->access.tls.mode = fleet::Tls::Mode::Disable;
        return fleet;
    }

    static bool reaches(const guard::Guard &guard, const char *server)
    {
        const auto answer = clients::askGuard({"127.0.0.1", guard.port()}, 2s);
        const auto found =
            answer ? answer->reachable.find(base::ServerId(server)) : std::map<base::ServerId, clients::GuardReach>::const_iterator();
        return answer && found != answer->reachable.end() && found->second.isReachable;
    }

private Q_SLOTS:
    void init()
    {
        for (auto *peer : {&m_redis, &m_memcached, &m_postgres, &m_router})
            peer->setMood(Mood::Answers);
    }

    void tellsWhoAnswers()
    {
        guard::Guard guard(makeFleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        for (const char *server : {"redis", "memcached", "postgres", "router"})
            QTRY_VERIFY2(reaches(guard, server), server);
        auto answer = clients::askGuard({"127.0.0.1", guard.port()}, 2s);
        QTRY_VERIFY((answer = clients::askGuard({"127.0.0.1", guard.port()}, 2s)) && answer->reachable.contains(base::ServerId("nobody")));
        QCOMPARE(answer->region.text(), std::string("here"));
        QVERIFY(answer->at);
        QVERIFY(answer->reachable.at(base::ServerId("redis")).latency > 0us);
        QVERIFY(!answer->reachable.at(base::ServerId("nobody")).isReachable);
        QVERIFY(!answer->reachable.at(base::ServerId("nobody")).error.empty());
    }

    void aFrozenServerIsNotReachableThoughItsKernelAccepts()
    {
        guard::Guard guard(makeFleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        QTRY_VERIFY(reaches(guard, "redis") && reaches(guard, "postgres"));
        m_redis.setMood(Mood::HangsAtConnect);
        m_postgres.setMood(Mood::HangsAtConnect);
        QTRY_VERIFY_WITH_TIMEOUT(!reaches(guard, "redis") && !reaches(guard, "postgres"), 8000);
        QVERIFY2(reaches(guard, "memcached"), "a hanging server delays no other's probe");
        m_redis.setMood(Mood::Answers);
        m_redis.dropConnections();
        QTRY_VERIFY_WITH_TIMEOUT(reaches(guard, "redis"), 8000);
    }

    void stopsAtOnceWhileEverythingHangs()
    {
        for (auto *peer : {&m_redis, &m_memcached, &m_postgres, &m_router})
            peer->setMood(Mood::HangsAtConnect);
        guard::Guard guard(makeFleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        const int before = m_postgres.connectionsMade();
        QTRY_VERIFY(m_postgres.connectionsMade() > before || before > 0);
        QElapsedTimer timer;
        timer.start();
        guard.stop();
        QVERIFY2(timer.elapsed() < 1000, qPrintable(QString::number(timer.elapsed())));
    }

    void saysWhyBeatsFailAndStays()
    {
        guard::Guard guard(makeFleet(), base::RegionName("here"));
        QVERIFY(guard.start());
        const auto beat = [&]() -> clients::GuardBeat {
            const auto answer = clients::askGuard({"127.0.0.1", guard.port()}, 2s);
            const auto found = answer ? answer->beats.find(base::ClusterName("u1")) : decltype(answer->beats.end()){};
            return answer && found != answer->beats.end() ? found->second : clients::GuardBeat{};
        };
        QTRY_COMPARE(beat().state, clients::GuardBeat::State::Failing);
        QVERIFY(!beat().error.empty());
        QVERIFY(!beat().took);
    }

    void aRegionWithoutGuardIsRefused()
    {
        guard::Guard guard(makeFleet(), base::RegionName("elsewhere"));
        const auto started = guard.start();
        QVERIFY(!started);
        QCOMPARE(started.error().code, base::ErrorCode::NotFound);
    }

    void whatIsReportedIsWhatIsRead()
    {
        guard::Report report{base::RegionName("here")};
        const auto at = base::UtcTime(base::milliseconds(1'700'000'000'123));
        guard::BeatReport beat;
        beat.state = guard::BeatReport::State::StandingBy;
        beat.sequence = 9'007'199'254'740'993;
        beat.took = 1234us;
        beat.at = at;
        beat.error = base::Error{base::ErrorCode::Rejected, "no\xff utf-8", "23505", {}, base::Effect::None};
        report.setBeat(base::ClusterName("u1"), beat);
        report.setReach(base::ServerId("u1-here"), {true, 56us, at, {}});
        report.setRouter(base::ServerId("router"), {true, at, {}, {{"u1", {true, false, "127.0.0.1", "1"}}, {"u1_read", {}}}});
        const auto read = clients::parseGuardAnswer(report.toJson());
        QVERIFY(read);
        const auto &got = read->beats.at(base::ClusterName("u1"));
        QCOMPARE(got.state, clients::GuardBeat::State::StandingBy);
        QCOMPARE(got.sequence, beat.sequence);
        QCOMPARE(got.took, beat.took);
        QCOMPARE(got.at, beat.at);
        QCOMPARE(got.sqlState, std::string("23505"));
        QCOMPARE(read->reachable.at(base::ServerId("u1-here")).latency, std::optional(56us));
        QCOMPARE(read->routers.at(base::ServerId("router")).paused, (std::map<std::string, bool>{{"u1", true}, {"u1_read", false}}));
    }

    void whatAGuardTookOverReachesTheConsole()
    {
        guard::Report report{base::RegionName("here")};
        const auto at = base::UtcTime(base::milliseconds(1'700'000'000'123));
        using State = guard::OperationReport::State;
        report.setOperation(base::ClusterName("u1"), {"u1-op", 7, 4, State::Waiting, at, "no primary that is verified; a person must act"});
        report.setOperation(base::ClusterName("u2"), {"u2-op", 7, 4, State::TakenOver, at, "writes flow to u2-a"});
        report.setOperation(base::ClusterName("u3"), {"u3-op", 7, 4, State::Released, at, "released"});
        report.setOperation(base::ClusterName("u4"), {"u4-op", 7, 4, State::Running, at, {}});
        report.setOperation(base::ClusterName("u5"), {"u5-op", 7, 4, State::TakingOver, at, "silent"});
        report.setFence(base::ServerId("u1-here"), {at, "stopped"});
        const auto read = clients::parseGuardAnswer(report.toJson());
        QVERIFY(read);
        facts::GuardReport told;
        told.takenOver[base::ClusterName("u9")] = {"before", false, {}};
        clients::fill(told, *read, base::SystemClock());
        const std::map<base::ClusterName, facts::GuardTakeOver> expected{
            {base::ClusterName("u1"), {"u1-op", true, "no primary that is verified; a person must act"}}, {base::ClusterName("u5"), {"u5-op", false, "silent"}}};
        QVERIFY(told.takenOver == expected);
        QCOMPARE(told.fenced.size(), std::size_t(1));
        QCOMPARE(told.fenced.at(base::ServerId("u1-here")).said, std::string("stopped"));
        QVERIFY(told.fenced.at(base::ServerId("u1-here")).at <= base::SystemClock().utcNow());
    }

    void roomOnDisksReachesTheConsole()
    {
        guard::Report report{base::RegionName("here")};
        report.setDisk(base::ServerId("u1-here"), {guard::utcNow() - 20s, facts::DiskSpace{{7'000'000'000'000}, {9'000'000'000'000}, {}}, {}});
        report.setDisk(base::ServerId("u2-here"), {guard::utcNow(), std::nullopt, "/data: Permission denied"});
        const auto read = clients::parseGuardAnswer(report.toJson());
        QVERIFY(read);
        facts::GuardReport told;
        told.disks[base::ServerId("gone")] = facts::DiskSpace();
        const base::SystemClock clock;
        clients::fill(told, *read, clock);
        QCOMPARE(told.disks.size(), std::size_t(2));
        const auto &room = told.disks.at(base::ServerId("u1-here"));
        QVERIFY(room.has_value());
        QCOMPARE(room->free.count, std::int64_t(7'000'000'000'000));
        QCOMPARE(room->total.count, std::int64_t(9'000'000'000'000));
        const auto age = clock.now() - room->readAt; // as old as by the guard's clock, whatever ours says
        QVERIFY(age > 19s && age < 30s);
        QVERIFY((told.disks.at(base::ServerId("u2-here")).error() == facts::Unknown{facts::WhyUnknown::Unreadable, "/data: Permission denied"}));
    }

    void theEndOfAStoppedLogReachesTheConsole()
    {
        guard::Report report{base::RegionName("here")};
        report.setLogEnd(base::ServerId("u1-here"), facts::LogEnd{{0x16'B374D848}, 5, {}});
        report.setLogEnd(base::ServerId("u2-here"), facts::LogEnd{{7}, 5, {}});
        report.setLogEnd(base::ServerId("u2-here"), std::nullopt); // it answers again
        const auto read = clients::parseGuardAnswer(report.toJson());
        QVERIFY(read);
        facts::GuardReport told;
        told.logEnds[base::ServerId("gone")] = {};
        const base::SystemClock clock;
        clients::fill(told, *read, clock);
        QCOMPARE(told.logEnds.size(), std::size_t(1));
        const facts::LogEnd &end = told.logEnds.at(base::ServerId("u1-here"));
        QCOMPARE(end.end.toString(), std::string("16/B374D848"));
        QCOMPARE(end.timeline, 5);
        QVERIFY(clock.now() - end.readAt < 10s);
        const auto odd = clients::parseGuardAnswer(R"({"region":"here","log_ends":{"a":{"end":"far","timeline":1,"at":"2026-01-01T00:00:00.000Z"},"b":{"end":"0/1"}}})");
        QVERIFY(odd && odd->logEnds.empty());
    }

    void anOlderGuardTellsNoDisks()
    {
        const auto read = clients::parseGuardAnswer(R"({"region":"here","at":"2026-01-01T00:00:00.000Z"})");
        QVERIFY(read);
        QVERIFY(read->disks.empty());
        const auto odd = clients::parseGuardAnswer(R"({"region":"here","disks":{"a":{"free_bytes":"much","total_bytes":7,"at":"2026-01-01T00:00:00.000Z"},"b":3}})");
        QVERIFY(odd);
        facts::GuardReport told;
        clients::fill(told, *odd, base::SystemClock());
        QCOMPARE(told.disks.size(), std::size_t(1));
        QVERIFY(!told.disks.at(base::ServerId("a")).has_value());
    }

    void whatIsNoReportIsSaid_data()
    {
        QTest::addColumn<QByteArray>("line");
        QTest::newRow("nothing") << QByteArray();
        QTest::newRow("no JSON") << QByteArray("hello");
        QTest::newRow("an array") << QByteArray("[]");
        QTest::newRow("an error of the guard") << QByteArray(R"({"error":"this guard answers only: report"})");
        QTest::newRow("no region") << QByteArray(R"({"at":"2026-01-01T00:00:00.000Z"})");
    }
    void whatIsNoReportIsSaid()
    {
        QFETCH(QByteArray, line);
        const auto read = clients::parseGuardAnswer(line.toStdString());
        QVERIFY(!read);
        QCOMPARE(read.error().code, base::ErrorCode::Protocol);
    }

    void membersOfTheWrongKindArePassedOver()
    {
        const auto read = clients::parseGuardAnswer(
            R"({"region":"here","beats":{"u1":7,"u2":{"state":1,"took_us":"x","at":"2026-13-45T00:00:00.000Z"}},"reachable":[],"routers":{"r":{"databases":3}}})");
        QVERIFY(read);
        QCOMPARE(read->beats.size(), std::size_t(1));
        QCOMPARE(read->beats.at(base::ClusterName("u2")), clients::GuardBeat{});
        QVERIFY(read->reachable.empty());
        QVERIFY(read->routers.at(base::ServerId("r")).paused.empty());
    }
};

QTEST_GUILESS_MAIN(TestGuard)
#include "test_guard.moc"
