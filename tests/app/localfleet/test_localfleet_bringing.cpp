// SPDX-License-Identifier: GPL-3.0-or-later
// What `up` decides before it touches anything: whether a cluster is to be made, and what a fault explains. Nothing is started.
#include "app/localfleet/Ground.h"
#include "app/localfleet/InForce.h"
#include "app/localfleet/LeftBehind.h"
#include "app/localfleet/Postgres.h"
#include "app/localfleet/TakenPorts.h"
#include "app/localfleet/relay/Sockets.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <csignal>

using namespace shardlens::localfleet;
namespace base = shardlens::base;
namespace fs = std::filesystem;
using namespace std::chrono_literals;

class TestLocalfleetBringing : public QObject
{
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_directory;
    std::optional<Ground> m_ground;

    void giveData(const std::string &server)
    {
        fs::create_directories(m_ground->home.pgData(server));
        QVERIFY(writeFile(m_ground->home.pgData(server) / "PG_VERSION", "15\n"));
    }
    [[nodiscard]] fs::path mark() const { return m_ground->home.done() / "making.u1"; }

private Q_SLOTS:
    void init()
    {
        m_directory = std::make_unique<QTemporaryDir>();
        Shape shape;
        shape.regions = {"us-east", "us-west"};
        shape.home = "us-east";
        auto ground = Ground::make(Home(m_directory->path().toStdString()), &shape);
        QVERIFY2(ground.has_value(), ground ? "" : ground.error().message.c_str());
        m_ground = *ground;
        QVERIFY(m_ground->server("u1-us-east")->isFirstPrimary);
    }

    void a_cluster_that_nobody_has_data_of_is_made()
    {
        QVERIFY(postgres::isToBeMade(*m_ground, "u1"));
    }

    void a_cluster_with_data_anywhere_is_not_made_again()
    {
        giveData("u1-us-west"); // the first primary's are lost; whoever holds data may hold the only ones
        QVERIFY(!postgres::isToBeMade(*m_ground, "u1"));
        giveData("u1-us-east");
        QVERIFY(!postgres::isToBeMade(*m_ground, "u1"));
        QVERIFY(postgres::isToBeMade(*m_ground, "u2"));
    }

    void a_cluster_that_was_half_made_is_made_again()
    {
        QVERIFY(writeFile(mark(), ""));
        giveData("u1-us-west"); // standbys are placed before the first primary
        QVERIFY(postgres::isToBeMade(*m_ground, "u1"));
        giveData("u1-us-east");
        QVERIFY(!postgres::isToBeMade(*m_ground, "u1")); // all was placed, the mark alone was left
        fs::remove_all(m_ground->home.data("u1-us-east"));
        QVERIFY(!postgres::isToBeMade(*m_ground, "u1")); // and does not stand for a half-made one once data are lost
    }

    void a_fault_explains_its_server_and_its_link()
    {
        const InForce faults({{"link-slow", "us-east>us-west", {}, {}}, {"kill", "u1-us-west", {}, {}}, {"replay-paused", "m1-us-west", {}, {}}, {"link-cut", "us-west>us-east", {}, {}}});
        QVERIFY(faults.holds("u1-us-west"));
        QVERIFY(!faults.holds("m1-us-west"));
        QCOMPARE(faults.of("m1-us-west"), std::string("replay-paused m1-us-west"));
        QCOMPARE(faults.of("u1-us-east"), std::string());
        QCOMPARE(faults.cutBetween("us-east", "us-west"), std::string("link-cut us-west>us-east"));
        QCOMPARE(faults.between("us-east", "us-west"), std::string("link-cut us-west>us-east")); // before the one that only slows
        QCOMPARE(InForce({{"link-slow", "us-east>us-west", {}, {}}}).between("us-west", "us-east"), std::string("link-slow us-east>us-west"));
        QCOMPARE(faults.cutBetween("us-east", "eu-west"), std::string());
        QCOMPARE(faults.among(m_ground->members("u1")), std::string("kill u1-us-west"));
        QCOMPARE(faults.among(m_ground->members("u2")), std::string("link-cut us-west>us-east"));
        QCOMPARE(InForce({}).among(m_ground->members("u1")), std::string());
    }

    void a_taken_port_is_told_with_its_owner()
    {
        QVERIFY(checkPorts(*m_ground, InForce({})));
        const std::uint16_t port = m_ground->ports.of("u1-us-west");
        const auto taken = listenOnLoopback(port);
        QVERIFY(taken.has_value());
        const auto refused = checkPorts(*m_ground, InForce({}));
        QVERIFY(!refused);
        QCOMPARE(refused.error().code, base::ErrorCode::Unavailable);
        QVERIFY(refused.error().message.find(std::to_string(port) + " of u1-us-west. ") != std::string::npos);
        QVERIFY(checkPorts(*m_ground, InForce({{"kill", "u1-us-west", {}, {}}}))); // it is not to be started
    }

    void a_server_without_a_record_is_found_by_where_it_works()
    {
        const auto program = findProgram("redis-server"); // unlike memcached it runs as root, too
        QVERIFY(program.has_value());
        const Home &home = m_ground->home;
        const Command command{{*program, "--port", "0"}, {}, {}, -1};
        const auto started = startDaemon(command, home.log("feeds-us-east"), home.pidFile("feeds-us-east"));
        QVERIFY(started.has_value());
        fs::remove(home.pidFile("feeds-us-east"));
        QCOMPARE(leftBehind(home), std::vector<pid_t>{started->pid});
        QVERIFY(leftBehind(Home(home.root().string() + "x")).empty());
        QVERIFY(stop(*started, SIGTERM, 5s));
        QVERIFY(leftBehind(home).empty());
    }
};

QTEST_GUILESS_MAIN(TestLocalfleetBringing)
#include "test_localfleet_bringing.moc"
