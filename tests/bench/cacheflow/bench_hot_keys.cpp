// SPDX-License-Identifier: GPL-3.0-or-later
// Lines of `watch` parsed and ranked in bounded memory: the goal is 100,000 lines a second on one core.
#include "core/cacheflow/HotKeys.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <random>
#include <unordered_map>

#include <sys/resource.h>

using namespace shardlens;

namespace {

constexpr double goalPerSecond = 100000;
constexpr std::size_t distinctLines = 200000;
constexpr int rounds = 10;
constexpr std::size_t universe = 5000000; ///< keys

long residentKib()
{
    rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    return usage.ru_maxrss;
}

/// Reads of a skewed lot of keys by 500 connections, one in 40 missed.
std::vector<std::string> someLines(std::unordered_map<std::string, std::uint64_t> &truth)
{
    std::mt19937_64 random(11);
    std::uniform_real_distribution<double> uniform(0, 1);
    std::vector<std::string> lines;
    lines.reserve(distinctLines);
    for (std::size_t i = 0; i < distinctLines; ++i) {
        const auto rank = static_cast<std::uint64_t>(std::pow(static_cast<double>(universe), uniform(random))); // about 1/rank
        const std::string key = "u:" + std::to_string(1170554377968796121ULL + rank);
        const bool missed = random() % 40 == 0;
        ++truth[key];
        lines.push_back("ts=1700000000." + std::to_string(i) + " gid=" + std::to_string(i + 1) + " type=item_get key=u%3A" + key.substr(2) +
                        (missed ? " status=not_found clsid=0 cfd=" : " status=found clsid=5 cfd=") + std::to_string(20 + random() % 500) + (missed ? " size=0" : " size=412"));
    }
    return lines;
}

} // namespace

int main()
{
    std::unordered_map<std::string, std::uint64_t> truth;
    const auto lines = someLines(truth);
    std::size_t bytes = 0;
    for (const auto &line : lines)
        bytes += line.size() + 1;
    cacheflow::HotKeyCount count({1000, 1});
    const long before = residentKib();
    const auto begun = std::chrono::steady_clock::now();
    for (int round = 0; round < rounds; ++round) {
        for (const auto &line : lines)
            count.take(line);
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    const double perSecond = static_cast<double>(lines.size()) * rounds / took.count();
    const auto told = count.report(20);
    std::size_t right = 0;
    double worst = 0;
    for (const auto &hot : told.top) {
        const double real = static_cast<double>(truth[hot.key]) * rounds;
        right += real > 0;
        worst = std::max(worst, real > 0 ? (static_cast<double>(hot.count) - real) / real : 1);
    }
    std::printf("Lines of watch, one core         %12.0f a second, %.0f MB/s\n", perSecond, perSecond * static_cast<double>(bytes) / static_cast<double>(lines.size()) / 1e6);
    std::printf("Times the goal of %.0f/s     %12.1f\n", goalPerSecond, perSecond / goalPerSecond);
    std::printf("Different keys                   %12zu, kept 2 x 1,000\n", truth.size());
    std::printf("Memory grown by                  %12ld KiB\n", residentKib() - before);
    std::printf("Most read: %zu of %zu real, counts at most %.2f %% too high (no count off by over %llu)\n", right, told.top.size(), worst * 100,
                static_cast<unsigned long long>(told.worstError));
#ifdef NDEBUG
    return perSecond >= goalPerSecond ? 0 : 1;
#else
    return 0; // not optimised: the figures are shown, not judged
#endif
}
