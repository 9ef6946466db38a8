// SPDX-License-Identifier: GPL-3.0-or-later
// Links and regions: whose is cut or slow, and what belongs to it.
#include "tests/core/facts/Problems.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::facts;

class TestProblemLinks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aLinkBetweenTwoRegionsIsOneProblem()
    {
        World w = world();
        w.run(10);
        const auto noReceiver = editing<PostgresSample>([](PostgresSample &s) { s.receiver = std::optional<ReceiverRow>(); });
        for (const char *standby : {"u1-us-west", "m1-us-west", "directory-us-west"})
            w.edit(standby, noReceiver);
        for (const char *replica : {"feeds-us-west", "sessions-us-west"})
            w.edit(replica, editing<RedisSample>([](RedisSample &s) {
                       s.link->up = false;
                       s.link->downSinceSeconds = 4;
                   }));
        const SnapshotPtr snapshot = w.run(6);
        QVERIFY2(snapshot->problems.size() == 1, fixtures::dumpProblems(*snapshot).c_str());
        QCOMPARE(snapshot->problems.front().rule, Rule::LinkCut);
        QCOMPARE(snapshot->problems.front().subject, std::string("us-east/us-west"));
        QCOMPARE(snapshot->problems.front().consequences.size(), std::size_t(5));
    }

    /// No cluster is refused over it, but a Redis group is: people of one side feel it, and it is critical.
    void aLinkThatCutsAGroupOffIsCritical()
    {
        World w = world();
        w.run(10);
        const auto noReceiver = editing<PostgresSample>([](PostgresSample &s) { s.receiver = std::optional<ReceiverRow>(); });
        for (const char *standby : {"u1-us-west", "m1-us-west", "directory-us-west"})
            w.edit(standby, noReceiver);
        for (const char *replica : {"feeds-us-west", "sessions-us-west"})
            w.edit(replica, editing<RedisSample>([](RedisSample &s) { s.link->up = false; }));
        Snapshot snapshot = *w.run(6);
        const auto linkOf = [&] {
            const auto found = rules::judge(snapshot, derive::Population(*snapshot.shardMap, *snapshot.fleet));
            const auto link = std::find_if(found.begin(), found.end(), [](const Problem &one) { return one.rule == Rule::LinkCut; });
            return link == found.end() ? Problem() : *link;
        };
        QCOMPARE(linkOf().severity, Severity::Warning);
        for (ServingRow &row : snapshot.serving.rows) {
            for (ServingCell &cell : row.cells) {
                if (row.group == base::GroupName("feeds") && cell.region == base::RegionName("us-west"))
                    cell.verdict = ServingVerdict::Refused;
            }
        }
        const Problem link = linkOf();
        QCOMPARE(link.rule, Rule::LinkCut);
        QCOMPARE(link.severity, Severity::Critical);
        QCOMPARE(link.impact.harm, Harm::ReadsRefused);
        QCOMPARE(link.impact.service, Service::Feeds);
        QCOMPARE(link.impact.regions, std::vector{base::RegionName("us-west")});
    }

    void aSlowLinkBetweenTwoOtherRegionsIsToldAsThatLink()
    {
        World w = world();
        w.run(40);
        w.slowLink("us-west", "eu-west", base::milliseconds(950));
        QVERIFY(w.run(2)->problems.empty());
        const SnapshotPtr snapshot = w.run(3);
        QVERIFY2(snapshot->problems.size() == 1, fixtures::dumpProblems(*snapshot).c_str());
        const Problem &problem = snapshot->problems.front();
        QCOMPARE(problem.rule, Rule::LinkSlow);
        QCOMPARE(problem.subject, std::string("eu-west/us-west"));
        QCOMPARE(problem.severity, Severity::Warning);
        QCOMPARE(problem.impact.harm, Harm::Slow);
        QCOMPARE(problem.impact.shards, (std::vector<ShardsHit>{{base::PartitionName("users"), 512, 1024}, {base::PartitionName("media"), 512, 1024}}));
        w.slowLink("us-west", "eu-west", base::milliseconds(0));
        QVERIFY(w.run(8)->problems.empty());
    }

    void aSlowLinkIsNoneOf_data()
    {
        QTest::addColumn<QString>("from");
        QTest::addColumn<int>("ms");
        QTest::addColumn<QString>("told");
        QTest::newRow("to our own region the servers across tell it") << "us-east" << 950 << "";
        QTest::newRow("under three times the usual") << "us-west" << 400 << "";
    }

    /// Only what crosses is slow here: no server answers this console slowly.
    void aSlowLinkIsNoneOf()
    {
        QFETCH(QString, from);
        QFETCH(int, ms);
        QFETCH(QString, told);
        World w = world();
        w.run(40);
        w.slowLink(from.toStdString(), "eu-west", base::milliseconds(ms));
        QCOMPARE(idsOf(w.run(10)), told);
    }

    void oneSlowWayOverALinkIsNotTheLink()
    {
        World w = world();
        w.run(40);
        // One of the standbys there is slow to write: the others, and the guard's probes, are not.
        w.edit("u2-eu-west", editing<PostgresSample>([](PostgresSample &s) {
                   for (SenderRow &row : s.senders)
                       row.writeLag = base::seconds(2);
               }));
        QVERIFY(w.run(10)->problems.empty());
    }

    void aRegionSlowFromEverywhereIsOneProblem()
    {
        World w = world();
        w.run(40);
        w.slowRegion("eu-west", base::milliseconds(900));
        w.slowLink("us-west", "eu-west", base::milliseconds(950));
        const SnapshotPtr snapshot = w.run(8);
        QVERIFY2(snapshot->problems.size() == 1, fixtures::dumpProblems(*snapshot).c_str());
        QCOMPARE(snapshot->problems.front().rule, Rule::RegionSlow);
        QCOMPARE(snapshot->problems.front().place.region, base::RegionName("eu-west"));
    }

    void allOtherRegionsSlowIsOurOwnLink()
    {
        World w = world();
        w.run(40);
        w.slowRegion("us-west", base::milliseconds(800));
        w.slowRegion("eu-west", base::milliseconds(900));
        const SnapshotPtr snapshot = w.run(8);
        QVERIFY2(snapshot->problems.size() == 1, fixtures::dumpProblems(*snapshot).c_str());
        QCOMPARE(snapshot->problems.front().rule, Rule::RegionSlow);
        QVERIFY(snapshot->problems.front().place.region.isEmpty());
    }

    void aSlowRegionIsToldByWhoElseFindsItSlow_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<QString>("told");
        // Of guards in these regions every way is as fast as usual.
        const auto asUsual = [](std::initializer_list<const char *> regions) {
            const std::vector<std::string> names(regions.begin(), regions.end());
            return Change([names](Snapshot &snapshot) {
                for (GuardReport &guard : snapshot.guards) {
                    for (auto &[key, way] : guard.ways) {
                        if (std::find(names.begin(), names.end(), guard.region.text()) != names.end())
                            way.reach.latency = way.reach.usualLatency;
                    }
                }
            });
        };
        const auto without = [](std::initializer_list<const char *> regions) {
            const std::vector<std::string> names(regions.begin(), regions.end());
            return Change([names](Snapshot &snapshot) {
                for (GuardReport &guard : snapshot.guards) {
                    if (std::find(names.begin(), names.end(), guard.region.text()) != names.end())
                        guard.reach.state = ReachState::Down;
                }
            });
        };
        const auto row = [](const char *sentence, const Change &change, const char *told) { QTest::newRow(sentence) << change << told; };
        row("slow for a third region too: the region's link", Change([](Snapshot &) {}), "region");
        row("slow for our own region alone: the link between the two", asUsual({"us-west", "eu-west"}), "link");
        row("for no guard: this machine's link", asUsual({"us-east", "us-west", "eu-west"}), "console");
        row("for no guard of ours, and a third region says nothing: this machine's link all the same", Change([=](Snapshot &snapshot) {
                without({"us-west", "eu-west"})(snapshot);
                asUsual({"us-east"})(snapshot);
            }), "console");
        row("for our own guard, and no third region tells", without({"us-west", "eu-west"}), "alone");
        row("nobody else tells", without({"us-east", "us-west", "eu-west"}), "alone");
        row("slow for the guard beside them: the servers", Change([](Snapshot &snapshot) {
                for (GuardReport &guard : snapshot.guards) {
                    for (auto &[key, way] : guard.ways) {
                        if (guard.region.text() == "eu-west")
                            way.reach.latency = base::milliseconds(900);
                    }
                }
            }), "servers");
    }

    void aSlowRegionIsToldByWhoElseFindsItSlow()
    {
        QFETCH(Change, change);
        World w = world();
        w.run(40);
        w.slowRegion("eu-west", base::milliseconds(900));
        Snapshot snapshot = *w.run(8);
        change(snapshot);
        const auto found = foundIn(snapshot, Rule::RegionSlow);
        QCOMPARE(found.size(), std::size_t(1));
        QCOMPARE(found.front().place.region, base::RegionName("eu-west"));
        QTEST(QString::fromStdString(found.front().detail), "told");
    }

    void ourOwnLinkIsTheMachinesWhereTheGuardBesideItIsWell()
    {
        World w = world();
        w.run(40);
        w.slowRegion("us-west", base::milliseconds(800));
        w.slowRegion("eu-west", base::milliseconds(900));
        Snapshot snapshot = *w.run(8);
        const auto ownLink = [&] {
            auto found = foundIn(snapshot, Rule::RegionSlow);
            std::erase_if(found, [](const Problem &one) { return !one.place.region.isEmpty(); });
            return found.size() == 1 ? QString::fromStdString(found.front().detail) : QString::number(found.size());
        };
        QCOMPARE(ownLink(), QStringLiteral("region"));
        for (GuardReport &guard : snapshot.guards) {
            for (auto &[key, way] : guard.ways)
                way.reach.latency = way.reach.usualLatency;
        }
        QCOMPARE(ownLink(), QStringLiteral("console"));
        snapshot.guards.clear();
        QCOMPARE(ownLink(), QStringLiteral("alone"));
    }

    void aSlowServerIsToldByWhoElseFindsItSlow()
    {
        World w = world();
        w.run(40);
        w.edit("u2-eu-west", [](Observation &o) { o.reach.latency = base::milliseconds(910); });
        Snapshot snapshot = *w.run(8);
        const auto told = [&] {
            const auto found = foundIn(snapshot, Rule::ServerSlow);
            return found.size() == 1 ? QString::fromStdString(found.front().detail) : QString::number(found.size());
        };
        QCOMPARE(told(), QStringLiteral("here"));
        for (GuardReport &guard : snapshot.guards) {
            for (auto &[key, way] : guard.ways) {
                if (key.subject == "u2")
                    way.reach.latency = base::milliseconds(910);
            }
        }
        QCOMPARE(told(), QStringLiteral("server"));
        for (GuardReport &guard : snapshot.guards)
            guard.ways.clear();
        QCOMPARE(told(), QStringLiteral("alone"));
    }

    void readsThatWantIntoASilentRegionBelongToItsSilence()
    {
        World w = world();
        w.run(10);
        const auto target = fixtures::defaultFleet()->server(base::ServerId("u1-us-west"))->address.from(base::RegionName("us-east"));
        w.edit("router-us-east", editing<RouterSample>([target](RouterSample &s) {
                   for (RouterDatabase &d : s.databases) {
                       if (d.name != "u1_read")
                           continue;
                       d.host = target.host;
                       d.port = target.port;
                       d.clientsWaiting = 4;
                       d.longestWait = base::seconds(3);
                   }
               }));
        w.silenceRegion("us-west");
        const SnapshotPtr snapshot = w.run(8);
        QVERIFY2(snapshot->problems.size() == 1, fixtures::dumpProblems(*snapshot).c_str());
        QCOMPARE(snapshot->problems.front().rule, Rule::RegionSilent);
        const auto &folded = snapshot->problems.front().consequences;
        QVERIFY(std::any_of(folded.begin(), folded.end(), [](const Problem &problem) { return problem.rule == Rule::RouterWaiting && problem.subject == "u1_read"; }));
    }

    /// Every server of a region was killed, and its guard is left: it says that writes fail there, which is no cause of its own.
    void writesThatFailInALostRegionBelongToItsLoss()
    {
        World w = world();
        w.run(10);
        for (const fleet::Server &server : fixtures::defaultFleet()->servers) {
            if (server.region.text() == "us-west")
                w.silence(server.id.text(), base::ErrorCode::Refused, "connection refused");
        }
        const SnapshotPtr snapshot = w.run(8);
        const ServingRow *writes = snapshot->serving.writes(base::ClusterName("m1"));
        QCOMPARE(int(writes->cell(base::RegionName("us-west"))->verdict), int(ServingVerdict::Refused));
        QVERIFY2(snapshot->problems.size() == 1, fixtures::dumpProblems(*snapshot).c_str());
        const Problem &problem = snapshot->problems.front();
        QCOMPARE(problem.rule, Rule::RegionSilent);
        QCOMPARE(problem.severity, Severity::Critical);
        QCOMPARE(problem.impact.harm, Harm::WritesRefused);
        QCOMPARE(problem.impact.regions, std::vector{base::RegionName("us-west")});
        QVERIFY(std::any_of(problem.consequences.begin(), problem.consequences.end(), [](const Problem &one) { return one.rule == Rule::WritesFailing; }));
    }
};

QTEST_GUILESS_MAIN(TestProblemLinks)
#include "test_problem_links.moc"
