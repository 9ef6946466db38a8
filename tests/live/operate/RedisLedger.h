// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/Ground.h"
#include "core/base/Clock.h"

#include <atomic>
#include <cstdint>
#include <mutex>
#include <set>
#include <string>
#include <thread>
#include <vector>

namespace shardlens::live {

/// Applications that write into a Redis group through its stable addresses, several at once, each key once, and keep which were
/// acknowledged. One that fails dials anew and goes on with the next key.
class RedisLedger
{
public:
    /// `writers` applications, spread over the regions, each writing every `every`.
    RedisLedger(const localfleet::Ground &ground, std::string group, int writers, base::microseconds every);
    ~RedisLedger();
    RedisLedger(const RedisLedger &) = delete;
    RedisLedger &operator=(const RedisLedger &) = delete;

    void start();
    void stop();

    struct Tale {
        std::vector<std::int64_t> acknowledged;
        std::vector<base::Instant> at; ///< of each
        int failed = 0;                ///< writes that ended in an error, or whose answer was lost
    };
    [[nodiscard]] Tale tale() const;
    [[nodiscard]] std::size_t count() const;
    /// The longest time in which none was acknowledged, from the `from`th on.
    [[nodiscard]] double longestGapMs(std::size_t from) const;
    /// Acknowledged keys that a server does not have; an error as its text.
    [[nodiscard]] std::string missingOn(const std::string &server) const;

private:
    void write(int writer);

    const localfleet::Ground &m_ground;
    std::string m_group;
    int m_writers;
    base::microseconds m_every;
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_stop{false};
    std::atomic<std::int64_t> m_next{0};
    mutable std::mutex m_mutex;
    Tale m_tale;
};

} // namespace shardlens::live
