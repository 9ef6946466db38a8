// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/ManagerReport.h"
#include "core/fleet/Fleet.h"
#include "core/observe/Passwords.h"
#include "core/observe/ReportThreads.h"

namespace shardlens::observe {

/// Asks the declared manager of each server, every facts::managerInterval: a Patroni over its REST interface, repmgr in its database on
/// that server, as the observer.
class ManagerReader
{
public:
    /// `index` counts the servers that declare one, fleet order.
    using Pin = ReportThreads<facts::ManagerReport>::Pin;

    ManagerReader(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, std::shared_ptr<const Passwords> passwords,
                  std::shared_ptr<const base::Clock> clock, Pin pin);

    void start();

private:
    using Ask = ReportThreads<facts::ManagerReport>::Ask;

    [[nodiscard]] Ask askPatroni(const fleet::Server &server) const;
    [[nodiscard]] Ask askRepmgr(const fleet::Server &server) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_from;
    std::shared_ptr<const Passwords> m_passwords;
    ReportThreads<facts::ManagerReport> m_threads; ///< ends first: what it asks with are the others
};

} // namespace shardlens::observe
