// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/base/Iso8601.h"
#include "core/ids/Anatomy.h"
#include "core/ids/Reading.h"
#include "core/ids/Shortcode.h"
#include "tests/bench/ids/Naive.h"

#include <algorithm>
#include <cstdio>
#include <ctime>
#include <string>
#include <string_view>
#include <vector>

namespace {

using namespace shardlens;

constexpr std::size_t count = 1 << 16; // IDs a round: they and their texts fit the cache, as in a page of look-ups
constexpr int repeats = 8;
constexpr int rounds = 7;
constexpr double floorPerSecond = 20e6;

double cpuSeconds()
{
    timespec time{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return double(time.tv_sec) + 1e-9 * double(time.tv_nsec);
}

/// The best of several rounds, per second of this thread's CPU time: other load on the machine only ever slows a round.
template <class Work>
double bestPerSecond(Work work)
{
    double best = 0;
    for (int round = 0; round < rounds; ++round) {
        const double begin = cpuSeconds();
        for (int i = 0; i < repeats; ++i)
            work();
        best = std::max(best, double(count) * repeats / (cpuSeconds() - begin));
    }
    return best;
}

volatile std::uint64_t sink = 0; // keeps the work from being optimised away

struct Row {
    const char *what;
    double ours;
    double naively;
    bool mustReachFloor;
};

std::vector<std::uint64_t> someIds()
{
    std::vector<std::uint64_t> ids;
    std::uint64_t state = 88172645463325252U;
    for (std::size_t i = 0; i < count; ++i) {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        const std::int64_t minted = 1400000000000 + std::int64_t(state % 300000000000U);
        ids.push_back(*ids::compose(minted, (state >> 40) % 8192, state % 1024, {}));
    }
    return ids;
}

/// Sums what `decode` makes of every item, so that no part of it is idle.
template <class Items, class Decode>
double measured(const Items &items, Decode decode)
{
    return bestPerSecond([&] {
        std::uint64_t sum = 0;
        for (const auto &item : items)
            sum += decode(item);
        sink = sink + sum;
    });
}

std::uint64_t sumOf(const ids::Anatomy &parts)
{
    return std::uint64_t(parts.mintedMs) + parts.shard.value + parts.sequence;
}

std::uint64_t sumOf(const naive::Parts &parts)
{
    return std::uint64_t(parts.mintedMs) + parts.shard + parts.sequence;
}

std::uint64_t decoded(std::string_view text)
{
    const auto reading = ids::classify(text);
    return reading ? sumOf(ids::anatomy(reading->id, {})) : 0;
}

} // namespace

int main()
{
    const std::vector<std::uint64_t> all = someIds();
    std::vector<std::string> numbers;
    std::vector<std::string> codes;
    for (const std::uint64_t id : all) {
        numbers.push_back(std::to_string(id));
        codes.emplace_back(ids::Shortcode(id).text());
    }
    const auto isoSum = [](std::uint64_t id) {
        char text[base::isoLength];
        base::writeIso(text, ids::anatomy(id, {}).mintedMs);
        return std::uint64_t(text[20]) + std::uint64_t(text[9]);
    };
    const Row rows[] = {
        {"number -> minted, shard, sequence", measured(numbers, decoded),
         measured(numbers, [](const std::string &text) { return sumOf(naive::partsOf(naive::idOfNumber(text))); }), true},
        {"shortcode -> minted, shard, sequence", measured(codes, decoded),
         measured(codes, [](const std::string &text) { return sumOf(naive::partsOf(naive::idOfShortcode(text))); }), true},
        {"ID -> shortcode", measured(all, [](std::uint64_t id) { return std::uint64_t(ids::Shortcode(id).text().back()); }),
         measured(all, [](std::uint64_t id) { return std::uint64_t(naive::shortcodeOf(id).back()); }), true},
        {"ID -> minted as ISO 8601", measured(all, isoSum),
         measured(all, [](std::uint64_t id) { return std::uint64_t(naive::isoOf(naive::partsOf(id).mintedMs)[20]); }), true},
    };
    std::printf("%-38s %14s %14s %8s\n", "IDs, one core", "million/s", "naive", "ratio");
    bool reached = true;
    for (const Row &row : rows) {
        std::printf("%-38s %14.1f %14.1f %7.1fx\n", row.what, row.ours / 1e6, row.naively / 1e6, row.ours / row.naively);
        reached = reached && (!row.mustReachFloor || row.ours >= floorPerSecond);
    }
    std::printf("Floor: %.0f million/s each: %s\n", floorPerSecond / 1e6, reached ? "reached" : "missed");
#ifdef NDEBUG
    return reached ? 0 : 1;
#else
    return 0; // not optimised: the figures are shown, not judged
#endif
}
