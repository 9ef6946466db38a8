// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/loop/EventLoop.h"
#include "core/facts/Assemble.h"
#include "core/observe/Board.h"
#include "core/observe/Dialling.h"
#include "core/observe/Lane.h"
#include "core/observe/ManagerReader.h"
#include "core/observe/Passwords.h"
#include "core/observe/SentinelReader.h"
#include "core/observe/ServingProbes.h"
#include "core/observe/ShardMapReader.h"

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

namespace shardlens::observe {

/// What an Engine is made of, without Qt: the loops that ask, the tick's loop that merges, and the snapshots not yet
/// delivered. Methods not said otherwise: any thread.
class EngineParts
{
public:
    EngineParts(std::shared_ptr<const fleet::Fleet> fleet, base::RegionName from, int loops, bool readsShardMap, bool hurries,
                std::optional<base::milliseconds> seldom, std::shared_ptr<const base::Clock> clock);
    ~EngineParts();

    void setTaken(std::function<void()> taken); ///< before start(); called in the tick's thread
    void start();
    void stop();

    [[nodiscard]] facts::SnapshotPtr latest() const;
    [[nodiscard]] std::vector<facts::SnapshotPtr> takeUndelivered();
    [[nodiscard]] Passwords &passwords() { return *m_passwords; }
    void readAgainNow(bool servers);
    void setShared(facts::SharedPtr shared);
    void restoreEvents(facts::EventListPtr kept);
    void restoreUsualLatency(const base::ServerId &server, base::microseconds latency);

private:
    struct AskingLoop {
        std::shared_ptr<clients::EventLoop> loop;
        std::vector<std::unique_ptr<Lane>> lanes;
    };

    void makeLanes();
    void makeGuardLane(std::size_t index, AskingLoop &asking);
    void makeInvalidatorLane(std::size_t index, AskingLoop &asking);
    static void askLanes(AskingLoop &asking, std::uint64_t round, std::size_t from);
    void beginRound();
    void noticeStall();
    void scheduleRound();
    void lookEarly();
    void settled(std::uint64_t round);
    void takeSnapshot();
    void takeIfChanged();
    void publish(facts::SnapshotPtr snapshot);
    void tellProbes(const facts::Snapshot &snapshot);
    [[nodiscard]] facts::TickInput inputNow(Board::Servers servers);

    std::shared_ptr<const fleet::Fleet> m_fleet;
    std::shared_ptr<const base::Clock> m_clock;
    std::shared_ptr<Passwords> m_passwords;
    std::shared_ptr<const Dialling> m_dialling;
    Board m_board;
    std::function<void()> m_taken;
    std::vector<AskingLoop> m_asking;
    std::shared_ptr<clients::EventLoop> m_tickLoop;
    bool m_running = false;
    bool m_readsShardMap = true;
    bool m_hurries = false; ///< until the second round

    // The tick's thread, and before start() the maker's.
    facts::Memory m_memory;
    std::unique_ptr<ShardMapReader> m_mapReader;
    std::unique_ptr<ServingProbes> m_probes;
    std::map<base::ServerId, std::int32_t> m_routersTake; ///< client connections, as the probes know it
    std::unique_ptr<ManagerReader> m_managers;
    std::unique_ptr<SentinelReader> m_sentinels;
    std::optional<base::Instant> m_lookedAt;   ///< when the last round began
    base::UtcTime m_lookedUtc;
    std::optional<facts::Stall> m_stall;       ///< to be told with the next snapshot
    std::shared_ptr<const facts::ShardMap> m_shardMap;
    facts::SharedPtr m_shared;
    base::Instant m_since;
    base::UtcTime m_sinceUtc;
    std::uint64_t m_tick = 0;
    bool m_roundTaken = false;
    clients::EventLoop::TimerId m_graceTimer = 0;
    clients::EventLoop::TimerId m_roundTimer = 0;
    clients::EventLoop::TimerId m_probeTimer = 0;

    std::atomic<std::uint64_t> m_round{0};
    std::atomic<std::int64_t> m_unsettled{0};
    mutable std::mutex m_mutex;
    facts::SnapshotPtr m_latest;
    std::vector<facts::SnapshotPtr> m_undelivered;
};

} // namespace shardlens::observe
