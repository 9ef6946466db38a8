// SPDX-License-Identifier: GPL-3.0-or-later
// Since when a problem is, when it is told, and how it ends.
#include "tests/core/facts/Problems.h"

#include <QTest>

#include <set>

using namespace shardlens;
using namespace shardlens::facts;

class TestProblemTimes : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aBrakeSetBeforeObservingIsBoundedByTheConfigurationsAge()
    {
        World w = world();
        w.edit("u1-us-east", editing<PostgresSample>([](PostgresSample &s) { s.readOnlyByDefault = true; }));
        const SnapshotPtr snapshot = w.run(5);
        QCOMPARE(idsOf(snapshot), "read_only u1-us-east");
        QVERIFY(!snapshot->problems.front().since.exact);
        QCOMPARE(snapshot->problems.front().since.at, fixtures::at(12, 0, 0) - std::chrono::hours(30));
    }

    void waitsTellTheirOwnBeginning()
    {
        World w = world();
        w.edit("u1-us-east", editing<PostgresSample>([](PostgresSample &s) {
                   s.connections->waitingForSync = 3;
                   s.longestSyncWait = base::seconds(90);
               }));
        const SnapshotPtr snapshot = w.run(5);
        QVERIFY(snapshot->problems.front().since.exact);
        QVERIFY(snapshot->problems.front().since.at < fixtures::at(11, 58, 40));
    }

    void oneBadTickTellsNothing()
    {
        World w = world();
        w.run(5);
        w.edit("u1-us-west", editing<PostgresSample>([](PostgresSample &s) { s.receiver = std::optional<ReceiverRow>(); }));
        QVERIFY(w.tick()->problems.empty());
        w.stopEditing("u1-us-west");
        for (int i = 0; i < 5; ++i)
            QVERIFY(w.tick()->problems.empty());
    }

    void ticksBetweenReadingsDoNotMakeAProblemLast()
    {
        World w = world();
        w.run(5);
        w.fallBehind("u1-us-west", {base::seconds(8), {}, 0, {}});
        for (int i = 0; i < 10; ++i)
            QVERIFY(w.tick(base::milliseconds(120))->problems.empty());
        QCOMPARE(idsOf(w.run(2)), "lag u1-us-west");
    }

    void aServerThatNeverAnsweredIsAskedNotLate()
    {
        World w = world();
        w.edit("router-eu-west", [](Observation &o) {
            o = Observation{o.server, {}, {}, {}, {}, {}, {}};
            o.reach.state = ReachState::Late;
        });
        QVERIFY(w.run(4)->problems.empty());
    }

    void aProblemThatComesAndGoesEachTickIsOneProblem()
    {
        World w = world();
        w.run(5);
        std::set<std::string> ids;
        std::set<UtcTime> since;
        for (int i = 0; i < 30; ++i) {
            w.fallBehind("u1-us-west", i % 3 == 2 && i > 5 ? World::Behind{} : World::Behind{base::seconds(8), {}, 0, {}});
            const SnapshotPtr snapshot = w.tick();
            if (i < 4)
                continue;
            QCOMPARE(snapshot->problems.size(), std::size_t(1));
            ids.insert(snapshot->problems.front().id());
            since.insert(snapshot->problems.front().since.at);
            QVERIFY(snapshot->ended.empty());
        }
        QCOMPARE(ids.size(), std::size_t(1));
        QCOMPARE(since.size(), std::size_t(1));
    }

    void whatEndedStaysForTwelveHours()
    {
        World w = world();
        w.run(10);
        w.silence("cache-us-east-1", base::ErrorCode::Refused, "connection refused");
        QCOMPARE(idsOf(w.run(6)), "cache_server_down cache-us-east-1");
        w.answerAgain("cache-us-east-1");
        const SnapshotPtr ending = w.tick();
        QCOMPARE(idsOf(ending), "cache_server_down cache-us-east-1");
        QCOMPARE(ending->problems.front().notSeenSince, std::optional(ending->takenUtc));
        const SnapshotPtr healed = w.run(2);
        QVERIFY(healed->problems.empty());
        QVERIFY(!healed->ended.front().notSeenSince);
        QCOMPARE(healed->ended.size(), std::size_t(1));
        QCOMPARE(healed->endedAt.size(), std::size_t(1));
        QCOMPARE(healed->endedAt.front(), fixtures::at(12, 0, 16));
        QCOMPARE(w.tick(std::chrono::hours(11))->ended.size(), std::size_t(1));
        QCOMPARE(w.tick(std::chrono::hours(2))->ended.size(), std::size_t(0));
    }

    /// A member that comes back is reached by the guards a little before it answers here.
    void whatEndedIsToldAsItMostlyWas()
    {
        World w = world();
        w.run(10);
        w.freeze("cache-us-east-1");
        QCOMPARE(w.run(20)->problems.front().impact.harm, Harm::Slow);
        w.answerAgain("cache-us-east-1");
        w.silence("cache-us-east-1");
        QCOMPARE(w.run(5)->problems.front().impact.harm, Harm::NotSeen);
        w.answerAgain("cache-us-east-1");
        const auto back = w.run(4);
        QVERIFY(back->problems.empty());
        QCOMPARE(back->ended.size(), std::size_t(1));
        QCOMPARE(back->ended.front().impact.harm, Harm::Slow);

        w.silence("cache-us-east-1");
        w.run(20);
        w.answerAgain("cache-us-east-1");
        const auto again = w.run(4);
        QCOMPARE(again->ended.size(), std::size_t(2));
        QCOMPARE(again->ended.front().impact.harm, Harm::NotSeen);
    }

    /// One look has no second reading: it is told that there is something to wait for.
    void whatIsNotToldYetIsSaidToBeUndecided()
    {
        World w = world();
        w.edit("router-us-west", editing<RouterSample>([](RouterSample &s) {
                   for (RouterDatabase &d : s.databases)
                       d.paused = d.name == "m2";
               }));
        const SnapshotPtr first = w.run(1);
        QCOMPARE(idsOf(first), "");
        QCOMPARE(first->undecided, 1U);
        const SnapshotPtr second = w.run(1);
        QCOMPARE(idsOf(second), "router_paused router-us-west");
        QCOMPARE(second->undecided, 0U);
        w.stopEditing("router-us-west");
        QCOMPARE(w.run(1)->undecided, 0U); // what goes is told until it is gone
        QCOMPARE(world().run(5)->undecided, 0U);
    }

    /// How long it is silent is not what this console knows of it.
    void whoAskedInVainFromTheStartSaysSo()
    {
        World w = world();
        w.silence("u2-us-east", base::ErrorCode::Refused, "connection refused");
        const auto told = [](const SnapshotPtr &snapshot) {
            for (const Problem &problem : snapshot->problems) {
                for (const Evidence &one : problem.evidence) {
                    if (problem.place.server.text() == "u2-us-east" && (one.reading == "silent_for" || one.reading == "asked_in_vain_for"))
                        return one.reading;
                }
            }
            return std::string("nothing");
        };
        QCOMPARE(told(w.run(6)), std::string("asked_in_vain_for"));
        World heard = world();
        heard.run(5);
        heard.silence("u2-us-east", base::ErrorCode::Refused, "connection refused");
        QCOMPARE(told(heard.run(6)), std::string("silent_for"));
    }

    void aProblemBeforeObservingIsBounded()
    {
        World w = world();
        w.edit("u2-us-east", editing<PostgresSample>([](PostgresSample &s) { s.replayPaused = true; }));
        const SnapshotPtr early = w.run(4);
        QCOMPARE(idsOf(early), "replay_paused u2-us-east");
        QVERIFY(!early->problems.front().since.exact);
        QCOMPARE(early->problems.front().since.at, fixtures::at(12, 0, 0));

        World later = world();
        later.run(30);
        later.pauseReplay("u2-us-east");
        const SnapshotPtr late = later.run(4);
        QVERIFY(late->problems.front().since.exact);
        QCOMPARE(late->problems.front().since.at, fixtures::at(12, 0, 31));
    }

    void aDeadPrimarySeenFromALateStartHasItsTimeFromTheStandbys()
    {
        World w = world();
        w.killPrimary("u1");
        const SnapshotPtr snapshot = w.run(40);
        QCOMPARE(idsOf(snapshot), "primary_down u1-us-east");
        const Problem &problem = snapshot->problems.front();
        QVERIFY(problem.since.exact);
        QVERIFY(problem.since.at <= fixtures::at(12, 0, 0) && problem.since.at > fixtures::at(11, 59, 58));
        QCOMPARE(problem.impact.harm, Harm::WritesRefused);
        QCOMPARE(problem.impact.shards, (std::vector<ShardsHit>{{base::PartitionName("users"), 512, 1024}}));
        // By the users that live there, not by the number of shards.
        QVERIFY(problem.impact.userShare && *problem.impact.userShare > 0.3 && *problem.impact.userShare < 0.7 && *problem.impact.userShare != 0.5);
        QVERIFY(problem.impact.usersCountedAt);
        QCOMPARE(othersOf(problem), "u1-us-west u1-eu-west router-us-east router-us-west router-eu-west");
        QCOMPARE(problem.severity, Severity::Critical);
    }

    void aRegionLostBeforeALateStartHasItsTimeFromStandbysElsewhere()
    {
        World w = world();
        w.killPrimary("u2");
        w.killPrimary("m2");
        for (const fleet::Server &server : fixtures::defaultFleet()->servers) {
            if (server.region.text() == "eu-west" && server.id.text() != "u2-eu-west" && server.id.text() != "m2-eu-west")
                w.silence(server.id.text(), base::ErrorCode::Refused, "connection refused");
        }
        for (const char *replica : {"mediamap-us-east", "mediamap-us-west"})
            w.edit(replica, editing<RedisSample>([](RedisSample &s) { s.link->up = false; }));
        const SnapshotPtr snapshot = w.run(40);
        const Problem &problem = snapshot->problems.front();
        QVERIFY2(problem.rule == Rule::RegionSilent && problem.detail.empty(), fixtures::dumpProblems(*snapshot).c_str());
        QVERIFY(problem.since.exact);
        QVERIFY(problem.since.at <= fixtures::at(12, 0, 0) && problem.since.at > fixtures::at(11, 59, 58));
    }

    /// A replica whose link is down and that copies anew has no state of "not streaming", and still says since when.
    void aRedisPrimaryLostWhileAReplicaCopiesHasItsTimeFromIt()
    {
        World w = world();
        w.run(10);
        for (const char *replica : {"feeds-us-west", "feeds-eu-west"})
            w.edit(replica, editing<RedisSample>([](RedisSample &s) {
                       s.link->up = false;
                       s.link->syncing = true;
                       s.link->downSinceSeconds = 30;
                   }));
        w.silence("feeds-us-east", base::ErrorCode::Refused, "connection refused");
        const SnapshotPtr snapshot = w.run(5);
        QCOMPARE(idsOf(snapshot), "redis_primary_down feeds-us-east");
        QVERIFY(snapshot->problems.front().since.exact);
        QVERIFY(snapshot->problems.front().since.at < fixtures::at(12, 0, 0));
    }
};

QTEST_GUILESS_MAIN(TestProblemTimes)
#include "test_problem_times.moc"
