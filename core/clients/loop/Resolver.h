// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/clients/loop/EventLoop.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace shardlens::clients {

/// Turns host names into numeric addresses away from the event loops: a name server that hangs delays nobody but those
/// who asked for that name. Any thread. Shared by all clients of an engine.
class Resolver
{
public:
    using Addresses = std::vector<std::string>; ///< numeric, in the system's order of preference
    using Done = std::function<void(base::Result<Addresses>)>;

    Resolver();
    ~Resolver(); ///< does not wait for a name server

    /// Calls `done` in the loop's thread; at once, before returning, when `host` is a numeric address already (then it must
    /// be called from the loop's thread). After a failure the addresses of the last success are given instead, if any.
    void resolve(const std::string &host, const std::weak_ptr<EventLoop> &loop, Done done);

private:
    struct State;
    std::shared_ptr<State> m_state;
};

[[nodiscard]] bool isNumericAddress(const std::string &host);

} // namespace shardlens::clients
