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
/// addresses, pools by a look-up at every member. Each way has a lane and a connection of its own in a thread that polls nothing
/// else, so that a probe that hangs delays nobody. A router has a connection for each of its databases: as many are kept as it has
/// room for, and as the fleet's routers share, and they are opened a few a round, because a login costs a router far more than a
/// question. Where there are more databases than that, they take turns.
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
    /// How many client connections a router takes, as it tells itself: probes use a quarter of them at most. Any thread.
    void routerTakes(const base::ServerId &router, std::int32_t clients);

    static constexpr std::size_t openedAtOnce = 24; ///< a round and router, and kept until the router told how many it takes: by default it takes 100
    static constexpr std::size_t keptInAll = 480;   ///< shared by the routers
    static constexpr std::size_t partOfRouter = 4;  ///< a quarter of its connections; the rest are its applications' and other observers'

private:
    struct Probe {
        facts::ProbeKey key;
        std::unique_ptr<Lane> lane;
    };
    /// The ways through one router, or everything else.
    struct Turns {
        /// Those asked in one round; behind the last way comes the first.
        struct Window {
            std::size_t first = 0;
            std::size_t kept = 0;
        };
        base::ServerId router; ///< empty for everything else
        std::vector<Probe> probes;
        std::size_t most = 0;  ///< connections that may be kept
        Window window;
        std::shared_ptr<base::microseconds> every = std::make_shared<base::microseconds>(0); ///< as ProbeReading has it

        [[nodiscard]] bool isAsked(std::size_t index) const { return (index + probes.size() - window.first) % probes.size() < window.kept; }
    };

    void addRouter(const fleet::Router &router);
    void addOthers();
    void add(Turns &turns, facts::ProbeKey key, std::unique_ptr<clients::PollClient> client, std::shared_ptr<std::optional<bool>> writable);
    void turn(Turns &turns) const;
    void ask(std::uint64_t round, std::size_t turns, std::size_t from);
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
    bool m_stopped = false; ///< the loop's thread
    std::uint32_t m_seed = 20000;
    bool m_running = false;
};

} // namespace shardlens::observe
