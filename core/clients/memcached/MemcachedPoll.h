// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/PollClient.h"
#include "core/clients/loop/TcpLink.h"
#include "core/facts/MemcachedSample.h"

#include <map>
#include <memory>
#include <string>

namespace shardlens::clients {

/// Polls one memcached on a socket of its own: `stats` each time, `stats items` and `stats slabs` in the same round trip each 10 s. 1.4 or
/// newer.
class MemcachedPoll final : public PollClient
{
public:
    MemcachedPoll(std::shared_ptr<EventLoop> loop, std::shared_ptr<Resolver> resolver, fleet::Endpoint endpoint, std::shared_ptr<const base::Clock> clock);

    void open() override;
    void poll() override;
    void close() override;

private:
    void take(std::string_view bytes);
    bool takeLine(std::string_view line);
    void takeSlab(std::string_view name, std::string_view value);
    void finish();
    void fail(base::ErrorCode code, const std::string &message);

    std::shared_ptr<const base::Clock> m_clock;
    std::string m_unread;
    std::map<std::string, std::string, std::less<>> m_stats;
    std::int64_t m_oldestVictim = -1; ///< seconds; -1 = no class evicted anything
    facts::Known<std::chrono::seconds> m_victimAge = facts::notAsked<std::chrono::seconds>();
    std::map<int, facts::SlabClass> m_reading; ///< slab classes, as far as they were told
    std::vector<facts::SlabClass> m_slabs;
    int m_endsAwaited = 0;
    bool m_readsItems = false;
    base::Instant m_itemsAt;
    TcpLink m_link;
};

} // namespace shardlens::clients
