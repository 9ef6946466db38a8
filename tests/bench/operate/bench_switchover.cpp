// SPDX-License-Identifier: GPL-3.0-or-later
// How long writers wait in a planned move: ours against the bare sequence by hand, in turn on the same servers. A writer commits every
// 5 ms through a router and keeps a ledger; the pause is the longest time between two commits. SHARDLENS_RUNS: how many of each.
#include "tests/bench/operate/ByHand.h"
#include "tests/bench/operate/StepTimes.h"
#include "tests/live/operate/Ledger.h"

#include <QTest>

#include <algorithm>
#include <cstdio>

using namespace shardlens;
using bench::median;
using bench::worst;

namespace {

constexpr int patience = 30000;

/// The longest time between two commits, from that many before on.
double pauseOf(const live::Ledger::Tale &tale, std::size_t from)
{
    double longest = 0;
    for (std::size_t i = std::max<std::size_t>(from, 1); i < tale.at.size(); ++i)
        longest = std::max(longest, std::chrono::duration<double, std::milli>(tale.at[i] - tale.at[i - 1]).count());
    return longest;
}

} // namespace

class BenchSwitchover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void againstTheBareSequence();
};

void BenchSwitchover::againstTheBareSequence()
{
    const int runs = qEnvironmentVariableIsSet("SHARDLENS_RUNS") ? qEnvironmentVariableIntValue("SHARDLENS_RUNS") : 5;
    live::ActingFleet fleet;
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    const std::string trouble = fleet.begin("switchover", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    std::vector<double> ours;
    std::vector<double> byHand;
    bench::StepTimes steps;
    live::Ledger ledger(fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    ledger.start();
    for (int i = 0; i < 2 * runs; ++i) {
        const std::string from = fleet.primaries("u1");
        const std::string to = from == "u1-us-east" ? "u1-us-west" : "u1-us-east";
        QVERIFY(fleet.becomesReady("u1"));
        const std::size_t before = ledger.count();
        QVERIFY(live::waitFor([&] { return ledger.count() > before + 50; }, patience));
        const std::size_t start = ledger.count();
        if (i % 2 == 0) {
            bench::ByHand hand(fleet, "u1", from, to);
            QCOMPARE(QString::fromStdString(hand.open()), QString());
            QCOMPARE(QString::fromStdString(hand.move()), QString());
            QVERIFY(live::waitFor([&] { return ledger.count() > start + 100; }, patience));
            byHand.push_back(pauseOf(ledger.tale(), start));
            QCOMPARE(QString::fromStdString(hand.mend()), QString());
        } else {
            const QString server = QString::fromStdString(to);
            const live::Ran ran = fleet.ctl({"switchover", "u1", "--to", server, "--json", "--force", "recent_move=a bench"});
            QVERIFY2(ran.exit == 0, (ran.out + ran.err).constData());
            QVERIFY(live::waitFor([&] { return ledger.count() > start + 100; }, patience));
            ours.push_back(pauseOf(ledger.tale(), start));
            steps.add(ran.out);
        }
        QCOMPARE(QString::fromStdString(fleet.primaries("u1")), QString::fromStdString(to));
    }
    ledger.stop();
    const auto tale = ledger.tale();
    std::printf("%-28s %8s %8s %8s %8s\n", "pause of writes, ms", "median", "worst", "best", "runs");
    std::printf("%-28s %8.1f %8.1f %8.1f %8zu\n", "the bare sequence by hand", median(byHand), worst(byHand), bench::best(byHand), byHand.size());
    std::printf("%-28s %8.1f %8.1f %8.1f %8zu\n", "shardlensctl switchover", median(ours), worst(ours), bench::best(ours), ours.size());
    std::printf("%-28s %8.2f %8.2f\n", "ratio (limits 1.5, 2)", median(ours) / median(byHand),
                worst(ours) / worst(byHand));
    steps.print();
    std::printf("%zu rows acknowledged, %d transactions failed, %s acknowledged rows missing\n", tale.acknowledged.size(), tale.failed, ledger.missingOn(fleet.primaries("u1")).c_str());
    QCOMPARE(QString::fromStdString(ledger.missingOn(fleet.primaries("u1"))), QStringLiteral("0"));
    QCOMPARE(tale.failed, 0);
#ifdef NDEBUG
    QVERIFY(median(ours) <= 1.5 * median(byHand));
    QVERIFY(worst(ours) <= 2 * worst(byHand));
#endif
}

QTEST_GUILESS_MAIN(BenchSwitchover)
#include "bench_switchover.moc"
