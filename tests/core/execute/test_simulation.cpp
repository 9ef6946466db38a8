// SPDX-License-Identifier: GPL-3.0-or-later
// A thousand stories of moves in which several things go wrong at once. At every instant at most one server accepts writes; once all
// is healed, each story comes to an end with one primary, and routers that lead there. Likewise where whoever goes on has only the beginning
// of the journal, cut at any line. SHARDLENS_SEEDS=FROM-TO plays others; a story
// that ends badly is told on standard error.
#include "tests/core/execute/Scenario.h"

#include <QTest>

#include <cstdio>

using namespace shardlens;
using namespace shardlens::execute;

namespace {

constexpr int mostCalls = 110; ///< of a move in which nothing goes wrong

std::string faultsText(const std::map<int, Fault> &faults)
{
    std::string text;
    for (const auto &[call, fault] : faults)
        text += (text.empty() ? "" : ", ") + std::string(name(fault)) + " at call " + std::to_string(call);
    return text;
}

/// Something that befalls a server by itself, whatever the runner does.
void addMishap(FakeCluster &cluster, std::mt19937_64 &random)
{
    const auto pick = [&](int below) { return int(random() % std::uint64_t(below)); };
    auto victim = cluster.servers.begin();
    std::advance(victim, pick(int(cluster.servers.size())));
    const std::string id = victim->first;
    const bool dies = pick(2) == 0;
    cluster.later(base::milliseconds(pick(400)), [&cluster, id, dies] {
        if (dies && cluster.servers[id].isRunning)
            cluster.kill(id);
        else if (cluster.servers[id].isRunning)
            cluster.servers[id].isFrozen = true;
    });
    cluster.later(base::milliseconds(400 + pick(20000)), [&cluster, id] {
        cluster.servers[id].isFrozen = false;
        if (!cluster.servers[id].isStopped)
            cluster.start(id);
    });
}

struct Told {
    std::string complaint;
    std::optional<Outcome> outcome;
    bool wasInDoubt = false;
};

Told play(std::uint64_t seed, bool isShortened, bool tells)
{
    std::mt19937_64 random(seed * 7919);
    const auto pick = [&](int below) { return int(random() % std::uint64_t(below)); };
    const auto move = Move(pick(moveCount));
    Scenario scenario(move, seed, tells);
    FakeCluster &cluster = scenario.cluster();
    scenario.isShortened = isShortened;
    cluster.slowPromotions = pick(4) == 0;
    cluster.mayNotResume = pick(3) == 0;
    if (seed % 5 == 0)
        cluster.cannotRewind = operationOf(move).from.text();
    if (seed % 20 == 0)
        cluster.cannotCopy = cluster.cannotRewind;
    for (int i = 1 + pick(3); i > 0; --i)
        scenario.chaos().faults[pick(mostCalls)] = Fault(pick(faultCount));
    if (pick(3) == 0)
        addMishap(cluster, random);
    if (pick(10) == 0)
        scenario.cancelAt = cluster.clock().now() + base::milliseconds(pick(300));
    if (operationOf(move).act == operate::Act::Failover) {
        const std::string old = operationOf(move).from.text();
        scenario.isWarned = pick(2) == 0;
        if (scenario.isWarned)
            cluster.servers[old].isStopped = true; // as the person says
        else if (pick(2) == 0)
            cluster.later(base::milliseconds(pick(400)), [&cluster, old] {
                if (!cluster.servers[old].isStopped)
                    cluster.start(old);
            });
    }
    if (isShortened && pick(2) == 0) // there is something to go on with
        scenario.chaos().faults[pick(mostCalls)] = pick(2) == 0 ? Fault::Crash : Fault::CrashAfter;
    const auto sequel = Sequel(pick(sequelCount));
    cluster.note(std::string(name(move)) + ": " + faultsText(scenario.chaos().faults));
    scenario.play(sequel);
    Told told{scenario.complaint(), scenario.outcome(), false};
    for (const std::string &line : scenario.lines())
        told.wasInDoubt |= line.find("\"state\":\"in_doubt\"") != std::string::npos;
    if (tells)
        std::fprintf(stderr, "seed %llu\n%s", static_cast<unsigned long long>(seed), scenario.story().c_str());
    return told;
}

} // namespace

class TestSimulation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aThousandStories() { tellAll(false); }
    void aThousandStoriesFromShortJournals() { tellAll(true); }

private:
    void tellAll(bool areShortened);
};

void TestSimulation::tellAll(bool areShortened)
{
    const QStringList range = qEnvironmentVariable("SHARDLENS_SEEDS", QStringLiteral("1-1000")).split(QLatin1Char('-'));
    const std::uint64_t first = range.value(0).toULongLong(), last = range.value(range.size() - 1).toULongLong();
    std::map<std::string, int> outcomes;
    QStringList bad;
    for (std::uint64_t seed = first; seed <= last; ++seed) {
        const Told told = play(seed, areShortened, false);
        ++outcomes[told.outcome ? std::string(name(*told.outcome)) : std::string("none")];
        outcomes["in doubt for a while"] += told.wasInDoubt;
        if (told.complaint.empty())
            continue;
        bad << QStringLiteral("seed %1: %2").arg(seed).arg(QString::fromStdString(told.complaint));
        if (bad.size() == 1)
            (void)play(seed, areShortened, true);
    }
    for (const auto &[name, count] : outcomes)
        std::printf("%s: %d\n", name.c_str(), count);
    QVERIFY2(bad.isEmpty(), qPrintable(bad.join("\n")));
    if (last - first >= 999) { // it is no proof unless all of it happened
        for (const char *outcome : {"done", "incomplete", "rolled_back", "in doubt for a while"})
            QVERIFY2(outcomes[outcome] >= 20, outcome);
    }
}

QTEST_GUILESS_MAIN(TestSimulation)
#include "test_simulation.moc"
