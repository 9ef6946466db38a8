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

/// Tries a plain SET on each member of a Redis group every 10 ms, past the stable addresses: on a session that stays open, and on one made
/// anew each time. A member that acknowledges one is writable at that instant.
class RedisWritability
{
public:
    RedisWritability(const localfleet::Ground &ground, std::string group);
    ~RedisWritability();
    RedisWritability(const RedisWritability &) = delete;
    RedisWritability &operator=(const RedisWritability &) = delete;

    void begin();
    void stop();

    /// Members in the order in which they took writes, "feeds-us-east feeds-us-west" is one move. A member's turn is over once another
    /// acknowledged a write that was begun after all of its own had been acknowledged. A name that comes back is a move back; two names
    /// that come back in turn took writes at the same time.
    [[nodiscard]] std::string sequence() const;
    [[nodiscard]] std::size_t writes() const;

private:
    struct Write {
        base::Instant begun;
        base::Instant ended;
        std::string server;
    };
    void sample(const localfleet::Instance &member, bool isOpen);

    const localfleet::Ground &m_ground;
    std::string m_group;
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    std::vector<Write> m_writes;
};

} // namespace shardlens::live
