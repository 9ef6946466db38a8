// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Name.h"
#include "core/facts/Known.h"
#include "core/facts/LeaseCounts.h"
#include "core/facts/Reach.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::facts {

/// How a region's invalidator follows one cluster's outbox.
struct OutboxFollowing {
    enum class State : std::uint8_t { Starting, Following, Failing };
    State state = State::Starting;
    bool throughRouter = true;               ///< else straight from a member: the router does not answer
    std::uint64_t rows = 0;                  ///< keys delivered since it started
    Known<double> rowsPerSecond = notAsked<double>(); ///< over the last 10 s of our own readings
    std::uint64_t waitingRows = 0;           ///< read, and not yet delivered
    bool isBehind = false;                   ///< more are visible than it has read: `waitingRows` is a least value
    std::optional<microseconds> lagMedian;   ///< transaction begun to delete delivered, over the last 10 s; nothing: no row came
    std::optional<microseconds> lagP99;
    std::optional<microseconds> usualLag;    ///< median of `lagP99` over the last hour, once 30 were told
    std::optional<Instant> readAt;           ///< when it read the outbox last, by our clock
    std::uint64_t redeliveries = 0;
    std::uint64_t flushes = 0;
    std::uint64_t errors = 0;
    std::string error;                       ///< why it fails
    std::string missedSince;                 ///< set: rows were pruned before they were delivered, and its region must be flushed
    std::string cursorError;                 ///< why its cursor is not kept
    bool operator==(const OutboxFollowing &) const = default;
};

/// How deliveries to one member of a region's pools stand.
struct MemberDelivery {
    enum class State : std::uint8_t {
        Dialling,
        Here,
        Away,       ///< what it is owed is kept: it is read again only once that is delivered
        MustFlush,  ///< it is owed more than is kept: flushed on its return
        CatchingUp,
    };
    base::PoolName pool;
    State state = State::Dialling;
    std::optional<Instant> since;            ///< of this state, by our clock
    std::optional<UtcTime> sinceUtc;
    std::uint64_t waiting = 0;               ///< deletes owed to it
    std::uint64_t delivered = 0;
    std::uint64_t found = 0;                 ///< of them: a key was there
    std::uint64_t refused = 0;
    std::uint64_t flushes = 0;
    std::uint64_t vouched = 0;
    std::string error;
    bool operator==(const MemberDelivery &) const = default;
};

/// What a pool's clients say of their leases; memcached itself counts none.
struct LeaseReport {
    LeaseCounts counts;                      ///< since the invalidator started
    std::map<std::string, double, std::less<>> perSecond; ///< over the last 10 s, by the counters' names; empty when none was heard
    std::optional<Instant> heardAt;          ///< by our clock; nothing: never
    bool operator==(const LeaseReport &) const = default;

    [[nodiscard]] double rate(std::string_view counter) const
    {
        const auto found = perSecond.find(counter);
        return found == perSecond.end() ? 0 : found->second;
    }
    /// As LeaseCounts defines them, a second, over the same 10 s.
    [[nodiscard]] double readsPerSecond() const { return rate("hits") + rate("stale_served") + databaseReadsPerSecond(); }
    [[nodiscard]] double databaseReadsPerSecond() const { return rate("granted") + rate("gave_up") + rate("failed"); }
    [[nodiscard]] double savedPerSecond() const
    {
        return rate("stale_served") + (rate("waited") > rate("gave_up") ? rate("waited") - rate("gave_up") : 0);
    }
};

/// What became of a sample of a region's cached items when each was compared with its row in that region.
struct MeasuredStaleness {
    Instant at;                              ///< by our clock
    std::uint64_t compared = 0;              ///< over the last rounds
    std::uint64_t stale = 0;                 ///< older than their row, or without one, and still there half a second later
    std::uint64_t late = 0;                  ///< as these, and gone by then
    std::uint64_t orphans = 0;               ///< of the stale: their row is not there
    std::uint64_t unread = 0;                ///< not to be compared
    std::optional<microseconds> oldest;      ///< since the row of the stalest changed
    std::vector<std::string> staleKeys;      ///< a few
    std::string error;                       ///< of the newest row or member that could not be read
    bool operator==(const MeasuredStaleness &) const = default;

    [[nodiscard]] double share() const { return compared == 0 ? 0 : static_cast<double>(stale) / static_cast<double>(compared); }
};

/// What a region's invalidator publishes when asked (app/invalidator/PROTOCOL.md).
struct InvalidatorReport {
    base::RegionName region;
    Reach reach;
    bool hasAnswered = false;                ///< else all below is empty
    bool isReady = false;                    ///< every outbox was read once since it started: members are vouched for
    std::optional<base::seconds> staleFor;   ///< keys are marked stale for so long instead of deleted
    std::optional<UtcTime> startedUtc;
    std::map<base::ClusterName, OutboxFollowing> clusters;
    std::map<base::ServerId, MemberDelivery> members;
    std::map<base::PoolName, LeaseReport> leases;
    Known<MeasuredStaleness> staleness = notAsked<MeasuredStaleness>(); ///< of all its pools
    std::map<base::PoolName, MeasuredStaleness> poolStaleness;          ///< of each pool that was sampled
    std::uint64_t datagrams = 0;
    std::uint64_t unreadLines = 0;           ///< of datagrams that could not be read
    std::string stateError;                  ///< why its own folder cannot be written
    bool operator==(const InvalidatorReport &) const = default;

    /// Deletes of this region that were read and not yet delivered, over the clusters; a least value where one is behind.
    [[nodiscard]] std::uint64_t waitingRows() const;
    [[nodiscard]] Known<double> rowsPerSecond() const;
    /// Of the pool that fares worst: what is stale in one alone is a small share of all. Pools of which few items were
    /// compared do not count; 0 where nothing was.
    [[nodiscard]] double worstStaleShare() const;
    [[nodiscard]] std::optional<microseconds> worstLag() const; ///< the longest `lagP99`; nothing where no row came
};

[[nodiscard]] std::string_view name(OutboxFollowing::State state); ///< starting, following, failing
[[nodiscard]] std::string_view name(MemberDelivery::State state);  ///< dialling, here, away, must_flush, catching_up

} // namespace shardlens::facts
