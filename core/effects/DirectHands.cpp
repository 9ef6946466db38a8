// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/effects/DirectHands.h"

#include "core/effects/PointRouter.h"
#include "core/operate/Met.h"

namespace shardlens::effects {

using base::ErrorCode;
using base::Instant;
using base::RegionName;
using base::Result;
using operate::By;
using operate::Command;

DirectHands::DirectHands(Login login) : m_login(std::move(login)), m_hosts(m_login.fleet), m_stop(std::make_shared<wire::Interrupt>()) {}

RouterHands &DirectHands::routerOf(const RegionName &region)
{
    const std::lock_guard lock(m_mutex);
    auto &kept = m_routers[region];
    if (!kept)
        kept = std::make_unique<RouterHands>(m_login.fleet, region, RouterActor{m_login.from, m_login.acts.name, m_login.acts.secret, m_login.keychain, m_login.sessionName}, m_stop);
    return *kept;
}

Result<std::string> DirectHands::one(const RegionName &region, const Command &command, Instant deadline)
{
    if (std::chrono::steady_clock::now() >= deadline)
        return base::fail(ErrorCode::TimedOut, "no time was left to begin", command.on.text());
    const bool isPointing = command.deed && command.deed->act == operate::HostAct::PointRouter;
    if (command.by == By::Host && command.deed && !isPointing)
        return m_hosts.carryOut(command.on, *command.deed, deadline);
    RouterHands &router = routerOf(region);
    if (!router.server() || router.server()->id != command.on)
        return base::fail(ErrorCode::BadInput, command.on.text() + " is not the router of " + region.text());
    return isPointing ? pointRouter(router, *command.deed, m_hosts.filesOn(command.on, deadline), deadline) : router.carryOut(command.text, deadline);
}

clients::GuardOrders::Carried DirectHands::carryOut(const RegionName &region, const std::vector<Command> &commands, Instant deadline)
{
    clients::GuardOrders::Carried carried;
    for (const Command &command : commands) {
        auto answer = one(region, command, deadline);
        if (!answer) {
            carried.error = std::move(answer.error());
            break;
        }
        carried.answers.push_back(std::move(*answer));
        if (!operate::isMet(command.expects, carried.answers.back()))
            break;
    }
    return carried;
}

} // namespace shardlens::effects
