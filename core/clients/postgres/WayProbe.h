// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/postgres/PqPollLink.h"

#include <functional>
#include <memory>

namespace shardlens::clients {

/// Asks through a router's database what an application would feel there: is it answered, how long does that take, and does
/// what it leads to take writes? A simple query on a kept connection, a second one where writes are off: no prepared statement, so
/// that it works through a pgbouncer in transaction mode, and no transaction left open. Reads only. Postgres 13 or newer behind it.
class WayProbe final : public PollClient
{
public:
    /// What is at the way's end.
    struct Found {
        bool isStandby = false;
        bool takesWrites = false; ///< no standby, and without a brake
    };
    using Told = std::function<void(const Found &found)>; ///< before `answered`, which brings an empty sample

    WayProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, Told told);

    void open() override;
    void poll() override;
    void close() override;

private:
    void ask(const char *statement, std::function<void(const PqRows &)> then);
    void tell(const Found &found);

    Told m_told;
    PqPollLink m_link;
};

} // namespace shardlens::clients
