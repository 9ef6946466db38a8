// SPDX-License-Identifier: GPL-3.0-or-later
// The declared shard map against the observed one.
#include "core/facts/Assemble.h"
#include "tests/fixtures/Fleets.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::facts;
using namespace std::chrono_literals;

namespace {

using Clusters = QStringList;

/// A map of one users shard, number 5: declared here or nowhere, found on these of u1 and u2, both read unless said.
struct Case {
    QString declared; ///< empty: nowhere; "?": the directory was not read
    Clusters found;
    Clusters read{"u1", "u2"};
};

std::shared_ptr<CatalogReading> reading(const char *server, std::vector<std::uint32_t> numbers, Instant at = Instant(100s))
{
    auto made = std::make_shared<CatalogReading>();
    made->server = base::ServerId(server);
    made->partition = base::PartitionName("users");
    made->readAt = at;
    made->serverStartedAt = UtcTime(1s);
    for (const std::uint32_t number : numbers) {
        ObservedShard shard;
        shard.number.value = number;
        shard.size = base::Bytes{1000};
        shard.rows = 10;
        made->shards.push_back(shard);
    }
    return made;
}

ShardMapInput inputOf(const Case &c)
{
    ShardMapInput input;
    input.fleet = fixtures::defaultFleet();
    for (const QString &cluster : c.read) {
        std::vector<std::uint32_t> numbers;
        if (c.found.contains(cluster))
            numbers.push_back(5);
        const QByteArray server = (cluster + "-us-east").toUtf8();
        input.readings[base::ClusterName(cluster.toStdString())] = {reading(server.constData(), numbers)};
    }
    if (c.declared == "?") {
        input.declared = unknown(WhyUnknown::NotConfigured, "directory");
        return input;
    }
    auto declared = std::make_shared<DeclaredMap>();
    if (c.declared == "another")
        declared->clusterOf[{base::PartitionName("users"), {6}}] = base::ClusterName("u1");
    else if (!c.declared.isEmpty())
        declared->clusterOf[{base::PartitionName("users"), {5}}] = base::ClusterName(c.declared.toStdString());
    input.declared = std::shared_ptr<const DeclaredMap>(declared);
    return input;
}

const ShardKey five{base::PartitionName("users"), {5}};

} // namespace

Q_DECLARE_METATYPE(Case)

class TestShardMap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void drift_data()
    {
        QTest::addColumn<Case>("shard");
        QTest::addColumn<QString>("drift");
        QTest::newRow("found where it is declared is no drift") << Case{"u1", {"u1"}} << "none";
        QTest::newRow("declared and found nowhere is missing") << Case{"u1", {}} << "missing";
        QTest::newRow("found on another than declared is misplaced") << Case{"u1", {"u2"}} << "misplaced";
        QTest::newRow("found and declared nowhere is undeclared") << Case{"another", {"u2"}} << "undeclared";
        QTest::newRow("an empty map accuses nobody") << Case{"", {"u2"}} << "not_known";
        QTest::newRow("found on two is doubled") << Case{"u1", {"u1", "u2"}} << "doubled";
        QTest::newRow("found on two is doubled even without a directory") << Case{"?", {"u1", "u2"}} << "doubled";
        QTest::newRow("without the directory nothing is known of drift") << Case{"?", {"u1"}} << "not_known";
        QTest::newRow("not missing while another cluster was not read") << Case{"u1", {}, {"u1"}} << "not_known";
        QTest::newRow("not missing while its own cluster was not read") << Case{"u1", {}, {"u2"}} << "not_known";
    }

    void drift()
    {
        QFETCH(Case, shard);
        QFETCH(QString, drift);
        const auto map = buildShardMap(inputOf(shard), 1);
        const Shard *found = map->find(five);
        QVERIFY(found);
        QCOMPARE(QString(name(found->drift)), drift);
        QCOMPARE(found->observedOn.size(), static_cast<std::size_t>(shard.found.size()));
    }

    void aCatalogReadBeforeTheDeclarationChangedAccusesNobody()
    {
        ShardMapInput input = inputOf(Case{"u1", {}});
        auto declared = std::make_shared<DeclaredMap>(**input.declared);
        declared->changedAt = input.readings.begin()->second.back()->readAt + std::chrono::seconds(1);
        input.declared = std::shared_ptr<const DeclaredMap>(declared);
        QCOMPARE(QString(name(buildShardMap(input, 1)->find(five)->drift)), QString("not_known"));
        declared->changedAt = input.readings.begin()->second.back()->readAt;
        QCOMPARE(QString(name(buildShardMap(input, 2)->find(five)->drift)), QString("missing"));
    }

    void aMissingShardHasNoSizeRatherThanOneNotAskedFor()
    {
        const Shard missing = *buildShardMap(inputOf({"u1", {}}), 1)->find(five);
        QCOMPARE(missing.size.error().why, WhyUnknown::NoValue);
        QCOMPARE(missing.writesPerSecond.error().why, WhyUnknown::NoValue);
    }

    void theSameNumberInTwoPartitionsIsNotDoubled()
    {
        ShardMapInput input = inputOf({"u1", {"u1"}});
        auto media = reading("m1-us-east", {5});
        media->partition = base::PartitionName("media");
        input.readings[base::ClusterName("m1")] = {media};
        QCOMPARE(buildShardMap(input, 1)->find(five)->drift, Drift::None);
    }

    void writesBetweenTheTwoNewestReadings()
    {
        ShardMapInput input = inputOf({"u1", {"u1"}});
        auto older = reading("u1-us-east", {5}, Instant(40s));
        auto newer = reading("u1-us-east", {5}, Instant(100s));
        older->shards[0].rowsWritten = 400;
        newer->shards[0].rowsWritten = 1000;
        newer->shards[0].size = base::Bytes{1600};
        auto &readings = input.readings[base::ClusterName("u1")];
        readings = {older, newer};
        const Shard shard = *buildShardMap(input, 1)->find(five);
        QCOMPARE(*shard.writesPerSecond, 10.0);
        QCOMPARE(*shard.growthPerDay, 600.0 * 86400 / 60);

        newer->serverStartedAt += 5s;
        QCOMPARE(buildShardMap(input, 2)->find(five)->writesPerSecond.error().why, WhyUnknown::Reset);
        QVERIFY2(buildShardMap(input, 2)->find(five)->growthPerDay.has_value(), "a restart does not change what is stored");
        newer->serverStartedAt -= 5s;
        newer->server = base::ServerId("u1-us-west");
        QCOMPARE(buildShardMap(input, 3)->find(five)->writesPerSecond.error().why, WhyUnknown::Reset);
        newer->server = older->server;
        older->inRecovery = true;
        QCOMPARE(buildShardMap(input, 4)->find(five)->writesPerSecond.error().why, WhyUnknown::Reset);
    }

    /// It has the same pages, but counts no writes; and what it lacks it may only not have heard of yet.
    void aStandbyTellsSizesAndAccusesNobody()
    {
        ShardMapInput input = inputOf({"u1", {"u1"}});
        auto told = reading("u1-us-west", {5});
        told->inRecovery = true;
        input.readings[base::ClusterName("u1")] = {told};
        const auto map = buildShardMap(input, 1);
        QCOMPARE(map->find(five)->size.value(), base::Bytes{1000});
        QCOMPARE(map->find(five)->drift, Drift::None);
        QCOMPARE(map->find(five)->writesPerSecond.error().why, WhyUnknown::ServerSilent);
        QCOMPARE(map->readOnStandby.at(base::ClusterName("u1")).text(), std::string("u1-us-west"));
        told->shards.clear();
        QCOMPARE(buildShardMap(input, 2)->find(five)->drift, Drift::NotKnown);
        told->inRecovery = false;
        QCOMPARE(buildShardMap(input, 3)->find(five)->drift, Drift::Missing);
        QVERIFY(buildShardMap(input, 3)->readOnStandby.empty());
    }

    void neverAnalysedIsNotKnownAndOneReadingHasNoRate()
    {
        ShardMapInput input = inputOf({"u1", {"u1"}});
        auto only = reading("u1-us-east", {5});
        only->shards[0].size = unknown(WhyUnknown::NotAnalysed);
        input.readings[base::ClusterName("u1")] = {only};
        const Shard shard = *buildShardMap(input, 1)->find(five);
        QCOMPARE(shard.size.error().why, WhyUnknown::NotAnalysed);
        QCOMPARE(shard.writesPerSecond.error().why, WhyUnknown::NotAskedYet);
    }

    void theMapIsSortedAndSaysWhenItWasRead()
    {
        const auto fleet = fixtures::defaultFleet();
        const auto map = fixtures::shardMapOf(*fleet, Instant(50s), UtcTime(50s));
        QCOMPARE(map->shards.size(), std::size_t(2048));
        QVERIFY(std::is_sorted(map->shards.begin(), map->shards.end(), [](const Shard &a, const Shard &b) { return a.key < b.key; }));
        QVERIFY(std::all_of(map->shards.begin(), map->shards.end(), [](const Shard &shard) { return shard.drift == Drift::None && shard.writesPerSecond; }));
        QCOMPARE(map->observedReadAt.at(base::ClusterName("m2")), Instant(50s));
        QVERIFY(!map->find({base::PartitionName("users"), {1024}}));
    }
};

QTEST_GUILESS_MAIN(TestShardMap)
#include "test_shard_map.moc"
