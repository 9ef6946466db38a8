// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Result.h"
#include "core/cacheflow/ClockSight.h"
#include "core/cacheflow/Delivery.h"
#include "core/cacheflow/LagWindow.h"
#include "core/cacheflow/OutboxReader.h"
#include "core/clients/postgres/Session.h"
#include "core/fleet/Fleet.h"

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>

namespace shardlens::cacheflow {

/// How one cluster's outbox is followed.
struct FollowerState {
    enum class Standing : std::uint8_t { Starting, Following, Failing };
    Standing standing = Standing::Starting;
    bool readsThroughRouter = true; ///< else straight from the region's own member, since the router does not answer
    bool isCaughtUp = false;        ///< once all that was visible had been delivered
    OutboxCursor cursor;
    OutboxCursor safeCursor;       ///< no key up to here is owed to any member: what is kept for the next start
    std::uint64_t rows = 0;        ///< delivered
    std::uint64_t waitingRows = 0; ///< read, not delivered; and whether more were visible:
    bool isBehind = false;
    std::uint64_t redeliveries = 0; ///< after another server, or another timeline, answered
    std::uint64_t flushes = 0;      ///< rows were pruned that this region had not delivered
    std::uint64_t errors = 0;
    std::optional<base::Error> error; ///< of the newest failure; absent once it is over
    std::string missedSince;          ///< set until the flush is known to the cluster
    std::string flushedFor;           ///< the newest mark that was flushed for: it stays visible for a while
    base::Instant readAt{};           ///< of the newest answer
    LagWindow lag;
    std::optional<base::microseconds> clockLead; ///< of the server that is read, ahead of the primary; taken off the lag. Nothing: none to speak of
};

/// Rows of its outbox may have been pruned that were not delivered, and it is not read so as to tell. `utcSeconds`: since 1970, now. Pure.
[[nodiscard]] bool mayHaveMissed(const FollowerState &state, base::Instant now, double utcSeconds);

/// Follows one cluster's outbox from where the region's applications read it: the router's read database, so that a key is deleted
/// once its row is visible where the next fill comes from, and never before. While the router does not answer nothing is filled,
/// but old values are still served: then the region's own member is read straight. A thread of its own; stays up whatever falls.
class ClusterFollower
{
public:
    ClusterFollower(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName region, base::ClusterName cluster, Delivery &delivery,
                    OutboxCursor from, std::shared_ptr<wire::Interrupt> stop);
    ~ClusterFollower(); ///< `stop` must have been raised
    ClusterFollower(const ClusterFollower &) = delete;
    ClusterFollower &operator=(const ClusterFollower &) = delete;

    void start();
    [[nodiscard]] FollowerState state() const;
    [[nodiscard]] const base::ClusterName &cluster() const { return m_cluster; }
    void missIsTold(); ///< the cluster knows that the region was flushed
    void primaryClockIs(const ClockSight &sight); ///< of the server whose clock stands on the rows

private:
    void run();
    [[nodiscard]] base::Result<std::size_t> step(); ///< rows delivered
    [[nodiscard]] base::Result<postgres::Session *> session();
    [[nodiscard]] base::Result<postgres::Session> dial(bool throughRouter);
    [[nodiscard]] bool deliver(const OutboxPage &page); ///< false: not in time
    void keepUp(const OutboxPage &page);
    void seeClock(const OutboxPage &page, base::Instant asked);
    void failed(const base::Error &error);
    [[nodiscard]] bool pauseFor(base::milliseconds time) const;

    std::shared_ptr<const fleet::Fleet> m_fleet;
    base::RegionName m_region;
    base::ClusterName m_cluster;
    Delivery &m_delivery;
    std::shared_ptr<wire::Interrupt> m_stop;
    OutboxReader m_reader;
    std::optional<postgres::Session> m_session;
    bool m_throughRouter = true;
    base::Instant m_tryRouterAt{};
    std::string m_clockSource;              ///< the server of `m_readClock`
    std::optional<ClockSight> m_readClock;
    mutable std::mutex m_mutex;
    FollowerState m_state;
    std::optional<ClockSight> m_primaryClock;
    std::thread m_thread;
};

} // namespace shardlens::cacheflow
