// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheflow/Staleness.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

namespace shardlens::invalidator {

/// Sums of samples over the last ten minutes. A value.
class StalenessWindow
{
public:
    static constexpr base::seconds window{600};

    void note(base::Instant now, const cacheflow::Staleness &found);
    /// Nothing before the first sample, or when the newest is older than the window.
    [[nodiscard]] std::optional<cacheflow::Staleness> sum(base::Instant now) const;
    [[nodiscard]] std::optional<base::Instant> newest() const;

private:
    struct One {
        base::Instant at;
        cacheflow::Staleness found;
    };
    std::deque<One> m_samples;
};

/// A window for each pool of a region.
class PoolWindows
{
public:
    /// What stands in the windows, and when a sample was noted last.
    struct Sum {
        cacheflow::Staleness found;
        base::Instant measuredAt{};
    };

    void note(const base::PoolName &pool, base::Instant now, const cacheflow::Staleness &found) { m_windows[pool].note(now, found); }
    /// Pools of which nothing is known are not among them.
    [[nodiscard]] std::map<base::PoolName, Sum> pools(base::Instant now) const;

private:
    std::map<base::PoolName, StalenessWindow> m_windows;
};

/// Compares a few of the region's cached items with their rows all the time, so that it is known whether deletes work: about so many a
/// minute, of its pools in turn, each a get and a read of one row. A thread of its own, which delays no delete.
class Measurer
{
public:
    struct Report {
        std::optional<PoolWindows::Sum> sum; ///< of all pools together; nothing before the first sample, or when all are older than the window
        std::map<base::PoolName, PoolWindows::Sum> pools;
    };

    Measurer(std::shared_ptr<const fleet::Fleet> fleet, const base::RegionName &region, std::uint32_t perMinute,
             std::optional<base::seconds> staleFor, std::shared_ptr<wire::Interrupt> stop);
    ~Measurer(); ///< `stop` must have been raised
    Measurer(const Measurer &) = delete;
    Measurer &operator=(const Measurer &) = delete;

    void start(); ///< nothing where none are to be compared
    [[nodiscard]] Report report() const;

private:
    void run();
    [[nodiscard]] bool pauseFor(base::milliseconds time) const;

    std::shared_ptr<const fleet::Fleet> m_fleet; ///< as seen from the region
    base::RegionName m_region;
    std::uint32_t m_perMinute;
    std::optional<base::seconds> m_staleFor;
    std::shared_ptr<wire::Interrupt> m_stop;
    mutable std::mutex m_mutex;
    PoolWindows m_windows;
    std::thread m_thread;
};

} // namespace shardlens::invalidator
