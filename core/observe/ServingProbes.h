// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/EventLoop.h"
#include "core/facts/ProbeReading.h"
#include "core/observe/Dialling.h"
#include "core/observe/Lane.h"

#include <functional>
#include <memory>
#include <optional>
#include <set>
#include <vector>

namespace shardlens::observe {

/// Tries the ways that applications take: each cluster through routers' read and primary databases, Redis groups through stable
/// addresses, pools by a look-up at every member. Each way has a lane of its own in a thread that polls nothing else, so that a
/// probe that hangs delays nobody. At most 24 connections a router are kept; where there are more databases they take turns.
class ServingProbes
{
public:
    using Publish = std::function<void(facts::ProbeKey key, facts::ProbeReading reading)>; ///< called in the probes' thread

    /// The database users that ask in the primary's and in the readers' databases, the observer where none is named. A router keeps
    /// connections for each user apart: who goes that way already saves one.
    struct Users {
        std::string inPrimaries;
        std::string inReaders;
    };

    /// Probes the ways of `regions`; all of the fleet's where there are none.
    ServingProbes(std::shared_ptr<const fleet::Fleet> fleet, std::shared_ptr<const Dialling> dialling, std::set<base::RegionName> regions,
                  std::shared_ptr<const base::Clock> clock, Publish publish, Users users = {});
    ~ServingProbes();

    void start();
    void stop();
    void ask(); ///< one round; any thread

    static constexpr std::size_t keptAtRouter = 24;

private:
    struct Probe {
        facts::ProbeKey key;
        std::unique_ptr<Lane> lane;
    };
    /// The ways through one router, a few at a time; or everything else.
    struct Turns {
        std::vector<Probe> probes;
        std::size_t atOnce = 0;
        std::size_t next = 0;
    };

    void addRouter(const fleet::Router &router);
    void addOthers();
    void add(Turns &turns, facts::ProbeKey key, std::unique_ptr<clients::PollClient> client, std::shared_ptr<std::optional<bool>> writable, base::microseconds every);
    void askTurns(Turns &turns);
    [[nodiscard]] bool wants(const base::RegionName &region) const { return m_regions.empty() || m_regions.count(region) > 0; }

    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<const Dialling> m_dialling;
    std::set<base::RegionName> m_regions;
    Users m_users;
    std::shared_ptr<const base::Clock> m_clock;
    Publish m_publish;
    std::shared_ptr<clients::EventLoop> m_loop;
    std::vector<Turns> m_turns;
    std::uint64_t m_round = 0;
    std::uint32_t m_seed = 20000;
    bool m_running = false;
};

} // namespace shardlens::observe
