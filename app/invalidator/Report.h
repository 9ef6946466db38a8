// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/invalidator/Keeper.h"
#include "app/invalidator/LeaseTotals.h"
#include "app/invalidator/Measurer.h"
#include "core/cacheflow/Delivery.h"

#include <atomic>
#include <optional>
#include <string>

namespace shardlens::invalidator {

/// All that an invalidator tells, gathered when it is asked (PROTOCOL.md). Any thread.
class Report
{
public:
    Report(base::RegionName region, const Keeper::Followers &followers, const cacheflow::Delivery &delivery, const Keeper &keeper,
           const LeaseTotals &totals, const Measurer &measurer, std::optional<base::seconds> staleFor);

    [[nodiscard]] std::string toJson() const; ///< one line
    void setReady(bool ready) { m_isReady = ready; }

private:
    base::RegionName m_region;
    const Keeper::Followers &m_followers;
    const cacheflow::Delivery &m_delivery;
    const Keeper &m_keeper;
    const LeaseTotals &m_totals;
    const Measurer &m_measurer;
    std::optional<base::seconds> m_staleFor;
    base::Instant m_startedAt;
    std::atomic<bool> m_isReady{false};
};

} // namespace shardlens::invalidator
