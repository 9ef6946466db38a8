// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/clients/loop/PasswordSource.h"
#include "core/clients/wire/Wait.h"
#include "core/facts/PatroniReport.h"
#include "core/fleet/Fleet.h"

#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace shardlens::observe {

/// Asks each declared Patroni, every facts::patroniInterval, each by a thread of its own, so that one that hangs delays no other.
class PatroniReader
{
public:
    /// Called in the asking threads; `index` counts the servers that declare one, fleet order.
    using Pin = std::function<void(std::size_t index, facts::PatroniReport)>;

    PatroniReader(std::shared_ptr<const fleet::Fleet> fleet, clients::PasswordSource password, std::shared_ptr<const base::Clock> clock, Pin pin);
    ~PatroniReader(); ///< ends what is being asked

    void start();

private:
    void run(std::size_t index, const fleet::Server &server);
    [[nodiscard]] base::Result<void> ask(facts::PatroniReport &report, const fleet::Endpoint &endpoint, base::Instant deadline);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    clients::PasswordSource m_password;
    std::shared_ptr<const base::Clock> m_clock;
    Pin m_pin;
    wire::Interrupt m_stop;
    std::vector<std::thread> m_threads;
};

} // namespace shardlens::observe
