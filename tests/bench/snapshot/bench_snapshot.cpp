// SPDX-License-Identifier: GPL-3.0-or-later
// What a tick costs in a large fleet: 64 clusters, 192 Postgres servers, 8,192 shards. The frame in which a tick is merged,
// compared and painted is 16.7 ms; merging may take a third of it.
#include "core/observe/History.h"
#include "tests/fixtures/Snapshots.h"

#include <QTest>

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <malloc.h>

using namespace shardlens;
using namespace shardlens::facts;

namespace {

/// This thread's CPU time: what other load takes from the machine is not the work's own.
double cpuMilliseconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return static_cast<double>(time.tv_sec) * 1e3 + static_cast<double>(time.tv_nsec) / 1e6;
}

struct Times {
    std::vector<double> ms;

    template <class Work>
    void add(Work work)
    {
        const double from = cpuMilliseconds();
        work();
        ms.push_back(cpuMilliseconds() - from);
    }
    double at(double share)
    {
        std::sort(ms.begin(), ms.end());
        return ms[std::min(ms.size() - 1, static_cast<std::size_t>(share * static_cast<double>(ms.size())))];
    }
};

void print(const char *what, Times &times)
{
    std::printf("%-46s median %7.3f ms   p99 %7.3f ms   max %7.3f ms of CPU\n", what, times.at(0.5), times.at(0.99), times.at(1));
}

/// As a view compares what it shows: which servers, clusters and shards differ from the last snapshot.
std::size_t differences(const Snapshot &before, const Snapshot &after)
{
    std::size_t changed = 0;
    auto old = before.servers.begin();
    for (const auto &[id, observation] : after.servers) {
        changed += old->second != observation && !(*old->second == *observation);
        ++old;
    }
    for (std::size_t i = 0; i < after.clusters.size(); ++i)
        changed += !(before.clusters[i] == after.clusters[i]);
    if (before.shardMap != after.shardMap) {
        for (std::size_t i = 0; i < after.shardMap->shards.size() && i < before.shardMap->shards.size(); ++i)
            changed += !(before.shardMap->shards[i] == after.shardMap->shards[i]);
    }
    return changed;
}

bool isRelease()
{
#ifdef NDEBUG
    return true;
#else
    return false;
#endif
}

TickInput inputOf(const Snapshot &snapshot)
{
    TickInput input;
    input.tick = snapshot.tick;
    input.takenAt = snapshot.takenAt;
    input.takenUtc = snapshot.takenUtc;
    input.observingSince = snapshot.observingSince;
    input.observingSinceUtc = snapshot.observingSinceUtc;
    input.fleet = snapshot.fleet;
    input.servers = snapshot.servers;
    input.guards = snapshot.guards;
    input.shardMap = snapshot.shardMap;
    return input;
}

} // namespace

class BenchSnapshot : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void mergeAndDiff()
    {
        const int ticks = isRelease() ? 400 : 40;
        fixtures::World world(fixtures::bigFleet(64, 8192), fixtures::at(12, 0, 0));
        std::vector<SnapshotPtr> made;
        for (int i = 0; i < ticks; ++i)
            made.push_back(world.tick());
        Memory memory;
        SnapshotPtr last;
        Times merging;
        Times comparing;
        Times both;
        // Every 60th tick brings a new map: then 8,192 shards are compared too.
        auto other = std::make_shared<ShardMap>(*made.front()->shardMap);
        for (std::size_t i = 0; i < other->shards.size(); i += 3)
            other->shards[i].writesPerSecond = 1.5;
        ++other->version;
        for (int i = 0; i < ticks; ++i) {
            TickInput input = inputOf(*made[static_cast<std::size_t>(i)]);
            if (i / 60 % 2 == 1)
                input.shardMap = other;
            SnapshotPtr next;
            std::size_t changed = 0;
            both.add([&] {
                merging.add([&] { next = assemble(input, memory); });
                if (last)
                    comparing.add([&] { changed = differences(*last, *next); });
            });
            if (last)
                QVERIFY(changed >= next->clusters.size());
            QVERIFY(next->problems.empty());
            last = next;
        }
        std::printf("\n64 clusters, %zu servers, %zu shards, %d ticks\n", last->servers.size(), last->shardMap->shards.size(), ticks);
        print("assemble()", merging);
        print("compare with the last snapshot", comparing);
        print("both", both);
        if (isRelease())
            QVERIFY2(both.at(0.99) < 16.7 / 2, "merge and diff take more than half of a frame");
    }

    void record()
    {
        const int hour = isRelease() ? 3600 : 120;
        const SnapshotPtr base = fixtures::big(64, 8192);
        Snapshot snapshot = *base;
        observe::History history;
        Times recording;
        const auto before = mallinfo2().uordblks;
        for (int i = 0; i < hour; ++i) {
            snapshot.takenUtc += base::seconds(1);
            if (i % 60 == 0) {
                auto map = std::make_shared<ShardMap>(*base->shardMap);
                map->version += static_cast<std::uint64_t>(i) + 1;
                snapshot.shardMap = map;
            }
            recording.add([&] { history.record(snapshot); });
        }
        const double mebibytes = static_cast<double>(mallinfo2().uordblks - before) / 1048576;
        std::printf("\n%d seconds of history of %zu servers and %zu shards: %.1f MiB\n", hour, snapshot.servers.size(), snapshot.shardMap->shards.size(), mebibytes);
        print("History::record()", recording);
        Times reading;
        for (int i = 0; i < 200; ++i)
            reading.add([&] { QVERIFY(history.series({facts::Measure::Commits, "c01-us-east"}, snapshot.takenUtc - std::chrono::hours(1), snapshot.takenUtc).size() > 100); });
        print("History::series() of an hour", reading);
        if (isRelease()) {
            QVERIFY2(recording.at(0.99) < 5, "recording a tick takes more than 5 ms");
            QVERIFY2(mebibytes < 40, "an hour of history takes more than 40 MiB");
        }
    }
};

QTEST_GUILESS_MAIN(BenchSnapshot)
#include "bench_snapshot.moc"
