// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/facts/Reach.h"

#include <cstdint>
#include <string>
#include <vector>

namespace shardlens::facts {

/// A database of a pgbouncer: SHOW DATABASES joined with SHOW POOLS and SHOW STATS_TOTALS, summed over users.
struct RouterDatabase {
    std::string name;
    std::string host; ///< where it dials
    std::int32_t port = 0;
    std::string targetDatabase;
    std::string poolMode; ///< transaction, session, statement
    bool paused = false;
    bool disabled = false;
    std::int32_t clientsActive = 0;
    std::int32_t clientsWaiting = 0;
    microseconds longestWait{0}; ///< maxwait, maxwait_us
    std::int32_t serversActive = 0;
    std::int32_t serversIdle = 0;
    std::int32_t serversLogin = 0;
    std::int64_t transactions = 0; ///< since start
    std::int64_t queries = 0;
    std::int64_t waitMicroseconds = 0;

    bool operator==(const RouterDatabase &) const = default;
};

/// All that one poll of a pgbouncer told.
struct RouterSample {
    std::string version;
    std::vector<RouterDatabase> databases; ///< without the admin console's own, by name
    Known<microseconds> serverLoginRetry = notAsked<microseconds>();
    Known<std::string> poolMode = notAsked<std::string>();
    Known<std::int32_t> maxClientConnections = notAsked<std::int32_t>();

    bool operator==(const RouterSample &) const = default;
};

struct RouterRates {
    struct Database {
        std::string name;
        Known<double> transactionsPerSecond = notAsked<double>();
        Known<double> queriesPerSecond = notAsked<double>();
        bool operator==(const Database &) const = default;
    };
    std::vector<Database> databases; ///< same order as the sample's
    bool operator==(const RouterRates &) const = default;
};

} // namespace shardlens::facts
