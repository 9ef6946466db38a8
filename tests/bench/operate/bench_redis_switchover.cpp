// SPDX-License-Identifier: GPL-3.0-or-later
// How long writers wait when a Redis group's primary is moved: ours against the bare sequence by hand, in turn on the same servers.
// Applications write 2,000 keys a second through the stable addresses and keep what was acknowledged; the pause is the longest time in
// which no write of any of them was. SHARDLENS_RUNS: how many of each.
#include "app/localfleet/Servers.h"
#include "app/localfleet/relay/Relay.h"
#include "core/clients/redis/Session.h"
#include "core/operate/Met.h"
#include "tests/bench/operate/StepTimes.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/RedisLedger.h"

#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace shardlens;
using bench::median;

namespace {

constexpr int patience = 30000;
const std::vector<std::string> members{"feeds-us-east", "feeds-us-west", "feeds-eu-west"};
const std::vector<std::string> regions{"us-east", "us-west", "eu-west"};

/// A move as somebody does it who knows how: sessions open beforehand, writes paused, offset waited for, promoted, addresses led
/// elsewhere, the others made to follow. Nothing is checked, journalled or proven, and nothing holds the old primary but its pause.
class RedisByHand
{
public:
    RedisByHand(const live::ActingFleet &fleet, std::string from, std::string to) : m_ground(fleet.ground()), m_from(std::move(from)), m_to(std::move(to)) {}

    [[nodiscard]] std::string open()
    {
        for (const std::string &id : members) {
            auto session = redis::Session::connect({id, {"127.0.0.1", m_ground.ports.of(id)}, {}}, m_ground.secrets.redis(), base::seconds(2));
            if (!session)
                return session.error().message;
            m_sessions.emplace(id, std::move(*session));
        }
        return {};
    }

    [[nodiscard]] std::string move()
    {
        redis::Session &old = m_sessions.at(m_from);
        redis::Session &next = m_sessions.at(m_to);
        old.add({"CLIENT", "PAUSE", "5000", "WRITE"});
        old.add({"INFO", "replication"});
        const auto paused = old.run(base::seconds(2));
        if (!paused)
            return paused.error().message;
        const std::string wanted = "INFO slave_repl_offset>=" + operate::fieldOf(paused->at(1).text, "master_repl_offset").value_or("");
        for (bool isThere = false; !isThere;) {
            const auto info = next.command({"INFO", "replication"}, base::seconds(2));
            if (!info)
                return info.error().message;
            isThere = operate::isMet(wanted, info->text);
        }
        if (const auto promoted = next.command({"REPLICAOF", "NO", "ONE"}, base::seconds(2)); !promoted)
            return promoted.error().message;
        for (const std::string &region : regions) {
            if (const auto led = localfleet::askRelay(m_ground.home.relaySocket(), "point feeds@" + region + " " + m_to); !led)
                return led.error().message;
        }
        for (const std::string &id : members) {
            if (id == m_to)
                continue;
            const std::string port = std::to_string(m_ground.portFrom(m_ground.server(id)->region, *m_ground.server(m_to)));
            if (const auto follows = m_sessions.at(id).command({"REPLICAOF", "127.0.0.1", port}, base::seconds(2)); !follows)
                return follows.error().message;
        }
        const auto unpaused = old.command({"CLIENT", "UNPAUSE"}, base::seconds(2));
        return unpaused ? std::string() : unpaused.error().message;
    }

private:
    const localfleet::Ground &m_ground;
    std::string m_from;
    std::string m_to;
    std::map<std::string, redis::Session> m_sessions;
};

std::string primaryOf(const localfleet::Ground &ground)
{
    for (const std::string &id : members) {
        const auto fields = localfleet::redis::info(ground, *ground.server(id), "replication");
        if (fields && fields->contains("role") && fields->at("role") == "master")
            return id;
    }
    return {};
}

} // namespace

class BenchRedisSwitchover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void againstTheBareSequence();
};

void BenchRedisSwitchover::againstTheBareSequence()
{
    const int runs = qEnvironmentVariableIsSet("SHARDLENS_RUNS") ? qEnvironmentVariableIntValue("SHARDLENS_RUNS") : 20;
    live::ActingFleet fleet;
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = fleet.begin("redis-bench", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    std::vector<double> ours;
    std::vector<double> byHand;
    bench::StepTimes steps;
    live::RedisLedger ledger(fleet.ground(), "feeds", 9, base::microseconds(3500));
    ledger.start();
    for (int i = 0; i < 2 * runs; ++i) {
        const std::string from = primaryOf(fleet.ground());
        const std::string to = from == "feeds-us-east" ? "feeds-us-west" : "feeds-us-east";
        QVERIFY(fleet.becomesReady("feeds"));
        const std::size_t start = ledger.count();
        if (i % 2 == 0) {
            RedisByHand hand(fleet, from, to);
            QCOMPARE(QString::fromStdString(hand.open()), QString());
            QCOMPARE(QString::fromStdString(hand.move()), QString());
        } else {
            const live::Ran ran = fleet.ctl({"switchover", "feeds", "--to", QString::fromStdString(to), "--json", "--force", "recent_move=a bench", "--force", "expected_pause=a bench"});
            QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
            steps.add(ran.out);
        }
        const std::size_t moved = ledger.count();
        QVERIFY(live::waitFor([&] { return ledger.count() > moved + 500; }, patience));
        (i % 2 == 0 ? byHand : ours).push_back(ledger.longestGapMs(start));
        QCOMPARE(QString::fromStdString(primaryOf(fleet.ground())), QString::fromStdString(to));
    }
    ledger.stop();
    const auto tale = ledger.tale();
    const std::string missing = ledger.missingOn(primaryOf(fleet.ground()));
    const double seconds = std::chrono::duration<double>(tale.at.back() - tale.at.front()).count();
    bench::printHead("pause of writes, ms");
    bench::printRow("the bare sequence by hand", byHand);
    bench::printRow("shardlensctl switchover", ours);
    std::printf("%-48s %8.2f\n", "ratio (limit 2)", median(ours) / median(byHand));
    steps.print();
    std::printf("%zu writes acknowledged, %.0f a second, %d failed, %s acknowledged writes missing\n", tale.acknowledged.size(), double(tale.acknowledged.size()) / seconds, tale.failed, missing.c_str());
    QCOMPARE(QString::fromStdString(missing), QStringLiteral("0"));
#ifdef NDEBUG
    QVERIFY(median(ours) <= 2 * median(byHand));
#endif
}

QTEST_GUILESS_MAIN(BenchRedisSwitchover)
#include "bench_redis_switchover.moc"
