// SPDX-License-Identifier: GPL-3.0-or-later
// Each check in both directions: passed in a fleet that is well, and each way in which it does not pass.
#include "core/operate/Plan.h"
#include "core/operate/SyncNames.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

#include <set>

using namespace shardlens;
using namespace shardlens::operate;
using facts::Observation;
using fixtures::World;

using Edit = std::function<void(World &)>;
Q_DECLARE_METATYPE(Edit)
Q_DECLARE_METATYPE(shardlens::operate::Act)
Q_DECLARE_METATYPE(shardlens::operate::CheckId)
Q_DECLARE_METATYPE(shardlens::operate::Verdict)

namespace {

const char *const primary = "u1-us-east";
const char *const candidate = "u1-us-west";
const char *const other = "u1-eu-west";

Edit postgres(const char *server, std::function<void(facts::PostgresSample &)> change)
{
    return [=](World &world) {
        world.edit(server, [change](Observation &o) {
            if (!o.postgres())
                return;
            auto sample = *o.postgres();
            change(sample);
            o.sample = std::move(sample);
        });
    };
}

Edit setting(const char *server, const char *name, const char *value)
{
    return postgres(server, [=](facts::PostgresSample &sample) { (*sample.settings)[name] = value; });
}

Edit without(const char *server, const char *name)
{
    return postgres(server, [=](facts::PostgresSample &sample) { sample.settings->erase(name); });
}

Edit move(const char *server, std::function<void(facts::MoveReading &)> change)
{
    return postgres(server, [=](facts::PostgresSample &sample) { change(*sample.move); });
}

Edit router(std::function<void(facts::RouterSample &)> change)
{
    return [=](World &world) {
        world.edit("router-us-west", [change](Observation &o) {
            if (!o.router())
                return;
            auto sample = *o.router();
            change(sample);
            o.sample = std::move(sample);
        });
    };
}

Edit routerDatabase(std::function<void(facts::RouterDatabase &)> change)
{
    return router([=](facts::RouterSample &sample) {
        for (facts::RouterDatabase &database : sample.databases) {
            if (database.name == "u1")
                change(database);
        }
    });
}

/// The plan for u1 to us-west after `edit`; for a failover its primary died first.
Plan planAfter(Act act, const Edit &edit)
{
    World world(fixtures::defaultFleet(), fixtures::at(12, 0, 0));
    world.observedSince(std::chrono::hours(2));
    world.run(12);
    if (act == Act::Failover) {
        world.killPrimary("u1");
        world.run(8);
    }
    if (edit)
        edit(world);
    const auto snapshot = world.run(4);
    const base::ClusterName u1("u1");
    const base::ServerId to(candidate);
    return *planFor(*snapshot, act == Act::Switchover ? Intent(SwitchCluster{u1, to}) : Intent(FailCluster{u1, to}));
}

const Check *checkIn(const Plan &plan, CheckId id)
{
    const auto found = std::find_if(plan.checks.begin(), plan.checks.end(), [&](const Check &check) { return check.id == id; });
    return found == plan.checks.end() ? nullptr : &*found;
}

} // namespace

class TestChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aWellFleetPassesAll();
    void aDeadPrimaryPassesWhatAFailoverNeeds();
    void eachCheck_data();
    void eachCheck();
    void whatGoesBeforeTheBrakeIsNamed();
    void whoReachesNoHostKnowsNoDisk();
    void whatAGuardReadOfTheDeadIsExact_data();
    void whatAGuardReadOfTheDeadIsExact();
    void whatBlocks();
    void namesAreStableAndDiffer();
    void syncNames_data();
    void syncNames();
};

void TestChecks::aWellFleetPassesAll()
{
    const Plan plan = planAfter(Act::Switchover, {});
    std::set<CheckId> seen;
    for (const Check &check : plan.checks) {
        QVERIFY2(seen.insert(check.id).second, name(check.id).data()); // each once
        QVERIFY2(check.verdict == Verdict::Passed, (std::string(name(check.id)) + " " + check.detail).c_str());
        QCOMPARE(int(check.remedy), int(Remedy::None));
    }
    QCOMPARE(seen.size(), std::size_t(CheckId::Guards) + 1 - 19); // all but those of a failover alone, of a manager, of Redis groups, of warming, and of marks, as nobody asks the directory here
    QVERIFY(!plan.isBlocked());
}

void TestChecks::aDeadPrimaryPassesWhatAFailoverNeeds()
{
    const Plan plan = planAfter(Act::Failover, {});
    QStringList notPassed;
    for (const Check &check : plan.checks) {
        if (check.verdict != Verdict::Passed)
            notPassed << QString::fromUtf8(name(check.id).data());
    }
    QCOMPARE(notPassed.join(", "), QStringLiteral("old_primary_stopped, data_loss"));
    QVERIFY(plan.isBlocked());
    QVERIFY(checkIn(plan, CheckId::OldPrimaryStopped)->forceable);
}

void TestChecks::eachCheck_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<Edit>("edit");
    QTest::addColumn<CheckId>("id");
    QTest::addColumn<Verdict>("verdict");
    const auto row = [](const char *sentence, CheckId id, Verdict verdict, Edit edit, Act act = Act::Switchover) {
        QTest::newRow(sentence) << act << edit << id << verdict;
    };
    const auto none = Edit();
    // roles
    row("this console is cut off", CheckId::ConsoleSees, Verdict::Failed, [](World &w) {
        for (const char *region : {"us-east", "us-west", "eu-west"})
            w.silenceRegion(region);
        w.run(8);
    });
    row("the primary is silent", CheckId::PrimaryAnswers, Verdict::Failed, [](World &w) { w.silence(primary); });
    row("a failover of a primary that answers", CheckId::PrimaryGone, Verdict::Failed, [](World &w) { w.answerAgain(primary); w.promote("u1", primary); }, Act::Failover);
    row("only this console lost the primary, guards still write through it", CheckId::PrimaryGone, Verdict::Failed, [](World &w) {
        w.answerAgain(primary);
        w.promote("u1", primary);
        w.run(3);
        w.silence(primary);
    }, Act::Failover);
    row("nothing proves the old primary stopped, not even a refused connection", CheckId::OldPrimaryStopped, Verdict::Failed, none, Act::Failover);
    row("two members accept writes", CheckId::OnePrimary, Verdict::Failed, postgres(other, [](facts::PostgresSample &s) { s.inRecovery = false; }));
    row("another member was promoted already", CheckId::OnePrimary, Verdict::Failed, postgres(other, [](facts::PostgresSample &s) {
        s.inRecovery = false;
        s.timeline = 3;
    }));
    row("Patroni manages it", CheckId::ForeignManager, Verdict::Failed, move(other, [](facts::MoveReading &m) { m.managers = {"patroni"}; }));
    row("the candidate is of another cluster", CheckId::SameSystem, Verdict::Failed, postgres(candidate, [](facts::PostgresSample &s) { s.systemIdentifier = 9; }));
    row("the candidate may not tell its identity", CheckId::SameSystem, Verdict::Unknown, postgres(candidate, [](facts::PostgresSample &s) { s.systemIdentifier = 0; }));
    row("the candidate stayed on an older timeline", CheckId::SameTimeline, Verdict::Failed, postgres(candidate, [](facts::PostgresSample &s) { s.timeline = 3; }));
    row("the candidate's timeline is not known", CheckId::SameTimeline, Verdict::Unknown,
        postgres(candidate, [](facts::PostgresSample &s) { s.timeline = facts::unknown(facts::WhyUnknown::NoValue); }));
    row("the candidate runs another major version", CheckId::SameVersion, Verdict::Failed, postgres(candidate, [](facts::PostgresSample &s) { s.versionNumber = 160004; }));
    row("another minor version is no other version", CheckId::SameVersion, Verdict::Passed, postgres(candidate, [](facts::PostgresSample &s) { s.versionNumber = 150018; }));
    row("it was moved a minute ago", CheckId::RecentMove, Verdict::Failed, [](World &w) {
        w.promote("u1", other);
        w.run(3);
        w.promote("u1", primary);
    });
    row("its term was raised a minute before anybody looked", CheckId::RecentMove, Verdict::Failed, move(other, [](facts::MoveReading &m) { m.termRaisedAt = fixtures::at(11, 59, 0); }));
    row("its term was raised an hour ago", CheckId::RecentMove, Verdict::Passed, move(other, [](facts::MoveReading &m) { m.termRaisedAt = fixtures::at(11, 0, 0); }));
    // the candidate
    row("the candidate is silent", CheckId::CandidateAnswers, Verdict::Failed, [](World &w) { w.silence(candidate); });
    row("a silent candidate's role is not known", CheckId::CandidateIsStandby, Verdict::Unknown, [](World &w) { w.silence(candidate); });
    row("the candidate is a primary itself", CheckId::CandidateIsStandby, Verdict::Failed, postgres(candidate, [](facts::PostgresSample &s) {
        s.inRecovery = false;
        s.timeline = 3;
    }));
    row("the candidate has no receiver", CheckId::CandidateAttached, Verdict::Failed, postgres(candidate, [](facts::PostgresSample &s) { s.receiver = std::optional<facts::ReceiverRow>(); }));
    row("the candidate receives from another standby", CheckId::CandidateAttached, Verdict::Failed, [](World &w) {
        postgres(primary, [](facts::PostgresSample &s) { std::erase_if(s.senders, [](const auto &r) { return r.applicationName == candidate; }); })(w);
        postgres(other, [](facts::PostgresSample &s) {
            facts::SenderRow sender;
            sender.applicationName = candidate;
            sender.state = "streaming";
            s.senders = {sender};
        })(w);
    });
    row("the candidate applies an hour later", CheckId::NotDelayed, Verdict::Failed, setting(candidate, "recovery_min_apply_delay", "1h"));
    row("its delay is not known", CheckId::NotDelayed, Verdict::Unknown, without(candidate, "recovery_min_apply_delay"));
    row("the candidate's replay is paused", CheckId::ReplayRuns, Verdict::Failed, [](World &w) { w.pauseReplay(candidate); });
    row("a paused replay is resumed by a failover", CheckId::ReplayRuns, Verdict::Warning, [](World &w) { w.pauseReplay(candidate); }, Act::Failover);
    row("much was not received yet", CheckId::ReceiveLag, Verdict::Failed, [](World &w) { w.fallBehind(candidate, {base::microseconds(900000), base::Bytes{40 << 20}, 0, {}}); });
    row("a little was not received yet", CheckId::ReceiveLag, Verdict::Passed, [](World &w) { w.fallBehind(candidate, {base::microseconds(90000), base::Bytes{1 << 20}, 0, {}}); });
    row("it is late by time", CheckId::ReplayLag, Verdict::Failed, [](World &w) { w.fallBehind(candidate, {base::microseconds(1100000), base::Bytes{1 << 10}, 0, {}}); });
    row("it is late by bytes", CheckId::ReplayLag, Verdict::Failed, [](World &w) { w.fallBehind(candidate, {base::microseconds(10000), base::Bytes{17 << 20}, 0, {}}); });
    row("just under the limit is well", CheckId::ReplayLag, Verdict::Passed, [](World &w) { w.fallBehind(candidate, {base::microseconds(990000), base::Bytes{15 << 20}, 0, {}}); });
    row("another standby has more", CheckId::SiblingsAhead, Verdict::Warning,
        postgres(candidate, [](facts::PostgresSample &s) { s.received = s.replayed = base::Lsn{s.received->value - 4096}; }), Act::Failover);
    row("a failover loses something", CheckId::DataLoss, Verdict::Warning, none, Act::Failover);
    row("a failover loses much", CheckId::DataLoss, Verdict::Failed,
        postgres(candidate, [](facts::PostgresSample &s) { s.received = s.replayed = base::Lsn{s.received->value - (64U << 20)}; }), Act::Failover);
    row("what it loses is not known", CheckId::DataLoss, Verdict::Unknown,
        postgres(candidate, [](facts::PostgresSample &s) { s.received = facts::unknown(facts::WhyUnknown::NoValue); }), Act::Failover);
    row("the candidate would refuse writes", CheckId::CandidateBrake, Verdict::Failed, postgres(candidate, [](facts::PostgresSample &s) { s.readOnlyByDefault = true; }));
    row("the candidate's disk is full", CheckId::Disk, Verdict::Failed, [](World &w) {
        w.edit(candidate, [](Observation &o) { o.reach.lastError = base::Error{base::ErrorCode::Rejected, "could not extend file: No space left on device", "53100", candidate, {}}; });
    });
    const auto disk = [](facts::Known<facts::DiskSpace> space) {
        return Edit([=](World &w) { w.editGuards([=](facts::GuardReport &report) {
            if (report.disks.contains(base::ServerId(candidate)))
                report.disks[base::ServerId(candidate)] = space;
        }); });
    };
    const auto room = [=](std::int64_t free, std::int64_t total, base::seconds age = base::seconds(9)) {
        return Edit([=](World &w) { disk(facts::DiskSpace{base::Bytes{free << 30}, base::Bytes{total << 30}, w.run(1)->takenAt - age})(w); });
    };
    row("the candidate's disk has room, of its 4 GiB of log twice and of 100 GiB a twentieth", CheckId::Disk, Verdict::Passed, room(8, 100));
    row("the candidate's disk is nearly full", CheckId::Disk, Verdict::Warning, room(40, 1000));
    row("the candidate's disk holds its log not twice", CheckId::Disk, Verdict::Failed, room(7, 100));
    row("likewise with its primary dead, whose receiver tells nothing", CheckId::Disk, Verdict::Failed, room(7, 100), Act::Failover);
    row("how large its log grows is not known: the twentieth decides", CheckId::Disk, Verdict::Warning, [=](World &w) {
        room(4, 100)(w);
        without(candidate, "max_wal_size")(w);
    });
    row("room that was read ten minutes ago", CheckId::Disk, Verdict::Unknown, room(80, 100, base::seconds(600)));
    row("its guard could not read it", CheckId::Disk, Verdict::Unknown, disk(facts::unknown(facts::WhyUnknown::Unreadable, "/data: Permission denied")));
    row("an older guard does not tell it", CheckId::Disk, Verdict::Unknown, [](World &w) { w.editGuards([](facts::GuardReport &report) { report.disks.clear(); }); });
    // what writes now
    row("commits wait for a synchronous standby", CheckId::CommitsWaiting, Verdict::Failed, postgres(primary, [](facts::PostgresSample &s) { s.connections->waitingForSync = 3; }));
    row("it may not be seen who waits", CheckId::CommitsWaiting, Verdict::Unknown,
        postgres(primary, [](facts::PostgresSample &s) { s.connections = facts::unknown(facts::WhyUnknown::NoRights, "pg_monitor"); }));
    row("a transaction is open for 2 minutes", CheckId::LongTransaction, Verdict::Failed, postgres(primary, [](facts::PostgresSample &s) { s.longestTransaction = base::seconds(120); }));
    row("a transaction is open for 5 seconds", CheckId::LongTransaction, Verdict::Warning, postgres(primary, [](facts::PostgresSample &s) { s.longestTransaction = base::seconds(5); }));
    row("a transaction is open for 20 ms", CheckId::LongTransaction, Verdict::Passed, postgres(primary, [](facts::PostgresSample &s) { s.longestTransaction = base::milliseconds(20); }));
    row("a transaction is prepared", CheckId::PreparedTransactions, Verdict::Failed, move(primary, [](facts::MoveReading &m) { m.preparedTransactions = 1; }));
    row("prepared transactions were not read", CheckId::PreparedTransactions, Verdict::Unknown, postgres(primary, [](facts::PostgresSample &s) { s.move = facts::notAsked<facts::MoveReading>(); }));
    row("a base backup runs", CheckId::BaseBackup, Verdict::Failed, move(primary, [](facts::MoveReading &m) { m.baseBackups = 1; }));
    row("20 segments wait to be archived", CheckId::ArchiveBacklog, Verdict::Warning, move(primary, [](facts::MoveReading &m) { m.archiveWaiting = 20; }));
    row("128 segments wait to be archived", CheckId::ArchiveBacklog, Verdict::Failed, move(primary, [](facts::MoveReading &m) { m.archiveWaiting = 128; }));
    row("archiving fails", CheckId::ArchiveBacklog, Verdict::Warning, move(primary, [](facts::MoveReading &m) { m.archiveFailing = true; }));
    row("nothing is archived at all", CheckId::ArchiveBacklog, Verdict::Passed, setting(primary, "archive_mode", "off"));
    row("a brake was left on", CheckId::Brake, Verdict::Warning, postgres(primary, [](facts::PostgresSample &s) { s.readOnlyByDefault = true; }));
    const auto readOnly = [](std::vector<facts::RoleSetting> settings) { return move(primary, [=](facts::MoveReading &m) { m.readOnlySettings = settings; }); };
    row("a role that may log in switches the brake off for itself", CheckId::BrakeHolds, Verdict::Failed, readOnly({{"app", "", "default_transaction_read_only", "off"}}));
    row("a database does, in other words", CheckId::BrakeHolds, Verdict::Failed, readOnly({{"", "insta", "default_transaction_read_only", "FALSE"}}));
    row("all roles do", CheckId::BrakeHolds, Verdict::Failed, readOnly({{"", "", "default_transaction_read_only", "0"}}));
    row("a role that reads only brakes itself", CheckId::BrakeHolds, Verdict::Passed, readOnly({{"report", "", "default_transaction_read_only", "on"}}));
    row("a setting that each transaction forgets", CheckId::BrakeHolds, Verdict::Warning, readOnly({{"app", "", "transaction_read_only", "off"}}));
    row("it may not be read whose setting goes before the brake", CheckId::BrakeHolds, Verdict::Unknown,
        move(primary, [](facts::MoveReading &m) { m.readOnlySettings = facts::unknown(facts::WhyUnknown::NoRights, "pg_db_role_setting"); }));
    row("a standby's reading decides nothing", CheckId::BrakeHolds, Verdict::Passed,
        move(other, [](facts::MoveReading &m) { m.readOnlySettings = std::vector<facts::RoleSetting>{{"app", "", "default_transaction_read_only", "off"}}; }));
    row("slow links would make the pause long", CheckId::ExpectedPause, Verdict::Failed, [](World &w) {
        w.edit(candidate, [](Observation &o) { o.reach.usualLatency = o.reach.latency = base::milliseconds(400); });
    });
    // after the move
    row("nobody would confirm the commits", CheckId::SyncAfter, Verdict::Failed, setting(candidate, "synchronous_standby_names", "u1-us-east"));
    row("the third one would confirm the commits", CheckId::SyncAfter, Verdict::Passed, setting(candidate, "synchronous_standby_names", "ANY 1 (\"u1-us-east\", \"u1-eu-west\")"));
    row("two would have to confirm, one is there", CheckId::SyncAfter, Verdict::Failed, setting(candidate, "synchronous_standby_names", "2 (*)"));
    row("the candidate would wait for nobody", CheckId::SyncShrinks, Verdict::Warning, setting(primary, "synchronous_standby_names", "ANY 1 (*)"));
    row("too few wal senders", CheckId::WalSenders, Verdict::Failed, setting(candidate, "max_wal_senders", "1"));
    row("just enough wal senders", CheckId::WalSenders, Verdict::Passed, setting(candidate, "max_wal_senders", "2"));
    row("too few slots", CheckId::Slots, Verdict::Failed, setting(candidate, "max_replication_slots", "1"));
    row("a follower's slot that is there already is used", CheckId::Slots, Verdict::Passed, postgres(candidate, [](facts::PostgresSample &s) {
        (*s.settings)["max_replication_slots"] = "2";
        facts::SlotRow slot;
        slot.name = "u1_eu_west";
        s.slots->push_back(slot);
    }));
    row("slots may not be read", CheckId::Slots, Verdict::Unknown, postgres(candidate, [](facts::PostgresSample &s) { s.slots = facts::unknown(facts::WhyUnknown::NoRights, "pg_monitor"); }));
    row("a logical slot would be lost", CheckId::LogicalSlots, Verdict::Failed, postgres(primary, [](facts::PostgresSample &s) {
        facts::SlotRow slot;
        slot.name = "warehouse";
        slot.physical = false;
        s.slots->push_back(slot);
    }));
    row("it subscribes to something", CheckId::Subscriptions, Verdict::Warning, move(primary, [](facts::MoveReading &m) { m.subscriptions = 1; }));
    row("the old primary could not follow", CheckId::FollowSettings, Verdict::Failed, setting(candidate, "max_connections", "300"));
    row("it could with more than the candidate", CheckId::FollowSettings, Verdict::Passed, setting(primary, "max_connections", "300"));
    row("settings were not read", CheckId::FollowSettings, Verdict::Unknown, without(candidate, "max_worker_processes"));
    row("the candidate has less memory", CheckId::Settings, Verdict::Warning, setting(candidate, "shared_buffers", "512MB"));
    row("no limit for slots shrinks to one", CheckId::Settings, Verdict::Warning, setting(primary, "max_slot_wal_keep_size", "-1"));
    row("the candidate has more memory", CheckId::Settings, Verdict::Passed, setting(candidate, "shared_buffers", "8GB"));
    row("a library is missing", CheckId::Libraries, Verdict::Failed, setting(primary, "shared_preload_libraries", "pg_stat_statements, timescaledb"));
    row("libraries in another order are the same", CheckId::Libraries, Verdict::Passed, [](World &w) {
        setting(primary, "shared_preload_libraries", "a, b")(w);
        setting(candidate, "shared_preload_libraries", "b,a")(w);
    });
    row("it could not be rewound", CheckId::Rewind, Verdict::Warning, setting(primary, "data_checksums", "off"));
    row("hints in the log do for checksums", CheckId::Rewind, Verdict::Passed, postgres(primary, [](facts::PostgresSample &s) {
        (*s.settings)["data_checksums"] = "off";
        (*s.settings)["wal_log_hints"] = "on";
    }));
    row("the candidate does not let the routers in", CheckId::Hba, Verdict::Failed, move(candidate, [](facts::MoveReading &m) { m.hbaRules->erase(m.hbaRules->begin()); }));
    row("the candidate has a rule more", CheckId::Hba, Verdict::Warning, move(candidate, [](facts::MoveReading &m) { m.hbaRules->insert(m.hbaRules->begin(), "host all all all reject"); }));
    row("the rules may not be read", CheckId::Hba, Verdict::Unknown, move(candidate, [](facts::MoveReading &m) { m.hbaRules = facts::unknown(facts::WhyUnknown::NoRights, "pg_hba_file_rules"); }));
    row("another standby is silent", CheckId::Standbys, Verdict::Warning, [](World &w) { w.silence(other); });
    row("another standby does not stream", CheckId::Standbys, Verdict::Warning, postgres(other, [](facts::PostgresSample &s) { s.receiver = std::optional<facts::ReceiverRow>(); }));
    row("the cluster has no term", CheckId::Term, Verdict::Warning, postgres(primary, [](facts::PostgresSample &s) { s.term = facts::unknown(facts::WhyUnknown::NotConfigured, "term"); }));
    row("its term may not be read", CheckId::Term, Verdict::Unknown, postgres(primary, [](facts::PostgresSample &s) { s.term = facts::unknown(facts::WhyUnknown::NoRights, "term"); }));
    row("the candidate's clock is behind", CheckId::Clock, Verdict::Failed, postgres(candidate, [](facts::PostgresSample &s) { s.clockOffset = -base::seconds(2); }));
    row("a clock that is ahead mints no number twice", CheckId::Clock, Verdict::Passed, postgres(candidate, [](facts::PostgresSample &s) { s.clockOffset = base::seconds(2); }));
    // routers
    row("a router is silent", CheckId::RoutersAnswer, Verdict::Failed, [](World &w) { w.silence("router-us-west"); });
    row("a router leads elsewhere", CheckId::RoutersRight, Verdict::Failed, [](World &w) {
        const fixtures::FleetPtr declared = fixtures::defaultFleet();
        const fleet::Endpoint endpoint = declared->server(base::ServerId(other))->address.from(base::RegionName("us-west"));
        routerDatabase([=](facts::RouterDatabase &d) {
            d.host = endpoint.host;
            d.port = endpoint.port;
        })(w);
    });
    // parts of the database
    const auto lacks = [](std::vector<std::string> parts) { return move(primary, [=](facts::MoveReading &m) { m.lacks = parts; }); };
    row("a table for guards is missing", CheckId::Parts, Verdict::Warning, lacks({"table shardlens.heartbeat"}));
    row("the outbox is older", CheckId::Parts, Verdict::Warning, lacks({"column shardlens.invalidation_cursor.missed_since"}));
    row("the marker table is missing beside the term", CheckId::Parts, Verdict::Failed, lacks({"table shardlens.marker"}));
    row("who moves may not raise the term", CheckId::Parts, Verdict::Failed, lacks({"update on shardlens.term for oncall1"}));
    row("who moves may not promote", CheckId::Parts, Verdict::Failed, lacks({"execute on pg_promote(boolean, integer) for oncall1"}));
    row("the observer may not read the term", CheckId::Parts, Verdict::Warning, lacks({"select on shardlens.term for shardlens_observer"}));
    row("only what warms is missing", CheckId::Parts, Verdict::Passed, lacks({"extension pg_prewarm"}));
    row("what is missing was not read", CheckId::Parts, Verdict::Unknown, [](World &w) {
        for (const char *server : {primary, candidate, other})
            move(server, [](facts::MoveReading &m) { m.lacks = facts::notAsked<std::vector<std::string>>(); })(w);
    });
    // marks
    const auto marked = [](facts::Mark::Kind kind, const char *subject) {
        return Edit([=](World &w) {
            facts::Shared shared;
            shared.readAt = base::Instant(std::chrono::hours(100));
            facts::Mark mark;
            mark.kind = kind;
            mark.subject = subject;
            mark.by.databaseUser = "oncall1";
            mark.reason = "new kernel";
            mark.until = fixtures::at(13, 0, 0);
            shared.marks = {mark};
            w.share(std::make_shared<const facts::Shared>(shared));
        });
    };
    row("somebody works on the candidate", CheckId::NotMarked, Verdict::Failed, marked(facts::Mark::Kind::Server, candidate));
    row("somebody works on the candidate's host", CheckId::NotMarked, Verdict::Failed,
        marked(facts::Mark::Kind::Host, fixtures::defaultFleet()->server(base::ServerId(candidate))->host.text().c_str()));
    row("somebody works on another standby", CheckId::NotMarked, Verdict::Passed, marked(facts::Mark::Kind::Server, other));
    row("the directory did not say yet who works on what", CheckId::NotMarked, Verdict::Unknown, [](World &w) { w.share(std::make_shared<const facts::Shared>()); });
    row("a router is paused already", CheckId::RoutersRun, Verdict::Failed, routerDatabase([](facts::RouterDatabase &d) { d.paused = true; }));
    row("a failover resumes a paused router", CheckId::RoutersRun, Verdict::Warning, routerDatabase([](facts::RouterDatabase &d) { d.paused = true; }), Act::Failover);
    row("a router pools by session", CheckId::RouterMode, Verdict::Failed, routerDatabase([](facts::RouterDatabase &d) { d.poolMode = "session"; }));
    row("a router retries after 15 s", CheckId::LoginRetry, Verdict::Failed, router([](facts::RouterSample &s) { s.serverLoginRetry = base::seconds(15); }));
    row("a router retries after a second", CheckId::LoginRetry, Verdict::Passed, router([](facts::RouterSample &s) { s.serverLoginRetry = base::seconds(1); }));
}

void TestChecks::eachCheck()
{
    QFETCH(Act, act);
    QFETCH(Edit, edit);
    QFETCH(CheckId, id);
    QFETCH(Verdict, verdict);
    const Plan plan = planAfter(act, edit);
    const Check *check = checkIn(plan, id);
    QVERIFY(check);
    QCOMPARE(QString::fromUtf8(name(check->verdict).data()), QString::fromUtf8(name(verdict).data()));
    if (verdict == Verdict::Failed || verdict == Verdict::Warning) {
        // A verdict comes with its evidence, or is about a silence that has none; and with what mends it.
        QVERIFY(!check->readings.empty() || id == CheckId::PrimaryAnswers || id == CheckId::CandidateAnswers);
        QVERIFY(check->remedy != Remedy::None || id == CheckId::DataLoss);
    }
    if (verdict == Verdict::Unknown)
        QVERIFY(check->readings.empty());
    if (id == CheckId::PrimaryGone)
        QCOMPARE(check->forceable, check->remedy == Remedy::UseSwitchover); // what others still see alive is forced by nobody
    if (verdict == Verdict::Failed)
        QVERIFY(plan.isBlocked());
}

void TestChecks::whatGoesBeforeTheBrakeIsNamed()
{
    const Plan plan = planAfter(Act::Switchover, move(primary, [](facts::MoveReading &m) {
        m.readOnlySettings = std::vector<facts::RoleSetting>{{"app", "", "transaction_read_only", "no"},
                                                             {"o\"neil", "insta", "default_transaction_read_only", "of"},
                                                             {"", "insta", "default_transaction_read_only", "off"},
                                                             {"", "", "default_transaction_read_only", "true"}};
    }));
    const Check *check = checkIn(plan, CheckId::BrakeHolds);
    QVERIFY(check);
    QCOMPARE(QString::fromStdString(check->detail),
             QStringLiteral("ALTER ROLE \"o\"\"neil\" IN DATABASE insta RESET default_transaction_read_only; ALTER DATABASE insta RESET default_transaction_read_only; "
                            "ALTER ROLE app RESET transaction_read_only"));
    QCOMPARE(check->readings.size(), std::size_t(4));
    QCOMPARE(std::get<std::int64_t>(check->readings.front().value), std::int64_t(2));
    QCOMPARE(std::get<std::string>(check->readings[1].value), std::string("of for role o\"neil in database insta"));
    QVERIFY(check->readings.front().readAt.has_value());
    QVERIFY(check->forceable);
    QVERIFY(plan.isBlocked());
}

void TestChecks::whoReachesNoHostKnowsNoDisk()
{
    for (const bool hasGuard : {true, false}) {
        auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
        if (!hasGuard)
            fleet->guards.clear();
        for (fleet::Host &host : fleet->hosts)
            host.reach.way = hasGuard ? fleet::HostReach::Way::None : fleet::HostReach::Way::Local;
        World world(fleet, fixtures::at(12, 0, 0));
        world.observedSince(std::chrono::hours(2));
        const auto plan = planFor(*world.run(12), SwitchCluster{base::ClusterName("u1"), base::ServerId(candidate)});
        const Check *check = checkIn(*plan, CheckId::Disk);
        QVERIFY(check);
        QCOMPARE(int(check->verdict), int(Verdict::Unknown));
        QVERIFY((check->why == facts::Unknown{facts::WhyUnknown::NotConfigured, hasGuard ? "host_access" : "guard"}));
        QVERIFY(!isBlocking(*check));
    }
}

void TestChecks::whatAGuardReadOfTheDeadIsExact_data()
{
    QTest::addColumn<int>("further"); // than what was seen of it last
    QTest::addColumn<int>("timeline");
    QTest::addColumn<int>("age");
    QTest::addColumn<bool>("isExact");
    QTest::newRow("it wrote on after it was heard last") << 8'000'000 << 4 << 2 << true;
    QTest::newRow("it wrote nothing more") << 0 << 4 << 2 << true;
    QTest::newRow("its files end before: it is not this run's log, or some of it was lost") << -8 << 4 << 2 << false;
    QTest::newRow("of another timeline") << 8'000'000 << 3 << 2 << false;
    QTest::newRow("read before it was heard last") << 8'000'000 << 4 << 600 << false;
}

void TestChecks::whatAGuardReadOfTheDeadIsExact()
{
    QFETCH(int, further);
    QFETCH(int, timeline);
    QFETCH(int, age);
    QFETCH(bool, isExact);
    const auto expected = std::make_shared<base::Bytes>();
    const Edit read = [=](World &w) {
        const auto snapshot = w.run(1);
        const base::Lsn seen = *snapshot->observation(base::ServerId(primary))->postgres()->current;
        const facts::LogEnd end{{seen.value + static_cast<std::uint64_t>(std::int64_t(further))}, timeline, snapshot->takenAt - base::seconds(age)};
        *expected = base::bytesBehind(end.end, *snapshot->observation(base::ServerId(candidate))->postgres()->received);
        w.editGuards([=](facts::GuardReport &report) {
            if (report.region.text() == "us-east")
                report.logEnds[base::ServerId(primary)] = end;
        });
    };
    const Plan guessed = planAfter(Act::Failover, {}), plan = planAfter(Act::Failover, read);
    QVERIFY(guessed.loss.readBy.empty());
    QVERIFY(*guessed.loss.atLeast < *guessed.loss.atMost);
    QCOMPARE(plan.loss.readBy, std::string(isExact ? "guard of us-east" : ""));
    if (isExact) {
        QCOMPARE(plan.loss.atLeast->count, expected->count);
        QVERIFY(plan.loss.atLeast->count > 0 || further == 0);
        QVERIFY(*plan.loss.atMost == *plan.loss.atLeast);
    } else {
        QVERIFY(*plan.loss.atLeast < *plan.loss.atMost);
    }
    const Check *check = checkIn(plan, CheckId::DataLoss);
    QCOMPARE(std::any_of(check->readings.begin(), check->readings.end(), [](const facts::Evidence &one) { return one.reading == "end_of_the_log_read_by"; }), isExact);
}

void TestChecks::whatBlocks()
{
    Check check;
    check.id = CheckId::Hba;
    check.verdict = Verdict::Unknown;
    QVERIFY(!isBlocking(check));
    check.id = CheckId::SameTimeline; // never promoted on a guess
    QVERIFY(isBlocking(check));
    check.verdict = Verdict::Warning;
    QVERIFY(!isBlocking(check));
    check.verdict = Verdict::Failed;
    QVERIFY(isBlocking(check));
}

void TestChecks::namesAreStableAndDiffer()
{
    std::set<std::string_view> names;
    for (int id = 0; id <= int(lastCheck); ++id)
        QVERIFY(names.insert(name(CheckId(id))).second);
    QVERIFY(!names.contains(""));
    QCOMPARE(name(CheckId::OldPrimaryStopped), std::string_view("old_primary_stopped"));
    QCOMPARE(name(Remedy::WaitForCatchUp), std::string_view("wait_for_catch_up"));
}

void TestChecks::syncNames_data()
{
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("streaming");
    QTest::addColumn<bool>("satisfied");
    QTest::newRow("one of a list") << "a, b" << "b" << true;
    QTest::newRow("none of a list") << "a, b" << "c" << false;
    QTest::newRow("case does not matter") << "Node_A" << "node_a" << true;
    QTest::newRow("quoted, with a sign in it") << "FIRST 1 (\"u1-us-west\")" << "u1-us-west" << true;
    QTest::newRow("two of three") << "ANY 2 (a, b, c)" << "a,c" << true;
    QTest::newRow("one of two needed") << "any 2 (a, b, c)" << "a" << false;
    QTest::newRow("everybody") << "2 (*)" << "x,y" << true;
}

void TestChecks::syncNames()
{
    QFETCH(QString, setting);
    QFETCH(QString, streaming);
    QFETCH(bool, satisfied);
    const auto names = SyncNames::parse(setting.toStdString());
    QVERIFY(names);
    std::vector<std::string> there;
    for (const QString &one : streaming.split(QLatin1Char(',')))
        there.push_back(one.toStdString());
    QCOMPARE(names->isSatisfiedBy(there), satisfied);
    QVERIFY(!SyncNames::parse(""));
    QVERIFY(!SyncNames::parse("0 (a)"));
}

QTEST_GUILESS_MAIN(TestChecks)
#include "test_checks.moc"
