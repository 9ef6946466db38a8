// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/postgres/PqPollLink.h"
#include "core/facts/RouterSample.h"

#include <memory>

namespace shardlens::clients {

/// Polls one pgbouncer through its admin console: SHOW DATABASES, POOLS and STATS_TOTALS, one after the other as the console
/// takes one at a time; VERSION and CONFIG with the first and then once a minute. Needs a user of stats_users. 1.16 or newer.
class RouterPoll final : public PollClient
{
public:
    /// `target.database` is set to the console's own.
    RouterPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, std::shared_ptr<const base::Clock> clock);

    void open() override;
    void poll() override;
    void close() override;

private:
    using Took = void (RouterPoll::*)(const PqRows &rows);
    void show(const char *command, Took took, void (RouterPoll::*next)());
    void askConfig();
    void askDatabases();
    void askPools();
    void askTotals();
    void tookVersion(const PqRows &rows);
    void tookConfig(const PqRows &rows);
    void tookDatabases(const PqRows &rows);
    void tookPools(const PqRows &rows);
    void tookTotals(const PqRows &rows);
    void finish();
    void fail(base::Error error);
    facts::RouterDatabase *database(const std::string &name);

    std::shared_ptr<const base::Clock> m_clock;
    facts::RouterSample m_sample; ///< being put together; version and configuration stay between polls
    base::Instant m_configAt;
    PqPollLink m_link;
};

} // namespace shardlens::clients
