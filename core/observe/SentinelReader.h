// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/clients/loop/PasswordSource.h"
#include "core/clients/redis/Session.h"
#include "core/facts/SentinelReport.h"

#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>

namespace shardlens::observe {

/// Asks each declared Sentinel of each group, every facts::sentinelInterval on a connection that is kept, each by a thread of its own, so
/// that one that hangs delays no other.
class SentinelReader
{
public:
    /// Called in the asking threads; `index` counts the groups' Sentinels, fleet order.
    using Pin = std::function<void(std::size_t index, facts::SentinelReport)>;

    SentinelReader(std::shared_ptr<const fleet::Fleet> fleet, clients::PasswordSource password, std::shared_ptr<const base::Clock> clock, Pin pin);
    ~SentinelReader(); ///< ends what is being asked

    void start();

private:
    void run(std::size_t index, const fleet::RedisGroup &group, const fleet::Endpoint &endpoint);
    [[nodiscard]] base::Result<void> ask(std::optional<redis::Session> &session, const fleet::RedisGroup &group, facts::SentinelReport &report);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    clients::PasswordSource m_password;
    std::shared_ptr<const base::Clock> m_clock;
    Pin m_pin;
    std::shared_ptr<wire::Interrupt> m_stop = std::make_shared<wire::Interrupt>();
    std::vector<std::thread> m_threads;
};

} // namespace shardlens::observe
