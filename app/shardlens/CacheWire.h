// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clients/wire/Wait.h"
#include "core/desk/Desk.h"
#include "core/fleet/Fleet.h"
#include "ui/pages/cache/CacheBoard.h"

#include <QObject>

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <thread>

namespace shardlens::app {

/// Between the board where hot keys, staleness and single keys are asked for, and what asks the servers: in threads of its own, one watch,
/// one measuring, one warm-up and one errand about a key at a time. GUI thread, which waits for no server.
class CacheWire : public QObject
{
    Q_OBJECT

public:
    /// `options`: as whom a delete is recorded.
    CacheWire(std::shared_ptr<const fleet::Fleet> fleet, ui::pages::CacheBoard &board, desk::DeskOptions options, QObject *parent = nullptr);
    ~CacheWire() override; ///< ends what is under way, and waits for its threads: at most for one region's measuring, one delete, or a batch of a warm-up

private:
    void watch(const base::RegionName &region, base::seconds span, std::uint32_t sampleOneOf);
    void endWatch();
    void measure();
    void measureRegions(); ///< in its own thread
    void look(const std::string &key, bool takesWins);
    void remove(const cacheflow::DeletePlan &plan, const std::string &reason);
    void spread();
    void planWarming(const ui::pages::WarmAsk &ask);
    void warm(const ui::pages::WarmPlanned &planned, const std::string &reason);
    void runWarming(std::function<void(const std::shared_ptr<wire::Interrupt> &stop)> work); ///< in its own thread; the one before is over or is ended
    void run(std::function<void()> errand); ///< in the thread of errands, after those before it
    void runErrands();

    std::shared_ptr<const fleet::Fleet> m_fleet;
    ui::pages::CacheBoard &m_board;
    desk::DeskOptions m_options;
    std::shared_ptr<wire::Interrupt> m_stop;
    std::thread m_thread;
    std::uint64_t m_watch = 0; ///< what an earlier one still tells is not passed on
    std::thread m_measuring;
    std::atomic<bool> m_isMeasuring{false};
    std::atomic<bool> m_ends{false};
    std::shared_ptr<wire::Interrupt> m_stopWarming;
    std::thread m_warming;
    std::atomic<std::uint64_t> m_newestLook{0}; ///< earlier ones that wait are passed over
    std::mutex m_mutex;
    std::condition_variable m_wake;
    std::deque<std::function<void()>> m_errands;
    std::thread m_errandThread;
};

} // namespace shardlens::app
