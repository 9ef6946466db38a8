// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/traffic/Traffic.h"

#include "app/localfleet/traffic/Application.h"
#include "app/localfleet/traffic/Tally.h"
#include "app/localfleet/traffic/Town.h"

#include <algorithm>
#include <cmath>
#include <random>
#include <thread>

#include <poll.h>

namespace shardlens::traffic
{

using base::ErrorCode;
using base::Instant;
using base::Result;

namespace
{

constexpr base::seconds pruneEvery{60};

/// Sleeps until `when`; false when stopped.
bool sleepUntil(Instant when, const wire::Interrupt &stop)
{
    pollfd fd = {stop.descriptor(), POLLIN, 0};
    for (;;) {
        const auto left = std::chrono::ceil<base::milliseconds>(when - std::chrono::steady_clock::now()).count();
        if (::poll(&fd, 1, static_cast<int>(std::clamp<std::int64_t>(left, 0, 60'000))) > 0)
            return false;
        if (std::chrono::steady_clock::now() >= when)
            return true;
    }
}

/// Works at an even pace; a worker that was held up catches up for one second's worth at most.
void work(Application application, double rate, double phase, const wire::Interrupt &stop)
{
    const auto step = std::chrono::duration_cast<std::chrono::nanoseconds>(std::chrono::duration<double>(1 / rate));
    auto next = std::chrono::steady_clock::now() + std::chrono::duration_cast<std::chrono::nanoseconds>(step * phase);
    while (sleepUntil(next, stop)) {
        application.doSomething();
        next = std::max(next + step, std::chrono::steady_clock::now() - base::seconds(1));
    }
}

/// Where no invalidator keeps cursors, what is an hour old is nobody's any more.
void pruneOutboxes(const fleet::Fleet &fleet, const base::RegionName &region, const std::shared_ptr<wire::Interrupt> &stop)
{
    Doorway doors(fleet, region, stop);
    auto next = std::chrono::steady_clock::now();
    do {
        for (const auto &cluster : fleet.clusters) {
            auto session = doors.cluster(cluster.name, Doorway::Way::Write);
            while (session) { // a failure is met again, and told, by the applications
                const auto pruned = (*session)->exec("select shardlens.prune_outbox()", base::seconds(10));
                if (!pruned || pruned->first() == "0")
                    break;
            }
        }
        next += pruneEvery;
    } while (sleepUntil(next, *stop));
}

std::vector<base::RegionName> regionsOf(const fleet::Fleet &fleet, const Options &options)
{
    std::vector<base::RegionName> regions = options.regions;
    if (regions.empty()) {
        for (const auto &region : fleet.regions)
            regions.push_back(region.name);
    }
    return regions;
}

Result<void> check(const fleet::Fleet &fleet, const Options &options)
{
    if (!(options.rate > 0) || options.rate > 100'000)
        return base::fail(ErrorCode::BadInput, "a rate is between 0 and 100,000 deeds a second");
    if (!fleet.directory)
        return base::fail(ErrorCode::NotFound, "the fleet file declares no directory");
    for (const auto &region : regionsOf(fleet, options)) {
        if (!fleet.routerOf(region))
            return base::fail(ErrorCode::NotFound, "no router is declared in region " + region.text());
    }
    return {};
}

/// Any region's router will do to learn who there is.
Result<void> readTown(const fleet::Fleet &fleet, const std::vector<base::RegionName> &regions, Town &town,
                      const std::shared_ptr<wire::Interrupt> &stop)
{
    Result<void> last;
    for (const auto &region : regions) {
        Doorway doors(fleet, region, stop);
        auto session = doors.cluster(fleet.directory->cluster, Doorway::Way::Read);
        last = session ? town.read(**session) : Result<void>(base::fail(session.error()));
        if (last || last.error().code == ErrorCode::NotFound)
            return last;
    }
    return last;
}

void add(Interval &sum, const Interval &interval)
{
    for (std::size_t i = 0; i < deedCount; ++i) {
        sum.done[i] += interval.done[i];
        sum.failed[i] += interval.failed[i];
    }
    sum.cacheHits += interval.cacheHits;
    sum.cacheMisses += interval.cacheMisses;
    sum.fannedOut += interval.fannedOut;
    if (interval.mainErrorCount > sum.mainErrorCount) {
        sum.mainErrorCount = interval.mainErrorCount;
        sum.mainError = interval.mainError;
    }
}

/// Watches until the end, telling each second.
Interval watch(Tally &tally, const Options &options, const IntervalCallback &each, wire::Interrupt &stop)
{
    Interval sum;
    const Instant begun = std::chrono::steady_clock::now();
    Instant last = begun;
    bool goesOn = true;
    while (goesOn) {
        goesOn = sleepUntil(last + base::seconds(1), stop);
        const Instant now = std::chrono::steady_clock::now();
        Interval interval = tally.take();
        interval.length = std::max(std::chrono::duration<double>(now - last).count(), 0.001);
        interval.since = std::chrono::duration_cast<base::seconds>(now - begun);
        last = now;
        add(sum, interval);
        if (goesOn && each)
            each(interval);
        if (options.duration.count() > 0 && now - begun >= options.duration)
            goesOn = false;
    }
    sum.since = std::chrono::duration_cast<base::seconds>(last - begun);
    sum.length = std::max(std::chrono::duration<double>(last - begun).count(), 0.001);
    stop.raise();
    return sum;
}

} // namespace

Result<Interval> run(const fleet::Fleet &fleet, const Options &options, const IntervalCallback &each, std::shared_ptr<wire::Interrupt> stop)
{
    if (auto good = check(fleet, options); !good)
        return base::fail(good.error());
    if (!stop)
        stop = std::make_shared<wire::Interrupt>();
    const auto regions = regionsOf(fleet, options);
    Town town(fleet);
    if (auto read = readTown(fleet, regions, town, stop); !read)
        return base::fail(read.error());

    Tally tally;
    const double rateOfRegion = options.rate / static_cast<double>(regions.size());
    // A deed that writes far away takes half a second of waiting: enough workers wait side by side to keep the rate.
    const int workers = static_cast<int>(std::clamp(std::ceil(rateOfRegion / 3), 2.0, 24.0));
    const std::uint64_t first = options.seed != 0 ? options.seed : std::random_device()();
    std::vector<std::thread> threads;
    for (std::size_t r = 0; r < regions.size(); ++r) {
        const auto herds = std::make_shared<cacheflow::HerdBook>();
        for (int w = 0; w < workers; ++w) {
            threads.emplace_back([&, herds, r, w] {
                work(Application(fleet, regions[r], town, tally, options, first * 1000 + r * 100 + static_cast<std::uint64_t>(w), stop, herds),
                     rateOfRegion / workers, static_cast<double>(w) / workers, *stop);
            });
        }
    }
    if (fleet.invalidators.empty())
        threads.emplace_back([&] { pruneOutboxes(fleet, regions.front(), stop); });
    Interval sum = watch(tally, options, each, *stop);
    for (auto &thread : threads)
        thread.join();
    return sum;
}

} // namespace shardlens::traffic
