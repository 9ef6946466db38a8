// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Report.h"
#include "app/guard/Service.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/observe/ServingProbes.h"

#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::guard
{

class Sessions;

/// A region's guard: beats, probes, watches its router, and answers who asks. Each cluster's beats have a thread of their own.
/// Stays up whatever falls: every loop goes on trying.
class Guard
{
public:
    Guard(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region);
    ~Guard(); ///< stops
    Guard(const Guard &) = delete;
    Guard &operator=(const Guard &) = delete;

    /// Listens on the address that the fleet file gives this region's guard, and starts. Errors: NotFound (region or guard not
    /// declared), Io (the address cannot be had).
    [[nodiscard]] base::Result<void> start();
    void stop(); ///< ends every blocking call; returns when all threads have ended

    [[nodiscard]] const Report &report() const { return m_report; }
    [[nodiscard]] std::uint16_t port() const { return m_service.port(); }

private:
    void startWays();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    std::shared_ptr<wire::Interrupt> m_stop;
    Report m_report;
    Service m_service;
    std::unique_ptr<observe::ServingProbes> m_ways;
    std::unique_ptr<Sessions> m_sessions;
    std::vector<std::thread> m_threads;
};

} // namespace shardlens::guard
