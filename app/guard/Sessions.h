// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Report.h"
#include "core/observe/Dialling.h"
#include "core/observe/Lane.h"

#include <memory>
#include <vector>

namespace shardlens::guard
{

/// Tells which Postgres servers answer this region: one statement a second on a session that is kept, as the observer. A new
/// connection each time would fork a process there for nothing. A server that turns the observer away, starts or is full has
/// answered. Each server has a lane of its own: one that hangs delays none. Where beats are written, the session to a primary takes
/// the advisory lock of this region's beats as well (see Beater), so that a guard needs no second one.
class Sessions
{
public:
    Sessions(const std::shared_ptr<const fleet::Fleet> &fleet, const base::RegionName &region, const std::shared_ptr<const observe::Dialling> &dialling,
             const std::shared_ptr<const base::Clock> &clock, Report &report);
    ~Sessions();

    void start();
    void ask(); ///< one round; any thread

private:
    using Found = std::shared_ptr<std::optional<clients::WayProbe::Found>>; ///< what the newest answer said, until it is noted
    void note(const base::ServerId &server, const facts::Reach &reach, const Found &found);

    Report &m_report;
    std::shared_ptr<clients::EventLoop> m_loop;
    std::vector<std::unique_ptr<observe::Lane>> m_lanes;
    std::uint64_t m_round = 0;
    bool m_running = false;
};

} // namespace shardlens::guard
