// SPDX-License-Identifier: GPL-3.0-or-later
// The default local fleet: from nothing to all streaming, the seed, how much memory it rests in, and its second start.
#include "app/localfleet/Owner.h"
#include "app/localfleet/Status.h"
#include "app/localfleet/Up.h"
#include "app/localfleet/seed/Seed.h"
#include "core/fleet/FleetFile.h"

#include <QCoreApplication>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

#include <unistd.h>

namespace {

using namespace shardlens;
using namespace std::chrono_literals;

constexpr double upWithin = 15;
constexpr double seedWithin = 90;
constexpr double warmWithin = 5;
constexpr double memoryLimit = 500; ///< MB, of 10^6 bytes
constexpr auto untilQuiet = 60s;    ///< routers give idle connections back, keepers rest
constexpr int memoryLooks = 20;
constexpr auto betweenLooks = 3s;

class Fleet
{
public:
    Fleet() : m_home(*localfleet::Home::at("/tmp/shardlens-bench-localfleet-" + std::to_string(::getpid()))) {}
    ~Fleet() { (void)down(true); }

    bool up()
    {
        const localfleet::Shape shape;
        auto ground = localfleet::up(m_home, &shape, m_silent);
        if (ground)
            m_ground = *ground;
        else
            std::fprintf(stderr, "%s\n", ground.error().message.c_str());
        return ground.has_value();
    }
    bool down(bool deletes) { return localfleet::down(m_home, deletes, m_silent).has_value(); }
    bool own() { return localfleet::Owner::become(m_home.root()).has_value(); }

    bool seed() const
    {
        const auto fleet = fleet::readFleetFile(m_home.fleetFile().string());
        if (!fleet)
            return false;
        const auto seeded = seed::seed(*fleet, {}, [](const seed::Progress &) {}, nullptr);
        if (!seeded)
            std::fprintf(stderr, "%s\n", seeded.error().message.c_str());
        return seeded.has_value();
    }

    /// MB of all processes; what several share is counted once.
    [[nodiscard]] double memory() const
    {
        std::int64_t bytes = 0;
        for (const localfleet::ProcessStatus &process : localfleet::observe(*m_ground, true).processes)
            bytes += process.proportionalBytes.value_or(0);
        return static_cast<double>(bytes) / 1e6;
    }

private:
    localfleet::Home m_home;
    std::optional<localfleet::Ground> m_ground;
    localfleet::Progress m_silent;
};

template <class Act>
double secondsOf(Act &&act, bool &well)
{
    const auto began = std::chrono::steady_clock::now();
    well = act() && well;
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
}

bool row(const char *what, double value, const char *unit, double limit)
{
    std::printf("%-52s %8.1f %-3s %8.0f %-3s\n", what, value, unit, limit, unit);
    return value <= limit;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    Fleet fleet;
    bool well = fleet.own();
    std::printf("%-52s %12s %12s\n", "The default local fleet", "measured", "limit");
    bool kept = row("from nothing to all streaming", secondsOf([&] { return fleet.up(); }, well), "s", upWithin);
    kept = row("schema and default seed", secondsOf([&] { return well && fleet.seed(); }, well), "s", seedWithin) && kept;
    if (!well)
        return 1;
    std::this_thread::sleep_for(untilQuiet);
    std::vector<double> looks;
    for (int i = 0; i < memoryLooks; ++i) {
        looks.push_back(fleet.memory());
        std::this_thread::sleep_for(betweenLooks);
    }
    std::sort(looks.begin(), looks.end());
    std::printf("%-52s %8.1f MB\n", "resident in all, least of a minute", looks.front());
    kept = row("resident in all, median of a minute", looks[looks.size() / 2], "MB", memoryLimit) && kept;
    std::printf("%-52s %8.1f MB\n", "resident in all, most of a minute", looks.back());
    well = fleet.down(false) && well;
    kept = row("started again", secondsOf([&] { return fleet.up(); }, well), "s", warmWithin) && kept;
    std::printf("Limits: %s\n", kept ? "kept" : "missed");
#ifdef NDEBUG
    return well && kept ? 0 : 1;
#else
    return well ? 0 : 1; // not optimised: the figures are shown, not judged
#endif
}
