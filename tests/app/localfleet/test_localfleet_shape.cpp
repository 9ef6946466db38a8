// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Describe.h"
#include "app/localfleet/Ground.h"
#include "core/fleet/FleetFile.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <set>

using namespace shardlens::localfleet;
namespace fleet = shardlens::fleet;
namespace base = shardlens::base;

namespace
{

/// A ground whose ports are counted up instead of looked for: nothing is bound.
Ground groundOf(const Shape &shape)
{
    std::map<std::string, std::uint16_t> ports;
    std::uint16_t next = 20000;
    for (const std::string &name : PortBook::names(shape))
        ports[name] = next++;
    return Ground{Home("/fleet"), "4f2aXy", shape, PortBook(ports), Secrets(), instances(shape)};
}

std::string homesOf(const std::vector<Group> &groups)
{
    std::string text;
    for (const Group &group : groups)
        text += group.name + "@" + group.home + " ";
    return text;
}

Shape with(std::uint32_t clusters, const std::string &home)
{
    Shape shape;
    shape.usersClusters = (clusters + 1) / 2;
    shape.mediaClusters = clusters / 2;
    shape.home = home;
    return shape;
}

} // namespace

class TestLocalfleetShape : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void default_fleet_has_33_servers_of_the_documented_names();
    void clusters_and_groups_are_homed_where_their_writers_are_data();
    void clusters_and_groups_are_homed_where_their_writers_are();
    void every_cluster_has_one_server_a_region_and_one_first_primary();
    void ports_of_all_listeners_are_distinct();
    void fleet_file_reads_back_to_the_same_fleet_data();
    void fleet_file_reads_back_to_the_same_fleet();
    void another_region_dials_the_relay_and_the_own_region_the_server();
    void relay_plan_has_the_measured_round_trips();
    void senseless_shapes_are_refused_data();
    void senseless_shapes_are_refused();
    void shape_survives_its_file();
    void port_book_keeps_what_it_once_chose();
    void passwords_are_made_once_and_for_the_owner_only();
    void a_fleet_keeps_its_id_and_one_made_anew_has_another();
};

void TestLocalfleetShape::a_fleet_keeps_its_id_and_one_made_anew_has_another()
{
    QTemporaryDir directory;
    const Home home(directory.path().toStdString());
    const Shape shape = with(2, "");
    const auto first = Ground::make(home, &shape);
    QVERIFY(first && !first->id.empty());
    QCOMPARE(describe(*first).id, first->id);
    QCOMPARE(Ground::open(home)->id, first->id);
    QVERIFY(QDir(directory.path()).removeRecursively());
    const auto second = Ground::make(home, &shape); // in the same place
    QVERIFY(second && !second->id.empty());
    QVERIFY(second->id != first->id);
}

void TestLocalfleetShape::default_fleet_has_33_servers_of_the_documented_names()
{
    const auto all = instances(Shape());
    QCOMPARE(all.size(), std::size_t(33));
    const auto count = [&](fleet::ServerKind kind) {
        return std::count_if(all.begin(), all.end(), [&](const Instance &i) { return i.kind == kind; });
    };
    QCOMPARE(count(fleet::ServerKind::Postgres), 15);
    QCOMPARE(count(fleet::ServerKind::Pgbouncer), 3);
    QCOMPARE(count(fleet::ServerKind::Redis), 9);
    QCOMPARE(count(fleet::ServerKind::Memcached), 6);
    std::set<std::string> ids;
    for (const Instance &instance : all)
        ids.insert(instance.id);
    QCOMPARE(ids.size(), all.size());
    for (const char *id : {"u1-us-east", "m2-eu-west", "directory-us-west", "router-us-east", "feeds-us-east", "cache-us-east-2"})
        QVERIFY2(ids.count(id) == 1, id);
    QCOMPARE(slotName("u1-us-west"), std::string("u1_us_west"));
}

void TestLocalfleetShape::clusters_and_groups_are_homed_where_their_writers_are_data()
{
    QTest::addColumn<QString>("home");
    QTest::addColumn<int>("clusterCount");
    QTest::addColumn<QString>("expected");
    QTest::newRow("each partition on both shores")
        << "" << 4 << "u1@us-east u2@eu-west m1@us-east m2@eu-west directory@us-east feeds@us-east mediamap@eu-west sessions@us-east ";
    QTest::newRow("six clusters and all groups in one region") << "us-west" << 6
                                                               << "u1@us-west u2@us-west u3@us-west m1@us-west m2@us-west m3@us-west "
                                                                  "directory@us-west feeds@us-west mediamap@us-west sessions@us-west ";
}

void TestLocalfleetShape::clusters_and_groups_are_homed_where_their_writers_are()
{
    QFETCH(QString, home);
    QFETCH(int, clusterCount);
    QFETCH(QString, expected);
    const Shape shape = with(static_cast<std::uint32_t>(clusterCount), home.toStdString());
    QCOMPARE(QString::fromStdString(homesOf(clusters(shape)) + homesOf(redisGroups(shape))), expected);
}

void TestLocalfleetShape::every_cluster_has_one_server_a_region_and_one_first_primary()
{
    const Shape shape = with(12, "");
    QCOMPARE(clusters(shape).size(), std::size_t(13)); // and the directory
    std::size_t standbys = 0;
    for (const Group &cluster : clusters(shape)) {
        std::set<std::string> regions;
        std::size_t primaries = 0;
        for (const Instance &member : membersOf(shape, cluster.name)) {
            regions.insert(member.region);
            primaries += member.isFirstPrimary ? 1 : 0;
            QCOMPARE(member.isFirstPrimary, member.region == cluster.home);
        }
        QCOMPARE(regions.size(), std::size_t(3));
        QCOMPARE(primaries, std::size_t(1));
        standbys += cluster.name == "directory" ? 0 : 2;
    }
    QCOMPARE(standbys, std::size_t(24));
}

void TestLocalfleetShape::ports_of_all_listeners_are_distinct()
{
    const auto names = PortBook::names(with(12, ""));
    QCOMPARE(std::set<std::string>(names.begin(), names.end()).size(), names.size());
    // A server, guard or invalidator is seen from three regions, a stable address and a place for datagrams lie in each.
    QCOMPARE(PortBook::names(Shape()).size(), std::size_t((33 + 3 + 3) * 3 + 3 * 3 + 3));
}

void TestLocalfleetShape::fleet_file_reads_back_to_the_same_fleet_data()
{
    QTest::addColumn<int>("clusterCount");
    QTest::addColumn<QString>("home");
    QTest::addColumn<int>("shards");
    QTest::newRow("default") << 4 << "" << 1024;
    QTest::newRow("12 clusters") << 12 << "" << 1024;
    QTest::newRow("6 clusters homed in us-east") << 6 << "us-east" << 1024;
    QTest::newRow("8,192 shards in 64 clusters") << 64 << "" << 8192;
}

void TestLocalfleetShape::fleet_file_reads_back_to_the_same_fleet()
{
    QFETCH(int, clusterCount);
    QFETCH(QString, home);
    QFETCH(int, shards);
    Shape shape = with(static_cast<std::uint32_t>(clusterCount), home.toStdString());
    shape.shards = static_cast<std::uint32_t>(shards);
    QVERIFY(check(shape));
    const fleet::Fleet described = describe(groundOf(shape));
    const auto read = fleet::readFleetText(fleet::toToml(described), "/fleet/fleet.toml");
    if (!read)
        QFAIL(fleet::sentence(read.error().complaints.front(), "fleet.toml").c_str());
    QVERIFY(*read == described);
    QVERIFY(read->madeByLocalfleet);
    QCOMPARE(read->id, std::string("4f2aXy"));
    QCOMPARE(read->environment, fleet::Environment::Local);
    QCOMPARE(read->partition(fleet::PartitionName("users"))->shardCount, std::uint32_t(shards));
}

void TestLocalfleetShape::another_region_dials_the_relay_and_the_own_region_the_server()
{
    const Ground ground = groundOf(Shape());
    const fleet::Fleet fleet = describe(ground);
    const auto &address = fleet.server(fleet::ServerId("u1-us-east"))->address;
    QCOMPARE(address.from(fleet::RegionName("us-east")).port, ground.ports.of("u1-us-east"));
    QCOMPARE(address.from(fleet::RegionName("eu-west")).port, ground.ports.of("u1-us-east@eu-west"));
    const RelayPlan plan = relayPlan(ground);
    const auto listener =
        std::find_if(plan.listeners.begin(), plan.listeners.end(), [&](const Listener &l) { return l.name == "u1-us-east@eu-west"; });
    QVERIFY(listener != plan.listeners.end());
    QCOMPARE(listener->port, address.from(fleet::RegionName("eu-west")).port);
    QCOMPARE(listener->viewer, std::string("eu-west"));
    QCOMPARE(plan.targets.at(listener->target).port, ground.ports.of("u1-us-east"));
    const auto &stable = fleet.redisGroup(fleet::GroupName("mediamap"))->stableAddress.at(fleet::RegionName("us-west"));
    const auto leads = std::find_if(plan.listeners.begin(), plan.listeners.end(), [&](const Listener &l) { return l.port == stable.port; });
    QVERIFY(leads != plan.listeners.end());
    QCOMPARE(leads->target, std::string("mediamap-eu-west"));
}

void TestLocalfleetShape::relay_plan_has_the_measured_round_trips()
{
    const RelayPlan plan = relayPlan(groundOf(Shape()));
    const auto roundTrip = [&](const char *a, const char *b) {
        return (plan.links.at({a, b}).latency + plan.links.at({b, a}).latency).count();
    };
    QCOMPARE(roundTrip("us-east", "us-west"), 71000);
    QCOMPARE(roundTrip("us-east", "eu-west"), 88000);
    QCOMPARE(roundTrip("us-west", "eu-west"), 147000);
    Shape none;
    none.latencyMs = 0;
    const RelayPlan fast = relayPlan(groundOf(none));
    for (const auto &[way, link] : fast.links)
        QCOMPARE(link.latency.count(), 0);
    const auto read = parseRelayPlan(print(plan));
    QVERIFY(read);
    QVERIFY(*read == plan);
    QVERIFY(!parseRelayPlan("listen feeds@us-east 20000 us-east nowhere\n"));
    QVERIFY(!parseRelayPlan("link a b 1000 0 torn\n"));
}

void TestLocalfleetShape::senseless_shapes_are_refused_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("says");
    QTest::newRow("a home that is no region") << "home"
                                              << "mars"
                                              << "mars";
    QTest::newRow("more shards than 13 bits number") << "shards"
                                                     << "8193"
                                                     << "8192";
    QTest::newRow("a region twice") << "regions"
                                    << "a,b,a"
                                    << "twice";
    QTest::newRow("a region with blanks") << "regions"
                                          << "us east"
                                          << "lower case";
    QTest::newRow("a word for a number") << "users_clusters"
                                         << "many"
                                         << "users_clusters";
    QTest::newRow("a partition without a cluster") << "media_clusters"
                                                   << "0"
                                                   << "partition";
}

void TestLocalfleetShape::senseless_shapes_are_refused()
{
    QFETCH(QString, key);
    QFETCH(QString, value);
    QFETCH(QString, says);
    Settings settings = toSettings(Shape());
    settings[key.toStdString()] = value.toStdString();
    const auto shape = shapeFrom(settings);
    QVERIFY(!shape);
    QCOMPARE(shape.error().code, base::ErrorCode::BadInput);
    QVERIFY2(QString::fromStdString(shape.error().message).contains(says), shape.error().message.c_str());
}

void TestLocalfleetShape::shape_survives_its_file()
{
    Shape shape = with(6, "eu-west");
    shape.shards = 8192;
    shape.latencyMs = 0;
    const auto read = shapeFrom(parseSettings(printSettings(toSettings(shape))));
    QVERIFY(read);
    QVERIFY(*read == shape);
}

void TestLocalfleetShape::port_book_keeps_what_it_once_chose()
{
    QTemporaryDir directory;
    const Home home(directory.filePath("fleet").toStdString());
    QVERIFY(home.prepare());
    Shape small;
    small.regions = {"here"};
    const auto first = PortBook::keep(home, small);
    QVERIFY(first);
    std::set<std::uint16_t> distinct;
    for (const auto &[name, port] : first->all()) {
        QVERIFY(port >= 14000 && port <= 32000); // none of the servers' default ports, none that Linux hands out
        distinct.insert(port);
    }
    QCOMPARE(distinct.size(), first->all().size());
    small.cachesPerRegion = 4;
    const auto second = PortBook::keep(home, small);
    QVERIFY(second);
    QCOMPARE(second->all().size(), first->all().size() + 2);
    for (const auto &[name, port] : first->all())
        QCOMPARE(second->of(name), port);
}

void TestLocalfleetShape::passwords_are_made_once_and_for_the_owner_only()
{
    QTemporaryDir directory;
    const Home home(directory.filePath("fleet").toStdString());
    QVERIFY(home.prepare());
    const auto first = Secrets::keep(home);
    const auto guards = readFile(Secrets::guardFile(home));
    QVERIFY(first && guards && guards->size() >= 20);
    const auto second = Secrets::keep(home);
    QVERIFY(second && readFile(Secrets::guardFile(home)) == guards);
    QCOMPARE(std::filesystem::status(Secrets::guardFile(home)).permissions(), std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    // A home that was made before guards took orders gets one, and keeps the rest.
    std::filesystem::remove(Secrets::guardFile(home));
    QVERIFY(Secrets::keep(home)->redis() == first->redis() && readFile(Secrets::guardFile(home)).value_or("").size() >= 20);
    std::set<std::string> passwords{first->redis()};
    for (const std::string &name : Secrets::users()) {
        QVERIFY(first->of(name).size() >= 20);
        QCOMPARE(first->of(name), second->of(name));
        passwords.insert(first->of(name));
        const auto mode = std::filesystem::status(Secrets::pgpass(home, name)).permissions();
        QCOMPARE(mode, std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    }
    QCOMPARE(passwords.size(), Secrets::users().size() + 1);
}

QTEST_GUILESS_MAIN(TestLocalfleetShape)
#include "test_localfleet_shape.moc"
