// SPDX-License-Identifier: GPL-3.0-or-later
// How long writers wait in a planned move: ours against the bare sequence by hand, in turn on the same servers. A writer commits every
// 5 ms through a router and keeps a ledger; the pause is the longest time between two commits. SHARDLENS_RUNS: how many of each.
#include "tests/bench/operate/ByHand.h"
#include "tests/live/operate/Ledger.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <algorithm>
#include <cstdio>
#include <map>

using namespace shardlens;

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

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

/// What one step of ours took, in ms, by its journal.
struct StepTimes {
    QString name;
    std::vector<double> took;

    void add(const QJsonValue &step)
    {
        name = step["step"].toString();
        took.push_back(step["took_ms"].toDouble());
    }
};

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
    std::map<int, StepTimes> steps;
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
            for (const QJsonValue &step : QJsonDocument::fromJson(ran.out.split('\n').value(0)).object().value("steps").toArray())
                steps[step["number"].toInt()].add(step);
        }
        QCOMPARE(QString::fromStdString(fleet.primaries("u1")), QString::fromStdString(to));
    }
    ledger.stop();
    const auto tale = ledger.tale();
    std::printf("%-28s %8s %8s %8s\n", "pause of writes, ms", "median", "worst", "runs");
    std::printf("%-28s %8.1f %8.1f %8zu\n", "the bare sequence by hand", median(byHand), *std::max_element(byHand.begin(), byHand.end()), byHand.size());
    std::printf("%-28s %8.1f %8.1f %8zu\n", "shardlensctl switchover", median(ours), *std::max_element(ours.begin(), ours.end()), ours.size());
    std::printf("%-28s %8.2f %8.2f\n", "ratio (limits 1.5, 2)", median(ours) / median(byHand),
                *std::max_element(ours.begin(), ours.end()) / *std::max_element(byHand.begin(), byHand.end()));
    for (const auto &[number, step] : steps)
        std::printf("  %2d %-25s %8.1f %8.1f\n", number, qPrintable(step.name), median(step.took), *std::max_element(step.took.begin(), step.took.end()));
    std::printf("%zu rows acknowledged, %d transactions failed, %s acknowledged rows missing\n", tale.acknowledged.size(), tale.failed, ledger.missingOn(fleet.primaries("u1")).c_str());
    QCOMPARE(QString::fromStdString(ledger.missingOn(fleet.primaries("u1"))), QStringLiteral("0"));
    QCOMPARE(tale.failed, 0);
#ifdef NDEBUG
    QVERIFY(median(ours) <= 1.5 * median(byHand));
    QVERIFY(*std::max_element(ours.begin(), ours.end()) <= 2 * *std::max_element(byHand.begin(), byHand.end()));
#endif
}

QTEST_GUILESS_MAIN(BenchSwitchover)
#include "bench_switchover.moc"
