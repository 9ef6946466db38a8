// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/clients/wire/Wait.h"
#include "core/facts/ManagerReport.h"
#include "core/fleet/Fleet.h"
#include "core/observe/Passwords.h"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace shardlens::observe {

/// Asks the declared manager of each server, every facts::managerInterval, each by a thread of its own, so that one that hangs delays no
/// other: a Patroni over its REST interface, repmgr in its database on that server, as the observer.
class ManagerReader
{
public:
    /// Called in the asking threads; `index` counts the servers that declare one, fleet order.
    using Pin = std::function<void(std::size_t index, facts::ManagerReport)>;

    ManagerReader(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, std::shared_ptr<const Passwords> passwords,
                  std::shared_ptr<const base::Clock> clock, Pin pin);
    ~ManagerReader(); ///< ends what is being asked

    void start();

private:
    /// One question, of one server; errors as those of who is asked.
    using Ask = std::function<base::Result<void>(facts::ManagerReport &report, base::Instant deadline)>;

    void run(std::size_t index, const fleet::Server &server, const Ask &ask);
    [[nodiscard]] Ask askPatroni(const fleet::Server &server) const;
    [[nodiscard]] Ask askRepmgr(const fleet::Server &server) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_from;
    std::shared_ptr<const Passwords> m_passwords;
    std::shared_ptr<const base::Clock> m_clock;
    Pin m_pin;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::vector<std::thread> m_threads;
};

} // namespace shardlens::observe
