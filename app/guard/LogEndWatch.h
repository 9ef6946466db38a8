// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/HostHands.h"
#include "app/guard/OperationBook.h"
#include "app/guard/Report.h"
#include "core/clients/wire/Wait.h"

#include <map>
#include <memory>

namespace shardlens::guard
{

/// Reads where the log of a Postgres server of this region ends that does not answer and is stopped: what a failover would lose is exact then.
/// Read again now and then: it may have been started and have died unseen; one that still runs, a frozen one say, has none. Not while an operation is under way on its cluster, whose own deeds
/// stop and start it. One thread.
class LogEndWatch
{
public:
    LogEndWatch(std::shared_ptr<const fleet::Fleet> fleet, const OperationBook &book, HostHands &hosts, Report &report, std::shared_ptr<wire::Interrupt> stop);

    void run();
    void turn(base::Instant now);

private:
    void look(const base::ServerId &server, base::Instant now);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    const OperationBook &m_book;
    HostHands &m_hosts;
    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::map<base::ServerId, base::Instant> m_dueAt; ///< of those that were read, or tried, since they last answered
};

} // namespace shardlens::guard
