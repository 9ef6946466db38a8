// SPDX-License-Identifier: GPL-3.0-or-later
// A planned move of a cluster under repmgr: repmgr alone against ours through it, in turn on the same servers. For how long no member
// takes a plain INSERT past the routers, and for how long a writer waits behind a router, which is there in ours only: repmgr alone leads
// no router anywhere. SHARDLENS_RUNS: how many of each.
#include "app/localfleet/Process.h"
#include "app/localfleet/Repmgr.h"
#include "tests/bench/operate/StepTimes.h"
#include "tests/live/operate/ActingFleet.h"
#include "tests/live/operate/Ledger.h"
#include "tests/live/operate/Writability.h"

#include <QTest>

using namespace shardlens;
using bench::median;
using bench::milliseconds;

namespace {

constexpr int patience = 30000;

/// An error, or nothing.
std::string switchAlone(const live::ActingFleet &fleet, const std::string &to)
{
    const auto program = localfleet::needProgram("repmgr", "repmgr");
    if (!program)
        return program.error().message;
    const std::string config = localfleet::repmgr::configFile(fleet.ground(), *fleet.ground().server(to)).string();
    const auto ran = localfleet::runOrFail({{*program, "--config-file=" + config, "standby", "switchover", "--siblings-follow"}, {}, {}},
                                           base::seconds(180));
    return ran ? std::string() : ran.error().message;
}

} // namespace

class BenchRepmgrSwitchover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void againstRepmgrAlone();
};

void BenchRepmgrSwitchover::againstRepmgrAlone()
{
    const int runs = qEnvironmentVariableIsSet("SHARDLENS_RUNS") ? qEnvironmentVariableIntValue("SHARDLENS_RUNS") : 5;
    live::ActingFleet fleet;
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = 0;
    shape.repmgr = "u1";
    const std::string trouble = fleet.begin("repmgrbench", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    std::vector<double> alone;
    std::vector<double> ours;
    std::vector<double> behindRouter;
    bench::StepTimes steps;
    live::Writability writability(fleet.ground(), "u1");
    QCOMPARE(writability.begin(), std::string());
    // Ours there and back again, then repmgr alone: the routers lead where the primary is when ours begins.
    for (int i = 0; i < 2 * runs; ++i) {
        const std::string from = fleet.primaries("u1");
        const std::string to = from == "u1-us-east" ? "u1-us-west" : "u1-us-east";
        const bool isOurs = i % 2 == 0;
        const base::Instant begun = std::chrono::steady_clock::now();
        if (isOurs) {
            QVERIFY2(fleet.becomesReady("u1"), fleet.ctl({"readiness", "u1"}).out.constData());
            live::Ledger ledger(fleet.ground(), "u1", "us-east", base::milliseconds(5));
            QCOMPARE(ledger.prepare(), std::string());
            QCOMPARE(fleet.ask(from, "TRUNCATE shardlens.ledger"), std::string());
            ledger.start();
            QVERIFY(live::waitFor([&] { return ledger.count() > 50; }, patience));
            const live::Ran ran =
                fleet.ctl({"switchover", "u1", "--to", QString::fromStdString(to), "--json", "--force", "recent_move=a bench"}, 240000);
            QVERIFY2(ran.exit == 0, (ran.out + ran.err + live::ActingFleet::read(fleet.newestJournal())).constData());
            const std::size_t after = ledger.count();
            QVERIFY(live::waitFor([&] { return ledger.count() > after + 50; }, patience));
            ledger.stop();
            behindRouter.push_back(milliseconds(ledger.tale().longestGap));
            QCOMPARE(ledger.tale().failed, 0);
            QCOMPARE(ledger.missingOn(to), std::string("0"));
            steps.add(ran.out);
        } else {
            QCOMPARE(switchAlone(fleet, to), std::string());
        }
        const std::size_t commits = writability.commits();
        QVERIFY(live::waitFor([&] { return fleet.primaries("u1") == to && writability.commits() > commits + 50; }, patience));
        (isOurs ? ours : alone).push_back(milliseconds(writability.longestGap(begun)));
        if (!isOurs) // its routers are left behind: they follow as after a failover of its own
            (void)fleet.ctl({"failover", "u1", "--force", "recent_move=a bench"}, 240000);
    }
    writability.stop();
    bench::printHead("ms");
    bench::printRow("no member takes writes, repmgr alone", alone);
    bench::printRow("no member takes writes, shardlensctl", ours);
    bench::printRow("a writer waits behind a router, shardlensctl", behindRouter);
    std::printf("%-48s %8.2f\n", "ratio, no member takes writes", median(ours) / median(alone));
    steps.print();
}

QTEST_GUILESS_MAIN(BenchRepmgrSwitchover)
#include "bench_repmgr_switchover.moc"
