// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "core/base/Clock.h"
#include "core/base/Result.h"

#include <atomic>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::live {

/// Applications, one or more, that each write a numbered row every so often through a region's router; it remembers which were acknowledged
/// and when.
class Ledger
{
public:
    Ledger(const localfleet::Ground &ground, std::string cluster, std::string region, base::milliseconds every, int writers = 1);
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
    /// The longest time in which none was acknowledged, from the `from`th on.
    [[nodiscard]] double longestGapMs(std::size_t from) const;
    /// The places in the tale of those acknowledged rows that a server does not have.
    [[nodiscard]] base::Result<std::vector<std::size_t>> lostOn(const std::string &server) const;
    /// How many these are; an error as its text.
    [[nodiscard]] std::string missingOn(const std::string &server) const;

private:
    void write(base::microseconds after);

    const localfleet::Ground &m_ground;
    std::string m_cluster;
    std::string m_region;
    base::milliseconds m_every;
    int m_writers;
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    Tale m_tale;
    std::atomic<std::int64_t> m_next{0};
};

} // namespace shardlens::live
