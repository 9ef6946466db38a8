// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Report.h"
#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/wire/Wait.h"

#include <functional>
#include <memory>
#include <optional>

namespace shardlens::guard
{

/// Reads this region's router each second over a kept session with its admin console (SHOW DATABASES, pgbouncer 1.18): which
/// databases are paused, and where each leads; with each new session (SHOW CONFIG) also how many clients it takes. On a thread of its own.
class RouterWatch
{
public:
    using Takes = std::function<void(const base::ServerId &router, std::int32_t clients)>; ///< its max_client_conn

    RouterWatch(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, Report &report, std::shared_ptr<wire::Interrupt> stop, Takes takes);

    void run(); ///< until stopped; returns at once where no router is declared

private:
    [[nodiscard]] base::Result<RouterReport> read(const fleet::Server &server);
    void readTakes(const fleet::Server &server);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    Takes m_takes;
    std::optional<postgres::Session> m_session;
};

} // namespace shardlens::guard
