// SPDX-License-Identifier: GPL-3.0-or-later
// A planned move under Patroni beside one without a manager, on the same machine in turn: Patroni alone, asked by its own POST /switchover;
// ours through it; and on a cluster that nobody manages the bare sequence by hand and ours. For how long no member takes a plain INSERT
// past the routers, and for how long a writer waits behind a router, which Patroni alone leads nowhere. SHARDLENS_RUNS: how many of each.
#include "core/clients/patroni/Reading.h"
#include "core/clients/patroni/Rest.h"
#include "tests/bench/operate/ByHand.h"
#include "tests/bench/operate/StepTimes.h"
#include "tests/live/operate/Ledger.h"
#include "tests/live/operate/Writability.h"

#include <QTest>

using namespace shardlens;
using bench::median;

namespace {

constexpr int patience = 60000;

struct Waited {
    std::vector<double> past;   ///< ms: no member takes writes
    std::vector<double> behind; ///< ms: a writer behind a router
};

fleet::Endpoint patroniOf(const live::ActingFleet &fleet, const std::string &member)
{
    return {"127.0.0.1", fleet.ground().ports.of("patroni-" + member)};
}

/// By Patroni's own word: that one leads, and the others stream.
bool isCalm(const live::ActingFleet &fleet, const std::string &leader)
{
    const auto answer = patroni::get(patroniOf(fleet, leader), "/cluster", {}, std::chrono::steady_clock::now() + base::seconds(3));
    facts::ManagerReport report;
    return answer && answer->status == 200 && patroni::readCluster(report, answer->body) && report.leader() && report.leader()->name == leader && report.members.size() == 3 &&
           std::all_of(report.members.begin(), report.members.end(), [&](const facts::ManagerMember &one) { return one.state == "running" || one.state == "streaming"; });
}

/// An error, or nothing.
std::string switchAlone(const live::ActingFleet &fleet, const std::string &from, const std::string &to)
{
    const std::string wish = R"({"leader": ")" + from + R"(", "candidate": ")" + to + R"("})";
    const auto answer = patroni::send(patroniOf(fleet, from), "POST", "/switchover", wish, {}, std::chrono::steady_clock::now() + base::seconds(60));
    return !answer ? answer.error().message : answer->status == 200 ? std::string() : answer->body;
}

std::string otherThan(const std::string &primary, const std::string &cluster)
{
    return cluster + (primary == cluster + "-us-east" ? "-us-west" : "-us-east");
}

} // namespace

class BenchPatroniSwitchover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void besideByHand();

private:
    using Move = std::function<std::string(const std::string &from, const std::string &to)>;

    /// One move of a cluster with both kinds of writer; what is amiss, or nothing. Where routers stay behind nobody writes through them.
    [[nodiscard]] std::string measure(const std::string &cluster, bool throughRouter, const Move &move, Waited &waited);
    [[nodiscard]] std::string ours(const std::string &cluster, const std::string &to, bench::StepTimes &steps);

    live::ActingFleet m_fleet;
};

void BenchPatroniSwitchover::initTestCase()
{
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    shape.patroni = "u1";
    const std::string trouble = m_fleet.begin("patronibench", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
}

std::string BenchPatroniSwitchover::measure(const std::string &cluster, bool throughRouter, const Move &move, Waited &waited)
{
    const std::string from = m_fleet.primaries(cluster);
    const std::string to = otherThan(from, cluster);
    live::Writability writability(m_fleet.ground(), cluster);
    live::Ledger ledger(m_fleet.ground(), cluster, "us-east", base::milliseconds(5));
    std::string trouble = writability.begin();
    trouble += ledger.prepare();
    trouble += m_fleet.ask(from, "TRUNCATE shardlens.ledger");
    if (!trouble.empty())
        return trouble;
    if (throughRouter)
        ledger.start();
    if (!live::waitFor([&] { return writability.commits() > 50 && (!throughRouter || ledger.count() > 50); }, patience))
        return "nothing is written: " + ledger.tale().firstError;
    const base::Instant begun = std::chrono::steady_clock::now();
    const std::size_t start = ledger.count();
    if (!(trouble = move(from, to)).empty())
        return trouble;
    const std::size_t commits = writability.commits();
    const std::size_t rows = ledger.count();
    if (!live::waitFor([&] { return writability.commits() > commits + 50 && (!throughRouter || ledger.count() > rows + 50); }, patience) || m_fleet.ask(to, "SELECT pg_is_in_recovery()") != "f")
        return "writes do not flow to " + to;
    writability.stop();
    ledger.stop();
    waited.past.push_back(bench::milliseconds(writability.longestGap(begun)));
    if (throughRouter)
        waited.behind.push_back(ledger.longestGapMs(start));
    const std::string missing = ledger.missingOn(to);
    const bool isWell = missing == "0" && ledger.tale().failed == 0;
    return isWell ? std::string() : missing + " rows missing, " + std::to_string(ledger.tale().failed) + " transactions failed: " + ledger.tale().firstError;
}

std::string BenchPatroniSwitchover::ours(const std::string &cluster, const std::string &to, bench::StepTimes &steps)
{
    const live::Ran ran = m_fleet.ctl({"switchover", QString::fromStdString(cluster), "--to", QString::fromStdString(to), "--json", "--force", "recent_move=a bench", "--force", "expected_pause=a bench"}, 240000);
    steps.add(ran.out);
    return ran.exit == 0 ? std::string() : (ran.out + ran.err).toStdString();
}

void BenchPatroniSwitchover::besideByHand()
{
    const int runs = qEnvironmentVariableIsSet("SHARDLENS_RUNS") ? qEnvironmentVariableIntValue("SHARDLENS_RUNS") : 5;
    Waited alone;
    Waited through;
    Waited byHand;
    Waited unmanaged;
    bench::StepTimes steps;
    bench::StepTimes unused;
    for (int i = 0; i < runs; ++i) {
        QVERIFY2(m_fleet.becomesReady("u1"), m_fleet.ctl({"readiness", "u1"}).out.constData());
        QCOMPARE(QString::fromStdString(measure("u1", true, [&](const std::string &, const std::string &to) { return ours("u1", to, steps); }, through)), QString());
        QVERIFY(live::waitFor([&] { return isCalm(m_fleet, m_fleet.primaries("u1")); }, patience, 200));
        QCOMPARE(QString::fromStdString(measure("u1", false, [&](const std::string &from, const std::string &to) { return switchAlone(m_fleet, from, to); }, alone)), QString());
        QVERIFY(live::waitFor([&] { return isCalm(m_fleet, m_fleet.primaries("u1")); }, patience, 200));
        (void)m_fleet.ctl({"failover", "u1", "--force", "recent_move=a bench"}, 240000); // its routers are left behind: they follow
        QVERIFY(m_fleet.becomesReady("m1"));
        QCOMPARE(QString::fromStdString(measure("m1", true, [&](const std::string &, const std::string &to) { return ours("m1", to, unused); }, unmanaged)), QString());
        QVERIFY(m_fleet.becomesReady("m1"));
        std::unique_ptr<bench::ByHand> hand;
        const auto move = [&](const std::string &from, const std::string &to) {
            hand = std::make_unique<bench::ByHand>(m_fleet, "m1", from, to);
            const std::string trouble = hand->open();
            return trouble.empty() ? hand->move() : trouble;
        };
        QCOMPARE(QString::fromStdString(measure("m1", true, move, byHand)), QString());
        QCOMPARE(QString::fromStdString(hand->mend()), QString());
    }
    bench::printHead("ms");
    bench::printRow("no member takes writes, Patroni alone", alone.past);
    bench::printRow("no member takes writes, ours through Patroni", through.past);
    bench::printRow("no member takes writes, by hand", byHand.past);
    bench::printRow("no member takes writes, ours", unmanaged.past);
    bench::printRow("a writer waits behind a router, ours by Patroni", through.behind);
    bench::printRow("a writer waits behind a router, by hand", byHand.behind);
    bench::printRow("a writer waits behind a router, ours", unmanaged.behind);
    std::printf("%-48s %8.2f\n", "ratio, no member takes writes: ours / Patroni", median(unmanaged.past) / median(alone.past));
    steps.print();
#ifdef NDEBUG
    QVERIFY(median(unmanaged.past) < median(alone.past));
#endif
}

QTEST_GUILESS_MAIN(BenchPatroniSwitchover)
#include "bench_patroni_switchover.moc"
