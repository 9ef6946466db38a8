// SPDX-License-Identifier: GPL-3.0-or-later
// The fake cluster's routers: what their admin consoles answer, and what goes through them.
#include "tests/core/execute/FakeCluster.h"

namespace shardlens::execute {

using base::Effect;
using base::Error;
using base::ErrorCode;

namespace {

Said unreachable(std::string why)
{
    return {{}, Error{ErrorCode::Unreachable, std::move(why), {}, {}, Effect::None}};
}

} // namespace

Said FakeCluster::throughRouter(FakeRouter &router, const operate::Command &command)
{
    const auto server = servers.find(serverAt(router.leadsTo[command.database]));
    if (router.isPaused || !router.isRunning || server == servers.end() || !server->second.isRunning || server->second.isFrozen)
        return unreachable("no answer through the router");
    return {server->second.token + ", " + (server->second.isInRecovery ? "t" : "f"), {}};
}

Said FakeCluster::admin(const base::ServerId &id, const std::string &text)
{
    FakeRouter &router = routers[id.text()];
    if (text == "PAUSE " + m_database) {
        if (router.refusesToPause)
            return {{}, Error{ErrorCode::TimedOut, "it did not pause", {}, {}, Effect::None}};
        router.isPaused = true;
    } else if (text == "KILL " + m_database) {
        router.isPaused = true;
    } else if (text == "RESUME " + m_database) {
        router.isPaused = false;
    } else if (text == "SHOW DATABASES") {
        std::string lines;
        for (const auto &[database, address] : router.leadsTo)
            lines += (lines.empty() ? "" : "\n") + database + ": " + address + " dbname=insta paused = " + (database == m_database && router.isPaused ? "1" : "0");
        return {lines, {}};
    } else if (broken.empty()) {
        broken = "a router's command that is not understood: " + text;
    }
    return {};
}

} // namespace shardlens::execute
