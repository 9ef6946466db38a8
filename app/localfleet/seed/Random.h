// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>

namespace shardlens::seed
{

/// Numbers that depend on a seed alone, not on the standard library's version: SplitMix64. A value, one thread.
class Random
{
public:
    explicit Random(std::uint64_t seed) : m_state(seed) {}
    /// The same numbers for the same pair, whatever was drawn elsewhere.
    Random(std::uint64_t seed, std::uint64_t stream) : m_state(mixed(seed) ^ mixed(stream * 0x9e3779b97f4a7c15ULL + 1)) {}

    std::uint64_t next() { return mixed(m_state += 0x9e3779b97f4a7c15ULL); }
    double unit() { return static_cast<double>(next() >> 11) * 0x1.0p-53; } ///< 0 <= x < 1
    std::uint64_t below(std::uint64_t limit) { return limit == 0 ? 0 : next() % limit; }
    bool chance(double probability) { return unit() < probability; }

    double normal()
    {
        const double radius = std::sqrt(-2 * std::log(1 - unit()));
        return radius * std::cos(2 * std::numbers::pi * unit());
    }
    double lognormal(double mean, double sigma) { return mean * std::exp(sigma * normal() - sigma * sigma / 2); }

private:
    static std::uint64_t mixed(std::uint64_t z)
    {
        z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ULL;
        z = (z ^ (z >> 27)) * 0x94d049bb133111ebULL;
        return z ^ (z >> 31);
    }
    std::uint64_t m_state;
};

} // namespace shardlens::seed
