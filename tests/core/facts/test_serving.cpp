// SPDX-License-Identifier: GPL-3.0-or-later
// Can people use it? One way at a time, as guards, probes and servers tell it.
#include "core/facts/Assemble.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

using namespace shardlens;
using namespace shardlens::facts;
using namespace std::chrono_literals;
using Way = ProbeKey::Way;

namespace {

const base::RegionName euWest("eu-west");
const base::ClusterName u1("u1");

/// One tick over the default fleet, of which nothing is known but what a test says.
struct Moment {
    TickInput input;
    Memory memory;

    Moment()
    {
        input.fleet = fixtures::defaultFleet();
        input.takenAt = Instant(100h);
        input.takenUtc = fixtures::at(12, 0, 0);
        input.observingSince = input.takenAt - 1h;
        input.observingSinceUtc = input.takenUtc - 1h;
        for (const auto &server : input.fleet->servers) {
            auto seen = std::make_shared<Observation>();
            seen->server = server.id;
            seen->reach.state = ReachState::Answering;
            seen->reach.lastAnswer = input.takenAt;
            input.servers[server.id] = seen;
        }
        for (const auto &guard : input.fleet->guards) {
            input.guards.emplace_back();
            input.guards.back().region = guard.region;
        }
    }

    GuardBeat &beat()
    {
        for (GuardReport &guard : input.guards) {
            if (guard.region == euWest) {
                guard.reach.state = ReachState::Answering;
                return guard.beats[u1];
            }
        }
        qFatal("no guard in eu-west");
    }

    void commit(microseconds ago)
    {
        auto &one = beat();
        one.state = GuardBeat::State::Beating;
        one.sequence = 7;
        one.took = 800us;
        one.usual = 700us;
        one.committedAt = input.takenAt - ago;
        one.committedUtc = input.takenUtc - ago;
    }

    ProbeReading &probe(Way way, ReachState state, const std::string &subject = "u1")
    {
        ProbeReading &reading = input.probes[{way, euWest, subject}];
        reading.from = base::RegionName("us-east");
        reading.reach.state = state;
        if (state == ReachState::Answering) {
            reading.reach.latency = 88ms;
            reading.reach.lastAnswer = input.takenAt - 300ms;
            reading.reach.lastAnswerUtc = input.takenUtc - 300ms;
        } else {
            reading.reach.silentSince = input.takenAt - 4s;
            reading.reach.silentSinceUtc = input.takenUtc - 4s;
        }
        return reading;
    }

    void silence(const base::RegionName &region)
    {
        for (auto &[id, seen] : input.servers) {
            if (input.fleet->server(id)->region != region)
                continue;
            auto down = std::make_shared<Observation>(*seen);
            down->reach.state = ReachState::Down;
            down->reach.lastError = base::Error{base::ErrorCode::TimedOut, "no answer", {}, {}, base::Effect::None};
            seen = down;
        }
    }

    /// The router says that its database of u1 is paused.
    void pause()
    {
        const auto id = input.fleet->routerOf(euWest)->server;
        auto seen = std::make_shared<Observation>(*input.servers[id]);
        RouterSample sample;
        sample.databases.emplace_back();
        sample.databases.back().name = "u1";
        sample.databases.back().paused = true;
        seen->sample = sample;
        seen->sampledAt = input.takenAt - 200ms;
        seen->sampledUtc = input.takenUtc - 200ms;
        input.servers[id] = seen;
    }

    ServingCell cell(ServingOf of = ServingOf::Writes)
    {
        last = assemble(input, memory);
        for (const ServingRow &row : last->serving.rows) {
            if (row.of == of && (row.cluster == u1 || row.group.text() == "feeds" || of == ServingOf::Cache))
                return *row.cell(euWest);
        }
        return {};
    }

    void later(microseconds by)
    {
        input.takenAt += by;
        input.takenUtc += by;
        ++input.tick;
    }

    SnapshotPtr last;
};

QString told(const ServingCell &cell)
{
    QString text = QString::fromUtf8(name(cell.verdict).data());
    if (cell.proof != ServingProof::None)
        text += QLatin1String(", ") + QString::fromUtf8(name(cell.proof).data());
    if (cell.verdict == ServingVerdict::NotKnown)
        text += QLatin1String(": ") + QString::fromUtf8(name(cell.why.why).data());
    if (cell.failingSince)
        text += QStringLiteral(", since");
    return text;
}

base::Error error(base::ErrorCode code, const char *message, const char *state = "")
{
    return {code, message, state, {}, base::Effect::None};
}

using Set = void (*)(Moment &);
using Refuse = void (*)(RedisSample &);

} // namespace
Q_DECLARE_METATYPE(Set)
Q_DECLARE_METATYPE(Refuse)

class TestServing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writes_data()
    {
        QTest::addColumn<Set>("set");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, Set set, const char *expected) { QTest::newRow(name) << set << QString::fromUtf8(expected); };
        row("a beat was committed: it works, proven by a write", [](Moment &m) { m.commit(400ms); }, "works, committed");
        row("the guard's attempt fails with disk full: refused, whatever a read says", [](Moment &m) {
            m.commit(1200ms);
            m.beat().state = GuardBeat::State::Failing;
            m.beat().reachedRouter = true;
            m.beat().error = error(base::ErrorCode::Rejected, "could not extend file", "53100");
            m.probe(Way::Writes, ReachState::Answering).writable = true;
        }, "refused, since");
        row("the attempt gave up after 2 s without an answer: late, not yet refused", [](Moment &m) {
            m.commit(2100ms);
            m.beat().state = GuardBeat::State::Failing;
            m.beat().reachedRouter = true;
            m.beat().error = error(base::ErrorCode::TimedOut, "no answer");
        }, "late, since");
        row("no commit for 5 s, the newest attempt gave up: refused", [](Moment &m) {
            m.commit(5s);
            m.beat().state = GuardBeat::State::Failing;
            m.beat().reachedRouter = true;
            m.beat().error = error(base::ErrorCode::TimedOut, "no answer");
        }, "refused, since");
        row("an attempt waits for the router longer than the deadline: late at once", [](Moment &m) {
            m.commit(1600ms);
            m.beat().waitsAtRouter = true;
            m.beat().waitingSince = m.input.takenAt - 1100ms;
        }, "late, since");
        row("the next attempt waits at a router that says that it is paused: refused, before any deadline", [](Moment &m) {
            m.commit(900ms);
            m.beat().waitsAtRouter = true;
            m.beat().waitingSince = m.input.takenAt - 400ms;
            m.pause();
        }, "refused, since");
        row("it waits for a moment, and the router is not paused", [](Moment &m) {
            m.commit(900ms);
            m.beat().waitsAtRouter = true;
            m.beat().waitingSince = m.input.takenAt - 400ms;
        }, "works, committed");
        row("paused for a moment that no attempt met, as a move does it", [](Moment &m) {
            m.commit(300ms);
            m.pause();
        }, "works, committed");
        row("an attempt waits on the way to its lock: the probe tells", [](Moment &m) {
            m.commit(1600ms);
            m.beat().waitingSince = m.input.takenAt - 1100ms;
            m.probe(Way::Writes, ReachState::Answering).writable = true;
        }, "works, inferred");
        row("the guard has not beaten for 10 s and waits for nothing: it is stuck, the probe tells", [](Moment &m) {
            m.commit(10s);
            m.probe(Way::Writes, ReachState::Answering).writable = true;
        }, "works, inferred");
        row("no guard; a writable primary answers through the router: inferred", [](Moment &m) { m.probe(Way::Writes, ReachState::Answering).writable = true; }, "works, inferred");
        row("no guard; what answers through the router is a standby: refused", [](Moment &m) { m.probe(Way::Writes, ReachState::Answering).writable = false; }, "refused, since");
        row("no guard; the question waits over its deadline: late", [](Moment &m) { m.probe(Way::Writes, ReachState::Late); }, "late, since");
        row("no guard; no answer for the down-after time: refused", [](Moment &m) { m.probe(Way::Writes, ReachState::Down); }, "refused, since");
        row("no guard; the router says that it cannot connect: refused at once", [](Moment &m) {
            m.probe(Way::Writes, ReachState::Late).reach.lastError = error(base::ErrorCode::Rejected, "server login has been failing", "08P01");
        }, "refused, since");
        row("this user may not use the router: not known, and why", [](Moment &m) {
            m.probe(Way::Writes, ReachState::Down).reach.lastError = error(base::ErrorCode::NoRights, "no such user");
        }, "not_known: no_rights");
        row("nothing of the region answers: not known, as only our link may be cut", [](Moment &m) {
            m.probe(Way::Writes, ReachState::Down);
            m.silence(euWest);
        }, "not_known: server_silent");
        row("nothing of the region answers, but its guard does: its word counts", [](Moment &m) {
            m.commit(300ms);
            m.probe(Way::Writes, ReachState::Down);
            m.silence(euWest);
        }, "works, committed");
        row("the probe has not been answered yet: asking", [](Moment &m) { m.probe(Way::Writes, ReachState::Asking).reach.silentSince.reset(); }, "asking");
    }
    void writes()
    {
        QFETCH(Set, set);
        QFETCH(QString, expected);
        Moment moment;
        set(moment);
        QCOMPARE(told(moment.cell()), expected);
    }

    void readsAreAnsweredThroughTheRouter()
    {
        Moment moment;
        moment.probe(Way::Reads, ReachState::Answering);
        const ServingCell cell = moment.cell(ServingOf::Reads);
        QCOMPARE(told(cell), "works, answered");
        QCOMPARE(*cell.took, microseconds(88ms));
        QVERIFY2(cell.fromElsewhere, "measured from us-east: the link is in it");
    }

    void aGuardsOwnProbeGoesBeforeOurs()
    {
        Moment moment;
        moment.commit(300ms);
        moment.probe(Way::Reads, ReachState::Answering);
        for (GuardReport &guard : moment.input.guards) {
            if (guard.region != euWest)
                continue;
            auto reading = moment.input.probes.begin()->second;
            reading.from = euWest;
            reading.reach.latency = 600us;
            guard.ways[{Way::Reads, euWest, "u1"}] = reading;
        }
        const ServingCell cell = moment.cell(ServingOf::Reads);
        QCOMPARE(*cell.took, 600us);
        QVERIFY(!cell.fromElsewhere);
    }

    void aGroupWhoseAddressLeadsToAReplicaRefusesWrites()
    {
        Moment moment;
        moment.probe(Way::Group, ReachState::Answering, "feeds").writable = false;
        QCOMPARE(told(moment.cell(ServingOf::Group)), "refused, since");
        moment.probe(Way::Group, ReachState::Answering, "feeds").writable = true;
        QCOMPARE(told(moment.cell(ServingOf::Group)), "works, inferred"); // that it answers proves no write
    }

    void aGroupWhosePrimaryRefusesWrites_data()
    {
        QTest::addColumn<Refuse>("refuse");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char *name, Refuse refuse, const char *expected) { QTest::newRow(name) << refuse << QString::fromUtf8(expected); };
        row("nothing that it tells refuses them", [](RedisSample &) {}, "works, inferred");
        row("full, and it may not evict", [](RedisSample &s) { s.usedMemory = s.maxMemory; }, "refused, since");
        row("full, and its policy finds nothing to drop", [](RedisSample &s) {
            s.usedMemory = s.maxMemory;
            s.maxMemoryPolicy = "volatile-ttl";
        }, "refused, since");
        row("a save failed, and stops writes", [](RedisSample &s) {
            s.snapshotting = s.lastSaveFailed = true;
            s.stopsOnFailedSave = true;
        }, "refused, since");
        row("a save failed, and no save points are set", [](RedisSample &s) {
            s.lastSaveFailed = true;
            s.stopsOnFailedSave = true;
        }, "works, inferred");
        row("it cannot append to its file", [](RedisSample &s) { s.appendOnly = s.lastAppendFailed = true; }, "refused, since");
        row("too few replicas acknowledge", [](RedisSample &s) {
            s.goodReplicas = 0;
            s.replicasWanted = 1;
        }, "refused, since");
    }
    void aGroupWhosePrimaryRefusesWrites()
    {
        QFETCH(Refuse, refuse);
        QFETCH(QString, expected);
        Moment moment;
        moment.probe(Way::Group, ReachState::Answering, "feeds").writable = true;
        const base::ServerId primary("feeds-us-east");
        auto seen = std::make_shared<Observation>(*moment.input.servers.at(primary));
        RedisSample sample;
        sample.isPrimary = true;
        sample.maxMemory = base::Bytes{1 << 30};
        sample.maxMemoryPolicy = "noeviction";
        refuse(sample);
        seen->sample = sample;
        seen->sampledAt = moment.input.takenAt - 200ms;
        seen->sampledUtc = moment.input.takenUtc - 200ms;
        moment.input.servers[primary] = seen;
        QCOMPARE(told(moment.cell(ServingOf::Group)), expected);
    }

    void aPoolWithOneMemberGoneWorksPartly()
    {
        Moment moment;
        moment.probe(Way::Cache, ReachState::Answering, "cache-eu-west-1");
        moment.probe(Way::Cache, ReachState::Down, "cache-eu-west-2").reach.lastError = error(base::ErrorCode::Refused, "connection refused");
        const ServingCell cell = moment.cell(ServingOf::Cache);
        QCOMPARE(told(cell), "partly, since");
        QCOMPARE(cell.partsWorking, 1U);
        QCOMPARE(cell.parts, 2U);
        moment.probe(Way::Cache, ReachState::Down, "cache-eu-west-1").reach.lastError = error(base::ErrorCode::Refused, "connection refused");
        QCOMPARE(told(moment.cell(ServingOf::Cache)), "refused, since");
    }

    void threeSlowAnswersInARowAreSlow()
    {
        Moment moment;
        for (int i = 1; i <= 4; ++i) {
            moment.later(1s);
            moment.commit(300ms);
            moment.beat().took = 940ms;
            moment.beat().usual = 88ms;
            moment.beat().sequence = i;
            QCOMPARE(moment.cell().verdict, i < 3 ? ServingVerdict::Works : ServingVerdict::Slow);
            QCOMPARE(moment.cell().verdict, i < 3 ? ServingVerdict::Works : ServingVerdict::Slow); // the same reading counts once
        }
        moment.later(1s);
        moment.commit(300ms);
        QCOMPARE(moment.cell().verdict, ServingVerdict::Works);
    }

    void sinceStaysWhileItFails()
    {
        Moment moment;
        moment.commit(2s);
        moment.beat().state = GuardBeat::State::Failing;
        moment.beat().reachedRouter = true;
        moment.beat().error = error(base::ErrorCode::Rejected, "read-only", "25006");
        const auto began = moment.cell().failingSince;
        QCOMPARE(began, moment.input.takenUtc - 2s);
        moment.later(10s);
        moment.beat().committedUtc.reset(); // a guard that was started anew
        QCOMPARE(moment.cell().failingSince, began);
    }

    void everyClusterHasAWayFromEveryRegion()
    {
        const auto snapshot = fixtures::well();
        for (const auto &cluster : snapshot->fleet->clusters) {
            QCOMPARE(snapshot->serving.writes(cluster.name)->cells.size(), std::size_t(3));
            QCOMPARE(snapshot->serving.reads(cluster.name)->cells.size(), std::size_t(3));
        }
        const auto writes = countServing(snapshot->serving, ServingOf::Writes, snapshot->takenAt);
        QCOMPARE(writes.working, writes.paths);
        QCOMPARE(writes.committed, writes.paths);
    }

    void anIncidentIsInTheCells()
    {
        const auto snapshot = fixtures::incident();
        for (const ServingCell &cell : snapshot->serving.writes(u1)->cells)
            QCOMPARE(told(cell), "refused, since");
        for (const ServingCell &cell : snapshot->serving.reads(u1)->cells)
            QVERIFY(cell.works());
        for (const ServingCell &cell : snapshot->serving.writes(base::ClusterName("u2"))->cells)
            QCOMPARE(told(cell), "works, committed");
    }

    void aSilentConsoleIsIsolated()
    {
        QVERIFY(fixtures::allDown()->isolatedSince);
        QVERIFY(!fixtures::partlyDown()->isolatedSince);
        QVERIFY(!fixtures::asking()->isolatedSince);
        QVERIFY(!fixtures::well()->isolatedSince);
    }
};

QTEST_APPLESS_MAIN(TestServing)
#include "test_serving.moc"
