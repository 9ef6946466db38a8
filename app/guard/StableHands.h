// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Result.h"
#include "core/clients/wire/Wait.h"
#include "core/fleet/Fleet.h"
#include "core/operate/HostDeed.h"

#include <memory>
#include <string>

namespace shardlens::guard
{

/// Leads this region's stable addresses of Redis groups elsewhere, by the means that the fleet file names, and looks through them as
/// an application does. Blocking; any thread. Errors: NotFound (no such group, or no address of it here), Unavailable (no means is
/// declared), Rejected (the means refused), and those of the link; with their Effect.
class StableHands
{
public:
    StableHands(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, std::shared_ptr<wire::Interrupt> stop);

    /// PointStable, AskStable. Answers "role:master\nmarker:…\n" of what the address leads to now.
    [[nodiscard]] base::Result<std::string> carryOut(const operate::HostDeed &deed, base::Instant deadline);

private:
    [[nodiscard]] base::Result<void> lead(const fleet::RedisGroup &group, const base::ServerId &server, base::Instant deadline);
    [[nodiscard]] base::Result<std::string> lookThrough(const fleet::RedisGroup &group, base::Instant deadline);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    std::shared_ptr<wire::Interrupt> m_stop;
};

} // namespace shardlens::guard
