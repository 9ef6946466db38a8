// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/postgres/PqPollLink.h"

#include <functional>
#include <memory>
#include <optional>
#include <string>

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
        bool takesWrites = false;      ///< no standby, and without a brake
        std::optional<bool> holdsLock; ///< this session holds the lock that was asked for; empty where none was
    };
    using Told = std::function<void(const Found &found)>; ///< before `answered`, which brings an empty sample

    /// `lock` is an SQL expression of the two keys of an advisory lock, which is taken and kept by the session where a primary answers; none
    /// if empty. Never through a router, which hands the session to others.
    WayProbe(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, Told told, const std::string &lock = {});

    void open() override;
    void poll() override;
    void close() override;

private:
    void ask(const std::string &statement, std::function<void(const PqRows &)> then);
    void tell(const Found &found);

    Told m_told;
    std::string m_question;
    bool m_asksForLock;
    PqPollLink m_link;
};

} // namespace shardlens::clients
