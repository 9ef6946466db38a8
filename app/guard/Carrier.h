// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/HostHands.h"
#include "app/guard/Report.h"
#include "app/guard/StableHands.h"
#include "core/clients/guard/GuardOrders.h"
#include "core/effects/RouterHands.h"

#include <string>
#include <vector>

namespace shardlens::guard
{

/// Carries commands out one after the other, and tells each on standard error: what, for whom, the answer, how long it took. Any thread.
class Carrier
{
public:
    Carrier(effects::RouterHands &router, HostHands &hosts, StableHands &stables, Report &report) : m_router(router), m_hosts(hosts), m_stables(stables), m_report(report) {}

    /// Ends at the first that fails, or whose answer is not as it expects. `who`: the operation's id, for the log.
    [[nodiscard]] clients::GuardOrders::Carried carryOut(const std::string &who, const std::vector<operate::Command> &commands, base::Instant deadline);

private:
    [[nodiscard]] base::Result<std::string> one(const operate::Command &command, base::Instant deadline);

    effects::RouterHands &m_router;
    HostHands &m_hosts;
    StableHands &m_stables;
    Report &m_report;
};

/// One line on standard error, whole also when several threads write.
void logLine(const std::string &text);

} // namespace shardlens::guard
