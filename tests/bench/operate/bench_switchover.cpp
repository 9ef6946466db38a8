// SPDX-License-Identifier: GPL-3.0-or-later
// How long writers wait in a planned move. Without latency: ours against the bare sequence by hand, in turn on the same servers, of one
// writer and of many; over links as between continents: against what their round trips allow. The writers commit through a router and keep
// a ledger; the pause is the longest time between two commits. SHARDLENS_RUNS: how many of each.
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
constexpr double returnLimit = 5000; // ms

int runsOr(int usual)
{
    return qEnvironmentVariableIsSet("SHARDLENS_RUNS") ? qEnvironmentVariableIntValue("SHARDLENS_RUNS") : usual;
}

localfleet::Shape shapeWith(double latencyMs)
{
    localfleet::Shape shape;
    shape.usersClusters = shape.mediaClusters = 1;
    shape.shards = 8;
    shape.latencyMs = latencyMs;
    return shape;
}

double worstRoundTripMs(const localfleet::Shape &shape)
{
    double longest = 0;
    for (const std::string &from : shape.regions) {
        for (const std::string &to : shape.regions)
            longest = std::max(longest, 2 * localfleet::latencyMs(shape, from, to));
    }
    return longest;
}

} // namespace

class BenchSwitchover : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void againstTheBareSequence_data();
    void againstTheBareSequence();
    void overDefaultLinks();

private:
    /// Ours once, of what it holds; what is amiss, or nothing.
    [[nodiscard]] std::string moveTo(const live::ActingFleet &fleet, const std::string &to);
    void printWriters(const live::Ledger &ledger, const std::string &primary);

    bench::StepTimes m_steps;
    std::vector<double> m_returned; ///< ms from the first write on the new primary until the old one streams from it
};

std::string BenchSwitchover::moveTo(const live::ActingFleet &fleet, const std::string &to)
{
    const live::Ran ran = fleet.ctl({"switchover", "u1", "--to", QString::fromStdString(to), "--force", "recent_move=a bench", "--force", "expected_pause=a bench"});
    const auto operation = bench::operationIn(live::ActingFleet::read(fleet.newestJournal()));
    const auto returned = operation ? bench::returnedAfterMs(*operation) : std::nullopt;
    if (ran.exit != 0 || !returned)
        return (ran.out + ran.err + live::ActingFleet::read(fleet.newestJournal())).toStdString();
    m_steps.add(*operation);
    m_returned.push_back(*returned);
    return {};
}

void BenchSwitchover::printWriters(const live::Ledger &ledger, const std::string &primary)
{
    const auto tale = ledger.tale();
    const std::string missing = ledger.missingOn(primary);
    bench::printRow("old primary streams again (limit 5000)", m_returned);
    m_steps.print();
    std::printf("%zu rows acknowledged, %d transactions failed, %s acknowledged rows missing\n\n", tale.acknowledged.size(), tale.failed, missing.c_str());
    QCOMPARE(QString::fromStdString(missing), QStringLiteral("0"));
    QVERIFY2(tale.failed == 0, tale.firstError.c_str());
}

void BenchSwitchover::againstTheBareSequence_data()
{
    QTest::addColumn<int>("writers");
    QTest::addColumn<int>("everyMs"); // each of them
    QTest::newRow("one writer, each 5 ms") << 1 << 5;
    QTest::newRow("32 writers, 1,000 rows a second") << 32 << 32;
}

void BenchSwitchover::againstTheBareSequence()
{
    QFETCH(const int, writers);
    QFETCH(const int, everyMs);
    m_steps = {};
    m_returned.clear();
    const int runs = runsOr(5);
    live::ActingFleet fleet;
    const std::string trouble = fleet.begin("switchover", shapeWith(0));
    QVERIFY2(trouble.empty(), trouble.c_str());
    std::vector<double> ours;
    std::vector<double> byHand;
    std::vector<double> pace; // rows a second while nothing moves
    live::Ledger ledger(fleet.ground(), "u1", "us-east", base::milliseconds(everyMs), writers);
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    ledger.start();
    for (int i = 0; i < 2 * runs; ++i) {
        const std::string from = fleet.primaries("u1");
        const std::string to = from == "u1-us-east" ? "u1-us-west" : "u1-us-east";
        QVERIFY(fleet.becomesReady("u1"));
        const std::size_t before = ledger.count();
        const base::Instant since = std::chrono::steady_clock::now();
        const std::size_t few = 50UL * static_cast<std::size_t>(writers);
        QVERIFY(live::waitFor([&] { return ledger.count() > before + few; }, patience));
        const std::size_t start = ledger.count();
        pace.push_back(static_cast<double>(start - before) / std::chrono::duration<double>(std::chrono::steady_clock::now() - since).count());
        if (i % 2 == 0) {
            bench::ByHand hand(fleet, "u1", from, to);
            QCOMPARE(QString::fromStdString(hand.open()), QString());
            QCOMPARE(QString::fromStdString(hand.move()), QString());
            QVERIFY(live::waitFor([&] { return ledger.count() > start + 2 * few; }, patience));
            byHand.push_back(ledger.longestGapMs(start));
            QCOMPARE(QString::fromStdString(hand.mend()), QString());
        } else {
            QCOMPARE(QString::fromStdString(moveTo(fleet, to)), QString());
            QVERIFY(live::waitFor([&] { return ledger.count() > start + 2 * few; }, patience));
            ours.push_back(ledger.longestGapMs(start));
        }
        QCOMPARE(QString::fromStdString(fleet.primaries("u1")), QString::fromStdString(to));
    }
    ledger.stop();
    bench::printHead((std::string("pause, ms: ") + QTest::currentDataTag()).c_str());
    bench::printRow("the bare sequence by hand", byHand);
    bench::printRow("shardlensctl switchover", ours);
    std::printf("%-48s %8.2f %8.2f\n", "ratio (limits 1.5, 2)", median(ours) / median(byHand), worst(ours) / worst(byHand));
    std::printf("%-48s %8.0f\n", "rows a second between moves", median(pace));
    printWriters(ledger, fleet.primaries("u1"));
#ifdef NDEBUG
    QVERIFY(median(ours) <= 1.5 * median(byHand));
    QVERIFY(worst(ours) <= 2 * worst(byHand));
    QVERIFY(worst(m_returned) <= returnLimit);
    QVERIFY(writers == 1 || median(pace) >= 950); // else it was not so much that they wrote
#endif
}

void BenchSwitchover::overDefaultLinks()
{
    m_steps = {};
    m_returned.clear();
    live::ActingFleet fleet;
    const localfleet::Shape shape = shapeWith(-1);
    const std::string trouble = fleet.begin("switchover", shape);
    QVERIFY2(trouble.empty(), trouble.c_str());
    const double limit = 150 + 5 * worstRoundTripMs(shape);
    std::vector<double> ours;
    live::Ledger ledger(fleet.ground(), "u1", "us-east", base::milliseconds(5));
    QCOMPARE(QString::fromStdString(ledger.prepare()), QString());
    ledger.start();
    for (int i = 0; i < runsOr(6); ++i) {
        const std::string to = fleet.primaries("u1") == "u1-us-east" ? "u1-us-west" : "u1-us-east";
        QVERIFY(fleet.becomesReady("u1"));
        const std::size_t start = ledger.count();
        QCOMPARE(QString::fromStdString(moveTo(fleet, to)), QString());
        const std::size_t after = ledger.count();
        QVERIFY(live::waitFor([&] { return ledger.count() > after + 20; }, patience));
        ours.push_back(ledger.longestGapMs(start));
        QCOMPARE(QString::fromStdString(fleet.primaries("u1")), QString::fromStdString(to));
    }
    ledger.stop();
    bench::printHead("pause, ms: links as between continents");
    bench::printRow("shardlensctl switchover", ours);
    std::printf("%-48s %8.1f\n", "limit: 150 + 5 of the worst round trip", limit);
    printWriters(ledger, fleet.primaries("u1"));
#ifdef NDEBUG
    QVERIFY(worst(ours) <= limit);
    QVERIFY(worst(m_returned) <= returnLimit);
#endif
}

QTEST_GUILESS_MAIN(BenchSwitchover)
#include "bench_switchover.moc"
