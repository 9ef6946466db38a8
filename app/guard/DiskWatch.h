// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/HostHands.h"
#include "app/guard/Report.h"
#include "core/clients/wire/Wait.h"

#include <map>
#include <memory>

namespace shardlens::guard
{

/// Reads how much room the disks of its region's Postgres servers have: here by a system call each 15 s, elsewhere by ssh each minute, one after
/// the other. What has no way to its host is passed over. One thread.
class DiskWatch
{
public:
    DiskWatch(std::shared_ptr<const fleet::Fleet> fleet, HostHands &hosts, Report &report, std::shared_ptr<wire::Interrupt> stop);

    void run();
    void turn(base::Instant now); ///< reads those whose time has come

private:
    std::shared_ptr<const fleet::Fleet> m_fleet;
    HostHands &m_hosts;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::map<base::ServerId, base::Instant> m_dueAt;
};

} // namespace shardlens::guard
