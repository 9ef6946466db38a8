// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Carrier.h"
#include "app/guard/OperationBook.h"
#include "app/guard/OrderDesk.h"
#include "app/guard/Report.h"
#include "app/guard/Service.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/observe/ServingProbes.h"

#include <filesystem>
#include <memory>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::guard
{

class Sessions;

/// A region's guard: beats, probes, watches its router, answers who asks, and carries out the orders of operations. Each cluster's beats have a thread of their own.
/// Stays up whatever falls: every loop goes on trying.
class Guard
{
public:
    /// `state`: the folder for what must outlive it; empty: nothing is kept.
    Guard(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::filesystem::path state = {});
    ~Guard(); ///< stops
    Guard(const Guard &) = delete;
    Guard &operator=(const Guard &) = delete;

    /// Listens on the address that the fleet file gives this region's guard, and starts. Errors: NotFound (region or guard not
    /// declared), Io (the address or the state folder cannot be had), Protocol (what is kept there cannot be read).
    [[nodiscard]] base::Result<void> start();
    void stop(); ///< ends every blocking call; returns when all threads have ended

    [[nodiscard]] const Report &report() const { return m_report; }
    [[nodiscard]] std::uint16_t port() const { return m_service.port(); }

private:
    void startWays();
    void startHolding();
    [[nodiscard]] base::Result<void> prepareOrders();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::filesystem::path m_state;
    Report m_report;
    bool m_mayAct = false; ///< the fleet file names a secret: without one a guard only reports
    OperationBook m_book;
    effects::RouterHands m_router;
    HostHands m_hosts;
    StableHands m_stables;
    Carrier m_carrier;
    OrderDesk m_orders;
    Service m_service;
    std::unique_ptr<observe::ServingProbes> m_ways;
    std::unique_ptr<Sessions> m_sessions;
    std::vector<std::thread> m_threads;
};

} // namespace shardlens::guard
