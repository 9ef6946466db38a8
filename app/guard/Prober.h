// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/guard/Probe.h"
#include "app/guard/Report.h"
#include "core/clients/wire/Wait.h"

#include <memory>
#include <vector>

namespace shardlens::guard
{

/// Probes every router, Redis and memcached of the fleet from this region, all at once on one thread: a silent one holds up none.
class Prober
{
public:
    Prober(const fleet::Fleet &fleet, const base::RegionName &region, Report &report, std::shared_ptr<wire::Interrupt> stop);

    void run(); ///< until stopped

private:
    void note(const Probe &probe, const std::optional<ReachReport> &found);

    Report &m_report;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::vector<Probe> m_probes;
};

} // namespace shardlens::guard
