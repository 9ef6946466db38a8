// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/localfleet/relay/Passage.h"
#include "app/localfleet/relay/RelayPlan.h"
#include "core/base/Result.h"

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

namespace shardlens::localfleet
{

/// The long cables of a local fleet: every connection between two regions goes through this one process, which delays it, limits it
/// and cuts it. One thread, one epoll; runs until stop().
///
/// It is told what to do by lines on a unix socket, one request a connection, answered by "ok" or "error WHY" and then lines:
///     status                          the plan as it is, and `open NAME COUNT` for each listener with connections
///     link FROM TO LATENCY_US BYTES_PER_S none|reset|blackhole
///     point LISTENER SERVER           a stable address leads elsewhere; connections through it are reset
class Relay
{
public:
    /// Listens on everything in the plan. `stateFile` is rewritten whenever the plan changes.
    [[nodiscard]] static base::Result<std::unique_ptr<Relay>> open(RelayPlan plan, const std::filesystem::path &controlSocket,
                                                                   const std::filesystem::path &stateFile);
    ~Relay();
    Relay(const Relay &) = delete;
    Relay &operator=(const Relay &) = delete;

    void run();
    void stop(); ///< from any thread, or a signal's handler

private:
    Relay() = default;
    using PassageId = std::uint64_t;
    struct Running {
        std::unique_ptr<Passage> passage;
        std::size_t listener = 0;
        base::Instant due{};
        bool hasDue = false;
    };
    [[nodiscard]] base::Result<void> listenToAll(const std::filesystem::path &controlSocket);
    [[nodiscard]] LinkState &link(const std::string &from, const std::string &to);
    void watch(int fd, std::uint64_t tag, std::uint32_t events);
    void handle(std::uint64_t tag, std::uint32_t events);
    void accept(std::size_t listener);
    void handlePassage(PassageId id, int side, std::uint32_t events);
    void settle(PassageId id); ///< after anything moved: timers, epoll, or the end
    void serveControl();
    [[nodiscard]] std::string answer(const std::string &request);
    [[nodiscard]] std::string status() const;
    [[nodiscard]] base::Result<void> changeLink(const RelayPlan::Way &way, const Link &link);
    [[nodiscard]] base::Result<void> point(const std::string &listener, const std::string &target);
    [[nodiscard]] base::Result<void> keep() const;

    RelayPlan m_plan;
    std::filesystem::path m_stateFile;
    std::map<RelayPlan::Way, std::unique_ptr<LinkState>> m_links;
    LinkState m_withinRegion;
    Fd m_epoll;
    Fd m_wake;
    Fd m_control;
    std::vector<Fd> m_listeners;
    std::unordered_map<PassageId, Running> m_passages;
    std::set<std::pair<base::Instant, PassageId>> m_timers;
    PassageId m_next = 1;
    std::atomic<bool> m_stopped{false};
};

/// Asks a running relay; the answer's lines after "ok".
[[nodiscard]] base::Result<std::string> askRelay(const std::filesystem::path &controlSocket, const std::string &request);

} // namespace shardlens::localfleet
