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

/// Tries a plain INSERT on each member of a cluster, as the application, past the routers: every 10 ms on a session that stays open, and
/// every 50 ms on one made anew. A member on which one commits is writable at that instant.
class Writability
{
public:
    Writability(const localfleet::Ground &ground, std::string cluster);
    ~Writability();
    Writability(const Writability &) = delete;
    Writability &operator=(const Writability &) = delete;

    [[nodiscard]] std::string begin(); ///< makes its table on the primary; an error or nothing
    void stop();

    /// Members in the order in which their rows were committed, each named once as long as no other came between: "u1-us-east
    /// u1-us-west" is one move, and a name that comes back without a move back is two writable primaries.
    [[nodiscard]] std::string sequence() const;
    [[nodiscard]] std::size_t commits() const;
    /// The longest time between two commits that were begun after `since`, wherever they were made.
    [[nodiscard]] base::microseconds longestGap(base::Instant since) const;

private:
    struct Commit {
        base::Instant at; ///< when its transaction was begun: it was writable then or later
        std::string server;
    };
    void sample(const localfleet::Instance &member, bool isOpen);

    const localfleet::Ground &m_ground;
    std::string m_cluster;
    std::vector<std::thread> m_threads;
    std::atomic<bool> m_stop{false};
    mutable std::mutex m_mutex;
    std::vector<Commit> m_commits;
};

} // namespace shardlens::live
