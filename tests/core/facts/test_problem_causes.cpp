// SPDX-License-Identifier: GPL-3.0-or-later
// Which cause is told of what several servers show, and what folds into it.
#include "tests/core/facts/Problems.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::facts;

class TestProblemCauses : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    /// What memcached counts as found is no evidence of a cold one: a granted lease is a hit to it.
    void aColdCacheIsNotToldByLeases()
    {
        World w = world();
        w.run(10);
        w.edit("cache-us-west-1", [](Observation &o) {
            auto sample = *o.memcached();
            sample.flushes = 1;
            o.sample = sample;
            if (auto *rates = std::get_if<MemcachedRates>(&o.rates))
                rates->hitRatio = 0.1;
        });
        const SnapshotPtr snapshot = w.run(8);
        QCOMPARE(idsOf(snapshot), "cache_cold cache-us-west-1");
        for (const Evidence &evidence : snapshot->problems.front().evidence)
            QVERIFY2(evidence.reading != "hit_ratio", evidence.reading.c_str());
    }

    void aColdCacheThatNobodyReadsIsNoProblem()
    {
        World w = world();
        w.run(10);
        const auto reads = [&w](double each) {
            for (const char *id : {"cache-us-west-1", "cache-us-west-2"}) {
                w.edit(id, [each](Observation &o) {
                    auto sample = *o.memcached();
                    sample.flushes = 1;
                    o.sample = sample;
                    if (auto *rates = std::get_if<MemcachedRates>(&o.rates)) {
                        rates->getsPerSecond = each;
                        rates->hitRatio = 0.1;
                    }
                });
            }
        };
        reads(0.1);
        QCOMPARE(idsOf(w.run(8)), "");
        reads(10);
        QCOMPARE(idsOf(w.run(8)), "cache_cold cache-us-west-2, cache_cold cache-us-west-1");
    }

    /// The guards say so until they are started anew: once it was seen to follow, or leads again, it holds no more.
    void whomAGuardKeepsFencedIsToldWithWhatIsDown()
    {
        Snapshot snapshot = *fixtures::partlyDown();
        const base::ServerId old("u1-us-west");
        const auto told = [&] {
            QStringList found;
            for (const Problem &problem : foundIn(snapshot, Rule::StandbyDown)) {
                for (const Evidence &evidence : problem.evidence) {
                    const auto *words = std::get_if<std::string>(&evidence.value);
                    if (problem.place.server == old && words && evidence.reading != "last_error")
                        found << QString::fromStdString(evidence.reading + " " + *words);
                }
            }
            return found.join(QStringLiteral(", "));
        };
        const QString before = told();
        GuardFence &fence = snapshot.guards.front().fenced[old];
        fence = {snapshot.takenUtc - base::seconds(5), "came back, stopped"};
        QVERIFY2(!before.contains(QStringLiteral("fenced")) && told().contains(QStringLiteral("fenced_by_guard_of us-east, guard_said came back, stopped")), qPrintable(told()));
        fence.at = snapshot.takenUtc - base::seconds(120);
        QCOMPARE(told(), before); // it followed since
        fence.at = snapshot.takenUtc - base::seconds(5);
        for (ClusterFacts &cluster : snapshot.clusters) {
            if (cluster.name.text() == "u1")
                cluster.primary = old;
        }
        QVERIFY2(!told().contains(QStringLiteral("fenced")), qPrintable(told()));
    }

    void aPrimaryThatAllLostIsToldBeforeOurPatienceEnds()
    {
        World w = world();
        w.run(20);
        w.killPrimary("u1"); // refused at once, but late for two seconds as the fixture plays it
        w.run(2);
        const SnapshotPtr snapshot = w.tick();
        QCOMPARE(idsOf(snapshot), "primary_down u1-us-east");
        QCOMPARE(othersOf(snapshot->problems.front()), "u1-us-west u1-eu-west router-us-east router-us-west router-eu-west");
        QCOMPARE(snapshot->problems.front().detail, std::string("refused"));
    }

    void aRouterLostThePrimaryToo_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("isWitness");
        const auto row = [](const char *name, bool isWitness, Change change) { QTest::newRow(name) << change << isWitness; };
        const auto beat = [](Snapshot &s) -> GuardBeat & { return s.guards.front().beats.at(base::ClusterName("u1")); };
        row("its beats fail since then", true, [](Snapshot &) {});
        row("they had failed for long", false, [beat](Snapshot &s) { *beat(s).committedAt -= std::chrono::minutes(1); });
        row("the primary itself refuses them", false, [beat](Snapshot &s) { beat(s).error->sqlState = "53100"; });
        row("they did not come to the router", false, [beat](Snapshot &s) { beat(s).reachedRouter = false; });
        row("its guard is silent", false, [](Snapshot &s) { s.guards.front().reach.state = ReachState::Late; });
        row("it is paused", false, [](Snapshot &s) {
            for (RouterTarget &target : s.routers.front().targets)
                target.paused = true;
        });
        row("it leads elsewhere", false, [](Snapshot &s) {
            for (RouterTarget &target : s.routers.front().targets)
                target.leadsTo = base::ServerId("u1-us-west");
        });
    }

    /// Through a router that lost the primary as well writes fail; one that fails them for a reason of its own says nothing of it.
    void aRouterLostThePrimaryToo()
    {
        QFETCH(Change, change);
        QFETCH(bool, isWitness);
        World w = world();
        w.run(20);
        w.killPrimary("u1");
        Snapshot snapshot = *w.run(8);
        QCOMPARE(snapshot.guards.front().region, base::RegionName("us-east"));
        QCOMPARE(snapshot.routers.front().region, base::RegionName("us-east"));
        change(snapshot);
        const auto down = foundIn(snapshot, Rule::PrimaryDown);
        QCOMPARE(down.size(), std::size_t(1));
        QCOMPARE(othersOf(down.front()).contains("router-us-east"), isWitness);
        QVERIFY(othersOf(down.front()).startsWith("u1-us-west u1-eu-west"));
    }

    /// A full disk shows in no reading: what the server said to a real write tells it.
    void aFullDiskIsToldByTheWritesThatItRefuses()
    {
        World w = world();
        Snapshot snapshot = *w.run(10);
        const auto lastWrite = snapshot.takenUtc - base::seconds(7);
        for (GuardReport &guard : snapshot.guards) {
            GuardBeat &beat = guard.beats.at(base::ClusterName("u1"));
            beat.state = GuardBeat::State::Failing;
            beat.reachedRouter = true;
            beat.error = base::Error{base::ErrorCode::Rejected, "could not extend file: No space left on device", "53100", {}, base::Effect::None};
            beat.committedUtc = guard.region.text() == "us-west" ? lastWrite : lastWrite - base::seconds(2);
        }
        const auto full = foundIn(snapshot, Rule::DiskFull);
        QCOMPARE(full.size(), std::size_t(1));
        QCOMPARE(full.front().severity, Severity::Critical);
        QCOMPARE(full.front().place.server, base::ServerId("u1-us-east"));
        QCOMPARE(full.front().impact.harm, Harm::WritesRefused);
        QCOMPARE(full.front().impact.shards, (std::vector<ShardsHit>{{base::PartitionName("users"), 512, 1024}}));
        QVERIFY(full.front().since == (Since{lastWrite, true})); // the newest of them was still committed
        QCOMPARE(full.front().evidence.size(), snapshot.guards.size() + 1);
        // The writes that fail are its consequence, not a cause of their own.
        const auto folded = rules::fold(rules::judge(snapshot, derive::Population(*snapshot.shardMap, *snapshot.fleet)), snapshot);
        const auto isFailing = [](const Problem &one) { return one.rule == Rule::WritesFailing; };
        const auto disk = std::find_if(folded.begin(), folded.end(), [](const Problem &one) { return one.rule == Rule::DiskFull; });
        QVERIFY(disk != folded.end() && std::any_of(disk->consequences.begin(), disk->consequences.end(), isFailing));
        QVERIFY(std::none_of(folded.begin(), folded.end(), isFailing));
        // Any other error is none.
        for (GuardReport &guard : snapshot.guards)
            guard.beats.at(base::ClusterName("u1")).error = base::Error{base::ErrorCode::Rejected, "cannot execute INSERT", "25006", {}, base::Effect::None};
        QVERIFY(foundIn(snapshot, Rule::DiskFull).empty());
    }

    /// It may have stopped over it: then its death is the consequence.
    void aPrimaryThatDiedOfAFullDiskIsToldByTheDisk()
    {
        World w = world();
        w.run(10);
        w.killPrimary("u1");
        w.edit("u1-us-east", [](Observation &o) { o.reach.lastError = base::Error{base::ErrorCode::Refused, "could not write: No space left on device", {}, {}, base::Effect::None}; });
        const SnapshotPtr snapshot = w.run(8);
        QCOMPARE(idsOf(snapshot), "disk_full u1-us-east");
        const auto &folded = snapshot->problems.front().consequences;
        QVERIFY2(std::any_of(folded.begin(), folded.end(), [](const Problem &one) { return one.rule == Rule::PrimaryDown; }), fixtures::dumpProblems(*snapshot).c_str());
    }

    /// A router that was refused once turns its clients away until it dials again.
    void aRouterThatDialsSeldomIsToldWhileItTurnsClientsAway()
    {
        World w = world();
        w.run(10);
        w.edit("router-us-east", editing<RouterSample>([](RouterSample &s) { s.serverLoginRetry = base::microseconds(15'000'000); }));
        Snapshot snapshot = *w.run(2);
        QVERIFY(foundIn(snapshot, Rule::RouterRetrying).empty());
        const auto lastWrite = snapshot.takenUtc - base::seconds(4);
        GuardBeat &beat = snapshot.guards.front().beats.at(base::ClusterName("u1"));
        beat.state = GuardBeat::State::Failing;
        beat.reachedRouter = true;
        beat.error = base::Error{base::ErrorCode::Rejected, "server login has been failing, try again later (server_login_retry)", "08P01", {}, base::Effect::None};
        beat.committedUtc = lastWrite;
        const auto retrying = foundIn(snapshot, Rule::RouterRetrying);
        QCOMPARE(retrying.size(), std::size_t(1));
        QCOMPARE(retrying.front().severity, Severity::Critical);
        QCOMPARE(retrying.front().place.server, base::ServerId("router-us-east"));
        QCOMPARE(retrying.front().subject, std::string("u1"));
        QCOMPARE(retrying.front().impact.harm, Harm::WritesRefused);
        QCOMPARE(retrying.front().impact.regions, std::vector{base::RegionName("us-east")});
        QVERIFY(retrying.front().since == (Since{lastWrite, true}));
        // Another region's router is not concerned; a server that is silent is another cause.
        beat.error->message = "query_wait_timeout";
        QVERIFY(foundIn(snapshot, Rule::RouterRetrying).empty());
        beat.error->message = "server_login_retry";
        auto silent = std::make_shared<Observation>(*snapshot.servers.at(base::ServerId("u1-us-east")));
        silent->reach.state = ReachState::Down;
        snapshot.servers.at(base::ServerId("u1-us-east")) = silent;
        QVERIFY(foundIn(snapshot, Rule::RouterRetrying).empty());
    }

    /// Before what is only no longer redundant: writes are held.
    void aCrowdBehindALockComesBeforeALostStandby()
    {
        World w = world();
        w.run(10);
        w.silence("m1-us-west", base::ErrorCode::Refused, "connection refused");
        w.edit("u1-us-east", editing<PostgresSample>([](PostgresSample &s) {
                   s.connections->waitingForLock = 30;
                   s.longestLockWait = base::seconds(90);
               }));
        const SnapshotPtr snapshot = w.run(8);
        QCOMPARE(idsOf(snapshot), "lock_pile_up u1-us-east, standby_down m1-us-west");
        QCOMPARE(snapshot->problems.front().impact.harm, Harm::WritesRefused);
    }

    void aFreshBeatIsLessThanABeatAndAPoll()
    {
        World w = world();
        const SnapshotPtr snapshot = w.run(20);
        for (const ClusterFacts &cluster : snapshot->clusters) {
            for (const StandbyLag &lag : cluster.standbys) {
                if (lag.rule == LagRule::FreshHeartbeat)
                    QCOMPARE(lag.resolution, base::microseconds(1500000));
                if (lag.rule == LagRule::ReplayLag)
                    QCOMPARE(lag.resolution, base::microseconds(0));
            }
        }
        for (const StandbyLag &lag : snapshot->redisGroups.front().replicas)
            QVERIFY(lag.resolution >= base::seconds(1));
    }

    void aPauseThatAGuardHoldsSaysWhy()
    {
        World w = world();
        w.edit("router-us-west", editing<RouterSample>([](RouterSample &s) {
                   for (RouterDatabase &d : s.databases)
                       d.paused = d.name == "m2";
               }));
        Snapshot snapshot = *w.run(2);
        const auto heldBy = [&] {
            std::string said;
            for (const Problem &problem : rules::judge(snapshot, derive::Population(*snapshot.shardMap, *snapshot.fleet))) {
                for (const Evidence &one : problem.evidence)
                    said += problem.rule == Rule::RouterPaused && one.reading == "held_by_the_guard" ? std::get<std::string>(one.value) : std::string();
            }
            return said;
        };
        QCOMPARE(heldBy(), std::string());
        for (GuardReport &guard : snapshot.guards)
            guard.takenOver[base::ClusterName(guard.region == base::RegionName("us-west") ? "m2" : "m1")] = {"m2-op", true, "no primary that is verified; a person must act"};
        QCOMPARE(heldBy(), std::string("operation m2-op was broken off; no primary that is verified; a person must act"));
    }

    void aPrimaryThatOnlyThisConsoleLostIsNoOutage()
    {
        World w = world();
        w.run(5);
        w.silence("u1-us-east");
        const SnapshotPtr snapshot = w.run(8);
        const auto cutOff = std::find_if(snapshot->problems.begin(), snapshot->problems.end(), [](const Problem &p) { return p.rule == Rule::PrimaryCutOff; });
        QVERIFY2(cutOff != snapshot->problems.end(), fixtures::dumpProblems(*snapshot).c_str());
        QCOMPARE(cutOff->severity, Severity::Warning);
        QCOMPARE(cutOff->impact.harm, Harm::NotSeen);
        QVERIFY2(!idsOf(snapshot).contains("primary_down"), fixtures::dumpProblems(*snapshot).c_str());
    }

    /// Its sender calls it streaming until a time-out; a word of it from before the silence says nothing.
    void aFrozenStandbyIsNotCutOffFromUsAlone()
    {
        World w = world();
        w.run(10);
        w.freeze("m1-us-west");
        const SnapshotPtr snapshot = w.run(5);
        QCOMPARE(idsOf(snapshot), "standby_down m1-us-west");
        QCOMPARE(snapshot->problems.front().impact.harm, Harm::ReadsRefused);
        QCOMPARE(snapshot->problems.front().detail, std::string("frozen"));
    }

    void aStandbyThatItsSenderStillHearsIsCutOffFromUsAlone()
    {
        World w = world();
        w.run(10);
        w.silence("m1-us-west");
        const SnapshotPtr snapshot = w.run(5);
        QCOMPARE(idsOf(snapshot), "standby_down m1-us-west");
        QCOMPARE(snapshot->problems.front().impact.harm, Harm::NotSeen);
        QCOMPARE(snapshot->problems.front().detail, std::string("cut_off"));
    }

    /// Started while a primary and a standby are gone, and the third follows nobody: who led is not known, and each has its row all the same.
    void aStandbyThatIsLostWhileNobodyKnowsThePrimaryHasItsOwnRow()
    {
        World w = world();
        for (const char *lost : {"u1-us-east", "u1-us-west"})
            w.silence(lost, base::ErrorCode::Refused, "connection refused");
        w.edit("u1-eu-west", editing<PostgresSample>([](PostgresSample &s) { s.receiver = std::optional<ReceiverRow>(); }));
        for (const char *lost : {"u1-us-east", "u1-us-west"}) {
            w.edit(lost, [](Observation &o) {
                o.sample = Sample();
                o.reach.lastAnswer.reset();
                o.reach.lastAnswerUtc.reset();
            });
        }
        const SnapshotPtr snapshot = w.run(8);
        QVERIFY(!snapshot->cluster(base::ClusterName("u1"))->primary);
        for (const char *lost : {"u1-us-east", "u1-us-west"}) {
            const auto told = std::find_if(snapshot->problems.begin(), snapshot->problems.end(), [&](const Problem &one) { return one.place.server == base::ServerId(lost); });
            QVERIFY2(told != snapshot->problems.end(), fixtures::dumpProblems(*snapshot).c_str());
            QCOMPARE(told->rule, Rule::MemberDown);
            // People feel it: one of them was the primary, the other one served its region.
            QCOMPARE(told->impact.harm, std::string_view(lost) == "u1-us-east" ? Harm::WritesRefused : Harm::ReadsRefused);
        }
    }

    void aClusterOfWhichNobodyAnswersIsNotCalledAllStandbys()
    {
        World w = world();
        for (const char *lost : {"directory-us-east", "directory-us-west", "directory-eu-west"}) {
            w.silence(lost, base::ErrorCode::Refused, "connection refused");
            w.edit(lost, [](Observation &o) {
                o.sample = Sample();
                o.reach.lastAnswer.reset();
                o.reach.lastAnswerUtc.reset();
            });
        }
        const SnapshotPtr snapshot = w.run(8);
        const auto told = std::find_if(snapshot->problems.begin(), snapshot->problems.end(), [](const Problem &one) { return one.rule == Rule::NoPrimary; });
        QVERIFY2(told != snapshot->problems.end(), fixtures::dumpProblems(*snapshot).c_str());
        QCOMPARE(told->detail, std::string("silent"));
        QCOMPARE(told->consequences.size(), std::size_t(3));
    }

    void aFailoverLeavesOnlyWhatIsStillWrong()
    {
        World w = world();
        w.run(5);
        w.killPrimary("u1");
        w.run(10);
        w.promote("u1", "u1-us-west");
        const SnapshotPtr after = w.run(10);
        // The old primary is a standby that is down, no second primary; the rest works again.
        QCOMPARE(idsOf(after), "standby_down u1-us-east");
        w.answerAgain("u1-us-east");
        for (int i = 0; i < 10; ++i)
            w.tick();
        QCOMPARE(idsOf(w.tick()), "");
    }
};

QTEST_GUILESS_MAIN(TestProblemCauses)
#include "test_problem_causes.moc"
