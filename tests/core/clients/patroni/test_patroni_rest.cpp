// SPDX-License-Identifier: GPL-3.0-or-later
// Patroni's REST interface: what it says, and what becomes of a request when it does not.
#include "core/clients/patroni/Act.h"
#include "core/clients/patroni/Reading.h"
#include "tests/core/clients/patroni/FakeRest.h"

#include <QElapsedTimer>
#include <QTest>

using namespace shardlens;
using base::Effect;
using base::ErrorCode;
using facts::ManagerMember;
using fakes::FakeRest;

namespace {

// As Patroni 3.0.2 answered.
const char *const statusText = R"({"state": "running", "postmaster_start_time": "2026-11-29 03:56:11.183721+00:00", "role": "master", "server_version": 150010,
 "xlog": {"location": 83886080}, "timeline": 1, "replication": [{"usename": "replicator", "application_name": "node1", "state": "streaming"}],
 "dcs_last_seen": 1795924601, "database_system_identifier": "7445331245312345678", "patroni": {"version": "3.0.2", "scope": "shop"}})";
const char *const clusterText = R"({"members": [{"name": "node0", "role": "leader", "state": "running", "host": "127.0.0.1", "port": 5432, "timeline": 1},
 {"name": "node1", "role": "sync_standby", "state": "streaming", "host": "127.0.0.1", "port": 5433, "timeline": 1, "lag": 16, "tags": {"nofailover": true, "noloadbalance": true}},
 {"name": "node2", "role": "replica", "state": "starting", "lag": "unknown"}], "pause": true, "scheduled_switchover": {"at": "2026-11-29T23:00:00+00:00", "from": "node0"}})";

base::Instant soon(int milliseconds = 3000)
{
    return std::chrono::steady_clock::now() + base::milliseconds(milliseconds);
}

FakeRest::Answers always(std::optional<std::string> answer)
{
    return [answer = std::move(answer)](const std::string &) { return answer; };
}

} // namespace

class TestPatroniRest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatItSaysIsRead();
    void whatIsNoAnswerIsNotRead_data();
    void whatIsNoAnswerIsNotRead();
    void commandsBecomeRequests();
    void aRequestGoesOutOnceWithItsLogin();
    void outcomes_data();
    void outcomes();
    void whoDoesNotAnswer_data();
    void whoDoesNotAnswer();
    void aWaitIsEndedFromOutside();
};

void TestPatroniRest::whatItSaysIsRead()
{
    facts::ManagerReport report;
    QVERIFY(patroni::readStatus(report, statusText));
    QVERIFY(patroni::readCluster(report, clusterText));
    QVERIFY(patroni::readConfig(report, R"({"ttl": 30, "loop_wait": 2, "retry_timeout": 10, "synchronous_mode": true})"));
    QCOMPARE(report.scope, std::string("shop"));
    QCOMPARE(report.systemIdentifier, std::string("7445331245312345678"));
    QVERIFY(!report.isUnlocked && report.isPaused && report.isSynchronous);
    QCOMPARE(report.scheduledAt, std::string("2026-11-29T23:00:00+00:00"));
    QCOMPARE(report.leader()->name, std::string("node0"));
    QVERIFY(!report.leader()->lag);
    const ManagerMember *node1 = report.member("node1");
    QVERIFY(node1->role == ManagerMember::Role::SyncStandby && node1->isBarred && node1->isSparedReads);
    QCOMPARE(node1->lag->count, std::int64_t(16));
    QVERIFY(!report.member("node2")->lag && !report.member("node2")->timeline); // never a zero
    QCOMPARE(report.maximumLag->count, std::int64_t(1048576)); // Patroni's own where it is not said
    QCOMPARE(report.loopWait->count(), std::int64_t(2));
    QCOMPARE(facts::linesOf(report), std::string("leader:node0\npaused:yes\nscheduled:2026-11-29T23:00:00+00:00\nnode0:leader "
                                                 "running\nnode1:sync_standby streaming\nnode2:replica starting"));
}

void TestPatroniRest::whatIsNoAnswerIsNotRead_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("no JSON") << QByteArray("<html>it works</html>");
    QTest::newRow("a list") << QByteArray("[]");
    QTest::newRow("something else's JSON") << QByteArray(R"({"health": "true"})");
}

void TestPatroniRest::whatIsNoAnswerIsNotRead()
{
    QFETCH(QByteArray, text);
    facts::ManagerReport report;
    report.scope = "before";
    report.members.resize(2);
    QVERIFY(!patroni::readStatus(report, text.toStdString()));
    QVERIFY(!patroni::readCluster(report, text.toStdString()));
    QCOMPARE(report.scope, std::string("before"));
    QCOMPARE(report.members.size(), std::size_t(2));
}

void TestPatroniRest::commandsBecomeRequests()
{
    const auto request = patroni::requestOf("POST /switchover leader=node0 candidate=node1");
    QVERIFY(request);
    QCOMPARE(request->path, std::string("/switchover"));
    QCOMPARE(request->json, std::string(R"({"candidate":"node1","leader":"node0"})"));
    QVERIFY(!patroni::requestOf("GET /cluster"));
    QVERIFY(!patroni::requestOf("POST /switchover"));
    QVERIFY(!patroni::requestOf("POST /switchover leader"));
}

/// A library would send it again where the connection ends without an answer: a switchover must not be asked for twice.
void TestPatroniRest::aRequestGoesOutOnceWithItsLogin()
{
    FakeRest rest(always(std::string()));
    const auto answer = patroni::send(rest.endpoint(), "POST", "/switchover", R"({"leader":"node0"})", {"admin", "se:cret"}, soon());
    QVERIFY(!answer);
    QCOMPARE(int(answer.error().effect), int(Effect::InDoubt));
    QTest::qWait(200);
    QCOMPARE(rest.requests().size(), std::size_t(1));
    const std::string request = rest.requests().front();
    QVERIFY2(request.starts_with("POST /switchover HTTP/1.0\r\n"), request.c_str());
    QVERIFY2(request.find("\r\nAuthorization: Basic YWRtaW46c2U6Y3JldA==\r\n") != std::string::npos, request.c_str());
    QVERIFY2(request.ends_with("Content-Length: 18\r\n\r\n{\"leader\":\"node0\"}"), request.c_str());
}

void TestPatroniRest::outcomes_data()
{
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("body");
    QTest::addColumn<int>("code"); // -1: well
    QTest::addColumn<int>("effect");
    const auto row = [](int status, const char *body, int code, Effect effect) { QTest::newRow(body) << status << QString::fromUtf8(body) << code << int(effect); };
    row(200, "Successfully switched over to \"node1\"", -1, Effect::None);
    row(202, "Switchover scheduled", int(ErrorCode::Protocol), Effect::InDoubt);
    row(400, "Switchover could be performed only from a specific leader", int(ErrorCode::Rejected), Effect::None);
    row(401, "no auth header received", int(ErrorCode::Rejected), Effect::None);
    row(412, "leader name does not match", int(ErrorCode::Rejected), Effect::None);
    row(503, "Switchover failed", int(ErrorCode::Rejected), Effect::InDoubt);
    row(503, "Switchover status unknown", int(ErrorCode::TimedOut), Effect::InDoubt);
    row(503, "failed to write switchover key into DCS", int(ErrorCode::TimedOut), Effect::InDoubt);
}

void TestPatroniRest::outcomes()
{
    QFETCH(int, status);
    QFETCH(QString, body);
    QFETCH(int, code);
    QFETCH(int, effect);
    FakeRest rest(always(FakeRest::said(status, body.toStdString())));
    const auto answer = patroni::send(rest.endpoint(), "POST", "/switchover", "{}", {}, soon());
    QVERIFY(answer);
    const auto outcome = patroni::outcomeOf(*answer);
    QCOMPARE(outcome ? -1 : int(outcome.error().code), code);
    QCOMPARE(outcome ? *outcome : outcome.error().message, body.toStdString());
    if (!outcome)
        QCOMPARE(int(outcome.error().effect), effect);
}

void TestPatroniRest::whoDoesNotAnswer_data()
{
    QTest::addColumn<QByteArray>("answer"); // "-": it hangs
    QTest::addColumn<int>("code");
    QTest::newRow("it hangs") << QByteArray("-") << int(ErrorCode::TimedOut);
    QTest::newRow("it closes") << QByteArray() << int(ErrorCode::Unreachable);
    QTest::newRow("it closes within its head") << QByteArray("HTTP/1.0 200 OK\r\nContent-Le") << int(ErrorCode::Unreachable);
    QTest::newRow("it closes within its body") << QByteArray("HTTP/1.0 200 OK\r\nContent-Length: 90\r\n\r\n{\"mem") << int(ErrorCode::Unreachable);
    QTest::newRow("it is no HTTP") << QByteArray("-ERR unknown command\r\n\r\n") << int(ErrorCode::Protocol);
}

void TestPatroniRest::whoDoesNotAnswer()
{
    QFETCH(QByteArray, answer);
    QFETCH(int, code);
    FakeRest rest(always(answer == "-" ? std::nullopt : std::optional(answer.toStdString())));
    QElapsedTimer timer;
    timer.start();
    const auto got = patroni::get(rest.endpoint(), "/cluster", {}, soon(300));
    QVERIFY(!got);
    QCOMPARE(int(got.error().code), code);
    QVERIFY(timer.elapsed() < 1500);
    const auto nobody = patroni::get({"127.0.0.1", 1}, "/cluster", {}, soon(300));
    QVERIFY(!nobody && nobody.error().code == ErrorCode::Refused && nobody.error().effect == Effect::None);
}

void TestPatroniRest::aWaitIsEndedFromOutside()
{
    FakeRest rest(always(std::nullopt));
    wire::Interrupt enough;
    std::thread later([&] {
        std::this_thread::sleep_for(base::milliseconds(100));
        enough.raise();
    });
    QElapsedTimer timer;
    timer.start();
    const auto got = patroni::get(rest.endpoint(), "/cluster", {}, soon(5000), &enough);
    later.join();
    QVERIFY(!got && got.error().code == ErrorCode::Cancelled);
    QVERIFY(timer.elapsed() < 2000);
}

QTEST_GUILESS_MAIN(TestPatroniRest)
#include "test_patroni_rest.moc"
