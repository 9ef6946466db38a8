// SPDX-License-Identifier: GPL-3.0-or-later
// Whose catalogs tell of a cluster's shards, and how soon they are read again.
#include "core/observe/CatalogSource.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

using namespace shardlens;
using facts::ReachState;
using facts::StandbyState;
using observe::CatalogSource;

namespace {

const base::ClusterName u1("u1");

std::optional<CatalogSource> sourceIn(const facts::SnapshotPtr &snapshot, const char *from)
{
    return observe::catalogSource(*snapshot, u1, base::RegionName(from));
}

facts::SnapshotPtr with(const facts::SnapshotPtr &snapshot, const char *server, ReachState state)
{
    auto copy = std::make_shared<facts::Snapshot>(*snapshot);
    auto &seen = copy->servers.at(base::ServerId(server));
    auto changed = std::make_shared<facts::Observation>(*seen);
    changed->reach.state = state;
    seen = std::move(changed);
    return copy;
}

} // namespace

class CatalogSourceTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aPrimaryThatAnswersIsAsked()
    {
        QCOMPARE(sourceIn(fixtures::well(), "us-west"), std::optional(CatalogSource{base::ServerId("u1-us-east"), true}));
    }

    void aStandbyIsAskedWhereThePrimaryIsDown()
    {
        QCOMPARE(sourceIn(fixtures::incident(), "us-west"), std::optional(CatalogSource{base::ServerId("u1-us-west"), false}));
        QCOMPARE(sourceIn(fixtures::incident(), "eu-west"), std::optional(CatalogSource{base::ServerId("u1-eu-west"), false}));
        const auto oneLess = with(fixtures::incident(), "u1-us-west", ReachState::Down);
        QCOMPARE(sourceIn(oneLess, "us-west"), std::optional(CatalogSource{base::ServerId("u1-eu-west"), false}));
    }

    void oneThatStreamsComesBeforeOneThatIsNear()
    {
        auto snapshot = std::make_shared<facts::Snapshot>(*fixtures::incident());
        for (auto &cluster : snapshot->clusters) {
            for (auto &lag : cluster.standbys)
                lag.state = lag.standby == base::ServerId("u1-eu-west") ? StandbyState::Streaming : StandbyState::NotStreaming;
        }
        QCOMPARE(sourceIn(snapshot, "us-west"), std::optional(CatalogSource{base::ServerId("u1-eu-west"), false}));
    }

    void nobodyIsAskedWhileThePrimaryMayStillAnswer()
    {
        QVERIFY(!sourceIn(with(fixtures::incident(), "u1-us-east", ReachState::Late), "us-west"));
        QVERIFY(!sourceIn(fixtures::asking(), "us-west"));
        QVERIFY(!sourceIn(fixtures::allDown(), "us-west"));
    }

    void whatStaysTheSameIsReadSeldom()
    {
        observe::Settling settling;
        settling.took(512);
        QVERIFY(!settling.isSettled());
        settling.took(512);
        QVERIFY(settling.isSettled());
        settling.took(600);
        QVERIFY(!settling.isSettled());
    }

    void aClusterWithoutShardsSettlesToo()
    {
        observe::Settling settling;
        settling.took(0);
        settling.took(0);
        QVERIFY(!settling.isSettled()); // they may be made in a moment
        for (int i = 0; i < 10; ++i)
            settling.took(0);
        QVERIFY(settling.isSettled());
        settling.took(1);
        QVERIFY(!settling.isSettled());
    }
};

QTEST_GUILESS_MAIN(CatalogSourceTest)
#include "catalog_source_test.moc"
