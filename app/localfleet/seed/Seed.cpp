// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/localfleet/seed/Seed.h"

#include "app/localfleet/seed/Counter.h"
#include "app/localfleet/seed/Doors.h"
#include "app/localfleet/seed/Feeds.h"
#include "app/localfleet/seed/Ledger.h"
#include "app/localfleet/seed/Model.h"
#include "app/localfleet/seed/Shards.h"
#include "core/base/Iso8601.h"

#include <algorithm>
#include <array>
#include <condition_variable>
#include <deque>
#include <thread>

namespace shardlens::seed
{

using base::ErrorCode;
using base::Instant;
using base::Result;

namespace
{

/// One thing to do on a thread of its own.
struct Job {
    std::string step; ///< noted in the ledger when done; empty for logical shards, which are their own proof
    std::function<Result<void>()> run;
};

WorldParameters wantedParameters(const fleet::Fleet &fleet, const Options &options)
{
    WorldParameters wanted;
    const auto now = std::chrono::system_clock::now();
    wanted.users = options.users.value_or(wanted.users);
    wanted.media = options.media.value_or(wanted.media);
    wanted.seed = options.seed.value_or(wanted.seed);
    wanted.nowMs = options.nowMs.value_or(
        std::chrono::duration_cast<base::milliseconds>(std::chrono::floor<std::chrono::hours>(now).time_since_epoch()).count());
    wanted.layout = fleet.idLayout;
    wanted.shards = 0;
    for (const auto &partition : fleet.partitions)
        wanted.shards = std::max(wanted.shards, partition.shardCount);
    return wanted;
}

std::string isoOf(std::int64_t ms)
{
    std::array<char, base::isoLength> text{};
    return {text.data(), base::writeIso(text.data(), ms)}; // of any number, also one that is no year of ours
}

/// Before anything is written: a fleet keeps the numbers that it was begun with.
Result<void> checkNow(const fleet::Fleet &fleet, std::optional<std::int64_t> nowMs)
{
    const std::int64_t earliest = earliestNowMs(fleet.idLayout);
    const auto clock = std::chrono::duration_cast<base::milliseconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    if (nowMs && *nowMs > clock)
        return base::fail(ErrorCode::BadInput, "now = " + isoOf(*nowMs) + " lies in the future: what applications write would be older than all that was seeded");
    if (nowMs && *nowMs < earliest)
        return base::fail(ErrorCode::BadInput, "now = " + isoOf(*nowMs) + " is too long ago: IDs tell times from " + isoOf(fleet.idLayout.epochMs) +
                                                   " on, and the first people joined three years before now; the earliest is " + isoOf(earliest));
    return {};
}

Result<void> checkSame(const WorldParameters &kept, const Options &options)
{
    const bool same = options.users.value_or(kept.users) == kept.users && options.media.value_or(kept.media) == kept.media &&
                      options.seed.value_or(kept.seed) == kept.seed && options.nowMs.value_or(kept.nowMs) == kept.nowMs;
    if (same)
        return {};
    return base::fail(ErrorCode::BadInput, "this fleet was seeded with " + std::to_string(kept.users) + " users, " +
                                               std::to_string(kept.media) + " media, seed " + std::to_string(kept.seed) + " and now " +
                                               isoOf(kept.nowMs) +
                                               "; make a new one to seed it otherwise");
}

Result<void> checkFleet(const fleet::Fleet &fleet)
{
    if (fleet.partitions.empty())
        return base::fail(ErrorCode::NotFound, "the fleet file declares no partitions");
    for (const auto role : {fleet::RedisRole::Feeds, fleet::RedisRole::MediaMap, fleet::RedisRole::Sessions}) {
        if (!groupWith(fleet, role))
            return base::fail(ErrorCode::NotFound, "the fleet file declares no redis group for " + std::string(fleet::name(role)));
    }
    return {};
}

/// Runs the jobs side by side and reports until all have ended.
class Crew
{
public:
    Crew(Counter &counter, const ProgressCallback &progress) : m_counter(counter), m_progress(progress) {}

    void run(std::vector<Job> jobs, const std::function<Result<void>(const std::string &)> &finished)
    {
        std::vector<std::thread> threads;
        m_left = jobs.size();
        for (const Job &job : jobs)
            threads.emplace_back([this, &job] { work(job); });
        std::unique_lock lock(m_mutex);
        while (m_left > 0 || !m_done.empty()) {
            m_changed.wait_for(lock, base::milliseconds(500), [this] { return !m_done.empty(); });
            std::deque<std::string> done;
            done.swap(m_done);
            lock.unlock();
            for (const auto &step : done) {
                if (const auto noted = finished(step); !noted)
                    m_counter.fail(noted.error());
            }
            report();
            lock.lock();
        }
        lock.unlock();
        for (auto &thread : threads)
            thread.join();
    }

private:
    void work(const Job &job)
    {
        const auto done = job.run();
        if (!done)
            m_counter.fail(done.error());
        const std::scoped_lock lock(m_mutex);
        if (done && !job.step.empty())
            m_done.push_back(job.step);
        --m_left;
        m_changed.notify_all();
    }

    void report()
    {
        const auto now = std::chrono::steady_clock::now();
        Progress progress;
        progress.rows = m_counter.rows;
        progress.total = m_counter.total;
        if (m_counter.workTotal > 0)
            progress.percent = static_cast<int>(std::min<std::int64_t>(m_counter.work * 100 / m_counter.workTotal, 100));
        progress.shards = m_counter.shards;
        progress.shardsTotal = m_counter.shardsTotal;
        progress.doing = progress.shards < progress.shardsTotal ? "making logical shards and their rows" : "filling Redis";
        m_seen.push_back({now, progress.rows});
        while (m_seen.size() > 2 && now - m_seen.front().first > base::seconds(3))
            m_seen.pop_front();
        const double apart = std::chrono::duration<double>(now - m_seen.front().first).count();
        if (apart > 0)
            progress.rowsPerSecond = static_cast<double>(progress.rows - m_seen.front().second) / apart;
        if (m_progress)
            m_progress(progress);
    }

    Counter &m_counter;
    const ProgressCallback &m_progress;
    std::mutex m_mutex;
    std::condition_variable m_changed;
    std::deque<std::string> m_done;
    std::size_t m_left = 0;
    std::deque<std::pair<Instant, std::int64_t>> m_seen;
};

struct Plan {
    std::vector<ClusterWork> clusters;
    std::vector<std::string> steps; ///< of names, feeds, media_map, sessions: those not done yet
    [[nodiscard]] bool isEmpty() const { return clusters.empty() && steps.empty(); }
};

std::vector<Job> jobsOf(const fleet::Fleet &fleet, const Plan &plan, const World &world, const ByShard &index, Counter &counter)
{
    std::vector<Job> jobs;
    for (const auto &work : plan.clusters)
        jobs.push_back({{}, [&fleet, &work, &world, &index, &counter] { return fillCluster(fleet, work, world, index, counter); }});
    const auto add = [&](const std::string &step, Result<void> (*fill)(const fleet::Fleet &, const World &, Counter &)) {
        if (std::find(plan.steps.begin(), plan.steps.end(), step) != plan.steps.end())
            jobs.push_back({step, [&fleet, &world, &counter, fill] { return fill(fleet, world, counter); }});
    };
    add("names", fillNames);
    add("feeds", fillFeeds);
    add("media_map", fillMediaMap);
    add("sessions", fillSessions);
    return jobs;
}

void countWork(const fleet::Fleet &fleet, const Plan &plan, const World &world, const ByShard &index, Counter &counter)
{
    std::int64_t rows = 0;
    std::int64_t entries = 0;
    for (const auto &work : plan.clusters) {
        counter.shardsTotal += static_cast<std::uint32_t>(work.missing.size());
        for (const auto shard : work.missing)
            rows += work.partition.name.text() == "media" ? index.rowsOfMediaShard(shard) : index.rowsOfUsersShard(shard);
    }
    for (const auto &step : plan.steps) {
        if (step == "feeds")
            entries = redisEntries(world, fleet.keys.feedLength == 0 ? 500 : fleet.keys.feedLength);
        else if (step == "names")
            rows += static_cast<std::int64_t>(world.users.size());
    }
    counter.total = rows + entries;
    counter.workTotal = rows * cost::row + entries * cost::redisEntry + counter.shardsTotal * cost::shard;
}

} // namespace

Result<Outcome> seed(const fleet::Fleet &fleet, const Options &options, const ProgressCallback &progress,
                     std::shared_ptr<wire::Interrupt> stop)
{
    const Instant begun = std::chrono::steady_clock::now();
    Counter counter(stop ? std::move(stop) : std::make_shared<wire::Interrupt>());
    if (auto good = checkFleet(fleet); !good)
        return base::fail(good.error());
    if (auto good = checkNow(fleet, options.nowMs); !good)
        return base::fail(good.error());
    auto ledger = Ledger::open(fleet, counter.stop());
    if (!ledger)
        return base::fail(ledger.error());
    const auto kept = ledger->keep(wantedParameters(fleet, options));
    if (!kept)
        return base::fail(kept.error());
    if (auto same = checkSame(*kept, options); !same)
        return base::fail(same.error());
    const auto planned = ledger->plannedShards(fleet);
    if (!planned)
        return base::fail(planned.error());

    Plan plan;
    auto missing = missingShards(fleet, *planned, counter.stop());
    if (!missing)
        return base::fail(missing.error());
    plan.clusters = std::move(*missing);
    const auto done = ledger->doneSteps();
    if (!done)
        return base::fail(done.error());
    for (const char *step : {"names", "feeds", "media_map", "sessions"}) {
        if (!done->contains(step))
            plan.steps.emplace_back(step);
    }
    Outcome outcome{plan.isEmpty(), kept->users, kept->media, kept->seed, kept->nowMs, 0, 0, {}};
    if (!plan.isEmpty()) {
        if (progress)
            progress({"making people, posts and who follows whom", 0, 0, 0, 0, 0, 0});
        const World world = makeWorld(*kept);
        const ByShard index(world);
        countWork(fleet, plan, world, index, counter);
        Crew(counter, progress).run(jobsOf(fleet, plan, world, index, counter), [&](const std::string &step) {
            return ledger->finish(step);
        });
        if (const auto error = counter.error())
            return base::fail(*error);
    }
    if (auto declared = ledger->declareShards(fleet); !declared)
        return base::fail(declared.error());
    outcome.rows = counter.rows;
    outcome.shardsMade = counter.shards;
    outcome.took = std::chrono::duration_cast<base::milliseconds>(std::chrono::steady_clock::now() - begun);
    return outcome;
}

} // namespace shardlens::seed
