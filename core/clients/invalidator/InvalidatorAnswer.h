// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/base/Clock.h"
#include "core/base/Name.h"
#include "core/base/Result.h"
#include "core/facts/HerdCounts.h"
#include "core/facts/InvalidatorReport.h"
#include "core/fleet/Fleet.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace shardlens::clients {

/// How an invalidator follows one cluster's outbox.
struct FollowedOutbox {
    std::string state;  ///< starting, following, failing
    std::string via;    ///< router, or member while the router does not answer
    std::string source; ///< the server that answers: address:port@start
    std::int64_t timeline = 0;
    std::uint64_t rows = 0; ///< delivered since it started
    std::uint64_t waitingRows = 0;
    bool isBehind = false;                       ///< more are visible than it has read
    std::optional<base::microseconds> lagMedian; ///< over the last 10 s; absent when nothing came
    std::optional<base::microseconds> lagP99;
    std::optional<base::microseconds> lagMost;
    std::optional<base::microseconds> clockLead; ///< the read server's clock is ahead of its primary's; taken off the lags. Absent: they agree
    std::optional<base::milliseconds> readAge;
    std::uint64_t redeliveries = 0;
    std::uint64_t flushes = 0;
    std::uint64_t errors = 0;
    std::string error;
    std::string missedSince; ///< set: the region must flush, or did and the cluster does not know yet
    std::optional<base::milliseconds> cursorAge;
    std::string cursorError;
    bool operator==(const FollowedOutbox &) const = default;
};

/// How its deliveries to one member of a pool stand.
struct PoolMemberState {
    std::string pool;
    std::string state; ///< dialling, here, away, must_flush, catching_up
    base::milliseconds since{0};
    std::uint64_t waiting = 0;
    std::uint64_t delivered = 0;
    std::uint64_t found = 0;
    std::uint64_t refused = 0;
    std::uint64_t flushes = 0;
    std::uint64_t vouched = 0;
    std::string error;
    bool operator==(const PoolMemberState &) const = default;
};

/// What a pool's clients say of their leases.
struct PoolLeases {
    facts::LeaseCounts counts;               ///< since the invalidator started
    facts::HerdCounts herds;
    std::map<std::string, double> perSecond; ///< over the last 10 s, by the counters' and herds' names; empty when none was heard
    std::optional<base::milliseconds> heardAge;
    bool operator==(const PoolLeases &) const = default;
};

/// What its own sample of cached items, each compared with its row, found.
struct SampledStaleness {
    base::milliseconds age{0};
    std::uint64_t compared = 0;
    std::uint64_t stale = 0;
    std::uint64_t late = 0;
    std::uint64_t orphans = 0;
    std::uint64_t unread = 0;
    std::optional<base::microseconds> oldest;
    std::vector<std::string> staleKeys;
    std::string error;
    bool operator==(const SampledStaleness &) const = default;
};

/// One answer of an invalidator, read.
struct InvalidatorAnswer {
    base::RegionName region;
    bool isReady = false;                  ///< every outbox was read once since it started: members are vouched for
    std::optional<base::seconds> staleFor; ///< keys are marked stale for so long instead of deleted
    double upSeconds = 0;
    std::map<base::ClusterName, FollowedOutbox> clusters;
    std::map<base::ServerId, PoolMemberState> members;
    std::map<base::PoolName, PoolLeases> leases;
    std::optional<SampledStaleness> staleness; ///< of all its pools; nothing: it measured none yet, or never does
    std::map<base::PoolName, SampledStaleness> poolStaleness; ///< of each pool that was sampled
    std::uint64_t datagrams = 0;
    std::uint64_t unreadLines = 0;
    std::string stateError; ///< why its own folder cannot be written
    bool operator==(const InvalidatorAnswer &) const = default;
};

inline constexpr std::string_view invalidatorQuestion = "{\"ask\":\"report\"}\n";

/// Reads one line that an invalidator answered. Errors: Protocol when it is not a report. Unknown keys are passed over. Any thread.
[[nodiscard]] base::Result<InvalidatorAnswer> parseInvalidatorAnswer(std::string_view line);

/// Fills what a snapshot carries of it, with times by our clock, on which it was answered now. `report.reach`, `report.region`, and each
/// cluster's rate and usual lag are the caller's.
void fill(facts::InvalidatorReport &report, const InvalidatorAnswer &answer, const base::Clock &clock);

/// Asks and waits, at most `timeout`.
[[nodiscard]] base::Result<InvalidatorAnswer> askInvalidator(const fleet::Endpoint &endpoint, base::milliseconds timeout);

} // namespace shardlens::clients
