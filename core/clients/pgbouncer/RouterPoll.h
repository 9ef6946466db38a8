// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/postgres/PqPollLink.h"
#include "core/facts/RouterSample.h"

#include <array>
#include <functional>
#include <memory>

namespace shardlens::clients {

/// Polls one pgbouncer through its admin console: SHOW DATABASES, POOLS and STATS_TOTALS at once, each over a session of its own,
/// since the console takes one command at a time and a reading of a far router would last three round trips; VERSION with the
/// first and CONFIG also once a minute, or as it is told, after these. Needs a user of stats_users. 1.16 or newer.
class RouterPoll final : public PollClient
{
public:
    /// `target.database` is set to the console's own. `seldom`: the configuration is read again once it is so old.
    RouterPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, PqTarget target, std::shared_ptr<const base::Clock> clock,
               base::milliseconds seldom = base::seconds(60));

    void open() override;
    void poll() override;
    void close() override;

private:
    enum Session : std::size_t { Databases, Pools, Totals, Sessions };

    void opened();
    void show(Session session, const char *command, std::function<void(const PqRows &rows)> took);
    void answered();
    void finish();
    void tookVersion(const PqRows &rows);
    void tookConfig(const PqRows &rows);
    void tookDatabases(const PqRows &rows);
    void tookPools(const PqRows &rows);
    void tookTotals(const PqRows &rows);
    void fail(base::Error error);
    facts::RouterDatabase *database(const std::string &name);

    std::shared_ptr<const base::Clock> m_clock;
    facts::RouterSample m_sample; ///< being put together; version and configuration stay between polls
    base::milliseconds m_seldom;
    base::Instant m_configAt;
    bool m_isWanted = false;             ///< between open() and close()
    std::size_t m_opened = 0;            ///< sessions that stand
    std::size_t m_awaited = 0;           ///< answers of this poll that are missing
    std::array<PqRows, Sessions> m_rows; ///< what each session answered in this poll
    std::array<std::unique_ptr<PqPollLink>, Sessions> m_links;
};

} // namespace shardlens::clients
