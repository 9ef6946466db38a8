// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/Faults.h"
#include "app/localfleet/Owner.h"
#include "app/localfleet/Up.h"
#include "core/fleet/FleetFile.h"
#include "core/observe/Engine.h"
#include "tests/bench/observe/OneByOne.h"

#include <QCoreApplication>
#include <QEventLoop>
#include <QTimer>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <unistd.h>

// One reading of every server of the default fleet: by the engine over kept connections, against one client after the other.
// With SHARDLENS_FLEET the fleet of that file is read, as it is; else one without link latency is brought up, and again with
// the usual links.

namespace {

using namespace shardlens;

constexpr int engineSweeps = 41;
constexpr int clientSweeps = 5;
constexpr double leastRatio = 50;
constexpr double mostOverSlowest = 2;

struct Swept {
    double seconds = 0; ///< from asking to the snapshot that holds every answer
    double slowest = 0; ///< the longest of the servers' own latencies in it
};

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values.empty() ? 0 : values[values.size() / 2];
}

/// An engine that asks only when told to.
class Sweeper
{
public:
    explicit Sweeper(fleet::Fleet fleet)
    {
        fleet.thresholds.interval = std::chrono::minutes(10);
        fleet.thresholds.deadline = fleet.thresholds.downAfter = std::chrono::seconds(10);
        fleet.guards.clear(); // the clients do not ask them either
        m_engine = std::make_unique<observe::Engine>(std::make_shared<const fleet::Fleet>(std::move(fleet)), observe::Engine::Options{{}, 2, false, {}},
                                                     std::make_shared<base::SystemClock>());
    }

    /// False if some server did not answer in half a minute.
    bool begin()
    {
        m_engine->start();
        const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (facts::countAnswers(*m_engine->latest()).answering < m_engine->latest()->servers.size()) {
            if (std::chrono::steady_clock::now() > until)
                return false;
            waitForSnapshot(500);
        }
        for (int i = 0; i < 5; ++i) // settings and the like are read once, after the first answers
            sweep();
        return true;
    }

    Swept sweep()
    {
        const auto asked = std::chrono::steady_clock::now();
        m_engine->readAgainNow();
        for (;;) {
            waitForSnapshot(5000);
            const auto snapshot = m_engine->latest();
            const auto &servers = snapshot->servers;
            if (std::all_of(servers.begin(), servers.end(), [&](const auto &one) { return one.second->sampledAt && *one.second->sampledAt >= asked; })) {
                Swept swept{std::chrono::duration<double>(std::chrono::steady_clock::now() - asked).count(), 0};
                for (const auto &[id, observation] : servers)
                    swept.slowest = std::max(swept.slowest, std::chrono::duration<double>(*observation->reach.latency).count());
                return swept;
            }
        }
    }

private:
    void waitForSnapshot(int atMostMs)
    {
        QEventLoop loop;
        QObject::connect(m_engine.get(), &observe::Engine::snapshotTaken, &loop, &QEventLoop::quit);
        QTimer::singleShot(atMostMs, &loop, &QEventLoop::quit);
        loop.exec();
    }

    std::unique_ptr<observe::Engine> m_engine;
};

/// A fleet of its own, gone with it.
struct OwnFleet {
    std::optional<localfleet::Home> home;
    std::optional<localfleet::Ground> ground;

    bool up()
    {
        home = *localfleet::Home::at("/tmp/shardlens-sweep-" + std::to_string(::getpid()));
        localfleet::Shape shape;
        shape.latencyMs = 0;
        localfleet::Progress silent;
        const auto owned = localfleet::Owner::become(home->root());
        auto made = owned ? localfleet::up(*home, &shape, silent) : tl::expected<localfleet::Ground, base::Error>(tl::unexpected(owned.error()));
        if (!made) {
            std::fprintf(stderr, "the fleet did not come up: %s\n", made.error().message.c_str());
            return false;
        }
        ground = *made;
        return true;
    }

    /// The latencies of the usual shape on the links from `from`, both ways.
    bool useUsualLinks(const std::string &from) const
    {
        const localfleet::Shape usual;
        bool well = true;
        for (const auto &to : usual.regions) {
            if (to == from)
                continue;
            localfleet::FaultRequest request;
            request.kind = "link-slow";
            request.target = from;
            request.to = to;
            request.latencyMs = localfleet::latencyMs(usual, from, to);
            well = localfleet::inflict(*ground, request).has_value() && well;
        }
        return well;
    }

    ~OwnFleet()
    {
        localfleet::Progress silent;
        if (home)
            (void)localfleet::down(*home, true, silent);
    }
};

void printRow(const char *what, double seconds, double ratio, const char *limit)
{
    std::printf("%-52s %10.2f ms %9.1fx %14s\n", what, 1e3 * seconds, ratio, limit);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    OwnFleet own;
    std::string file = qEnvironmentVariable("SHARDLENS_FLEET").toStdString();
    if (file.empty()) {
        if (!own.up())
            return 1;
        file = own.home->fleetFile().string();
    }
    const auto fleet = fleet::readFleetFile(file);
    if (!fleet) {
        std::fprintf(stderr, "%s\n", fleet::sentence(fleet.error().complaints.front(), file).c_str());
        return 1;
    }

    Sweeper sweeper(*fleet);
    if (!sweeper.begin()) {
        std::fprintf(stderr, "not every server answered\n");
        return 1;
    }
    std::vector<double> ours;
    for (int i = 0; i < engineSweeps; ++i)
        ours.push_back(sweeper.sweep().seconds);
    std::vector<double> theirs;
    for (int i = 0; i < clientSweeps; ++i) {
        const auto seconds = onebyone::sweep(*fleet);
        if (!seconds)
            return 1;
        theirs.push_back(*seconds);
    }
    const double ratio = median(theirs) / median(ours);
    std::printf("%-52s %13s %10s %14s\n", ("Every one of " + std::to_string(fleet->servers.size()) + " servers read once").c_str(), "median", "ratio", "limit");
    printRow("psql, redis-cli and a socket, one after the other", median(theirs), 1, "");
    printRow("the engine, from asking to the snapshot", median(ours), ratio, ">= 50x faster");
    bool well = ratio >= leastRatio;

    if (own.ground) {
        if (!own.useUsualLinks(fleet->ownRegion.text()))
            return 1;
        std::vector<double> over;
        std::vector<double> seconds;
        for (int i = 0; i < engineSweeps; ++i) {
            const auto swept = sweeper.sweep();
            seconds.push_back(swept.seconds);
            over.push_back(swept.seconds / swept.slowest);
        }
        printRow("the engine with the usual links, against the slowest", median(seconds), median(over), "<= 2x");
        well = well && median(over) <= mostOverSlowest;
    }
    std::printf("Limits: %s\n", well ? "kept" : "missed");
#ifdef NDEBUG
    return well ? 0 : 1;
#else
    return 0; // not optimised: the figures are shown, not judged
#endif
}
