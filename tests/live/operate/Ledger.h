// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "core/base/Clock.h"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::live {

/// Writes a numbered row every so often through a region's router, as the application, and remembers which were acknowledged and when.
class Ledger
{
public:
    Ledger(const localfleet::Ground &ground, std::string cluster, std::string region, base::milliseconds every);
    ~Ledger();
    Ledger(const Ledger &) = delete;
    Ledger &operator=(const Ledger &) = delete;

    /// The table, on the cluster's primary; an error or nothing.
    [[nodiscard]] std::string prepare();
    void start();
    void stop();

    struct Tale {
        std::vector<std::int64_t> acknowledged;
        int failed = 0;                        ///< transactions that ended in an error
        std::string firstError;
        base::microseconds longestGap{0};      ///< between two acknowledged commits
        std::vector<base::Instant> at;         ///< of each acknowledged one
    };
    [[nodiscard]] Tale tale() const;
    [[nodiscard]] std::size_t count() const;
    /// Acknowledged rows that a server does not have; an error as its text.
    [[nodiscard]] std::string missingOn(const std::string &server) const;

private:
    void write();

    const localfleet::Ground &m_ground;
    std::string m_cluster;
    std::string m_region;
    base::milliseconds m_every;
    std::thread m_thread;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    Tale m_tale;
    std::int64_t m_next = 0;
};

} // namespace shardlens::live
