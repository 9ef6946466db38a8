// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/cacheflow/Staleness.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"

#include <deque>
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

/// Compares a few of the region's cached items with their rows all the time, so that it is known whether deletes work: about so many a
/// minute, each a get and a read of one row. A thread of its own, which delays no delete.
class Measurer
{
public:
    struct Report {
        std::optional<cacheflow::Staleness> sum;
        base::Instant measuredAt{};
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
    void note(const cacheflow::Staleness &found);
    [[nodiscard]] bool pauseFor(base::milliseconds time) const;

    std::shared_ptr<const fleet::Fleet> m_fleet; ///< as seen from the region
    base::RegionName m_region;
    std::uint32_t m_perMinute;
    std::optional<base::seconds> m_staleFor;
    std::shared_ptr<wire::Interrupt> m_stop;
    mutable std::mutex m_mutex;
    StalenessWindow m_window;
    std::thread m_thread;
};

} // namespace shardlens::invalidator
