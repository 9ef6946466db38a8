// SPDX-License-Identifier: GPL-3.0-or-later
// A campaign driven over a fleet in memory: waves, failures, stops, deaths of its driver and of its moves' executors.
#include "core/campaign/Driver.h"
#include "tests/core/campaign/FakeMeans.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

#include <algorithm>
#include <random>

using namespace shardlens;
using namespace shardlens::campaign;
using fixtures::World;

namespace {

facts::SharedPtr noMarks()
{
    auto shared = std::make_shared<facts::Shared>();
    shared->readAt = base::Instant(std::chrono::hours(100));
    return shared;
}

/// Four clusters and a directory homed in us-east.
std::shared_ptr<const fleet::Fleet> homedFleet()
{
    auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
    for (fleet::Cluster &cluster : fleet->clusters)
        cluster.home = base::RegionName("us-east");
    for (fleet::RedisGroup &group : fleet->redisGroups)
        group.home = base::RegionName("eu-west");
    return fleet;
}

struct Scene {
    explicit Scene(Goal wanted = {Aim::Evacuate, "us-east"}, Options how = {}) : world(homedFleet(), fixtures::at(12, 0, 0)), clock(fixtures::at(12, 0, 12)), means(world, clock), pace(means), goal(std::move(wanted)), options(how)
    {
        world.observedSince(std::chrono::hours(2));
        world.share(noMarks());
        world.run(12);
    }

    Campaign begin()
    {
        const auto plan = planFor(*means.snapshot(), goal, options);
        Campaign campaign = campaignFor(*plan);
        campaign.id = "evacuate-us-east-1";
        campaign.beganAt = campaign.lastEntryAt = clock.utcNow();
        (void)journal.append(entryBegun(campaign));
        return campaign;
    }

    Outcome run() { return drive(begin()); }

    Outcome drive(Campaign campaign)
    {
        Driver driver(std::move(campaign), means, journal, clock, pace, "oncall1");
        driver.setWarmPatience(base::seconds(120));
        const Outcome outcome = driver.run();
        ended = driver.campaign();
        return outcome;
    }

    /// From its journal, as another process would.
    Outcome resume()
    {
        pace.isKilled = {};
        (void)journal.append(entryTakenOver({"oncall2", "carol", "desk2"}, clock.utcNow()));
        return drive(*campaignOf(journal.lines));
    }

    [[nodiscard]] std::string states() const
    {
        std::string out;
        for (const Move &move : ended.moves)
            out += (out.empty() ? "" : ", ") + move.subject + " " + std::string(name(move.state));
        return out;
    }

    [[nodiscard]] std::ptrdiff_t starts() const
    {
        return std::count_if(means.told.begin(), means.told.end(), [](const std::string &one) { return one.rfind("start ", 0) == 0; });
    }

    [[nodiscard]] bool wasTold(const std::string &what) const { return std::find(means.told.begin(), means.told.end(), what) != means.told.end(); }

    World world;
    base::ManualClock clock;
    FakeMeans means;
    FakePace pace;
    MemoryJournal journal;
    Goal goal;
    Options options;
    Campaign ended;
};

/// From now on most of what the region's applications ask for is not in its cache.
void coolPool(World &world, const std::string &region)
{
    world.editInvalidator(region, [](facts::InvalidatorReport &report) {
        for (auto &[pool, lease] : report.leases)
            lease.perSecond["granted"] += 2 * lease.readsPerSecond();
    });
}

/// What the journal tells is what the driver knew.
#define VERIFY_JOURNAL(scene)                                                                                                                                  \
    do {                                                                                                                                                       \
        const auto read = campaignOf((scene).journal.lines);                                                                                                    \
        QVERIFY2(read.has_value(), read ? "" : read.error().message.c_str());                                                                                   \
        QVERIFY(read->moves == (scene).ended.moves);                                                                                                            \
        QVERIFY(read->outcome == (scene).ended.outcome);                                                                                                        \
        QVERIFY(read->left == (scene).ended.left);                                                                                                              \
        QVERIFY(read->mark == (scene).ended.mark);                                                                                                              \
    } while (false)

} // namespace

class CampaignDriverTest : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void allMovesInWaves();
    void whatFails_data();
    void whatFails();
    void aMoveThatFailsMayBeBorne();
    void noMoreLookThanTheMachineFeeds();
    void theNextWaveLooksWhileTheGateIsShut();
    void aPersonStopsItAfterTheWave();
    void aPersonStopsItNow();
    void aKilledDriverIsResumed();
    void aDriverKilledBeforeItStartedAMove();
    void anExecutorThatDiesIsResumed();
    void aGateThatDoesNotOpenStopsIt();
    void anOldPrimaryOnItsWayBackShutsNoGate();
    void newTroubleInWhatIsLeftShutsNoGate();
    void whatWasFoldedIsNothingNew();
    void whatWasStoppedGoesOn();
    void theReturnLiftsTheMarkFirst();
    void aHostComesUpOnceItsServersDo();
    void ticksAreWrittenDown();
    void manyRegionsStories();
    void theKernelIsLookedAt_data();
    void theKernelIsLookedAt();
    void aHostThatBootedBeforeItsMarkWasNotRestarted();
    void cachesAreWatchedUntilWarm_data();
    void cachesAreWatchedUntilWarm();
};

void CampaignDriverTest::allMovesInWaves()
{
    Scene scene;
    std::size_t most = 0;
    scene.means.onStart = [&](const std::string &) { most = std::max(most, scene.means.running().size()); };
    scene.means.wishes = {{Stop::No, "move_users us-east", "alice"}};
    QVERIFY2(scene.run() == Outcome::Done, scene.states().c_str());
    QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 done, m2 done"));
    QCOMPARE(most, std::size_t(2));
    QCOMPARE(scene.ended.gates.size(), std::size_t(3));
    QVERIFY(std::all_of(scene.ended.gates.begin(), scene.ended.gates.end(), [](const GateSeen &gate) { return gate.isPassed; }));
    QCOMPARE(scene.means.told.front(), std::string("start directory directory-us-west"));
    QCOMPARE(scene.means.told.back(), std::string("mark set us-east"));
    QCOMPARE(scene.ended.moved(), 5U);
    QVERIFY(scene.ended.longestPause() == base::microseconds(base::milliseconds(120)));
    VERIFY_JOURNAL(scene);
}

void CampaignDriverTest::whatFails_data()
{
    QTest::addColumn<int>("fate");
    QTest::addColumn<int>("outcome");
    QTest::addColumn<QString>("states");
    QTest::newRow("one that is refused stops what follows") << int(Fate::Refused) << int(Outcome::Failed) << "directory done, u1 failed, u2 done, m1 not_begun, m2 not_begun";
    QTest::newRow("one that rolls back stops what follows") << int(Fate::RollsBack) << int(Outcome::Failed) << "directory done, u1 rolled_back, u2 done, m1 not_begun, m2 not_begun";
    QTest::newRow("one in doubt stops what follows") << int(Fate::InDoubt) << int(Outcome::InDoubt) << "directory done, u1 in_doubt, u2 done, m1 not_begun, m2 not_begun";
    QTest::newRow("one with things left is moved") << int(Fate::MovesIncomplete) << int(Outcome::Incomplete) << "directory done, u1 incomplete, u2 done, m1 done, m2 done";
}

void CampaignDriverTest::whatFails()
{
    QFETCH(int, fate);
    QFETCH(int, outcome);
    QFETCH(QString, states);
    Scene scene;
    scene.means.fates["u1"] = Fate(fate);
    QCOMPARE(int(scene.run()), outcome);
    QCOMPARE(QString::fromStdString(scene.states()), states);
    QCOMPARE(scene.wasTold("mark set us-east"), outcome == int(Outcome::Incomplete));
    VERIFY_JOURNAL(scene);
}

void CampaignDriverTest::aMoveThatFailsMayBeBorne()
{
    Scene scene({Aim::Evacuate, "us-east"}, {2, 2, {}, {}, false, {}});
    scene.means.fates["u1"] = Fate::RollsBack;
    QVERIFY(scene.run() == Outcome::Incomplete);
    QCOMPARE(scene.states(), std::string("directory done, u1 rolled_back, u2 done, m1 done, m2 done"));
    QVERIFY(scene.wasTold("mark set us-east"));
    const auto &left = scene.ended.left;
    QVERIFY(std::find(left.begin(), left.end(), "u1 rolled_back: a standby did not follow") != left.end());
}

/// A wave is as wide as it was asked for, but few of its executors look at the same time; once one was refused no further one looks.
void CampaignDriverTest::noMoreLookThanTheMachineFeeds()
{
    Scene scene;
    scene.options.atOnce = 4;
    scene.means.mostLooks = 1;
    std::size_t most = 0;
    scene.means.onStart = [&](const std::string &) { most = std::max(most, scene.means.looking()); };
    QVERIFY(scene.run() == Outcome::Incomplete); // users were not moved
    QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 done, m2 done"));
    QCOMPARE(most, std::size_t(1));
    QCOMPARE(scene.ended.waves, 2U);

    Scene refused;
    refused.options.atOnce = 4;
    refused.means.mostLooks = 1;
    refused.means.fates["u1"] = Fate::Refused;
    QVERIFY(refused.run() == Outcome::Failed);
    QCOMPARE(refused.states(), std::string("directory done, u1 failed, u2 not_begun, m1 not_begun, m2 not_begun"));
    QVERIFY(!refused.wasTold("mark set us-east"));
    VERIFY_JOURNAL(refused);
}

/// What was prepared begins under the very id that it was prepared with, and after the gate; what is not let begin is dropped.
void CampaignDriverTest::theNextWaveLooksWhileTheGateIsShut()
{
    Scene scene;
    QVERIFY(scene.run() == Outcome::Incomplete); // users were not moved
    QCOMPARE(scene.means.prepared, (std::vector<std::string>{"u1-2", "u2-3", "m1-4", "m2-5"}));
    for (const Move &move : scene.ended.moves)
        QVERIFY(move.isDirectory || std::find(scene.means.prepared.begin(), scene.means.prepared.end(), move.operation) != scene.means.prepared.end());
    QVERIFY(scene.means.dropped.empty());

    Scene shut;
    shut.means.onStart = [&](const std::string &subject) {
        if (subject == "u1")
            shut.world.killPrimary("m2"); // something critical that was not there before
    };
    QVERIFY(shut.run() == Outcome::Failed);
    QCOMPARE(shut.means.dropped, (std::vector<std::string>{"m1-4", "m2-5"}));
    QVERIFY(!shut.wasTold("start m1 m1-us-west"));

    // Another region's invalidator does not follow the new primaries: no more is sent to caches that keep what is old.
    Scene stale;
    stale.means.onStart = [&](const std::string &subject) {
        if (subject == "u1")
            stale.world.editInvalidator("us-west", [](facts::InvalidatorReport &report) {
                for (auto &[cluster, outbox] : report.clusters)
                    outbox.state = facts::OutboxFollowing::State::Failing;
            });
    };
    QVERIFY(stale.run() == Outcome::Failed);
    QVERIFY(!stale.wasTold("start m1 m1-us-west"));

    Scene few;
    few.means.mostLooks = 1;
    QVERIFY(few.run() == Outcome::Incomplete);
    QCOMPARE(few.means.prepared.size(), std::size_t(2)); // one of each later wave
}

void CampaignDriverTest::aPersonStopsItAfterTheWave()
{
    Scene scene;
    scene.means.onStart = [&](const std::string &subject) {
        if (subject == "u2")
            scene.means.wishes = {{Stop::AfterWave, {}, "alice"}};
    };
    QVERIFY(scene.run() == Outcome::Stopped);
    QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 not_begun, m2 not_begun"));
    QVERIFY(!scene.wasTold("mark set us-east"));
    VERIFY_JOURNAL(scene);
}

void CampaignDriverTest::aPersonStopsItNow()
{
    Scene scene;
    scene.means.onStart = [&](const std::string &subject) {
        if (subject == "u2")
            scene.means.wishes = {{Stop::AfterWave, {}, "alice"}, {Stop::Now, {}, "alice"}};
    };
    QVERIFY(scene.run() == Outcome::Stopped);
    QCOMPARE(scene.states(), std::string("directory done, u1 rolled_back, u2 rolled_back, m1 not_begun, m2 not_begun"));
    QVERIFY(scene.wasTold("cancel u1") && scene.wasTold("cancel u2"));
}

void CampaignDriverTest::aKilledDriverIsResumed()
{
    // At every point: what was started goes on without it, is found by its journal, and nothing is moved twice.
    for (int kill = 1; kill < 120; kill += 7) {
        Scene scene;
        int waits = 0;
        scene.pace.isKilled = [&] { return ++waits == kill; };
        bool isKilled = false;
        try {
            (void)scene.run();
        } catch (const DriverKilled &) {
            isKilled = true;
        }
        scene.means.advance(base::milliseconds(900)); // those that run go on meanwhile
        if (isKilled)
            QVERIFY2(scene.resume() == Outcome::Incomplete, std::to_string(kill).c_str()); // users were not moved
        QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 done, m2 done"));
        QCOMPARE(scene.starts(), 5);
        QCOMPARE(std::count(scene.means.told.begin(), scene.means.told.end(), "mark set us-east"), 1);
        VERIFY_JOURNAL(scene);
        if (!isKilled)
            break;
    }
}

void CampaignDriverTest::aDriverKilledBeforeItStartedAMove()
{
    Scene scene;
    Campaign campaign = scene.begin();
    // Its journal tells of an operation that nobody ever began.
    Move move = campaign.moves.front();
    move.state = MoveState::Starting;
    move.operation = "directory-lost";
    move.startedAt = scene.clock.utcNow();
    (void)scene.journal.append(entryMove(move, scene.clock.utcNow()));
    QVERIFY(scene.resume() == Outcome::Incomplete);
    QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 done, m2 done"));
    QCOMPARE(scene.starts(), 5);
}

void CampaignDriverTest::anExecutorThatDiesIsResumed()
{
    Scene scene;
    scene.means.fates["u1"] = Fate::DiesOnce;
    scene.means.fates["m1"] = Fate::DiesBeforeJournal;
    QVERIFY(scene.run() == Outcome::Incomplete);
    QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 done, m2 done"));
    QVERIFY(scene.wasTold("resume u1"));
    QCOMPARE(scene.starts(), 6);
}

void CampaignDriverTest::aGateThatDoesNotOpenStopsIt()
{
    Scene scene;
    scene.means.onStart = [&](const std::string &subject) {
        if (subject == "u1")
            scene.world.killPrimary("m2"); // something critical that was not there before
    };
    QVERIFY(scene.run() == Outcome::Failed);
    QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 not_begun, m2 not_begun"));
    QVERIFY2(scene.ended.said.find("primary_down") != std::string::npos, scene.ended.said.c_str());
    QVERIFY(!scene.ended.gates.back().isPassed);
    QVERIFY(!scene.wasTold("mark set us-east"));
    QVERIFY2(scene.means.looks > 20, std::to_string(scene.means.looks).c_str()); // asked for again as long as it is shut
}

/// It is out of recovery until its operation has stopped it, but braked: the next wave does not wait for that. Without its brake, or once
/// its operation has ended, it is a second primary.
void CampaignDriverTest::anOldPrimaryOnItsWayBackShutsNoGate()
{
    const auto lookAfter = [](bool isBraked, MoveState state) {
        Scene scene;
        const Baseline before = baselineOf(*scene.means.snapshot(), {Aim::Evacuate, "us-east"});
        scene.world.promote("u1", "u1-us-west");
        scene.world.edit("u1-us-east", [isBraked](facts::Observation &o) {
            auto sample = *o.postgres();
            sample.inRecovery = false;
            sample.readOnlyByDefault = isBraked;
            o.sample = std::move(sample);
        });
        const facts::SnapshotPtr snapshot = scene.world.run(6);
        Move move;
        move.subject = "u1";
        move.from = base::ServerId("u1-us-east");
        move.to = base::ServerId("u1-us-west");
        move.state = state;
        move.flowsAt = fixtures::at(12, 0, 0);
        return lookAtGate(*snapshot, before, {move});
    };
    const GateLook held = lookAfter(true, MoveState::Settling);
    QVERIFY2(held.isOpen(), held.waitsFor.c_str());
    QVERIFY(!lookAfter(false, MoveState::Settling).isOpen());
    QVERIFY(!lookAfter(true, MoveState::Done).isOpen());
}

/// What fails in the region that is evacuated is expected; the same elsewhere is not.
void CampaignDriverTest::newTroubleInWhatIsLeftShutsNoGate()
{
    for (const char *region : {"us-east", "us-west"}) {
        Scene scene;
        const Baseline before = baselineOf(*scene.means.snapshot(), {Aim::Evacuate, "us-east"});
        scene.world.silence(std::string("router-") + region, base::ErrorCode::Refused, "connection refused");
        const facts::SnapshotPtr snapshot = scene.world.run(8);
        QVERIFY(std::any_of(snapshot->problems.begin(), snapshot->problems.end(), [](const facts::Problem &problem) { return problem.rule == facts::Rule::RouterDown; }));
        QCOMPARE(lookAtGate(*snapshot, before, {}).isOpen(), std::string(region) == "us-east");
    }
}

/// A region that was silent as a whole is not once one of its servers is back: what was folded into its loss is nothing new.
void CampaignDriverTest::whatWasFoldedIsNothingNew()
{
    Scene scene;
    for (const fleet::Server &server : fixtures::defaultFleet()->servers) {
        if (server.region.text() == "us-east")
            scene.world.silence(server.id.text(), base::ErrorCode::Refused, "connection refused");
    }
    for (const char *subject : {"u1", "m1", "directory", "feeds", "sessions"})
        scene.world.killPrimary(subject);
    const Baseline before = baselineOf(*scene.world.run(10), {Aim::Evacuate, "us-east"});
    scene.world.answerAgain("u2-us-east");
    const facts::SnapshotPtr after = scene.world.run(10);
    QVERIFY(std::any_of(after->problems.begin(), after->problems.end(), [](const facts::Problem &problem) { return problem.rule == facts::Rule::RedisPrimaryDown; }));
    const GateLook look = lookAtGate(*after, before, {});
    QVERIFY2(look.isOpen(), look.waitsFor.c_str());
}

void CampaignDriverTest::whatWasStoppedGoesOn()
{
    Scene scene;
    scene.means.fates["u1"] = Fate::RollsBack;
    QVERIFY(scene.run() == Outcome::Failed);
    scene.means.fates.clear();
    QVERIFY(scene.resume() == Outcome::Incomplete); // users were not moved
    QCOMPARE(scene.states(), std::string("directory done, u1 done, u2 done, m1 done, m2 done"));
    QCOMPARE(scene.starts(), 6);
    QVERIFY(scene.wasTold("mark set us-east"));
    VERIFY_JOURNAL(scene);
}

void CampaignDriverTest::theReturnLiftsTheMarkFirst()
{
    Scene scene({Aim::Return, "us-east"});
    for (const char *cluster : {"u1", "u2", "m1", "m2"})
        scene.world.promote(cluster, std::string(cluster) + "-us-west");
    auto shared = std::make_shared<facts::Shared>(*noMarks());
    facts::Mark mark;
    mark.kind = facts::Mark::Kind::Region;
    mark.subject = "us-east";
    shared->marks = {mark};
    scene.world.share(shared);
    scene.world.run(140, base::seconds(5));
    scene.clock.advance(base::seconds(700));
    scene.means.wishes = {{Stop::No, "move_users us-east", "alice"}};
    QVERIFY(scene.run() == Outcome::Done);
    QCOMPARE(scene.means.told.front(), std::string("mark lifted us-east"));
    QCOMPARE(scene.starts(), 4);
    QVERIFY(scene.ended.mark == MarkState::Lifted);
    // Where it cannot be lifted nothing is begun: no server there would be a candidate.
    Scene shut({Aim::Return, "us-east"});
    shut.world.promote("u1", "u1-us-west");
    shut.world.share(shared);
    shut.world.run(140, base::seconds(5));
    shut.clock.advance(base::seconds(700));
    shut.means.marksFail = true;
    QVERIFY(shut.run() == Outcome::Failed);
    QCOMPARE(shut.starts(), 0);
}

void CampaignDriverTest::aHostComesUpOnceItsServersDo()
{
    const Goal goal{Aim::HostUp, "db1-us-east"};
    auto shared = std::make_shared<facts::Shared>(*noMarks());
    facts::Mark mark;
    mark.kind = facts::Mark::Kind::Host;
    mark.subject = goal.subject;
    shared->marks = {mark};
    Scene scene(goal);
    for (const char *cluster : {"u1", "m1"})
        scene.world.promote(cluster, std::string(cluster) + "-us-west");
    scene.world.share(shared);
    scene.world.freeze("u1-us-east");
    scene.world.run(20);
    scene.clock.advance(base::seconds(20));
    int waits = 0;
    scene.pace.isKilled = [&] {
        if (++waits == 50)
            scene.world.answerAgain("u1-us-east");
        return false;
    };
    QVERIFY(scene.run() == Outcome::Done);
    QVERIFY(waits >= 50);
    QCOMPARE(scene.means.told, std::vector<std::string>{"mark lifted db1-us-east"});
    // One that does not come back keeps the mark.
    Scene shut(goal);
    for (const char *cluster : {"u1", "m1"})
        shut.world.promote(cluster, std::string(cluster) + "-us-west");
    shut.world.share(shared);
    shut.world.freeze("u1-us-east");
    shut.world.run(20);
    shut.clock.advance(base::seconds(20));
    QVERIFY(shut.run() == Outcome::Failed);
    QVERIFY(shut.means.told.empty());
    QVERIFY2(shut.ended.said.find("u1-us-east is not back") != std::string::npos, shut.ended.said.c_str());
}

void CampaignDriverTest::ticksAreWrittenDown()
{
    Scene scene;
    scene.means.wishes = {{Stop::No, "move_users us-east", "alice"}};
    QVERIFY(scene.run() == Outcome::Done);
    const auto read = campaignOf(scene.journal.lines);
    QVERIFY(read.has_value());
    QCOMPARE(read->manual.front().by, std::string("alice"));
    QVERIFY(read->manual.front().at.has_value());
}

/// What becomes of each move is random, the driver is killed at random times, and resumed until it ends: nothing stays stuck, and each
/// thing is moved at most once more than it failed.
void CampaignDriverTest::manyRegionsStories()
{
    const QStringList range = qEnvironmentVariable("SHARDLENS_SEEDS", QStringLiteral("1-1")).split(QLatin1Char('-'));
    for (std::uint64_t seed = range.value(0).toULongLong(); seed <= range.value(range.size() - 1).toULongLong(); ++seed) {
        std::mt19937_64 random(seed * 7919);
        const auto pick = [&](int below) { return int(random() % std::uint64_t(below)); };
        Scene scene;
        scene.options.atOnce = unsigned(1 + pick(3));
        scene.options.stopAfter = unsigned(pick(3));
        for (const char *cluster : {"directory", "u1", "u2", "m1", "m2"}) {
            constexpr Fate fates[]{Fate::Moves,     Fate::Moves,    Fate::MovesIncomplete,  Fate::Refused,
                                   Fate::RollsBack, Fate::DiesOnce, Fate::DiesBeforeJournal};
            scene.means.fates[cluster] = fates[pick(int(std::size(fates)))];
        }
        const std::string told = "seed " + std::to_string(seed);
        int waits = 5 + pick(120);
        std::optional<Outcome> outcome;
        try {
            scene.pace.isKilled = [&] { return --waits == 0; };
            outcome = scene.run();
        } catch (const DriverKilled &) {
        }
        for (int i = 0; i < 4 && (!outcome || *outcome == Outcome::Failed); ++i) {
            scene.means.fates.clear(); // healed
            outcome = scene.resume();
        }
        QVERIFY2(outcome && (*outcome == Outcome::Done || *outcome == Outcome::Incomplete),
                 (told + ": " + scene.states() + " " + scene.ended.said).c_str());
        for (const char *cluster : {"directory", "u1", "u2", "m1", "m2"}) {
            const auto own = std::count_if(scene.means.told.begin(), scene.means.told.end(), [&](const std::string &one) {
                return one.rfind(std::string("start ") + cluster + " ", 0) == 0;
            });
            QVERIFY2(own <= 3, (told + ": " + cluster + " was started " + std::to_string(own) + " times").c_str());
            const Move *move = scene.ended.move(cluster);
            QVERIFY2(move && hasEnded(move->state), (told + ": " + scene.states()).c_str());
            if (move->state == MoveState::Done || move->state == MoveState::Incomplete)
                QVERIFY2(scene.world.primaryOf(cluster) == move->to.text(), (told + ": " + cluster).c_str());
        }
        VERIFY_JOURNAL(scene);
    }
}

/// The kernel is compared with the one that ran before; nobody waits for it.
void CampaignDriverTest::theKernelIsLookedAt_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("now");
    QTest::addColumn<QString>("change");
    QTest::newRow("a new release") << "6.1.0-25/a"
                                   << "6.1.0-30/b"
                                   << "renewed";
    QTest::newRow("the same release, booted anew") << "6.1.0-25/a"
                                                   << "6.1.0-25/b"
                                                   << "restarted";
    QTest::newRow("not restarted at all") << "6.1.0-25/a"
                                          << "6.1.0-25/a"
                                          << "not_restarted";
    QTest::newRow("nothing was noted, booted after the mark") << ""
                                                              << "6.1.0-30/b"
                                                              << "not_compared";
    QTest::newRow("the host cannot be asked") << "6.1.0-25/a"
                                              << ""
                                              << "";
}

void CampaignDriverTest::theKernelIsLookedAt()
{
    QFETCH(QString, before);
    QFETCH(QString, now);
    QFETCH(QString, change);
    const auto kernel = [](const QString &words) {
        return facts::Kernel{words.section('/', 0, 0).toStdString(), words.section('/', 1).toStdString(), fixtures::at(11, 59, 0)};
    };
    Scene scene({Aim::HostUp, "db1-us-east"});
    if (!before.isEmpty())
        scene.means.notedKernel = kernel(before);
    if (!now.isEmpty())
        scene.means.kernel = kernel(now);
    QVERIFY(scene.run() == Outcome::Done);
    const auto &seen = scene.ended.kernel;
    QVERIFY(seen.has_value());
    QCOMPARE(seen->now.has_value(), !now.isEmpty());
    QCOMPARE(QString::fromStdString(seen->unknown), now.isEmpty() ? QStringLiteral("no way to the host is declared") : QString());
    QCOMPARE(QString::fromStdString(seen->change ? std::string(facts::name(*seen->change)) : std::string()), change);
    QVERIFY(campaignOf(scene.journal.lines)->kernel == seen);
}

void CampaignDriverTest::aHostThatBootedBeforeItsMarkWasNotRestarted()
{
    const facts::Kernel now{"6.1.0-30", "b", fixtures::at(9, 0, 0)};
    QVERIFY(facts::changeOf({}, now, fixtures::at(12, 0, 0)) == facts::KernelChange::NotRestarted);
    QVERIFY(facts::changeOf({}, now, fixtures::at(9, 0, 30)) == facts::KernelChange::NotCompared); // clocks differ
    QVERIFY(facts::changeOf({}, now, {}) == facts::KernelChange::NotCompared);
}

/// Users were sent elsewhere: the caches there find less for a while.
void CampaignDriverTest::cachesAreWatchedUntilWarm_data()
{
    QTest::addColumn<int>("warmAfter"); // seconds after the last move; 0: never
    QTest::addColumn<int>("stopAfter"); // likewise; 0: nobody stops it
    QTest::addColumn<int>("outcome");
    QTest::addColumn<int>("watch");
    QTest::newRow("until they are") << 60 << 0 << int(Outcome::Done) << int(Watch::Warm);
    QTest::newRow("a person waits no longer") << 0 << 40 << int(Outcome::Done) << int(Watch::Stopped);
    QTest::newRow("they never are") << 0 << 0 << int(Outcome::Incomplete) << int(Watch::Cold);
}

void CampaignDriverTest::cachesAreWatchedUntilWarm()
{
    QFETCH(int, warmAfter);
    QFETCH(int, stopAfter);
    QFETCH(int, outcome);
    QFETCH(int, watch);
    Scene scene;
    scene.means.wishes = {{Stop::No, "move_users us-east", "alice"}};
    std::optional<double> marked;
    bool isCold = false;
    bool isStopped = false;
    scene.pace.isKilled = [&] {
        if (!marked && scene.wasTold("mark set us-east"))
            marked = scene.world.now();
        if (!isCold && scene.wasTold("start directory directory-us-west")) {
            isCold = true;
            coolPool(scene.world, "us-west");
        }
        if (marked && warmAfter > 0 && scene.world.now() > *marked + warmAfter)
            scene.world.editInvalidator("us-west", [](facts::InvalidatorReport &) {});
        if (marked && stopAfter > 0 && !isStopped && scene.world.now() > *marked + stopAfter) {
            isStopped = true;
            scene.means.wishes.push_back({Stop::AfterWave, {}, {}});
        }
        return false;
    };
    QCOMPARE(int(scene.run()), outcome);
    QVERIFY(marked.has_value());
    QCOMPARE(int(scene.ended.watch), watch);
    const double took = scene.world.now() - *marked;
    QVERIFY2(warmAfter == 0 || (took >= warmAfter && took < warmAfter + 60), qPrintable(QString::number(took)));
    QVERIFY2(stopAfter == 0 || took < stopAfter + 5, qPrintable(QString::number(took)));
    const auto read = campaignOf(scene.journal.lines);
    QVERIFY(read && read->watch == scene.ended.watch && read->pools == scene.ended.pools);
    const auto west =
        std::find_if(read->pools.begin(), read->pools.end(), [](const PoolWarmth &pool) { return pool.region.text() == "us-west"; });
    QVERIFY(west != read->pools.end() && west->before && west->now);
    QCOMPARE(west->isWarm(), watch == int(Watch::Warm));
    QCOMPARE(scene.ended.left.empty(), watch != int(Watch::Cold));
}

QTEST_GUILESS_MAIN(CampaignDriverTest)
#include "test_campaign_driver.moc"
