// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Report.h"
#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/wire/Wait.h"

#include <memory>
#include <optional>

namespace shardlens::guard
{

/// Reads this region's router each second over a kept session with its admin console (SHOW DATABASES, pgbouncer 1.18): which
/// databases are paused, and where each leads. On a thread of its own.
class RouterWatch
{
public:
    RouterWatch(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, Report &report, std::shared_ptr<wire::Interrupt> stop);

    void run(); ///< until stopped; returns at once where no router is declared

private:
    [[nodiscard]] base::Result<RouterReport> read(const fleet::Server &server);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::optional<postgres::Session> m_session;
};

} // namespace shardlens::guard
