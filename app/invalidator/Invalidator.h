// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/invalidator/Keeper.h"
#include "app/invalidator/LeaseTotals.h"
#include "app/invalidator/Measurer.h"
#include "app/invalidator/Report.h"
#include "app/invalidator/Service.h"
#include "core/base/Result.h"
#include "core/fleet/Fleet.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <set>
#include <thread>

namespace shardlens::invalidator {

/// A region's invalidator: follows every cluster's outbox and deletes its keys from the region's pools, at least once, keeps how far
/// it came, and tells consoles. Two of one region do no harm: each deletes all. Stays up whatever falls.
class Invalidator
{
public:
    /// `state`: the folder for what must outlive it; empty: it goes on from what the clusters keep. `staleFor`: mark stale for so long
    /// instead of deleting. `comparedPerMinute`: cached items that are compared with their rows; 0: none.
    Invalidator(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::filesystem::path state,
                std::optional<base::seconds> staleFor, std::uint32_t comparedPerMinute);
    ~Invalidator(); ///< stops
    Invalidator(const Invalidator &) = delete;
    Invalidator &operator=(const Invalidator &) = delete;

    /// Errors: NotFound (no invalidator, user or pool declared), Io (the address or the folder cannot be had), Protocol (what is kept
    /// there cannot be read).
    [[nodiscard]] base::Result<void> start();
    void stop(); ///< returns when all threads have ended

private:
    void gate(); ///< lets members be vouched for once every outbox is read up to now, or what may be wrong because of one that is not is flushed
    void flushForMissed();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    std::filesystem::path m_state;
    std::optional<base::seconds> m_staleFor;
    std::shared_ptr<wire::Interrupt> m_stop;
    LeaseTotals m_totals;
    std::unique_ptr<cacheflow::Delivery> m_delivery;
    Keeper::Followers m_followers;
    std::unique_ptr<Keeper> m_keeper;
    std::unique_ptr<Measurer> m_measurer;
    std::unique_ptr<Report> m_report;
    std::unique_ptr<Service> m_service;
    std::set<base::ClusterName> m_flushedFor; ///< outboxes that cannot be read, and may have lost rows of this region; the gate's
    std::thread m_gate;
    std::thread m_serving;
};

} // namespace shardlens::invalidator
