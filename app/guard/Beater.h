// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/OperationBook.h"
#include "app/guard/Report.h"
#include "core/base/Result.h"
#include "core/clients/postgres/Session.h"
#include "core/clients/wire/Wait.h"

#include <memory>
#include <optional>
#include <string>

namespace shardlens::guard
{

/// Writes this region's heartbeat row of one cluster, through this region's router, for as long as this guard holds the advisory lock
/// that makes it the one writer: on the session straight to the cluster's primary that Sessions keeps. Without the lock it stands by, and while an
/// operation is under way on the cluster: a beat would wait in the paused router, or write on the old primary. Runs on a
/// thread of its own, so that a hanging cluster delays no other's beats.
class Beater
{
public:
    Beater(std::shared_ptr<const fleet::Fleet> fleet, const fleet::Cluster &cluster, base::RegionName region, const OperationBook &book,
           Report &report, std::shared_ptr<wire::Interrupt> stop);

    void run(base::milliseconds firstAfter); ///< until stopped; the first beat comes `firstAfter` from now

private:
    void beatOnce();
    [[nodiscard]] base::Result<std::optional<base::ServerId>> lockServer() const;
    [[nodiscard]] base::Result<void> openRouted();
    [[nodiscard]] base::Result<std::string> secretFor(const fleet::Endpoint &endpoint, const std::string &database) const;
    void failed(const base::Error &error, BeatReport::State state = BeatReport::State::Failing);
    void waitAtRouter();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    fleet::Cluster m_cluster;
    base::RegionName m_region;
    const OperationBook &m_book;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::string m_user;
    std::optional<postgres::Session> m_routed;
    BeatReport m_beat;
};

} // namespace shardlens::guard
