// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/guard/GuardOrders.h"
#include "core/effects/Login.h"

#include <atomic>
#include <condition_variable>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

namespace shardlens::effects {

/// The guards of all regions, for one operation: two lines a guard, one for orders and one for signs of life, which a thread of its
/// own gives while announced. Any thread; the orders of one region one after the other. A line that broke is dialled anew: what is
/// refused is refused by the operation's number, not by the line.
class GuardLines
{
public:
    using Secret = std::function<base::Result<std::string>(const fleet::Endpoint &guard)>;

    GuardLines(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, Secret secret);
    ~GuardLines(); ///< gives no more signs of life; releases nothing
    GuardLines(const GuardLines &) = delete;
    GuardLines &operator=(const GuardLines &) = delete;

    /// Tells every guard at once, and keeps telling them that this operation lives. One of `mayBeAway` that is not reached within a
    /// second is left out; one that refuses is not. Errors: of the first other guard that refuses or does not answer, named as its
    /// server "guard of us-east".
    [[nodiscard]] base::Result<void> announce(const clients::GuardAnnouncement &announcement, const std::set<base::RegionName> &mayBeAway, base::Instant deadline);
    [[nodiscard]] clients::GuardOrders::Carried carryOut(const base::RegionName &region, const std::vector<operate::Command> &commands, base::Instant deadline);
    /// The operation is over, or its router effects are. Guards that do not answer are left to their deadline; they are named.
    [[nodiscard]] std::vector<base::RegionName> release(std::int64_t termInForce, base::Instant deadline);
    /// A guard told a sign of life that a newer operation or itself took this one over.
    [[nodiscard]] bool isTakenOver() const { return m_takenOver; }

private:
    struct Line {
        std::mutex mutex;
        std::optional<clients::GuardOrders> orders;
        std::optional<clients::GuardOrders> life;
    };
    [[nodiscard]] base::Result<clients::GuardOrders *> open(const base::RegionName &region, std::optional<clients::GuardOrders> &line, base::Instant deadline);
    void keepAlive();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_from;
    Secret m_secret;
    std::map<base::RegionName, std::unique_ptr<Line>> m_lines;
    clients::GuardAnnouncement m_announcement;
    std::set<base::RegionName> m_away; ///< were not told of it
    std::thread m_keeper;
    std::mutex m_mutex;
    std::condition_variable m_wake;
    bool m_stop = false;
    std::atomic<bool> m_takenOver{false};
};

} // namespace shardlens::effects
