// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/postgres/PqPollLink.h"

#include <functional>
#include <memory>

namespace shardlens::clients {

/// Asks through a router's database what an application would feel there: is it answered, how long does that take, and does
/// what it leads to take writes? One simple query on a kept connection: no prepared statement, so that it works through a
/// pgbouncer in transaction mode, and no transaction left open. Reads only. Postgres 13 or newer behind it.
class WayProbe final : public PollClient
{
public:
    using Told = std::function<void(bool writable)>; ///< before `answered`, which brings an empty sample

    WayProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, Told told);

    void open() override;
    void poll() override;
    void close() override;

private:
    Told m_told;
    PqPollLink m_link;
};

} // namespace shardlens::clients
