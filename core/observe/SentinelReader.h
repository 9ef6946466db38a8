// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PasswordSource.h"
#include "core/clients/redis/Session.h"
#include "core/facts/SentinelReport.h"
#include "core/fleet/Fleet.h"
#include "core/observe/ReportThreads.h"

#include <optional>

namespace shardlens::observe {

/// Asks each declared Sentinel of each group, every facts::sentinelInterval, on a connection that is kept.
class SentinelReader
{
public:
    /// `index` counts the groups' Sentinels, fleet order.
    using Pin = ReportThreads<facts::SentinelReport>::Pin;

    SentinelReader(std::shared_ptr<const fleet::Fleet> fleet, clients::PasswordSource password, std::shared_ptr<const base::Clock> clock, Pin pin);

    void start();

private:
    [[nodiscard]] base::Result<void> ask(std::optional<redis::Session> &session, const fleet::RedisGroup &group, facts::SentinelReport &report,
                                         base::milliseconds within) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    clients::PasswordSource m_password;
    ReportThreads<facts::SentinelReport> m_threads; ///< ends first: what it asks with are the others
};

} // namespace shardlens::observe
