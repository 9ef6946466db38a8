// SPDX-License-Identifier: GPL-3.0-or-later
// The rule by which lag is told: idle is not late, a dead link is not zero, NULL is not 0.
#include "core/facts/derive/Settings.h"
#include "tests/fixtures/World.h"

#include <QTest>

#include <algorithm>

using namespace shardlens;
using namespace shardlens::facts;
using namespace std::chrono_literals;
using Seconds = std::optional<double>;
using Change = std::function<void(PostgresSample &primary, PostgresSample &standby)>;

Q_DECLARE_METATYPE(Change)

namespace {

/// u1-us-west measured against u1-us-east after some ticks in which both say what `change` makes of them.
class Pair
{
public:
    explicit Pair(bool heartbeat = true) : m_world(fleetWith(heartbeat), base::UtcTime(std::chrono::hours(500000))) {}

    void change(const Change &change)
    {
        // Both samples are changed through one call, so that a row can speak of both.
        m_world.edit("u1-us-east", [this, change](Observation &o) {
            PostgresSample primary = *o.postgres();
            PostgresSample ignored;
            change(primary, ignored);
            o.sample = primary;
        });
        m_world.edit("u1-us-west", [this, change](Observation &o) {
            PostgresSample ignored;
            PostgresSample standby = *o.postgres();
            change(ignored, standby);
            o.sample = standby;
        });
    }

    StandbyLag after(int ticks)
    {
        m_last = m_world.run(ticks);
        const auto &standbys = m_last->cluster(base::ClusterName("u1"))->standbys;
        const auto found = std::find_if(standbys.begin(), standbys.end(), [](const StandbyLag &lag) { return lag.standby.text() == "u1-us-west"; });
        return *found;
    }

    fixtures::World &world() { return m_world; }

    static fixtures::FleetPtr fleetWith(bool heartbeat)
    {
        auto fleet = std::make_shared<fleet::Fleet>(*fixtures::defaultFleet());
        if (!heartbeat)
            fleet->heartbeat.reset();
        return fleet;
    }

private:
    fixtures::World m_world;
    SnapshotPtr m_last;
};

SenderRow *rowOf(PostgresSample &primary, const std::string &name = "u1-us-west")
{
    const auto found = std::find_if(primary.senders.begin(), primary.senders.end(), [&](const SenderRow &row) { return row.applicationName == name; });
    return found == primary.senders.end() ? nullptr : &*found;
}

void withoutReplayLag(PostgresSample &primary)
{
    if (SenderRow *row = rowOf(primary))
        row->replayLag = unknown(WhyUnknown::NoValue);
}

void stopBeats(PostgresSample &standby)
{
    if (!standby.heartbeats)
        return;
    for (HeartbeatRow &row : *standby.heartbeats) {
        row.sequence = std::min<std::int64_t>(row.sequence, 800000 + 7200);
        row.beat = std::min(row.beat, base::UtcTime(std::chrono::hours(500000)));
    }
}

void loseReceiver(PostgresSample &standby)
{
    standby.receiver = std::optional<ReceiverRow>();
}

void loseSender(PostgresSample &primary)
{
    std::erase_if(primary.senders, [](const SenderRow &row) { return row.applicationName == "u1-us-west"; });
}

void messageAge(PostgresSample &standby, microseconds age)
{
    if (standby.receiver && *standby.receiver)
        (*standby.receiver)->lastMessageAge = age;
}

} // namespace

class TestLag : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lagInTime_data()
    {
        QTest::addColumn<Change>("change");
        QTest::addColumn<bool>("heartbeat");
        QTest::addColumn<int>("ticks");
        QTest::addColumn<QString>("state");
        QTest::addColumn<QString>("rule");
        QTest::addColumn<double>("atLeast"); // -1: not known
        QTest::addColumn<double>("atMost");
        const auto row = [](const char *sentence, bool heartbeat, int ticks, const char *state, const char *rule, double atLeast, double atMost, Change change) {
            QTest::newRow(sentence) << change << heartbeat << ticks << QString(state) << QString(rule) << atLeast << atMost;
        };
        row("replay_lag of the sender is the lag while it streams", true, 5, "streaming", "replay_lag", 0.02, 0.08, [](auto &, auto &) {});
        row("replay_lag NULL and a beat younger than beat and poll is no lag", true, 8, "streaming", "fresh_heartbeat", 0, 0,
            [](auto &p, auto &) { withoutReplayLag(p); });
        row("replay_lag NULL and an old beat is the beat's age", true, 8, "streaming", "heartbeat_age", 7.0, 8.6, [](auto &p, auto &s) {
            withoutReplayLag(p);
            stopBeats(s);
        });
        row("a dead link is not zero: the beat grows old", true, 8, "not_streaming", "heartbeat_age", 7.0, 8.6, [](auto &p, auto &s) {
            loseSender(p);
            loseReceiver(s);
            stopBeats(s);
        });
        row("a dead link counts though the sender's last replay_lag still stands", true, 8, "not_streaming", "heartbeat_age", 7.0, 8.6, [](auto &, auto &s) {
            loseReceiver(s);
            stopBeats(s);
        });
        row("paused replay shows the growing replay_lag", true, 5, "paused", "replay_lag", 4, 4, [](auto &p, auto &s) {
            s.replayPaused = true;
            if (SenderRow *r = rowOf(p))
                r->replayLag = 4s;
        });
        row("without a heartbeat an idle standby that has all is caught up", false, 5, "streaming", "caught_up", 0, 0, [](auto &p, auto &) { withoutReplayLag(p); });
        row("without a heartbeat NULL with bytes behind is not known", false, 5, "streaming", "none", -1, -1, [](auto &p, auto &) {
            withoutReplayLag(p);
            if (SenderRow *r = rowOf(p))
                r->replayed = base::Lsn{r->replayed->value - 5000};
        });
        row("without a heartbeat a dead link is not zero though all it received is replayed", false, 5, "not_streaming", "none", -1, -1, [](auto &p, auto &s) {
            loseSender(p);
            loseReceiver(s);
        });
        const auto tornAt = [](std::uint64_t end) {
            return [end](PostgresSample &p, PostgresSample &) {
                if (SenderRow *r = rowOf(p)) {
                    p.current = r->sent = r->written = r->flushed = base::Lsn{end};
                    r->replayed = base::Lsn{end - 1888};
                    r->replayLag = microseconds(3'010'000);
                }
            };
        };
        row("the first page of a record that an idle primary has not flushed whole is no lag", false, 5, "streaming", "caught_up", 0, 0, tornAt(0x3002000));
        row("what ends within a page is", false, 5, "streaming", "replay_lag", 3.0, 3.1, tornAt(0x3002100));
        row("a receiver that waits does not stream", true, 5, "not_streaming", "fresh_heartbeat", 0, 0, [](auto &, auto &s) {
            if (s.receiver && *s.receiver)
                (*s.receiver)->status = "waiting";
        });
        row("idle: a message 3.4 s old is young with a time-out of 5 s", true, 5, "streaming", "replay_lag", 0.02, 0.08, [](auto &, auto &s) { messageAge(s, 3400ms); });
        row("a message older than half the time-out, a poll and a second is a dead link", true, 5, "not_streaming", "fresh_heartbeat", 0, 0,
            [](auto &, auto &s) { messageAge(s, 4600ms); });
        row("with the default time-out of 60 s a message 25 s old is young", true, 5, "streaming", "replay_lag", 0.02, 0.08, [](auto &p, auto &s) {
            p.settings = s.settings = std::map<std::string, std::string>{};
            messageAge(s, 25s);
        });
        row("another system identifier has diverged", true, 5, "diverged", "fresh_heartbeat", 0, 0, [](auto &, auto &s) { s.systemIdentifier = 1; });
        row("without the right to see it the lag says so", true, 5, "unknown", "none", -1, -1, [](auto &p, auto &s) {
            const auto denied = unknown(WhyUnknown::NoRights, "pg_monitor");
            s.receiver = denied;
            s.heartbeats = denied;
            p.connections = denied;
            p.senders.clear();
        });
    }

    void lagInTime()
    {
        QFETCH(Change, change);
        QFETCH(bool, heartbeat);
        QFETCH(int, ticks);
        QFETCH(QString, state);
        QFETCH(QString, rule);
        QFETCH(double, atLeast);
        QFETCH(double, atMost);
        Pair pair(heartbeat);
        pair.change(change);
        const StandbyLag lag = pair.after(ticks);
        QCOMPARE(QString::fromUtf8(name(lag.state).data()), state);
        QCOMPARE(QString::fromUtf8(name(lag.rule).data()), rule);
        QCOMPARE(lag.time.has_value(), atLeast >= 0);
        if (!lag.time)
            return;
        const double seconds = static_cast<double>(lag.time->count()) / 1e6;
        QVERIFY2(seconds >= atLeast && seconds <= atMost, qPrintable(QString::number(seconds)));
    }

    void beatsThatNobodyWritesSayNothing()
    {
        // The guards stop: the primary itself shows only old beats, so their age is not lag.
        Pair pair;
        pair.change([](auto &p, auto &s) {
            withoutReplayLag(p);
            stopBeats(p);
            stopBeats(s);
        });
        const StandbyLag lag = pair.after(12);
        QCOMPARE(lag.rule, LagRule::CaughtUp);
        QCOMPARE(lag.time->count(), 0);
        QCOMPARE(lag.inputs.heartbeatAge.error().why, WhyUnknown::NoValue);
    }

    void oneRegionsGuardIsEnough()
    {
        Pair pair;
        pair.change([](auto &p, auto &s) {
            withoutReplayLag(p);
            for (PostgresSample *sample : {&p, &s}) {
                if (sample->heartbeats)
                    std::erase_if(*sample->heartbeats, [](const HeartbeatRow &row) { return row.region.text() != "eu-west"; });
            }
        });
        QCOMPARE(pair.after(10).rule, LagRule::FreshHeartbeat);
    }

    void aBeatOlderThanObservingIsAgedByTheGuardsOwnClock()
    {
        Pair pair;
        pair.change([](auto &p, auto &s) {
            withoutReplayLag(p);
            if (s.heartbeats) {
                for (HeartbeatRow &row : *s.heartbeats) {
                    row.sequence -= 1000;
                    row.beat -= 500s;
                }
            }
        });
        const StandbyLag lag = pair.after(3);
        QCOMPARE(lag.rule, LagRule::HeartbeatAge);
        QVERIFY(std::abs(static_cast<double>(lag.time->count()) / 1e6 - 500) < 3);
    }

    void bytesAreSplitByStageAndNeverNegative()
    {
        Pair pair;
        pair.change([](auto &p, auto &) {
            if (SenderRow *row = rowOf(p)) {
                const std::uint64_t now = p.current->value;
                row->sent = base::Lsn{now - 100};
                row->written = base::Lsn{now - 300};
                row->flushed = base::Lsn{now - 300};
                row->replayed = base::Lsn{now - 1000};
            }
        });
        const StandbyLag lag = pair.after(5);
        QCOMPARE(lag.behind->count, 1000);
        QCOMPARE(lag.stages.notSent->count, 100);
        QCOMPARE(lag.stages.notWritten->count, 200);
        QCOMPARE(lag.stages.notFlushed->count, 0);
        QCOMPARE(lag.stages.notReplayed->count, 700);

        // Samples of two servers are never of one instant: a standby ahead of what the primary said is 0 behind.
        Pair ahead;
        ahead.change([](auto &p, auto &s) {
            loseSender(p);
            if (s.replayed)
                s.replayed = base::Lsn{s.replayed->value + 9000000};
        });
        QCOMPARE(ahead.after(5).behind->count, 0);
    }

    void bytesBehindADeadPrimaryAreNotKnown()
    {
        Pair pair;
        pair.after(5);
        pair.world().killPrimary("u1");
        const StandbyLag lag = pair.after(8);
        QCOMPARE(lag.behind.error().why, WhyUnknown::ServerSilent);
        QCOMPARE(lag.state, StandbyState::NotStreaming);
        QVERIFY(lag.inputs.lastMessageAt.has_value());
    }

    void aSilentStandbyIsMeasuredByItsSender()
    {
        Pair pair;
        pair.after(5);
        pair.world().silence("u1-us-west");
        const StandbyLag lag = pair.after(8);
        QCOMPARE(lag.state, StandbyState::Streaming);
        QCOMPARE(lag.rule, LagRule::ReplayLag);
    }

    void aFrozenStandbyIsNotStreamingOnceItsRepliesStop()
    {
        Pair pair;
        std::optional<UtcTime> frozen;
        pair.after(5);
        pair.world().silence("u1-us-west");
        pair.change([&frozen](auto &p, auto &) {
            if (SenderRow *row = rowOf(p)) {
                frozen = frozen.value_or(*row->replyTime);
                row->replyTime = *frozen;
            }
        });
        QCOMPARE(pair.after(3).state, StandbyState::Streaming);
        QCOMPARE(pair.after(5).state, StandbyState::NotStreaming);
    }

    void aCascadeShowsItsUpstream()
    {
        Pair pair;
        pair.change([](auto &p, auto &) { loseSender(p); });
        pair.world().edit("u1-eu-west", [](Observation &o) {
            PostgresSample sample = *o.postgres();
            SenderRow row;
            row.applicationName = "u1-us-west";
            row.state = "streaming";
            row.sent = row.written = row.flushed = row.replayed = *sample.replayed;
            row.replayLag = 300ms;
            sample.senders = {row};
            o.sample = sample;
        });
        const StandbyLag lag = pair.after(5);
        QCOMPARE(QString::fromStdString(lag.upstream.text()), QString("u1-eu-west"));
        QCOMPARE(lag.time->count(), 300000);
        QCOMPARE(lag.state, StandbyState::Streaming);
    }

    void theBacklogsPaceAndTheSlotsEnd()
    {
        Pair pair;
        pair.world().fallBehind("u1-us-west", {6s, base::Bytes{10 << 20}, 1 << 20, base::Bytes{100 << 20}});
        const StandbyLag lag = pair.after(15);
        QVERIFY(std::abs(*lag.backlogBytesPerSecond - (1 << 20)) < 2);
        const double left = static_cast<double>((4LL << 30) - lag.slotRetained->count);
        QVERIFY(std::abs(static_cast<double>(lag.slotFullIn->count()) / 1e6 - left / (1 << 20)) < 2);
        QCOMPARE(lag.slotLimit->count, 4LL << 30);
    }

    void levels()
    {
        const fleet::Thresholds edges;
        QCOMPARE(lagLevel(microseconds(99999), edges), 1);
        QCOMPARE(lagLevel(microseconds(100000), edges), 2);
        QCOMPARE(lagLevel(30s, edges), 5);
        QCOMPARE(lagLevel(base::Bytes{16 << 20}, edges), 3);
        StandbyLag lag;
        QVERIFY(!lagLevel(lag, edges).has_value());
        lag.behind = base::Bytes{300 << 20};
        lag.time = microseconds(1);
        QCOMPARE(*lagLevel(lag, edges), 4);
    }

    void settings_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qlonglong>("micros"); // -1: not readable
        QTest::newRow("a bare number is milliseconds, as pg_settings has it") << "5000" << 5000000LL;
        QTest::newRow("seconds") << "5s" << 5000000LL;
        QTest::newRow("minutes") << "1min" << 60000000LL;
        QTest::newRow("0 is off") << "0" << 0LL;
        QTest::newRow("a word is no duration") << "soon" << -1LL;
        QTest::newRow("an unknown unit is no duration") << "5 fortnights" << -1LL;
    }

    void settings()
    {
        QFETCH(QString, text);
        QFETCH(qlonglong, micros);
        const auto read = derive::parseDuration(text.toStdString());
        QCOMPARE(read ? static_cast<qlonglong>(read->count()) : -1LL, micros);
    }

    void sizes()
    {
        QCOMPARE(derive::parseSize("4GB", base::Bytes{1 << 20})->count, 4LL << 30);
        QCOMPARE(derive::parseSize("512", base::Bytes{1 << 20})->count, 512LL << 20);
        QVERIFY(!derive::parseSize("-1", base::Bytes{1 << 20}).has_value());
    }
};

QTEST_GUILESS_MAIN(TestLag)
#include "test_lag.moc"
