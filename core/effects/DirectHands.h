// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/guard/GuardOrders.h"
#include "core/effects/HostShell.h"
#include "core/effects/Login.h"
#include "core/effects/RouterHands.h"

#include <map>
#include <memory>
#include <mutex>
#include <vector>

namespace shardlens::effects {

/// Acts on routers and hosts of regions for which the fleet file declares no guard: on a router's admin console as who acts, on hosts by a
/// shell. Nobody there refuses an older operation, and nobody takes a pause back: that is for whoever reads the plan to know. Any thread;
/// commands of one server one after the other.
class DirectHands
{
public:
    explicit DirectHands(Login login);

    /// Nobody else acts there.
    [[nodiscard]] static bool isFor(const fleet::Fleet &fleet, const base::RegionName &region) { return fleet.guardOf(region) == nullptr; }
    [[nodiscard]] clients::GuardOrders::Carried carryOut(const base::RegionName &region, const std::vector<operate::Command> &commands, base::Instant deadline);

private:
    [[nodiscard]] base::Result<std::string> one(const base::RegionName &region, const operate::Command &command, base::Instant deadline);
    [[nodiscard]] RouterHands &routerOf(const base::RegionName &region);

    Login m_login;
    HostShell m_hosts;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::mutex m_mutex; ///< of the map
    std::map<base::RegionName, std::unique_ptr<RouterHands>> m_routers;
};

} // namespace shardlens::effects
